import type { Loss } from "./domains";
import type { Need, Part, Place } from "./model";

/** How to take what is not known: as being there, or as being gone. What differs between the two is undecided. */
export type Stance = "hopeful" | "fearful";

/** What is left when a place is lost. */
export interface Liveness {
  /** Ids of the parts that still work. */
  alive: ReadonlySet<string>;
  /** Why a part does not: it stood there, or the first need that is not met. */
  causes: ReadonlyMap<string, Cause>;
}

/** Why a part is gone. */
export type Cause = { kind: "stood-there" } | { kind: "needs"; need: Need; missing: string | null };

/**
 * Takes a failure domain away, with everything that needs it by any number of steps. Parts in a circle of needs hold one another up.
 * Linear in parts and needs.
 */
export function livenessWithout(
  parts: ReadonlyMap<string, Part>,
  lost: (place: Place) => Loss,
  stance: Stance,
): Liveness {
  const causes = new Map<string, Cause>();
  const dependants = new Map<string, string[]>();
  const open: string[] = [];
  for (const part of parts.values()) {
    for (const need of part.needs) {
      for (const id of need.of) {
        const known = dependants.get(id);
        if (known === undefined) dependants.set(id, [part.id]);
        else known.push(part.id);
      }
    }
    if (isLost(lost(part.place), stance)) causes.set(part.id, { kind: "stood-there" });
    open.push(part.id);
  }
  const isAlive = (id: string): boolean => parts.has(id) && !causes.has(id);
  for (const id of causes.keys()) open.push(...(dependants.get(id) ?? []));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = parts.get(id);
    if (part === undefined || causes.has(id)) continue;
    const need = part.needs.find((candidate) => !isMet(candidate, isAlive, stance));
    if (need === undefined) continue;
    causes.set(id, { kind: "needs", need, missing: need.of.find((other) => !isAlive(other)) ?? null });
    open.push(...(dependants.get(id) ?? []));
  }
  return { alive: new Set([...parts.keys()].filter((id) => !causes.has(id))), causes };
}

function isMet(need: Need, isAlive: (id: string) => boolean, stance: Stance): boolean {
  if (need.unknown !== undefined && stance === "hopeful") return true;
  return need.of.filter(isAlive).length >= need.atLeast;
}

function isLost(loss: Loss, stance: Stance): boolean {
  return loss === "unknown" ? stance === "fearful" : loss >= 1;
}

/** The chain of reasons for which a part is gone, from the part to what stood in the lost domain. Ends where it would repeat. */
export function chainOf(causes: ReadonlyMap<string, Cause>, id: string): { id: string; what: string | null }[] {
  const chain: { id: string; what: string | null }[] = [];
  const seen = new Set<string>();
  let at: string | null = id;
  while (at !== null && !seen.has(at)) {
    seen.add(at);
    const cause: Cause | undefined = causes.get(at);
    chain.push({ id: at, what: cause?.kind === "needs" ? cause.need.what : null });
    at = cause?.kind === "needs" ? cause.missing : null;
  }
  return chain;
}

/** The part of its units (0 to 1) that a compute keeps when a domain is lost and it is still there. */
export function keptFraction(place: Place, lost: (place: Place) => Loss): number {
  const loss = lost(place);
  return loss === "unknown" ? 0 : Math.max(0, 1 - loss);
}
