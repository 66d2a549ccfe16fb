/** Nodes in two clouds over a journal of five NATS voters in three sites (2+2+1), and what is done to the voters. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { commandSubject } from "../../../exchange/journal/nats/stream";
import { startCluster, type NatsCluster, type NatsServer } from "../support/nats";
import { temporaryFolder } from "../support/process";
import { freePort } from "../support/free-port";
import { Nodes, until } from "./world";

/** Ways to hurt a voter. */
export type Hurt = "kill" | "pause" | "cut";

/** A journal with nodes over it. */
export interface NatsWorld {
  readonly cluster: NatsCluster;
  readonly nodes: Nodes;
  close(): Promise<void>;
}

/** Node names with the cloud they stand in; each asks the first node of the other cloud for its health. */
const PLACES = { "aws-a": "aws", "gcp-a": "gcp", "gcp-b": "gcp" } as const;
const REGIONS = { aws: "us-east-2", gcp: "us-west1" } as const;

/** Starts five voters and three nodes, and waits until all serve. */
export async function startNatsWorld(): Promise<NatsWorld> {
  const folder = temporaryFolder();
  const cluster = await startCluster({ voters: 5 });
  const ports = { aws: await freePort(), gcp: await freePort() };
  const environments: Record<string, Record<string, string>> = {};
  for (const [index, [name, cloud]] of Object.entries(PLACES).entries()) {
    const { urls, credentials, stream } = await cluster.settings(name, cloud, index);
    environments[name] = {
      JOURNAL_URL: urls.join(","),
      JOURNAL_CREDENTIALS: String(credentials),
      JOURNAL_STREAM: stream,
      CLOUD: cloud,
      REGION: REGIONS[cloud],
      PEERS: `http://127.0.0.1:${String(ports[cloud === "aws" ? "gcp" : "aws"])}`,
      SNAPSHOT_DIR: join(folder.path, name),
      ...(name.endsWith("-a") ? { PORT: String(ports[cloud]) } : {}),
    };
  }
  const nodes = new Nodes(environments);
  const close = async (): Promise<void> => {
    await nodes.close();
    await cluster.close();
    folder.remove();
  };
  try {
    await nodes.startAll();
    await until("every region to be well", async () =>
      (await regions(nodes)).every(({ isOk }) => isOk) ? true : undefined,
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { cluster, nodes, close };
}

/** What a node said about its region. */
export interface RegionSeen {
  readonly node: string;
  readonly isOk: boolean;
  readonly atMs: number;
  /** The longest that a look took, or came late, within the 3 s before: on a machine that stands still, nobody's health is of any meaning. */
  readonly stallMs: number;
}

/** What each node says about its region now. */
export async function regions(nodes: Nodes): Promise<Omit<RegionSeen, "stallMs">[]> {
  return Promise.all(
    nodes.doors().map(async ({ name, url }) => {
      const answer = await fetch(`${url}/healthz/region`).catch(() => undefined);
      const text = await answer?.text();
      return { node: name, isOk: answer?.status === 200 && text === "twodoor-ok", atMs: performance.now() };
    }),
  );
}

/** Watches regions' health until `stop`, each 50 ms. `why`: what the nodes' logs say about it since the watch began. */
export function watchRegions(nodes: Nodes): { changes: RegionSeen[]; why: () => string; stop: () => Promise<void> } {
  const changes: RegionSeen[] = [];
  const last = new Map<string, boolean>();
  const before = new Map(nodes.names.map((name) => [name, nodes.logs(name).length]));
  const state = { isStopped: false, lookedMs: performance.now() };
  const looks: { atMs: number; tookMs: number }[] = [];
  const loop = (async () => {
    while (!state.isStopped) {
      const seenNow = await regions(nodes);
      const nowMs = performance.now();
      looks.push({ atMs: nowMs, tookMs: nowMs - state.lookedMs });
      state.lookedMs = nowMs;
      while ((looks[0]?.atMs ?? nowMs) < nowMs - 3_000) looks.shift();
      const stallMs = Math.round(Math.max(...looks.map(({ tookMs }) => tookMs)));
      for (const seen of seenNow) {
        if ((last.get(seen.node) ?? true) !== seen.isOk) changes.push({ ...seen, stallMs });
        last.set(seen.node, seen.isOk);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const why = (): string =>
    nodes.names
      .flatMap((name) =>
        nodes
          .logs(name)
          .slice(before.get(name))
          .filter((line) => line.includes("take traffic") || line.includes("takes traffic"))
          .map((line) => `${name}: ${line}`),
      )
      .join("\n");
  return {
    changes,
    why,
    stop: async () => {
      state.isStopped = true;
      await loop;
    },
  };
}

/** Hurts a voter. */
export async function hurt(cluster: NatsCluster, server: NatsServer, how: Hurt): Promise<void> {
  if (how === "kill") await server.kill();
  else if (how === "pause") server.pause();
  else cluster.isolate(server);
}

/** Undoes it: starts, thaws, joins again. Nothing else is done by hand. */
export async function heal(cluster: NatsCluster, servers: readonly NatsServer[]): Promise<void> {
  cluster.heal();
  for (const server of servers) {
    server.resume();
    if (!server.isRunning) await server.start();
  }
}

/**
 * A publisher without any of our code between it and a healthy voter: it tells how long the journal itself took nothing, under whatever load this
 * machine has, so that what nodes add can be told apart. It publishes frames without commands, every 20 ms, one at a time.
 *
 * @returns the longest time between two acknowledgements, in milliseconds, both ends counted.
 */
export async function barePublisher(
  cluster: NatsCluster,
  server: NatsServer,
): Promise<{ stop: () => Promise<number> }> {
  const connection = await cluster.connect("node", server);
  const state = { isStopped: false, lastMs: performance.now(), longestMs: 0 };
  const acknowledged = (): void => {
    const nowMs = performance.now();
    state.longestMs = Math.max(state.longestMs, nowMs - state.lastMs);
    state.lastMs = nowMs;
  };
  const loop = (async () => {
    while (!state.isStopped && !connection.isClosed()) {
      const frame = JSON.stringify({ v: 1, id: randomUUID(), node: "bare", at: 0, commands: [] });
      const answer = await connection
        .request(commandSubject(cluster.stream), frame, { timeout: 500 })
        .catch(() => undefined);
      if (answer !== undefined && !answer.string().includes('"error"')) acknowledged();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    stop: async () => {
      state.isStopped = true;
      await loop;
      acknowledged();
      await connection.close();
      return Math.round(state.longestMs);
    },
  };
}
