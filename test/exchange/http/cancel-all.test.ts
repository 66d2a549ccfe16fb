/**
 * Proves that cancelling all orders cancels no more than was asked for: what could have been meant as a filter, and is not one, is refused, and every order
 * stands. What is cancelled otherwise is in `routes.test.ts`.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Request, type Surface, surface } from "./harness";

let here: Surface;
beforeAll(async () => {
  here = await surface();
  const body = { product_id: "BTC-USD", side: "buy", price: "10", size: "1" };
  await here.ask({ method: "POST", path: "/orders", as: "sandbox-1", body });
});
afterAll(() => here.close());

it.each<[Request, number, string]>([
  [
    { method: "DELETE", path: "/orders?Product_id=BTC-USD", as: "sandbox-1" },
    400,
    'Product_id must be left out: nothing here has that name, got "BTC-USD"',
  ],
  [
    { method: "DELETE", path: "/orders", body: { productId: "BTC-USD" }, as: "sandbox-1" },
    400,
    'productId must be left out: nothing here has that name, got "BTC-USD"',
  ],
  [
    { method: "DELETE", path: "/orders?product_id=BTC-USD", body: { product_id: "ETH-USD" }, as: "sandbox-1" },
    400,
    "product_id in the query and in the body are not the same",
  ],
  [
    { method: "DELETE", path: "/orders", body: { profile_id: "sandbox-2" }, as: "sandbox-1" },
    400,
    "profile_id is not the key's own",
  ],
  [{ method: "DELETE", path: "/orders?profile_id=sandbox-2", as: "sandbox-1" }, 400, "profile_id is not the key's own"],
  [
    { method: "DELETE", path: "/orders", body: { profile_id: 5 }, as: "sandbox-1" },
    400,
    'profile_id must be a text of at most 64 characters, got "5"',
  ],
])("%j is refused", async (request, status, message) => {
  const reply = await here.ask(request);
  expect([reply.status, reply.body]).toEqual([status, { message }]);
  expect(here.local.exchange.view.openOrderCount("sandbox-1")).toBe(1);
});
