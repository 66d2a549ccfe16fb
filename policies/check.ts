import { declaredOf } from "../resilience/declared";
import type { Design } from "../resilience/design";
import { designOf } from "../resilience/design-of";
import type { Graph } from "../resilience/graph";
import { pairsOf } from "../resilience/pairs";
import { survivalTableOf, type SurvivalTable } from "../resilience/survival-table";
import { summaryOf } from "./design-summary";
import type { CheckResult, Finding, RuleResult } from "./result";
import { Level, violation, type Rule, type RuleFinding } from "./rule";
import { rules as allRules } from "./rules";
import { WAIVERS_RULE, type Settings } from "./settings-form";
import { usesOf, waiverOf, type WaiverUse } from "./waivers";
import { compareTexts } from "../components/sizing/words";

/**
 * Judges a design: every rule, the survival table, and what they come to together. The same input gives the same result, whatever the order
 * of the resources.
 *
 * @param today - the day on which waivers are judged: `2026-12-31`.
 * @param rules - defaults to all of ours.
 */
export function judge(graph: Graph, settings: Settings, today: string, rules: readonly Rule[] = allRules): CheckResult {
  const design = designOf(graph, declaredOf(graph, settings.design));
  const survival = survivalTableOf(design);
  const uses = usesOf(settings.waivers, today);
  const context: Context = { design, survival, settings, uses, stackUrn: stackUrnOf(graph) };
  // The rule about the waivers sees what became of them, and so comes last.
  const judged = [
    ...rules.filter(({ id }) => id !== WAIVERS_RULE),
    ...rules.filter(({ id }) => id === WAIVERS_RULE),
  ].map((rule) => judgeRule(rule, context));
  const findings = sortedFindings(judged.flatMap((one) => one.findings));
  return {
    version: 1,
    design: summaryOf(design),
    verdict: verdictOf(findings),
    findings,
    survival: survival.rows.map(withoutLoads),
    pairs: pairsOf(design).map(withoutLoads),
    rules: judged.map(({ result }) => result).sort((a, b) => compareTexts(a.id, b.id)),
    unknownTypes: design.unknownTypes,
  };
}

function withoutLoads<T extends { loads: unknown }>(row: T): Omit<T, "loads"> {
  const { loads: _, ...rest } = row;
  return rest;
}

interface Context {
  design: Design;
  survival: SurvivalTable;
  settings: Settings;
  uses: readonly WaiverUse[];
  stackUrn: string;
}

function judgeRule(rule: Rule, context: Context): { result: RuleResult; findings: Finding[] } {
  const { settings } = context;
  const choice = settings.rules.get(rule.id);
  const level = choice?.level ?? settings.all ?? rule.level;
  const told = {
    id: rule.id,
    title: rule.title,
    level,
    ...(choice?.reason === undefined ? {} : { reason: choice.reason }),
  };
  if (level === "disabled") return { result: { ...told, verdict: "not-applicable" }, findings: [] };
  const found = run(rule, context);
  const findings = distinct(found ?? []).map((one) => findingOf(rule, one, level, context));
  return { result: { ...told, verdict: ruleVerdict(found, findings, level) }, findings };
}

/** What a rule finds. One that throws has found that it is broken: whatever it would have said about the design, it did not say. */
function run(rule: Rule, { design, survival, settings, uses }: Context): BrokenOr[] | undefined {
  const waivers = rule.id === WAIVERS_RULE ? uses : [];
  try {
    return rule.judge({ design, survival, settings: settings.parameters, waivers });
  } catch (error) {
    // The error's own text stays out of it: it may hold a value of the design.
    const what = error instanceof Error ? error.name : typeof error;
    const message = `${rule.id} could not be judged: its code threw ${what}, which is a mistake of the rule and not of the design`;
    const fix = `report it to twodoor with the recorded graph; until then set ${rule.id} to "disabled", with the reason`;
    return [{ ...violation(null, message, fix), isBroken: true }];
  }
}

type BrokenOr = RuleFinding & { isBroken?: true };

function findingOf(rule: Rule, one: BrokenOr, level: Level, { design, uses, stackUrn }: Context): Finding {
  const { urn, message, fix } = one;
  const finding: Finding = {
    rule: rule.id,
    verdict: one.verdict,
    level: one.isBroken === true ? Level.Mandatory : (one.level ?? level),
    urn,
    message,
    fix,
    location: urn === null ? null : (design.index.byUrn.get(urn)?.location ?? null),
  };
  // A broken rule has told nothing that anybody could have taken upon themselves.
  if (one.isBroken === true) return finding;
  const waiver = waiverOf(uses, rule.id, urn ?? stackUrn);
  if (waiver === undefined) return finding;
  const { reason, owner, expires } = waiver;
  return { ...finding, verdict: "waived", waiver: { reason, owner, expires } };
}

/** What a rule comes to: of a mandatory one its mandatory findings decide, since its advice stops nobody. */
function ruleVerdict(
  found: readonly RuleFinding[] | undefined,
  findings: readonly Finding[],
  level: Level,
): RuleResult["verdict"] {
  if (found === undefined) return "not-applicable";
  const counted = findings.filter((one) => level === Level.Advisory || one.level === Level.Mandatory);
  const has = (verdict: Finding["verdict"]): boolean => counted.some((one) => one.verdict === verdict);
  if (has("violation")) return "violation";
  if (has("undecided")) return "undecided";
  return has("waived") ? "waived" : "pass";
}

function verdictOf(findings: readonly Finding[]): CheckResult["verdict"] {
  const mandatory = findings.filter(({ level }) => level === Level.Mandatory);
  if (mandatory.some(({ verdict }) => verdict === "violation")) return "fail";
  return mandatory.some(({ verdict }) => verdict === "undecided") ? "undecided" : "pass";
}

/** The URN of the stack itself, which stands for the whole design. */
function stackUrnOf({ project, stack, resources }: Graph): string {
  const type = "pulumi:pulumi:Stack";
  const found = resources.find((resource) => resource.type === type);
  return found?.urn ?? `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`;
}

/** Findings that differ in something that a person would see. */
function distinct(findings: readonly BrokenOr[]): BrokenOr[] {
  return [
    ...new Map(findings.map((one) => [JSON.stringify([one.verdict, one.urn, one.message, one.fix]), one])).values(),
  ];
}

function sortedFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareTexts(a.rule, b.rule) ||
      compareTexts(a.urn ?? "", b.urn ?? "") ||
      compareTexts(a.message, b.message) ||
      compareTexts(a.fix, b.fix),
  );
}
