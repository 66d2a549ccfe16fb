import type { Declared } from "./declared";
import type { Graph, Resource } from "./graph";
import { indexOf, type GraphIndex } from "./index-of";
import type { Part, PartOf, Role } from "./model";

/** A design as the judges see it: resources, what they are, and how they hang together. */
export interface Design {
  graph: Graph;
  index: GraphIndex;
  declared: Declared;
  /** Every part by its id. */
  parts: ReadonlyMap<string, Part>;
  /** The parts of one role, by id. */
  of: <R extends Role>(role: R) => PartOf<R>[];
  /** Ids of the parts in a serving path: doors, and all that they need by any number of steps. */
  serving: ReadonlySet<string>;
  /** Types that the model does not know, with how many there are of each; sorted by type. */
  unknownTypes: { type: string; count: number }[];
}

/** The parts that the given ones need, by any number of steps, with themselves. */
export function closureOf(parts: ReadonlyMap<string, Part>, start: Iterable<string>): Set<string> {
  const seen = new Set<string>();
  const open = [...start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = parts.get(id);
    if (part === undefined || seen.has(id)) continue;
    seen.add(id);
    for (const need of part.needs) open.push(...need.of);
  }
  return seen;
}

/** Puts a design together from the parts that its resources are. */
export function assemble(
  graph: Graph,
  declared: Declared,
  partsOf: (resource: Resource, index: GraphIndex) => Part[] | undefined,
  complete: (parts: Map<string, Part>, index: GraphIndex) => void,
): Design {
  const index = indexOf(graph);
  const parts = new Map<string, Part>();
  const unknownCounts = new Map<string, number>();
  for (const resource of graph.resources) {
    const own = partsOf(resource, index);
    if (own === undefined) unknownCounts.set(resource.type, (unknownCounts.get(resource.type) ?? 0) + 1);
    for (const part of own ?? []) parts.set(part.id, part);
  }
  complete(parts, index);
  const sorted = new Map([...parts].sort(([a], [b]) => (a < b ? -1 : 1)));
  const doors = [...sorted.values()].filter(({ role }) => role === "door").map(({ id }) => id);
  return {
    graph,
    index,
    declared,
    parts: sorted,
    of: <R extends Role>(role: R) => [...sorted.values()].filter((part): part is PartOf<R> => part.role === role),
    serving: closureOf(sorted, doors),
    unknownTypes: [...unknownCounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => ({ type, count })),
  };
}
