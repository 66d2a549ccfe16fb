import type { CheckResult, Finding, ResultRow } from "./result";

/** What a change makes of a design that was judged before. */
export interface Comparison {
  /** Whether the change makes something worse: a row of `flipped` that is worse, or a mandatory finding among `added` that nobody waived. */
  isWorse: boolean;
  /** Survival rows that say something else now, those that got worse first; of each in the order of the tables. */
  flipped: FlippedRow[];
  /** Findings that were not there, or that said less: undecided became a violation, advice became mandatory. */
  added: Finding[];
  /** Findings that are there no more. */
  gone: Finding[];
  /** Findings that stay, or say less than before: they block nobody. */
  stays: Finding[];
}

/** One failure domain of which the design now says something else. */
export interface FlippedRow {
  domain: string;
  before: RowState;
  after: RowState;
  isWorse: boolean;
  /** Why it does not survive now, or why that is not known; null where it survives. */
  because: string | null;
}

/** What a survival row says; `absent` where nothing of the design stands in the domain. */
export type RowState = "survives" | "dies" | "undecided" | "absent";

/** Compares two results of the same rules and settings, judged on the same day. Takes a time that grows with both, not with their product. */
export function compareResults(base: CheckResult, head: CheckResult): Comparison {
  const flipped = flippedRows(base, head);
  const findings = comparedFindings(base.findings, head.findings);
  const isWorse = findings.added.some(isBlocking) || flipped.some((row) => row.isWorse);
  return { isWorse, flipped, ...findings };
}

/** Whether a finding ends a check. */
export function isBlocking({ verdict, level }: Finding): boolean {
  return verdict !== "waived" && level === "mandatory";
}

type Compared = Pick<Comparison, "added" | "gone" | "stays">;

/**
 * Pairs findings of the same rule about the same resource. What reads the same is the same. Of the rest the texts cannot tell, since the
 * numbers in them change with every change of a design: the worst are paired first, and none with one that said less.
 */
function comparedFindings(before: readonly Finding[], after: readonly Finding[]): Compared {
  const left = groupedBy(before, exactKey);
  const stays = new Set<Finding>();
  const rest: Finding[] = [];
  for (const finding of after) {
    if (left.get(exactKey(finding))?.shift() === undefined) rest.push(finding);
    else stays.add(finding);
  }
  const gone: Finding[] = [];
  const old = groupedBy([...left.values()].flat(), subjectKey);
  for (const [key, findings] of groupedBy(rest, subjectKey)) {
    const candidates = [...(old.get(key) ?? [])].sort(byWeight);
    for (const finding of [...findings].sort(byWeight)) {
      const [worst] = candidates;
      if (worst === undefined || weightOf(worst) < weightOf(finding)) continue;
      candidates.shift();
      stays.add(finding);
    }
    old.set(key, candidates);
  }
  const isGone = new Set([...old.values()].flat());
  gone.push(...before.filter((finding) => isGone.has(finding)));
  return {
    added: after.filter((finding) => !stays.has(finding)),
    gone,
    stays: after.filter((finding) => stays.has(finding)),
  };
}

function groupedBy(findings: readonly Finding[], keyOf: (finding: Finding) => string): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return groups;
}

function exactKey({ rule, urn, verdict, level, message }: Finding): string {
  return JSON.stringify([rule, urn, verdict, level, message]);
}

function subjectKey({ rule, urn }: Finding): string {
  return JSON.stringify([rule, urn]);
}

/** How much a finding says against a design: a waived one least, then advice, then what is mandatory. */
function weightOf({ verdict, level }: Finding): number {
  if (verdict === "waived") return 0;
  return (verdict === "violation" ? 2 : 1) + (level === "mandatory" ? 2 : 0);
}

function byWeight(a: Finding, b: Finding): number {
  return weightOf(b) - weightOf(a);
}

function flippedRows(base: CheckResult, head: CheckResult): FlippedRow[] {
  const before = new Map(base.survival.map((row) => [row.domain, row]));
  const after = new Map(head.survival.map((row) => [row.domain, row]));
  const rows = [...new Set([...after.keys(), ...before.keys()])].flatMap((domain): FlippedRow[] => {
    const row = after.get(domain);
    const old = stateOf(before.get(domain));
    const now = stateOf(row);
    // To stand in one more domain that may be lost, or in one less, is neither better nor worse by itself.
    if (RANK[old] === RANK[now]) return [];
    return [
      {
        domain,
        before: old,
        after: now,
        isWorse: RANK[now] > RANK[old],
        because: row?.because ?? row?.undecided ?? null,
      },
    ];
  });
  return [...rows.filter(({ isWorse }) => isWorse), ...rows.filter(({ isWorse }) => !isWorse)];
}

const RANK: Record<RowState, number> = { absent: 0, survives: 0, undecided: 1, dies: 2 };

function stateOf(row: ResultRow | undefined): RowState {
  if (row === undefined) return "absent";
  if (row.survives) return "survives";
  return row.undecided === null ? "dies" : "undecided";
}
