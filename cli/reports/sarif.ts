import { rules } from "../../policies/rules";
import type { Rule } from "../../policies/rule";
import type { Finding } from "../../policies/result";
import { fingerprintsOf } from "./fingerprints";
import { resourceName } from "./words";
import type { Checked } from "./report";

/** Most results that GitHub takes in one run; it shows 5,000 (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#validating-your-sarif-file). */
const RESULTS_MAX = 25_000;

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) within the limits of GitHub's code scanning. Waived findings
 * are there with a suppression; with a base, each finding says whether it is new.
 */
export function sarifReport({ result, comparison, projectFile }: Checked): string {
  const used = rules.filter(({ id }) => result.rules.some((one) => one.id === id));
  const indexes = new Map(used.map(({ id }, at): [string, number] => [id, at]));
  const fingerprints = fingerprintsOf(result.findings);
  const results = result.findings.slice(0, RESULTS_MAX).map((finding, at) => ({
    ruleId: finding.rule,
    ...(indexes.has(finding.rule) ? { ruleIndex: indexes.get(finding.rule) } : {}),
    level: levelOf(finding),
    message: { text: `${finding.message}. ${capital(finding.fix)}.` },
    locations: [locationOf(finding, projectFile)],
    partialFingerprints: { "twodoor/v1": fingerprints[at] },
    ...(comparison === undefined ? {} : { baselineState: comparison.added.includes(finding) ? "new" : "unchanged" }),
    ...(finding.waiver === undefined
      ? {}
      : { suppressions: [{ kind: "external", status: "accepted", justification: finding.waiver.reason }] }),
    properties: { verdict: finding.verdict, level: finding.level },
  }));
  const { project, stack } = result.design;
  const run = {
    tool: { driver: { name: "twodoor", rules: used.map(ruleOf) } },
    automationDetails: { id: `twodoor/${project}/${stack}/` },
    columnKind: "utf16CodeUnits",
    results,
  };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
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
    fullDescription: { text: why },
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
function locationOf({ location, urn }: Finding, projectFile: string): object {
  const uri = (location?.file ?? projectFile).split("/").map(encodeURIComponent).join("/");
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

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
