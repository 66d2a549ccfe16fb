import type { PackFinding, PackReport } from "../../planner";
import type { Rule } from "../../policies/rule";
import type { Finding } from "../../policies/result";
import { rules } from "../../policies/rules";
import { fingerprintsOf } from "./fingerprints";
import { byUrgency } from "./order";
import { jsonText } from "./printable";
import type { Checked } from "./report";
import { fileOf, resourceName, sentence } from "./words";

/** Most results that GitHub takes in one run; it shows 5,000, by severity (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#validating-your-sarif-file). */
const RESULTS_MAX = 25_000;

/** Longest short description that GitHub takes, in characters (same page). */
const DESCRIPTION_MAX = 1024;

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) within the limits of GitHub's code scanning: a run for our
 * rules, and one for each other pack. Waived findings are there with a suppression; with a base, each of our findings says whether it is new.
 */
export function sarifReport(checked: Checked): string {
  const { packs } = checked;
  const runs = [ownRun(checked), ...packs.map((pack) => packRun(pack, checked))];
  return jsonText({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs });
}

function ownRun({ result, comparison, projectFile }: Checked): object {
  const used = rules.filter(({ id }) => result.rules.some((one) => one.id === id));
  const indexes = new Map(used.map(({ id }, at): [string, number] => [id, at]));
  const texts = fingerprintsOf(result.findings);
  const fingerprints = new Map(result.findings.map((finding, at) => [finding, texts[at]]));
  const results = byUrgency(result.findings, comparison)
    .slice(0, RESULTS_MAX)
    .map(({ finding, isNew }) => ({
      ruleId: finding.rule,
      ...(indexes.has(finding.rule) ? { ruleIndex: indexes.get(finding.rule) } : {}),
      level: levelOf(finding),
      message: { text: `${sentence(finding.message)} ${sentence(finding.fix)}` },
      locations: [locationOf(finding, projectFile)],
      // GitHub's own key, `primaryLocationLineHash`, is a hash of the line: its upload fills it in, and warns of any other value.
      partialFingerprints: { "twodoor/v1": fingerprints.get(finding) },
      ...(comparison === undefined ? {} : { baselineState: isNew ? "new" : "unchanged" }),
      ...(finding.waiver === undefined
        ? {}
        : { suppressions: [{ kind: "external", status: "accepted", justification: finding.waiver.reason }] }),
      properties: { verdict: finding.verdict, level: finding.level },
    }));
  return runOf({ name: "twodoor", rules: used.map(ruleOf) }, result.design, results);
}

function packRun({ name, version, policies, findings }: PackReport, { result, projectFile }: Checked): object {
  const used = policies.map(({ name: id, description }) => ({
    id,
    shortDescription: { text: description.slice(0, DESCRIPTION_MAX) || id },
  }));
  const indexes = new Map(used.map(({ id }, at): [string, number] => [id, at]));
  const fingerprints = fingerprintsOf(findings.map(({ policy, urn }) => ({ rule: policy, urn })));
  const results = findings.slice(0, RESULTS_MAX).map((finding, at) => ({
    ruleId: finding.policy,
    ...(indexes.has(finding.policy) ? { ruleIndex: indexes.get(finding.policy) } : {}),
    level: finding.level === "mandatory" ? "error" : "warning",
    message: { text: finding.message },
    locations: [locationOf(finding, projectFile)],
    partialFingerprints: { "twodoor/v1": fingerprints[at] },
    properties: { level: finding.level },
  }));
  return runOf({ name, version, rules: used }, result.design, results);
}

function runOf(
  driver: { name: string; version?: string; rules: object[] },
  { project, stack }: { project: string; stack: string },
  results: object[],
): object {
  return {
    tool: { driver },
    automationDetails: { id: `${driver.name}/${project}/${stack}/` },
    columnKind: "utf16CodeUnits",
    results,
  };
}

function ruleOf(rule: Rule): object {
  const { id, title, why, fix, level, severity, outages, references } = rule;
  const happened = outages.map(({ date, name, source }) => `- ${date}: [${name}](${source})`);
  const read = references.map((address) => `- <${address}>`);
  const help = [why, `**What to do.** ${fix}`, ...happened, ...read].join("\n\n");
  return {
    id,
    name: id.replace("-", ""),
    shortDescription: { text: title },
    fullDescription: { text: why.slice(0, DESCRIPTION_MAX) },
    help: { text: `${why} ${fix}`, markdown: help },
    defaultConfiguration: { level: level === "mandatory" ? "error" : "warning" },
    properties: {
      tags: ["reliability", id.split("-")[0] ?? id],
      precision: "high",
      "problem.severity": level === "mandatory" ? "error" : severity === "low" ? "recommendation" : "warning",
    },
  };
}

function levelOf({ verdict, level }: Finding): "error" | "warning" | "note" {
  if (verdict === "waived") return "note";
  return level === "mandatory" ? "error" : verdict === "violation" ? "warning" : "note";
}

/** GitHub shows nothing that has no file: what nobody recorded a line for is at the project's own file. */
function locationOf({ location, urn }: Pick<Finding | PackFinding, "location" | "urn">, projectFile: string): object {
  const uri = fileOf(location, projectFile).split("/").map(encodeURIComponent).join("/");
  const logical =
    urn === null ? {} : { logicalLocations: [{ name: resourceName(urn), fullyQualifiedName: urn, kind: "resource" }] };
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
      region: { startLine: location?.line ?? 1 },
    },
    ...logical,
  };
}
