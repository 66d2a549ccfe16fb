import type { Comparison, FlippedRow } from "../../policies/compare";
import type { CheckResult, ResultRow } from "../../policies/result";
import { byUrgency, type Ordered } from "./order";
import { findingsOf } from "./packs";
import { printable } from "./printable";
import type { Checked } from "./report";
import { capacityText, NO_PATH, placeOfFinding, reasonOf, verdictOf, windowText } from "./words";
import { counted } from "../../components/sizing/words";

/** Longest report, in characters: GitHub takes 65,536 in a comment, and whoever posts it adds a line or two. */
export const LENGTH_MAX = 60_000;

/** Longest text out of a design: a chain of parts or a name has no end of its own. */
const TEXT_MAX = 600;

/** More rows than this are folded. */
const ROWS_MAX = 12;

/** Characters that the table and what a change flips may take: the rest is for findings. */
const TABLES_MAX = 30_000;

/**
 * Markdown for a pull request's comment or a job's summary: what changed first, then what each loss leaves, then the findings, folded. Names
 * come from a stranger's program: nothing of them is taken for markup, for a link, or for the name of somebody to be told.
 */
export function markdownReport(checked: Checked): string {
  const { result, comparison } = checked;
  const head = [heading(checked), comparison === undefined ? "" : comparisonText(comparison), survivalText(result)];
  const closing = closingText(result);
  const findings = [...byUrgency(result.findings, comparison).map(findingText), ...packTexts(checked)];
  const room = LENGTH_MAX - [...head, closing].join("\n\n").length - 200;
  const { kept, left } = fitting(findings, room);
  const cut = left === 0 ? "" : `_${counted(left, "more finding")} left out here; the JSON report has all._`;
  return `${[...head, ...kept, cut, closing].filter((block) => block !== "").join("\n\n")}\n`;
}

/** As many of the texts, from the first on, as fit into so many characters. */
function fitting(texts: readonly string[], room: number): { kept: string[]; left: number } {
  let length = 0;
  const end = texts.findIndex((text) => {
    length += text.length + 2;
    return length > room;
  });
  const kept = end === -1 ? [...texts] : texts.slice(0, end);
  return { kept, left: texts.length - kept.length };
}

function heading({ result }: Checked): string {
  const { project, stack, clouds, regions } = result.design;
  const { word, sentence } = verdictOf(result);
  const sign = { pass: "✅", fail: "❌", undecided: "❔" }[result.verdict];
  return [
    `### ${sign} ${word}: ${plain(project)} ${plain(stack)}`,
    "",
    `${sentence} ${counted(clouds.length, "cloud")}, ${counted(regions.length, "region")}.`,
  ].join("\n");
}

function comparisonText({ flipped, added, gone, isWorse }: Comparison): string {
  const title = isWorse ? "**This change makes it worse.**" : "**This change makes nothing worse.**";
  const { kept, left } = fitting(flipped.map(flippedText), TABLES_MAX / 2);
  const more = left === 0 ? [] : [`- _${String(left)} more_`];
  const counts = `${counted(added.length, "new finding")}, ${String(gone.length)} gone.`;
  return [title, ...(kept.length === 0 ? [] : ["", ...kept, ...more]), "", counts].join("\n");
}

function flippedText({ domain, before, after, isWorse, because }: FlippedRow): string {
  const why = because === null ? "" : `: ${plain(because)}`;
  return `- ${isWorse ? "❌" : "✅"} when ${code(domain)} is lost: ${before} → **${after}**${why}`;
}

function survivalText({ survival }: CheckResult): string {
  if (survival.length === 0) return NO_PATH;
  if (survival.length <= ROWS_MAX) return table(survival);
  const all = fold(`What each of ${String(survival.length)} losses leaves`, table(survival));
  const dying = survival.filter(({ survives }) => !survives).slice(0, ROWS_MAX);
  return dying.length === 0 ? all : `${table(dying)}\n\n${all}`;
}

function table(rows: readonly ResultRow[]): string {
  const { kept, left } = fitting(rows.map(rowText), TABLES_MAX / 2);
  return [
    "| when this is lost | | still serves | capacity | seen after |",
    "| --- | --- | --- | ---: | ---: |",
    ...kept,
    ...(left === 0 ? [] : [`| _${String(left)} more_ | | | | |`]),
  ].join("\n");
}

function rowText(row: ResultRow): string {
  const { domain, survives, undecided, servedBy, capacityPercent, detectionSeconds, because } = row;
  const sign = survives ? "✅" : undecided === null ? "❌" : "❔";
  const many = servedBy.length > ROWS_MAX ? ` and ${String(servedBy.length - ROWS_MAX)} more` : "";
  const served = survives
    ? `${servedBy.slice(0, ROWS_MAX).map(code).join(" ")}${many}`
    : plain(because ?? undecided ?? "nobody");
  return `| ${code(domain)} | ${sign} | ${served} | ${capacityText(capacityPercent)} | ${windowText(detectionSeconds)} |`;
}

function findingText({ finding, isNew }: Ordered): string {
  const { rule, verdict, level, message, fix } = finding;
  const sign = verdict === "waived" ? "〰️" : verdict === "undecided" ? "❔" : level === "mandatory" ? "❌" : "⚠️";
  const reason = reasonOf(finding);
  const body = [
    `**Fix:** ${plain(fix)}`,
    `**At:** ${code(placeOfFinding(finding))}`,
    ...(reason === undefined ? [] : [`**Waived:** ${plain(reason)}`]),
  ].join("\n\n");
  return fold(`${sign} <b>${plain(rule)}</b> ${isNew ? "(new) " : ""}${plain(message)}`, body);
}

function packTexts({ packs }: Checked): string[] {
  return findingsOf(packs).map(({ pack, finding: { policy, level, message, urn } }) => {
    const sign = level === "mandatory" ? "❌" : "⚠️";
    const at = urn === null ? "the whole stack" : urn;
    return fold(
      `${sign} <b>${plain(policy)}</b> ${plain(message)}`,
      `**Pack:** ${plain(pack.name)}\n\n**At:** ${code(at)}`,
    );
  });
}

function closingText({ unknownTypes }: CheckResult): string {
  if (unknownTypes.length === 0) return "";
  const types = unknownTypes.map(({ type, count }) => `${String(count)} ${code(type)}`);
  return `Not understood, and so not judged: ${types.slice(0, 20).join(", ")}${types.length > 20 ? ", …" : ""}.`;
}

function fold(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/**
 * A text as it stands, whatever it holds: no markup, no link, nobody mentioned. A zero-width space behind `@` and `#`, within `://` and behind
 * `www` keeps platforms from telling people and from making links: they look at the text once it has no entities any more.
 */
function plain(text: string): string {
  return shortened(printable(text))
    .replace(/[&<>\\`*_{}[\]()#+!|~$]/g, (sign) => ENTITIES.get(sign) ?? `&#${String(sign.charCodeAt(0))};`)
    .replace(/@|&#35;|:(?=\/\/)|www(?=\.)/gi, "$&\u200B");
}

const ENTITIES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
]);

function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

function shortened(text: string): string {
  const signs = Array.from(text.slice(0, TEXT_MAX + 1));
  return signs.length > TEXT_MAX ? `${signs.slice(0, TEXT_MAX - 1).join("")}…` : text.slice(0, TEXT_MAX + 1);
}
