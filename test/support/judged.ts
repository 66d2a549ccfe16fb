/** What single rules say about a design: for the tests of rules, without levels and waivers. */
import type { Rule, RuleFinding } from "../../policies/rule";
import { ruleSettings, type RuleSettings } from "../../policies/settings";
import { declaredOf, type DeclaredSettings } from "../../resilience/declared";
import { designOf } from "../../resilience/design-of";
import type { Graph } from "../../resilience/graph";
import { survivalTableOf } from "../../resilience/survival-table";

/** What a rule is told beside the graph. */
export interface Told {
  settings?: Partial<RuleSettings>;
  /** Defaults to what the owners of the good design declare: it carries 4,000 requests in a second, 200 with each unit. */
  declared?: DeclaredSettings;
}

const GOOD: DeclaredSettings = { capacity: { peakRequestsPerSecond: 4000, requestsPerSecondPerUnit: 200 } };

/** What a rule finds; `undefined` where there is nothing that it is about. */
export function findingsOf(rule: Rule, graph: Graph, told: Told = {}): RuleFinding[] | undefined {
  const design = designOf(graph, declaredOf(graph, told.declared ?? GOOD));
  const settings = ruleSettings.parse(told.settings ?? {});
  return rule.judge({ design, survival: survivalTableOf(design), settings, waivers: [] });
}

/** The same in short: `violation us-east-2-pool: …; fix: …`, with the logical name in place of the URN and `-` for the whole design; `advice` for what is only told. */
export function toldBy(rule: Rule, graph: Graph, told: Told = {}): string[] | undefined {
  return findingsOf(rule, graph, told)?.map(({ verdict, level, urn, message, fix }) => {
    return `${level === undefined ? verdict : "advice"} ${urn?.split("::").at(-1) ?? "-"}: ${message}; fix: ${fix}`;
  });
}
