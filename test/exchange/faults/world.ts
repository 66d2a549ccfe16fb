/** Nodes as real processes that are killed and started anew, clients and streams over them, and the judgement of what all saw. */
import { createClient, type Client } from "../support/client";
import { startExchangeProcess, type ExchangeProcess } from "../support/process";
import { DEPOSITS, PRODUCTS, stateOf } from "./collect";
import type { Finding, History, NodeState } from "./history";
import { orderKey } from "./history";
import { judge } from "./judge";
import { ACCOUNTS, startLoad, type Load } from "./load";
import { Recorder, type Door } from "./recorder";
import { startStreams, type Streams } from "./streams";

/** How long nodes may take to agree once nothing is sent any more. */
const SETTLE_MS_MAX = 30_000;

/** A seed from the environment, or this one. Printed by every run, so that it can be run again. */
export function seedOr(seed: number): number {
  const given = process.env["EXCHANGE_FAULT_SEED"];
  return given === undefined ? seed : Number(given);
}

/** How many runs: `EXCHANGE_FAULT_RUNS`, or this many. */
export function runsOr(runs: number): number {
  const given = process.env["EXCHANGE_FAULT_RUNS"];
  return given === undefined ? runs : Number(given);
}

/** Asks until the answer is not undefined. @throws with `what` when the time is over. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeoutMs = SETTLE_MS_MAX,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`waited ${String(timeoutMs)} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Several nodes by name. */
export class Nodes {
  readonly #environments: ReadonlyMap<string, Record<string, string>>;
  readonly #running = new Map<string, ExchangeProcess>();

  /** @param environments - of each node, by its name; rates are lifted for all. */
  constructor(environments: Record<string, Record<string, string>>) {
    this.#environments = new Map(Object.entries(environments));
  }

  get names(): string[] {
    return [...this.#environments.keys()];
  }

  /** Nodes that run, as clients know them. */
  doors(): Door[] {
    return [...this.#running].map(([name, { url }]) => ({ name, url }));
  }

  door(name: string): Door {
    const found = this.doors().find((door) => door.name === name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  }

  logs(name: string): readonly string[] {
    return this.#running.get(name)?.logs ?? [];
  }

  /** Starts a node and waits until it is ready, unless told otherwise. */
  async start(name: string, waitReady = true): Promise<void> {
    const environment = {
      ACCOUNT_REQUESTS_PER_SECOND: "100000",
      ADDRESS_REQUESTS_PER_SECOND: "100000",
      ...this.#environments.get(name),
    };
    this.#running.set(name, await startExchangeProcess({ environment, waitReady }));
  }

  async startAll(): Promise<void> {
    for (const name of this.names) await this.start(name);
  }

  /** Ends a node and waits until its process is gone. It is no door from the first moment on only for those who ask afterwards: clients with open calls learn it the hard way. */
  async kill(name: string, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const node = this.#running.get(name);
    if (node === undefined) return;
    await node.kill(signal);
    this.#running.delete(name);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#running.get(name)?.send(signal);
  }

  async close(): Promise<void> {
    await Promise.all(this.names.map((name) => this.kill(name)));
  }
}

/** What a judged stretch of load showed. */
export interface Judgement {
  readonly findings: readonly Finding[];
  readonly history: History;
  readonly acknowledged: { readonly orders: number; readonly cancels: number };
  readonly unknown: number;
  readonly resolved: { readonly there: number; readonly notThere: number };
  readonly oddities: readonly string[];
  readonly connections: number;
}

/** How a trial is driven. */
export interface TrialSettings {
  readonly seed: number;
  readonly clients: number;
  /** Between two calls of one client; default none. */
  readonly pauseMs?: number;
  /** Public streams; default 2. There is one more for each account. */
  readonly streams?: number;
  /** What an earlier trial over the same book saw: its orders are judged again. */
  readonly earlier?: History | undefined;
}

/** Clients and streams over some nodes, from their start to the judgement. */
export class Trial {
  readonly client: Client;
  readonly recorder: Recorder;
  readonly #nodes: Nodes;
  readonly #load: Load;
  readonly #streams: Streams;
  readonly #earlier: History | undefined;
  /** When which node acknowledged a command, by the monotonic clock. */
  readonly acknowledgements: { readonly node: string; readonly atMs: number }[] = [];

  constructor(nodes: Nodes, settings: TrialSettings) {
    const now = (): number => performance.now();
    this.#nodes = nodes;
    this.#earlier = settings.earlier;
    this.client = createClient();
    this.recorder = new Recorder(this.client, now, settings.earlier?.calls);
    const doors = (): Door[] => nodes.doors();
    const onAcknowledged = (node: string, atMs: number): void => void this.acknowledgements.push({ node, atMs });
    const { seed, clients, pauseMs = 0 } = settings;
    const publicStreams = Array.from({ length: settings.streams ?? 2 }, (_, index) => ({
      name: `full-${String(seed)}-${String(index)}`,
      doors,
    }));
    this.#streams = startStreams([
      ...publicStreams,
      ...ACCOUNTS.map((account) => ({ name: `user-${String(seed)}-${account}`, account, doors })),
    ]);
    this.#load = startLoad({
      seed,
      prefix: `s${String(seed)}`,
      clients,
      recorder: this.recorder,
      doors,
      onAcknowledged,
      now,
      pauseMs,
    });
  }

  /** Waits until so many more commands are acknowledged. */
  async acknowledged(more: number, timeoutMs?: number): Promise<void> {
    const goal = this.acknowledgements.length + more;
    await until(
      `${String(more)} acknowledgements`,
      () => (this.acknowledgements.length >= goal ? true : undefined),
      timeoutMs,
    );
  }

  /** The longest time between two acknowledgements of one node from `fromMs` to `toMs`, both ends counted; of the node that waited longest. */
  longestGapMs(fromMs: number, toMs: number): number {
    return Math.max(
      ...this.#nodes.names.map((name) => {
        const times = this.acknowledgements.filter(({ node, atMs }) => node === name && atMs >= fromMs && atMs <= toMs);
        const edges = [fromMs, ...times.map(({ atMs }) => atMs), toMs];
        return Math.max(...edges.slice(1).map((atMs, index) => atMs - (edges[index] ?? atMs)));
      }),
    );
  }

  /** Stops everything; needed when a test fails in between. */
  async close(): Promise<void> {
    await this.#load.stop();
    this.#streams.stop();
    this.client.close();
  }

  /** Stops the load, asks every node about every order whose outcome nobody knew, waits until all nodes agree, and judges. All nodes must run. */
  async judged(): Promise<Judgement> {
    await this.#load.stop();
    const resolved = await this.#resolve();
    const states = await this.#settled();
    const first = states[0];
    const { seen } = this.#streams;
    const fills = first?.fills.length ?? 0;
    // A fill is on its way until the stream has shown it; what never comes is the judge's to say.
    await until(
      "the streams",
      () =>
        new Set(seen.fills.map(({ account, tradeId, orderId }) => `${account} ${String(tradeId)} ${orderId}`)).size >=
        fills
          ? true
          : undefined,
      5_000,
    ).catch(() => undefined);
    this.#streams.stop();
    this.client.close();
    const { calls } = this.recorder;
    const history: History = {
      calls,
      events: [...(this.#earlier?.events ?? []), ...seen.events],
      seenFills: [...(this.#earlier?.seenFills ?? []), ...seen.fills],
      streamedAccounts: ACCOUNTS,
      products: PRODUCTS,
      deposits: DEPOSITS,
      nodes: states,
    };
    const ended = (kind: string, outcome: string): number =>
      calls.filter((call) => call.kind === kind && call.result.outcome === outcome).length;
    return {
      findings: judge(history),
      history,
      acknowledged: { orders: ended("place", "ok"), cancels: ended("cancel", "ok") },
      unknown: calls.filter(({ result }) => result.outcome === "unknown").length,
      resolved,
      oddities: [...this.recorder.oddities.map(({ sentence }) => sentence), ...seen.errors],
      connections: seen.connections,
    };
  }

  async #resolve(): Promise<{ there: number; notThere: number }> {
    const open = new Map<string, { account: string; clientOrderId: string }>();
    for (const call of this.recorder.calls) {
      if (call.kind !== "place" || call.result.outcome !== "unknown") continue;
      open.set(orderKey(call.account, call.clientOrderId), {
        account: call.account,
        clientOrderId: call.clientOrderId,
      });
    }
    const counts = { there: 0, notThere: 0 };
    for (const { account, clientOrderId } of open.values()) {
      for (const [index, door] of this.#nodes.doors().entries()) {
        const outcome = await until(`the truth about ${clientOrderId} from ${door.name}`, async () => {
          const result = await this.recorder.read("resolver", door, account, clientOrderId);
          return result.outcome === "refused" ? undefined : result.outcome;
        });
        if (index === 0) counts[outcome === "ok" ? "there" : "notThere"] += 1;
      }
    }
    return counts;
  }

  /**
   * Final states of all nodes, each read after a barrier, once they are the same and stay so. Reading moves the journal (a barrier is an entry), so its
   * sequence cannot say that nothing changes. Where nodes never agree the last states are returned: then it is for the judge to say how they differ.
   */
  async #settled(): Promise<NodeState[]> {
    const endMs = performance.now() + SETTLE_MS_MAX;
    let before = "";
    for (;;) {
      const states = await this.#states(endMs);
      const texts = states.map(({ orders, fills, balances }) => textOf({ orders, fills, balances }));
      const agree = texts.every((text) => text === texts[0]);
      if ((agree && texts[0] === before) || performance.now() > endMs) return states;
      before = agree ? (texts[0] ?? "") : "";
    }
  }

  async #states(endMs: number): Promise<NodeState[]> {
    for (;;) {
      try {
        return await Promise.all(this.#nodes.doors().map((door) => stateOf(this.client, door)));
      } catch (error) {
        // A node that has just come back may not know yet whether it is current.
        if (performance.now() > endMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

function textOf(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}
