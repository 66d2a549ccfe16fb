import type { Declared } from "./declared";
import type { Graph } from "./graph";
import type { GraphIndex } from "./index-of";
import type { Door, Part, PartOf, Role } from "./model";

/** A design as the judges see it: resources, what they are, and how they hang together. */
export interface Design {
  graph: Graph;
  index: GraphIndex;
  declared: Declared;
  /** Every part by its id, in the order of ids. */
  parts: ReadonlyMap<string, Part>;
  /** The parts of one role, by id. */
  of: <R extends Role>(role: R) => readonly PartOf<R>[];
  /** The hostnames that have to survive, by id: all doors but those that only lead to one region of another one. */
  doors: readonly Door[];
  /**
   * Names of one region of a hostname that has several: `us-east-2.api.example.com` beside `api.example.com`. They are right to die with
   * their region, and may be a way around the edge.
   */
  detours: readonly Door[];
  /** Ids of the parts in a serving path: doors, and all that they need by any number of steps. */
  serving: ReadonlySet<string>;
  /** Types that the model does not know, with how many there are of each; sorted by type. */
  unknownTypes: { type: string; count: number }[];
}

/** What requests or needs lead to from a part: what it needs, and for a door the pools of all of its lists. */
export function nextOf(part: Part): string[] {
  const needed = part.needs.flatMap(({ of }) => of);
  if (part.role !== "door") return needed;
  const lists = [part.pools, ...part.overrides.map(({ pools }) => pools)];
  return [...needed, ...lists.flatMap((pools) => (pools.known ? pools.value : []))];
}

/** The parts that the given ones lead to, by any number of steps, with themselves. */
export function closureOf(parts: ReadonlyMap<string, Part>, start: Iterable<string>): Set<string> {
  const seen = new Set<string>();
  const open = [...start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = parts.get(id);
    if (part === undefined || seen.has(id)) continue;
    seen.add(id);
    for (const other of nextOf(part)) open.push(other);
  }
  return seen;
}
