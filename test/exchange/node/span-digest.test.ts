/** Proves that nodes which did the same with the same entries have the same digest, and that any difference in what one did shows. Not: that a state which says nothing wrong for a whole span is right. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Applied, MachineEvent, OrderView, Outcome } from "../../../exchange/machine/events";
import { Machine } from "../../../exchange/machine/machine";
import { CHECKPOINT_EVERY, SpanDigest } from "../../../exchange/node/span-digest";

const golden = readFileSync(join(__dirname, "../machine/golden-v1.jsonl"), "utf8").trimEnd().split("\n");

/** Every entry of the golden log, applied; half way it may go on from a snapshot. */
function run(restart: boolean): { machine: Machine; applied: Applied[]; told: (string | undefined)[] } {
  let machine = Machine.empty();
  let digest = new SpanDigest(machine, 10);
  const applied: Applied[] = [];
  const told = golden.map((line, index) => {
    if (restart && index === 25) {
      machine = Machine.restore(machine.snapshot());
      digest = new SpanDigest(machine, 10);
    }
    const one = machine.apply(index + 1, new TextEncoder().encode(line));
    applied.push(one);
    return digest.add(one);
  });
  return { machine, applied, told };
}

describe("the digest of a span", () => {
  it("comes at the last entry of each, and is the same on every release and after a restart, but for the span that it cut", () => {
    const live = run(false).told;
    const ends = live.flatMap((hash, index) => (hash === undefined ? [] : [index + 1]));
    expect(ends).toEqual(Array.from({ length: Math.floor(golden.length / 10) }, (_, number) => 10 * (number + 1)));
    expect(new Set(live).size).toBe(ends.length + 1);
    const restarted = run(true).told;
    expect(restarted.slice(0, 25)).toEqual(live.slice(0, 25));
    expect([live[29] === undefined, restarted[29]]).toEqual([false, undefined]);
    expect(restarted.slice(30)).toEqual(live.slice(30));
    // Where this changes, `VERSION` in span-digest.ts must.
    expect(live[ends.length * 10 - 1]).toBe("1:c6f757d5118f9acd1db535813393c010c9b83f08233c027bcfe708f9f71e80c1");
    expect(CHECKPOINT_EVERY).toBe(1_000);
  });

  it("is none for a span with a gap, and comes again after it", () => {
    const { machine, applied, told } = run(false);
    const digest = new SpanDigest(machine, 10);
    const gapped = applied.filter(({ sequence }) => sequence !== 14).map((one) => digest.add(one) !== undefined);
    expect(gapped.slice(0, 29)).toEqual(Array.from({ length: 29 }, (_, index) => index === 9 || index === 28));
    expect(told[19]).toMatch(/^1:[\da-f]{64}$/);
  });
});

describe("a difference", () => {
  const order: OrderView = {
    orderId: "o1",
    clientOrderId: "c1",
    accountId: "ann",
    productId: "BTC-USD",
    side: "buy",
    orderType: "limit",
    price: 1,
    size: 2,
    funds: 3n,
    timeInForce: "GTC",
    expiresAt: 4,
    postOnly: false,
    selfTradePrevention: "dc",
    createdAt: 5,
    status: "open",
    doneAt: 6,
    doneReason: "filled",
    rejectReason: "r",
    filledSize: 7,
    executedValue: 8n,
    fillFees: 9n,
  };
  const book = { productId: "BTC-USD", sequence: 1, at: 2 };
  const events: MachineEvent[] = [
    { ...book, type: "received", order },
    { ...book, type: "open", order, remainingSize: 3 },
    {
      ...book,
      type: "match",
      tradeId: 4,
      side: "sell",
      price: 5,
      size: 6,
      maker: order,
      taker: order,
      makerFee: 7n,
      takerFee: 8n,
    },
    { ...book, type: "change", order, oldSize: 9, newSize: 8 },
    { ...book, type: "done", order, reason: "filled", remainingSize: 0 },
    { ...book, type: "mode", mode: "full", reason: "r" },
    { type: "product", productId: "BTC-USD", at: 1 },
    { type: "checkpoint", node: "n", atSequence: 10, hash: "h", at: 1 },
    { type: "cancel-after", accountId: "ann", at: 1, state: "armed" },
  ];
  const outcomes: Outcome[] = [
    { ok: true, kind: "order", order, duplicate: false },
    { ok: true, kind: "cancelled", orderIds: ["o1", "o2"] },
    { ok: true, kind: "done", duplicate: false },
    { ok: false, code: "limit", message: "m" },
  ];
  const balances = [{ currency: "USD", balance: 10n, hold: 1n, available: 9n }];
  const fees: [string, bigint][] = [["USD", 5n]];
  const first = { sequence: 1, frameId: "f", duplicate: false, outcomes, events, node: "n", at: 3 };
  const span: Applied[] = [first, ...Array.from({ length: 9 }, (_, index) => ({ ...first, sequence: index + 2 }))];
  const whole = { span: span.slice(0, 1), balances, fees };

  function digestOf(what: typeof whole): string | undefined {
    const machine = { balances: () => [...what.balances], feeBalances: () => new Map(what.fees) };
    const digest = new SpanDigest(machine, 10);
    return [...what.span, ...span.slice(1)].map((one) => digest.add(one)).at(-1);
  }

  /** A copy for each number and text in it, with that one changed; by its path. */
  function changes<T>(part: T, path = ""): [string, T][] {
    const changed = (other: unknown): [string, T][] => [[path, other as T]];
    if (typeof part === "bigint") return changed(part + 1n);
    if (typeof part === "number") return changed(part + 1);
    if (typeof part === "string") return changed(`${part}x`);
    if (typeof part === "boolean") return changed(!part);
    if (Array.isArray(part)) {
      return part.flatMap((item: unknown, at) =>
        changes(item, `${path}/${String(at)}`).map(([where, other]): [string, T] => [
          where,
          part.map((old: unknown, index) => (index === at ? other : old)) as T,
        ]),
      );
    }
    return Object.entries(part as object).flatMap(([key, item]: [string, unknown]) =>
      changes(item, `${path}/${key}`).map(([where, other]): [string, T] => [where, { ...part, [key]: other }]),
    );
  }

  it("in anything that moves money or the book shows; in words and in what repeats itself it does not", () => {
    const own = digestOf(whole);
    expect(digestOf({ ...whole })).toBe(own);
    const all = changes(whole).filter(([path]) => !/\/(?:type|kind|ok)$/.test(path));
    const seen: string[] = [];
    const unseen: string[] = [];
    for (const [path, other] of all) (digestOf(other) === own ? unseen : seen).push(path.replace("/span/0/", ""));
    const ofOrders = /\/(?:order|maker|taker)\//;
    expect(unseen.filter((path) => !ofOrders.test(path))).toEqual([
      ...["outcomes/3/message", "events/5/reason", "events/7/node", "events/7/hash", "node", "at"],
      "/balances/0/available",
    ]);
    const standing = ["orderId", "status", "filledSize", "executedValue", "fillFees"];
    expect(seen.filter((path) => ofOrders.test(path)).sort()).toEqual(
      [
        ...standing.map((field) => `outcomes/0/order/${field}`),
        ...["orderId", "accountId", "side", "price", "size", "funds"].map((field) => `events/0/order/${field}`),
        ...["events/1/order/orderId", "events/2/maker/orderId", "events/2/taker/orderId", "events/3/order/orderId"],
        ...standing.map((field) => `events/4/order/${field}`),
        // The account that was touched last.
      ].sort(),
    );
  });
});
