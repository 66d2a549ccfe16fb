import type { PackFinding } from "../../planner";
import { rules } from "../../policies/rules";
import type { Finding } from "../../policies/result";
import { fingerprintsOf } from "./fingerprints";
import { findingsOf } from "./packs";
import { jsonText } from "./printable";
import type { Checked } from "./report";
import { fileOf, resourceName, sentence } from "./words";

interface Entry {
  rule: string;
  urn: string | null;
  description: string;
  severity: Severity;
  location: Finding["location"];
}

/** GitLab's five words. */
type Severity = "blocker" | "critical" | "major" | "minor" | "info";

/**
 * GitLab's Code Quality report
 * (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). Waived findings are left out: the report has no word for
 * what is known and accepted, and every entry counts as a problem.
 */
export function gitlabReport({ result, packs, projectFile }: Checked): string {
  const own = result.findings.filter(({ verdict }) => verdict !== "waived").map(entryOf);
  const all = [...own, ...findingsOf(packs).map(({ pack, finding }) => packEntry(pack.name, finding))];
  const fingerprints = fingerprintsOf(all);
  return jsonText(
    all.map(({ rule, urn, description, severity, location }, at) => ({
      description,
      check_name: rule,
      fingerprint: fingerprints[at],
      severity,
      location: { path: fileOf(location, projectFile), lines: { begin: location?.line ?? 1 } },
      content: { body: urn === null ? "About the whole design." : resourceName(urn) },
    })),
  );
}

function entryOf(finding: Finding): Entry {
  const { rule, urn, message, fix, location } = finding;
  const description = `${sentence(message)} ${sentence(fix)}`;
  return { rule, urn, description, severity: severityOf(finding), location };
}

function packEntry(pack: string, { policy, urn, message, level, location }: PackFinding): Entry {
  const severity = level === "mandatory" ? "critical" : "minor";
  return { rule: `${pack}/${policy}`, urn, description: message, severity, location };
}

/** What stops the change is critical or worse, advice is minor. */
function severityOf(finding: Finding): Severity {
  if (finding.level === "advisory") return finding.verdict === "violation" ? "minor" : "info";
  if (finding.verdict === "undecided") return "major";
  const severity = rules.find(({ id }) => id === finding.rule)?.severity;
  return severity === "critical" ? "blocker" : "critical";
}
