/** Nodes as real processes that are killed and started anew, clients and streams over them, and the judgement of what all saw. */
import { createServer, type AddressInfo } from "node:net";
import { createClient, sandboxKey, type Client } from "../support/client";
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

/** A port that was free a moment ago, for what must come back at the same address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
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

/** Clients and streams over some nodes, from their start to the judgement. */
export class Trial {
  readonly client: Client;
  readonly recorder: Recorder;
  readonly #nodes: Nodes;
  readonly #load: Load;
  readonly #streams: Streams;
  /** Times of acknowledged commands, of the monotonic clock. */
  readonly acknowledgedMs: number[] = [];

  constructor(
    nodes: Nodes,
    settings: { seed: number; clients: number; pauseMs?: number; streams?: number; timeoutMs?: number },
  ) {
    const now = (): number => performance.now();
    this.#nodes = nodes;
    this.client = createClient(settings.timeoutMs);
    this.recorder = new Recorder(this.client, now);
    const doors = (): Door[] => nodes.doors();
    const onAcknowledged = (_: string, atMs: number): void => void this.acknowledgedMs.push(atMs);
    const { seed, clients, pauseMs = 0 } = settings;
    const publicStreams = Array.from({ length: settings.streams ?? 2 }, (_, index) => ({
      name: `full-${String(index)}`,
      doors,
    }));
    this.#streams = startStreams([
      ...publicStreams,
      ...ACCOUNTS.map((account) => ({ name: `user-${account}`, account, doors })),
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
    const goal = this.acknowledgedMs.length + more;
    await until(
      `${String(more)} acknowledgements`,
      () => (this.acknowledgedMs.length >= goal ? true : undefined),
      timeoutMs,
    );
  }

  async stopLoad(): Promise<void> {
    await this.#load.stop();
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
      events: seen.events,
      seenFills: seen.fills,
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

  /** Final states of all nodes, taken while their sequence was one and the same. */
  async #settled(): Promise<NodeState[]> {
    const sequences = async (): Promise<number | undefined> => {
      const found = new Set<number | undefined>();
      for (const { url } of this.#nodes.doors()) {
        const answer = await this.client.call(url, "GET", "/accounts", undefined, sandboxKey(ACCOUNTS[0] ?? ""));
        found.add(answer.kind === "answer" && answer.status === 200 && !answer.stale ? answer.sequence : undefined);
      }
      return found.size === 1 ? [...found][0] : undefined;
    };
    return until("nodes to agree and to stay so", async () => {
      const before = await sequences();
      if (before === undefined) return undefined;
      const states: NodeState[] = [];
      for (const door of this.#nodes.doors()) states.push(await stateOf(this.client, door));
      return (await sequences()) === before ? states : undefined;
    });
  }
}
