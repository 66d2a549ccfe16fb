/**
 * Proves that ccxt pro, unmodified, behind one address as behind an edge, loses no fill when the real node it is connected to is killed by SIGKILL
 * under a stream of fills, again and again: what it shows of each order, and of its own trades, is in the end what the ledger of every node holds. An
 * owner of the journal and two nodes over the network; the ones with clients die. Does not prove what other client libraries do.
 */
import { join } from "node:path";
import ccxt from "ccxt";
import { describe, expect, it } from "vitest";
import { createClient } from "../support/client";
import { CuttableProxy } from "../support/cuttable-proxy";
import { temporaryFolder } from "../support/process";
import { fillsOf, stateOf } from "./collect";
import { below, chanceOf } from "./model";
import { Recorder, units } from "./recorder";
import { freePort, Nodes, seedOr, until } from "./world";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- ccxt's own objects, which the comparison with the ledger judges
type Json = Record<string, any>;

const SYMBOL = "BTC/USD";
const KILLS = 5;
const BUYER = "sandbox-1";
const SELLER = "sandbox-5";

/** ccxt as its users make it, with every update kept. */
async function ccxtClient(port: number): Promise<Json> {
  const base = `127.0.0.1:${String(port)}`;
  const client: Json = new ccxt.pro.coinbaseexchange({
    apiKey: BUYER,
    secret: Buffer.from(`${BUYER}-secret`).toString("base64"),
    password: BUYER,
    enableRateLimit: false,
    options: { ordersLimit: 10_000, tradesLimit: 10_000 },
    urls: { api: { public: `http://${base}`, private: `http://${base}`, ws: `ws://${base}` } },
  });
  // Plain ws:// needs an agent, which ccxt loads here.
  await client["loadHttpProxyAgent"]();
  await client["loadMarkets"]();
  return client;
}

/** Watches until stopped; a lost connection is watched again, as a careful user does. */
function watching(watch: () => Promise<unknown>): { errors: string[]; stop: () => void } {
  const state = { isStopped: false };
  const errors: string[] = [];
  void (async () => {
    while (!state.isStopped) {
      try {
        await watch();
      } catch (error) {
        if (!state.isStopped) errors.push(error instanceof Error ? error.constructor.name : String(error));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  })();
  return { errors, stop: () => void (state.isStopped = true) };
}

async function environments(folder: string): Promise<Record<string, Record<string, string>>> {
  const address = `127.0.0.1:${String(await freePort())}`;
  const token = "a-token-for-tests-only";
  const remote = (name: string): Record<string, string> => ({
    JOURNAL_URL: `journal://${address}`,
    JOURNAL_CREDENTIALS: token,
    SNAPSHOT_DIR: join(folder, name),
  });
  const owner = {
    JOURNAL_URL: `embedded:${join(folder, "journal")}`,
    JOURNAL_LISTEN: address,
    JOURNAL_CREDENTIALS: token,
  };
  return { owner, second: remote("second"), third: remote("third") };
}

describe("ccxt pro across killed nodes", () => {
  it("shows every fill of every order", { timeout: 180_000 }, async () => {
    const seed = seedOr(6);
    const chance = chanceOf(seed);
    const folder = temporaryFolder();
    const nodes = new Nodes(await environments(folder.path));
    const http = createClient();
    const recorder = new Recorder(http, () => performance.now());
    let behind = "second";
    const edge = await new CuttableProxy(() => {
      const door = nodes.doors().find(({ name }) => name === behind);
      return door === undefined ? undefined : Number(new URL(door.url).port);
    }).listen();
    const state = { isFilling: true, placed: 0 };
    let client: Json | undefined;
    let stops: (() => void)[] = [];
    try {
      await nodes.startAll();
      const watcher = await ccxtClient(edge.port);
      client = watcher;
      const lastSeen = (): number => Math.max(0, ...(watcher["myTrades"] ?? []).map((one: Json) => Number(one["id"])));
      const orders = watching(() => watcher["watchOrders"](SYMBOL));
      const trades = watching(() =>
        watcher["watchMyTrades"](SYMBOL, undefined, undefined, { after_trade_id: lastSeen() }),
      );
      stops = [orders.stop, trades.stop];
      const filling = (async () => {
        while (state.isFilling) {
          const owner = nodes.door("owner");
          const clientOrderId = `pro-${String(seed)}-${String(state.placed)}`;
          state.placed += 1;
          const price = String(100 + below(chance, 3));
          await recorder.place("buyer", owner, BUYER, {
            clientOrderId: `${clientOrderId}-b`,
            side: "buy",
            size: "0.04",
            price,
          });
          await recorder.place("seller", owner, SELLER, {
            clientOrderId: `${clientOrderId}-s`,
            side: "sell",
            size: `0.0${String(1 + below(chance, 4))}`,
            price: "100",
            timeInForce: "IOC",
          });
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })();
      const more = async (count: number): Promise<void> => {
        const goal = state.placed + count;
        await until("orders", () => (state.placed >= goal ? true : undefined), 60_000);
      };
      await until("the first fill to be shown", () => (lastSeen() > 0 ? true : undefined), 60_000);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await more(3 + below(chance, 20));
        const victim = behind;
        await nodes.kill(victim);
        // For some orders there is no door at all.
        await more(below(chance, 10));
        behind = victim === "second" ? "third" : "second";
        await nodes.start(victim);
        const seen = lastSeen();
        await until("the stream to go on", () => (lastSeen() > seen ? true : undefined), 60_000);
      }
      state.isFilling = false;
      await filling;
      const ledger = await stateOf(http, nodes.door("owner"));
      const should = Object.fromEntries(
        ledger.orders
          .filter(({ account }) => account === BUYER)
          .map(({ orderId, filledSize, status, doneReason }) => [
            orderId,
            [filledSize, status === "open" ? "open" : doneReason === "filled" ? "closed" : "canceled"],
          ]),
      );
      const shown = (): Record<string, unknown> =>
        Object.fromEntries(
          (watcher["orders"] ?? []).map((one: Json) => [one["id"], [units(String(one["filled"])), one["status"]]]),
        );
      await expect.poll(shown, { timeout: 20_000 }).toEqual(should);
      const fills = (await fillsOf(http, nodes.door("owner"), BUYER)).map(({ tradeId, size }) => [tradeId, size]);
      const shownFills = (): unknown[] =>
        (watcher["myTrades"] ?? [])
          .map((one: Json) => [Number(one["id"]), units(String(one["amount"]))])
          .sort(([a]: [number], [b]: [number]) => b - a);
      await expect.poll(shownFills, { timeout: 20_000 }).toEqual(fills);
      for (const name of ["second", "third"]) {
        const other = await stateOf(http, nodes.door(name));
        expect({ ...other, node: "" }, name).toEqual({ ...ledger, node: "" });
      }
      console.log(
        `seed ${String(seed)}: ${String(KILLS)} kills, ${String(Object.keys(should).length)} orders, ${String(fills.length)} fills, ${String(orders.errors.length)} lost connections`,
      );
      expect(new Set([...orders.errors, ...trades.errors])).toEqual(new Set(["NetworkError"]));
      expect(orders.errors.length).toBeGreaterThanOrEqual(KILLS);
      expect(recorder.oddities).toEqual([]);
    } finally {
      state.isFilling = false;
      for (const stop of stops) stop();
      await client?.["close"]();
      await edge.close();
      await nodes.close();
      http.close();
      folder.remove();
    }
  });
});
