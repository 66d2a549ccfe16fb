import {
  hidden,
  isObject,
  isSecret,
  secretSignature,
  signatureKey,
  unknownValue,
  type Json,
  type JsonObject,
} from "../values";

/** Type tokens of providers begin with it. */
const PROVIDER_TYPE = "pulumi:providers:";

/**
 * Properties as every graph holds them, whoever recorded them: secrets keep their wrapper and lose their value, what bridged providers
 * keep for themselves (`__defaults`, `__meta`, `__internal`) is left out, and a provider's lists and objects, which the SDK writes as JSON
 * text (`ProviderResource` of `@pulumi/pulumi`), are lists and objects again. Keys are sorted.
 */
export function recorded(type: string, properties: JsonObject): JsonObject {
  const isProvider = type.startsWith(PROVIDER_TYPE);
  return Object.fromEntries(
    entriesOf(properties)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, value]): [string, Json] => [key, shown(isProvider ? structured(value) : value)]),
  );
}

function shown(value: Json): Json {
  if (Array.isArray(value)) return value.map(shown);
  if (!isObject(value)) return value === hidden ? SECRET : value;
  if (isSecret(value)) return value["value"] === unknownValue ? unknownValue : SECRET;
  return Object.fromEntries(
    entriesOf(value)
      .filter(([key]) => key !== "__defaults")
      .map(([key, item]): [string, Json] => [key, shown(item)]),
  );
}

/** The CLI's own reports write the bare text; in a graph a secret has one form. */
const SECRET: JsonObject = { [signatureKey]: secretSignature, value: hidden };

function structured(value: Json): Json {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function entriesOf(object: JsonObject): [string, Json][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Lists of URNs by name, each sorted and without repetition; names without one are left out. */
export function sortedUrns(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(lists)
      .filter(([, urns]) => urns.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, urns]) => [key, [...new Set(urns)].sort()]),
  );
}
