/** The fields of each command of version 1. What a journal holds is foreign until it has passed here. */
import type { Command } from "./commands";
import { TIME_MAX } from "./limits";

type Check = (value: unknown) => boolean;
type Field = readonly [name: string, check: Check, optional?: "optional"];

const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const CLIENT_ID = /^[\x21-\x7e]{1,128}$/;
const AMOUNT = /^(?:0|[1-9][0-9]{0,39})$/;

const identifier: Check = (value) => typeof value === "string" && IDENTIFIER.test(value);
const clientId: Check = (value) => typeof value === "string" && CLIENT_ID.test(value);
const amount: Check = (value) => typeof value === "string" && AMOUNT.test(value);
const truth: Check = (value) => typeof value === "boolean";
const text =
  (lengthMax: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= lengthMax;
const whole =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);

const anyCount = whole(0, Number.MAX_SAFE_INTEGER);
const positive = whole(1, Number.MAX_SAFE_INTEGER);
const time = whole(0, TIME_MAX);
const operator: Field = ["operator", text(200)];
const balanceChange: readonly Field[] = [
  operator,
  ["accountId", identifier],
  ["currency", identifier],
  ["amount", amount],
  ["reference", text(200)],
];

/** Fields by type of command, in the order in which they are written. */
const FIELDS: Readonly<Record<Command["type"], readonly Field[]>> = {
  "currency-create": [operator, ["id", identifier], ["name", text(200)], ["scale", whole(0, 18)]],
  "product-create": [
    operator,
    ["id", identifier],
    ["baseCurrency", identifier],
    ["quoteCurrency", identifier],
    ["priceScale", whole(0, 18)],
    ["sizeScale", whole(0, 18)],
    ["minMarketFunds", amount],
    ["makerFeeBasisPoints", whole(0, 10_000)],
    ["takerFeeBasisPoints", whole(0, 10_000)],
  ],
  "mode-set": [
    operator,
    ["productId", identifier],
    ["mode", oneOf("full", "limit-only", "post-only", "cancel-only", "read-only", "maintenance")],
    ["reason", text(500)],
  ],
  "account-create": [operator, ["accountId", identifier]],
  "key-issue": [operator, ["keyId", identifier], ["accountId", identifier], ["canTrade", truth]],
  "key-revoke": [operator, ["keyId", identifier]],
  credit: balanceChange,
  debit: balanceChange,
  "order-place": [
    ["orderId", identifier],
    ["accountId", identifier],
    ["productId", identifier],
    ["clientOrderId", clientId, "optional"],
    ["side", oneOf("buy", "sell")],
    ["orderType", oneOf("limit", "market")],
    ["price", positive, "optional"],
    ["size", positive, "optional"],
    ["funds", amount, "optional"],
    ["timeInForce", oneOf("GTC", "GTT", "IOC", "FOK")],
    ["expiresAt", time, "optional"],
    ["postOnly", truth],
    ["selfTradePrevention", oneOf("dc", "co", "cn", "cb")],
  ],
  "order-cancel": [
    ["accountId", identifier],
    ["orderId", text(128), "optional"],
    ["clientOrderId", text(128), "optional"],
    ["productId", text(64), "optional"],
    ["operator", text(200), "optional"],
  ],
  "orders-cancel-all": [
    ["accountId", identifier],
    ["productId", text(64), "optional"],
    ["operator", text(200), "optional"],
  ],
  "cancel-after": [
    ["accountId", identifier],
    ["timeoutMs", anyCount],
  ],
  tick: [],
  "epoch-start": [operator, ["epoch", anyCount]],
  checkpoint: [
    ["atSequence", anyCount],
    ["hash", text(200)],
  ],
};

const KNOWN: ReadonlyMap<string, readonly Field[]> = new Map(Object.entries(FIELDS));

/** A command as JSON gave it: its type is text, nothing else is known. */
export interface RawCommand {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Whether a value is an object with a text as `type`. */
export function isRawCommand(value: unknown): value is RawCommand {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Whether this release knows the type and every field. What it does not know it must not guess at. */
export function isKnown(command: RawCommand): boolean {
  const fields = KNOWN.get(command.type);
  if (fields === undefined) return false;
  let known = 1;
  for (const [name] of fields) if (command[name] !== undefined) known += 1;
  return Object.keys(command).length === known;
}

/** Whether every field is there and of its kind. @returns the first field that is not, or `undefined`. */
export function wrongField(command: RawCommand): string | undefined {
  for (const [name, check, optional] of KNOWN.get(command.type) ?? []) {
    const value = command[name];
    if (value === undefined ? optional === undefined : !check(value)) return name;
  }
  return undefined;
}

/** `wrongField`, as the compiler understands it. */
export function isCommand(command: RawCommand): command is RawCommand & Command {
  return wrongField(command) === undefined;
}

/** The command with its known fields alone, in the order of the table: the form in which it is written, and kept in the audit. */
export function inOrder(command: RawCommand): Record<string, unknown> {
  const ordered: Record<string, unknown> = { type: command.type };
  for (const [name] of KNOWN.get(command.type) ?? []) {
    if (command[name] !== undefined) ordered[name] = command[name];
  }
  return ordered;
}
