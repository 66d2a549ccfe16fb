/**
 * Proves, over real sockets, the exact messages of every channel, what comes first after a subscription, and who may see whose fields. Leaves out
 * bounds (limits.test.ts), books over many orders (book.test.ts), and what real clients make of the messages (ccxt.test.ts).
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FeedClient, signature } from "./client";
import { NOW_MS, World } from "./world";

const TIME = "2026-11-26T12:00:00.000Z";
const BTC = 100_000_000;
let world: World;
let client: FeedClient;

beforeEach(async () => {
  world = await World.start();
  client = await world.open();
});
afterEach(() => world.stop());

const sign = (name = "sandbox-1") => signature(name, NOW_MS);

describe("the answer to a request", () => {
  it("lists all that the socket follows, whichever way products are named", async () => {
    expect(await client.subscribe(["heartbeat", { name: "matches", product_ids: ["ETH-USD"] }, "status"])).toEqual({
      type: "subscriptions",
      channels: [
        { name: "heartbeat", product_ids: ["BTC-USD"] },
        { name: "matches", product_ids: ["BTC-USD", "ETH-USD"] },
        { name: "status", product_ids: [] },
      ],
    });
    client.send({ type: "unsubscribe", product_ids: ["BTC-USD"], channels: ["matches"] });
    expect((await client.next("subscriptions"))["channels"]).toEqual([
      { name: "heartbeat", product_ids: ["BTC-USD"] },
      { name: "matches", product_ids: ["ETH-USD"] },
      { name: "status", product_ids: [] },
    ]);
    client.send({ type: "unsubscribe", channels: ["matches", "status", "heartbeat"] });
    expect(await client.next("subscriptions")).toEqual({ type: "subscriptions", channels: [] });
    expect(world.feed.counts().topics).toBe(0);
  });

  it("knows the older names of two channels", async () => {
    expect((await client.subscribe(["level2_50", "ticker_1000"]))["channels"]).toEqual([
      { name: "level2_batch", product_ids: ["BTC-USD"] },
      { name: "ticker_batch", product_ids: ["BTC-USD"] },
    ]);
  });

  it.each([
    [
      "an unknown channel",
      { type: "subscribe", product_ids: ["BTC-USD"], channels: ["match"] },
      "Failed to subscribe",
      "match is not a valid channel",
    ],
    [
      "an unknown product",
      { type: "subscribe", product_ids: ["BTC-USD", "XMR-USD"], channels: ["matches"] },
      "Failed to subscribe",
      "XMR-USD is not a valid product",
    ],
    [
      "no product",
      { type: "subscribe", channels: ["matches"] },
      "Failed to subscribe",
      "matches channel requires product_ids",
    ],
    [
      "user without a signature",
      { type: "subscribe", product_ids: ["BTC-USD"], channels: ["user"] },
      "Failed to subscribe",
      "user channel requires authentication",
    ],
    [
      "a wrong signature",
      { type: "subscribe", product_ids: ["BTC-USD"], channels: ["user"], ...sign(), signature: "d3Jvbmc=" },
      "Authentication Failed",
      '{"message":"invalid signature"}',
    ],
    [
      "a wrong passphrase",
      { type: "subscribe", product_ids: ["BTC-USD"], channels: ["user"], ...sign(), passphrase: "x" },
      "Authentication Failed",
      '{"message":"Invalid Passphrase"}',
    ],
    [
      "an unknown key",
      { type: "subscribe", product_ids: ["BTC-USD"], channels: ["user"], ...sign("nobody") },
      "Authentication Failed",
      '{"message":"Invalid API Key"}',
    ],
    [
      "an old signature",
      { type: "subscribe", product_ids: ["BTC-USD"], channels: ["user"], ...signature("sandbox-1", NOW_MS - 31_000) },
      "Authentication Failed",
      '{"message":"request timestamp expired"}',
    ],
  ])("refuses %s as a whole, and says what still holds", async (_what, request, message, reason) => {
    await client.subscribe(["heartbeat"]);
    client.send(request);
    expect(await client.next("error")).toEqual({ type: "error", message, reason });
    expect((await client.next("subscriptions"))["channels"]).toEqual([{ name: "heartbeat", product_ids: ["BTC-USD"] }]);
    expect(world.feed.counts().topics).toBe(1);
  });

  it("refuses a second account on one socket", async () => {
    await client.subscribe(["user"], ["BTC-USD"], sign());
    client.send({ type: "subscribe", product_ids: ["ETH-USD"], channels: ["user"], ...sign("sandbox-2") });
    expect((await client.next("error"))["reason"]).toBe("this socket already speaks for another account");
  });
});

describe("level2", () => {
  it("begins with the whole book and goes on with sizes as they are", async () => {
    world.order(1, "buy", 9_999_00, 2 * BTC);
    world.order(2, "buy", 9_999_00, 1 * BTC);
    world.order(1, "buy", 9_998_00, 3 * BTC);
    const ask = world.order(2, "sell", 10_001_00, 5 * BTC);
    await client.subscribe(["level2"]);
    expect(await client.next()).toEqual({
      type: "snapshot",
      product_id: "BTC-USD",
      bids: [
        ["9999.00", "3.00000000"],
        ["9998.00", "3.00000000"],
      ],
      asks: [["10001.00", "5.00000000"]],
      time: TIME,
    });
    world.order(3, "buy", 10_001_00, 1 * BTC);
    expect(await client.next()).toEqual({
      type: "l2update",
      product_id: "BTC-USD",
      changes: [["sell", "10001.00", "4.00000000"]],
      time: TIME,
    });
    world.cancel(ask);
    expect((await client.next())["changes"]).toEqual([["sell", "10001.00", "0.00000000"]]);
  });

  it("sends a fresh snapshot to whoever asks again, and nothing of another product", async () => {
    await client.subscribe(["level2"]);
    await client.next("snapshot");
    world.order(1, "buy", 100_00, BTC, { productId: "ETH-USD" });
    world.order(1, "buy", 100_00, BTC);
    await client.subscribe(["level2"]);
    expect((await client.next("snapshot"))["bids"]).toEqual([["100.00", "1.00000000"]]);
    expect(client.messages.map(({ type, product_id: product }) => `${type} ${product}`)).toEqual([
      "subscriptions undefined",
      "snapshot BTC-USD",
      "l2update BTC-USD",
      "subscriptions undefined",
      "snapshot BTC-USD",
    ]);
  });

  it("joins the changes of one window in level2_batch", async () => {
    await client.subscribe(["level2_batch"]);
    expect((await client.next("snapshot"))["bids"]).toEqual([]);
    world.order(1, "buy", 100_00, BTC);
    world.order(1, "buy", 99_00, BTC);
    world.order(1, "buy", 100_00, BTC);
    expect((await client.next())["changes"]).toEqual([
      ["buy", "100.00", "2.00000000"],
      ["buy", "99.00", "1.00000000"],
    ]);
  });
});

describe("matches and ticker", () => {
  it("begin with the last trade, and go on with each", async () => {
    const maker = world.order(1, "sell", 100_00, BTC);
    const taker = world.order(2, "buy", 100_00, BTC / 4);
    const match = {
      trade_id: 1,
      maker_order_id: maker.orderId,
      taker_order_id: taker.orderId,
      side: "sell",
      size: "0.25000000",
      price: "100.00",
      product_id: "BTC-USD",
      sequence: 4,
      time: TIME,
    };
    await client.subscribe(["matches", "ticker"]);
    expect(await client.next()).toEqual({ type: "last_match", ...match });
    const ticker = {
      type: "ticker",
      sequence: 5,
      product_id: "BTC-USD",
      price: "100.00",
      open_24h: "100.00",
      volume_24h: "0.25000000",
      low_24h: "100.00",
      high_24h: "100.00",
      volume_30d: "0.25000000",
      best_bid: "0.00",
      best_bid_size: "0.00000000",
      best_ask: "100.00",
      best_ask_size: "0.75000000",
      side: "buy",
      time: TIME,
      trade_id: 1,
      last_size: "0.25000000",
    };
    expect(await client.next()).toEqual(ticker);
    world.order(3, "sell", 99_00, BTC / 2);
    const second = world.order(2, "buy", 99_00, BTC / 2);
    expect(await client.next()).toMatchObject({
      type: "match",
      trade_id: 2,
      price: "99.00",
      sequence: 9,
      taker_order_id: second.orderId,
    });
    expect(await client.next()).toEqual({
      ...ticker,
      sequence: 11,
      price: "99.00",
      low_24h: "99.00",
      volume_24h: "0.75000000",
      volume_30d: "0.75000000",
      trade_id: 2,
      last_size: "0.50000000",
    });
  });

  it("say nothing before the first trade, and one ticker for several matches of one frame", async () => {
    await client.subscribe(["matches", "ticker"]);
    world.order(1, "sell", 100_00, BTC);
    world.order(1, "sell", 101_00, BTC);
    world.order(2, "buy", 101_00, 2 * BTC);
    await client.settled();
    expect(client.rest().map(({ type, price }) => [type, price])).toEqual([
      ["match", "100.00"],
      ["match", "101.00"],
      ["ticker", "101.00"],
    ]);
  });
});

describe("full and user", () => {
  it("tell an order's life in the product's sequence without a hole", async () => {
    await client.subscribe(["full"]);
    const maker = world.order(1, "sell", 100_00, 2 * BTC, { clientOrderId: "mine" });
    const taker = world.order(2, "buy", 100_00, BTC / 2);
    world.cancel(maker);
    world.apply({ type: "mode-set", operator: "ops", productId: "BTC-USD", mode: "cancel-only", reason: "a drill" });
    await client.settled();
    const of = (order: { orderId: string; side: string }, sequence: number) => ({
      side: order.side,
      product_id: "BTC-USD",
      time: TIME,
      sequence,
      order_id: order.orderId,
    });
    expect(client.rest()).toEqual([
      { type: "received", ...of(maker, 1), order_type: "limit", size: "2.00000000", price: "100.00" },
      { type: "open", ...of(maker, 2), price: "100.00", remaining_size: "2.00000000" },
      { type: "received", ...of(taker, 3), order_type: "limit", size: "0.50000000", price: "100.00" },
      {
        type: "match",
        trade_id: 1,
        maker_order_id: maker.orderId,
        taker_order_id: taker.orderId,
        side: "sell",
        size: "0.50000000",
        price: "100.00",
        product_id: "BTC-USD",
        sequence: 4,
        time: TIME,
      },
      { type: "done", ...of(taker, 5), price: "100.00", reason: "filled", remaining_size: "0.00000000" },
      { type: "done", ...of(maker, 6), price: "100.00", reason: "canceled", remaining_size: "1.50000000" },
      { type: "mode", product_id: "BTC-USD", sequence: 7, time: TIME, mode: "cancel-only", reason: "a drill" },
    ]);
  });

  it("shows own fields to their owner alone, and own orders alone on user", async () => {
    const stranger = await world.open();
    const taker = await world.open();
    await client.subscribe(["user", "matches"], ["BTC-USD"], sign());
    await stranger.subscribe(["full", "matches"], ["BTC-USD"], sign("sandbox-3"));
    await taker.subscribe(["user"], ["BTC-USD"], sign("sandbox-2"));
    const made = world.order(1, "sell", 100_00, BTC, { clientOrderId: "mine" });
    world.order(2, "buy", 100_00, BTC);
    await Promise.all([client.settled(), stranger.settled(), taker.settled()]);
    const maker = { user_id: "sandbox-1", profile_id: "sandbox-1" };
    const own = client.rest();
    expect(own.map(({ type, sequence }) => [type, sequence])).toEqual([
      ["received", 1],
      ["open", 2],
      ["match", 4],
      ["match", 4],
      ["done", 5],
    ]);
    expect(own[0]).toMatchObject({ ...maker, order_id: made.orderId, client_oid: "mine" });
    for (const match of own.filter(({ type }) => type === "match")) {
      expect(match).toMatchObject({
        ...maker,
        maker_user_id: "sandbox-1",
        maker_profile_id: "sandbox-1",
        maker_fee_rate: "0.0040",
      });
      expect(Object.keys(match).filter((name) => name.startsWith("taker"))).toEqual(["taker_order_id"]);
    }
    const taken = taker.rest();
    expect(taken.map(({ type, sequence }) => [type, sequence])).toEqual([
      ["received", 3],
      ["match", 4],
      ["done", 6],
    ]);
    expect(taken[1]).toMatchObject({ user_id: "sandbox-2", taker_user_id: "sandbox-2", taker_fee_rate: "0.0060" });
    const seen = stranger.rest();
    expect(seen.map(({ type }) => type)).toEqual(["received", "open", "received", "match", "match", "done", "done"]);
    expect(JSON.stringify(seen)).not.toMatch(/sandbox|mine|user_id|profile_id|fee_rate|client_oid/);
  });

  it("keep own fields out of what was subscribed to without a signature, even on a socket that has signed", async () => {
    await client.subscribe(["matches"]);
    await client.subscribe(["user", "matches"], ["BTC-USD"], sign());
    world.order(1, "sell", 100_00, BTC);
    world.order(2, "buy", 100_00, BTC);
    await client.settled();
    const matches = client.rest().filter(({ type }) => type === "match");
    expect(matches.map((match) => "user_id" in match)).toEqual([true, false]);
  });

  it("leave out price and remaining size of market orders", async () => {
    world.order(1, "sell", 100_00, BTC);
    await client.subscribe(["full"]);
    world.order(2, "buy", 0, BTC, { orderType: "market", timeInForce: "IOC" });
    const received = await client.next("received");
    const done = await client.next("done", ({ order_id: id }) => id === received["order_id"]);
    expect(received).toMatchObject({ order_type: "market", size: "1.00000000" });
    expect(Object.keys(received)).not.toContain("price");
    expect([Object.keys(done).includes("remaining_size"), Object.keys(done).includes("price"), done["reason"]]).toEqual(
      [false, false, "filled"],
    );
  });
});

describe("the dead man's switch", () => {
  it("is told on user, once for each socket, when it is armed, frozen and fired", async () => {
    await client.subscribe(["user"], ["BTC-USD", "ETH-USD"], sign());
    const stranger = await world.open();
    await stranger.subscribe(["user", "full"], ["BTC-USD"], sign("sandbox-2"));
    world.order(1, "buy", 50_00, BTC);
    const mode = (name: "cancel-only" | "full") =>
      world.apply({ type: "mode-set", operator: "ops", productId: "BTC-USD", mode: name, reason: "a drill" });
    world.apply({ type: "cancel-after", accountId: "sandbox-1", timeoutMs: 4_000 });
    mode("cancel-only");
    mode("full");
    world.nowMs += 4_000;
    world.apply({ type: "tick" });
    await Promise.all([client.settled(), stranger.settled()]);
    const told = client.rest().filter(({ type }) => type === "cancel_after");
    expect(told.map(({ state }) => state)).toEqual(["armed", "frozen", "armed", "fired"]);
    expect(told[3]).toEqual({
      type: "cancel_after",
      state: "fired",
      time: "2026-11-26T12:00:04.000Z",
      user_id: "sandbox-1",
      profile_id: "sandbox-1",
    });
    expect(stranger.rest().filter(({ type }) => type === "cancel_after")).toEqual([]);
  });
});

describe("coming back to user", () => {
  it("tells how the account's orders stand, marked as a snapshot, once", async () => {
    const open = world.order(1, "sell", 100_00, 2 * BTC, { clientOrderId: "mine" });
    const done = world.order(1, "buy", 50_00, BTC);
    world.cancel(done);
    world.order(2, "buy", 100_00, BTC / 2);
    await client.subscribe(["user"], ["BTC-USD"], sign());
    const sequence = world.machine.product("BTC-USD")!.sequence;
    expect([await client.next(), await client.next()]).toEqual([
      {
        type: "done",
        snapshot: true,
        side: "buy",
        product_id: "BTC-USD",
        time: TIME,
        sequence,
        order_id: done.orderId,
        order_type: "limit",
        size: "1.00000000",
        price: "50.00",
        remaining_size: "1.00000000",
        reason: "canceled",
        user_id: "sandbox-1",
        profile_id: "sandbox-1",
      },
      {
        type: "received",
        snapshot: true,
        side: "sell",
        product_id: "BTC-USD",
        time: TIME,
        sequence,
        order_id: open.orderId,
        order_type: "limit",
        size: "2.00000000",
        price: "100.00",
        remaining_size: "1.50000000",
        client_oid: "mine",
        user_id: "sandbox-1",
        profile_id: "sandbox-1",
      },
    ]);
    await client.subscribe(["user"], ["BTC-USD"], sign());
    await client.settled();
    expect(client.rest()).toEqual([]);
  });

  it("leaves out what was done long ago", async () => {
    world.cancel(world.order(1, "buy", 50_00, BTC));
    world.nowMs += 300_001;
    world.apply({ type: "tick" });
    await client.subscribe(["user"], ["BTC-USD"], signature("sandbox-1", world.nowMs));
    await client.settled();
    expect(client.rest()).toEqual([]);
  });

  it("tells missed fills again to whoever names the last trade seen", async () => {
    const maker = world.order(1, "sell", 100_00, 2 * BTC);
    for (let trade = 1; trade <= 3; trade += 1) world.order(2, "buy", 100_00, BTC / 4);
    await client.subscribe(["user"], ["BTC-USD"], { ...sign(), after_trade_id: 1 });
    await client.settled();
    const fills = client.rest().filter(({ type }) => type === "match");
    expect(fills.map(({ trade_id: id }) => id)).toEqual([2, 3]);
    expect(fills[0]).toEqual({
      type: "match",
      snapshot: true,
      trade_id: 2,
      maker_order_id: maker.orderId,
      side: "sell",
      size: "0.25000000",
      price: "100.00",
      product_id: "BTC-USD",
      sequence: world.machine.product("BTC-USD")!.sequence,
      time: TIME,
      user_id: "sandbox-1",
      profile_id: "sandbox-1",
      maker_user_id: "sandbox-1",
      maker_profile_id: "sandbox-1",
      maker_fee_rate: "0.0040",
    });
  });
});

describe("heartbeat and status", () => {
  it("beats each second with what must have been seen", async () => {
    world.order(1, "sell", 100_00, BTC);
    world.order(2, "buy", 100_00, BTC);
    await client.subscribe(["heartbeat"]);
    const beat = { type: "heartbeat", sequence: 6, last_trade_id: 1, product_id: "BTC-USD", time: TIME };
    expect([await client.next(), await client.next()]).toEqual([beat, beat]);
  });

  it("tells the mode of every product at once, with since, reason and epoch", async () => {
    await client.subscribe(["status"], []);
    const first = await client.next("status");
    expect(first["products"].map(({ id, mode }: { id: string; mode: string }) => [id, mode])).toEqual([
      ["BTC-USD", "full"],
      ["ETH-USD", "full"],
    ]);
    expect(first["currencies"].map(({ id }: { id: string }) => id)).toEqual(["BTC", "ETH", "USD"]);
    world.nowMs += 5_000;
    world.apply({ type: "epoch-start", operator: "ops", epoch: 3 });
    world.apply({ type: "mode-set", operator: "ops", productId: "ETH-USD", mode: "maintenance", reason: "an upgrade" });
    const [btc, eth] = (await client.next("status"))["products"];
    expect(btc).toMatchObject({ mode: "full", status: "online", trading_disabled: false, epoch: 3 });
    expect(eth).toMatchObject({
      mode: "maintenance",
      mode_since: "2026-11-26T12:00:05.000Z",
      mode_reason: "an upgrade",
      epoch: 3,
      status: "offline",
      trading_disabled: true,
      cancel_only: false,
    });
  });

  it("tells new currencies and products", async () => {
    await client.subscribe(["status"], []);
    await client.next("status");
    world.apply({ type: "currency-create", operator: "ops", id: "SOL", name: "Solana", scale: 9 });
    expect((await client.next("status"))["currencies"]).toHaveLength(4);
  });
});
