import type { CheckResult } from "../../policies/result";
import { paintFor, spread, wrap, type Paint, type Terminal } from "../terminal";
import { comparisonLines } from "./text-comparison";
import { survivalLines } from "./text-survival";
import { byUrgency, type Ordered } from "./order";
import { refusals } from "./packs";
import { printed } from "./printable";
import type { Checked } from "./report";
import { placeOfFinding, reasonOf, verdictOf } from "./words";
import { counted } from "../../components/sizing/words";

/** A check as a person under pressure reads it: the verdict, what stops the design, what it survives, and what to change. */
export function textReport(untrusted: Checked, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const checked = printed(untrusted);
  const { result, comparison } = checked;
  const blocks = [
    heading(checked, terminal, paint),
    comparison === undefined ? [] : comparisonLines(comparison, terminal, paint),
    survivalLines(result, terminal, paint),
    findingLines(byUrgency(result.findings, comparison), terminal, paint),
    packLines(checked, terminal, paint),
    remarks(result, terminal, paint),
  ];
  const text = blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
  return `${text}\n`;
}

function heading(checked: Checked, { width }: Terminal, paint: Paint): string[] {
  const { result } = checked;
  const { project, stack, regions, clouds } = result.design;
  const counts = `${counted(clouds.length, "cloud")}, ${counted(regions.length, "region")}`;
  const { word, sentence } = verdictOf(result);
  const color = { pass: paint.green, fail: paint.red, undecided: paint.yellow }[result.verdict];
  return [
    paint.bold(spread(`${project}  ${stack}`, counts, width)),
    `${color(paint.bold(word))}  ${sentence}`,
    ...(refusals(checked).length > 0 ? [paint.red("Another policy pack refuses it: see below.")] : []),
  ];
}

function findingLines(findings: readonly Ordered[], terminal: Terminal, paint: Paint): string[] {
  if (findings.length === 0) return [];
  return [paint.bold("Findings"), ...findings.flatMap((finding) => findingBlock(finding, terminal, paint))];
}

/** One finding: what happens, what to do, where. */
function findingBlock({ finding, isNew }: Ordered, { width }: Terminal, paint: Paint): string[] {
  const { rule, verdict, level, message, fix } = finding;
  const sign = { violation: paint.red("✗"), undecided: paint.yellow("?"), waived: paint.dim("~") }[verdict];
  const tone = [
    ...(isNew ? ["new"] : []),
    ...(verdict === "violation" ? [] : [verdict]),
    ...(verdict === "violation" && level === "mandatory" ? [] : [level]),
  ].join(", ");
  const [first = "", ...rest] = wrap(`${message}${tone === "" ? "" : ` (${tone})`}`, width - 11);
  const indent = " ".repeat(11);
  const hanging = (label: string, text: string): string[] =>
    wrap(text, width - 16).map((line, at) => `${indent}${paint.dim((at === 0 ? label : "").padEnd(5))}${line}`);
  const reason = reasonOf(finding);
  return [
    `  ${sign} ${paint.bold(rule)} ${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...hanging("fix", fix),
    ...hanging("at", placeOfFinding(finding)),
    ...(reason === undefined ? [] : hanging("why", reason)),
  ];
}

function packLines(checked: Checked, terminal: Terminal, paint: Paint): string[] {
  const stopping = new Set(refusals(checked));
  return checked.packs.flatMap(({ name, version, findings, policies }) => [
    `${paint.bold(`Policy pack ${name}`)} ${version}: ${counted(policies.length, "policy", "policies")}, ${counted(findings.length, "finding")}`,
    ...findings.flatMap((finding) => {
      const { policy, level, message, urn } = finding;
      const sign = stopping.has(finding) ? paint.red("✗") : paint.yellow("!");
      const tone = level !== "mandatory" ? ` (${level})` : stopping.has(finding) ? "" : " (as before)";
      const [first = "", ...rest] = wrap(`${policy}: ${message}${tone}`, terminal.width - 4);
      return [`  ${sign} ${first}`, ...rest.map((line) => `    ${line}`), paint.dim(`    ${urn ?? "the whole stack"}`)];
    }),
  ]);
}

function remarks({ rules, unknownTypes }: CheckResult, { width }: Terminal, paint: Paint): string[] {
  const disabled = rules.filter(({ level }) => level === "disabled");
  const lines = [
    rulesLine(rules),
    ...(disabled.length === 0
      ? []
      : [
          `Switched off: ${disabled.map(({ id, reason }) => `${id}${reason === undefined ? "" : ` (${reason})`}`).join(", ")}.`,
        ]),
    ...(unknownTypes.length === 0
      ? []
      : [
          `Not understood, and so not judged: ${unknownTypes.map(({ type, count }) => `${String(count)} ${type}`).join(", ")}.`,
        ]),
  ];
  return lines.flatMap((line) => wrap(line, width)).map((line) => paint.dim(line));
}

function rulesLine(rules: CheckResult["rules"]): string {
  const counts = new Map<string, number>();
  for (const { verdict, level } of rules) {
    const word = level === "disabled" ? "switched off" : verdict === "not-applicable" ? "not applicable" : verdict;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const order = ["violation", "undecided", "waived", "pass", "not applicable", "switched off"];
  const told = order.flatMap((word) => (counts.has(word) ? [`${String(counts.get(word))} ${word}`] : []));
  return `${counted(rules.length, "rule")}: ${told.join(", ")}. twodoor check --explain RULE tells why.`;
}
