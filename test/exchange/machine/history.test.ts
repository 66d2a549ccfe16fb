/** Proves trades, candles, statistics, fills, orders and pages, with exact values; and the ring they are kept in. Does not prove their JSON. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Machine } from "../../../exchange/machine/machine";
import { Ring } from "../../../exchange/machine/ring";
import { randomly } from "./commands";
import { Scene } from "./scene";

const START = 1_700_000_000;

/** Trades `size` at `price`. */
function trade(scene: Scene, price: number, size: number): void {
  scene.limit("bob", "sell", price, size);
  scene.limit("ann", "buy", price, size);
}

test("candles take each trade in, at every granularity", () => {
  const scene = new Scene();
  trade(scene, 100, 2);
  trade(scene, 90, 3);
  trade(scene, 95, 1);
  // 1,700,000,000 is 20 s into a minute: 40 s later another begins.
  scene.at += 39_999;
  trade(scene, 110, 1);
  scene.at += 1;
  trade(scene, 105, 5);
  const minute = START - 20;
  expect(scene.machine.candles("BTC-USD", 60)).toEqual([
    { start: minute + 60, low: 105, high: 105, open: 105, close: 105, volume: 5n },
    { start: minute, low: 90, high: 110, open: 100, close: 110, volume: 7n },
  ]);
  for (const granularity of [300, 900, 3600, 21_600, 86_400]) {
    const start = START - (START % granularity);
    const all = { low: 90, high: 110, open: 100, close: 105, volume: 12n };
    expect(scene.machine.candles("BTC-USD", granularity)).toEqual([{ start, ...all }]);
  }
  expect(scene.machine.candles("BTC-USD", 61)).toEqual([]);
  expect(scene.machine.candles("ETH-USD", 60)).toEqual([]);
});

test("the last 300 candles are kept", () => {
  const scene = new Scene({ minMarketFunds: "0" });
  for (let minute = 0; minute < 301; minute += 1) {
    trade(scene, 1, 1);
    scene.at += 60_000;
  }
  const candles = scene.machine.candles("BTC-USD", 60);
  expect([candles.length, candles[0]!.start, candles.at(-1)!.start]).toEqual([
    300,
    START - 20 + 300 * 60,
    START - 20 + 60,
  ]);
});

test("statistics are of the last 24 hours, to five minutes; the volume of 30 days to six hours", () => {
  const scene = new Scene();
  const none = { open: undefined, high: undefined, low: undefined };
  expect(scene.machine.stats("BTC-USD")).toEqual({ ...none, last: undefined, volume: 0n, volume30Days: 0n });
  expect(scene.machine.stats("ETH-USD")).toEqual({ ...none, last: undefined, volume: 0n, volume30Days: 0n });
  trade(scene, 100, 2);
  scene.at += 3_600_000;
  trade(scene, 120, 3);
  trade(scene, 80, 1);
  const all = { open: 100, high: 120, low: 80, last: 80, volume: 6n, volume30Days: 6n };
  expect(scene.machine.stats("BTC-USD")).toEqual(all);
  // The first trade's five minutes end 100 s after it.
  scene.pass(23 * 3_600_000 + 99_999);
  expect(scene.machine.stats("BTC-USD")).toEqual(all);
  scene.pass(1);
  expect(scene.machine.stats("BTC-USD")).toEqual({ ...all, open: 120, volume: 4n });
  scene.pass(3_600_000);
  expect(scene.machine.stats("BTC-USD")).toEqual({ ...none, last: 80, volume: 0n, volume30Days: 6n });
  scene.pass(30 * 86_400_000);
  expect(scene.machine.stats("BTC-USD")).toEqual({ ...none, last: 80, volume: 0n, volume30Days: 0n });
});

test("pages of trades, fills and the ledger go by cursor, newest first", () => {
  const scene = new Scene();
  for (let index = 0; index < 5; index += 1) trade(scene, 100 + index, 1);
  const trades = (page: object): number[] =>
    scene.machine.trades("BTC-USD", { limit: 2, ...page }).map(({ tradeId }) => tradeId);
  expect(trades({})).toEqual([5, 4]);
  expect(trades({ before: 4 })).toEqual([3, 2]);
  expect(trades({ before: 2 })).toEqual([1]);
  expect(trades({ after: 3, limit: 9 })).toEqual([5, 4]);
  expect(trades({ after: 2, before: 5, limit: 9 })).toEqual([4, 3]);
  expect(trades({ after: 9 })).toEqual([]);
  expect(trades({ before: 99, limit: 0 })).toEqual([]);
  const fills = (filter: object, page: object): number[] =>
    scene.machine.fills("ann", filter, { limit: 9, ...page }).map(({ tradeId }) => tradeId);
  expect(fills({}, {})).toEqual([5, 4, 3, 2, 1]);
  expect(fills({ orderId: "o4" }, {})).toEqual([2]);
  expect(fills({ productId: "ETH-USD" }, {})).toEqual([]);
  expect(fills({ productId: "BTC-USD" }, { after: 1, before: 4 })).toEqual([3, 2]);
  expect(scene.machine.fills("bob", {}, { limit: 1 })).toEqual([
    {
      ...{ tradeId: 5, productId: "BTC-USD", orderId: "o9", accountId: "bob", side: "sell", liquidity: "maker" },
      ...{ price: 104, size: 1, fee: 0n, at: scene.at, cursor: 5 },
    },
  ]);
  expect(scene.machine.ledger("bob", "USD", { limit: 2 }).map(({ amount, balance }) => [amount, balance])).toEqual([
    [104n, 1_000_510n],
    [103n, 1_000_406n],
  ]);
});

test("a trade is an entry in each currency, and one for its fee; pages cut between them", () => {
  const scene = new Scene({ takerFeeBasisPoints: 100 });
  trade(scene, 100, 2);
  trade(scene, 150, 4);
  const about = (fill: number) => ({
    ...{ at: scene.at, tradeId: fill, productId: "BTC-USD" },
    orderId: `o${2 * fill}`,
  });
  const usd = { currency: "USD", reference: undefined };
  const all = scene.machine.ledger("ann", "USD", { limit: 9 });
  expect(all.slice(0, 4)).toEqual([
    { cursor: 8, amount: -6n, balance: 999_192n, kind: "fee", ...usd, ...about(2) },
    { cursor: 7, amount: -600n, balance: 999_198n, kind: "match", ...usd, ...about(2) },
    { cursor: 5, amount: -2n, balance: 999_798n, kind: "fee", ...usd, ...about(1) },
    { cursor: 4, amount: -200n, balance: 999_800n, kind: "match", ...usd, ...about(1) },
  ]);
  expect(scene.machine.ledger("ann", "BTC", { limit: 1 })).toEqual([
    { cursor: 6, currency: "BTC", amount: 4n, balance: 1_006n, kind: "match", reference: undefined, ...about(2) },
  ]);
  expect(all.map(({ cursor }) => cursor)).toEqual([8, 7, 5, 4, 1]);
  for (let before = 1; before <= 10; before += 1) {
    for (let after = 0; after <= 9; after += 1) {
      const page = scene.machine.ledger("ann", "USD", { before, after, limit: 3 });
      expect(page).toEqual(all.filter(({ cursor }) => cursor < before && cursor > after).slice(0, 3));
    }
  }
});

test("a candle's volume may exceed whole numbers", () => {
  const scene = new Scene({ minMarketFunds: "0" });
  const most = Number.MAX_SAFE_INTEGER;
  scene.fund("bob", "BTC", most);
  scene.fund("ann", "USD", most);
  trade(scene, 1, most);
  scene.limit("ann", "sell", 1, most);
  scene.limit("bob", "buy", 1, most);
  expect(scene.machine.candles("BTC-USD", 60)[0]!.volume).toBe(2n * BigInt(most));
  expect(Machine.restore(scene.machine.snapshot()).stats("BTC-USD").volume).toBe(2n * BigInt(most));
});

test("orders are found by status, product and page, the one placed last first", () => {
  const scene = new Scene();
  for (let index = 0; index < 4; index += 1) scene.limit("ann", "buy", 90 + index, 1);
  scene.limit("bob", "sell", 200, 1);
  scene.limit("ann", "buy", 200, 1, { postOnly: true });
  scene.do({ type: "order-cancel", accountId: "ann", orderId: "o2" });
  const find = (statuses: readonly ("open" | "done" | "rejected")[], more: object = {}): string[] =>
    scene.machine.orders("ann", { statuses, limit: 9, ...more }).map(({ orderId }) => orderId);
  expect(find(["open"])).toEqual(["o4", "o3", "o1"]);
  expect(find(["open"], { limit: 1 })).toEqual(["o4"]);
  expect(find(["open"], { beforeOrderId: "o3" })).toEqual(["o1"]);
  expect(find(["done"])).toEqual(["o2"]);
  expect(find(["rejected"])).toEqual(["o6"]);
  expect(find(["open", "done", "rejected"])).toEqual(["o6", "o4", "o3", "o2", "o1"]);
  expect(find(["open", "done"], { beforeOrderId: "o4", limit: 2 })).toEqual(["o3", "o2"]);
  expect(find(["open", "done"], { beforeOrderId: "o5" })).toEqual([]);
  expect(find(["open", "done"], { beforeOrderId: "o99" })).toEqual([]);
  expect(find(["open"], { productId: "ETH-USD" })).toEqual([]);
  expect(scene.machine.levels("BTC-USD", "buy", 2)).toEqual([
    { price: 93, size: 1, orders: 1 },
    { price: 92, size: 1, orders: 1 },
  ]);
  expect(scene.machine.levels("BTC-USD", "buy", 0)).toEqual([]);
  expect(scene.machine.levels("ETH-USD", "buy", 9)).toEqual([]);
});

test("a ring keeps the last of what came, as a list would, and is restored as it was", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 30 }), (capacity, total) => {
      const ring = new Ring<number>(capacity);
      const list: number[] = [];
      for (let item = 1; item <= total; item += 1) {
        list.push(item);
        expect(ring.push(item)).toBe(item > capacity ? item - capacity : undefined);
      }
      const kept = list.slice(-capacity);
      const restored = Ring.restored(capacity, total, kept);
      expect(restored).toEqual(ring);
      for (const either of [ring, restored]) {
        expect([either.total, either.length, either.last]).toEqual([total, kept.length, list.at(-1)]);
        expect(either.toArray()).toEqual(kept);
        for (let item = 0; item <= total + 1; item += 1) expect(either.at(item)).toBe(kept.find((one) => one === item));
      }
    }),
    randomly(200),
  );
});
