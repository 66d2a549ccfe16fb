/**
 * Values as Pulumi writes them down, wherever they come from: JSON in which a few marked objects stand for secrets, outputs and
 * references to resources, and one string stands for "not known yet".
 *
 * The markers are the SDK's own (`runtime/rpc.js` of `@pulumi/pulumi`); they stand here because loading that module starts the
 * whole SDK.
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** The key that marks an object as one of the special ones. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
/** The signature of a secret. Its value is under `value`, or encrypted under `ciphertext`. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** The signature of a reference to another resource. */
export const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
/** The signature of an output with its dependencies; without `value` it is not known. */
export const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** The string that stands for a value which is known only after an update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What is shown in place of a secret's value. */
export const hidden = "[secret]";

/** Whether the value is an object or a map, and not a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a secret's wrapper. */
export function isSecret(value: Json | undefined): boolean {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** What an object holds under a key of its own: `__proto__` and `constructor` are keys like any other, and absent unless written. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value as a secret. A secret stays as it is. */
export function asSecret(value: Json): Json {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** The object with `change` applied to each of its values. */
export function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
