/**
 * Proves, with exact bodies, what each route of the surface answers when all is well: market data, orders, accounts, pages, modes. Does not
 * prove that clients understand it (test/exchange/clients), nor what bad input gets (errors.test.ts, fuzz.test.ts).
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Command, ProductMode } from "../../../exchange/machine/commands";
import { type Reply, type Surface, surface } from "./harness";

/** 2026-01-02T03:04:05Z, where the clock stands. */
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const TIME = "2026-01-02T03:04:05.000Z";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

let here: Surface;
beforeEach(async () => {
  here = await surface({ clockMs: NOW });
});
afterEach(() => here.close());

async function get(path: string, as?: string): Promise<unknown> {
  const reply = await here.ask({ path, ...(as === undefined ? {} : { as }) });
  expect({ path, status: reply.status, text: reply.status === 200 ? "" : reply.text }).toEqual({
    path,
    status: 200,
    text: "",
  });
  return reply.body;
}

async function place(as: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const reply = await here.ask({ method: "POST", path: "/orders", as, body });
  expect({ status: reply.status, text: reply.status === 200 ? "" : reply.text }).toEqual({ status: 200, text: "" });
  return reply.body as Record<string, unknown>;
}

const limit = (side: string, price: string, size: string, more: object = {}): Record<string, unknown> => ({
  type: "limit",
  side,
  product_id: "BTC-USD",
  price,
  size,
  ...more,
});

describe("market data", () => {
  it("shows products, currencies and time", async () => {
    const product = {
      id: "BTC-USD",
      base_currency: "BTC",
      quote_currency: "USD",
      quote_increment: "0.01",
      base_increment: "0.00000001",
      base_min_size: "0.00000001",
      display_name: "BTC/USD",
      min_market_funds: "1.0000000000000000",
      margin_enabled: false,
      fx_stablecoin: false,
      post_only: false,
      limit_only: false,
      cancel_only: false,
      trading_disabled: false,
      auction_mode: false,
      status: "online",
      status_message: "",
    };
    expect(await get("/products/BTC-USD")).toEqual(product);
    const products = (await get("/products")) as { id: string }[];
    expect(products.map(({ id }) => id)).toEqual(["BTC-USD", "ETH-USD"]);
    expect(products[0]).toEqual(product);
    const currencies = (await get("/currencies")) as { id: string }[];
    expect(currencies.map(({ id }) => id)).toEqual(["BTC", "ETH", "USD"]);
    expect(await get("/currencies/BTC")).toMatchObject({
      id: "BTC",
      name: "Bitcoin",
      min_size: "0.00000001",
      max_precision: "0.00000001",
      status: "online",
      details: { type: "crypto" },
    });
    expect(await get("/time")).toEqual({ iso: TIME, epoch: NOW / 1_000 });
  });

  it("shows the book at three levels", async () => {
    const first = await place("sandbox-1", limit("buy", "100.10", "1.5"));
    const second = await place("sandbox-2", limit("buy", "100.10", "0.5"));
    await place("sandbox-1", limit("buy", "99", "2"));
    const ask = await place("sandbox-1", limit("sell", "101", "0.25"));
    const { sequence, ...level1 } = (await get("/products/BTC-USD/book")) as Record<string, unknown>;
    expect(level1).toEqual({
      bids: [["100.10", "2.00000000", 2]],
      asks: [["101.00", "0.25000000", 1]],
      auction_mode: false,
      time: TIME,
    });
    expect(sequence).toBe(here.local.machine.product("BTC-USD")?.sequence);
    expect(await get("/products/BTC-USD/book?level=2")).toMatchObject({
      bids: [
        ["100.10", "2.00000000", 2],
        ["99.00", "2.00000000", 1],
      ],
      asks: [["101.00", "0.25000000", 1]],
    });
    expect(await get("/products/BTC-USD/book?level=3")).toMatchObject({
      bids: [
        ["100.10", "1.50000000", first["id"]],
        ["100.10", "0.50000000", second["id"]],
        ["99.00", "2.00000000", expect.stringMatching(UUID)],
      ],
      asks: [["101.00", "0.25000000", ask["id"]]],
    });
  });

  it("writes a book of single orders anew at most ten times a second, and gives one that has not changed to anybody", async () => {
    let nowMs = 0;
    const other = await surface({ monotonicMs: () => nowMs });
    const look = async (): Promise<number> => (await other.ask({ path: "/products/BTC-USD/book?level=3" })).status;
    const move = (price: string): Promise<unknown> =>
      other.ask({ method: "POST", path: "/orders", as: "sandbox-1", body: limit("buy", price, "1") });
    const seen: number[] = [];
    for (let price = 1; price <= 25; price += 1) {
      await move(String(price));
      seen.push(await look(), await look());
    }
    expect(seen.slice(0, 40)).toEqual(Array.from({ length: 40 }, () => 200));
    expect(seen.slice(40)).toEqual(Array.from({ length: 10 }, () => 503));
    expect((await other.ask({ path: "/products/BTC-USD/book?level=2" })).status).toBe(200);
    nowMs = 100;
    expect([await look(), await look()]).toEqual([200, 200]);
    await move("26");
    expect(await look()).toBe(503);
    await other.close();
  });

  it("shows trades, ticker, candles and figures, empty at first", async () => {
    expect(await get("/products/BTC-USD/trades")).toEqual([]);
    expect(await get("/products/BTC-USD/ticker")).toEqual({ volume: "0.00000000" });
    expect(await get("/products/BTC-USD/candles?granularity=60")).toEqual([]);
    expect(await get("/products/BTC-USD/stats")).toEqual({
      open: "0.00",
      high: "0.00",
      low: "0.00",
      last: "0.00",
      volume: "0.00000000",
      volume_30day: "0.00000000",
    });
    await place("sandbox-1", limit("sell", "100", "1"));
    await place("sandbox-1", limit("sell", "102", "1"));
    await place("sandbox-2", limit("buy", "102", "1.5"));
    const trade = (tradeId: number, price: string, size: string): object => ({
      trade_id: tradeId,
      side: "sell",
      size,
      price,
      time: TIME,
    });
    expect(await get("/products/BTC-USD/trades")).toEqual([
      trade(2, "102.00", "0.50000000"),
      trade(1, "100.00", "1.00000000"),
    ]);
    expect(await get("/products/BTC-USD/ticker")).toEqual({
      trade_id: 2,
      price: "102.00",
      size: "0.50000000",
      time: TIME,
      ask: "102.00",
      volume: "1.50000000",
    });
    const start = Math.floor(NOW / 60_000) * 60;
    expect(await get("/products/BTC-USD/candles")).toEqual([[start, 100, 102, 100, 102, 1.5]]);
    const { text } = await here.ask({ path: "/products/BTC-USD/candles" });
    expect(text).toBe(`[[${String(start)},100.00,102.00,100.00,102.00,1.50000000]]`);
    expect(await get(`/products/BTC-USD/candles?start=${String(start + 60)}`)).toEqual([]);
    expect(await get("/products/BTC-USD/candles?start=2026-01-02T03:04:00Z&end=2026-01-02T03:05:00Z")).toHaveLength(1);
    expect(await get("/products/spark-lines")).toEqual({
      "BTC-USD": [[Math.floor(NOW / 3_600_000) * 3_600, 100, 102, 100, 102]],
      "ETH-USD": [],
    });
    expect(await get("/products/BTC-USD/stats")).toEqual({
      open: "100.00",
      high: "102.00",
      low: "100.00",
      last: "102.00",
      volume: "1.50000000",
      volume_30day: "1.50000000",
    });
  });

  it.each<[ProductMode, object]>([
    ["full", { status: "online", status_message: "" }],
    ["limit-only", { limit_only: true, status: "online", status_message: "why" }],
    ["post-only", { post_only: true, status: "online", status_message: "why" }],
    ["cancel-only", { cancel_only: true, status: "online", status_message: "why" }],
    ["read-only", { trading_disabled: true, status: "offline", status_message: "why" }],
    ["maintenance", { trading_disabled: true, status: "offline", status_message: "under maintenance: why" }],
  ])("shows mode %s in the flags and in /status", async (mode, flags) => {
    const command: Command = { type: "mode-set", operator: "ops", productId: "BTC-USD", mode, reason: "why" };
    await here.local.exchange.submit(command);
    const none = { limit_only: false, post_only: false, cancel_only: false, trading_disabled: false };
    expect(await get("/products/BTC-USD")).toMatchObject({ ...none, ...flags });
    expect(await get("/status")).toMatchObject({
      epoch: 0,
      cloud: "local",
      region: "local",
      products: [
        { id: "BTC-USD", mode, since: TIME, reason: "why", epoch: 0 },
        { id: "ETH-USD", mode: "full" },
      ],
    });
  });
});

describe("orders", () => {
  it("places, reads and cancels, by either id", async () => {
    const order = await place("sandbox-1", limit("buy", "100.5", "0.10", { client_oid: "mine-1" }));
    const id = String(order["id"]);
    expect(order).toEqual({
      id: expect.stringMatching(UUID),
      client_oid: "mine-1",
      price: "100.50",
      size: "0.10000000",
      product_id: "BTC-USD",
      profile_id: "sandbox-1",
      side: "buy",
      stp: "dc",
      type: "limit",
      time_in_force: "GTC",
      post_only: false,
      created_at: TIME,
      fill_fees: "0.0000000000000000",
      filled_size: "0.00000000",
      executed_value: "0.0000000000000000",
      status: "open",
      settled: false,
    });
    expect(await get(`/orders/${id}`, "sandbox-1")).toEqual(order);
    expect(await get("/orders/client:mine-1", "sandbox-1")).toEqual(order);
    expect(await get("/orders", "sandbox-1")).toEqual([order]);
    const again = await place("sandbox-1", limit("sell", "7", "7", { client_oid: "mine-1" }));
    expect(again).toEqual(order);
    const cancel = await here.ask({
      method: "DELETE",
      path: `/orders/${id}`,
      as: "sandbox-1",
      body: { product_id: "BTC/USD" },
    });
    expect([cancel.status, cancel.body]).toEqual([200, id]);
    const done = { ...order, status: "done", done_reason: "canceled", done_at: TIME, settled: true };
    expect(await get("/orders/client:mine-1", "sandbox-1")).toEqual(done);
    expect(await get("/orders", "sandbox-1")).toEqual([]);
    expect(await get("/orders?status=done", "sandbox-1")).toEqual([done]);
    expect(await get("/orders?status=open&status=done", "sandbox-1")).toEqual([done]);
  });

  it("cancels by the client's id, one product, or everything", async () => {
    const one = await place("sandbox-1", limit("buy", "1", "1", { client_oid: "a" }));
    const two = await place("sandbox-1", limit("buy", "2", "1"));
    const three = await place("sandbox-1", { ...limit("buy", "3", "1"), product_id: "ETH-USD" });
    const foreign = await place("sandbox-2", limit("buy", "2", "1"));
    const remove = async (path: string, body?: unknown): Promise<unknown> =>
      (await here.ask({ method: "DELETE", path, as: "sandbox-1", ...(body === undefined ? {} : { body }) })).body;
    expect(await remove("/orders/client:a")).toBe("a");
    expect(await get(`/orders/${String(one["id"])}`, "sandbox-1")).toMatchObject({ done_reason: "canceled" });
    expect(await remove("/orders?product_id=ETH-USD")).toEqual([three["id"]]);
    expect(await remove("/orders", { product_id: "ETH/USD" })).toEqual([]);
    expect(await remove("/orders")).toEqual([two["id"]]);
    expect(await get("/orders", "sandbox-2")).toEqual([foreign]);
  });

  it("takes every kind of order, and numbers as JSON numbers", async () => {
    await place("sandbox-1", limit("sell", "100", "3"));
    const market = await place("sandbox-2", { type: "market", side: "buy", product_id: "BTC-USD", size: 1 });
    expect(market).toMatchObject({
      type: "market",
      time_in_force: "IOC",
      size: "1.00000000",
      filled_size: "1.00000000",
      executed_value: "100.0000000000000000",
      fill_fees: "0.6000000000000000",
      status: "done",
      done_reason: "filled",
      settled: true,
    });
    const funds = await place("sandbox-2", { type: "market", side: "buy", product_id: "BTC-USD", funds: "50.3" });
    expect(funds).toMatchObject({ funds: "50.3000000000000000", filled_size: "0.50000000", done_reason: "filled" });
    expect(await place("sandbox-2", limit("buy", "100", "0.5", { time_in_force: "IOC" }))).toMatchObject({
      status: "done",
      time_in_force: "IOC",
    });
    expect(await place("sandbox-2", limit("buy", "100", "9", { time_in_force: "FOK" }))).toMatchObject({
      status: "done",
      done_reason: "canceled",
      filled_size: "0.00000000",
    });
    expect(
      await place("sandbox-2", limit("buy", "9.5", "1", { time_in_force: "GTT", cancel_after: "hour", stp: "cn" })),
    ).toMatchObject({ status: "open", stp: "cn", time_in_force: "GTT", expire_time: "2026-01-02T04:04:05.000Z" });
    expect(await place("sandbox-2", limit("buy", "101", "1", { post_only: true }))).toMatchObject({
      status: "rejected",
      reject_reason: "post only",
      post_only: true,
    });
    expect(await get("/orders?status=rejected", "sandbox-2")).toHaveLength(1);
    // More digits than a double has
    const raw = '{"type":"market","side":"buy","product_id":"BTC-USD","funds":50.3000000000000001}';
    const exact = await here.ask({ method: "POST", path: "/orders", as: "sandbox-3", body: raw });
    expect(exact.body).toMatchObject({ funds: "50.3000000000000001" });
    const plain = await place("sandbox-3", { side: "buy", product_id: "BTC-USD", price: 0.5, size: 2 });
    expect(plain).toMatchObject({ type: "limit", price: "0.50", size: "2.00000000" });
  });

  it("pages through orders by cursor, and filters by product and time", async () => {
    const ids: unknown[] = [];
    for (const price of ["1", "2", "3", "4", "5"])
      ids.unshift((await place("sandbox-1", limit("buy", price, "1")))["id"]);
    const page = async (query: string): Promise<[unknown[], unknown, unknown]> => {
      const reply = await here.ask({ path: `/orders${query}`, as: "sandbox-1" });
      const orders = reply.body as { id: string }[];
      return [orders.map(({ id }) => id), reply.headers["cb-before"], reply.headers["cb-after"]];
    };
    expect(await page("?limit=2")).toEqual([ids.slice(0, 2), ids[0], ids[1]]);
    expect(await page(`?limit=2&after=${String(ids[1])}`)).toEqual([ids.slice(2, 4), ids[2], ids[3]]);
    expect(await page(`?after=${String(ids[3])}`)).toEqual([ids.slice(4), ids[4], ids[4]]);
    expect(await page(`?after=${String(ids[3]).toUpperCase()}`)).toEqual([ids.slice(4), ids[4], ids[4]]);
    // A cursor that is not in the list itself: closed since, or of another product
    const closed = await place("sandbox-1", limit("buy", "6", "1"));
    const newest = (await place("sandbox-1", limit("buy", "7", "1")))["id"];
    await here.ask({ method: "DELETE", path: `/orders/${String(closed["id"])}`, as: "sandbox-1" });
    expect(await page(`?before=${String(closed["id"])}`)).toEqual([[newest], newest, newest]);
    const other = (await place("sandbox-1", { ...limit("buy", "3", "1"), product_id: "ETH-USD" }))["id"];
    expect(await page(`?product_id=BTC-USD&before=${String(other)}`)).toEqual([[], undefined, undefined]);
    for (const id of [newest, other])
      await here.ask({ method: "DELETE", path: `/orders/${String(id)}`, as: "sandbox-1" });
    expect(await page(`?before=${String(ids[2])}`)).toEqual([ids.slice(0, 2), ids[0], ids[1]]);
    expect(await page("?product_id=ETH-USD")).toEqual([[], undefined, undefined]);
    expect(await page("?sorting=asc&limit=5")).toEqual([[...ids].reverse(), ids[4], ids[0]]);
    expect((await page("?start_date=2026-01-02T03:04:06Z"))[0]).toEqual([]);
    expect((await page("?end_date=2026-01-02T03:04:06Z&limit=3"))[0]).toEqual(ids.slice(0, 3));
  });

  it("arms and disarms the dead man's switch", async () => {
    const say = async (seconds: number): Promise<Reply> =>
      here.ask({ method: "POST", path: "/orders/cancel-after", as: "sandbox-1", body: { timeout_seconds: seconds } });
    expect((await say(60)).body).toEqual({
      current_time: TIME,
      trigger_time: "2026-01-02T03:05:05.000Z",
      state: "armed",
    });
    expect(here.local.machine.cancelAfterDeadline("sandbox-1")).toBe(NOW + 60_000);
    expect((await say(0)).body).toEqual({ current_time: TIME, trigger_time: null, state: "disarmed" });
  });

  it("says that a switch is frozen, which is not the same as none", async () => {
    await place("sandbox-1", limit("buy", "90", "1"));
    const mode = { product_id: "BTC-USD", mode: "cancel-only", reason: "one region is lost" };
    expect((await here.ask({ method: "POST", path: "/operator/modes", as: "operator:ops", body: mode })).status).toBe(
      200,
    );
    const body = { timeout_seconds: 60 };
    const reply = await here.ask({ method: "POST", path: "/orders/cancel-after", as: "sandbox-1", body });
    expect(reply.body).toEqual({ current_time: TIME, trigger_time: null, state: "frozen" });
    const account = await here.ask({ path: "/operator/accounts/sandbox-1", as: "operator:ops" });
    expect(account.body).toMatchObject({ open_orders: 1, cancel_after: null, cancel_after_state: "frozen" });
  });
});

describe("accounts", () => {
  const idOf = async (currency: string): Promise<string> => {
    const accounts = (await get("/accounts", "sandbox-2")) as { id: string; currency: string }[];
    return accounts.find((account) => account.currency === currency)?.id ?? "";
  };

  it("shows balances, holds, ledger, fills, fees, profile and transfers", async () => {
    const maker = await place("sandbox-1", limit("sell", "100", "1"));
    const taker = await place("sandbox-2", limit("buy", "100", "3"));
    const usd = await idOf("USD");
    const account = {
      id: expect.stringMatching(UUID) as string,
      currency: "USD",
      // 100 and a taker's fee of 0.6 are gone; 200 and 1.2 are held
      balance: "99999899.4000000000000000",
      hold: "201.2000000000000000",
      available: "99999698.2000000000000000",
      profile_id: "sandbox-2",
      trading_enabled: true,
      display_name: "USD",
    };
    expect(await get(`/accounts/${usd}`, "sandbox-2")).toEqual(account);
    expect(await get("/accounts", "sandbox-2")).toHaveLength(3);
    expect(await get(`/accounts/${usd}/holds`, "sandbox-2")).toEqual([
      {
        id: expect.stringMatching(UUID),
        created_at: TIME,
        amount: "201.2000000000000000",
        type: "order",
        ref: taker["id"],
      },
    ]);
    expect(await get(`/accounts/${await idOf("BTC")}/holds`, "sandbox-2")).toEqual([]);
    const ledger = (await get(`/accounts/${usd}/ledger`, "sandbox-2")) as Record<string, unknown>[];
    const details = { order_id: taker["id"], product_id: "BTC-USD", trade_id: "1" };
    expect(ledger.map(({ id: _id, ...entry }) => entry)).toEqual([
      { amount: "-0.6000000000000000", balance: "99999899.4000000000000000", created_at: TIME, type: "fee", details },
      {
        amount: "-100.0000000000000000",
        balance: "99999900.0000000000000000",
        created_at: TIME,
        type: "match",
        details,
      },
      {
        amount: "100000000.0000000000000000",
        balance: "100000000.0000000000000000",
        created_at: TIME,
        type: "transfer",
        details: { transfer_type: "deposit", reference: "sandbox-USD" },
      },
    ]);
    const fill = (
      order: Record<string, unknown>,
      as: string,
      side: string,
      liquidity: string,
      fee: string,
    ): object => ({
      trade_id: 1,
      product_id: "BTC-USD",
      order_id: order["id"],
      user_id: as,
      profile_id: as,
      liquidity,
      price: "100.00",
      size: "1.00000000",
      fee,
      created_at: TIME,
      side,
      settled: true,
    });
    expect(await get("/fills?product_id=BTC-USD", "sandbox-2")).toEqual([
      fill(taker, "sandbox-2", "buy", "T", "0.6000000000000000"),
    ]);
    expect(await get(`/fills?order_id=${String(maker["id"])}`, "sandbox-1")).toEqual([
      fill(maker, "sandbox-1", "sell", "M", "0.4000000000000000"),
    ]);
    expect(await get("/fills?product_id=ETH-USD", "sandbox-1")).toEqual([]);
    expect(await get("/fees", "sandbox-1")).toEqual({
      maker_fee_rate: "0.0040",
      taker_fee_rate: "0.0060",
      usd_volume: null,
    });
    const profile = {
      id: "sandbox-1",
      user_id: "sandbox-1",
      name: "default",
      active: true,
      is_default: true,
      has_margin: false,
    };
    expect(await get("/profiles", "sandbox-1")).toEqual([profile]);
    expect(await get("/profiles/sandbox-1", "sandbox-1")).toEqual(profile);
    const transfers = (await get("/transfers", "sandbox-2")) as { currency: string }[];
    expect(transfers.map(({ currency }) => currency).sort()).toEqual(["BTC", "ETH", "USD"]);
    expect(await get("/transfers?type=withdraw", "sandbox-2")).toEqual([]);
    expect(await get(`/accounts/${usd}/transfers`, "sandbox-2")).toEqual([
      expect.objectContaining({
        type: "deposit",
        amount: "100000000.0000000000000000",
        currency: "USD",
        account_id: usd,
        canceled_at: null,
      }),
    ]);
  });

  it("pages through trades, fills and the ledger by cursor", async () => {
    for (let number = 1; number <= 5; number += 1) {
      await place("sandbox-1", limit("sell", "100", "1"));
      await place("sandbox-2", limit("buy", "100", "1"));
    }
    const page = async (path: string, field: string, as?: string): Promise<[unknown[], unknown, unknown]> => {
      const reply = await here.ask({ path, ...(as === undefined ? {} : { as }) });
      const list = reply.body as Record<string, unknown>[];
      return [list.map((entry) => entry[field]), reply.headers["cb-before"], reply.headers["cb-after"]];
    };
    expect(await page("/products/BTC-USD/trades?limit=2", "trade_id")).toEqual([[5, 4], "5", "4"]);
    expect(await page("/products/BTC-USD/trades?limit=2&after=4", "trade_id")).toEqual([[3, 2], "3", "2"]);
    expect(await page("/products/BTC-USD/trades?before=3", "trade_id")).toEqual([[5, 4], "5", "4"]);
    const [trades, before, after] = await page("/fills?limit=2", "trade_id", "sandbox-2");
    expect(trades).toEqual([5, 4]);
    expect((await page(`/fills?limit=2&after=${String(after)}`, "trade_id", "sandbox-2"))[0]).toEqual([3, 2]);
    expect((await page(`/fills?before=${String(before)}`, "trade_id", "sandbox-2"))[0]).toEqual([]);
    const usd = await idOf("USD");
    const [types, , last] = await page(`/accounts/${usd}/ledger?limit=3`, "type", "sandbox-2");
    expect(types).toEqual(["fee", "match", "fee"]);
    expect((await page(`/accounts/${usd}/ledger?limit=3&after=${String(last)}`, "type", "sandbox-2"))[0]).toEqual([
      "match",
      "fee",
      "match",
    ]);
  });
});
