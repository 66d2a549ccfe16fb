import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { skipped } from "./skip";

const ROOT = resolve(__dirname, "../..");
const GET = resolve(ROOT, "../shared/engine/get");

/** Where the real engine is, or why there is none: a test then skips with that reason. */
export type Engine = { directory: string; reason?: undefined } | { directory?: undefined; reason: string };

/** Looks for the real engine: what `../shared/engine/get` answers, otherwise a `pulumi` on PATH. Builds it on the first call where Go is there. */
export function findEngine(): Engine {
  if (!existsSync(GET)) return onPath();
  const { status, stdout, stderr } = spawnSync(GET, { encoding: "utf8" });
  if (status === 0) return { directory: stdout.trim() };
  return { reason: `the real engine cannot be had: ${stderr.trim().split("\n").at(-1) ?? "no reason given"}` };
}

/** Prints the reason for which tests of the real engine are skipped; returns whether they are. */
export function skipsWithout(engine: Engine, suite: string): boolean {
  return skipped(engine.reason === undefined ? undefined : `${suite}: ${engine.reason}`);
}

function onPath(): Engine {
  const found = spawnSync("pulumi", ["version"], { encoding: "utf8" });
  if (found.error !== undefined || found.status !== 0) return { reason: "there is no `pulumi` on PATH" };
  const which = spawnSync("sh", ["-c", "command -v pulumi"], { encoding: "utf8" }).stdout.trim();
  return { directory: resolve(which, "..") };
}

/** A stack of a program, in a directory of its own that vanishes with `close`. */
export interface StackOptions {
  /** Directory that holds the program's Pulumi.yaml. Nothing is written there. */
  program: string;
  stack: string;
  /** Settings by key, as `pulumi config set` takes them; they are added to those of Pulumi.<stack>.yaml. Defaults to none. */
  config?: Record<string, string>;
  /** Settings by key that are encrypted. Defaults to none. */
  secrets?: Record<string, string>;
  /** Environment that the engine and the program get beside the closed one: PULUMI_DEBUG_PROVIDERS. */
  environment?: Record<string, string>;
}

/** One step of the engine: what it does to which resource. */
export interface Step {
  /** `same`, `create`, `update`, `delete`, `replace`, `create-replacement`, `delete-replaced`, `refresh`, … */
  op: string;
  urn: string;
  type: string;
  name: string;
  /** Properties that differ, by path. */
  diffs: string[];
}

/** What a policy pack said while a command ran. */
export interface PolicyFinding {
  policy: string;
  /** `mandatory`, `advisory`. */
  level: string;
  /** Last part of the URN that it is about; that of the stack where it is about all of it. */
  name: string;
  /** What it said, its description in the first line. */
  message: string;
}

/** What came of a command. */
export interface Outcome {
  /** The CLI's exit status. */
  status: number;
  /** Steps in the order in which they began, those of providers and of the stack itself among them. */
  steps: Step[];
  /** Steps that change something, as `op type name`, sorted; without providers and the stack itself. */
  changes: string[];
  /** URNs of steps that failed. */
  failed: string[];
  /** Error messages, colour and addresses taken away. */
  errors: string[];
  /** What policy packs said, by policy, name and message. */
  policies: PolicyFinding[];
  /** Everything that was printed. */
  output: string;
}

/** A stack that can be driven. */
export interface OpenStack {
  /** The directory of project, state and settings. */
  directory: string;
  up: (environment?: Record<string, string>, ...args: string[]) => Promise<Outcome>;
  preview: (environment?: Record<string, string>, ...args: string[]) => Promise<Outcome>;
  refresh: (environment?: Record<string, string>, ...args: string[]) => Promise<Outcome>;
  destroy: (environment?: Record<string, string>, ...args: string[]) => Promise<Outcome>;
  /** Sets one setting. */
  setConfig: (key: string, value: string, isSecret?: boolean) => Promise<void>;
  /** One encrypted setting, in clear. */
  secret: (key: string) => Promise<string>;
  /** Changes the settings file as a person would in an editor. */
  edit: (change: (config: Record<string, unknown>) => void) => void;
  /** Outputs of the stack, secrets in clear. */
  outputs: () => Promise<Record<string, unknown>>;
  /** The deployment as the state holds it, secrets encrypted. */
  exported: () => Promise<string>;
  /** Judges the state in a file by policy packs alone; no program and no provider runs. */
  analyze: (file: string, ...args: string[]) => Promise<Outcome>;
  /** Takes the directory away. */
  close: () => void;
}

/** Makes a stack of `program` in a temporary directory, driven by the engine in `engine`. */
export async function openStack(engine: string, options: StackOptions): Promise<OpenStack> {
  const directory = mkdtempSync(join(tmpdir(), "twodoor-stack-"));
  for (const folder of ["home", "state", "tmp", "project"]) mkdirSync(join(directory, folder));
  const project = join(directory, "project");
  writeFileSync(join(project, "Pulumi.yaml"), projectFile(options.program, project));
  const settings = join(project, `Pulumi.${options.stack}.yaml`);
  const original = join(options.program, settingsFolder(options.program), `Pulumi.${options.stack}.yaml`);
  if (existsSync(original)) copyFileSync(original, settings);
  const cli = (args: string[], environment: Record<string, string> = {}): Promise<Printed> =>
    run(join(engine, "pulumi"), [...args, "--non-interactive", "--color", "never"], project, {
      ...closedEnvironment(engine, directory),
      ...options.environment,
      ...environment,
    });
  await must(cli(["stack", "init", options.stack]));
  const setConfig = async (key: string, value: string, isSecret = false): Promise<void> => {
    await must(cli(["config", "set", "-s", options.stack, ...(isSecret ? ["--secret"] : []), "--path", key, value]));
  };
  for (const [key, value] of Object.entries(options.config ?? {})) await setConfig(key, value);
  for (const [key, value] of Object.entries(options.secrets ?? {})) await setConfig(key, value, true);
  let count = 0;
  const command =
    (name: string, ...fixed: string[]) =>
    async (environment: Record<string, string> = {}, ...args: string[]): Promise<Outcome> => {
      const log = join(directory, `events-${String((count += 1))}.jsonl`);
      const printed = await cli([name, "-s", options.stack, "--event-log", log, ...fixed, ...args], environment);
      return outcome(printed, existsSync(log) ? readFileSync(log, "utf8") : "");
    };
  return {
    directory,
    up: command("up", "--yes", "--skip-preview"),
    preview: command("preview"),
    refresh: command("refresh", "--yes", "--skip-preview"),
    destroy: command("destroy", "--yes", "--skip-preview"),
    setConfig,
    secret: async (key) => (await must(cli(["config", "get", "-s", options.stack, key]))).replace(/\n$/, ""),
    edit: (change) => {
      const file = parse(readFileSync(settings, "utf8")) as { config: Record<string, unknown> };
      change(file.config);
      writeFileSync(settings, stringify(file));
    },
    outputs: async () =>
      JSON.parse(await must(cli(["stack", "output", "-s", options.stack, "--json", "--show-secrets"]))) as Record<
        string,
        unknown
      >,
    analyze: async (file, ...args) => {
      const printed = await cli(["policy", "analyze", "--json", "--file", file, ...args]);
      return outcome(printed, printed.stdout);
    },
    exported: () => must(cli(["stack", "export", "-s", options.stack])),
    close: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The program's project file, for a project in another directory that runs the program where it is; its settings lie beside it. */
function projectFile(program: string, project: string): string {
  const { stackConfigDir: _folder, ...content } = projectOf(program);
  return stringify({ ...content, main: relative(project, resolve(program, content.main ?? ".")) });
}

/** Where the program keeps its settings files, below its own directory. */
function settingsFolder(program: string): string {
  return projectOf(program).stackConfigDir ?? ".";
}

function projectOf(program: string): { main?: string; stackConfigDir?: string } {
  return parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")) as { main?: string; stackConfigDir?: string };
}

function closedEnvironment(engine: string, directory: string): Record<string, string> {
  return {
    PATH: `${engine}:${process.env["PATH"] ?? ""}`,
    HOME: process.env["HOME"] ?? directory,
    TMPDIR: join(directory, "tmp"),
    PULUMI_HOME: join(directory, "home"),
    PULUMI_BACKEND_URL: `file://${join(directory, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "example" /* the one under which stacks/Pulumi.prod.yaml holds its sample */,
    PULUMI_DEBUG_COMMANDS: "1", // for --event-log
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...(process.env["TWODOOR_ENGINE_HOME"] === undefined
      ? {}
      : { TWODOOR_ENGINE_HOME: process.env["TWODOOR_ENGINE_HOME"] }),
  };
}

interface Printed {
  status: number;
  stdout: string;
  stderr: string;
}

function run(file: string, args: string[], cwd: string, env: Record<string, string>): Promise<Printed> {
  return new Promise((resolvePrinted, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    child.on("error", reject);
    child.on("close", (status) => {
      resolvePrinted({ status: status ?? -1, ...printed });
    });
  });
}

async function must(printed: Promise<Printed>): Promise<string> {
  const { status, stdout, stderr } = await printed;
  if (status !== 0) throw new Error(`pulumi ended with ${String(status)}: ${stderr || stdout}`);
  return stdout;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { severity: string; message: string; urn?: string };
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string };
}

interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  detailedDiff?: Record<string, unknown> | null;
}

const QUIET = new Set(["same", "read", "refresh"]);

/** @param log - the engine's events, one a line. */
function outcome(printed: Printed, log: string): Outcome {
  const events = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
  const steps = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent === undefined ? [] : [step(resourcePreEvent.metadata)],
  );
  const counted = steps.filter(({ op, type }) => !QUIET.has(op) && !type.startsWith("pulumi:"));
  return {
    status: printed.status,
    steps,
    changes: counted.map(({ op, type, name }) => `${op} ${type} ${name}`).sort(),
    failed: events.flatMap(({ resOpFailedEvent }) =>
      resOpFailedEvent === undefined ? [] : [resOpFailedEvent.metadata.urn],
    ),
    errors: events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "error" ? [plainText(diagnosticEvent.message)] : [],
    ),
    policies: events.flatMap(({ policyEvent }) => (policyEvent === undefined ? [] : [policyFinding(policyEvent)])),
    output: printed.stdout + printed.stderr,
  };
}

function policyFinding(event: NonNullable<EngineEvent["policyEvent"]>): PolicyFinding {
  const name = (event.resourceUrn ?? "").split("::").slice(3).join("::");
  return { policy: event.policyName, level: event.enforcementLevel, name, message: plainText(event.message) };
}

/** A message without the marks of the CLI's colours. */
function plainText(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}

function step({ op, urn, type, detailedDiff }: StepMetadata): Step {
  return { op, urn, type, name: urn.split("::").slice(3).join("::"), diffs: Object.keys(detailedDiff ?? {}).sort() };
}
