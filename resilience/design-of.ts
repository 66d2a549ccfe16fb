import type { Declared } from "./declared";
import { assemble, type Design } from "./design";
import type { Graph, Resource } from "./graph";
import type { GraphIndex } from "./index-of";
import { isNeutral, kinds } from "./kinds";
import type { Part, Surroundings } from "./model";
import { cloudOf, placeOf } from "./places";

/** Reads a graph into a design. Never throws on what a graph holds: what is not understood is unknown, or named in `unknownTypes`. */
export function designOf(graph: Graph, declared: Declared): Design {
  return assemble(
    graph,
    declared,
    (resource, index) => partsOf(resource, index, declared),
    () => undefined,
  );
}

function partsOf(resource: Resource, index: GraphIndex, declared: Declared): Part[] | undefined {
  const kind = kinds.get(resource.type);
  const around: Surroundings = { index, declared, placeOf: (other) => placeOf(index, other) };
  if (kind !== undefined) return kind.parts(resource, around);
  return isNeutral(resource.type) || cloudOf(resource.type) === undefined ? [] : undefined;
}
