import type { Declared } from "../resilience/declared";
import { designOf } from "../resilience/design-of";
import type { Graph } from "../resilience/graph";
import { survivalTableOf } from "../resilience/survival-table";
import type { CheckResult, Finding, RuleResult } from "./result";
import { Level, type Rule } from "./rule";
import { rules as allRules } from "./rules";
import { ruleSettings } from "./settings";

/** Judges a design. First form: levels, waivers and settings are not read yet. */
export function check(graph: Graph, declared: Declared, rules: readonly Rule[] = allRules): CheckResult {
  const design = designOf(graph, declared);
  const survival = survivalTableOf(design);
  const settings = ruleSettings.parse({});
  const findings: Finding[] = [];
  const results: RuleResult[] = [];
  for (const rule of rules) {
    const found = rule.judge({ design, survival, settings });
    for (const { verdict, urn, message, fix } of found ?? []) {
      const location = urn === null ? null : (design.index.byUrn.get(urn)?.location ?? null);
      findings.push({ rule: rule.id, verdict, level: rule.level, urn, message, fix, location });
    }
    const verdict =
      found === undefined
        ? "not-applicable"
        : found.some((one) => one.verdict === "violation")
          ? "violation"
          : found.length > 0
            ? "undecided"
            : "pass";
    results.push({ id: rule.id, title: rule.title, level: rule.level, verdict });
  }
  const mandatory = findings.filter(({ level }) => level === Level.Mandatory);
  return {
    version: 1,
    design: { project: graph.project, stack: graph.stack, clouds: [], regions: [], parts: [] },
    verdict: mandatory.some(({ verdict }) => verdict === "violation")
      ? "fail"
      : mandatory.length > 0
        ? "undecided"
        : "pass",
    findings,
    survival: survival.rows,
    pairs: [],
    rules: results,
    unknownTypes: design.unknownTypes,
  };
}
