/**
 * Proves that ccxt pro, unmodified, follows books, tickers, trades, orders and own fills on this feed, and that when its node goes away in the middle of
 * fills it goes on at another node without losing one: what it shows as filled equals the ledger, order by order. Two nodes over one journal in memory,
 * with the real REST surface, stand behind one address, as behind an edge. Leaves out killed processes and real journals (test/exchange/faults) and
 * REST calls (test/exchange/clients).
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attachFeed, type Feed } from "../../../exchange/feed/feed";
import { createHttpServer, type HttpServer } from "../../../exchange/http/server";
import type { OrderPlace, Side } from "../../../exchange/machine/commands";
import type { OrderView } from "../../../exchange/machine/events";
import { proClient, watching } from "../support/ccxt-pro";
import { CuttableProxy } from "../support/cuttable-proxy";
import { type LocalExchange, localExchange } from "../support/local-exchange";
import { MemoryJournal } from "../support/memory-journal";
import type { Json } from "./client";
import { placed } from "./world";

const SYMBOL = "BTC/USD";
const BTC = 100_000_000;

interface Node {
  readonly local: LocalExchange;
  readonly http: HttpServer;
  readonly feed: Feed;
  readonly port: number;
}

async function startNode(name: string, journal: MemoryJournal): Promise<Node> {
  const environment = { ACCOUNT_REQUESTS_PER_SECOND: "100000", ADDRESS_REQUESTS_PER_SECOND: "100000" };
  const local = await localExchange({ name, journal, environment });
  const { exchange, settings, logger, metrics } = local;
  const http = createHttpServer({ exchange, settings, logger, metrics });
  const feed = attachFeed({ exchange, server: http.server, settings, logger, metrics, limits: { closeSpreadMs: 200 } });
  return { local, http, feed, port: await http.listen(0, "127.0.0.1") };
}

/** As a node that goes away, but for the journal, which the nodes share. */
async function leave({ http, feed }: Node): Promise<void> {
  await feed.close();
  await http.close();
}

let journal: MemoryJournal;
let nodes: Node[];
let edge: CuttableProxy;
let target: number | undefined;
let clients: Json[];

beforeEach(async () => {
  journal = new MemoryJournal();
  nodes = [await startNode("a", journal), await startNode("b", journal)];
  target = nodes[0]!.port;
  edge = await new CuttableProxy(() => target).listen();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) await client["close"]();
  await edge.close();
  await Promise.all(nodes.map(leave));
  for (const { local } of nodes) await local.close();
});

/** ccxt for a sandbox account; what `newUpdates` returns is all that changed. */
async function ccxtClient(account: number): Promise<Json> {
  const client: Json = await proClient(edge.port, `sandbox-${String(account)}`);
  clients.push(client);
  return client;
}

async function order(
  node: Node,
  account: number,
  side: Side,
  price: number,
  size: number,
  more: Partial<OrderPlace> = {},
): Promise<OrderView> {
  const outcome = await node.local.exchange.submit(placed(account, side, price, size, more));
  if (!outcome.ok || outcome.kind !== "order") throw new Error(JSON.stringify(outcome));
  return outcome.order;
}

const ordersOf = (client: Json): Json[] => client["orders"] ?? [];
const filledIn = (client: Json): Record<string, [number, string]> =>
  Object.fromEntries(ordersOf(client).map((one) => [one["id"], [one["filled"], one["status"]]]));
function ledger(node: Node, account: number): Record<string, [number, string]> {
  const orders = node.local.machine.orders(`sandbox-${String(account)}`, { statuses: ["open", "done"], limit: 1000 });
  const status = (one: OrderView) =>
    one.status === "open" ? "open" : one.doneReason === "filled" ? "closed" : "canceled";
  return Object.fromEntries(orders.map((one) => [one.orderId, [one.filledSize / BTC, status(one)]]));
}

describe("public channels", () => {
  it("give watchOrderBook the machine's book, from its first answer on", async () => {
    const [node] = nodes as [Node, Node];
    await order(node, 2, "buy", 9_999_00, 2 * BTC);
    await order(node, 2, "sell", 10_001_00, 3 * BTC);
    const client = await ccxtClient(1);
    const first = await client["watchOrderBook"](SYMBOL);
    expect([first["bids"], first["asks"]].map((side) => side.map((level: number[]) => level.slice(0, 2)))).toEqual([
      [[9999, 2]],
      [[10001, 3]],
    ]);
    await order(node, 2, "buy", 10_000_00, BTC);
    const second = await client["watchOrderBook"](SYMBOL);
    expect(second["bids"].map((level: number[]) => level.slice(0, 2))).toEqual([
      [10000, 1],
      [9999, 2],
    ]);
  });

  it("give watchTrades and watchTicker each trade, with the taker's side", async () => {
    const [node] = nodes as [Node, Node];
    const client = await ccxtClient(1);
    const trades = client["watchTrades"](SYMBOL);
    const ticker = client["watchTicker"](SYMBOL);
    await expect.poll(() => node.feed.counts().topics).toBe(2);
    await order(node, 2, "sell", 10_000_00, BTC);
    await order(node, 3, "buy", 10_000_00, BTC / 4);
    const [trade] = await trades;
    expect([trade["id"], trade["side"], trade["price"], trade["amount"]]).toEqual(["1", "buy", 10000, 0.25]);
    const told = await ticker;
    expect([told["last"], told["ask"], told["askVolume"], told["baseVolume"]]).toEqual([10000, 10000, 0.75, 0.25]);
  });

  it("resolve watchOrderBookForSymbols for several products on one socket", async () => {
    const [node] = nodes as [Node, Node];
    await order(node, 2, "buy", 200_00, BTC, { productId: "ETH-USD" });
    const client = await ccxtClient(1);
    const book = await client["watchOrderBookForSymbols"]([SYMBOL, "ETH/USD"]);
    expect([SYMBOL, "ETH/USD"]).toContain(book["symbol"]);
    await expect.poll(() => client["orderbooks"]["ETH/USD"]?.bids.length).toBe(1);
  });
});

describe("own orders", () => {
  it("show an order's life in watchOrders and its fills in watchMyTrades", async () => {
    const [node] = nodes as [Node, Node];
    const client = await ccxtClient(1);
    const orders = watching(() => client["watchOrders"](SYMBOL));
    const trades = watching(() => client["watchMyTrades"](SYMBOL));
    await expect.poll(() => node.feed.counts().topics).toBe(1);
    const limit = await client["createOrder"](SYMBOL, "limit", "sell", 1, 10_000, {
      clientOrderId: "6f0a1b9e-0b1e-4c57-9d0f-0f5c9a1f0001",
    });
    await order(node, 2, "buy", 10_000_00, BTC / 4);
    await expect.poll(() => filledIn(client)[limit["id"]]).toEqual([0.25, "open"]);
    expect(ordersOf(client)[0]).toMatchObject({
      clientOrderId: "6f0a1b9e-0b1e-4c57-9d0f-0f5c9a1f0001",
      amount: 1,
      remaining: 0.75,
      side: "sell",
      price: 10000,
      type: "limit",
    });
    const other = await client["createOrder"](SYMBOL, "limit", "buy", 0.5, 9_000);
    await client["cancelOrder"](other["id"], SYMBOL);
    await order(node, 2, "buy", 10_000_00, (3 * BTC) / 4);
    await expect.poll(() => filledIn(client)).toEqual({ [limit["id"]]: [1, "closed"], [other["id"]]: [0, "canceled"] });
    const fills = client["myTrades"].map((one: Json) => [
      one["id"],
      one["order"],
      one["side"],
      one["takerOrMaker"],
      one["amount"],
      one["fee"]["rate"],
    ]);
    expect(fills).toEqual([
      ["1", limit["id"], "sell", "maker", 0.25, 0.004],
      ["2", limit["id"], "sell", "maker", 0.75, 0.004],
    ]);
    orders.stop();
    trades.stop();
    expect([orders.errors, trades.errors]).toEqual([[], []]);
  });

  it(
    "lose no fill when the node goes away: what ccxt shows is what the ledger holds",
    { timeout: 60_000 },
    async () => {
      const [first, second] = nodes as [Node, Node];
      const client = await ccxtClient(1);
      const lastSeen = () => Math.max(0, ...(client["myTrades"] ?? []).map((one: Json) => Number(one["id"])));
      const orders = watching(() => client["watchOrders"](SYMBOL));
      const trades = watching(() =>
        client["watchMyTrades"](SYMBOL, undefined, undefined, { after_trade_id: lastSeen() }),
      );
      await expect.poll(() => first.feed.counts().topics).toBe(1);
      for (let count = 0; count < 6; count += 1) await order(first, 1, "sell", 10_000_00 + count * 100, BTC);
      await order(first, 2, "buy", 10_000_00, (BTC * 3) / 10);
      await expect.poll(() => Object.values(filledIn(client)).filter(([filled]) => filled === 0.3)).toHaveLength(1);
      // The edge sends nobody anywhere for a while, and in that time orders are filled in part, filled, cancelled and placed at the other node.
      target = undefined;
      const leaving = leave(first);
      await expect.poll(() => orders.errors.length).toBeGreaterThan(0);
      await order(second, 3, "buy", 10_000_00, BTC / 10);
      await order(second, 3, "buy", 10_001_00, (BTC * 6) / 10 + BTC / 2);
      const canceled = second.local.machine.openOrders("BTC-USD", "sell").at(-1)!;
      await second.local.exchange.submit({ type: "order-cancel", accountId: "sandbox-1", orderId: canceled.orderId });
      await order(second, 1, "buy", 9_000_00, BTC);
      target = second.port;
      await expect.poll(() => filledIn(client), { timeout: 20_000 }).toEqual(ledger(second, 1));
      // And the stream goes on from there, each fill once.
      await order(second, 2, "buy", 10_003_00, BTC);
      await order(second, 2, "sell", 9_000_00, BTC / 4);
      await expect.poll(() => filledIn(client), { timeout: 20_000 }).toEqual(ledger(second, 1));
      expect(
        Object.values(ledger(second, 1))
          .map(([filled, status]) => `${String(filled)} ${status}`)
          .sort(),
      ).toEqual(["0 canceled", "0 open", "0 open", "0.25 open", "0.5 open", "1 closed", "1 closed"]);
      const fills = second.local.machine.fills("sandbox-1", {}, { limit: 100 }).map((fill) => String(fill.tradeId));
      await expect.poll(() => client["myTrades"].map((one: Json) => one["id"]).sort()).toEqual(fills.sort());
      orders.stop();
      trades.stop();
      expect(new Set([...orders.errors, ...trades.errors])).toEqual(new Set(["NetworkError"]));
      await leaving;
    },
  );

  it("go on through ten changes of node under a stream of fills", { timeout: 60_000 }, async () => {
    const client = await ccxtClient(1);
    const orders = watching(() => client["watchOrders"](SYMBOL));
    let filling = true as boolean;
    let count = 0;
    const stream = (async () => {
      while (filling) {
        const node = nodes[count % nodes.length]!;
        await order(node, 1, count % 2 === 0 ? "sell" : "buy", 10_000_00, BTC / 10);
        await order(node, 2, count % 2 === 0 ? "buy" : "sell", 10_000_00, BTC / 20);
        count += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (let change = 0; change < 10; change += 1) {
      target = nodes[(change + 1) % 2]!.port;
      // As a node that goes away does to one client, with the other node taking over at once.
      for (const socket of Object.values<Json>(client["clients"])) socket["connection"]?.terminate?.();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    filling = false;
    await stream;
    expect(count).toBeGreaterThan(50);
    await expect.poll(() => filledIn(client), { timeout: 20_000 }).toEqual(ledger(nodes[0]!, 1));
    orders.stop();
  });
});
