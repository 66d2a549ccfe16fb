/**
 * Real NATS servers for tests: started from the very configuration that `exchange-journal config` writes, killed, frozen, wiped and cut off.
 * Every way between two servers, and from a client to a server, goes through a proxy of this process that can go silent.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, nkeyAuthenticator, nkeys, type NatsConnection } from "@nats-io/transport-node";
import { jetstreamManager, type StreamInfo } from "@nats-io/jetstream";
import { createStream } from "../../../exchange/journal/nats/operate/create";
import { serverConfig, type ClusterConfig } from "../../../exchange/journal/nats/operate/server-config";
import { inboxPrefix, type NatsSettings } from "../../../exchange/journal/nats/settings";
import { makeCertificates, type Certificates } from "./certificates";
import { CuttableProxy } from "./cuttable-proxy";
import { pythonTool } from "./python";

/** What a test wants. */
export interface ClusterChoice {
  readonly voters: 1 | 3 | 5;
  /** TLS towards clients and between servers, both sides verified. */
  readonly tls?: boolean;
  /** Makes the stream once the servers are up. Defaults to true. */
  readonly stream?: boolean;
  /** Bytes of the stream; -1 is no limit. Defaults to -1. */
  readonly bytesMax?: number;
}

const SITES = { 1: ["aws"], 3: ["aws", "gcp", "witness"], 5: ["aws", "aws", "gcp", "gcp", "witness"] } as const;
const STREAM = "EXCHANGE";

/** Processes that must not outlive this one. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Asks until the answer is there, every 50 ms; fails with what was last wrong after `milliseconds`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  milliseconds = 20_000,
): Promise<T> {
  const endMs = performance.now() + milliseconds;
  let last = "not yet";
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > endMs) throw new Error(`waited ${String(milliseconds)} ms for ${what}: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** One server. */
export class NatsServer {
  readonly name: string;
  readonly site: string;
  readonly folder: string;
  readonly #binary: string;
  readonly #config: () => string;
  #child: ChildProcess | undefined;
  #ports: { client: number; cluster: number | undefined } | undefined;

  constructor(name: string, site: string, folder: string, binary: string, config: () => string) {
    this.name = name;
    this.site = site;
    this.folder = folder;
    this.#binary = binary;
    this.#config = config;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Port for clients, without a proxy. */
  get clientPort(): number | undefined {
    return this.#ports?.client;
  }

  get clusterPort(): number | undefined {
    return this.#ports?.cluster;
  }

  get storeFolder(): string {
    return join(this.folder, "store");
  }

  get log(): string {
    try {
      return readFileSync(join(this.folder, "log"), "utf8");
    } catch {
      return "";
    }
  }

  /** Starts the process and waits for its ports. */
  async start(): Promise<void> {
    const portsFolder = join(this.folder, "ports");
    rmSync(portsFolder, { recursive: true, force: true });
    mkdirSync(portsFolder, { recursive: true });
    mkdirSync(this.storeFolder, { recursive: true });
    const file = join(this.folder, "server.conf");
    writeFileSync(file, this.#config());
    const child = spawn(this.#binary, ["-c", file], { stdio: "ignore" });
    this.#child = child;
    running.add(child);
    child.once("exit", () => {
      running.delete(child);
      if (this.#child === child) this.#child = undefined;
    });
    this.#ports = await until(`the ports of ${this.name}`, () => {
      if (this.#child === undefined) throw new Error(`${this.name} has ended: ${this.log.slice(-600)}`);
      const name = readdirSync(portsFolder)[0];
      if (name === undefined) return undefined;
      const ports = JSON.parse(readFileSync(join(portsFolder, name), "utf8")) as { nats: string[]; cluster?: string[] };
      const portOf = (urls: string[] | undefined): number | undefined =>
        urls?.[0] === undefined ? undefined : Number(new URL(urls[0]).port);
      const client = portOf(ports.nats);
      return client === undefined ? undefined : { client, cluster: portOf(ports.cluster) };
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process and waits until it is gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    if (signal !== "SIGKILL") child.kill("SIGCONT");
    await gone;
    this.#ports = undefined;
  }

  /** Freezes the process. */
  pause(): void {
    this.signal("SIGSTOP");
  }

  resume(): void {
    this.signal("SIGCONT");
  }

  /**
   * Flips one bit in the middle of the stream's first block, and removes the index, as after a crash before it was written; the process must be
   * down. About half of that block's entries are lost to this server: it drops them at the next start without a warning.
   */
  flipBit(): void {
    const blocks = readdirSync(this.storeFolder, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(join("streams", STREAM, "msgs", "1.blk")));
    if (blocks.length !== 1 || blocks[0] === undefined) throw new Error(`${String(blocks.length)} first blocks`);
    const block = join(this.storeFolder, blocks[0]);
    const content = readFileSync(block);
    const middle = Math.floor(content.length / 2);
    content[middle] = (content[middle] ?? 0) ^ 1;
    writeFileSync(block, content);
    rmSync(join(dirname(block), "index.db"), { force: true });
  }

  /** Empties the disk; the process must be down. */
  wipe(): void {
    rmSync(this.storeFolder, { recursive: true, force: true });
  }
}

/** A journal's voters. */
export class NatsCluster {
  readonly stream = STREAM;
  readonly servers: readonly NatsServer[];
  readonly folder: string;
  readonly certificates: Certificates | undefined;
  /** Seeds of three nodes, of the operator and of the system account. */
  readonly nodeSeeds: readonly string[];
  readonly operatorSeed: string;
  readonly systemSeed: string;
  readonly #routes = new Map<string, CuttableProxy>();
  readonly #clients = new Map<string, CuttableProxy>();
  readonly #connections = new Set<NatsConnection>();

  constructor(choice: ClusterChoice, binary: string, certificates: Certificates | undefined, folder: string) {
    this.folder = folder;
    this.certificates = certificates;
    const pairs = Array.from({ length: 5 }, () => nkeys.createUser());
    const seeds = pairs.map((pair) => new TextDecoder().decode(pair.getSeed()));
    this.nodeSeeds = seeds.slice(0, 3);
    this.operatorSeed = seeds[3] ?? "";
    this.systemSeed = seeds[4] ?? "";
    const keys = pairs.map((pair) => pair.getPublicKey());
    const config: ClusterConfig = {
      cluster: "journal",
      stream: STREAM,
      nodeKeys: keys.slice(0, 3),
      operatorKey: keys[3] ?? "",
      systemKey: keys[4] ?? "",
    };
    const sites = SITES[choice.voters];
    this.servers = sites.map((site, index) => {
      const name = `${site}-${String(sites.slice(0, index + 1).filter((each) => each === site).length)}`;
      return new NatsServer(name, site, join(folder, name), binary, () => this.#configOf(index, config));
    });
  }

  #configOf(index: number, cluster: ClusterConfig): string {
    const { name, site, folder, storeFolder } = this.#at(index);
    return serverConfig(cluster, {
      server: name,
      site,
      listen: "127.0.0.1:-1",
      clusterListen: "127.0.0.1:-1",
      // A dead port: what servers tell each other about addresses must not lead around the proxies.
      clusterAdvertise: `127.0.0.1:${String(index + 1)}`,
      routes: this.servers
        .filter((other) => other.name !== name)
        .map((other) => `127.0.0.1:${String(this.#route(name, other.name).port)}`),
      storeDir: storeFolder,
      storeBytesMax: 4 * 1024 ** 3,
      ...(this.certificates === undefined ? {} : { tls: this.certificates.serverFiles }),
      extra: `log_file: ${JSON.stringify(join(folder, "log"))}\nports_file_dir: ${JSON.stringify(join(folder, "ports"))}`,
    });
  }

  #at(index: number): NatsServer {
    const server = this.servers[index];
    if (server === undefined) throw new Error(`there is no server ${String(index)}`);
    return server;
  }

  /** A server by name: `aws-1`, `gcp-2`, `witness-1`. */
  server(name: string): NatsServer {
    const found = this.servers.find((server) => server.name === name);
    if (found === undefined) throw new Error(`there is no server ${name}`);
    return found;
  }

  #route(from: string, to: string): CuttableProxy {
    const proxy = this.#routes.get(`${from}>${to}`);
    if (proxy === undefined) throw new Error(`there is no way from ${from} to ${to}`);
    return proxy;
  }

  /** Starts the proxies and the servers. */
  async start(): Promise<void> {
    for (const from of this.servers) {
      for (const to of this.servers) {
        if (from !== to)
          this.#routes.set(`${from.name}>${to.name}`, await new CuttableProxy(() => to.clusterPort).listen());
      }
    }
    await Promise.all(this.servers.map((server) => server.start()));
  }

  /** Makes the stream as an operator does. */
  async createStream(bytesMax = -1): Promise<StreamInfo> {
    const connection = await this.connect("operator");
    const { info } = await createStream(
      connection,
      { stream: STREAM, replicas: this.servers.length, bytesMax },
      30_000,
    );
    return info;
  }

  /**
   * Addresses for one client, each through a proxy of its own; `site`'s first.
   *
   * @param client - a name for `cutClient`.
   */
  async urls(client: string, site?: string): Promise<string[]> {
    const sorted = [...this.servers].sort((a, b) => Number(b.site === site) - Number(a.site === site));
    const urls: string[] = [];
    for (const server of sorted) {
      const key = `${client}>${server.name}`;
      const proxy = this.#clients.get(key) ?? (await new CuttableProxy(() => server.clientPort).listen());
      this.#clients.set(key, proxy);
      urls.push(`${this.certificates === undefined ? "nats" : "tls"}://127.0.0.1:${String(proxy.port)}`);
    }
    return urls;
  }

  /** Settings of a node. @param which - which of the three node keys. */
  async settings(client: string, site?: string, which = 0): Promise<NatsSettings> {
    const { certificates } = this;
    return {
      urls: await this.urls(client, site),
      stream: STREAM,
      credentials: this.nodeSeeds[which] ?? "",
      name: client,
      ...(certificates === undefined ? {} : { tls: certificates.client }),
    };
  }

  /** A plain connection as a node, the operator or the system account, to any server or to one. Closed with the cluster. */
  async connect(as: "node" | "operator" | "system", server?: NatsServer): Promise<NatsConnection> {
    const seed = as === "node" ? (this.nodeSeeds[0] ?? "") : as === "operator" ? this.operatorSeed : this.systemSeed;
    const bytes = new TextEncoder().encode(seed);
    const servers = (server === undefined ? this.servers.filter((each) => each.isRunning) : [server]).map(
      (each) => `127.0.0.1:${String(each.clientPort)}`,
    );
    const connection = await connect({
      servers,
      authenticator: nkeyAuthenticator(bytes),
      inboxPrefix: inboxPrefix(nkeys.fromSeed(bytes).getPublicKey()),
      ignoreClusterUpdates: true,
      timeout: 3_000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      ...(this.certificates === undefined ? {} : { tls: this.certificates.client }),
    });
    this.#connections.add(connection);
    return connection;
  }

  /** The stream's description, once every voter is a current member of it; needs all of them running. */
  async settled(): Promise<StreamInfo> {
    const connection = await this.connect("operator");
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 1_500 });
    const info = await until("every replica to be current", async () => {
      const found = await manager.streams.info(STREAM);
      const replicas = found.cluster?.replicas ?? [];
      const isWhole = found.cluster?.leader !== undefined && replicas.length === this.servers.length - 1;
      return isWhole &&
        replicas.every(
          (replica) =>
            replica.current &&
            !replica.offline && // Servers leave a lag of 0 out.
            !(replica.lag > 0),
        )
        ? found
        : undefined;
    });
    await connection.close();
    return info;
  }

  /** The server that leads the stream; waits for one. */
  async leader(): Promise<NatsServer> {
    const connection = await this.connect("operator");
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 1_500 });
    const name = await until("a leader", async () => (await manager.streams.info(STREAM)).cluster?.leader);
    await connection.close();
    return this.server(name);
  }

  /** Makes this server lead the stream. */
  async lead(server: NatsServer): Promise<void> {
    const connection = await this.connect("operator");
    for (let turn = 0; turn < 10 && (await this.leader()) !== server; turn += 1) {
      await connection.request(
        `$JS.API.STREAM.LEADER.STEPDOWN.${STREAM}`,
        JSON.stringify({ placement: { preferred: server.name } }),
        { timeout: 3_000 },
      );
      await until("an election", async () => ((await this.leader()) === server ? true : undefined), 2_000).catch(
        () => undefined,
      );
    }
    await connection.close();
  }

  /** Nothing passes between the two, in either direction. */
  cutBetween(a: NatsServer, b: NatsServer): void {
    this.#route(a.name, b.name).cut();
    this.#route(b.name, a.name).cut();
  }

  /** Nothing passes between the server and all others; with `clients` neither between it and any client. */
  isolate(server: NatsServer, clients = true): void {
    for (const other of this.servers) if (other !== server) this.cutBetween(server, other);
    if (!clients) return;
    for (const [key, proxy] of this.#clients) if (key.endsWith(`>${server.name}`)) proxy.cut();
  }

  /** Nothing passes between a client of `urls` and the server; all servers without one. */
  cutClient(client: string, server?: NatsServer): void {
    for (const [key, proxy] of this.#clients) {
      if (key.startsWith(`${client}>`) && (server === undefined || key.endsWith(`>${server.name}`))) proxy.cut();
    }
  }

  /** Lets `tap` see every byte that a client of `urls` sends to any server. */
  tapClient(client: string, tap: (chunk: Buffer) => void): void {
    for (const [key, proxy] of this.#clients) {
      if (!key.startsWith(`${client}>`)) continue;
      proxy.tap = (chunk, towards) => {
        if (towards === "server") tap(chunk);
      };
    }
  }

  /** Lets `tap` see every byte that passes between servers. */
  tapRoutes(tap: (chunk: Buffer) => void): void {
    for (const proxy of this.#routes.values()) proxy.tap = tap;
  }

  /** Everything passes again. */
  heal(): void {
    for (const proxy of [...this.#routes.values(), ...this.#clients.values()]) if (proxy.isCut) proxy.heal();
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#connections].map((connection) => connection.close()));
    await Promise.allSettled(this.servers.map((server) => server.kill()));
    await Promise.allSettled([...this.#routes.values(), ...this.#clients.values()].map((proxy) => proxy.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Why real servers cannot be started here; `undefined` when they can. */
export function natsMissing(): string | undefined {
  return pythonTool("nats-server").reason;
}

/** Starts a cluster, with its stream. Close it in `afterAll`. */
export async function startCluster(choice: ClusterChoice): Promise<NatsCluster> {
  const tool = pythonTool("nats-server");
  if (tool.path === undefined) throw new Error(tool.reason);
  const folder = mkdtempSync(join(tmpdir(), "twodoor-nats-"));
  const certificates = choice.tls === true ? await makeCertificates(join(folder, "certificates")) : undefined;
  const cluster = new NatsCluster(choice, tool.path, certificates, folder);
  try {
    await cluster.start();
    if (choice.stream !== false) {
      await cluster.createStream(choice.bytesMax);
      await cluster.settled();
    }
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}
