import { known, mapFact, Reason, unknown, type Fact } from "./fact";
import type { Resource } from "./graph";
import { isObject, isSecret, own, unknownValue, type Json, type JsonObject } from "./values";

/** A value that is there: null and nothing are the same to a reader. */
export type Present = Exclude<Json, null>;

/**
 * Reads of single properties, each with three results: the value, nothing there (`undefined`), or not known. What a provider
 * fills in by default is not applied here: whoever reads knows the default and its source.
 *
 * What the program wrote counts before what the cloud answered, since only the former is the design. A path is
 * `healthCheck.path` or `origins[0].address`.
 */
export function property(resource: Resource, path: string): Fact<Present | undefined> {
  const [first = "", ...rest] = segments(path);
  const written = own(resource.inputs, String(first));
  const asked = written === undefined ? undefined : descend(resource.urn, path, written, rest);
  if (asked !== undefined && (asked.known || asked.why !== Reason.Later)) return asked;
  const answered = own(resource.outputs, String(first));
  if (answered === undefined) return asked ?? known(undefined);
  const output = descend(resource.urn, path, answered, rest);
  // A provider writes "" where nothing is set; what the program itself left empty stays empty.
  if (asked === undefined && output.known && output.value === "") return known(undefined);
  return output;
}

/** A text. Numbers and booleans that were written as text by the engine are not turned back. */
export function text(resource: Resource, path: string): Fact<string | undefined> {
  return typed(resource, path, (value): value is string => typeof value === "string");
}

/** A number; a text of digits counts as one, since several providers take both. */
export function number(resource: Resource, path: string): Fact<number | undefined> {
  const fact = property(resource, path);
  if (!fact.known || fact.value === undefined) return mapFact(fact, () => undefined);
  if (typeof fact.value === "number" && Number.isFinite(fact.value)) return known(fact.value);
  if (typeof fact.value === "string" && /^-?\d+(?:\.\d+)?$/.test(fact.value)) return known(Number(fact.value));
  return unknown(resource.urn, path, Reason.Malformed);
}

/** A boolean; `"true"` and `"false"` count, since provider arguments arrive as text. */
export function boolean(resource: Resource, path: string): Fact<boolean | undefined> {
  const fact = property(resource, path);
  if (!fact.known || fact.value === undefined) return mapFact(fact, () => undefined);
  if (typeof fact.value === "boolean") return known(fact.value);
  if (fact.value === "true" || fact.value === "false") return known(fact.value === "true");
  return unknown(resource.urn, path, Reason.Malformed);
}

/** A list with its elements as they stand, unknown ones among them; absent and null are an empty list. */
export function list(resource: Resource, path: string): Fact<Json[]> {
  return mapFact(
    typed(resource, path, (value): value is Json[] => Array.isArray(value)),
    (value) => value ?? [],
  );
}

/** A list of texts, each element a fact of its own; absent is an empty list. */
export function texts(resource: Resource, path: string): Fact<Fact<string>[]> {
  return mapFact(list(resource, path), (items) =>
    items.map((_, index) => {
      const element = `${path}[${String(index)}]`;
      const fact = text(resource, element);
      if (!fact.known) return fact;
      return fact.value === undefined ? unknown(resource.urn, element, Reason.Malformed) : known(fact.value);
    }),
  );
}

/** The number of elements of a list; absent is 0. */
export function count(resource: Resource, path: string): Fact<number> {
  return mapFact(list(resource, path), (items) => items.length);
}

/** A map or object as it stands; absent is an empty one. */
export function object(resource: Resource, path: string): Fact<JsonObject> {
  return mapFact(typed(resource, path, isObject), (value) => value ?? {});
}

function typed<T extends Json>(
  resource: Resource,
  path: string,
  isType: (value: Json) => value is T,
): Fact<T | undefined> {
  const fact = property(resource, path);
  if (!fact.known || fact.value === undefined) return mapFact(fact, () => undefined);
  return isType(fact.value) ? known(fact.value) : unknown(resource.urn, path, Reason.Malformed);
}

function descend(urn: string, path: string, start: Json, steps: (string | number)[]): Fact<Present | undefined> {
  let value: Json | undefined = start;
  for (const step of [...steps, undefined]) {
    if (value === unknownValue) return unknown(urn, path, Reason.Later);
    if (isSecret(value)) return unknown(urn, path, Reason.Secret);
    if (step === undefined || value === undefined || value === null) break;
    if (typeof step === "number") value = Array.isArray(value) ? value[step] : undefined;
    else if (isObject(value)) value = own(value, step);
    else return unknown(urn, path, Reason.Malformed);
  }
  return known(value ?? undefined);
}

/** The steps of a path: `origins[0].address` is `origins`, 0, `address`. */
export function segments(path: string): (string | number)[] {
  if (!/[.[]/.test(path)) return path === "" ? [] : [path];
  return path
    .split(/\.|(?=\[)/)
    .map((step) => (/^\[\d+\]$/.test(step) ? Number(step.slice(1, -1)) : step))
    .filter((step) => step !== "");
}
