/** Random commands for two products, three accounts and few prices, so that orders meet; and the entries that they become. */
import fc from "fast-check";
import { encodeFrame } from "../../../exchange/machine/frame";
import type { Command, OrderPlace } from "../../../exchange/machine/commands";
import type { Applied } from "../../../exchange/machine/events";
import type { Machine } from "../../../exchange/machine/machine";

/** Milliseconds of the epoch at which every log starts. */
export const START = 1_700_000_000_000;
export const ACCOUNTS = ["ann", "bob", "cy"];
export const PRODUCTS = ["BTC-USD", "ETH-BTC"];
export const CURRENCIES = ["BTC", "ETH", "USD"];

const operator = "op";

/** Two products whose scales and fees differ; one makes its maker pay more than its taker. */
export const SETUP: Command[] = [
  { type: "currency-create", operator, id: "USD", name: "US Dollar", scale: 6 },
  { type: "currency-create", operator, id: "BTC", name: "Bitcoin", scale: 5 },
  { type: "currency-create", operator, id: "ETH", name: "Ether", scale: 3 },
  {
    ...{ type: "product-create", operator, id: "BTC-USD", baseCurrency: "BTC", quoteCurrency: "USD", priceScale: 2 },
    ...{ sizeScale: 4, minMarketFunds: "150", makerFeeBasisPoints: 7, takerFeeBasisPoints: 33 },
  },
  {
    ...{ type: "product-create", operator, id: "ETH-BTC", baseCurrency: "ETH", quoteCurrency: "BTC", priceScale: 2 },
    ...{ sizeScale: 2, minMarketFunds: "0", makerFeeBasisPoints: 50, takerFeeBasisPoints: 20 },
  },
  ...ACCOUNTS.map((accountId): Command => ({ type: "account-create", operator, accountId })),
  ...ACCOUNTS.flatMap((accountId) =>
    CURRENCIES.map((currency): Command => {
      const amount = currency === "ETH" ? "1500" : "20000";
      return { type: "credit", operator, accountId, currency, amount, reference: `first-${currency}` };
    }),
  ),
];

/** A step: milliseconds that pass before the command. */
export interface Step {
  dt: number;
  command: Command;
}

export const orderId = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;

const account = fc.constantFrom(...ACCOUNTS);
const product = fc.constantFrom(...PRODUCTS);

const order: fc.Arbitrary<OrderPlace> = fc
  .record({
    accountId: account,
    productId: product,
    side: fc.constantFrom("buy" as const, "sell" as const),
    kind: fc.constantFrom(
      "limit",
      "limit",
      "limit",
      "limit",
      "limit",
      "limit",
      "limit",
      "limit",
      "size",
      "funds",
      "both",
    ),
    price: fc.integer({ min: 95, max: 105 }),
    size: fc.integer({ min: 1, max: 20 }),
    funds: fc.integer({ min: 1, max: 5000 }),
    tif: fc.constantFrom(
      "GTC" as const,
      "GTC" as const,
      "GTC" as const,
      "GTC" as const,
      "GTT" as const,
      "IOC" as const,
      "FOK" as const,
    ),
    lifeMs: fc.integer({ min: -10, max: 3000 }),
    post: fc.integer({ min: 0, max: 4 }),
    selfTradePrevention: fc.constantFrom("dc" as const, "co" as const, "cn" as const, "cb" as const),
    client: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 2 }),
  })
  .map(({ accountId, productId, side, kind, price, size, funds, tif, lifeMs, post, selfTradePrevention, client }) => {
    const common = { type: "order-place" as const, orderId: "", accountId, productId, side, selfTradePrevention };
    const named = client === undefined ? common : { ...common, clientOrderId: `c-${client}` };
    if (kind === "limit") {
      const postOnly = post === 0 && (tif === "GTC" || tif === "GTT");
      const limit = { ...named, orderType: "limit" as const, price, size, timeInForce: tif, postOnly };
      return tif === "GTT" ? { ...limit, expiresAt: lifeMs } : limit;
    }
    const market = { ...named, orderType: "market" as const, postOnly: false };
    if (kind === "size") return { ...market, size, timeInForce: tif === "FOK" ? "FOK" : "IOC" };
    const byFunds = { ...market, funds: String(funds), timeInForce: "IOC" as const };
    return kind === "funds" ? byFunds : { ...byFunds, size };
  });

const other: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("order-cancel" as const),
      accountId: account,
      orderId: fc.integer({ min: 0, max: 60 }).map(orderId),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("order-cancel" as const),
      accountId: account,
      clientOrderId: fc.integer({ min: 0, max: 30 }).map((id) => `c-${id}`),
      productId: product,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { type: fc.constant("orders-cancel-all" as const), accountId: account, productId: product },
      { requiredKeys: ["type", "accountId"] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("cancel-after" as const),
      accountId: account,
      timeoutMs: fc.constantFrom(0, 1000, 4000, 20_000, 60_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("mode-set" as const),
      operator: fc.constant(operator),
      productId: product,
      reason: fc.constant("drill"),
      mode: fc.constantFrom(
        ...(["full", "full", "full", "limit-only", "post-only", "cancel-only", "read-only", "maintenance"] as const),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom("credit" as const, "debit" as const),
      operator: fc.constant(operator),
      accountId: account,
      currency: fc.constantFrom(...CURRENCIES),
      amount: fc.integer({ min: 1, max: 3000 }).map(String),
      reference: fc.integer({ min: 0, max: 40 }).map((id) => `r-${id}`),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Command>({ type: "tick" }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("epoch-start" as const),
      operator: fc.constant(operator),
      epoch: fc.integer({ min: 0, max: 5 }),
    }),
  },
);

const passing = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2500 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5000, max: 9000 }) },
);

/** Lists of steps; order ids are numbered, expiries become times. */
export const steps = (lengthMax: number): fc.Arbitrary<Step[]> =>
  fc
    .array(fc.tuple(passing, fc.oneof({ weight: 3, arbitrary: order }, { weight: 1, arbitrary: other })), {
      minLength: 20,
      maxLength: lengthMax,
      size: "max",
    })
    .map((list) => {
      let now = START;
      let orders = 0;
      return list.map(([dt, command]): Step => {
        now += dt;
        if (command.type !== "order-place") return { dt, command };
        const placed = { ...command, orderId: orderId(orders) };
        orders += 1;
        return {
          dt,
          command: placed.expiresAt === undefined ? placed : { ...placed, expiresAt: now + placed.expiresAt },
        };
      });
    });

/** One entry of a log. */
interface Entry {
  sequence: number;
  payload: Uint8Array;
}

/** The log of a list of steps: the set-up, then one frame for each step. */
export function logOf(list: readonly Step[]): Entry[] {
  let at = START;
  const frame = (sequence: number, commands: Command[]): Entry => ({
    sequence,
    payload: encodeFrame({ v: 1, id: `frame-${sequence}`, node: "node-a", at, commands }),
  });
  const log = [frame(1, SETUP)];
  for (const { dt, command } of list) {
    at += dt;
    log.push(frame(log.length + 1, [command]));
  }
  return log;
}

/** Applies entries one after another. */
export function applyAll(machine: Machine, log: readonly Entry[]): Applied[] {
  return log.map(({ sequence, payload }) => machine.apply(sequence, payload));
}

/** Runs and seed of a random test: `EXCHANGE_RUNS` and `EXCHANGE_SEED` where they are set. The seed is printed, and fast-check prints the path to a failure. */
export function randomly(runs: number): { numRuns: number; seed: number; interruptAfterTimeLimit: number } {
  const seed = Number(process.env["EXCHANGE_SEED"] ?? 20_251_020);
  const numRuns = Number(process.env["EXCHANGE_RUNS"] ?? runs);
  console.log(`EXCHANGE_SEED=${seed} EXCHANGE_RUNS=${numRuns}`);
  // Making a failure smaller may take very long: what was found by then is good enough.
  return { numRuns, seed, interruptAfterTimeLimit: 240_000 };
}
