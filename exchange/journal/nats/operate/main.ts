#!/usr/bin/env node
/** The command `exchange-journal`: what an operator does with the voters of a NATS journal. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, nkeys, type NatsConnection } from "@nats-io/transport-node";
import { z } from "zod";
import { JournalMisconfigured, type Issue } from "../../issues";
import { connectionOptions, identity, voterAddresses, type NatsSettings } from "../settings";
import { auditProblems } from "./audit";
import { createStream } from "./create";
import { serverConfig } from "./server-config";
import { superviseStep, SUPERVISE_START } from "./supervise";
import { survey, type VoterReport } from "./survey";

const USAGE = `exchange-journal: the voters of a NATS journal

  exchange-journal keys
      makes a key pair: the seed (secret) for a node, the operator or the system account, the public key for the configuration
  exchange-journal config --file CLUSTER.json --voter NAME
      prints the nats-server configuration of one voter
  exchange-journal create [--bytes-max N] [--first-sequence N]
      makes the stream (operator's key); one that is there and fit is left alone, nothing is ever changed
  exchange-journal audit [--json]
      asks every voter for its own copy (system account's key): 0 whole, 1 something is wrong, 3 nobody answered
  exchange-journal supervise --sites aws,gcp [--every SECONDS] [--once]
      moves the leader away from the witness (JOURNAL_CREDENTIALS: the system account's key; OPERATOR_CREDENTIALS: the operator's)

Environment, as for the nodes: JOURNAL_URL (every voter), JOURNAL_STREAM (EXCHANGE), JOURNAL_CREDENTIALS, JOURNAL_TLS_CA, JOURNAL_TLS_CERT, JOURNAL_TLS_KEY
`;

/** Wrong use: exit 2. */
class Usage extends Error {}

/** A tool or the voters failed: exit 3. */
class Unavailable extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

function settingsOf(environment: Environment, credentials: string | undefined): NatsSettings {
  const url = environment["JOURNAL_URL"];
  if (url === undefined || url === "") throw new Usage("JOURNAL_URL must name every voter");
  const { JOURNAL_TLS_CA: ca, JOURNAL_TLS_CERT: cert, JOURNAL_TLS_KEY: key } = environment;
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  return {
    urls: url.split(",").map((part) => part.trim()),
    stream: environment["JOURNAL_STREAM"] ?? "EXCHANGE",
    name: "exchange-journal",
    ...(credentials === undefined ? {} : { credentials }),
    tls,
  };
}

/** A connection to any voter. */
async function connected(settings: NatsSettings): Promise<NatsConnection> {
  const who = identity(settings.credentials);
  let last = "";
  for (const voter of voterAddresses(settings.urls, false)) {
    try {
      return await connect({ ...connectionOptions(voter, who, settings), reconnect: false });
    } catch (error) {
      last = `${voter.address}: ${error instanceof Error ? error.message : "unknown error"}`;
    }
  }
  throw new Unavailable(`no voter could be reached; ${last}`);
}

const keyText = z.string().regex(/^U[A-Z2-7]{55}$/, "a public nkey of a user, as `exchange-journal keys` prints it");
const hostPort = z.string().regex(/^[^\s:]+:\d{1,5}$/, "HOST:PORT");
const clusterFile = z.strictObject({
  cluster: z.string().min(1),
  stream: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .default("EXCHANGE"),
  nodeKeys: z.array(keyText).min(1),
  operatorKey: keyText,
  systemKey: keyText,
  voters: z
    .array(
      z.strictObject({
        server: z.string().min(1),
        site: z.string().min(1),
        listen: hostPort,
        clusterListen: hostPort,
        clusterAdvertise: hostPort,
        storeDir: z.string().min(1),
        storeBytesMax: z.number().int().positive(),
        tls: z.strictObject({ ca: z.string(), cert: z.string(), key: z.string() }),
      }),
    )
    .min(1),
});

/** @throws Usage where there is no such file, or no JSON in it. */
function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // The parser's own words would quote the file, which may be a secret given by mistake.
    const why =
      error instanceof SyntaxError ? "it is not JSON" : error instanceof Error ? error.message : "unknown error";
    throw new Usage(`--file ${file} cannot be read: ${why}`);
  }
}

function printConfig(file: string | undefined, voterName: string | undefined): string {
  if (file === undefined || voterName === undefined) throw new Usage("config needs --file and --voter");
  const parsed = clusterFile.safeParse(jsonIn(file));
  if (!parsed.success) {
    throw new JournalMisconfigured(
      parsed.error.issues.flatMap((issue): Issue[] => {
        const fix = `change it in ${file}`;
        if (issue.code === "unrecognized_keys") {
          const got = "something that nothing here reads";
          return issue.keys.map((key) => ({ path: [...issue.path, key].join("."), expected: "nothing", got, fix }));
        }
        const expected = issue.code === "invalid_type" ? issue.expected : issue.message;
        const path = issue.path.length === 0 ? file : issue.path.join(".");
        return [
          { path, expected, got: issue.message.endsWith("received undefined") ? "nothing" : "something else", fix },
        ];
      }),
    );
  }
  const { voters, ...cluster } = parsed.data;
  const voter = voters.find((each) => each.server === voterName);
  if (voter === undefined) throw new Usage(`${file} names no voter ${voterName}`);
  const routes = voters.filter((each) => each !== voter).map((each) => each.clusterAdvertise);
  return serverConfig(cluster, { ...voter, routes });
}

async function runCreate(settings: NatsSettings, bytesMax: number, firstSequence: number | undefined): Promise<string> {
  const connection = await connected(settings);
  try {
    const choice = {
      stream: settings.stream,
      replicas: settings.urls.length,
      bytesMax,
      ...(firstSequence === undefined ? {} : { firstSequence }),
    };
    const { wasThere, info } = await createStream(connection, choice, 30_000);
    return `${wasThere ? "already there" : "made"}: stream ${settings.stream}, ${String(info.config.num_replicas)} replicas, made ${info.created}\n`;
  } finally {
    await connection.close();
  }
}

/** What all voters say, asked through one voter after the other until each has answered: one that is cut off knows nothing of the others. */
async function surveyAll(settings: NatsSettings, waitMs: number): Promise<VoterReport[]> {
  const reports = new Map<string, VoterReport>();
  let failure: unknown = new Unavailable("no voter answered the system account");
  for (const url of settings.urls) {
    try {
      const connection = await connected({ ...settings, urls: [url] });
      try {
        for (const report of await survey(connection, settings.stream, waitMs)) {
          if (!reports.has(report.server)) reports.set(report.server, report);
        }
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (error instanceof JournalMisconfigured) throw error;
      failure = error;
    }
    if (reports.size >= settings.urls.length) break;
  }
  if (reports.size === 0) throw failure;
  return [...reports.values()].sort((a, b) => (a.server < b.server ? -1 : 1));
}

async function runAudit(settings: NatsSettings, isJson: boolean): Promise<{ text: string; code: number }> {
  voterAddresses(settings.urls);
  const reports = await surveyAll(settings, 1_500);
  const problems = auditProblems(reports, settings.stream, settings.urls.length);
  const code = problems.length === 0 ? 0 : 1;
  if (isJson) {
    const voters = reports.map(({ stream, ...rest }) => ({ ...rest, state: stream?.state }));
    const verdict = code === 0 ? "pass" : "fail";
    return { text: `${JSON.stringify({ version: 1, verdict, problems, voters }, null, 2)}\n`, code };
  }
  const lines = problems.map(({ path, expected, got, fix }) => `${path}: expected ${expected}, got ${got}; ${fix}`);
  const head =
    code === 0
      ? `${String(reports.length)} voters, every copy whole`
      : `${String(problems.length)} ${problems.length === 1 ? "problem" : "problems"}`;
  return { text: `${[head, ...lines].join("\n")}\n`, code };
}

async function runSupervise(
  system: NatsSettings,
  operator: NatsSettings,
  sites: readonly string[],
  everyMs: number,
  isOnce: boolean,
  say: (line: string) => void,
): Promise<void> {
  let state = SUPERVISE_START;
  let said = "";
  for (;;) {
    try {
      const step = superviseStep(state, await surveyAll(system, 1_500), sites);
      state = step.state;
      if (step.reason !== said) say(step.reason);
      said = step.reason;
      if (step.moveTo !== undefined) await moveLeader(operator, step.moveTo);
      if (isOnce && (step.moveTo !== undefined || state.strayLooks === 0)) return;
    } catch (error) {
      if (isOnce || error instanceof JournalMisconfigured) throw error;
      say(error instanceof Error ? error.message : "unknown error");
    }
    await sleep(everyMs);
  }
}

async function moveLeader(operator: NatsSettings, server: string): Promise<void> {
  const hand = await connected(operator);
  try {
    await hand.request(
      `$JS.API.STREAM.LEADER.STEPDOWN.${operator.stream}`,
      JSON.stringify({ placement: { preferred: server } }),
      { timeout: 3_000 },
    );
  } finally {
    await hand.close();
  }
}

function whole(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Usage(`--${name} must be a whole number`);
  return Number(text);
}

const OPTIONS = {
  file: { type: "string" },
  voter: { type: "string" },
  "bytes-max": { type: "string" },
  "first-sequence": { type: "string" },
  json: { type: "boolean" },
  sites: { type: "string" },
  every: { type: "string" },
  once: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** What a command is given, and where it writes. */
interface Call {
  readonly values: ReturnType<typeof parsed>["values"];
  readonly environment: Environment;
  readonly out: (text: string) => void;
  readonly say: (line: string) => void;
}

function parsed(args: readonly string[]) {
  return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
}

const COMMANDS: ReadonlyMap<string, (call: Call) => Promise<number> | number> = new Map<
  string,
  (call: Call) => Promise<number> | number
>([
  [
    "keys",
    ({ out }) => {
      const pair = nkeys.createUser();
      out(`seed ${new TextDecoder().decode(pair.getSeed())}\npublic ${pair.getPublicKey()}\n`);
      return 0;
    },
  ],
  [
    "config",
    ({ out, values }) => {
      out(printConfig(values.file, values.voter));
      return 0;
    },
  ],
  [
    "create",
    async ({ out, values, environment }) => {
      const bytesMax = whole(values["bytes-max"], "bytes-max") ?? -1;
      const firstSequence = whole(values["first-sequence"], "first-sequence");
      out(await runCreate(settingsOf(environment, environment["JOURNAL_CREDENTIALS"]), bytesMax, firstSequence));
      return 0;
    },
  ],
  [
    "audit",
    async ({ out, values, environment }) => {
      const { text, code } = await runAudit(
        settingsOf(environment, environment["JOURNAL_CREDENTIALS"]),
        values.json === true,
      );
      out(text);
      return code;
    },
  ],
  [
    "supervise",
    async ({ values, environment, say }) => {
      if (values.sites === undefined) throw new Usage("supervise needs --sites, the sites that may lead, best first");
      const system = settingsOf(environment, environment["JOURNAL_CREDENTIALS"]);
      const operator = settingsOf(environment, environment["OPERATOR_CREDENTIALS"]);
      const everyMs = 1_000 * (whole(values.every, "every") ?? 10);
      await runSupervise(system, operator, values.sites.split(","), everyMs, values.once === true, say);
      return 0;
    },
  ],
]);

/**
 * Runs the command; answers with its exit code: 0 done, 1 judged and bad, 2 wrong use or settings, 3 could not be judged.
 *
 * @param out - where results go.
 * @param say - where progress and errors go, a line at a time.
 */
export async function main(
  args: readonly string[],
  environment: Environment,
  out: (text: string) => void,
  say: (line: string) => void,
): Promise<number> {
  try {
    const { values, positionals } = parsed(args);
    const [name] = positionals;
    if (values.help === true || name === undefined) {
      out(USAGE);
      return values.help === true ? 0 : 2;
    }
    const command = COMMANDS.get(name);
    if (command === undefined) throw new Usage(`there is no command ${name}`);
    return await command({ values, environment, out, say });
  } catch (error) {
    return failed(error, say);
  }
}

function failed(error: unknown, say: (line: string) => void): number {
  if (error instanceof JournalMisconfigured) {
    for (const { path, expected, got, fix } of error.problems) say(`${path}: expected ${expected}, got ${got}; ${fix}`);
    return 2;
  }
  const isWrongUse =
    error instanceof Usage ||
    (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
  say(error instanceof Error ? error.message : "unknown error");
  if (isWrongUse) say('"exchange-journal --help" shows the commands');
  return isWrongUse ? 2 : 3;
}

if (require.main === module) {
  void main(
    process.argv.slice(2),
    process.env,
    (text) => process.stdout.write(text),
    (line) => process.stderr.write(`${line}\n`),
  ).then((code) => {
    process.exitCode = code;
  });
}
