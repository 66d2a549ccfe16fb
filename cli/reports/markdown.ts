import type { Comparison } from "../../policies/compare";
import type { CheckResult, Finding } from "../../policies/result";
import type { SurvivalRow } from "../../resilience/survival";
import { byUrgency } from "./order";
import { capacityText, placeOfFinding, reasonOf, VERDICTS, windowText } from "./words";
import type { Checked } from "./report";

/** Longest text, in characters: GitHub takes 65,536 in a comment, and whoever posts it adds a line or two. */
const LENGTH_MAX = 60_000;

/**
 * Markdown for a pull request's comment or a job's summary: what changed first, then what each loss leaves, then the findings, folded. Names
 * come from a stranger's program: nothing of them is taken for markup, for a link, or for the name of somebody to be told.
 */
export function markdownReport(checked: Checked): string {
  const { result, comparison } = checked;
  const sure = [heading(checked), comparison === undefined ? "" : comparisonText(comparison), survivalText(result)];
  const findings = findingTexts(result.findings, comparison);
  const closing = closingText(result);
  const kept: string[] = [];
  let length = [...sure, closing].join("\n\n").length + 200;
  for (const text of findings) {
    if (length + text.length + 2 > LENGTH_MAX) break;
    kept.push(text);
    length += text.length + 2;
  }
  const left = findings.length - kept.length;
  const cut = left === 0 ? "" : `_${String(left)} more findings are left out here; the JSON report has all._`;
  const text = [...sure, ...kept, cut, closing].filter((block) => block !== "").join("\n\n");
  return `${text.slice(0, LENGTH_MAX)}\n`;
}

function heading({ result }: Checked): string {
  const { project, stack, clouds, regions } = result.design;
  const { word, sentence } = VERDICTS[result.verdict];
  const sign = { pass: "✅", fail: "❌", undecided: "❔" }[result.verdict];
  return [
    `### ${sign} ${word}: ${plain(project)} ${plain(stack)}`,
    "",
    `${sentence} ${String(clouds.length)} clouds, ${String(regions.length)} regions.`,
  ].join("\n");
}

function comparisonText({ flipped, added, gone, isWorse }: Comparison): string {
  const title = isWorse ? "**This change makes it worse.**" : "**This change makes nothing worse.**";
  const rows = flipped.map(({ domain, before, after, isWorse: worse, because }) => {
    const why = because === null ? "" : `: ${plain(because)}`;
    return `- ${worse ? "❌" : "✅"} when ${code(domain)} is lost: ${before} → **${after}**${why}`;
  });
  const counts = `${String(added.length)} new findings, ${String(gone.length)} gone.`;
  return [title, ...(rows.length === 0 ? [] : ["", ...rows]), "", counts].join("\n");
}

/** More rows than this are folded. */
const ROWS_MAX = 12;

function survivalText({ survival }: CheckResult): string {
  if (survival.length === 0) return "Nothing here serves requests: there is no serving path to judge.";
  const dying = survival.filter(({ survives }) => !survives);
  const table = (rows: readonly SurvivalRow[]): string =>
    [
      "| when this is lost | | still serves | capacity | seen after |",
      "| --- | --- | --- | ---: | ---: |",
      ...rows.map(rowText),
    ].join("\n");
  if (survival.length <= ROWS_MAX) return table(survival);
  const all = fold(`What each of ${String(survival.length)} losses leaves`, table(survival));
  return dying.length === 0 ? all : `${table(dying.slice(0, ROWS_MAX))}\n\n${all}`;
}

function rowText({
  domain,
  survives,
  undecided,
  servedBy,
  capacityPercent,
  detectionSeconds,
  because,
}: SurvivalRow): string {
  const sign = survives ? "✅" : undecided === null ? "❌" : "❔";
  const served = survives ? servedBy.map(code).join(" ") : plain(because ?? undecided ?? "nobody");
  return `| ${code(domain)} | ${sign} | ${served} | ${capacityText(capacityPercent)} | ${windowText(detectionSeconds)} |`;
}

function findingTexts(findings: readonly Finding[], comparison: Comparison | undefined): string[] {
  const isNew = (finding: Finding): boolean => comparison?.added.includes(finding) ?? false;
  const ordered = byUrgency(findings);
  const newFirst = [...ordered.filter(isNew), ...ordered.filter((finding) => !isNew(finding))];
  return newFirst.map((finding) => findingText(finding, isNew(finding)));
}

function findingText(finding: Finding, isNew: boolean): string {
  const { rule, verdict, level, message, fix } = finding;
  const sign = verdict === "waived" ? "〰️" : verdict === "undecided" ? "❔" : level === "mandatory" ? "❌" : "⚠️";
  const reason = reasonOf(finding);
  const summary = `${sign} <b>${html(rule)}</b> ${isNew ? "(new) " : ""}${html(message)}`;
  const body = [
    `**Fix:** ${plain(fix)}`,
    `**At:** ${code(placeOfFinding(finding))}`,
    ...(reason === undefined ? [] : [`**Waived:** ${plain(reason)}`]),
  ].join("\n\n");
  return fold(summary, body);
}

function closingText({ unknownTypes }: CheckResult): string {
  if (unknownTypes.length === 0) return "";
  const types = unknownTypes.map(({ type, count }) => `${String(count)} ${code(type)}`);
  return `Not understood, and so not judged: ${types.slice(0, 20).join(", ")}${types.length > 20 ? ", …" : ""}.`;
}

function fold(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** A text as it stands, whatever it holds: no markup, no link, nobody mentioned. */
function plain(text: string): string {
  return html(text).replace(/[\\`*_{}[\]()#+!|~]/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

/** A zero-width space behind `@` and `#`, and within `://`, keeps platforms from telling people and from making links. */
function html(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\s+/g, " ")
    .replace(/[@#]|:\/\//g, (sign) => (sign.length === 1 ? `${sign}\u200B` : ":\u200B//"));
}
