/** A value as it travels between the engine and a provider: JSON, with Pulumi's sentinel for unknowns and its wrapper for secrets. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
/** The properties of a resource, by name. */
export type Properties = Record<string, Value>;

/** What the engine writes in the place of a value that a preview cannot know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What stands in the local world's files in the place of a secret. */
export const REDACTED = "[secret]";
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Whether `value` is an object: not a list, not null. */
export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` marked as a secret, so that the engine encrypts it in its state. */
export function secret(value: Value): Value {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** Whether `value` is a secret's wrapper. */
export function isSecret(value: Value | undefined): value is Properties {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** `value` with every secret's wrapper taken away, at any depth. */
export function unwrap(value: Value): Value {
  if (isSecret(value)) return unwrap(value["value"] ?? null);
  return mapChildren(value, unwrap);
}

/** `properties` with every secret's wrapper taken away, at any depth. */
export function unwrapAll(properties: Properties): Properties {
  return mapValues(properties, unwrap);
}

/** `value` with every secret replaced by `REDACTED`, at any depth. */
export function redact(value: Value): Value {
  return isSecret(value) ? REDACTED : mapChildren(value, redact);
}

/** Whether `REDACTED` stands in the place of a secret somewhere in `value`. */
export function containsRedacted(value: Value): boolean {
  return value === REDACTED || children(value).some(containsRedacted);
}

/** Whether `value` is unknown as a whole, or holds something unknown. */
export function containsUnknown(value: Value | undefined): boolean {
  return value === UNKNOWN || (value !== undefined && children(value).some(containsUnknown));
}

/** `properties` with `change` applied to each value. */
export function mapValues(properties: Properties, change: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, change(value)]));
}

/** A text that is equal for equal values, whatever the order of their names. */
export function canonical(value: Value | undefined): string {
  if (value === undefined || value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
    .join(",")}}`;
}

/** The value at a path such as `healthCheck.path` or `subnetMappings[0].subnetId`; undefined where there is none. */
export function at(properties: Properties, path: string): Value | undefined {
  let current: Value | undefined = properties;
  for (const step of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isObject(current)) current = current[step];
    else return undefined;
  }
  return current === null ? undefined : current;
}

/** The text at `path`; undefined where there is none, or where it is unknown. */
export function text(properties: Properties, path: string): string | undefined {
  const value = at(properties, path);
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

/** The number at `path`, also where it is written as a text (`"1024"`); undefined where there is none. */
export function number(properties: Properties, path: string): number | undefined {
  const value = at(properties, path);
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** The boolean at `path`, also where it is written as a text (`"true"`); undefined where there is none. */
export function boolean(properties: Properties, path: string): boolean | undefined {
  const value = at(properties, path);
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** The list at `path`; empty where there is none. */
export function list(properties: Properties, path: string): Value[] {
  const value = at(properties, path);
  return Array.isArray(value) ? value : [];
}

/** The known texts of the list at `path`. */
export function texts(properties: Properties, path: string): string[] {
  return list(properties, path).filter((item): item is string => typeof item === "string" && item !== UNKNOWN);
}

/** The objects of the list at `path`; a lone object counts as a list of one. */
export function objects(properties: Properties, path: string): Properties[] {
  const value = at(properties, path);
  return isObject(value) ? [value] : list(properties, path).filter(isObject);
}

function children(value: Value): Value[] {
  if (value === null || typeof value !== "object") return [];
  return Array.isArray(value) ? value : Object.values(value);
}

function mapChildren(value: Value, change: (child: Value) => Value): Value {
  if (Array.isArray(value)) return value.map(change);
  return isObject(value) ? mapValues(value, change) : value;
}
