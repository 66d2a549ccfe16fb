import { secretsKey } from "../program/preload";
import { asSecret, isObject, type Json, type JsonObject } from "../../resilience/values";

/** The way to a part of a value: names of properties and positions in lists. */
export type Place = readonly (string | number)[];

/** What a call is asked, and which parts of it were secrets in the program: the code that runs before it tells (`preload/secrets.cjs`). */
export function toldSecrets(sent: JsonObject): { args: JsonObject; places: Place[] } {
  const { [secretsKey]: told, ...args } = sent;
  const places = Array.isArray(told) ? told.map((place) => (Array.isArray(place) ? place.filter(isStep) : [])) : [];
  return { args, places };
}

/** The arguments with these parts as secrets. What a transform has taken away is left out. */
export function withSecrets(args: JsonObject, places: readonly Place[]): JsonObject {
  let marked: Json = args;
  for (const place of places) marked = place.length === 0 ? allSecret(marked) : secretAt(marked, place);
  return isObject(marked) ? marked : args;
}

function allSecret(value: Json): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]): [string, Json] => [key, asSecret(item)]));
}

function secretAt(value: Json, place: Place): Json {
  const [step, ...rest] = place;
  if (step === undefined) return asSecret(value);
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? secretAt(item, rest) : item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]): [string, Json] => [key, key === step ? secretAt(item, rest) : item]),
  );
}

function isStep(step: Json): step is string | number {
  return typeof step === "string" || typeof step === "number";
}
