import type { PackReport } from "../../planner";
import { isBlocking } from "../../policies/compare";
import type { CheckResult, Finding, RuleResult } from "../../policies/result";
import type { Checked } from "./report";
import { placeOfFinding, reasonOf, resourceName } from "./words";

/**
 * JUnit's XML as Jenkins and GitLab read it
 * (https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd): a
 * test case for each rule, and a suite for each other pack. A mandatory violation is a failure, what is undecided an error, what is not
 * applicable or switched off is skipped; advice is told and passes.
 */
export function junitReport({ result, packs }: Checked): string {
  const name = `twodoor check ${result.design.project} ${result.design.stack}`;
  const own = suite(
    name,
    result.rules.map((rule) => caseOf(rule, result)),
  );
  const suites = [own, ...packs.map((pack) => suite(`${name} ${pack.name}`, packCases(pack)))];
  const cases = suites.flatMap((one) => one.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="twodoor" tests="${counted(cases)}" failures="${counted(cases, "failure")}" errors="${counted(cases, "error")}" time="0">`,
    ...suites.flatMap(({ lines }) => lines.map((line) => `  ${line}`)),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Case {
  kind: "pass" | "failure" | "error" | "skipped";
  lines: string[];
}

function suite(name: string, cases: Case[]): { cases: Case[]; lines: string[] } {
  const totals = `tests="${counted(cases)}" failures="${counted(cases, "failure")}" errors="${counted(cases, "error")}" skipped="${counted(cases, "skipped")}" time="0"`;
  return {
    cases,
    lines: [
      `<testsuite name="${attribute(name)}" ${totals}>`,
      ...cases.flatMap(({ lines }) => lines.map((line) => `  ${line}`)),
      "</testsuite>",
    ],
  };
}

function counted(cases: readonly Case[], kind?: Case["kind"]): string {
  return String(kind === undefined ? cases.length : cases.filter((one) => one.kind === kind).length);
}

function caseOf({ id, title, level, verdict, reason }: RuleResult, result: CheckResult): Case {
  const findings = result.findings.filter(({ rule }) => rule === id);
  const blocking = findings.filter(isBlocking);
  const told = findings.filter((finding) => !isBlocking(finding));
  const opening = `<testcase name="${attribute(`${id} ${title}`)}" classname="twodoor.${id.split("-")[0] ?? id}" time="0"`;
  if (level === "disabled" || verdict === "not-applicable") {
    const why = level === "disabled" ? `switched off${reason === undefined ? "" : `: ${reason}`}` : "not applicable";
    return { kind: "skipped", lines: [`${opening}>`, `  <skipped message="${attribute(why)}"/>`, "</testcase>"] };
  }
  const out = told.length === 0 ? [] : [`  <system-out>${content(told.map(findingText).join("\n\n"))}</system-out>`];
  const [first] = blocking;
  if (first === undefined)
    return { kind: "pass", lines: out.length === 0 ? [`${opening}/>`] : [`${opening}>`, ...out, "</testcase>"] };
  const kind = blocking.some((finding) => finding.verdict === "violation") ? "failure" : "error";
  const body = blocking.map(findingText).join("\n\n");
  return { kind, lines: [`${opening}>`, problem(kind, first.message, id, body), ...out, "</testcase>"] };
}

function packCases({ name, policies, findings }: PackReport): Case[] {
  return policies.map((policy): Case => {
    const opening = `<testcase name="${attribute(policy.name)}" classname="${attribute(name)}" time="0"`;
    const own = findings.filter((finding) => finding.policy === policy.name);
    const body = own.map(
      ({ level, message, urn }) => `${level}: ${message}\nat: ${urn === null ? "the whole stack" : resourceName(urn)}`,
    );
    const [first] = own.filter(({ level }) => level === "mandatory");
    if (first !== undefined) {
      const line = problem("failure", first.message, policy.name, body.join("\n\n"));
      return { kind: "failure", lines: [`${opening}>`, line, "</testcase>"] };
    }
    if (own.length === 0) return { kind: "pass", lines: [`${opening}/>`] };
    const out = `  <system-out>${content(body.join("\n\n"))}</system-out>`;
    return { kind: "pass", lines: [`${opening}>`, out, "</testcase>"] };
  });
}

function problem(kind: "failure" | "error", message: string, type: string, body: string): string {
  return `  <${kind} message="${attribute(message)}" type="${attribute(type)}">${content(body)}</${kind}>`;
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

/** Text between tags. What XML 1.0 cannot hold at all (https://www.w3.org/TR/xml/#charsets: most control characters) becomes a question mark. */
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
