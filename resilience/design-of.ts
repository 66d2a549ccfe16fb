import { compareTexts } from "../components/sizing/words";
import type { Declared } from "./declared";
import { closureOf, type Design } from "./design";
import type { Graph, Resource } from "./graph";
import { indexOf, type GraphIndex } from "./index-of";
import { isNeutral, kinds } from "./kinds";
import { addAddressDoors, detoursOf } from "./kinds/doors";
import { completeEdges } from "./kinds/edge/complete";
import { addGlobalDoors } from "./kinds/gcp/global-doors";
import { addQuorums, isVoter } from "./kinds/quorums";
import type { Part, PartOf, Role, Surroundings } from "./model";
import { withPromisedAccounts, withoutUnserving } from "./owners";
import { placeOf } from "./places";
import { isMadeElsewhere } from "./unseen";

/**
 * Reads a graph into a design. Never throws on what a graph holds: what is not understood is unknown, or named in `unknownTypes`.
 *
 * First each resource is read by its kind. Then what only all of them together tell: what its owners take out of the serving path, doors
 * that nobody wrote down, and quorums.
 */
export function designOf(graph: Graph, declared: Declared): Design {
  const index = indexOf(graph);
  const around: Surroundings = { index, declared, placeOf: placesOf(index) };
  const { parts, unknownTypes } = read(graph, around);
  completeEdges(parts, index);
  withoutUnserving(parts, index);
  withPromisedAccounts(parts, declared);
  addGlobalDoors(parts, around);
  addAddressDoors(parts);
  addQuorums(parts, around);
  return { graph, index, declared, unknownTypes, ...arranged(parts) };
}

/** Each place once, although several kinds ask for it. */
function placesOf(index: GraphIndex): Surroundings["placeOf"] {
  const places = new Map<string, ReturnType<typeof placeOf>>();
  return (resource) => {
    const place = places.get(resource.urn) ?? placeOf(index, resource);
    places.set(resource.urn, place);
    return place;
  };
}

function read(graph: Graph, around: Surroundings): { parts: Map<string, Part>; unknownTypes: Design["unknownTypes"] } {
  const parts = new Map<string, Part>();
  const counts = new Map<string, number>();
  const parents = new Set(graph.resources.flatMap(({ parent }) => parent ?? []));
  for (const resource of graph.resources) {
    const own = kinds.get(resource.type)?.parts(resource, around);
    for (const part of own ?? []) parts.set(part.id, part);
    if (own === undefined && isUnknown(resource, parents))
      counts.set(resource.type, (counts.get(resource.type) ?? 0) + 1);
  }
  const unknownTypes = [...counts].sort(([a], [b]) => compareTexts(a, b)).map(([type, count]) => ({ type, count }));
  return { parts, unknownTypes };
}

/**
 * Components hold nothing themselves, unless a plugin makes them elsewhere (`awsx:ecs:FargateService`): what they make is in no plan.
 * Anything else may hold something, unless it is known not to, or its owner says what it is.
 */
function isUnknown(resource: Resource, parents: ReadonlySet<string>): boolean {
  if (kinds.has(resource.type)) return true;
  // The children of a remote one are never here: what stands below it is what the program itself puts there.
  if (isMadeElsewhere(resource)) return resource.isRemote === true || !parents.has(resource.urn);
  return resource.provider !== null && !isNeutral(resource.type) && !isVoter(resource);
}

function arranged(parts: ReadonlyMap<string, Part>): Pick<Design, "parts" | "of" | "doors" | "detours" | "serving"> {
  const sorted = new Map([...parts].sort(([a], [b]) => compareTexts(a, b)));
  const roles = new Map<Role, Part[]>();
  for (const part of sorted.values()) roles.set(part.role, [...(roles.get(part.role) ?? []), part]);
  const of = <R extends Role>(role: R): PartOf<R>[] =>
    (roles.get(role) ?? []).filter((part): part is PartOf<R> => part.role === role);
  const doors = of("door");
  const detours = detoursOf(doors, sorted);
  return {
    parts: sorted,
    of,
    doors: doors.filter((door) => !detours.has(door)),
    detours: [...detours],
    serving: closureOf(
      sorted,
      doors.map(({ id }) => id),
    ),
  };
}
