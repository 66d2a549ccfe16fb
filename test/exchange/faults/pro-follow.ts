/**
 * ccxt pro, unmodified, behind one address as behind an edge, while the node that it is connected to is killed again and again under a stream of fills:
 * what it shows of each order and of its own trades must in the end be what the ledger of every node holds.
 */
import { expect } from "vitest";
import { proClient, watching } from "../support/ccxt-pro";
import { createClient } from "../support/client";
import { CuttableProxy } from "../support/cuttable-proxy";
import { fillsOf, stateOf } from "./collect";
import { below, chanceOf, type Chance } from "./model";
import { Recorder, units } from "./recorder";
import { until, type Nodes } from "./world";

/** An order or a trade as ccxt keeps it. */
interface Kept {
  readonly id: string;
  readonly filled?: number;
  readonly amount?: number;
  readonly status?: string;
}

/** What is used of ccxt's client, which keeps all that it was shown. */
interface Watcher {
  readonly orders: readonly Kept[] | undefined;
  readonly myTrades: readonly Kept[] | undefined;
  watchOrders(symbol: string): Promise<unknown>;
  watchMyTrades(symbol: string, since: undefined, limit: undefined, parameters: object): Promise<unknown>;
  close(): Promise<unknown>;
}

const SYMBOL = "BTC/USD";
/**
 * Between two orders. The feed hands on the last 1,000 fills that a client has missed, and says what it left out: at this pace nobody misses as many,
 * even where ccxt waits its 10 s for a connection that a dying node had accepted.
 */
const PAUSE_MS = 40;

/** Who does what, and how often. */
export interface Following {
  readonly nodes: Nodes;
  readonly seed: number;
  readonly kills: number;
  /** The node that takes the orders and is never killed. */
  readonly placer: string;
  /** The nodes that the client is connected to, in turn; each dies while it is. */
  readonly watched: readonly [string, string];
  /** Accounts that have no orders yet; nobody else's may rest in the book. */
  readonly buyer: string;
  readonly seller: string;
  /** Called while the node is down, before it is started anew. */
  readonly meanwhile?: (kill: number) => Promise<void>;
}

/** What was seen. */
export interface Followed {
  readonly orders: number;
  readonly fills: number;
  readonly lostConnections: number;
}

/** So that ccxt keeps every update. */
const KEEP_ALL = { ordersLimit: 10_000, tradesLimit: 10_000, myTradesLimit: 10_000 };

/** Buys that rest and sells that hit them, one after the other, until stopped. */
function filling(
  { nodes, placer, seed, buyer, seller }: Following,
  recorder: Recorder,
  chance: Chance,
): { more: (count: number) => Promise<void>; stop: () => Promise<void> } {
  const state = { isOn: true, placed: 0 };
  // It ends while the loop waits.
  const isOn = (): boolean => state.isOn;
  const loop = (async () => {
    while (isOn()) {
      const door = nodes.door(placer);
      const id = `pro-${String(seed)}-${String(state.placed)}`;
      state.placed += 1;
      const price = String(100 + below(chance, 3));
      await recorder.place("buyer", door, buyer, { clientOrderId: `${id}-b`, side: "buy", size: "0.04", price });
      const size = `0.0${String(1 + below(chance, 4))}`;
      const sell = { clientOrderId: `${id}-s`, side: "sell", size, price: "100", timeInForce: "IOC" } as const;
      await recorder.place("seller", door, seller, sell);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    more: async (count) => {
      const goal = state.placed + count;
      await until("orders", () => (state.placed >= goal ? true : undefined), 60_000);
    },
    stop: async () => {
      state.isOn = false;
      await loop;
    },
  };
}

/** What the client shows in the end, held against the ledger of every node. */
async function judged(
  following: Following,
  http: ReturnType<typeof createClient>,
  watcher: Watcher,
): Promise<Followed> {
  const { nodes, placer, watched, buyer, seller } = following;
  const accounts = [buyer, seller];
  const ledger = await stateOf(http, nodes.door(placer), accounts);
  const should = Object.fromEntries(
    ledger.orders
      .filter(({ account }) => account === buyer)
      .map(({ orderId, filledSize, status, doneReason }) => [
        orderId,
        [filledSize, status === "open" ? "open" : doneReason === "filled" ? "closed" : "canceled"],
      ]),
  );
  const shown = (): Record<string, unknown> =>
    Object.fromEntries((watcher.orders ?? []).map(({ id, filled, status }) => [id, [units(String(filled)), status]]));
  await expect.poll(shown, { timeout: 20_000 }).toEqual(should);
  const fills = (await fillsOf(http, nodes.door(placer), buyer)).map(({ tradeId, size }) => [tradeId, size]);
  const shownFills = (): unknown[] =>
    (watcher.myTrades ?? [])
      .map(({ id, amount }): [number, bigint] => [Number(id), units(String(amount))])
      .sort(([a], [b]) => b - a);
  await expect.poll(shownFills, { timeout: 20_000 }).toEqual(fills);
  for (const name of watched) {
    const other = await stateOf(http, nodes.door(name), accounts);
    expect({ ...other, node: "" }, name).toEqual({ ...ledger, node: "" });
  }
  return { orders: Object.keys(should).length, fills: fills.length, lostConnections: 0 };
}

/** Follows through all kills, and holds that nothing is missing. */
export async function followThroughKills(following: Following): Promise<Followed> {
  const { nodes, seed, kills, watched, buyer, meanwhile } = following;
  const chance = chanceOf(seed);
  const http = createClient();
  const recorder = new Recorder(http, () => performance.now());
  let behind = watched[0];
  const edge = await new CuttableProxy(() => {
    const door = nodes.doors().find(({ name }) => name === behind);
    return door === undefined ? undefined : Number(new URL(door.url).port);
  }).listen();
  const closers: (() => unknown)[] = [
    () => edge.close(),
    () => {
      http.close();
    },
  ];
  try {
    const watcher: Watcher = await proClient(edge.port, buyer, KEEP_ALL);
    closers.unshift(() => watcher.close());
    const lastSeen = (): number => Math.max(0, ...(watcher.myTrades ?? []).map(({ id }) => Number(id)));
    const orders = watching(() => watcher.watchOrders(SYMBOL));
    const after = (): object => ({ after_trade_id: lastSeen() });
    const trades = watching(() => watcher.watchMyTrades(SYMBOL, undefined, undefined, after()));
    const orderFlow = filling(following, recorder, chance);
    closers.unshift(orders.stop, trades.stop, () => orderFlow.stop());
    await until("the first fill to be shown", () => (lastSeen() > 0 ? true : undefined), 60_000);
    for (let kill = 0; kill < kills; kill += 1) {
      await orderFlow.more(3 + below(chance, 20));
      const victim = behind;
      await nodes.kill(victim);
      // For some orders there is no door at all.
      await orderFlow.more(below(chance, 10));
      await meanwhile?.(kill);
      behind = victim === watched[0] ? watched[1] : watched[0];
      await nodes.start(victim);
      const seen = lastSeen();
      await until("the stream to go on", () => (lastSeen() > seen ? true : undefined), 60_000);
    }
    await orderFlow.stop();
    const followed = await judged(following, http, watcher);
    expect(new Set([...orders.errors, ...trades.errors])).toEqual(new Set(["NetworkError"]));
    expect(orders.errors.length).toBeGreaterThanOrEqual(kills);
    expect(recorder.oddities).toEqual([]);
    return { ...followed, lostConnections: orders.errors.length };
  } finally {
    for (const close of closers) await close();
  }
}
