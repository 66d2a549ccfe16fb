/** Judges every mutant against its design: which rules find something new, and which rows of the survival table flip. */
import { judge } from "../../policies/check";
import type { CheckResult, Finding } from "../../policies/result";
import { inspectSettings } from "../../policies/settings-form";
import type { Subject } from "./designs";
import type { Mutant } from "./mutant";
import { tableOf } from "./table";

/** The day on which waivers are judged. */
const TODAY = "2026-11-26";

/** What became of one mutant. */
export interface Caught {
  mutant: Mutant;
  /** Rules with a violation that the design did not have, sorted. */
  rules: string[];
  /** Rules that cannot tell any more, and could before, sorted; a check that is undecided does not pass either. */
  undecided: string[];
  /** Rows of the survival table that survived and do not any more. */
  rows: string[];
}

/** A design with what was found in it before. */
export function judged({ graph, settings }: Subject): CheckResult {
  const inspected = inspectSettings(settings);
  if (inspected.issues.length > 0) throw new Error(JSON.stringify(inspected.issues));
  return judge(graph, inspected.settings, TODAY);
}

/** What catches a mutant. */
export function caughtBy(mutant: Mutant, subject: Subject, before: CheckResult): Caught {
  const after = judged(mutant.change(subject));
  const known = new Set(before.findings.map(keyOf));
  const fresh = after.findings.filter((finding) => !known.has(keyOf(finding)));
  const survived = new Set(before.survival.flatMap(({ domain, survives }) => (survives ? [domain] : [])));
  return {
    mutant,
    rules: rulesOf(fresh, "violation"),
    undecided: rulesOf(fresh, "undecided"),
    rows: after.survival.flatMap(({ domain, survives, undecided }) =>
      !survives && undecided === null && survived.has(domain) ? [domain] : [],
    ),
  };
}

/** Every mutant of some designs, judged. Each design has to pass before. */
export function everyMutant(subjects: readonly Subject[]): Caught[] {
  return subjects.flatMap((subject) => {
    const before = judged(subject);
    if (before.verdict !== "pass") throw new Error(`${subject.name} does not pass before anything is planted`);
    return tableOf(subject).map((mutant) => caughtBy(mutant, subject, before));
  });
}

/** How a mutant was caught. */
export function verdictOf({
  rules,
  rows,
  undecided,
  mutant,
}: Caught): "caught" | "undecided" | "harmless" | "survives" {
  if (rules.length > 0 || rows.length > 0) return "caught";
  if (undecided.length > 0) return "undecided";
  return mutant.harmless === undefined ? "survives" : "harmless";
}

/** For each rule, how many mutants it catches, and how many that nothing else catches. */
export function scores(all: readonly Caught[]): Map<string, { catches: number; alone: number }> {
  const found = new Map<string, { catches: number; alone: number }>();
  for (const { rules, rows } of all) {
    for (const rule of rules) {
      const { catches, alone } = found.get(rule) ?? { catches: 0, alone: 0 };
      const isAlone = rules.length === 1 && (rows.length === 0 || rule === "TOP-05");
      found.set(rule, { catches: catches + 1, alone: alone + (isAlone ? 1 : 0) });
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyOf({ rule, urn, verdict, level }: Finding): string {
  return `${rule} ${verdict} ${level} ${urn ?? ""}`;
}

function rulesOf(findings: readonly Finding[], verdict: Finding["verdict"]): string[] {
  return [...new Set(findings.filter((finding) => finding.verdict === verdict).map(({ rule }) => rule))].sort();
}
