/** What one resource of a graph is to the model, read by its kind alone: for the tests of the kinds. */
import type { Graph } from "../../resilience/graph";
import { indexOf } from "../../resilience/index-of";
import type { Kind, Part, PartOf, Role, Surroundings } from "../../resilience/model";
import { placeOf } from "../../resilience/places";
import { nothingDeclared, urnOf } from "./designs";

/** What a kind sees around a resource of a graph. */
export function surroundingsOf(graph: Graph): Surroundings {
  const index = indexOf(graph);
  return { index, declared: nothingDeclared(), placeOf: (resource) => placeOf(index, resource) };
}

/** The parts that the only resource of a name is, by these kinds. */
export function partsOf(kinds: readonly Kind[], graph: Graph, name: string): Part[] {
  const around = surroundingsOf(graph);
  const resource = around.index.byUrn.get(urnOf(graph, name));
  const kind = kinds.find(({ types }) => types.includes(resource?.type ?? ""));
  return resource === undefined || kind === undefined ? [] : (kind.parts(resource, around) ?? []);
}

/** The only part of a role that the resource is. */
export function partOf<R extends Role>(kinds: readonly Kind[], graph: Graph, name: string, role: R): PartOf<R> {
  const found = partsOf(kinds, graph, name).filter((part): part is PartOf<R> => part.role === role);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${name} is ${String(found.length)} parts with the role ${role}`);
  return only;
}
