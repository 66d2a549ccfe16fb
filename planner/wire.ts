/**
 * Values as Pulumi's protocol carries them: JSON in which a few marked objects stand for secrets, outputs and references to
 * resources, and one string stands for "not known yet".
 *
 * The markers are the SDK's own (`runtime/rpc.js` of `@pulumi/pulumi`); they are repeated here because loading that module
 * starts the whole SDK.
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** The key that marks an object as one of the special ones. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
/** The signature of a secret. Its value is under `value`. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** The signature of a reference to another resource. */
export const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
/** The signature of an output with its dependencies; without `value` it is not known. */
export const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** The string that stands for a value which is known only after an update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What a plan shows in place of a secret's value. */
export const hidden = "[secret]";

/** Whether the value is an object or a map, and not a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a secret's wrapper. */
export function isSecret(value: Json | undefined): boolean {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** The value as a secret. A secret stays as it is. */
export function asSecret(value: Json): Json {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** The value without secret and output wrappers, as a data source's answer may be computed from it. A reference becomes its URN. */
export function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const signature = value[signatureKey];
  if (signature === secretSignature) return plain(value["value"] ?? null);
  if (signature === outputSignature) return value["value"] === undefined ? unknownValue : plain(value["value"]);
  if (signature === resourceSignature) return value["urn"] ?? null;
  return mapValues(value, plain);
}

/** The value with secrets and unknowns as outputs: the form in which the engine hands properties to a program's transforms. */
export function toOutputs(value: Json): Json {
  if (value === unknownValue) return { [signatureKey]: outputSignature };
  if (Array.isArray(value)) return value.map(toOutputs);
  if (!isObject(value)) return value;
  if (isSecret(value)) {
    const inner = value["value"] ?? null;
    return { [signatureKey]: outputSignature, ...(inner === unknownValue ? {} : { value: inner }), secret: true };
  }
  return mapValues(value, toOutputs);
}

/**
 * The reverse of {@link toOutputs}: outputs become secrets, unknowns or plain values.
 *
 * @param dependencies - receives the URNs that the outputs depend on.
 */
export function fromOutputs(value: Json, dependencies: Set<string>): Json {
  if (Array.isArray(value)) return value.map((item) => fromOutputs(item, dependencies));
  if (!isObject(value)) return value;
  if (value[signatureKey] === outputSignature) {
    const urns = value["dependencies"];
    if (Array.isArray(urns)) for (const urn of urns) if (typeof urn === "string") dependencies.add(urn);
    const inner = value["value"] === undefined ? unknownValue : fromOutputs(value["value"], dependencies);
    return value["secret"] === true ? asSecret(inner) : inner;
  }
  return mapValues(value, (item) => fromOutputs(item, dependencies));
}

/**
 * The value as a plan shows it: a secret keeps its wrapper and loses its value, and whatever contains a made-up value is unknown.
 *
 * @param madeUp - strings and numbers that were invented to let the program run; see `Deployment.madeUp`.
 */
export function presentable(value: Json, madeUp: ReadonlySet<string | number>): Json {
  if (typeof value === "number") return madeUp.has(value) ? unknownValue : value;
  if (typeof value === "string") {
    for (const invented of madeUp) if (typeof invented === "string" && value.includes(invented)) return unknownValue;
    return value;
  }
  if (Array.isArray(value)) return value.map((item) => presentable(item, madeUp));
  if (!isObject(value)) return value;
  if (isSecret(value)) return { [signatureKey]: secretSignature, value: hidden };
  const shown: JsonObject = {};
  for (const key of Object.keys(value).sort()) shown[key] = presentable(value[key] ?? null, madeUp);
  return shown;
}

/** Whether a secret is long enough to be taken out of what is printed: shorter ones would blot out half of every message. */
export function isHideable(secret: string): boolean {
  return secret.length >= 6;
}

/** Every string that stands in a secret anywhere in the value and can be hidden. */
export function secretStrings(value: Json, inside = false): string[] {
  if (typeof value === "string") return inside && isHideable(value) && value !== unknownValue ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretStrings(item, inside));
  if (!isObject(value)) return [];
  const within = inside || isSecret(value) || value["secret"] === true;
  return Object.entries(value).flatMap(([key, item]) => (key === signatureKey ? [] : secretStrings(item, within)));
}

function mapValues(value: JsonObject, change: (item: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
