/**
 * Proves what each mode admits, what expires when, and when the dead man's switch fires, freezes and waits: one case a test, to the millisecond. Does not
 * prove that nodes let time pass.
 */
import { expect, test } from "vitest";
import type { ProductMode } from "../../../exchange/machine/commands";
import type { Outcome } from "../../../exchange/machine/events";
import { Machine } from "../../../exchange/machine/machine";
import { operator, Scene } from "./scene";

const START = 1_700_000_000_000;
const arm = (scene: Scene, timeoutMs: number, accountId = "ann"): Outcome =>
  scene.do({ type: "cancel-after", accountId, timeoutMs });

test.each<[ProductMode, Record<string, string>]>([
  ["full", {}],
  ["limit-only", { market: "Limit only mode" }],
  ["post-only", { market: "Post only mode", limit: "Post only mode" }],
  ["cancel-only", { market: "Cancel only mode", limit: "Cancel only mode", post: "Cancel only mode" }],
  [
    "read-only",
    Object.fromEntries(
      ["market", "limit", "post", "cancel", "all"].map((what) => [what, "BTC-USD is under maintenance (read only)"]),
    ),
  ],
  [
    "maintenance",
    Object.fromEntries(
      ["market", "limit", "post", "cancel", "all"].map((what) => [what, "BTC-USD is under maintenance"]),
    ),
  ],
])("mode %s", (mode, refused) => {
  const scene = new Scene();
  scene.limit("bob", "sell", 110, 5);
  scene.limit("ann", "buy", 90, 1);
  scene.limit("ann", "buy", 91, 1);
  scene.at += 7;
  scene.mode(mode);
  expect(scene.said()).toEqual([`mode ${mode}`]);
  expect(scene.machine.product("BTC-USD")).toMatchObject({ mode, modeSince: START + 7, modeReason: "drill" });
  const outcomes: Record<string, Outcome> = {
    market: scene.place("ann", "buy", { orderType: "market", timeInForce: "IOC", size: 1 }),
    limit: scene.place("ann", "buy", { price: 90, size: 1 }),
    post: scene.place("ann", "buy", { price: 90, size: 1, postOnly: true }),
    cancel: scene.do({ type: "order-cancel", accountId: "ann", orderId: "o2" }),
    all: scene.do({ type: "orders-cancel-all", accountId: "ann" }),
  };
  for (const [what, outcome] of Object.entries(outcomes)) {
    const message = refused[what];
    if (message === undefined) expect(outcome).toMatchObject({ ok: true });
    else expect(outcome).toEqual({ ok: false, code: "mode", message });
  }
});

test("time is the largest that any frame said, and never goes back", () => {
  const scene = new Scene();
  scene.pass(10);
  scene.pass(-500);
  expect(scene.machine.now).toBe(START + 10);
  expect(scene.limit("ann", "buy", 100, 1).createdAt).toBe(START + 10);
});

test("orders expire at their time, by expiry and then by age, before the frame's own commands", () => {
  const scene = new Scene();
  const until = (ms: number) => ({ timeInForce: "GTT", expiresAt: START + ms }) as const;
  scene.limit("ann", "buy", 90, 1, until(200));
  scene.limit("ann", "buy", 91, 1, until(100));
  scene.limit("bob", "buy", 92, 1, until(200));
  scene.limit("ann", "buy", 93, 1, until(201));
  expect(scene.machine.hasTimers).toBe(true);
  expect(scene.pass(99)).toEqual([]);
  scene.at = START + 200;
  scene.limit("bob", "sell", 90, 1);
  expect(scene.said()).toEqual([
    "done o2 canceled 1",
    "done o1 canceled 1",
    "done o3 canceled 1",
    "received o5",
    "match o4 o5 1 at 93",
    "done o4 filled 0",
    "done o5 filled 0",
  ]);
  expect(scene.machine.hasTimers).toBe(false);
});

test("nothing expires in a book that stands still; it does when the book moves again", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 90, 1, { timeInForce: "GTT", expiresAt: START + 100 });
  scene.limit("ann", "buy", 91, 1, { timeInForce: "GTT", expiresAt: START + 200 });
  scene.mode("read-only");
  expect(scene.pass(150)).toEqual([]);
  scene.mode("maintenance");
  expect(scene.pass(150)).toEqual([]);
  const restored = Machine.restore(scene.machine.snapshot());
  expect(restored.hasTimers).toBe(true);
  scene.mode("cancel-only");
  expect(scene.said()).toEqual(["mode cancel-only"]);
  scene.pass(1);
  expect(scene.said()).toEqual(["done o1 canceled 1", "done o2 canceled 1"]);
});

test("the switch cancels everything when it is not set again, once", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 90, 1);
  scene.limit("bob", "buy", 91, 1);
  expect(arm(scene, 1_000)).toEqual({ ok: true, kind: "done", duplicate: false });
  expect(scene.said()).toEqual(["ann armed"]);
  expect(scene.machine.cancelAfterDeadline("ann")).toBe(START + 1_000);
  expect(scene.machine.hasTimers).toBe(true);
  scene.pass(600);
  arm(scene, 1_000);
  expect(scene.pass(999)).toEqual([]);
  scene.pass(1);
  expect(scene.said()).toEqual(["ann fired", "done o1 canceled 1"]);
  expect(scene.machine.cancelAfterDeadline("ann")).toBeUndefined();
  expect(scene.machine.hasTimers).toBe(false);
  scene.limit("ann", "buy", 90, 1);
  expect(scene.pass(5_000)).toEqual([]);
});

test("two switches fire by deadline, then by account", () => {
  const scene = new Scene();
  arm(scene, 2_000, "bob");
  arm(scene, 2_000, "ann");
  scene.pass(2_000);
  expect(scene.said()).toEqual(["ann fired", "bob fired"]);
  arm(scene, 2_000, "ann");
  arm(scene, 1_000, "bob");
  scene.pass(2_000);
  expect(scene.said()).toEqual(["bob fired", "ann fired"]);
});

test("0 disarms the switch; a day is the most", () => {
  const scene = new Scene();
  expect(arm(scene, 0)).toMatchObject({ ok: true });
  expect(scene.said()).toEqual([]);
  arm(scene, 86_400_000);
  arm(scene, 0);
  expect(scene.said()).toEqual(["ann disarmed"]);
  expect(arm(scene, 86_400_001)).toEqual({ ok: false, code: "invalid", message: "timeout is at most 86400000 ms" });
  expect(arm(scene, -1)).toMatchObject({ ok: false, code: "invalid", message: "timeoutMs is invalid" });
  expect(arm(scene, 5, "zoe")).toMatchObject({ ok: false, code: "not-found", message: "account not found" });
});

test("the switch is frozen while a book with the account's orders is not full, and then has its whole timeout again", () => {
  const scene = new Scene();
  scene.do({ type: "currency-create", operator, id: "ETH", name: "Ether", scale: 2 });
  const eth = { id: "ETH-USD", baseCurrency: "ETH", quoteCurrency: "USD", priceScale: 2, sizeScale: 2 };
  const free = { minMarketFunds: "0", makerFeeBasisPoints: 0, takerFeeBasisPoints: 0 };
  scene.do({ type: "product-create", operator, ...eth, ...free });
  scene.limit("ann", "buy", 90, 1);
  scene.limit("ann", "buy", 90, 1, { productId: "ETH-USD" });
  arm(scene, 1_000);
  arm(scene, 1_000, "bob");
  scene.pass(400);
  scene.mode("cancel-only");
  expect(scene.said()).toEqual(["mode cancel-only", "ann frozen"]);
  expect(scene.machine.cancelAfterDeadline("ann")).toBeUndefined();
  scene.do({ type: "mode-set", operator, productId: "ETH-USD", mode: "post-only", reason: "" });
  expect(scene.said()).toEqual(["mode post-only"]);
  scene.pass(4_000);
  expect(scene.said()).toEqual(["bob fired"]);
  scene.mode("full");
  expect(scene.said()).toEqual(["mode full"]);
  scene.do({ type: "mode-set", operator, productId: "ETH-USD", mode: "full", reason: "" });
  expect(scene.said()).toEqual(["mode full", "ann armed"]);
  expect(scene.machine.cancelAfterDeadline("ann")).toBe(START + 5_400);
  expect(scene.pass(999)).toEqual([]);
  scene.pass(1);
  expect(scene.said()).toEqual(["ann fired", "done o1 canceled 1", "done o2 canceled 1"]);
});

test("a switch thaws when the account's last order in the book is gone, and is born frozen", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 90, 1);
  scene.mode("cancel-only");
  arm(scene, 1_000);
  expect(scene.said()).toEqual(["ann frozen"]);
  scene.pass(3_000);
  scene.do({ type: "order-cancel", accountId: "ann", orderId: "o1" });
  expect(scene.said()).toEqual(["done o1 canceled 1", "ann armed"]);
  expect(scene.machine.cancelAfterDeadline("ann")).toBe(START + 4_000);
});

test("a time in which nobody could reach the exchange does not count against the switch", () => {
  const scene = new Scene();
  scene.limit("ann", "buy", 90, 1);
  arm(scene, 6_000);
  expect(scene.pass(5_000)).toEqual([]);
  expect(scene.machine.cancelAfterDeadline("ann")).toBe(START + 6_000);
  expect(scene.pass(5_001)).toEqual([]);
  expect(scene.machine.cancelAfterDeadline("ann")).toBe(START + 11_001);
  expect(scene.pass(999)).toEqual([]);
  scene.pass(1);
  expect(scene.said()).toEqual(["ann fired", "done o1 canceled 1"]);
});

test("expired and cancelled orders leave the queue; a swept queue forgets none", () => {
  const scene = new Scene();
  for (let round = 0; round < 300; round += 1) {
    const expiresAt = START + 10_000 - round;
    const order = scene.limit("ann", "buy", 90, 1, { timeInForce: "GTT", expiresAt });
    if (round % 10 !== 0) scene.do({ type: "order-cancel", accountId: "ann", orderId: order.orderId });
  }
  scene.pass(10_000);
  const expired = Array.from({ length: 30 }, (_, index) => `done o${291 - 10 * index} canceled 1`);
  expect(scene.said()).toEqual(expired);
  expect(scene.machine.hasTimers).toBe(false);
});
