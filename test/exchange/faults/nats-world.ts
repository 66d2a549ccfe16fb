/** Nodes in two clouds over a journal of five NATS voters in three sites (2+2+1), and what is done to the voters. */
import { join } from "node:path";
import { startCluster, type NatsCluster, type NatsServer } from "../support/nats";
import { temporaryFolder } from "../support/process";
import { createClient, type Client } from "../support/client";
import { freePort, Nodes, until } from "./world";

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
      OPERATOR_KEYS: `${OPERATOR.key}:${OPERATOR.secret}`,
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
}

const OPERATOR = {
  key: "tester",
  secret: Buffer.from("a secret of the tests alone").toString("base64"),
  passphrase: "",
};

/** Why, in the words that operators are told. */
async function reasonsOf(client: Client, url: string): Promise<string> {
  const answer = await client.call(url, "GET", "/operator/health", undefined, OPERATOR);
  return answer.kind === "answer" ? answer.text : answer.reason;
}

/** What each node says about its region now. */
export async function regions(nodes: Nodes): Promise<RegionSeen[]> {
  return Promise.all(
    nodes.doors().map(async ({ name, url }) => {
      const answer = await fetch(`${url}/healthz/region`).catch(() => undefined);
      const text = await answer?.text();
      return { node: name, isOk: answer?.status === 200 && text === "twodoor-ok", atMs: performance.now() };
    }),
  );
}

/** Watches regions' health until `stop`, each 50 ms. `why` says, for each change, what operators are told. */
export function watchRegions(nodes: Nodes): { changes: RegionSeen[]; why: string[]; stop: () => Promise<void> } {
  const changes: RegionSeen[] = [];
  const why: string[] = [];
  const last = new Map<string, boolean>();
  const client = createClient(2_000);
  const state = { isStopped: false };
  const loop = (async () => {
    while (!state.isStopped) {
      for (const seen of await regions(nodes)) {
        if ((last.get(seen.node) ?? true) !== seen.isOk) {
          changes.push(seen);
          const url = nodes.doors().find(({ name }) => name === seen.node)?.url;
          if (url !== undefined) why.push(`${seen.node}: ${await reasonsOf(client, url)}`);
        }
        last.set(seen.node, seen.isOk);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    changes,
    why,
    stop: async () => {
      state.isStopped = true;
      await loop;
      client.close();
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
