import { writeFileSync } from "node:fs";
import { InvalidArgumentError, type Command } from "commander";
import { runPolicyPack } from "../planner";
import { judge } from "../policies/check";
import { compareResults } from "../policies/compare";
import type { CheckResult } from "../policies/result";
import { graphFor, graphIn, projectFileOf, settingsFor, type CheckSource } from "./check-input";
import { explained, listed } from "./check-rules";
import { ExitCode } from "./exit-codes";
import { reportOf } from "./report-error";
import { reports } from "./reports";
import type { Checked } from "./reports/report";
import { terminalOf } from "./terminal";

interface CheckFlags {
  stack?: string;
  graph?: string;
  state?: string;
  settings?: string;
  answers?: string;
  base?: string;
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
    .option("--graph <file>", "judge a recorded plan or preview in place of a program")
    .option("--state <file>", "judge a state: what `pulumi stack export` wrote")
    .option("--settings <file>", "levels, limits, waivers (default: twodoor.STACK.json beside the stack's settings)")
    .option("--answers <file>", "answers of data sources by function token, as JSON or YAML")
    .option("--base <file>", "compare with a recorded design: only what is worse than there fails")
    .option("--format <format>", `how to print it: ${formats.join(", ")}`, oneOf, "text")
    .option("--json", "the same as --format json; docs/check.schema.json describes it")
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
  $ twodoor check --base main.json --output sarif=check.sarif --output markdown=comment.md
  $ pulumi stack export | twodoor check --state /dev/stdin
  $ twodoor check --explain EDG-02

Exit status: 0 it holds (with --base: nothing got worse); 1 it fails or is undecided; 2 wrong use or settings;
3 the program or a policy pack failed.`;

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
    for (const { format, file } of flags.output)
      writeFileSync(file, render(format, checked, { width: 100, colors: false }));
    print(render(flags.json === true ? "json" : flags.format, checked, terminal));
    return exitCodeOf(checked);
  } catch (error) {
    const { text, exitCode } = reportOf(error);
    process.stderr.write(text);
    return exitCode;
  } finally {
    process.removeListener("SIGINT", onSignal).removeListener("SIGTERM", onSignal);
  }
}

async function checkedBy(directory: string, flags: CheckFlags, signal: AbortSignal): Promise<Checked> {
  const { base, timeout } = flags;
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
  const before: CheckResult | undefined = base === undefined ? undefined : judge(graphIn(base, ""), settings, today);
  const packs = [];
  for (const pack of flags.policyPack)
    packs.push(await runPolicyPack(pack, graph, { timeoutSeconds: timeout, signal }));
  return {
    result,
    comparison: before === undefined ? undefined : compareResults(before, result),
    packs,
    projectFile: projectFileOf(directory),
  };
}

/** How the command ends. With a base, what was there before blocks nobody. */
function exitCodeOf({ result, comparison, packs }: Checked): ExitCode {
  const refused = packs.some(({ findings }) => findings.some(({ level }) => level === "mandatory"));
  const fails = comparison === undefined ? result.verdict !== "pass" : comparison.isWorse;
  return fails || refused ? ExitCode.Fails : ExitCode.Holds;
}

function render(format: string, checked: Checked, terminal: Parameters<(typeof reports)[string]>[1]): string {
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
