import type { CheckResult, Finding } from "./result";

/** What a change makes of a design that was judged before. */
export interface Comparison {
  /** Whether the change makes something worse: a row that no longer survives, or a mandatory finding that was not there. */
  isWorse: boolean;
  /** Survival rows that say something else now, those that got worse first. */
  flipped: FlippedRow[];
  /** Findings that were not there. */
  added: Finding[];
  /** Findings that are there no more. */
  gone: Finding[];
  /** Findings that stay: they block nobody. */
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

/** Compares two results of the same rules and settings. */
export function compareResults(base: CheckResult, head: CheckResult): Comparison {
  const flipped = flippedRows(base, head);
  const known = new Map<string, Finding[]>();
  for (const finding of base.findings) known.set(keyOf(finding), [...(known.get(keyOf(finding)) ?? []), finding]);
  const added: Finding[] = [];
  const stays: Finding[] = [];
  for (const finding of head.findings) {
    const same = known.get(keyOf(finding))?.shift();
    if (same === undefined) added.push(finding);
    else stays.push(finding);
  }
  const isBlocking = ({ verdict, level }: Finding): boolean => verdict !== "waived" && level === "mandatory";
  return {
    isWorse: added.some(isBlocking) || flipped.some(({ isWorse }) => isWorse),
    flipped,
    added,
    gone: [...known.values()].flat(),
    stays,
  };
}

/**
 * What makes two findings the same one: numbers in a message change with every change of a design, so the rule, what it says (violation or
 * not known) and the resource decide.
 */
function keyOf({ rule, verdict, level, urn }: Finding): string {
  return [rule, verdict, level, urn ?? ""].join(" ");
}

function flippedRows(base: CheckResult, head: CheckResult): FlippedRow[] {
  const before = statesOf(base);
  const after = statesOf(head);
  const domains = [...new Set([...after.keys(), ...before.keys()])];
  const rows = domains.flatMap((domain): FlippedRow[] => {
    const old = before.get(domain) ?? "absent";
    const now = after.get(domain) ?? "absent";
    const row = head.survival.find((candidate) => candidate.domain === domain);
    // A domain that a design no longer stands in is nothing that became better or worse.
    if (old === now || now === "absent" || (old === "absent" && now === "survives")) return [];
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

function statesOf({ survival }: CheckResult): Map<string, RowState> {
  return new Map(
    survival.map(({ domain, survives, undecided }) => [
      domain,
      survives ? "survives" : undecided === null ? "dies" : "undecided",
    ]),
  );
}
