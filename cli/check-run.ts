import type { PackReport } from "../planner/policy-pack/run";
import type { Graph } from "../resilience/graph";
import type { AnswersFlags } from "./answers-flags";
import { graphFor, graphIn, projectFileOf, settingsFor, unusable, type CheckSource } from "./check-input";
import { ExitCode } from "./exit-codes";
import { writeOutput } from "./output-file";
import { reportOf } from "./report-error";
import { reports } from "./reports";
import type { Format } from "./reports/formats";
import type { Checked } from "./reports/report";
import { refusals } from "./reports/packs";
import { terminalOf, type Terminal } from "./terminal";

/** What the command line says of a check. */
export interface CheckFlags extends AnswersFlags {
  stack?: string;
  graph?: string;
  state?: string;
  settings?: string;
  base?: string;
  strict?: true;
  format: Format;
  json?: true;
  output: Output[];
  policyPack: string[];
  explain?: string;
  rules?: true;
  timeout: number;
}

/** A report that goes into a file. */
export interface Output {
  format: Format;
  file: string;
}

/** Judges what the command line says, prints the report and answers how the command ends. */
export async function runCheck(directory: string, flags: CheckFlags): Promise<ExitCode> {
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
  };
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    if (flags.rules === true || flags.explain !== undefined) {
      const { explained, listed } = await import("./check-rules.js");
      return print(flags.explain === undefined || flags.rules === true ? listed() : explained(flags.explain));
    }
    const checked = await checkedBy(directory, flags, stop.signal);
    const terminal = terminalOf(process.stdout, process.env);
    for (const { format, file } of flags.output) {
      writeOutput("--output", file, render(format, checked, plain), "The design cannot be judged");
    }
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
  const reading = graphFor(source).finally(() => {
    tell("\r\u001B[K");
  });
  // Loaded while the program runs in its own process. A program that fails is told about below.
  const [{ judge }, { compareResults }] = await Promise.all([
    import("../policies/check.js"),
    import("../policies/compare.js"),
    reading.catch(() => undefined),
  ]);
  const graph = await reading;
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
  if (packs.length === 0) return reported;
  const { runPolicyPack } = await import("../planner/policy-pack/run.js");
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

function render(format: Format, checked: Checked, terminal: Terminal): string {
  return reports[format](checked, terminal);
}

function print(text: string): ExitCode {
  process.stdout.write(text);
  return ExitCode.Holds;
}
