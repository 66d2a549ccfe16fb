/**
 * Proves that ccxt's `coinbaseexchange`, as it is published, works against a real node process: every public and private call that it
 * offers and this exchange has, each kind of order, and the error class that each refusal becomes. What is retried is in
 * ccxt-retries.test.ts, streams are in test/exchange/feed/ccxt-pro.test.ts. Does not prove that Coinbase answers the same in every byte.
 */
import { randomUUID } from "node:crypto";
import ccxt, { type coinbaseexchange } from "ccxt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openWorld, type World } from "./world";

const SYMBOL = "BTC/USD";
/** Every order of this exchange has an id, which ccxt's types do not promise. */
const idOf = (order: { id?: string | undefined }): string => order.id ?? "";

let world: World;
let maker: coinbaseexchange;
let taker: coinbaseexchange;

/** A client as its users make one: keys and base URL, no other option but no waiting between requests. */
function client(account: string, url = world.node.url, more: object = {}): coinbaseexchange {
  return new ccxt.coinbaseexchange({
    apiKey: account,
    secret: Buffer.from(`${account}-secret`).toString("base64"),
    password: account,
    urls: { api: { public: url, private: url } },
    enableRateLimit: false,
    ...more,
  });
}

beforeAll(async () => {
  world = await openWorld();
  [maker, taker] = [client("sandbox-1"), client("sandbox-2")];
});
afterAll(() => world.close());
afterEach(async () => {
  await Promise.all([maker.cancelAllOrders(), taker.cancelAllOrders()]);
});

describe("markets", () => {
  it("tell the time, products and currencies", async () => {
    expect(Math.abs(Number(await maker.fetchTime()) - Date.now())).toBeLessThan(5_000);
    const markets = (await maker.fetchMarkets()).map((market) => [
      market?.symbol,
      market?.active,
      market?.precision,
      market?.limits.cost,
    ]);
    const precision = { amount: 1e-8, price: 0.01 };
    expect(markets).toEqual([
      ["BTC/USD", true, precision, { min: 1, max: undefined }],
      ["ETH/USD", true, precision, { min: 1, max: undefined }],
    ]);
    const currencies = Object.values(await maker.fetchCurrencies()).map(({ code, precision, active }) => [
      code,
      precision,
      active,
    ]);
    expect(currencies).toEqual([
      ["BTC", 1e-8, true],
      ["ETH", 1e-8, true],
      ["USD", 1e-16, true],
    ]);
  });

  it("show the book with its sequence, and trades in ticker, list, candles and spark lines", async () => {
    await maker.createOrder(SYMBOL, "limit", "sell", 2, 101);
    await maker.createOrder(SYMBOL, "limit", "sell", 1, 101);
    await maker.createOrder(SYMBOL, "limit", "buy", 1, 99);
    const before = await maker.fetchOrderBook(SYMBOL);
    // price, size, number of orders
    expect([before.asks, before.bids]).toEqual([[[101, 3, 2]], [[99, 1, 1]]]);
    await taker.createOrder(SYMBOL, "limit", "buy", 0.5, 101);
    const after = await maker.fetchOrderBook(SYMBOL);
    expect(after.asks).toEqual([[101, 2.5, 2]]);
    // received, match, done of the taker's order
    expect(Number(after.nonce) - Number(before.nonce)).toBe(3);
    const ticker = await maker.fetchTicker(SYMBOL);
    expect([ticker.last, ticker.bid, ticker.ask, ticker.baseVolume]).toEqual([101, 99, 101, 0.5]);
    const [trade, ...older] = await maker.fetchTrades(SYMBOL, undefined, 1);
    expect([trade?.price, trade?.amount, trade?.side, older]).toEqual([101, 0.5, "buy", []]);
    const [candle] = await maker.fetchOHLCV(SYMBOL, "1m");
    expect(candle?.slice(1)).toEqual([101, 101, 101, 101, 0.5]);
    expect((await maker.fetchTickers())[SYMBOL]?.last).toBe(101);
  });
});

describe("an account", () => {
  it("has balances, of which orders hold a part", async () => {
    const account = client("sandbox-3");
    await account.createOrder(SYMBOL, "limit", "buy", 2, 50);
    const { BTC, USD } = await account.fetchBalance();
    expect(BTC).toEqual({ free: 1000, used: 0, total: 1000 });
    // the value and the larger fee, 60 basis points
    expect(USD).toEqual({ free: 100_000_000 - 100.6, used: 100.6, total: 100_000_000 });
    await account.cancelAllOrders();
    expect((await account.fetchBalance())["USD"]).toEqual({ free: 100_000_000, used: 0, total: 100_000_000 });
  });

  it("has an account for each currency, fees, a ledger and transfers", async () => {
    const account = client("sandbox-4");
    expect((await account.fetchAccounts()).map(({ code }) => code)).toEqual(["BTC", "ETH", "USD"]);
    const fees = await account.fetchTradingFees();
    expect(Object.entries(fees).map(([symbol, { maker, taker }]) => [symbol, maker, taker])).toEqual([
      ["BTC/USD", 0.004, 0.006],
      ["ETH/USD", 0.004, 0.006],
    ]);
    expect((await account.fetchLedger("BTC")).map(({ amount, after, type }) => [amount, after, type])).toEqual([
      [1000, 1000, "transfer"],
    ]);
    expect((await account.fetchDeposits("ETH")).map(({ amount, type }) => [amount, type])).toEqual([
      [10_000, "deposit"],
    ]);
    expect(await account.fetchWithdrawals("ETH")).toEqual([]);
  });
});

describe("orders", () => {
  const shown = (order: Awaited<ReturnType<coinbaseexchange["fetchOrder"]>>): unknown[] => [
    order.status,
    order.type,
    order.side,
    order.price,
    order.amount,
    order.filled,
    order.timeInForce,
    order.postOnly,
  ];

  it("rest, are found by either id, and are cancelled", async () => {
    const clientOrderId = randomUUID();
    const id = idOf(await maker.createOrder(SYMBOL, "limit", "buy", 0.1, 90.5, { clientOrderId }));
    const open = ["open", "limit", "buy", 90.5, 0.1, 0, "GTC", false];
    expect(shown(await maker.fetchOrder(id))).toEqual(open);
    const named = await maker.fetchOrder("", SYMBOL, { clientOrderId });
    expect([named.id, named.clientOrderId]).toEqual([id, clientOrderId]);
    expect((await maker.fetchOpenOrders(SYMBOL)).map((order) => order.id)).toEqual([id]);
    await maker.cancelOrder(id, SYMBOL);
    expect((await maker.fetchOrder(id)).status).toBe("canceled");
    expect(await maker.fetchOpenOrders(SYMBOL)).toEqual([]);
    expect((await maker.fetchClosedOrders(SYMBOL)).map((order) => order.id)).toContain(id);
    expect((await maker.fetchOrders(SYMBOL)).map((order) => order.id)).toContain(id);
  });

  it("are cancelled by the client's id, and all together", async () => {
    const clientOrderId = randomUUID();
    await maker.createOrder(SYMBOL, "limit", "buy", 0.1, 90, { clientOrderId });
    await maker.cancelOrder("", SYMBOL, { clientOrderId });
    expect((await maker.fetchOrder("", SYMBOL, { clientOrderId })).status).toBe("canceled");
    await maker.createOrder(SYMBOL, "limit", "buy", 0.1, 90);
    await maker.createOrder("ETH/USD", "limit", "buy", 1, 9);
    await maker.cancelAllOrders("ETH/USD");
    expect((await maker.fetchOpenOrders()).map(({ symbol }) => symbol)).toEqual([SYMBOL]);
    await maker.cancelAllOrders();
    expect(await maker.fetchOpenOrders()).toEqual([]);
  });

  it("trade, with fees for both sides to the last digit", async () => {
    const sold = await maker.createOrder(SYMBOL, "limit", "sell", 0.3, 200);
    const bought = await taker.createOrder(SYMBOL, "limit", "buy", 0.1, 210);
    expect(shown(await taker.fetchOrder(idOf(bought)))).toEqual([
      "closed",
      "limit",
      "buy",
      210,
      0.1,
      0.1,
      "GTC",
      false,
    ]);
    expect(shown(await maker.fetchOrder(idOf(sold)))).toEqual(["open", "limit", "sell", 200, 0.3, 0.1, "GTC", false]);
    const [fill] = await taker.fetchMyTrades(SYMBOL, undefined, 1);
    expect([fill?.order, fill?.price, fill?.amount, fill?.cost, fill?.takerOrMaker, fill?.fee]).toEqual([
      bought.id,
      200,
      0.1,
      20,
      "taker",
      { cost: 0.12, currency: "USD", rate: 0.006 },
    ]);
    const [made] = await maker.fetchOrderTrades(idOf(sold), SYMBOL);
    expect([made?.side, made?.takerOrMaker, made?.fee?.cost]).toEqual(["sell", "maker", 0.08]);
    expect((await taker.fetchOrder(idOf(bought))).fee).toEqual({ cost: 0.12, currency: "USD", rate: undefined });
  });

  it("take the market by size and by money", async () => {
    await maker.createOrder(SYMBOL, "limit", "sell", 1, 100);
    const bySize = await taker.createOrder(SYMBOL, "market", "buy", 0.25);
    expect([bySize.status, bySize.filled, bySize.cost]).toEqual(["closed", 0.25, 25]);
    const byMoney = await taker.createOrder(SYMBOL, "market", "buy", 0, undefined, { cost: 10.06 });
    expect([byMoney.filled, byMoney.cost, byMoney.fee?.cost]).toEqual([0.1, 10, 0.06]);
  });

  it("are taken at once or not at all where they say so", async () => {
    await maker.createOrder(SYMBOL, "limit", "sell", 0.1, 100);
    const killed = await taker.createOrder(SYMBOL, "limit", "buy", 0.2, 100, { timeInForce: "FOK" });
    expect([killed.status, killed.filled]).toEqual(["canceled", 0]);
    const partly = await taker.createOrder(SYMBOL, "limit", "buy", 0.2, 100, { timeInForce: "IOC" });
    expect([partly.status, partly.filled]).toEqual(["canceled", 0.1]);
    const timed = await taker.createOrder(SYMBOL, "limit", "buy", 0.2, 50, { timeInForce: "GTT", cancel_after: "min" });
    expect([timed.status, timed.timeInForce]).toEqual(["open", "GTT"]);
  });

  it("never take where they are post-only", async () => {
    await maker.createOrder(SYMBOL, "limit", "sell", 0.1, 100);
    const crossing = await taker.createOrder(SYMBOL, "limit", "buy", 0.1, 100, { postOnly: true });
    expect([crossing.status, crossing.filled]).toEqual(["rejected", 0]);
    const resting = await taker.createOrder(SYMBOL, "limit", "buy", 0.1, 99, { postOnly: true });
    expect([resting.status, resting.postOnly]).toEqual(["open", true]);
  });
});

describe("a refusal", () => {
  /** Class and message of what a call throws. */
  const thrown = async (call: Promise<unknown>): Promise<unknown[]> => {
    const error = (await call.then(
      () => new Error("nothing was thrown"),
      (reason: unknown) => reason,
    )) as Error;
    return [error.constructor.name, error.message.replace(/^coinbaseexchange /, "")];
  };

  it("is of the class that ccxt's users catch", async () => {
    expect(await thrown(maker.createOrder(SYMBOL, "limit", "buy", 1, 1e9))).toEqual([
      "InsufficientFunds",
      "Insufficient funds",
    ]);
    expect(await thrown(maker.fetchOrder(randomUUID()))).toEqual(["OrderNotFound", "NotFound"]);
    expect(await thrown(maker.fetchOrder("no-uuid"))).toEqual(["InvalidOrder", "Invalid order id"]);
    expect((await thrown(maker.cancelOrder(randomUUID(), SYMBOL)))[0]).toBe("OrderNotFound");
    const done = await maker.createOrder(SYMBOL, "limit", "buy", 1, 10);
    await maker.cancelOrder(idOf(done), SYMBOL);
    expect(await thrown(maker.cancelOrder(idOf(done), SYMBOL))).toEqual(["OrderNotFound", "Order already done"]);
    expect((await thrown(maker.createOrder(SYMBOL, "limit", "buy", 1e-8, 1)))[0]).toBe("InvalidOrder");
  });

  it("of a signature, a passphrase, a key or a clock is an authentication error", async () => {
    const wrong = [{ secret: "AAAA" }, { password: "another" }, { apiKey: "nobody" }];
    for (const part of wrong) {
      const [name] = await thrown(client("sandbox-1", world.node.url, part).fetchBalance());
      expect([part, name]).toEqual([part, "AuthenticationError"]);
    }
    const late = client("sandbox-1");
    late.nonce = () => Math.floor(Date.now() / 1000) - 120;
    expect((await thrown(late.fetchBalance()))[0]).toBe("AuthenticationError");
  });

  it.each([
    ["cancel-only", "OnMaintenance", /^Cancel only mode/],
    ["maintenance", "OnMaintenance", /under maintenance/],
  ])("of a book in %s says maintenance, while reads go on", async (mode, name, message) => {
    const id = idOf(await maker.createOrder("ETH/USD", "limit", "buy", 1, 10));
    await world.operate("/operator/modes", { product_id: "ETH-USD", mode, reason: "a test" });
    try {
      const [thrownName, text] = await thrown(maker.createOrder("ETH/USD", "limit", "buy", 1, 10));
      expect([thrownName, message.test(String(text))]).toEqual([name, true]);
      expect((await maker.fetchOrder(id)).status).toBe("open");
      if (mode === "cancel-only") await maker.cancelOrder(id, "ETH/USD");
    } finally {
      await world.operate("/operator/modes", { product_id: "ETH-USD", mode: "full", reason: "the test is over" });
    }
  });

  it("of too many requests is a rate limit", async () => {
    const limited = await openWorld({ ACCOUNT_REQUESTS_PER_SECOND: "1" });
    try {
      const hasty = client("sandbox-1", limited.node.url);
      const calls = await Promise.all(Array.from({ length: 12 }, () => thrown(hasty.fetchBalance())));
      expect(new Set(calls.map(([name]) => name))).toEqual(new Set(["Error", "RateLimitExceeded"]));
    } finally {
      await limited.close();
    }
  });
});
