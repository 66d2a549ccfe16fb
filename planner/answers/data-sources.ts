import { givenAnswer } from "./answers";
import { builtInAnswer, type BuiltInAnswer } from "./built-in";
import type { AskedCall, DataSourceCall } from "./data-source-call";
import type { Deployment } from "../deployment";
import { containsUnknown, placeholderAnswer } from "./placeholder-answers";
import type { AnsweredBy } from "../plan-types";
import { packageOf, providerUrn } from "../urn";
import { asSecret, isObject, mapValues, type Json, type JsonObject } from "../../resilience/values";
import { plain, secretStrings } from "../wire";

/**
 * What a data source answers: what the caller said, else what follows from the call and its provider's settings, else what the SDK
 * declares. Fields that the SDK declares as always there and the answer lacks are made up, as a cloud would never leave them out.
 */
export function answerTo(
  deployment: Deployment,
  asked: Pick<AskedCall, "token" | "args" | "provider" | "frames">,
): JsonObject {
  const { answers, declarations, madeUp, secrets } = deployment;
  const call: DataSourceCall = {
    token: asked.token,
    args: mapValues(asked.args, plain),
    providerInputs: mapValues(deployment.resources.get(providerUrn(asked.provider))?.inputs ?? {}, plain),
  };
  const isUnknown = containsUnknown(call.args);
  const given = isUnknown ? undefined : givenAnswer(answers, call);
  const settled = settledFields(call);
  const invented = new Set<string | number>();
  const builtIn = isUnknown ? undefined : builtInAnswer(call, invented);
  deployment.asked.push({
    ...asked,
    answeredBy: answeredBy(isUnknown, given, builtIn),
    builtIn: builtIn?.result ?? {},
    settled,
    invented,
  });
  const known = { ...settled, ...builtIn?.result, ...given };
  const filling = without(
    { ...placeholderAnswer(call, known, declarations, invented), ...builtIn?.result },
    given ?? {},
  );
  // What the caller gave is known, even where we would have made up the same.
  const used = JSON.stringify(filling);
  for (const value of invented) if (used.includes(JSON.stringify(value).replace(/^"|"$/g, ""))) madeUp.add(value);
  noteSecrets(deployment, given ?? {});
  for (const secret of secretStrings(asked.args)) secrets.add(secret);
  for (const secret of secretStrings(filling)) secrets.add(secret);
  return { ...filling, ...given };
}

/**
 * Takes note of what the caller marked as secret. A secret text may be JSON (a login of a secrets manager), of which programs use the
 * parts: those whose names say that they are secret are. (A user's name or an engine would blot out what everybody may know.)
 */
export function noteSecrets({ secrets, givenSecrets }: Deployment, given: JsonObject): void {
  for (const secret of secretStrings(given)) {
    for (const part of [secret, ...partsOf(secret)]) {
      secrets.add(part);
      givenSecrets.add(part);
    }
  }
}

function partsOf(text: string): string[] {
  if (!/^\s*\{/.test(text)) return [];
  let content: Json;
  try {
    content = JSON.parse(text) as Json;
  } catch {
    return [];
  }
  const named = Object.entries(isObject(content) ? content : {}).filter(([key]) => secretName.test(key));
  return named.flatMap(([, value]) => secretStrings(asSecret(value)));
}

const secretName = /pass|secret|token|key|credential/i;

const repeatedSettings: Record<string, string> = { aws: "region", gcp: "project" };

/**
 * What results repeat: each argument under its own name; the region that AWS's provider uses (`region` of every regional data source
 * since version 7); the project that Google's provider uses.
 */
function settledFields({ token, args, providerInputs }: DataSourceCall): JsonObject {
  const setting = repeatedSettings[packageOf(token)];
  const used = setting === undefined ? undefined : providerInputs[setting];
  const own = typeof used === "string" && used !== "" && setting !== undefined ? { [setting]: used } : {};
  const known = Object.entries({ ...own, ...args }).filter(([, value]) => !containsUnknown(value));
  return Object.fromEntries(known);
}

function answeredBy(isUnknown: boolean, given: JsonObject | undefined, builtIn: BuiltInAnswer | undefined): AnsweredBy {
  if (isUnknown) return "unknown";
  if (given !== undefined) return "file";
  return builtIn === undefined || builtIn.isGuess ? "nobody" : "twodoor";
}

function without(value: JsonObject, taken: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !Object.hasOwn(taken, key)));
}
