import type { Comparison } from "../../policies/compare";
import { rules } from "../../policies/rules";
import type { Finding } from "../../policies/result";

const SEVERITIES = ["critical", "high", "medium", "low"];

const places = new Map(rules.map(({ id, severity }) => [id, SEVERITIES.indexOf(severity)]));

/** A finding in its place in a report. */
export interface Ordered {
  finding: Finding;
  /** Whether the change brings it; false where nothing is compared. */
  isNew: boolean;
}

/**
 * Findings in the order in which somebody should read them: those that a change brings, then violations, then what is undecided, then what
 * was waived; of each the mandatory ones first, and of these the worst. What is equal keeps its order.
 */
export function byUrgency(findings: readonly Finding[], comparison: Comparison | undefined): Ordered[] {
  const added = new Set(comparison?.added);
  return findings
    .map((finding) => ({ finding, isNew: added.has(finding) }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || rankOf(a.finding) - rankOf(b.finding));
}

function rankOf({ rule, verdict, level }: Finding): number {
  const said = { violation: 0, undecided: 2, waived: 4 }[verdict] + (level === "mandatory" ? 0 : 1);
  return said * 10 + (places.get(rule) ?? 0);
}
