/** What the kinds of the edge make of a graph, by themselves: the parts of clouds behind it are not there. */
import { declaredOf, type Declared } from "../../resilience/declared";
import { valueOr, type Fact } from "../../resilience/fact";
import type { Graph } from "../../resilience/graph";
import { indexOf } from "../../resilience/index-of";
import { edgeKinds } from "../../resilience/kinds/edge";
import { completeEdges } from "../../resilience/kinds/edge/complete";
import type { Door, Entry, Kind, Part, Pool, Surroundings } from "../../resilience/model";
import { placeOf } from "../../resilience/places";

const kinds = new Map(edgeKinds.flatMap((kind) => kind.types.map((type): [string, Kind] => [type, kind])));

/** The parts of the edge, by id. */
export function edgePartsOf(graph: Graph, declared: Declared = declaredOf(graph, {})): Map<string, Part> {
  const index = indexOf(graph);
  const around: Surroundings = { index, declared, placeOf: (resource) => placeOf(index, resource) };
  const parts = new Map<string, Part>();
  for (const resource of graph.resources) {
    for (const part of kinds.get(resource.type)?.parts(resource, around) ?? []) parts.set(part.id, part);
  }
  completeEdges(parts, index);
  return parts;
}

/** An id as tests write it: the logical name for a URN, the rest as it stands. `urn:…::lb#origins[0]` is `lb#origins[0]`. */
export function short(id: string): string {
  return id.replace(/urn:pulumi:[^#]*::/, "");
}

/** The only door of a graph, or the one of that name. */
export function doorOf(parts: ReadonlyMap<string, Part>, name?: string): Door {
  const doors = [...parts.values()].filter((part) => part.role === "door");
  const found = doors.filter(({ id }) => name === undefined || short(id) === name);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`doors: ${doors.map(({ id }) => short(id)).join(", ")}; wanted ${name ?? "one"}`);
  return only;
}

/** The part of that name with that role. */
export function poolOf(parts: ReadonlyMap<string, Part>, name: string): Pool {
  const found = [...parts.values()].find((part) => part.role === "pool" && short(part.id) === name);
  if (found?.role !== "pool") throw new Error(`no pool ${name}`);
  return found;
}

/** The entry of that name. */
export function entryOf(parts: ReadonlyMap<string, Part>, name: string): Entry {
  const found = [...parts.values()].find((part) => part.role === "entry" && short(part.id) === name);
  if (found?.role !== "entry") throw new Error(`no entry ${name}`);
  return found;
}

/** Ids of all parts, short and sorted. */
export function idsOf(parts: ReadonlyMap<string, Part>): string[] {
  return [...parts.keys()].map(short).sort();
}

/** A fact as tests compare it: the value, or `property: why`. */
export function told<T>(fact: Fact<T>): T | string {
  return fact.known ? fact.value : `${fact.property}: ${fact.why}`;
}

/** The same for facts of several types in one list. */
export function read(fact: Fact<unknown>): unknown {
  return told(fact);
}

/** Needs as tests compare them: `what: 1 of a, b`, with `?` where it is not known what is needed. */
export function needsOf({ needs }: Part): string[] {
  return needs.map(
    ({ what, atLeast, of, unknown }) =>
      `${what}: ${atLeast} of ${of.map(short).join(", ")}${unknown === undefined ? "" : ` ? ${unknown.property} ${unknown.why}`}`,
  );
}

/** The ids in a list that is known. */
export function ids(fact: Fact<string[]>): string[] {
  return valueOr(fact, ["?"]).map(short);
}

/** The graph as a recorder leaves it that tells dependencies of whole inputs alone: a preview, the engine for a policy pack. */
export function coarse(graph: Graph): Graph {
  return { ...graph, resources: graph.resources.map((resource) => ({ ...resource, references: {} })) };
}
