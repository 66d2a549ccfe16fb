/**
 * Proves who trades with whom, at which price, in which order the events come, what it costs, and what becomes of the rest: one case a test, exact
 * values. Does not prove combinations (the model test does) nor how the feed words the events.
 */
import { expect, test } from "vitest";
import { Scene } from "./scene";

test("trades at the resting price: the best first, the oldest first within a price", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 102, 5);
  scene.limit("bob", "sell", 101, 5);
  scene.limit("bob", "sell", 101, 7);
  const taker = scene.limit("ann", "buy", 102, 15);
  expect(scene.said()).toEqual([
    "received o4",
    "match o2 o4 5 at 101",
    "done o2 filled 0",
    "match o3 o4 7 at 101",
    "done o3 filled 0",
    "match o1 o4 3 at 102",
    "done o4 filled 0",
  ]);
  expect(taker).toMatchObject({ status: "done", doneReason: "filled", filledSize: 15, executedValue: 1518n });
  expect(scene.book("sell")).toEqual(["102 x 2"]);
  expect(scene.money("ann")).toEqual({ USD: [998_482n, 0n], BTC: [1_015n, 0n] });
  expect(scene.money("bob")).toEqual({ USD: [1_001_518n, 0n], BTC: [985n, 2n] });
});

test("rests what does not trade, and holds for it", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 100, 4);
  const order = scene.limit("ann", "buy", 101, 10);
  expect(scene.said()).toEqual(["received o2", "match o1 o2 4 at 100", "done o1 filled 0", "open o2 6"]);
  expect(order).toMatchObject({ status: "open", filledSize: 4, executedValue: 400n });
  expect(scene.money("ann")).toEqual({ USD: [999_600n, 606n], BTC: [1_004n, 0n] });
  expect(scene.machine.holdOf("o2")).toBe(606n);
  scene.do({ type: "order-cancel", accountId: "ann", orderId: "o2" });
  expect(scene.said()).toEqual(["done o2 canceled 6"]);
  expect(scene.money("ann")).toEqual({ USD: [999_600n, 0n], BTC: [1_004n, 0n] });
});

test("views in events are of their moment, and never change later", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 100, 4);
  scene.limit("ann", "buy", 100, 3);
  const events = scene.applied.flatMap((applied) => applied.events);
  const [opened, matched] = [events.find(({ type }) => type === "open"), events.find(({ type }) => type === "match")];
  expect(opened).toMatchObject({ order: { orderId: "o1", filledSize: 0, status: "open" } });
  expect(matched).toMatchObject({
    ...{ tradeId: 1, side: "sell", price: 100, size: 3, makerFee: 0n, takerFee: 0n },
    ...{
      maker: { orderId: "o1", filledSize: 3, status: "open" },
      taker: { orderId: "o2", filledSize: 3, status: "open" },
    },
  });
});

test("rounds an order's fees up once, however it is cut up, and gives them to the exchange", () => {
  const scene = new Scene({ makerFeeBasisPoints: 15, takerFeeBasisPoints: 25 });
  scene.limit("ann", "buy", 100, 3);
  // 300 + roundedUp(300 * 25 / 10,000 = 0.75).
  expect(scene.money("ann")["USD"]).toEqual([1_000_000n, 301n]);
  for (let lot = 0; lot < 3; lot += 1) scene.limit("bob", "sell", 100, 1);
  // The maker's 0.15 three times is 0.45: one unit, taken with the first lot. Each taker's 0.25 is an order of its own: one unit each.
  expect(scene.order("o1").fillFees).toBe(1n);
  expect(scene.machine.fills("ann", {}, { limit: 9 }).map(({ fee }) => fee)).toEqual([0n, 0n, 1n]);
  expect(scene.machine.fills("bob", {}, { limit: 9 }).map(({ fee }) => fee)).toEqual([1n, 1n, 1n]);
  expect(scene.money("ann")["USD"]).toEqual([999_699n, 0n]);
  expect(scene.money("bob")["USD"]).toEqual([1_000_297n, 0n]);
  expect(scene.machine.feeBalances()).toEqual(new Map([["USD", 4n]]));
});

test("a market buy by funds spends no more than its funds, fee included", () => {
  const scene = new Scene({ takerFeeBasisPoints: 100 });
  scene.limit("bob", "sell", 100, 50);
  const order = scene.market("ann", "buy", { funds: "1009" });
  // 9 lots: 900 + 9 = 909. A tenth would make 1,010.
  expect(order).toMatchObject({
    filledSize: 9,
    executedValue: 900n,
    fillFees: 9n,
    status: "done",
    doneReason: "filled",
  });
  expect(scene.market("ann", "buy", { funds: "1010" })).toMatchObject({ filledSize: 10, fillFees: 10n });
});

test("a market buy that trades at two prices reckons with the fee that it has paid", () => {
  const scene = new Scene({ takerFeeBasisPoints: 100 });
  scene.limit("bob", "sell", 100, 5);
  scene.limit("bob", "sell", 101, 50);
  // 5 lots at 100 and 4 at 101 are 904, and 9.04 of fee rounded up once: 914 to the last unit.
  expect(scene.market("ann", "buy", { funds: "914" })).toMatchObject({
    filledSize: 9,
    executedValue: 904n,
    fillFees: 10n,
  });
  expect(scene.market("ann", "buy", { funds: "913" })).toMatchObject({ filledSize: 8 });
});

test("a market buy by size stops where the account's money ends", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 2_000, 600);
  const order = scene.market("ann", "buy", { size: 600 });
  expect(order).toMatchObject({ filledSize: 500, status: "done", doneReason: "canceled" });
  expect(scene.said().at(-1)).toBe("done o2 canceled 100");
  expect(scene.money("ann")).toEqual({ USD: [0n, 0n], BTC: [1_500n, 0n] });
});

test("a market sell by funds asks for no more than its funds", () => {
  const scene = new Scene();
  scene.limit("bob", "buy", 30, 100);
  expect(scene.market("ann", "sell", { funds: "100" })).toMatchObject({ filledSize: 3, executedValue: 90n });
});

test("a market order cancels what the book does not have", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 100, 2);
  expect(scene.market("ann", "buy", { size: 5 })).toMatchObject({ filledSize: 2, doneReason: "canceled" });
  expect(scene.market("ann", "buy", { size: 5 })).toMatchObject({ filledSize: 0, doneReason: "canceled" });
  expect(scene.said()).toEqual(["received o3", "done o3 canceled 5"]);
});

test("IOC cancels the rest; FOK does all or nothing", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 100, 5);
  expect(scene.limit("ann", "buy", 100, 6, { timeInForce: "FOK" })).toMatchObject({
    filledSize: 0,
    doneReason: "canceled",
  });
  expect(scene.said()).toEqual(["received o2", "done o2 canceled 6"]);
  expect(scene.limit("ann", "buy", 99, 5, { timeInForce: "FOK" })).toMatchObject({
    filledSize: 0,
    doneReason: "canceled",
  });
  expect(scene.limit("ann", "buy", 100, 2, { timeInForce: "FOK" })).toMatchObject({
    filledSize: 2,
    doneReason: "filled",
  });
  expect(scene.limit("ann", "buy", 100, 9, { timeInForce: "IOC" })).toMatchObject({
    filledSize: 3,
    doneReason: "canceled",
  });
  expect(scene.book("buy")).toEqual([]);
  expect(scene.money("ann")["USD"]).toEqual([999_500n, 0n]);
});

test("FOK reckons with self-trade prevention", () => {
  const scene = new Scene();
  scene.limit("ann", "sell", 100, 5);
  scene.limit("bob", "sell", 100, 5);
  for (const selfTradePrevention of ["dc", "cn", "cb"] as const) {
    expect(scene.limit("ann", "buy", 100, 5, { timeInForce: "FOK", selfTradePrevention })).toMatchObject({
      filledSize: 0,
    });
  }
  expect(scene.book("sell")).toEqual(["100 x 10"]);
  const oldest = { timeInForce: "FOK", selfTradePrevention: "co" } as const;
  expect(scene.limit("ann", "buy", 100, 6, oldest)).toMatchObject({ filledSize: 0 });
  expect(scene.limit("ann", "buy", 100, 5, oldest)).toMatchObject({ filledSize: 5, doneReason: "filled" });
  expect(scene.order("o1")).toMatchObject({ status: "done", doneReason: "canceled" });
});

test("a market FOK needs the money for all of it", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 2_000, 600);
  expect(scene.market("ann", "buy", { size: 501, timeInForce: "FOK" })).toMatchObject({ filledSize: 0 });
  expect(scene.market("ann", "buy", { size: 500, timeInForce: "FOK" })).toMatchObject({ filledSize: 500 });
});

test("a post-only order that would trade is rejected, remembered, and leaves no trace in the book", () => {
  const scene = new Scene();
  scene.limit("bob", "sell", 100, 5);
  const sequence = scene.machine.product("BTC-USD")!.sequence;
  const order = scene.limit("ann", "buy", 100, 5, { postOnly: true, clientOrderId: "c1" });
  expect(order).toMatchObject({ status: "rejected", rejectReason: "post only", doneReason: undefined, filledSize: 0 });
  expect(scene.said()).toEqual([]);
  expect(scene.machine.product("BTC-USD")!.sequence).toBe(sequence);
  expect(scene.money("ann")["USD"]).toEqual([1_000_000n, 0n]);
  expect(scene.machine.orderByClientId("ann", "c1")).toEqual(order);
  expect(scene.limit("ann", "buy", 99, 5, { postOnly: true })).toMatchObject({ status: "open" });
});

test.each([
  // flag, resting size, new size, what is said, what is left in the book
  ["dc", 5, 8, ["received o2", "done o1 canceled 5", "change o2 8 to 3", "open o2 3"], ["100 x 3"], []],
  ["dc", 8, 5, ["received o2", "change o1 8 to 3", "done o2 canceled 5"], [], ["100 x 3"]],
  ["dc", 5, 5, ["received o2", "done o1 canceled 5", "done o2 canceled 5"], [], []],
  ["co", 5, 8, ["received o2", "done o1 canceled 5", "open o2 8"], ["100 x 8"], []],
  ["cn", 5, 8, ["received o2", "done o2 canceled 8"], [], ["100 x 5"]],
  ["cb", 5, 8, ["received o2", "done o1 canceled 5", "done o2 canceled 8"], [], []],
] as const)("self-trade prevention %s, %i against %i", (selfTradePrevention, resting, size, said, buys, sells) => {
  const scene = new Scene();
  scene.limit("ann", "sell", 100, resting, { selfTradePrevention: "cn" });
  scene.limit("ann", "buy", 100, size, { selfTradePrevention });
  expect(scene.said()).toEqual(said);
  expect(scene.book("buy")).toEqual(buys);
  expect(scene.book("sell")).toEqual(sells);
  const [bought] = scene.machine.levels("BTC-USD", "buy", 1);
  const [sold] = scene.machine.levels("BTC-USD", "sell", 1);
  expect(scene.money("ann")).toEqual({
    USD: [1_000_000n, BigInt(bought?.size ?? 0) * 100n],
    BTC: [1_000n, BigInt(sold?.size ?? 0)],
  });
  expect(scene.machine.trades("BTC-USD", { limit: 9 })).toEqual([]);
});

test("decrementing a market order by funds takes what the trade would have cost off its funds", () => {
  const scene = new Scene({ takerFeeBasisPoints: 100 });
  scene.limit("ann", "sell", 100, 5);
  scene.limit("bob", "sell", 101, 50);
  const order = scene.market("ann", "buy", { funds: "1000" });
  // 5 lots at 100 with 1 % are 505; what is left, 495, buys 4 lots at 101 (404 + 4.04, rounded up).
  expect(order).toMatchObject({ funds: 495n, filledSize: 4, executedValue: 404n, fillFees: 5n, doneReason: "filled" });
  expect(scene.order("o1")).toMatchObject({ status: "done", doneReason: "canceled" });
});

test("a level that would grow beyond whole numbers is refused", () => {
  const scene = new Scene({ minMarketFunds: "0" });
  scene.fund("ann", "BTC", Number.MAX_SAFE_INTEGER - 1_000);
  scene.fund("bob", "BTC", Number.MAX_SAFE_INTEGER - 1_000);
  scene.limit("ann", "sell", 5, Number.MAX_SAFE_INTEGER);
  expect(scene.place("bob", "sell", { price: 5, size: 1 })).toEqual({
    ...{ ok: false, code: "limit", message: "size is too large for the book" },
  });
  expect(scene.limit("bob", "sell", 6, 1)).toMatchObject({ status: "open" });
});

test("a value beyond the whole numbers of floating point is exact to the last unit", () => {
  const scene = new Scene();
  const [price, size] = [100_000_001, 100_000_003];
  const value = 10_000_000_400_000_003n;
  scene.fund("ann", "USD", 2e16);
  scene.fund("bob", "BTC", size);
  expect(scene.limit("ann", "buy", price, size)).toMatchObject({ status: "open" });
  expect(scene.machine.holdOf("o1")).toBe(value);
  scene.limit("bob", "sell", price, size);
  expect(scene.order("o1")).toMatchObject({ doneReason: "filled", executedValue: value });
  expect(scene.money("bob")).toEqual({ USD: [1_000_000n + value, 0n], BTC: [1_000n, 0n] });
});
