import { hidden, isObject, isSecret, mapValues, unknownValue, type Json, type JsonObject } from "../resilience/values";

/** `value` with every secret's wrapper taken away, at any depth. */
export function unwrap(value: Json): Json {
  if (isObject(value) && isSecret(value)) return unwrap(value["value"] ?? null);
  return mapChildren(value, unwrap);
}

/** `properties` with every secret's wrapper taken away, at any depth. */
export function unwrapAll(properties: JsonObject): JsonObject {
  return mapValues(properties, unwrap);
}

/** `value` with every secret replaced by `hidden`, at any depth. */
export function redact(value: Json): Json {
  return isSecret(value) ? hidden : mapChildren(value, redact);
}

/** Whether `hidden` stands in the place of a secret somewhere in `value`. */
export function containsRedacted(value: Json): boolean {
  return value === hidden || children(value).some(containsRedacted);
}

/** Whether `value` is unknown as a whole, or holds something unknown. */
export function containsUnknown(value: Json | undefined): boolean {
  return value === unknownValue || (value !== undefined && children(value).some(containsUnknown));
}

/** A text that is equal for equal values, whatever the order of their names. */
export function canonical(value: Json | undefined): string {
  if (value === undefined || value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
    .join(",")}}`;
}

/** The value at a path such as `healthCheck.path` or `subnetMappings[0].subnetId`; undefined where there is none. */
export function at(properties: JsonObject, path: string): Json | undefined {
  let current: Json | undefined = properties;
  for (const step of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isObject(current)) current = current[step];
    else return undefined;
  }
  return current === null ? undefined : current;
}

/** The text at `path`; undefined where there is none, or where it is unknown. */
export function text(properties: JsonObject, path: string): string | undefined {
  const value = at(properties, path);
  return typeof value === "string" && value !== unknownValue ? value : undefined;
}

/** The number at `path`, also where it is written as a text (`"1024"`); undefined where there is none. */
export function number(properties: JsonObject, path: string): number | undefined {
  const value = at(properties, path);
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** The boolean at `path`, also where it is written as a text (`"true"`); undefined where there is none. */
export function boolean(properties: JsonObject, path: string): boolean | undefined {
  const value = at(properties, path);
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** The list at `path`; empty where there is none. */
export function list(properties: JsonObject, path: string): Json[] {
  const value = at(properties, path);
  return Array.isArray(value) ? value : [];
}

/** The known texts of the list at `path`. */
export function texts(properties: JsonObject, path: string): string[] {
  return list(properties, path).filter((item): item is string => typeof item === "string" && item !== unknownValue);
}

/** The objects of the list at `path`; a lone object counts as a list of one. */
export function objects(properties: JsonObject, path: string): JsonObject[] {
  const value = at(properties, path);
  return isObject(value) ? [value] : list(properties, path).filter(isObject);
}

function children(value: Json): Json[] {
  if (value === null || typeof value !== "object") return [];
  return Array.isArray(value) ? value : Object.values(value);
}

function mapChildren(value: Json, change: (child: Json) => Json): Json {
  if (Array.isArray(value)) return value.map(change);
  return isObject(value) ? mapValues(value, change) : value;
}
