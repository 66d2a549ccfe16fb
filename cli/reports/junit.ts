import type { CheckResult, Finding, RuleResult } from "../../policies/result";
import { placeOfFinding, reasonOf } from "./words";
import type { Checked } from "./report";

/**
 * JUnit's XML as Jenkins and GitLab read it (https://github.com/testmoapp/junitxml): a test case for each rule. A mandatory violation is a
 * failure, what is undecided an error, what is not applicable or switched off is skipped; advice is told and passes.
 */
export function junitReport({ result }: Checked): string {
  const cases = result.rules.map((rule) => testCase(rule, result));
  const count = (kind: Case["kind"]): number => cases.filter((one) => one.kind === kind).length;
  const totals = `tests="${String(cases.length)}" failures="${String(count("failure"))}" errors="${String(count("error"))}" skipped="${String(count("skipped"))}" time="0"`;
  const name = attribute(`twodoor check ${result.design.project} ${result.design.stack}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="twodoor" ${totals}>`,
    `  <testsuite name="${name}" ${totals}>`,
    ...cases.flatMap(({ lines }) => lines.map((line) => `    ${line}`)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

interface Case {
  kind: "pass" | "failure" | "error" | "skipped";
  lines: string[];
}

function testCase({ id, title, level, verdict, reason }: RuleResult, result: CheckResult): Case {
  const findings = result.findings.filter(({ rule }) => rule === id);
  const blocking = findings.filter((finding) => finding.level === "mandatory" && finding.verdict !== "waived");
  const told = findings.filter((finding) => !blocking.includes(finding));
  const opening = `<testcase name="${attribute(`${id} ${title}`)}" classname="twodoor.${family(id)}" time="0"`;
  const out = told.length === 0 ? [] : [`  <system-out>${content(told.map(findingText).join("\n\n"))}</system-out>`];
  if (level === "disabled" || verdict === "not-applicable") {
    const why = level === "disabled" ? `switched off${reason === undefined ? "" : `: ${reason}`}` : "not applicable";
    return { kind: "skipped", lines: [`${opening}>`, `  <skipped message="${attribute(why)}"/>`, "</testcase>"] };
  }
  const kind = blocking.some((finding) => finding.verdict === "violation") ? "failure" : "error";
  if (blocking.length > 0) {
    const [first] = blocking;
    const message = attribute(first?.message ?? "");
    const body = content(blocking.map(findingText).join("\n\n"));
    return {
      kind,
      lines: [`${opening}>`, `  <${kind} message="${message}" type="${id}">${body}</${kind}>`, ...out, "</testcase>"],
    };
  }
  return { kind: "pass", lines: out.length === 0 ? [`${opening}/>`] : [`${opening}>`, ...out, "</testcase>"] };
}

function findingText(finding: Finding): string {
  const { verdict, level, message, fix } = finding;
  const reason = reasonOf(finding);
  return [
    `${verdict} (${level}): ${message}`,
    `fix: ${fix}`,
    `at: ${placeOfFinding(finding)}`,
    ...(reason === undefined ? [] : [`waived: ${reason}`]),
  ].join("\n");
}

function family(id: string): string {
  return id.split("-")[0] ?? id;
}

/** Text between tags. What XML 1.0 cannot hold at all (most control characters) becomes a question mark. */
function content(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "?")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

function attribute(text: string): string {
  return content(text)
    .replace(/"/g, "&quot;")
    .replace(/[\t\n\r]/g, " ");
}
