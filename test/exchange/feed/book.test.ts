/**
 * Proves, for random orders over several nodes' worth of clients, that a book built from the snapshot and the deltas equals the machine's after every
 * frame, whenever the client joined, on `level2`, `level2_batch` (at the end of a window) and `full`; that sequences have no hole; and that each
 * account's `user` stream adds up to its ledger. Leaves out what the machine itself does right or wrong: it is the measure here.
 * A failure prints the seed and the path, which `fc.assert` takes again.
 */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Command, OrderPlace, Side } from "../../../exchange/machine/commands";
import { type FeedClient, type Json, signature } from "./client";
import { Log, NOW_MS, placed, until, World } from "./world";

const LOT = 1_000_000;
let world: World;
afterEach(() => world.stop());

interface Step {
  readonly account: number;
  readonly side: Side;
  readonly price: number;
  readonly size: number;
  readonly kind: "limit" | "ioc" | "post" | "market" | "cancel" | "cancel-all" | "expire" | "mode";
  readonly stp: OrderPlace["selfTradePrevention"];
  readonly joins: boolean;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    account: fc.integer({ min: 1, max: 3 }),
    side: fc.constantFrom<Side>("buy", "sell"),
    price: fc.integer({ min: 10_995, max: 11_005 }),
    size: fc.integer({ min: 1, max: 9 }),
    kind: fc.constantFrom<Step["kind"]>(
      "limit",
      "limit",
      "limit",
      "limit",
      "ioc",
      "post",
      "market",
      "cancel",
      "cancel-all",
      "expire",
      "mode",
    ),
    stp: fc.constantFrom<OrderPlace["selfTradePrevention"]>("dc", "co", "cn", "cb"),
    joins: fc.boolean(),
  }),
  { minLength: 20, maxLength: 60 },
);

/** A book as a client keeps it: price to size, both as texts. */
type Book = Record<"buy" | "sell", Map<string, string>>;

/** Applies level2 messages as the vendor's page says: absolute sizes, zero removes. */
function applyLevel2(book: Book | undefined, message: Json): Book | undefined {
  if (message["type"] === "snapshot") return { buy: new Map(message["bids"]), sell: new Map(message["asks"]) };
  if (message["type"] !== "l2update" || book === undefined) return book;
  for (const [side, price, size] of message["changes"] as [Side, string, string][]) {
    if (Number(size) === 0) book[side].delete(price);
    else book[side].set(price, size);
  }
  return book;
}

function machineBook(): Book {
  const side = (name: Side) =>
    new Map(
      world.machine
        .levels("BTC-USD", name, 1_000)
        .map(({ price, size }) => [(price / 100).toFixed(2), (size / 1e8).toFixed(8)] as const),
    );
  return { buy: side("buy"), sell: side("sell") };
}

function commandOf(step: Step, at: number): Command {
  const { account, side, price, size, stp } = step;
  const accountId = `sandbox-${String(account)}`;
  const more = { selfTradePrevention: stp, clientOrderId: String(at) };
  switch (step.kind) {
    case "limit":
      return placed(account, side, price, size * LOT, more);
    case "ioc":
      return placed(account, side, price, size * LOT, { ...more, timeInForce: "IOC" });
    case "post":
      return placed(account, side, price, size * LOT, { ...more, postOnly: true });
    case "market":
      return placed(account, side, 0, size * LOT, { ...more, orderType: "market", timeInForce: "IOC" });
    case "expire":
      return placed(account, side, price, size * LOT, { ...more, timeInForce: "GTT", expiresAt: world.nowMs + 5 });
    case "cancel": {
      const order = world.machine.orders(accountId, { statuses: ["open"], limit: 3 }).at(-1);
      return { type: "order-cancel", accountId, orderId: order?.orderId ?? "00000000-0000-4000-8000-000000000000" };
    }
    case "cancel-all":
      return { type: "orders-cancel-all", accountId };
    case "mode":
      return {
        type: "mode-set",
        operator: "ops",
        productId: "BTC-USD",
        mode: price % 3 === 0 ? "post-only" : "full",
        reason: "random",
      };
  }
}

/** What a `user` stream adds up to: lots filled of each order, by its own fills alone. */
function filledOf(messages: readonly Json[]): Map<string, number> {
  const filled = new Map<string, number>();
  for (const { type, ...message } of messages) {
    if (type !== "match") continue;
    const orderId = "maker_fee_rate" in message ? message["maker_order_id"] : message["taker_order_id"];
    filled.set(orderId, (filled.get(orderId) ?? 0) + Math.round(Number(message["size"]) * 1e8));
  }
  return filled;
}

/** Orders on the book by `full`: those opened, less what matched and what is done. */
function level3(messages: readonly Json[]): Record<string, string> {
  const lots = new Map<string, number>();
  for (const message of messages) {
    if (message["type"] === "open") lots.set(message["order_id"], Math.round(Number(message["remaining_size"]) * 1e8));
    const maker = message["maker_order_id"];
    if (message["type"] === "match")
      lots.set(maker, (lots.get(maker) ?? NaN) - Math.round(Number(message["size"]) * 1e8));
    if (message["type"] === "change" && lots.has(message["order_id"]))
      lots.set(message["order_id"], Math.round(Number(message["new_size"]) * 1e8));
    if (message["type"] === "done") lots.delete(message["order_id"]);
  }
  return Object.fromEntries([...lots].map(([id, size]) => [id, String(size)]).sort());
}

function machineLevel3(): Record<string, string> {
  const orders = (["buy", "sell"] as const).flatMap((side) => world.machine.openOrders("BTC-USD", side));
  return Object.fromEntries(
    orders.map(({ orderId, size, filledSize }) => [orderId, String((size ?? 0) - filledSize)]).sort(),
  );
}

describe("books", () => {
  it("equal the machine's after every frame, for clients that joined at any time", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        world = await World.start({ level2BatchIntervalMs: 20, messagesPerSecondMax: 1e6 });
        const full = await world.open();
        await full.subscribe(["full"]);
        const users = await Promise.all(
          [1, 2, 3].map(async (account) => {
            const user = await world.open();
            await user.subscribe(["user"], ["BTC-USD"], signature(`sandbox-${String(account)}`, NOW_MS));
            return user;
          }),
        );
        const joined: { client: FeedClient; book: Book | undefined }[] = [];
        for (const [at, step] of list.entries()) {
          if (step.joins && joined.length < 6) {
            const client = await world.open();
            await client.subscribe(["level2"]);
            joined.push({ client, book: undefined });
          }
          world.nowMs += 1;
          world.apply(
            commandOf(step, at),
            ...(step.size > 6 ? [commandOf({ ...step, kind: "limit", side: "sell" }, -at)] : []),
          );
          const expected = machineBook();
          for (const one of joined) {
            await one.client.settled();
            for (const message of one.client.rest()) one.book = applyLevel2(one.book, message);
            expect(one.book).toEqual(expected);
          }
        }
        await full.settled();
        const told = full.messages.filter((message) => "sequence" in message);
        expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_message, index) => index + 1));
        expect(told.length).toBe(world.machine.product("BTC-USD")!.sequence);
        expect(level3(told)).toEqual(machineLevel3());
        for (const [index, user] of users.entries()) {
          await user.settled();
          const accountId = `sandbox-${String(index + 1)}`;
          const ledger = new Map<string, number>();
          for (const fill of world.machine.fills(accountId, {}, { limit: 10_000 }))
            ledger.set(fill.orderId, (ledger.get(fill.orderId) ?? 0) + fill.size);
          expect(filledOf(user.messages)).toEqual(ledger);
          const last = new Map<string, number>();
          for (const message of user.messages.filter((one) => "sequence" in one)) {
            const ids = [message["order_id"], message["maker_order_id"], message["taker_order_id"]].filter(
              (id) => id !== undefined,
            );
            for (const id of ids) {
              expect(message["sequence"]).toBeGreaterThan(last.get(id) ?? 0);
              last.set(id, message["sequence"]);
            }
          }
        }
        await world.stop();
      }),
      { numRuns: 25 },
    );
  });

  it("of level2_batch equal the machine's at the end of a window", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        world = await World.start({ level2BatchIntervalMs: 5, messagesPerSecondMax: 1e6 });
        const client = await world.open();
        await client.subscribe(["level2_batch"]);
        let late: FeedClient | undefined;
        for (const [at, step] of list.entries()) {
          world.apply(commandOf(step, at));
          // In the middle of a window: its snapshot holds what the window's end tells again.
          if (at === 10) late = await world.open();
          if (at === 12) await late?.subscribe(["level2_batch"]);
          if (at % 7 === 0) await client.settled();
        }
        const bookOf = (one: FeedClient) => one.messages.reduce<Book | undefined>(applyLevel2, undefined);
        for (const one of [client, late!])
          await expect.poll(() => bookOf(one), { timeout: 5_000 }).toEqual(machineBook());
        await world.stop();
      }),
      { numRuns: 10 },
    );
  });

  it("of a client that comes to a node that is behind wait until it is not, and its sequences rise", async () => {
    const log = new Log();
    world = await World.start({}, log);
    const behind = await World.start({}, log);
    try {
      const client = await world.open();
      await client.subscribe(["full"]);
      behind.held = true;
      let release = (_caughtUp: boolean): void => undefined;
      behind.caughtUp = () => new Promise((resolve) => (release = resolve));
      world.order(1, "buy", 200_00, LOT);
      await client.next("open");
      const again = await behind.open();
      again.send({ type: "subscribe", product_ids: ["BTC-USD"], channels: ["full", "level2"] });
      again.send({ type: "unsubscribe", channels: ["full"] });
      again.send({ type: "subscribe", product_ids: ["BTC-USD"], channels: ["full"] });
      await until(() => behind.feed.counts().sockets === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([again.messages, behind.feed.counts().topics]).toEqual([[], 0]);
      behind.held = false;
      behind.catchUp();
      release(true);
      expect((await again.next("snapshot"))["bids"]).toEqual([["200.00", "0.01000000"]]);
      world.order(1, "buy", 199_00, LOT);
      expect((await again.next("received"))["sequence"]).toBe(3);
      expect(
        again.messages.filter(({ type }) => type === "subscriptions").map(({ channels }) => channels.length),
      ).toEqual([2, 1, 2]);
    } finally {
      await behind.stop();
    }
  });

  it("are given, and said to be old, by a node that cannot learn whether it is behind", async () => {
    world = await World.start();
    world.caughtUp = () => Promise.resolve(false);
    const client = await world.open();
    expect(await client.subscribe(["level2"])).toMatchObject({ channels: [{ name: "level2" }], stale: true });
    expect(await client.next("snapshot")).toMatchObject({ bids: [], asks: [] });
  });

  it("leave nothing behind of a client that was gone before its node had caught up", async () => {
    world = await World.start();
    let release = (_caughtUp: boolean): void => undefined;
    world.caughtUp = () => new Promise((resolve) => (release = resolve));
    const client = await world.open();
    client.send({ type: "subscribe", product_ids: ["BTC-USD"], channels: ["full", "level2"] });
    await until(() => world.feed.counts().sockets === 1);
    await client.close();
    await until(() => world.feed.counts().sockets === 0);
    release(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.feed.counts()).toEqual({ sockets: 0, topics: 0, bufferedBytes: 0 });
  });

  it("of a client that joins after a new epoch equal the machine's, and sequences rise", async () => {
    world = await World.start();
    const first = world.order(1, "buy", 200_00, LOT);
    const client = await world.open();
    await client.subscribe(["full", "level2"]);
    world.apply({ type: "epoch-start", operator: "ops", epoch: 2 });
    world.cancel(first);
    world.order(1, "buy", 199_00, LOT);
    await client.settled();
    const sequences = client.rest().flatMap(({ sequence }) => (sequence === undefined ? [] : [sequence]));
    expect(sequences).toEqual([1, 2, 3].map((number) => 2 * 2 ** 40 + number));
    const again = await world.open();
    await again.subscribe(["level2"]);
    expect(applyLevel2(undefined, await again.next("snapshot"))).toEqual(machineBook());
  });
});
