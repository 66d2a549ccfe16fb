/**
 * Clients under load: each a loop that places, cancels and reads orders of BTC-USD on the doors that answer, with a seed of its own. Buyers
 * and sellers are different accounts, so that no order is cancelled by self-trade prevention, which the judge does not know.
 */
import type { OrderCall } from "./history";
import { below, chanceOf, type Chance } from "./model";
import type { Door, Recorder } from "./recorder";

/** Accounts that buy, and accounts that sell. */
export const BUYERS = ["sandbox-1", "sandbox-2"];
export const SELLERS = ["sandbox-5", "sandbox-6"];
export const ACCOUNTS = [...BUYERS, ...SELLERS];

/** What drives the clients. */
export interface LoadSettings {
  readonly seed: number;
  /** Distinguishes the client ids of several loads over one book. */
  readonly prefix: string;
  readonly clients: number;
  readonly recorder: Recorder;
  /** Asked before each call, so that a node that comes back is used again. */
  readonly doors: () => readonly Door[];
  /** Called after each acknowledged command. */
  readonly onAcknowledged?: (node: string, atMs: number) => void;
  readonly now: () => number;
  /** Between two calls of one client; 0 for none. */
  readonly pauseMs?: number;
  /** Every how many calls, on average, one cancels all: at least 2. Each makes every order's history longer. */
  readonly cancelAllEvery?: number;
}

/** A load that runs. */
export interface Load {
  /** Lets calls under way end, sends no more. */
  stop(): Promise<void>;
}

interface Known {
  readonly clientOrderId: string;
  readonly orderId: string | undefined;
}

const KNOWN_MAX = 30;

interface Worker {
  readonly name: string;
  readonly account: string;
  readonly side: "buy" | "sell";
  readonly chance: Chance;
  readonly known: Known[];
  unknown: Parameters<Recorder["place"]>[3][];
  placed: number;
}

function doorFor(worker: Worker, doors: readonly Door[]): Door | undefined {
  return doors[below(worker.chance, doors.length)];
}

function newOrder(worker: Worker, prefix: string): Parameters<Recorder["place"]>[3] {
  const { chance, side } = worker;
  worker.placed += 1;
  const drawn = chance();
  const clientOrderId = `${prefix}-${worker.name}-${String(worker.placed)}`;
  const size = `0.0${String(1 + below(chance, 9))}`;
  // Prices overlap, so that most orders trade a part at once, and some rest.
  const price = String(side === "buy" ? 96 + below(chance, 8) : 98 + below(chance, 8));
  if (drawn < 0.1) return { clientOrderId, side, size };
  return { clientOrderId, side, size, price, timeInForce: drawn < 0.25 ? "IOC" : drawn < 0.3 ? "FOK" : "GTC" };
}

/** Remembers what became of a place: a known order, one to ask about again, or nothing. */
function learn(worker: Worker, order: Parameters<Recorder["place"]>[3], result: OrderCall["result"]): void {
  if (result.outcome === "unknown") worker.unknown.push(order);
  if (result.outcome !== "ok") return;
  worker.known.push({ clientOrderId: order.clientOrderId, orderId: result.order?.orderId });
  if (worker.known.length > KNOWN_MAX) worker.known.shift();
}

async function step(worker: Worker, settings: LoadSettings): Promise<void> {
  const { recorder, prefix, onAcknowledged, now } = settings;
  const { chance, name, account, known } = worker;
  const door = doorFor(worker, settings.doors());
  if (door === undefined) return;
  const drawn = chance();
  const lost = worker.unknown[0];
  if (lost !== undefined && drawn < 0.3) {
    // As a careful client does: ask first, or send the same order again.
    worker.unknown.shift();
    if (chance() < 0.5) {
      const result = await recorder.read(name, door, account, lost.clientOrderId);
      if (result.outcome === "refused") worker.unknown.push(lost);
      return;
    }
    learn(worker, lost, await recorder.place(name, door, account, lost));
    return;
  }
  const one = known[below(chance, known.length)];
  if (drawn < 0.55 || one === undefined) {
    const order = newOrder(worker, prefix);
    const result = await recorder.place(name, door, account, order);
    learn(worker, order, result);
    if (result.outcome === "ok") onAcknowledged?.(door.name, now());
    return;
  }
  const byId = chance() < 0.5 ? one.orderId : undefined;
  if (drawn < 0.75) {
    const result = await recorder.cancel(name, door, account, one.clientOrderId, byId);
    if (result.outcome === "ok") onAcknowledged?.(door.name, now());
    return;
  }
  if (chance() < 4 / (settings.cancelAllEvery ?? 100)) {
    await recorder.cancelAll(name, door, account);
    return;
  }
  await recorder.read(name, door, account, one.clientOrderId, byId);
}

/** Starts the clients. They go on until `stop`. */
export function startLoad(settings: LoadSettings): Load {
  const state = { isStopping: false };
  const loops = Array.from({ length: settings.clients }, async (_, index) => {
    const side = index % 2 === 0 ? "buy" : "sell";
    const accounts = side === "buy" ? BUYERS : SELLERS;
    const worker: Worker = {
      name: `w${String(index)}`,
      account: accounts[Math.floor(index / 2) % accounts.length] ?? "",
      side,
      chance: chanceOf(settings.seed * 1_000 + index),
      known: [],
      unknown: [],
      placed: 0,
    };
    while (!state.isStopping) {
      const doors = settings.doors();
      if (doors.length > 0) await step(worker, settings);
      // A refused connection answers at once: without a pause the loop would only spin while a node is away.
      await new Promise((resolve) => setTimeout(resolve, doors.length > 0 ? (settings.pauseMs ?? 0) : 5));
    }
  });
  return {
    stop: async () => {
      state.isStopping = true;
      await Promise.all(loops);
    },
  };
}
