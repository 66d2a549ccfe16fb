import { rules } from "../../policies/rules";
import type { Finding } from "../../policies/result";
import { fingerprintsOf } from "./fingerprints";
import { resourceName } from "./words";
import type { Checked } from "./report";

/**
 * GitLab's Code Quality report
 * (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). Waived findings are left out: the report has no word for
 * what is known and accepted, and every entry counts as a problem.
 */
export function gitlabReport({ result, projectFile }: Checked): string {
  const findings = result.findings.filter(({ verdict }) => verdict !== "waived");
  const fingerprints = fingerprintsOf(findings);
  const entries = findings.map((finding, at) => ({
    description: `${finding.message}. ${finding.fix}`,
    check_name: finding.rule,
    fingerprint: fingerprints[at],
    severity: severityOf(finding),
    location: {
      path: finding.location?.file ?? projectFile,
      lines: { begin: finding.location?.line ?? 1 },
    },
    content: { body: finding.urn === null ? "About the whole design." : resourceName(finding.urn) },
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

/** GitLab's five words: what stops the change is critical or worse, advice is minor. */
function severityOf(finding: Finding): "blocker" | "critical" | "major" | "minor" | "info" {
  if (finding.level === "advisory") return finding.verdict === "violation" ? "minor" : "info";
  if (finding.verdict === "undecided") return "major";
  const severity = rules.find(({ id }) => id === finding.rule)?.severity;
  return severity === "critical" ? "blocker" : "critical";
}
