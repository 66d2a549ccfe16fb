import type { Design } from "./design";
import type { Fact } from "./fact";
import type { Door, Part, Pool } from "./model";

const answers = new WeakMap<Design, boolean>();

/**
 * Whether anything is not known that decides where requests go: needs, pools, origins, monitors, steering. What is not known of places and
 * sizes is not asked here. Worked out once for each design.
 */
export function hasDoubts(design: Design): boolean {
  const answer = answers.get(design) ?? [...design.serving].some((id) => isDoubtful(design.parts.get(id)));
  answers.set(design, answer);
  return answer;
}

function isDoubtful(part: Part | undefined): boolean {
  if (part === undefined) return false;
  if (part.needs.some((need) => need.unknown !== undefined)) return true;
  if (part.role === "door") return isAnyUnknown(factsOfDoor(part));
  return part.role === "pool" && (isAnyUnknown(factsOfPool(part)) || leadsNowhere(part));
}

function factsOfDoor({ pools, fallback, steering, weights, overrides }: Door): Fact<unknown>[] {
  return [pools, fallback, steering, weights, ...overrides.map((override) => override.pools)];
}

function factsOfPool({ isEnabled, origins, monitor }: Pool): Fact<unknown>[] {
  const each = origins.known ? origins.value.flatMap((origin) => [origin.isEnabled, origin.weight]) : [];
  const unled = origins.known
    ? origins.value.flatMap(({ entries, address }) => (entries.length === 0 ? [address] : []))
    : [];
  return [isEnabled, origins, monitor, ...each, ...unled];
}

/** An address of which nobody can say where it leads may be taken for working, and for dead. */
function leadsNowhere({ origins }: Pool): boolean {
  return origins.known && origins.value.some(({ entries }) => entries.length === 0);
}

function isAnyUnknown(facts: readonly Fact<unknown>[]): boolean {
  return facts.some(({ known }) => !known);
}
