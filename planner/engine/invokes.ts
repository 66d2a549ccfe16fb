import type { Deployment } from "../deployment";
import { locate } from "../location";
import type { Invoke, UnansweredCall } from "../plan-types";
import { asSecret, isObject, isSecret, type Json, type JsonObject } from "../../resilience/values";
import { withoutSecrets } from "../secret-texts";
import { presentable } from "../wire";

/**
 * Calls as the plan shows them: sorted, since data sources are called in the order in which their arguments happen to be ready, and each
 * once. The first place in that order stands for all from which the same was asked.
 *
 * @param root - directory from which locations are told.
 */
export function invokesOf({ asked, madeUp, secrets }: Deployment, root: string): Invoke[] {
  const calls = new Map<string, Invoke>();
  const sorted = asked
    .map(({ token, args, provider, answeredBy, frames }): Invoke => {
      const from = provider === "" ? null : provider;
      const shown = shownObject(args, madeUp, secrets);
      return { token, args: shown, provider: from, answeredBy, location: locate(frames, root) };
    })
    .map((call): [string, Invoke] => [JSON.stringify({ ...call, location: undefined }), call])
    .sort(([a, one], [b, other]) => compare(a, b) || compare(placeOf(one), placeOf(other)));
  for (const [key, call] of sorted) if (!calls.has(key)) calls.set(key, call);
  return [...calls.values()];
}

/** The calls that nobody had an answer for. */
export function unansweredIn(invokes: readonly Invoke[]): UnansweredCall[] {
  return invokes
    .filter(({ answeredBy }) => answeredBy === "nobody")
    .map(({ token, args, provider }) => ({ token, args, provider }));
}

/** Whether any string of the value holds one of these, names of properties included, or a number is one. */
export function holdsAny(value: Json, parts: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsAny(item, parts));
  if (isObject(value))
    return Object.entries(value).some(([key, item]) => holdsAny(key, parts) || holdsAny(item, parts));
  if (typeof value === "number") return parts.has(String(value));
  if (typeof value !== "string") return false;
  for (const part of parts) if (value.includes(part)) return true;
  return false;
}

/**
 * The object as a plan shows it: keys sorted, secrets hidden, what was made up unknown.
 *
 * @param secrets - texts that are secret wherever they stand: a program that takes them out of their outputs (every plain call of a data
 * source does) writes them in clear, and what holds one is shown as a secret.
 */
export function shownObject(
  value: JsonObject,
  madeUp: ReadonlySet<string | number>,
  secrets: ReadonlySet<string> = new Set(),
): JsonObject {
  const hidden = wrapped(value, secrets);
  if (!isObject(hidden)) return {};
  return Object.fromEntries(
    Object.keys(hidden)
      .sort()
      .map((key): [string, Json] => [key, presentable(hidden[key] ?? null, madeUp)]),
  );
}

function wrapped(value: Json, secrets: ReadonlySet<string>): Json {
  if (secrets.size === 0 || isSecret(value)) return value;
  if (Array.isArray(value)) return value.map((item) => wrapped(item, secrets));
  if (isObject(value)) {
    // A property whose name holds one is shown under another name.
    const entries = Object.entries(value).map(([key, item]): [string, Json] => [
      holdsAny(key, secrets) ? withoutSecrets(key, secrets) : key,
      wrapped(item, secrets),
    ]);
    return Object.fromEntries(entries);
  }
  return holdsAny(value, secrets) ? asSecret(value) : value;
}

function placeOf({ location }: Invoke): string {
  return location === null ? "" : `${location.file}:${String(location.line).padStart(9, "0")}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
