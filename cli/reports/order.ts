import { rules } from "../../policies/rules";
import type { Finding } from "../../policies/result";

const SEVERITIES = ["critical", "high", "medium", "low"];

const places = new Map(rules.map(({ id, severity }) => [id, SEVERITIES.indexOf(severity)]));

/**
 * Findings in the order in which somebody should read them: violations, then what is undecided, then what was waived; of each the mandatory
 * ones first, and of these the worst. What is equal keeps its order.
 */
export function byUrgency(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ rule, verdict, level }: Finding): number {
  const said = { violation: 0, undecided: 2, waived: 4 }[verdict] + (level === "mandatory" ? 0 : 1);
  return said * 10 + (places.get(rule) ?? 0);
}
