import {
  asSecret,
  hidden,
  isObject,
  isSecret,
  mapValues,
  outputSignature,
  resourceSignature,
  secretSignature,
  signatureKey,
  unknownValue,
  type Json,
  type JsonObject,
} from "../resilience/values";

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
  // Newer SDKs mark as secret what is not known yet, too; whoever judges has to see that it is unknown.
  if (isSecret(value) && plain(value) === unknownValue) return unknownValue;
  if (isSecret(value)) return { [signatureKey]: secretSignature, value: hidden };
  const shown: JsonObject = {};
  for (const key of Object.keys(value).sort()) shown[key] = presentable(value[key] ?? null, madeUp);
  return shown;
}

/** Whether a secret is long enough to be taken out of what is printed: shorter ones would blot out half of every message. */
export function isHideable(secret: string): boolean {
  return secret.length >= 6;
}

/** Every string that stands in a secret anywhere in the value and can be hidden; numbers as they are written. */
export function secretStrings(value: Json, inside = false): string[] {
  if (typeof value === "number") return secretStrings(String(value), inside);
  if (typeof value === "string") return inside && isHideable(value) && value !== unknownValue ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretStrings(item, inside));
  if (!isObject(value)) return [];
  const within = inside || isSecret(value) || value["secret"] === true;
  return Object.entries(value).flatMap(([key, item]) => (key === signatureKey ? [] : secretStrings(item, within)));
}
