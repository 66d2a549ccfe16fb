import { writeFileSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import { runPolicyPack, type PackReport } from "../planner";
import { judge } from "../policies/check";
import { compareResults } from "../policies/compare";
import type { Graph } from "../resilience/graph";
import { graphFor, graphIn, projectFileOf, settingsFor, unusable, type CheckSource } from "./check-input";
import { explained, listed } from "./check-rules";
import { ExitCode } from "./exit-codes";
import { reportOf } from "./report-error";
import { reports } from "./reports";
import type { Checked } from "./reports/report";
import { refusals } from "./reports/packs";
import { terminalOf, type Terminal } from "./terminal";

interface CheckFlags {
  stack?: string;
  graph?: string;
  state?: string;
  settings?: string;
  answers?: string;
  base?: string;
  strict?: true;
  format: string;
  json?: true;
  output: Output[];
  policyPack: string[];
  explain?: string;
  rules?: true;
  timeout: number;
}

interface Output {
  format: string;
  file: string;
}

const defaultTimeoutSeconds = 120;
const formats = Object.keys(reports);

/** Adds `twodoor check`. */
export function registerCheck(program: Command): void {
  program
    .command("check")
    .summary("judge a design: what one outage would stop, and what to change")
    .description(
      "Judges the Pulumi program in DIR, or a recorded design: takes every failure domain away in turn, and holds the design against every rule. Needs no cloud and no credential.",
    )
    .argument("[DIR]", "directory of Pulumi.yaml, or one below it", ".")
    .option("--stack <name>", "the stack (default: dev, or the only one that has a settings file)")
    .addOption(
      new Option("--graph <file>", "judge a recorded plan or preview in place of a program").conflicts([
        "state",
        "answers",
      ]),
    )
    .addOption(new Option("--state <file>", "judge a state: what `pulumi stack export` wrote").conflicts("answers"))
    .option("--settings <file>", "levels, limits, waivers (default: twodoor.STACK.json beside the stack's settings)")
    .option("--answers <file>", "answers of data sources by function token, as JSON or YAML")
    .option("--base <file>", "compare with a recorded design: only what is worse than there fails")
    .option("--strict", "with --base: what fails without it fails too")
    .option("--format <format>", `how to print it: ${formats.join(", ")}`, oneOf, "text")
    .addOption(
      new Option("--json", "the same as --format json; docs/check.schema.json describes it").conflicts("format"),
    )
    .option("--output <format=file>", "also write a report to a file; may be repeated", collectOutput, [])
    .option("--policy-pack <dir>", "also run another CrossGuard policy pack; may be repeated", collect, [])
    .option("--explain <rule>", "tell what a rule asks for, and why")
    .option("--rules", "list the rules")
    .option("--timeout <seconds>", "stop a program that has not ended by then", wholeSeconds, defaultTimeoutSeconds)
    .addHelpText("after", helpText)
    .action(async (directory: string, flags: CheckFlags) => {
      process.exitCode = await runCheck(directory, flags);
    });
}

const helpText = `
Examples:
  $ twodoor check --stack prod
  $ twodoor check --stack prod --base main.json --output sarif=check.sarif --output markdown=comment.md
  $ pulumi stack export | twodoor check --state /dev/stdin
  $ twodoor check --explain EDG-02

Exit status: 0 it holds (with --base: nothing got worse); 1 it fails or is undecided; 2 wrong use or settings;
3 the program or a policy pack failed; 4 a mistake of twodoor's own.`;

async function runCheck(directory: string, flags: CheckFlags): Promise<ExitCode> {
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
  };
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    if (flags.rules === true) return print(listed());
    if (flags.explain !== undefined) return print(explained(flags.explain));
    const checked = await checkedBy(directory, flags, stop.signal);
    const terminal = terminalOf(process.stdout, process.env);
    for (const { format, file } of flags.output) write(file, render(format, checked, plain));
    print(render(flags.json === true ? "json" : flags.format, checked, terminal));
    return exitCodeOf(checked, flags.strict === true);
  } catch (error) {
    const { text, exitCode } = reportOf(error);
    process.stderr.write(text);
    return exitCode;
  } finally {
    process.removeListener("SIGINT", onSignal).removeListener("SIGTERM", onSignal);
  }
}

async function checkedBy(directory: string, flags: CheckFlags, signal: AbortSignal): Promise<Checked> {
  const { base, timeout, policyPack } = flags;
  if (flags.strict === true && base === undefined) throw unusable([STRICT_ALONE]);
  const progress = process.stderr.isTTY && process.stdout.isTTY;
  const tell = (text: string): void => {
    if (progress) process.stderr.write(text);
  };
  const source: CheckSource = {
    ...flags,
    directory,
    timeoutSeconds: timeout,
    signal,
    onOutput: (text) => process.stderr.write(text === "" || !progress ? text : `\n${text}`),
  };
  tell("Reading the design …");
  const graph = await graphFor(source).finally(() => {
    tell("\r\u001B[K");
  });
  const settings = settingsFor(source, graph.stack, flags.settings);
  const today = new Date().toISOString().slice(0, 10);
  const result = judge(graph, settings, today);
  const before = base === undefined ? undefined : graphIn(base, "");
  const run = (judged: Graph): Promise<PackReport[]> => runPacks(policyPack, judged, timeout, signal);
  return {
    result,
    comparison: before === undefined ? undefined : compareResults(judge(before, settings, today), result),
    packs: await run(graph),
    basePacks: before === undefined ? undefined : await run(before),
    projectFile: projectFileOf(directory),
  };
}

const STRICT_ALONE = { path: "--strict", expected: "--base with it", got: "none", fix: "leave it out, or add --base" };

/** One after another: each is a process of its own. */
async function runPacks(
  packs: readonly string[],
  graph: Graph,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<PackReport[]> {
  const reported: PackReport[] = [];
  for (const pack of packs) reported.push(await runPolicyPack(pack, graph, { timeoutSeconds, signal }));
  return reported;
}

/** How the command ends. With a base, what was there before blocks nobody, unless it is asked to. */
export function exitCodeOf(checked: Checked, isStrict: boolean): ExitCode {
  const { result, comparison, packs } = checked;
  const isWorse = (comparison?.isWorse ?? false) || refusals(checked).length > 0;
  if (isWorse) return ExitCode.Fails;
  if (comparison !== undefined && !isStrict) return ExitCode.Holds;
  const isRefused = result.verdict !== "pass" || refusals({ packs, basePacks: undefined }).length > 0;
  return isRefused ? ExitCode.Fails : ExitCode.Holds;
}

/** How a text is drawn that goes into a file. */
const plain: Terminal = { width: 100, colors: false };

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const got = error instanceof Error && "code" in error ? String(error.code) : "none";
    throw unusable([
      {
        path: `--output ${file}`,
        expected: "a file that can be written",
        got,
        fix: "name one in a directory that exists",
      },
    ]);
  }
}

function render(format: string, checked: Checked, terminal: Terminal): string {
  const report = reports[format];
  if (report === undefined) throw new Error(`there is no report called ${format}`);
  return report(checked, terminal);
}

function print(text: string): ExitCode {
  process.stdout.write(text);
  return ExitCode.Holds;
}

function oneOf(value: string): string {
  if (Object.hasOwn(reports, value)) return value;
  throw new InvalidArgumentError(`Expected one of ${formats.join(", ")}.`);
}

function collectOutput(value: string, before: Output[]): Output[] {
  const [format = "", ...file] = value.split("=");
  if (file.join("=") === "") throw new InvalidArgumentError("Expected FORMAT=FILE.");
  return [...before, { format: oneOf(format), file: file.join("=") }];
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function wholeSeconds(value: string): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError("Expected a whole number of seconds above 0.");
}
