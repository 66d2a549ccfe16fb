/**
 * Proves that a second client that nobody here wrote, coinbase-api's WebSocket client with its address set, subscribes and hands on what comes. Public
 * channels alone: it signs no subscription of this exchange by itself.
 */
import { WebsocketClient } from "coinbase-api";
import { afterEach, expect, it } from "vitest";
import type { Json } from "./client";
import { World } from "./world";

let world: World;
let client: WebsocketClient | undefined;
afterEach(async () => {
  client?.closeAll(true);
  await world.stop();
});

it("coinbase-api follows books and trades, and hands errors on as errors", { timeout: 30_000 }, async () => {
  world = await World.start();
  const silent = { trace: () => undefined, info: () => undefined, error: () => undefined };
  client = new WebsocketClient({ wsUrl: world.url }, silent);
  const updates: Json[] = [];
  const errors: Json[] = [];
  client.on("update", (message: Json) => updates.push(message));
  client.on("exception", (message: Json) => errors.push(message));
  const payload = { product_ids: ["BTC-USD"] };
  client.subscribe(
    ["level2", "matches", "heartbeat"].map((topic) => ({ topic, payload })),
    "exchangeMarketData",
  );
  await expect.poll(() => world.feed.counts().topics, { timeout: 10_000 }).toBe(3);
  world.order(1, "buy", 200_00, 1_000_000);
  world.order(2, "sell", 200_00, 1_000_000);
  const seen = (type: string) => updates.filter((message) => message["type"] === type);
  await expect.poll(() => seen("match").map((message) => message["price"])).toEqual(["200.00"]);
  expect(seen("l2update").map((message) => message["changes"])).toEqual([
    [["buy", "200.00", "0.01000000"]],
    [["buy", "200.00", "0.00000000"]],
  ]);
  await expect.poll(() => seen("heartbeat").length, { timeout: 5_000 }).toBeGreaterThan(0);
  client.subscribe({ topic: "user", payload }, "exchangeMarketData");
  await expect.poll(() => errors.map((message) => message["reason"])).toEqual(["user channel requires authentication"]);
});
