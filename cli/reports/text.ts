import type { CheckResult, Finding } from "../../policies/result";
import { paintFor, spread, wrap, type Paint, type Terminal } from "../terminal";
import { comparisonLines } from "./text-comparison";
import { survivalLines } from "./text-survival";
import { byUrgency } from "./order";
import { placeOfFinding, reasonOf, VERDICTS } from "./words";
import type { Checked } from "./report";

/** A check as a person under pressure reads it: the verdict, what stops the design, what it survives, and what to change. */
export function textReport(checked: Checked, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const { result, comparison } = checked;
  const blocks = [
    heading(checked, terminal, paint),
    comparison === undefined ? [] : comparisonLines(comparison, terminal, paint),
    survivalLines(result, terminal, paint),
    findingLines(result.findings, terminal, paint),
    packLines(checked, terminal, paint),
    remarks(result, terminal, paint),
  ];
  const text = blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
  return `${text}\n`;
}

function heading({ result, packs }: Checked, { width }: Terminal, paint: Paint): string[] {
  const { project, stack, regions, clouds } = result.design;
  const counts = `${plural(clouds.length, "cloud")}, ${plural(regions.length, "region")}`;
  const { word, sentence } = VERDICTS[result.verdict];
  const color = { pass: paint.green, fail: paint.red, undecided: paint.yellow }[result.verdict];
  const stopped = packs.some(({ findings }) => findings.some(({ level }) => level === "mandatory"));
  return [
    paint.bold(spread(`${project}  ${stack}`, counts, width)),
    `${color(paint.bold(word))}  ${sentence}`,
    ...(stopped && result.verdict === "pass" ? [paint.red("Another policy pack refuses it; see below.")] : []),
  ];
}

function findingLines(findings: readonly Finding[], terminal: Terminal, paint: Paint): string[] {
  if (findings.length === 0) return [];
  return [paint.bold("Findings"), ...byUrgency(findings).flatMap((finding) => findingBlock(finding, terminal, paint))];
}

/** One finding: what happens, what to do, where. */
function findingBlock(finding: Finding, { width }: Terminal, paint: Paint): string[] {
  const { rule, verdict, level, message, fix } = finding;
  const sign = { violation: paint.red("✗"), undecided: paint.yellow("?"), waived: paint.dim("~") }[verdict];
  const tone =
    verdict === "violation" && level === "mandatory"
      ? ""
      : ` (${verdict === "violation" ? level : `${verdict}, ${level}`})`;
  const [first = "", ...rest] = wrap(`${message}${tone}`, width - 11);
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

function packLines({ packs }: Checked, terminal: Terminal, paint: Paint): string[] {
  return packs.flatMap(({ name, version, findings, policies }) => [
    `${paint.bold(`Policy pack ${name}`)} ${version}: ${plural(policies.length, "policy", "policies")}, ${plural(findings.length, "finding")}`,
    ...findings.flatMap(({ policy, level, message, urn }) => {
      const sign = level === "mandatory" ? paint.red("✗") : paint.yellow("!");
      const [first = "", ...rest] = wrap(`${policy}: ${message.replace(/\s*\n\s*/g, " ")}`, terminal.width - 4);
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
  return `${plural(rules.length, "rule")}: ${told.join(", ")}. twodoor check --explain RULE tells why.`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
