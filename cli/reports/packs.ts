import type { PackFinding, PackReport } from "../../planner";
import type { Checked } from "./report";

/** Findings of other packs that stop a change: the mandatory ones; with a base only those that are not there as often. */
export function refusals({ packs, basePacks }: Pick<Checked, "packs" | "basePacks">): PackFinding[] {
  const before = new Map<string, number>();
  for (const { pack, finding } of findingsOf(basePacks ?? [])) {
    const key = keyOf(pack, finding);
    before.set(key, (before.get(key) ?? 0) + 1);
  }
  return findingsOf(packs).flatMap(({ pack, finding }) => {
    if (finding.level !== "mandatory") return [];
    const key = keyOf(pack, finding);
    const left = before.get(key) ?? 0;
    before.set(key, left - 1);
    return left > 0 ? [] : [finding];
  });
}

/** Findings of several packs, each with its pack, in the packs' order. */
export function findingsOf(packs: readonly PackReport[]): { pack: PackReport; finding: PackFinding }[] {
  return packs.flatMap((pack) => pack.findings.map((finding) => ({ pack, finding })));
}

/** The same finding of the same pack about the same resource, whatever numbers its message holds. */
function keyOf({ name }: PackReport, { policy, level, urn }: PackFinding): string {
  return JSON.stringify([name, policy, level, urn]);
}
