/**
 * Proves what refuses an order or a cancellation, with the exact text; that a refusal changes nothing; client order ids; and the bounds by count.
 * Does not prove the HTTP status that a refusal becomes.
 */
import { expect, test } from "vitest";
import type { Command, OrderPlace } from "../../../exchange/machine/commands";
import { encodeFrame } from "../../../exchange/machine/frame";
import { Machine } from "../../../exchange/machine/machine";
import { Scene, orderOf, placed } from "./scene";

const limit = { price: 100, size: 5 };
const market = { orderType: "market", timeInForce: "IOC" } as const;

test.each<[string, Partial<OrderPlace>, string, string]>([
  ["an account that there is not", { ...limit, accountId: "zoe" }, "not-found", "account not found"],
  ["a product that there is not", { ...limit, productId: "ETH-USD" }, "not-found", "Product not found"],
  ["a limit order without price", { size: 5 }, "invalid", "price is required"],
  ["a limit order without size", { price: 100 }, "invalid", "size is required"],
  ["a limit order with funds", { ...limit, funds: "5" }, "invalid", "funds is not allowed for a limit order"],
  ["post-only IOC", { ...limit, postOnly: true, timeInForce: "IOC" }, "invalid", "post_only cannot be IOC"],
  ["post-only FOK", { ...limit, postOnly: true, timeInForce: "FOK" }, "invalid", "post_only cannot be FOK"],
  [
    "GTT without expiry",
    { ...limit, timeInForce: "GTT" },
    "invalid",
    "an expiry is required for GTT, and for nothing else",
  ],
  ["expiry without GTT", { ...limit, expiresAt: 5 }, "invalid", "an expiry is required for GTT, and for nothing else"],
  [
    "an expiry now",
    { ...limit, timeInForce: "GTT", expiresAt: 1_700_000_000_000 },
    "invalid",
    "the order would expire in the past",
  ],
  ["a market order with price", { ...market, ...limit }, "invalid", "price is not allowed for a market order"],
  ["a market order without anything", market, "invalid", "size or funds is required"],
  [
    "a market order post-only",
    { ...market, size: 5, postOnly: true },
    "invalid",
    "post_only is not allowed for a market order",
  ],
  [
    "a market order GTT",
    { ...market, size: 5, timeInForce: "GTT", expiresAt: 9 },
    "invalid",
    "GTT is not allowed for a market order",
  ],
  ["a market FOK by funds", { ...market, funds: "50", timeInForce: "FOK" }, "invalid", "FOK is not allowed with funds"],
  ["too small a value", { price: 9, size: 1 }, "invalid", "size is too small. Minimum value is 0.0010 USD"],
  ["too small funds", { ...market, funds: "9" }, "invalid", "size is too small. Minimum value is 0.0010 USD"],
  ["more than there is", { price: 1_000_001, size: 1 }, "insufficient-funds", "Insufficient funds"],
  ["more funds than there are", { ...market, funds: "1000001" }, "insufficient-funds", "Insufficient funds"],
  ["price 0", { price: 0, size: 1 }, "invalid", "price is invalid"],
  ["a fraction", { price: 1.5, size: 1 }, "invalid", "price is invalid"],
  ["an unsafe number", { price: 2 ** 53, size: 1 }, "invalid", "price is invalid"],
  ["a negative size", { price: 100, size: -1 }, "invalid", "size is invalid"],
  ["leading zeros", { ...market, funds: "050" }, "invalid", "funds is invalid"],
  ["an exponent", { ...market, funds: "1e3" }, "invalid", "funds is invalid"],
  ["an id with a space", { ...limit, clientOrderId: "a b" }, "invalid", "clientOrderId is invalid"],
  ["an id without end", { ...limit, clientOrderId: "x".repeat(129) }, "invalid", "clientOrderId is invalid"],
])("refuses %s and changes nothing", (_what, order, code, message) => {
  const scene = new Scene();
  const twin = new Scene();
  expect(scene.place("ann", "buy", order)).toEqual({ ok: false, code, message });
  twin.frame();
  expect(scene.machine.hash()).toBe(twin.machine.hash());
  expect(scene.said()).toEqual([]);
});

test("a seller needs what it sells, a market seller too", () => {
  const scene = new Scene();
  const poor = { ok: false, code: "insufficient-funds", message: "Insufficient funds" };
  expect(scene.place("ann", "sell", { price: 100, size: 1_001 })).toEqual(poor);
  expect(scene.place("ann", "sell", { ...market, size: 1_001 })).toEqual(poor);
  scene.limit("ann", "sell", 100, 1_000);
  expect(scene.place("ann", "sell", { price: 100, size: 1 })).toEqual(poor);
  expect(scene.place("ann", "sell", { ...market, funds: "50" })).toEqual(poor);
});

test("what is held cannot be spent twice, to the last unit", () => {
  const scene = new Scene({ makerFeeBasisPoints: 100 });
  scene.limit("ann", "buy", 100, 9_900);
  // 990,000 + 9,900: 100 units are left, and 99 + roundedUp(0.99) are 100.
  expect(scene.money("ann")["USD"]).toEqual([1_000_000n, 999_900n]);
  expect(scene.place("ann", "buy", { price: 10, size: 10 })).toMatchObject({ code: "insufficient-funds" });
  expect(scene.place("ann", "buy", { price: 99, size: 1 })).toMatchObject({ ok: true });
  expect(scene.money("ann")["USD"]).toEqual([1_000_000n, 1_000_000n]);
});

test("a client order id is the account's own; the duplicate is answered with the original as it stands, whatever it says and whatever the mode", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 100, 5, { clientOrderId: "mine" });
  scene.limit("bob", "sell", 100, 2);
  scene.mode("maintenance");
  const before = scene.machine.balances("ann");
  const again = scene.place("ann", "sell", { price: 7, size: 1, clientOrderId: "mine" });
  expect(again).toMatchObject({ ok: true, duplicate: true, order: { orderId: "o1", filledSize: 2, status: "open" } });
  expect(scene.said()).toEqual([]);
  expect(scene.machine.balances("ann")).toEqual(before);
  scene.mode("full");
  expect(scene.limit("bob", "buy", 90, 5, { clientOrderId: "mine" })).toMatchObject({ orderId: "o4", status: "open" });
});

test("a refused order leaves its client id free", () => {
  const scene = new Scene();
  scene.place("ann", "buy", { price: 1_000_001, size: 1, clientOrderId: "mine" });
  expect(scene.limit("ann", "buy", 100, 1, { clientOrderId: "mine" }).status).toBe("open");
});

test("an order id is used once", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 100, 1, { orderId: "same" });
  expect(scene.place("bob", "buy", { ...limit, orderId: "same" })).toEqual({
    ...{ ok: false, code: "exists", message: "order id is already in use" },
  });
});

test("cancels by either id, and nobody else's order", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 100, 1, { clientOrderId: "mine" });
  const cancel = (more: object): unknown => scene.do({ type: "order-cancel", accountId: "ann", ...more });
  const unknown = { ok: false, code: "not-found", message: "order not found" };
  expect(cancel({ accountId: "bob", orderId: "o1" })).toEqual(unknown);
  expect(cancel({ accountId: "bob", clientOrderId: "mine" })).toEqual(unknown);
  expect(cancel({ orderId: "o9" })).toEqual(unknown);
  expect(cancel({ orderId: "o1", productId: "ETH-USD" })).toEqual(unknown);
  expect(cancel({ accountId: "zoe", orderId: "o1" })).toEqual({
    ok: false,
    code: "not-found",
    message: "account not found",
  });
  const either = { ok: false, code: "invalid", message: "either an order id or a client order id is required" };
  expect(cancel({})).toEqual(either);
  expect(cancel({ orderId: "o1", clientOrderId: "mine" })).toEqual(either);
  expect(cancel({ clientOrderId: "mine", productId: "BTC-USD" })).toEqual({
    ok: true,
    kind: "cancelled",
    orderIds: ["o1"],
  });
  expect(cancel({ orderId: "o1" })).toEqual({ ok: false, code: "already-done", message: "Order already done" });
});

test("cancels all of an account, oldest first, and nothing of another", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 90, 1);
  scene.limit("bob", "buy", 91, 1);
  scene.limit("ann", "sell", 110, 1);
  const all = { type: "orders-cancel-all", accountId: "ann" } as const;
  expect(scene.do({ ...all, productId: "ETH-USD" })).toMatchObject({ code: "not-found", message: "Product not found" });
  expect(scene.do(all)).toEqual({ ok: true, kind: "cancelled", orderIds: ["o1", "o3"] });
  expect(scene.said()).toEqual(["done o1 canceled 1", "done o3 canceled 1"]);
  expect(scene.do({ ...all, productId: "BTC-USD" })).toEqual({ ok: true, kind: "cancelled", orderIds: [] });
  expect(scene.book("buy")).toEqual(["91 x 1"]);
});

test("an account has at most 500 open orders in a product", () => {
  const scene = new Scene({ minMarketFunds: "0" });
  for (let index = 0; index < 500; index += 1) scene.limit("ann", "buy", 1, 1);
  expect(scene.place("ann", "buy", { price: 1, size: 1 })).toEqual({
    ...{ ok: false, code: "limit", message: "a maximum of 500 open orders is allowed on BTC-USD" },
  });
  scene.limit("bob", "buy", 1, 1);
  scene.do({ type: "order-cancel", accountId: "ann", orderId: "o500" });
  scene.limit("ann", "buy", 1, 1);
  expect(scene.machine.openOrderCount("ann")).toBe(500);
});

test("the last 10,000 closed orders and fills are kept, open ones for ever; what is forgotten is forgotten whole", () => {
  const scene = new Scene({ minMarketFunds: "0" });
  scene.limit("ann", "buy", 1, 1, { clientOrderId: "rests" });
  scene.limit("ann", "buy", 2, 1, { clientOrderId: "first" });
  scene.limit("bob", "sell", 2, 1);
  scene.fund("bob", "BTC", 9_999);
  const pair = (index: number): Command[] => {
    const common = { ...placed, price: 2, size: 1 };
    const [bought, sold] = [`o${4 + 2 * index}`, `o${5 + 2 * index}`];
    return [
      { ...common, orderId: bought, accountId: "ann", side: "buy", clientOrderId: `n${index}` },
      { ...common, orderId: sold, accountId: "bob", side: "sell" },
    ];
  };
  for (let from = 0; from < 9_999; from += 1_111) {
    scene.frame(...Array.from({ length: 1_111 }, (_, index) => pair(from + index)).flat());
  }
  scene.ids = 20_001;
  expect(scene.machine.orderByClientId("ann", "first")).toMatchObject({ orderId: "o2", status: "done" });
  scene.limit("ann", "buy", 3, 1, { timeInForce: "IOC" });
  expect(scene.machine.orderByClientId("ann", "first")).toBeUndefined();
  expect(scene.machine.order("o2")).toBeUndefined();
  expect(scene.machine.orderByClientId("ann", "n0")).toMatchObject({ orderId: "o4" });
  expect(scene.machine.order("o1")).toMatchObject({ status: "open" });
  const filter = { statuses: ["open", "done", "rejected"] as const, limit: 100_000 };
  const ids = scene.machine.orders("ann", filter).map(({ orderId }) => orderId);
  expect([ids.length, ids[0], ids.at(-2), ids.at(-1)]).toEqual([10_001, "o20002", "o4", "o1"]);
  const again = orderOf(scene.place("ann", "buy", { price: 1, size: 1, clientOrderId: "first" }));
  expect(again.orderId).toBe("o20003");
  expect(
    scene.machine
      .fills("ann", {}, { limit: 100_000 })
      .map(({ cursor }) => cursor)
      .slice(-1),
  ).toEqual([1]);
  expect(scene.machine.trades("BTC-USD", { limit: 100_000 }).map(({ tradeId }) => tradeId)).toEqual(
    Array.from({ length: 1_000 }, (_, index) => 10_000 - index),
  );
  const ledger = scene.machine.ledger("ann", "USD", { limit: 100_000 });
  expect([ledger.length, ledger[0]!.cursor, ledger.at(-1)!.cursor]).toEqual([10_000, 20_002, 4]);
  // The order placed first is closed last: a restored machine forgets in the order of closing too.
  scene.do({ type: "order-cancel", accountId: "ann", orderId: "o1" });
  const restored = Machine.restore(scene.machine.snapshot());
  expect(restored.hash()).toBe(scene.machine.hash());
  const commands: Command[] = [{ type: "order-cancel", accountId: "ann", orderId: "o20003" }];
  const payload = encodeFrame({ v: 1, id: "last", node: "n", at: scene.at, commands });
  for (const machine of [scene.machine, restored]) machine.apply(scene.sequence + 1, payload);
  expect(scene.machine.order("o1")).toMatchObject({ status: "done" });
  expect(restored.hash()).toBe(scene.machine.hash());
});
