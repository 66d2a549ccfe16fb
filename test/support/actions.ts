/** Runs the steps of a composite action as a runner of GitHub does, without one: `run` scripts by bash, `uses` steps are only told. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";

interface Step {
  name: string;
  id?: string;
  if?: string;
  run?: string;
  uses?: string;
  env?: Record<string, Scalar>;
  with?: Record<string, Scalar>;
}

type Scalar = string | number | boolean;

interface Action {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, { value: string }>;
  runs: { steps: Step[] };
}

/** What came of a run. */
export interface ActionRun {
  /** Of the first step that failed; 0 where none did. */
  status: number;
  failed: string | undefined;
  /** Other actions that were used, as `name@version`, with what they were given. */
  used: { uses: string; with: Record<string, string> }[];
  outputs: Record<string, string>;
  /** Standard output and standard error of all scripts. */
  log: string;
  /** The job's summary. */
  summary: string;
}

/** What a run is started with. */
export interface ActionStart {
  /** The action's file. */
  file: string;
  inputs: Record<string, string>;
  /** Where the code is checked out. */
  workspace: string;
  /** A directory of the runner's own, emptied by nobody. */
  temp: string;
  /** The payload of the event. */
  event: unknown;
  env?: Record<string, string>;
}

/** @returns the file as it was parsed, whose inputs and outputs a test may compare. */
export function actionIn(file: string): Action {
  return parse(readFileSync(file, "utf8")) as Action;
}

/** Runs the action in `file`. */
export function runAction(start: ActionStart): ActionRun {
  const { file, temp } = start;
  const action = actionIn(file);
  mkdirSync(temp, { recursive: true });
  const context: Record<string, string> = { "runner.temp": temp, "github.token": "none" };
  for (const [name, { default: value }] of Object.entries(action.inputs))
    context[`inputs.${name}`] = start.inputs[name] ?? value ?? "";
  const run: ActionRun = { status: 0, failed: undefined, used: [], outputs: {}, log: "", summary: "" };
  const summary = join(temp, "summary.md");
  rmSync(summary, { force: true });
  for (const step of action.runs.steps) if (isDue(step, context, run)) runStep(step, start, context, run);
  run.summary = existsSync(summary) ? readFileSync(summary, "utf8") : "";
  for (const [name, { value }] of Object.entries(action.outputs)) run.outputs[name] = filled(value, context);
  return run;
}

/** A condition without `always()` holds only while nothing has failed. */
function isDue(step: Step, context: Record<string, string>, { failed }: ActionRun): boolean {
  const terms = (step.if ?? "success()").split("&&").map((term) => term.trim());
  if (failed !== undefined && !terms.includes("always()")) return false;
  return terms.every((term) => {
    const [, name = "", sign, value] = /^([\w.-]+) ([!=]=) '(.*)'$/.exec(term) ?? [];
    if (sign === undefined) return ["always()", "success()"].includes(term);
    return ((context[name] ?? "") === value) === (sign === "==");
  });
}

function runStep(step: Step, start: ActionStart, context: Record<string, string>, run: ActionRun): void {
  const fill = (values: Record<string, Scalar> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, filled(String(value), context)]));
  if (step.uses !== undefined) run.used.push({ uses: step.uses, with: fill(step.with) });
  if (step.run === undefined) return;
  const file = (name: string): string => join(start.temp, name);
  writeFileSync(file("output"), "");
  writeFileSync(file("event.json"), JSON.stringify(start.event));
  // The whole environment: nothing of the machine's but the path reaches a step.
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION_PATH: dirname(start.file),
    GITHUB_EVENT_PATH: file("event.json"),
    GITHUB_OUTPUT: file("output"),
    GITHUB_STEP_SUMMARY: file("summary.md"),
    GITHUB_WORKSPACE: start.workspace,
    RUNNER_TEMP: start.temp,
    ...start.env,
    ...fill(step.env),
  };
  writeFileSync(file("script.sh"), filled(step.run, context));
  const shell = ["--noprofile", "--norc", "-eo", "pipefail", file("script.sh")];
  const { status, stdout, stderr } = spawnSync("bash", shell, { cwd: start.workspace, env, encoding: "utf8" });
  run.log += stdout + stderr;
  for (const [, key = "", value = ""] of readFileSync(file("output"), "utf8").matchAll(/^([\w-]+)=(.*)$/gm))
    context[`steps.${step.id ?? ""}.outputs.${key}`] = value;
  if (status === 0 || run.failed !== undefined) return;
  run.status = status ?? -1;
  run.failed = step.name;
}

function filled(text: string, context: Record<string, string>): string {
  return text.replace(/\$\{\{ ([^}]+) \}\}/g, (_, expression: string) => context[expression] ?? "");
}
