/** Proves that a command goes through a whole node in memory and is answered from the machine. Not: HTTP, real journals, faults. */
import { afterEach, expect, it } from "vitest";
import { type LocalExchange, localExchange } from "../support/local-exchange";

const open: LocalExchange[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close();
});

it("answers an order with what the machine made of it", async () => {
  const local = await localExchange();
  open.push(local);
  const outcome = await local.exchange.submit({
    ...{ type: "order-place", orderId: local.exchange.newId(), accountId: "sandbox-1", productId: "BTC-USD" },
    ...{ side: "buy", orderType: "limit", price: 100, size: 100_000_000, timeInForce: "GTC" },
    ...{ postOnly: false, selfTradePrevention: "dc" },
  });
  expect(outcome).toMatchObject({ ok: true, kind: "order", duplicate: false, order: { status: "open" } });
  expect(local.exchange.view.levels("BTC-USD", "buy", 5)).toEqual([{ price: 100, size: 100_000_000, orders: 1 }]);
  expect(await local.exchange.caughtUp()).toBe(true);
  expect([local.exchange.ready().ok, local.exchange.region().ok]).toEqual([true, true]);
});
