/** What a planted mistake is, and how rows of the table become mistakes in a design. */
import type { Graph, Resource } from "../../resilience/graph";
import { isObject, unknownValue, type Json } from "../../resilience/values";
import { edited, valueAt, written } from "./change";
import type { Subject } from "./designs";
import { inSibling } from "./siblings";

/** How a program goes wrong. */
export type Operator = "remove" | "weaken" | "move" | "share" | "disable" | "mis-size" | "mis-name";

/** One mistake in one design. */
export interface Mutant {
  /** Unique in the table: `prod: weaken exchange-edge-monitor interval 60`. */
  name: string;
  operator: Operator;
  subject: Subject["name"];
  /** The design with the mistake, and the settings where these are what is wrong. */
  change: (subject: Subject) => Subject;
  /** Why it is right that nothing is found: what is changed decides nothing about an outage. Absent: it has to be caught. */
  harmless?: string;
}

/** A row of the table: a property that is set to something bad, wherever a design has a resource of that type. */
export interface Row {
  operator: Operator;
  type: string;
  /** Path of the property, and what it becomes; `undefined` takes it out. A function sees what was there. Empty: an object of several. */
  path: string;
  to: Json | undefined | ((before: Json | undefined) => Json | undefined);
  /** Which of the resources of the type, by logical name. Default: all, of which the first by URN is taken. */
  of?: RegExp;
  /** Every resource that fits, and not only the first. */
  every?: true;
  on?: Subject["name"];
  harmless?: string;
}

/** The mutants of a row in a design; none where the design has no such resource, or where nothing would change. */
export function mutantsOf(row: Row, subject: Subject): Mutant[] {
  if (row.on !== undefined && row.on !== subject.name) return [];
  const fits = subject.graph.resources.filter(
    ({ type, name }) => type === row.type && (row.of === undefined || row.of.test(name)),
  );
  return (row.every === true ? fits : fits.slice(0, 1)).flatMap((resource): Mutant[] => {
    const before = valueAt(resource, row.path);
    const after = typeof row.to === "function" ? row.to(before) : row.to;
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [
      mutant(
        subject,
        row.operator,
        `${resource.name} (${short(row.type)}) ${row.path} = ${shown(after)}`,
        row.harmless,
        (graph) => changed(graph, resource.urn, row.path, after),
      ),
    ];
  });
}

/** With an empty path, several properties at once. */
function changed(graph: Graph, urn: string, path: string, after: Json | undefined): Graph {
  if (path !== "") return written(graph, urn, path, after);
  return Object.entries(isObject(after) ? after : {}).reduce(
    (all, [key, value]) => written(all, urn, key, value),
    graph,
  );
}

/** One mutant that changes the graph. */
export function mutant(
  subject: Subject,
  operator: Operator,
  what: string,
  harmless: string | undefined,
  change: (graph: Graph) => Graph,
): Mutant {
  return {
    name: `${subject.name}: ${operator} ${what}`,
    operator,
    subject: subject.name,
    change: (before) => ({ ...before, graph: change(before.graph) }),
    ...(harmless === undefined ? {} : { harmless }),
  };
}

/** The last word of a type token. */
export function short(type: string): string {
  return type.split(":").at(-1) ?? type;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A regional resource made in the sibling region. */
export function moved(graph: Graph, { urn, inputs }: Resource): Graph {
  return edited(graph, urn, (resource) => {
    const changed = ["region", "location", "zone", "availabilityZone"].flatMap((key): [string, Json][] => {
      const before = inputs[key];
      const after = typeof before === "string" ? inSibling(before) : undefined;
      return after === undefined ? [] : [[key, after]];
    });
    return { ...resource, inputs: { ...resource.inputs, ...Object.fromEntries(changed) } };
  });
}

/** Every way in which a resource takes a thing of its own region, with the same thing of the sibling region. */
export function sharesOf(graph: Graph, resource: Resource): { path: string; from: string; to: string }[] {
  const byUrn = new Map(graph.resources.map((each) => [each.urn, each]));
  const wholes = Object.entries(resource.propertyDependencies).filter(([key]) => resource.inputs[key] !== undefined);
  const told = Object.entries(resource.references);
  const places = [...told, ...wholes.filter(([key]) => !told.some(([path]) => path.startsWith(key)))];
  const found = places.flatMap(([path, urns]) =>
    urns.flatMap((from) => {
      const target = byUrn.get(from);
      const name = target === undefined ? undefined : inSibling(target.name);
      const other = graph.resources.find((each) => each.type === target?.type && each.name === name);
      const value = valueAt(resource, path);
      // The same name in both regions is no mistake.
      const isSame = typeof value === "string" && value !== unknownValue && inSibling(value) === undefined;
      return other === undefined || isSame ? [] : [{ path, from, to: other.urn }];
    }),
  );
  return [...new Map(found.map((each) => [`${each.path} ${each.from}`, each])).values()];
}
