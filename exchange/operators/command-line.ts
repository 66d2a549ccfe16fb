/** The operators' command line: words to a request. Pure. */
import { parseArgs } from "node:util";

/** What is sent. */
export interface OperatorRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** What was asked for: a request to this base URL, or the help. */
export type Asked =
  | { readonly kind: "request"; readonly url: string | undefined; readonly request: OperatorRequest }
  | { readonly kind: "help" };

/** The words cannot be understood. The message is for a person. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

interface Verb {
  readonly usage: string;
  readonly help: string;
  readonly make: (words: readonly string[], options: Options) => OperatorRequest;
}

type Options = Readonly<Record<string, string | boolean | undefined>>;

const OPTIONS = {
  url: { type: "string" },
  name: { type: "string" },
  scale: { type: "string" },
  "price-scale": { type: "string" },
  "size-scale": { type: "string" },
  "min-funds": { type: "string" },
  maker: { type: "string" },
  taker: { type: "string" },
  reason: { type: "string" },
  reference: { type: "string" },
  "key-id": { type: "string" },
  "read-only": { type: "boolean" },
  product: { type: "string" },
  order: { type: "string" },
  limit: { type: "string" },
  before: { type: "string" },
  after: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const post = (path: string, body: Record<string, unknown>): OperatorRequest => ({ method: "POST", path, body });
const get = (path: string): OperatorRequest => ({ method: "GET", path, body: undefined });

function word(words: readonly string[], index: number, what: string): string {
  const value = words[index];
  if (value === undefined) throw new UsageError(`${what} is missing`);
  return value;
}

function option(options: Options, name: string): string {
  const value = options[name];
  if (typeof value !== "string") throw new UsageError(`--${name} is missing`);
  return value;
}

/** A whole number as JSON has it; the exchange says what is wrong with anything else. */
const numeric = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text);

function balanceVerb(kind: "credit" | "debit"): Verb {
  return {
    usage: `${kind} ACCOUNT CURRENCY AMOUNT --reference TEXT`,
    help: kind === "credit" ? "put money into an account" : "take free money out of an account",
    make: (words, options) =>
      post("/operator/balances", {
        kind,
        account_id: word(words, 0, "ACCOUNT"),
        currency: word(words, 1, "CURRENCY"),
        amount: word(words, 2, "AMOUNT"),
        reference: option(options, "reference"),
      }),
  };
}

const VERBS: Record<string, Verb> = {
  currency: {
    usage: "currency ID --name TEXT --scale DECIMALS",
    help: "create a currency",
    make: (words, options) =>
      post("/operator/currencies", {
        id: word(words, 0, "ID"),
        name: option(options, "name"),
        scale: numeric(option(options, "scale")),
      }),
  },
  product: {
    usage:
      "product BASE QUOTE --price-scale N --size-scale N --min-funds AMOUNT --maker BASIS-POINTS --taker BASIS-POINTS",
    help: "create a product",
    make: (words, options) =>
      post("/operator/products", {
        base_currency: word(words, 0, "BASE"),
        quote_currency: word(words, 1, "QUOTE"),
        price_scale: numeric(option(options, "price-scale")),
        size_scale: numeric(option(options, "size-scale")),
        min_market_funds: option(options, "min-funds"),
        maker_fee_basis_points: numeric(option(options, "maker")),
        taker_fee_basis_points: numeric(option(options, "taker")),
      }),
  },
  mode: {
    usage: "mode PRODUCT full|limit-only|post-only|cancel-only|read-only|maintenance --reason TEXT",
    help: "set what a book admits; the reason is public",
    make: (words, options) =>
      post("/operator/modes", {
        product_id: word(words, 0, "PRODUCT"),
        mode: word(words, 1, "MODE"),
        reason: option(options, "reason"),
      }),
  },
  account: {
    usage: "account ACCOUNT",
    help: "create an account",
    make: (words) => post("/operator/accounts", { account_id: word(words, 0, "ACCOUNT") }),
  },
  accounts: { usage: "accounts", help: "list accounts", make: () => get("/operator/accounts") },
  show: {
    usage: "show ACCOUNT",
    help: "balances and open orders of an account",
    make: (words) => get(`/operator/accounts/${encodeURIComponent(word(words, 0, "ACCOUNT"))}`),
  },
  key: {
    usage: "key ACCOUNT [--key-id ID] [--read-only]",
    help: "issue a key; prints its secret and passphrase, which are stored nowhere",
    make: (words, options) =>
      post("/operator/keys", {
        account_id: word(words, 0, "ACCOUNT"),
        ...(options["key-id"] === undefined ? {} : { key_id: options["key-id"] }),
        can_trade: options["read-only"] !== true,
      }),
  },
  keys: { usage: "keys", help: "list keys, without secrets", make: () => get("/operator/keys") },
  revoke: {
    usage: "revoke KEY",
    help: "end a key for good",
    make: (words) => ({
      method: "DELETE",
      path: `/operator/keys/${encodeURIComponent(word(words, 0, "KEY"))}`,
      body: undefined,
    }),
  },
  credit: balanceVerb("credit"),
  debit: balanceVerb("debit"),
  cancel: {
    usage: "cancel ACCOUNT [--product PRODUCT] [--order ID]",
    help: "cancel an account's orders",
    make: (words, options) => ({
      method: "DELETE",
      path: "/operator/orders",
      body: {
        account_id: word(words, 0, "ACCOUNT"),
        ...(options["product"] === undefined ? {} : { product_id: options["product"] }),
        ...(options["order"] === undefined ? {} : { order_id: options["order"] }),
      },
    }),
  },
  audit: {
    usage: "audit [--limit N] [--before CURSOR] [--after CURSOR]",
    help: "what operators did, newest first",
    make: (_words, options) => {
      const query = new URLSearchParams();
      for (const name of ["limit", "before", "after"]) {
        const value = options[name];
        if (typeof value === "string") query.set(name, value);
      }
      return get(`/operator/audit${query.size === 0 ? "" : `?${query.toString()}`}`);
    },
  },
  health: { usage: "health", help: "why a node or its region takes no traffic", make: () => get("/operator/health") },
  fees: { usage: "fees", help: "what the exchange itself holds", make: () => get("/operator/fees") },
  epoch: {
    usage: "epoch N",
    help: "start a new epoch, after a journal was made anew",
    make: (words) => post("/operator/epoch", { epoch: numeric(word(words, 0, "N")) }),
  },
};

/** The help. */
export const HELP = [
  "Usage: exchange-operator COMMAND [--url URL]",
  "",
  ...Object.values(VERBS).map(({ usage, help }) => `  ${usage}\n      ${help}`),
  "",
  "EXCHANGE_URL (or --url) is a node, http://127.0.0.1:8080 without; OPERATOR_KEY is name:base64secret as in the node's OPERATOR_KEYS.",
  "Ends with 0 when done, 1 when refused or not healthy, 2 for wrong use, 3 when the node cannot be asked or the outcome is unknown.",
  "",
  'Example: exchange-operator mode BTC-USD cancel-only --reason "one region is lost"',
].join("\n");

/** Reads the words after the program's name. @throws UsageError */
export function readCommand(args: readonly string[]): Asked {
  let parsed: { values: Options; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [name, ...words] = positionals;
  if (values["help"] === true || name === undefined) return { kind: "help" };
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined) throw new UsageError(`there is no command ${JSON.stringify(name)}; --help lists them`);
  const request = verb.make(words, values);
  const taken = verb.usage
    .split(" ")
    .slice(1)
    .findIndex((part) => /^(?:\[|--)/.test(part));
  const most = taken < 0 ? verb.usage.split(" ").length - 1 : taken;
  if (words.length > most) throw new UsageError(`too many words; usage: ${verb.usage}`);
  return { kind: "request", url: typeof values["url"] === "string" ? values["url"] : undefined, request };
}
