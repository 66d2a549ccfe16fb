/**
 * Graphs for tests, from terse resource literals: what a raw program's plan, or the state after its update, would hold.
 *
 * A literal names others by `ref(name, property)`. In a plan that is Pulumi's unknown with the dependencies beside it, in a state the text
 * that the clouds would have answered. Each change makes a new graph and leaves the old one as it is.
 */
import { GraphSource, sortedByUrn, type Graph, type Resource } from "../../resilience/graph";
import { segments } from "../../resilience/reader";
import {
  hidden,
  own,
  secretSignature,
  signatureKey,
  unknownValue,
  type Json,
  type JsonObject,
} from "../../resilience/values";

/** A text that other resources take part in, or a JSON text that holds such texts. */
export class Later {
  readonly parts: readonly (string | { name: string; property: string })[];
  /** Set for a JSON text: the value that is written down. */
  readonly json: Draft | undefined;

  constructor(parts: Later["parts"], json?: Draft) {
    this.parts = parts;
    this.json = json;
  }
}

/** A value of a literal. */
export type Draft = null | boolean | number | string | Later | Draft[] | { [key: string]: Draft };

/** One resource of a test's design. */
export interface Literal {
  type: string;
  /** Logical name, unique in the design unless it is looked up by URN. */
  name: string;
  inputs: Record<string, Draft>;
  /** What the cloud answers, seen in a state alone. */
  answers: JsonObject;
  /** What a component gave as its outputs, seen everywhere. */
  outputs: JsonObject;
  /** Name of the parent; the stack where it is left out. */
  parent?: string;
  /** Name of an explicit provider; the default one of its package where it is left out. */
  provider?: string;
  dependsOn: string[];
  id?: string;
  isProtected: boolean;
  isExternal: boolean;
}

/** A graph that remembers what it was made from, so that one thing of it can be changed. */
export interface DraftGraph extends Graph {
  literals: readonly Literal[];
}

/** A resource literal: `resource("aws:s3/bucket:Bucket", "logs", { region: "us-east-2" })`. */
export function resource(
  type: string,
  name: string,
  inputs: Record<string, Draft> = {},
  options: Partial<Omit<Literal, "type" | "name" | "inputs">> = {},
): Literal {
  return {
    type,
    name,
    inputs,
    answers: {},
    outputs: {},
    dependsOn: [],
    isProtected: false,
    isExternal: false,
    ...options,
  };
}

/** A property of another resource: known in a plan where that resource was given it as a plain value, otherwise known later. */
export function ref(name: string, property = "id"): Later {
  return new Later([{ name, property }]);
}

/** A text of plain parts and of other resources' properties, as an interpolation makes it. */
export function join(...parts: (string | Later)[]): Later {
  return new Later(parts.flatMap((part) => (typeof part === "string" ? [part] : part.parts)));
}

/** A JSON text of a value: unknown as a whole in a plan when anything in it is. */
export function json(value: Draft): Later {
  return new Later([], value);
}

/** Not known, and depending on nothing: an answer to a data source, another stack's output. */
export const later: string = unknownValue;

/** A secret, as every recorder shows it. */
export const secret: JsonObject = { [signatureKey]: secretSignature, value: hidden };

/** The graph of a design's literals, as a plan (the default) or as a state would show it. */
export function designFrom(literals: readonly Literal[], options: Partial<Omit<Graph, "resources">> = {}): DraftGraph {
  const graph = { source: GraphSource.Plan, project: "exchange", stack: "prod", outputs: {}, ...options };
  const all = withDefaults(literals);
  const compiler = new Compiler(graph, all);
  return { ...graph, resources: sortedByUrn(all.map((literal, place) => compiler.resource(literal, place))), literals };
}

/** The same design as its state after an update would show it. */
export function asState(graph: DraftGraph): DraftGraph {
  return designFrom(graph.literals, { ...bare(graph), source: GraphSource.State });
}

/** The design with one input of one resource changed; `undefined` takes it out. The resource is named by its name or URN. */
export function withChange(
  graph: DraftGraph,
  resourceName: string,
  path: string,
  value: Draft | undefined,
): DraftGraph {
  return changed(graph, resourceName, (literal) => {
    const inputs = set(literal.inputs, segments(path), value);
    if (!isMap(inputs)) throw new Error(`${path} is no path into the inputs of ${resourceName}`);
    return { ...literal, inputs };
  });
}

/** The design with anything else of one resource changed: its protection, its provider, what it depends on. */
export function withOptions(
  graph: DraftGraph,
  resourceName: string,
  options: Partial<Omit<Literal, "inputs">>,
): DraftGraph {
  return changed(graph, resourceName, (literal) => ({ ...literal, ...options }));
}

/** The design in which nobody knows one input yet, and nothing tells what it depends on. */
export function unknownAt(graph: DraftGraph, resourceName: string, path: string): DraftGraph {
  return withChange(graph, resourceName, path, later);
}

/** The design with further resources. */
export function withMore(graph: DraftGraph, ...literals: Literal[]): DraftGraph {
  return designFrom([...graph.literals, ...literals], bare(graph));
}

/**
 * The design without one resource, as a program that never made it: a list loses the elements that name it, an object loses the
 * property.
 */
export function without(graph: DraftGraph, resourceName: string): DraftGraph {
  const gone = literalOf(graph, resourceName);
  const rest = graph.literals.filter((literal) => literal !== gone);
  return designFrom(
    rest.map((literal) => ({
      ...literal,
      inputs: Object.fromEntries(
        Object.entries(literal.inputs).flatMap(([key, value]) => {
          const kept = pruned(value, gone.name);
          return kept === undefined ? [] : [[key, kept]];
        }),
      ),
      dependsOn: literal.dependsOn.filter((name) => name !== gone.name),
    })),
    bare(graph),
  );
}

/** The URN of the only resource of that name. */
export function urnOf(graph: Graph, name: string): string {
  const found = graph.resources.filter((each) => each.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${String(found.length)} resources are named ${name}`);
  return only.urn;
}

function changed(graph: DraftGraph, name: string, change: (literal: Literal) => Literal): DraftGraph {
  const target = literalOf(graph, name);
  return designFrom(
    graph.literals.map((literal) => (literal === target ? change(literal) : literal)),
    bare(graph),
  );
}

function bare({ source, project, stack, outputs }: Graph): Omit<Graph, "resources"> {
  return { source, project, stack, outputs };
}

function literalOf(graph: DraftGraph, nameOrUrn: string): Literal {
  const compiler = new Compiler(graph, withDefaults(graph.literals));
  const found = graph.literals.filter((each) => each.name === nameOrUrn || compiler.urn(each) === nameOrUrn);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`${String(found.length)} literals are named ${nameOrUrn}`);
  return only;
}

const STACK = "pulumi:pulumi:Stack";

/** The literals with the stack and with a default provider for each package that is used without an explicit one. */
function withDefaults(literals: readonly Literal[]): Literal[] {
  const packages = new Set(literals.flatMap((each) => (usesDefaultProvider(each) ? [packageOf(each.type)] : [])));
  return [
    ...literals,
    resource(STACK, "exchange-prod"),
    ...[...packages].map((name) => resource(`pulumi:providers:${name}`, "default")),
  ];
}

function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

function usesDefaultProvider({ type, provider }: Literal): boolean {
  return provider === undefined && !["pulumi", "twodoor"].includes(packageOf(type));
}

/** Writes literals down as a recorder would. */
class Compiler {
  private readonly byName = new Map<string, Literal>();
  private readonly referred = new Map<string, Set<string>>();
  private readonly graph: Omit<Graph, "resources">;

  constructor(graph: Omit<Graph, "resources">, literals: readonly Literal[]) {
    this.graph = graph;
    for (const literal of literals) if (literal.name !== "default") this.byName.set(literal.name, literal);
    for (const { inputs } of literals) this.noteReferences(inputs);
  }

  urn(literal: Literal): string {
    const types = [literal.type];
    for (let at = this.parentOf(literal); at !== undefined; at = this.parentOf(at)) types.unshift(at.type);
    return `urn:pulumi:${this.graph.stack}::${this.graph.project}::${types.join("$")}::${literal.name}`;
  }

  resource(literal: Literal, place: number): Resource {
    const notes = new Map<string, Set<string>>();
    const inputs: JsonObject = {};
    for (const [key, value] of Object.entries(literal.inputs)) inputs[key] = this.write(value, key, notes);
    const isState = this.graph.source === GraphSource.State;
    const dependsOn = literal.dependsOn.map((name) => this.urn(this.named(name)));
    return {
      urn: this.urn(literal),
      type: literal.type,
      name: literal.name,
      parent: this.parentUrn(literal),
      provider: this.providerUrn(literal),
      id: isState && literal.type !== STACK ? this.text(literal, "id") : (literal.id ?? null),
      inputs,
      outputs: isState ? { ...inputs, ...this.answersOf(literal) } : literal.outputs,
      dependencies: [...new Set([...dependsOn, ...[...notes.values()].flatMap((urns) => [...urns])])].sort(),
      propertyDependencies: grouped(notes, (path) => /^[^.[]+/.exec(path)?.[0]),
      references: isState ? {} : grouped(notes, (path) => (/[.[]/.test(path) ? path : undefined)),
      isProtected: literal.isProtected,
      isExternal: literal.isExternal,
      location: literal.type.startsWith("pulumi:") ? null : { file: "main.ts", line: place + 1 },
    };
  }

  private named(name: string): Literal {
    const found = this.byName.get(name);
    if (found === undefined) throw new Error(`nothing is named ${name}`);
    return found;
  }

  private parentOf(literal: Literal): Literal | undefined {
    return literal.parent === undefined ? undefined : this.named(literal.parent);
  }

  private parentUrn(literal: Literal): string | null {
    if (literal.type === STACK || literal.type.startsWith("pulumi:providers:")) return null;
    return this.urn(this.parentOf(literal) ?? this.named("exchange-prod"));
  }

  private providerUrn(literal: Literal): string | null {
    if (literal.provider !== undefined) return this.urn(this.named(literal.provider));
    if (!usesDefaultProvider(literal)) return null;
    return this.urn(resource(`pulumi:providers:${packageOf(literal.type)}`, "default"));
  }

  /** The value as recorded, with the URNs that it depends on noted under its path. */
  private write(value: Draft, path: string, notes: Map<string, Set<string>>): Json {
    if (Array.isArray(value)) return value.map((item, place) => this.write(item, `${path}[${String(place)}]`, notes));
    if (value instanceof Later) {
      const urns = namesIn(value).map((name) => this.urn(this.named(name)));
      if (urns.length > 0) notes.set(path, new Set(urns));
      return this.resolve(value) ?? unknownValue;
    }
    if (!isMap(value)) return value;
    const written: JsonObject = {};
    for (const [key, inner] of Object.entries(value)) written[key] = this.write(inner, `${path}.${key}`, notes);
    return written;
  }

  /** The text, or nothing where it is not known yet. */
  private resolve({ parts, json: inner }: Later): string | undefined {
    if (inner !== undefined) {
      const text = JSON.stringify(this.write(inner, "", new Map()));
      return text.includes(unknownValue) ? undefined : text;
    }
    const texts = parts.map((part) => (typeof part === "string" ? part : this.property(part)));
    return texts.includes(undefined) ? undefined : texts.join("");
  }

  private property({ name, property }: { name: string; property: string }): string | undefined {
    const target = this.named(name);
    const given = Object.hasOwn(target.inputs, property) ? target.inputs[property] : undefined;
    if (typeof given === "string" && given !== unknownValue) return given;
    return this.graph.source === GraphSource.State ? this.text(target, property) : undefined;
  }

  /** What a cloud would answer: what the literal says, otherwise a text of the right form. */
  private text(literal: Literal, property: string): string {
    const answered = own(literal.answers, property);
    if (typeof answered === "string") return answered;
    if (property === "id") return literal.id ?? `${literal.name}-id`;
    const { region } = literal.inputs;
    if (property !== "arn") return `${literal.name}.${property}`;
    const service = literal.type.split(":")[1]?.split("/")[0] ?? "";
    return `arn:aws:${service}:${typeof region === "string" ? region : ""}:123456789012:${literal.name}`;
  }

  private answersOf(literal: Literal): JsonObject {
    const referred = [...(this.referred.get(literal.name) ?? [])].map((property) => [
      property,
      this.property({ name: literal.name, property }) ?? "",
    ]);
    return { ...Object.fromEntries(referred), ...literal.outputs, ...literal.answers } as JsonObject;
  }

  private noteReferences(value: Draft): void {
    if (value instanceof Later) {
      if (value.json !== undefined) this.noteReferences(value.json);
      for (const part of value.parts) {
        if (typeof part === "string") continue;
        const known = this.referred.get(part.name) ?? new Set<string>();
        this.referred.set(part.name, known.add(part.property));
      }
      return;
    }
    const inner = Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [];
    for (const item of inner) this.noteReferences(item);
  }
}

function namesIn(value: Draft): string[] {
  if (value instanceof Later) {
    const inner = value.json === undefined ? [] : namesIn(value.json);
    return [...new Set([...inner, ...value.parts.flatMap((part) => (typeof part === "string" ? [] : [part.name]))])];
  }
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return isMap(value) ? Object.values(value).flatMap(namesIn) : [];
}

function isMap(value: Draft | undefined): value is { [key: string]: Draft } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Later);
}

function grouped(
  notes: ReadonlyMap<string, ReadonlySet<string>>,
  keyOf: (path: string) => string | undefined,
): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [path, urns] of notes) {
    const key = keyOf(path);
    if (key !== undefined) groups[key] = [...new Set([...(groups[key] ?? []), ...urns])].sort();
  }
  return groups;
}

function set(at: Draft | undefined, path: (string | number)[], value: Draft | undefined): Draft | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = Array.isArray(at) ? [...at] : [];
    const next = set(items[step], rest, value);
    if (next === undefined) items.splice(step, 1);
    else items[step] = next;
    return items;
  }
  if (at !== undefined && at !== null && !isMap(at))
    throw new Error(`${step} is looked for in something that is no object`);
  const entries = Object.entries(at ?? {}).filter(([key]) => key !== step);
  const next = set(isMap(at) && Object.hasOwn(at, step) ? at[step] : undefined, rest, value);
  return Object.fromEntries(next === undefined ? entries : [...entries, [step, next]]);
}

/** The value without what names a resource; nothing where it is itself such a text. */
function pruned(value: Draft, name: string): Draft | undefined {
  if (value instanceof Later) {
    const inner = value.json === undefined ? undefined : pruned(value.json, name);
    if (inner !== undefined) return json(inner);
    return namesIn(value).includes(name) ? undefined : value;
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const kept = pruned(item, name);
      const lost = isMap(item) && isMap(kept) && Object.keys(kept).length < Object.keys(item).length;
      return kept === undefined || lost ? [] : [kept];
    });
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const kept = pruned(inner, name);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}
