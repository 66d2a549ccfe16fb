/** The environment of a node, read once and whole. Every problem is told at once; secrets are told by their length alone. */
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { JournalSettings } from "../journal/open";
import { type Issue, SettingsError, shown, shownSecret } from "./issues";

/** Words that must stand in `EMBEDDED_JOURNAL_IN_PRODUCTION` before one machine may hold the only copy of real orders. */
export const EMBEDDED_RISK = "losing this machine loses every order";
/** Most other regions that are asked for their health. */
const PEERS_MAX = 16;
/** Most operators in one environment. */
const OPERATORS_MAX = 100;
const SECRET_CHARACTERS_MIN = 32;
const RATE_MAX = 100_000;

/** Which implementation the journal's address names. */
export type JournalKind = "embedded" | "remote" | "nats";

/** Everything that a node is told from outside. */
export interface Settings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly journal: Omit<JournalSettings, "node"> & { readonly kind: JournalKind };
  /** `local` where the environment names none. */
  readonly place: { readonly cloud: string; readonly region: string };
  /** Base URLs of the other regions, without a slash at the end. */
  readonly peers: readonly string[];
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  readonly isProduction: boolean;
  readonly isSandbox: boolean;
  /** Keys of customers are derived from it; without it only the sandbox's keys work. */
  readonly apiKeyMaster: string | undefined;
  /** Base64 secrets of those who may use the operators' routes, by name. Empty: there are no such routes. */
  readonly operatorKeys: ReadonlyMap<string, string>;
  readonly snapshotDir: string;
  /** Lower-case name of the header in which a proxy in front gives the client's address; without it the socket's peer counts. */
  readonly clientAddressHeader: string | undefined;
  /** Requests a second of one account, and of one address without a key; bursts are larger (see `http/`). */
  readonly accountRequestsPerSecond: number;
  readonly addressRequestsPerSecond: number;
}

interface Variable {
  readonly schema: z.ZodType<string>;
  readonly expected: string;
  readonly fix: string;
  readonly isSecret?: boolean;
}

const listedIn = (...values: string[]): z.ZodType<string> => z.string().refine((value) => values.includes(value));
const matching = (pattern: RegExp): z.ZodType<string> => z.string().regex(pattern);
const pem = (label: string): Variable => ({
  schema: z.string().refine((value) => value.includes("-----BEGIN ") && value.includes("-----END ")),
  expected: `the text of ${label} in PEM`,
  fix: "give the text itself, not the name of a file",
  isSecret: true,
});
const hostAndPort = /^(?:\[[0-9a-fA-F:]+\]|[^\s:/[\]]+):(\d{1,5})$/;

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === "" && url.search === "" && url.hash === "";
}

function journalKind(url: string): JournalKind | undefined {
  if (/^embedded:.+/.test(url)) return "embedded";
  if (url.startsWith("journal://") && hostAndPort.test(url.slice("journal://".length))) return "remote";
  const isServer = (one: string): boolean => /^(?:nats|tls):\/\/[^\s/@]+$/.test(one);
  return url.split(",").every(isServer) ? "nats" : undefined;
}

function operatorsIn(text: string): Map<string, string> | undefined {
  const keys = new Map<string, string>();
  const entries = text.split(",");
  for (const entry of entries) {
    const [, name, secret] = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{16,}={0,2})$/.exec(entry) ?? [];
    if (name !== undefined && secret !== undefined) keys.set(name, secret);
  }
  return keys.size === entries.length && keys.size <= OPERATORS_MAX ? keys : undefined;
}

const isRate = (text: string): boolean => /^[1-9]\d{0,5}$/.test(text) && Number(text) <= RATE_MAX;
const rate = (fix: string): Variable => ({
  schema: z.string().refine(isRate),
  expected: `whole requests a second from 1 to ${String(RATE_MAX)}`,
  fix,
});

const peersIn = (text: string): string[] => text.split(",").map((url) => url.trim().replace(/\/+$/, ""));

const VARIABLES = {
  PORT: { schema: z.string().refine(isPort), expected: "a port from 0 to 65535", fix: "leave it out for 8080" },
  HOST: {
    schema: matching(/^[^\s/]{1,255}$/),
    expected: "an address to listen on",
    fix: "leave it out for 0.0.0.0",
  },
  JOURNAL_URL: {
    schema: z.string().refine((url) => journalKind(url) !== undefined),
    expected: "embedded:DIR, journal://HOST:PORT, or nats:// or tls:// addresses with commas between",
    fix: "name the journal; credentials go into JOURNAL_CREDENTIALS, never into the address",
    isSecret: true,
  },
  JOURNAL_CREDENTIALS: {
    schema: z.string().min(16).max(16_384),
    expected: "an nkey seed, the text of a creds file, or a shared token of at least 16 characters",
    fix: "give the text itself, not the name of a file",
    isSecret: true,
  },
  JOURNAL_STREAM: {
    schema: matching(/^[A-Za-z0-9_-]{1,64}$/),
    expected: "letters, digits, - and _, at most 64",
    fix: "leave it out for EXCHANGE",
  },
  JOURNAL_LISTEN: {
    schema: z.string().refine((text) => isPort(hostAndPort.exec(text)?.[1] ?? "")),
    expected: "HOST:PORT",
    fix: "leave it out unless other processes share this journal",
  },
  JOURNAL_TLS_CA: pem("the certificate authority"),
  JOURNAL_TLS_CERT: pem("the client's certificate"),
  JOURNAL_TLS_KEY: pem("the client's key"),
  CLOUD: {
    schema: matching(/^[a-z0-9-]{1,32}$/),
    expected: "aws, gcp or a name like them",
    fix: "leave it out for local",
  },
  REGION: {
    schema: matching(/^[a-z0-9-]{1,64}$/),
    expected: "a region as its cloud names it",
    fix: "leave it out for local",
  },
  PEERS: {
    schema: z.string().refine((text) => peersIn(text).every(isBaseUrl) && peersIn(text).length <= PEERS_MAX),
    expected: `at most ${String(PEERS_MAX)} http:// or https:// addresses of other regions with commas between`,
    fix: "leave it out where there is no other region",
  },
  LOG_LEVEL: {
    schema: listedIn("fatal", "error", "warn", "info", "debug", "trace", "silent"),
    expected: "fatal, error, warn, info, debug, trace or silent",
    fix: "leave it out for info",
  },
  NODE_ENV: {
    schema: listedIn("production", "development", "test"),
    expected: "production, development or test",
    fix: "leave it out for development",
  },
  EXCHANGE_SANDBOX: {
    schema: listedIn("0", "1"),
    expected: "1 or 0",
    fix: "leave it out unless this is a sandbox with play money",
  },
  API_KEY_MASTER: {
    schema: z.string().min(SECRET_CHARACTERS_MIN).max(1024),
    expected: `a secret of at least ${String(SECRET_CHARACTERS_MIN)} characters`,
    fix: "take 32 random bytes in base64, the same for all nodes",
    isSecret: true,
  },
  OPERATOR_KEYS: {
    schema: z.string().refine((text) => operatorsIn(text) !== undefined),
    expected: "name:base64secret with commas between, each name once",
    fix: "leave it out where nobody operates through the API",
    isSecret: true,
  },
  SNAPSHOT_DIR: {
    schema: z.string().max(4096),
    expected: "a folder",
    fix: "leave it out for one beside an embedded journal, or below the system's temporary folder",
  },
  CLIENT_ADDRESS_HEADER: {
    schema: matching(/^[A-Za-z0-9-]{1,64}$/),
    expected: "the name of a header, such as CF-Connecting-IP",
    fix: "leave it out unless every request comes through a proxy that sets it",
  },
  ACCOUNT_REQUESTS_PER_SECOND: rate("leave it out for 15"),
  ADDRESS_REQUESTS_PER_SECOND: rate("leave it out for 10"),
  EMBEDDED_JOURNAL_IN_PRODUCTION: {
    schema: listedIn(EMBEDDED_RISK),
    expected: `exactly "${EMBEDDED_RISK}"`,
    fix: "leave it out and give NATS servers in JOURNAL_URL",
  },
} satisfies Record<string, Variable>;

type Name = keyof typeof VARIABLES;
type Values = Partial<Record<Name, string>>;

function readVariables(environment: NodeJS.ProcessEnv): { values: Values; issues: Issue[] } {
  const values: Values = {};
  const issues: Issue[] = [];
  for (const [name, { schema, expected, fix, isSecret }] of Object.entries<Variable>(VARIABLES) as [Name, Variable][]) {
    const text = environment[name];
    // Platforms that cannot leave a variable out set it to nothing.
    if (text === undefined || text === "") continue;
    if (schema.safeParse(text).success) values[name] = text;
    else issues.push({ path: name, expected, got: isSecret === true ? shownSecret(text) : shown(text), fix });
  }
  return { values, issues };
}

/** What only shows when several variables are seen together. */
function crossIssues(values: Values, environment: NodeJS.ProcessEnv): Issue[] {
  const issues: Issue[] = [];
  const url = environment["JOURNAL_URL"] ?? "";
  const kind = journalKind(url);
  const isProduction = values.NODE_ENV === "production";
  if (url === "") {
    const fix = "set it, for a first try to embedded:/tmp/exchange";
    issues.push({ path: "JOURNAL_URL", expected: VARIABLES.JOURNAL_URL.expected, got: "nothing", fix });
  }
  if (isProduction && values.EXCHANGE_SANDBOX === "1") {
    const fix = "leave it out: its keys are public";
    issues.push({ path: "EXCHANGE_SANDBOX", expected: "no sandbox where NODE_ENV is production", got: '"1"', fix });
  }
  if (isProduction && (environment["API_KEY_MASTER"] ?? "") === "") {
    const { expected, fix } = VARIABLES.API_KEY_MASTER;
    issues.push({ path: "API_KEY_MASTER", expected, got: "nothing", fix });
  }
  const isOneMachine = kind === "embedded" || kind === "remote";
  if (isProduction && isOneMachine && (environment["EMBEDDED_JOURNAL_IN_PRODUCTION"] ?? "") === "") {
    const fix = `give NATS servers, or set EMBEDDED_JOURNAL_IN_PRODUCTION to exactly "${EMBEDDED_RISK}"`;
    issues.push({
      path: "JOURNAL_URL",
      expected: "a replicated journal in production",
      got: "one on one machine",
      fix,
    });
  }
  if (values.JOURNAL_LISTEN !== undefined && kind !== undefined && kind !== "embedded") {
    const fix = "leave it out: only the owner of an embedded journal serves it";
    issues.push({ path: "JOURNAL_LISTEN", expected: "an embedded journal", got: shown(values.JOURNAL_LISTEN), fix });
  }
  if (((environment["JOURNAL_TLS_CERT"] ?? "") === "") !== ((environment["JOURNAL_TLS_KEY"] ?? "") === "")) {
    const fix = "give both or neither";
    issues.push({
      path: "JOURNAL_TLS_CERT",
      expected: "a certificate and its key together",
      got: "one of the two",
      fix,
    });
  }
  return issues;
}

/** Beside an embedded journal, so that both go together; otherwise another journal, and another node of this machine, keep theirs elsewhere. */
function defaultSnapshotDir({ JOURNAL_URL = "", JOURNAL_STREAM = "", PORT = "" }: Values): string {
  if (JOURNAL_URL.startsWith("embedded:")) return join(JOURNAL_URL.slice("embedded:".length), "snapshots");
  const journal = createHash("sha256").update(`${JOURNAL_URL}\n${JOURNAL_STREAM}\n${PORT}`).digest("hex").slice(0, 16);
  return join(tmpdir(), `twodoor-exchange-${journal}`);
}

/**
 * Reads the environment. Unknown variables are left alone.
 *
 * @throws SettingsError with every problem, sorted by the variable's name.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const { values, issues } = readVariables(environment);
  issues.push(...crossIssues(values, environment));
  const kind = journalKind(values.JOURNAL_URL ?? "");
  if (issues.length > 0 || values.JOURNAL_URL === undefined || kind === undefined) {
    throw new SettingsError("The environment of the exchange", issues);
  }
  return {
    host: values.HOST ?? "0.0.0.0",
    port: Number(values.PORT ?? "8080"),
    journal: {
      url: values.JOURNAL_URL,
      kind,
      credentials: values.JOURNAL_CREDENTIALS,
      stream: values.JOURNAL_STREAM ?? "EXCHANGE",
      listen: values.JOURNAL_LISTEN,
      tlsCa: values.JOURNAL_TLS_CA,
      tlsCert: values.JOURNAL_TLS_CERT,
      tlsKey: values.JOURNAL_TLS_KEY,
    },
    place: { cloud: values.CLOUD ?? "local", region: values.REGION ?? "local" },
    peers: values.PEERS === undefined ? [] : peersIn(values.PEERS),
    logLevel: (values.LOG_LEVEL ?? "info") as Settings["logLevel"],
    isProduction: values.NODE_ENV === "production",
    isSandbox: values.EXCHANGE_SANDBOX === "1",
    apiKeyMaster: values.API_KEY_MASTER,
    operatorKeys: (values.OPERATOR_KEYS === undefined ? undefined : operatorsIn(values.OPERATOR_KEYS)) ?? new Map(),
    snapshotDir: values.SNAPSHOT_DIR ?? defaultSnapshotDir(values),
    clientAddressHeader: values.CLIENT_ADDRESS_HEADER?.toLowerCase(),
    accountRequestsPerSecond: Number(values.ACCOUNT_REQUESTS_PER_SECOND ?? "15"),
    addressRequestsPerSecond: Number(values.ADDRESS_REQUESTS_PER_SECOND ?? "10"),
  };
}
