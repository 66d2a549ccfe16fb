// What `npm run demo` shows: the plan of `prod` in short, its verdict with the survival table, and a single-region design being refused.
// Both are judged by the same code as `twodoor check`; no account, credential or network is used.
import { join } from "node:path";
import { byPlace, cloudName, geographyOf, isReal } from "../cli/plan-places";
import { byUrgency } from "../cli/reports/order";
import { survivalLines } from "../cli/reports/text-survival";
import { verdictOf } from "../cli/reports/words";
import { paintFor, spread, terminalOf, wrap } from "../cli/terminal";
import { plan, type Plan } from "../planner";
import { judge } from "../policies/check";
import { defaultSettings } from "../policies/settings-form";
import type { CheckResult } from "../policies/result";
import { Level } from "../policies/rule";
import { graphOfPlan } from "../resilience/sources/from-plan";

const ROOT = join(__dirname, "..");
/** Findings of the refused design that are shown; the rest are counted. */
const FINDINGS_MAX = 4;
const SECONDS = 300;

const terminal = terminalOf(process.stdout, process.env);
const { width } = terminal;
const paint = paintFor(terminal);

async function main(): Promise<void> {
  const [prod, single] = await Promise.all([planned(ROOT, "prod"), planned(join(ROOT, "examples", "single-region"))]);
  const held = judged(prod);
  const blocks = [
    planLines(prod),
    [...verdictLines(held, "npm run twodoor -- check --stack prod"), "", ...survivalLines(held, terminal, paint)],
    refusedLines(judged(single)),
    NEXT,
  ];
  process.stdout.write(`${blocks.map((block) => block.join("\n")).join("\n\n")}\n`);
}

async function planned(directory: string, stack?: string): Promise<Plan> {
  return plan({ directory, ...(stack === undefined ? {} : { stack }), timeoutSeconds: SECONDS });
}

function judged(of: Plan): CheckResult {
  return judge(graphOfPlan(of), defaultSettings(), new Date().toISOString().slice(0, 10));
}

function planLines(of: Plan): string[] {
  const resources = `${String(of.resources.filter(isReal).length)} resources`;
  const rows = byPlace(of).map((place) => {
    const isOfRegions = place.cloud === "aws" || place.cloud === "gcp";
    const where = place.region === "" ? (isOfRegions ? "above the regions" : "") : place.region;
    const title = [cloudName(place.cloud), where, geographyOf(place) ?? ""].filter((part) => part !== "").join(" · ");
    return `  ${spread(title, String(place.resources.length), width - 2)}`;
  });
  return [paint.bold(spread(`${of.project}  ${of.stack}`, resources, width)), ...rows];
}

function verdictLines(result: CheckResult, command: string): string[] {
  const { word, sentence } = verdictOf(result);
  const color = result.verdict === "pass" ? paint.green : paint.red;
  return [paint.dim(`$ ${command}`), `${color(paint.bold(word))}  ${sentence}`];
}

function refusedLines(result: CheckResult): string[] {
  const shown = byUrgency(result.findings, undefined)
    .map(({ finding }) => finding)
    .filter(({ level, verdict }) => level === Level.Mandatory && verdict === "violation")
    .slice(0, FINDINGS_MAX);
  const lines = shown.flatMap(({ rule, message, fix, location }) => [
    ...hanging(`  ${paint.red("✗")} ${paint.bold(rule)} `, 11, message),
    ...hanging(`${" ".repeat(11)}fix  `, 16, fix),
    ...(location === null ? [] : [`${" ".repeat(11)}at   ${location.file}:${String(location.line)}`]),
  ]);
  return [
    ...verdictLines(result, "npm run twodoor -- check examples/single-region"),
    "",
    ...lines,
    paint.dim(`  and ${String(result.findings.length - shown.length)} findings more`),
  ];
}

/** A text behind a title, its further lines moved to the right by the title's columns. */
function hanging(title: string, columns: number, text: string): string[] {
  return wrap(text, width - columns).map((line, at) => `${at === 0 ? title : " ".repeat(columns)}${line}`);
}

const NEXT = [
  paint.bold("Next"),
  "  npm run twodoor -- check DIR",
  "      judges a Pulumi program of yours: docs/guides/adopt.md",
  "  npm run twodoor -- check --explain TOP-05",
  "      why a rule is there, and what to do: docs/rules/README.md",
  "  npm run twodoor -- twin -- pulumi up --stack prod",
  "      a real pulumi creates all of it, on this machine and in no cloud",
];

void main();
