/**
 * Ways to change one thing of a recorded graph, as a slip in the program would have changed it: inputs together with what the recorder tells of
 * their dependencies. Each makes a new graph and leaves the old one as it is.
 */
import type { Graph, Resource } from "../../resilience/graph";
import { segments } from "../../resilience/reader";
import { inSibling } from "./siblings";
import { isObject, own, unknownValue, type Json, type JsonObject } from "../../resilience/values";

/** The design without some resources, as a program that never made them: lists lose the elements that name them, objects the property. */
export function dropped(graph: Graph, urns: ReadonlySet<string>): Graph {
  return {
    ...graph,
    resources: graph.resources.filter(({ urn }) => !urns.has(urn)).map((resource) => forgetful(resource, urns)),
  };
}

/** The design with one input changed; `undefined` takes it out. A plain value depends on nothing; what stays unknown keeps what it depends on. */
export function written(graph: Graph, urn: string, path: string, value: Json | undefined): Graph {
  return edited(graph, urn, (resource) => {
    const isWhole = !/[.[]/.test(path);
    const inputs = put(resource.inputs, segments(path), value);
    if (!isObject(inputs)) throw new Error(`${path} is no path into the inputs of ${urn}`);
    const changed = { ...resource, inputs };
    const references = without(
      resource.references,
      (place) => isWithin(place, path) && valueAt(changed, place) !== unknownValue,
    );
    const left = Object.entries(references).flatMap(([place, urns]) => (isWithin(place, path) ? urns : []));
    return {
      ...changed,
      references,
      propertyDependencies: isWhole
        ? mapped(resource.propertyDependencies, (urns, place) =>
            place === path ? urns.filter((each) => left.includes(each)) : urns,
          )
        : resource.propertyDependencies,
    };
  });
}

/** The design in which whatever a resource takes from one resource, it takes from another of the same type. */
export function repointed(graph: Graph, urn: string, path: string, from: string, to: string): Graph {
  const swap = (urns: readonly string[]): string[] =>
    [...new Set(urns.map((each) => (each === from ? to : each)))].sort();
  return edited(graph, urn, (resource) => ({
    ...resource,
    inputs: renamed(resource, path),
    dependencies: [...new Set([...resource.dependencies, to])].sort(),
    propertyDependencies: mapped(resource.propertyDependencies, (urns, place) =>
      isWithin(path, place) ? swap(urns) : urns,
    ),
    references: mapped(resource.references, (urns, place) => (isWithin(place, path) ? swap(urns) : urns)),
  }));
}

/** The design with one resource changed in any other way. */
export function edited(graph: Graph, urn: string, change: (resource: Resource) => Resource): Graph {
  return { ...graph, resources: graph.resources.map((each) => (each.urn === urn ? change(each) : each)) };
}

/** What an input holds at a path. */
export function valueAt(resource: Resource, path: string): Json | undefined {
  let value: Json | undefined = resource.inputs;
  for (const step of segments(path)) {
    if (typeof step === "number") value = Array.isArray(value) ? value[step] : undefined;
    else value = isObject(value) ? own(value, step) : undefined;
  }
  return value;
}

/** A name that is written out is the sibling's as well. */
function renamed(resource: Resource, path: string): JsonObject {
  const before = valueAt(resource, path);
  const after = typeof before === "string" ? inSibling(before) : undefined;
  const inputs = after === undefined ? resource.inputs : put(resource.inputs, segments(path), after);
  return isObject(inputs) ? inputs : resource.inputs;
}

function forgetful(resource: Resource, urns: ReadonlySet<string>): Resource {
  const rest = (all: readonly string[]): string[] => all.filter((urn) => !urns.has(urn));
  const references: Record<string, string[]> = {};
  const inputs: JsonObject = {};
  for (const [key, value] of Object.entries(resource.inputs)) {
    const own = Object.hasOwn(resource.propertyDependencies, key) ? (resource.propertyDependencies[key] ?? []) : [];
    const gone = own.length > 0 && own.every((urn) => urns.has(urn)) && value === unknownValue;
    const kept = gone ? undefined : leftOf(value, key, key, { resource, urns, references });
    if (kept !== undefined) inputs[key] = kept;
  }
  return {
    ...resource,
    inputs,
    references,
    dependencies: rest(resource.dependencies),
    propertyDependencies: mapped(resource.propertyDependencies, rest),
  };
}

interface Forgetting {
  resource: Resource;
  urns: ReadonlySet<string>;
  /** The references of what is kept, by its new path. */
  references: Record<string, string[]>;
}

/** What is left of a value at `from`, whose new path is `to`. Nothing where it was taken from what is gone. */
function leftOf(value: Json, from: string, to: string, forgetting: Forgetting): Json | undefined {
  const { resource, urns, references } = forgetting;
  const told = Object.hasOwn(resource.references, from) ? (resource.references[from] ?? []) : [];
  if (told.some((urn) => urns.has(urn)) && told.every((urn) => urns.has(urn))) return undefined;
  if (told.length > 0) references[to] = told.filter((urn) => !urns.has(urn));
  if (Array.isArray(value)) {
    const items: Json[] = [];
    value.forEach((item, place) => {
      const before = isObject(item) ? Object.keys(item).length : 0;
      const kept = leftOf(item, `${from}[${String(place)}]`, `${to}[${String(items.length)}]`, forgetting);
      // An element that has lost what it is about (an origin its address) goes with it.
      if (kept !== undefined && (!isObject(kept) || Object.keys(kept).length === before)) items.push(kept);
    });
    return items;
  }
  if (!isObject(value)) return value;
  const object: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const kept = leftOf(inner, `${from}.${key}`, `${to}.${key}`, forgetting);
    if (kept !== undefined) object[key] = kept;
  }
  return object;
}

function put(at: Json | undefined, path: (string | number)[], value: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = Array.isArray(at) ? [...at] : [];
    const next = put(items[step], rest, value);
    if (next === undefined) items.splice(step, 1);
    else items[step] = next;
    return items;
  }
  const before = isObject(at) ? at : {};
  const next = put(own(before, step), rest, value);
  const others = Object.entries(before).filter(([key]) => key !== step);
  return Object.fromEntries(next === undefined ? others : [...others, [step, next]]);
}

function isWithin(place: string, path: string): boolean {
  return place === path || place.startsWith(`${path}.`) || place.startsWith(`${path}[`);
}

function without(map: Record<string, string[]>, isGone: (key: string) => boolean): Record<string, string[]> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !isGone(key)));
}

function mapped(
  map: Record<string, string[]>,
  change: (urns: string[], key: string) => string[],
): Record<string, string[]> {
  return Object.fromEntries(Object.entries(map).map(([key, urns]) => [key, change(urns, key)]));
}
