/**
 * Proves that two clients which nobody here wrote, besides ccxt for Node, work unmodified against a real node process: `coinbase-api`'s
 * exchange client, with every call that it offers and this exchange has, and ccxt for Python with a trader's script. Does not prove the
 * calls that this exchange does not have (loans, deposits, reports): they are answered 404, which is shown for one of each kind.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CBExchangeClient } from "coinbase-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipped } from "../../support/skip";
import { pythonTool } from "../support/python";
import { openWorld, type World } from "./world";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const secretOf = (account: string): string => Buffer.from(`${account}-secret`).toString("base64");

describe("coinbase-api", () => {
  const client = (account: string): CBExchangeClient =>
    new CBExchangeClient({
      apiKey: account,
      apiSecret: secretOf(account),
      apiPassphrase: account,
      baseUrl: world.node.url,
    });
  const product_id = "ETH-USD";

  it("reads what is public", async () => {
    const reader = client("sandbox-5");
    const currencies = (await reader.getCurrencies()) as { id: string }[];
    expect(currencies.map(({ id }) => id)).toEqual(["BTC", "ETH", "USD"]);
    expect((await reader.getCurrency("BTC")).max_precision).toBe("0.00000001");
    const products = (await reader.getAllTradingPairs()) as { id: string }[];
    expect(products.map(({ id }) => id)).toEqual(["BTC-USD", "ETH-USD"]);
    expect((await reader.getProduct({ product_id })).quote_increment).toBe("0.01");
    const book = (await reader.getProductBook({ product_id, level: 2 })) as { bids: unknown[]; sequence: number };
    expect([book.bids, Number.isSafeInteger(book.sequence)]).toEqual([[], true]);
    expect(await reader.getProductTrades({ product_id })).toEqual([]);
    expect(await reader.getProductCandles({ product_id, granularity: 60 })).toEqual([]);
    expect(await reader.getProductStats({ product_id })).toMatchObject({ volume: "0.00000000" });
    expect(await reader.getProductTicker({ product_id })).toMatchObject({ volume: "0.00000000" });
  });

  it("places, finds, trades and cancels", async () => {
    const [maker, taker] = [client("sandbox-5"), client("sandbox-6")];
    const client_oid = maker.generateNewOrderId();
    const order = { type: "limit", side: "sell", product_id, price: "10.00", size: "3", client_oid } as const;
    const placed = (await maker.submitOrder(order)) as { id: string; status: string };
    expect([placed.status, ((await maker.submitOrder(order)) as { id: string }).id]).toEqual(["open", placed.id]);
    const bought = (await taker.submitOrder({ type: "market", side: "buy", product_id, size: "1" })) as object;
    expect(bought).toMatchObject({ status: "done", filled_size: "1.00000000", fill_fees: "0.0600000000000000" });
    expect(await maker.getOrder({ order_id: placed.id })).toMatchObject({ client_oid, filled_size: "1.00000000" });
    const [open] = (await maker.getOrders({
      limit: 10,
      sortedBy: "created_at",
      sorting: "desc",
      status: ["open"],
    })) as { id: string }[];
    expect(open?.id).toBe(placed.id);
    const fills = (await taker.getFills({ product_id })) as object[];
    expect(fills).toMatchObject([{ price: "10.00", size: "1.00000000", liquidity: "T", side: "buy" }]);
    await maker.cancelOrder({ order_id: placed.id });
    expect(await maker.getOrder({ order_id: placed.id })).toMatchObject({ status: "done", done_reason: "canceled" });
    expect(await maker.cancelAllOrders({})).toEqual([]);
  });

  it("reads what is an account's", async () => {
    const owner = client("sandbox-7");
    await owner.submitOrder({ type: "limit", side: "buy", product_id, price: "5.00", size: "2" });
    const accounts = (await owner.getAccounts()) as { id: string; currency: string; hold: string }[];
    expect(accounts.map(({ currency, hold }) => [currency, hold])).toEqual([
      ["BTC", "0.00000000"],
      ["ETH", "0.00000000"],
      ["USD", "10.0600000000000000"],
    ]);
    const account_id = accounts[2]?.id ?? "";
    expect(await owner.getAccount({ account_id })).toMatchObject({ balance: "100000000.0000000000000000" });
    expect(await owner.getAccountHolds({ account_id })).toMatchObject([
      { amount: "10.0600000000000000", type: "order" },
    ]);
    expect(await owner.getAccountLedger({ account_id })).toMatchObject([{ type: "transfer" }]);
    expect(await owner.getAccountTransfers({ account_id })).toMatchObject([{ type: "deposit" }]);
    expect(await owner.getTransfers()).toHaveLength(3);
    expect(await owner.getFees()).toEqual(
      expect.objectContaining({ maker_fee_rate: "0.0040", taker_fee_rate: "0.0060" }),
    );
    const [profile] = (await owner.getProfiles()) as { id: string }[];
    expect(await owner.getProfileById({ profile_id: profile?.id ?? "", active: true })).toMatchObject({
      id: "sandbox-7",
    });
    await owner.cancelAllOrders({ product_id });
  });

  it("is told plainly what is not here", async () => {
    const owner = client("sandbox-7");
    for (const call of [owner.getLoans({}), owner.getAddressBook(), owner.getAllReports({})]) {
      await expect(call).rejects.toMatchObject({ code: 404, body: { message: "NotFound" } });
    }
  });
});

const python = pythonTool("python");

describe.skipIf(skipped(python.reason))("ccxt for Python", () => {
  it("does what a trader's script asks of it", async () => {
    const accounts = ["sandbox-1", "sandbox-2"];
    const secrets = accounts.map((account) => [`SECRET_${account.replace("-", "_")}`, secretOf(account)]);
    const child = spawn(python.path ?? "", [join(__dirname, "ccxt_orders.py"), world.node.url], {
      env: { PATH: process.env["PATH"], ...(Object.fromEntries(secrets) as Record<string, string>) },
      timeout: 60_000,
    });
    let [printed, said] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    const [status] = (await once(child, "close")) as [number | null];
    expect([status, said]).toEqual([0, ""]);
    expect(JSON.parse(printed)).toEqual({
      markets: ["BTC/USD", "ETH/USD"],
      sameOrder: true,
      asks: [[100, 0.5, 1]],
      bought: ["closed", 0.2, 20],
      fill: [100, 0.2, "taker", 0.12],
      seen: ["open", 0.2, 0.3],
      refused: ["InsufficientFunds", "OrderNotFound"],
      ended: "canceled",
      open: [],
      free: { free: 1000.2, used: 0, total: 1000.2 },
    });
  });
});
