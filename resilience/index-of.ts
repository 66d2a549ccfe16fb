import { sortedByUrn, type Graph, type Resource } from "./graph";
import { own, unknownValue, type Json } from "./values";

/** A graph with the ways through it that a judge needs; made once for each graph. */
export interface GraphIndex {
  graph: Graph;
  /** The resource of a URN. */
  byUrn: ReadonlyMap<string, Resource>;
  /** The resources of a type token, by URN. */
  ofType: (type: string) => readonly Resource[];
  /** The resources that depend on this one directly, whatever the property; by URN. */
  dependants: (urn: string) => readonly Resource[];
  /** The resources under which the clouds know this text: as id, ARN, self link, name or address. */
  named: (text: string) => readonly Resource[];
}

/**
 * Properties under which other resources point to one once it exists. In a state a reference is a text, and this is the way back.
 * `name` is last on purpose: it is the least exact, and is used where nothing else matches.
 */
const IDENTITIES = ["arn", "selfLink", "id", "name", "dnsName", "address", "hostname", "uri", "url", "repositoryUrl"];

/** Indexes a graph. Time and memory are linear in its size. */
export function indexOf(graph: Graph): GraphIndex {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const types = grouped(graph.resources, ({ type }) => [type]);
  const dependants = grouped(graph.resources, ({ dependencies, propertyDependencies, references }) => [
    ...new Set([...dependencies, ...Object.values(propertyDependencies).flat(), ...Object.values(references).flat()]),
  ]);
  const names = grouped(graph.resources, identitiesOf);
  return {
    graph,
    byUrn,
    ofType: (type) => types.get(type) ?? [],
    dependants: (urn) => dependants.get(urn) ?? [],
    named: (text) => names.get(text) ?? [],
  };
}

/** The texts under which a resource is known, where they are known themselves. */
function identitiesOf(resource: Resource): string[] {
  const texts = new Set<string>();
  const add = (value: Json | undefined): void => {
    if (typeof value === "string" && value !== "" && value !== unknownValue) texts.add(value);
  };
  add(resource.id);
  for (const property of IDENTITIES) {
    add(own(resource.outputs, property));
    add(own(resource.inputs, property));
  }
  return [...texts];
}

function grouped(resources: readonly Resource[], keysOf: (resource: Resource) => string[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of sortedByUrn(resources)) {
    for (const key of keysOf(resource)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [resource]);
      else group.push(resource);
    }
  }
  return groups;
}
