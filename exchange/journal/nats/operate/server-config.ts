/** Writes the configuration of a voter: one NATS server of the journal's own cluster. Pure. */
import { inboxPrefix } from "../settings";
import { commandSubject } from "../stream";

/** Files of a certificate, as paths on the voter's machine. */
export interface CertificateFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What the voters of one journal have in common. */
export interface ClusterConfig {
  readonly cluster: string;
  readonly stream: string;
  /** Public nkeys (`U…`) of the API nodes: append and read, nothing else. */
  readonly nodeKeys: readonly string[];
  /** Public nkey of the operator: makes the stream, moves its leader. Cannot delete, purge or update it either. */
  readonly operatorKey: string;
  /** Public nkey of the system account, for audits. Kept on the operator's machine alone: it can remove voters. */
  readonly systemKey: string;
}

/** One voter. */
export interface VoterConfig {
  /** Unique. A voter whose disk is gone gets a new one: an empty disk under an old name would vote as if it remembered. */
  readonly server: string;
  /** `aws`, `gcp`, `witness`: what fails together with this voter. Becomes the tag `site:<site>`, which `audit` reads back. */
  readonly site: string;
  /** `HOST:PORT` for nodes. */
  readonly listen: string;
  /** `HOST:PORT` for the other voters. */
  readonly clusterListen: string;
  /** Name under which the others reach it, where it is not `clusterListen`. */
  readonly clusterAdvertise?: string;
  /** `HOST:PORT` of every other voter; a server with JetStream refuses to start without. Empty only where there is a single voter. */
  readonly routes: readonly string[];
  readonly storeDir: string;
  /** Keep it below 75 % of the disk: a full disk shuts JetStream down on that server. */
  readonly storeBytesMax: number;
  readonly tls?: CertificateFiles;
  /** Further lines, as they are: log file, ports file. */
  readonly extra?: string;
}

const quoted = (text: string): string => JSON.stringify(text);
const list = (items: readonly string[]): string => `[${items.map(quoted).join(", ")}]`;

function user(key: string, publish: readonly string[]): string {
  return `      { nkey: ${key}, permissions: { publish: { allow: ${list(publish)} }, subscribe: { allow: ${list([`${inboxPrefix(key)}.>`])} } } }`;
}

/** Subjects that a node may publish on. Purge, delete, update, consumers, step-downs and snapshots are not among them. */
function nodeRights(stream: string): string[] {
  return [commandSubject(stream), `$JS.API.STREAM.INFO.${stream}`, `$JS.API.DIRECT.GET.${stream}`];
}

/** Subjects that the operator may publish on. `STREAM.UPDATE` is left out on purpose: with it a limit can be set that trims the stream. */
function operatorRights(stream: string): string[] {
  return [
    `$JS.API.STREAM.CREATE.${stream}`,
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.LEADER.STEPDOWN.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
  ];
}

function tlsBlock(files: CertificateFiles | undefined, indent: string): string[] {
  if (files === undefined) return [];
  return [
    `${indent}tls {`,
    `${indent}  ca_file: ${quoted(files.ca)}`,
    `${indent}  cert_file: ${quoted(files.cert)}`,
    `${indent}  key_file: ${quoted(files.key)}`,
    `${indent}  verify: true`,
    `${indent}  timeout: 5`,
    `${indent}}`,
  ];
}

/**
 * The text of a voter's `nats-server.conf`. `sync_interval: always` is in it without a choice: with the default of two minutes a power
 * loss takes acknowledged entries (https://jepsen.io/analyses/nats-2.12.1).
 */
export function serverConfig(cluster: ClusterConfig, voter: VoterConfig): string {
  const rights = nodeRights(cluster.stream);
  const users = [
    ...cluster.nodeKeys.map((key) => user(key, rights)),
    user(cluster.operatorKey, operatorRights(cluster.stream)),
  ];
  const lines = [
    `server_name: ${quoted(voter.server)}`,
    `listen: ${quoted(voter.listen)}`,
    `server_tags: ${list([`site:${voter.site}`, `node:${voter.server}`])}`,
    `max_payload: 1MB`,
    `lame_duck_duration: "30s"`,
    `lame_duck_grace_period: "2s"`,
    `jetstream {`,
    `  store_dir: ${quoted(voter.storeDir)}`,
    `  max_memory_store: 64MB`,
    `  max_file_store: ${String(voter.storeBytesMax)}`,
    `  sync_interval: always`,
    `}`,
    `accounts {`,
    `  SYS { users: [ { nkey: ${cluster.systemKey} } ] }`,
    `  EXCHANGE {`,
    `    jetstream: enabled`,
    `    users: [`,
    users.join(",\n"),
    `    ]`,
    `  }`,
    `}`,
    `system_account: SYS`,
    ...tlsBlock(voter.tls, ""),
  ];
  if (voter.routes.length > 0) {
    lines.push(
      `cluster {`,
      `  name: ${quoted(cluster.cluster)}`,
      `  listen: ${quoted(voter.clusterListen)}`,
      ...(voter.clusterAdvertise === undefined ? [] : [`  advertise: ${quoted(voter.clusterAdvertise)}`]),
      `  routes: ${list(voter.routes.map((route) => `nats-route://${route}`))}`,
      ...tlsBlock(voter.tls, "  "),
      `}`,
    );
  }
  if (voter.extra !== undefined) lines.push(voter.extra);
  return `${lines.join("\n")}\n`;
}
