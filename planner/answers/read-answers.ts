import { givenAnswer, givenOutputs } from "./answers";
import { stackReferenceType, type AskedCall } from "./data-source-call";
import { noteSecrets } from "./data-sources";
import type { Deployment } from "../deployment";
import { containsUnknown } from "./placeholder-answers";
import { isObject, isSecret, mapValues, type Json, type JsonObject } from "../../resilience/values";
import { plain, secretStrings } from "../wire";

/**
 * What a read of something that belongs to somebody else answers: what the caller said, and nothing else. What is missing is unknown to
 * the program, since only whoever holds it could tell.
 *
 * @param read - `args` holds the `id` and the properties that the program gave.
 */
export function answerRead(
  deployment: Deployment,
  read: Pick<AskedCall, "token" | "args" | "provider" | "frames">,
): JsonObject {
  const args = mapValues(read.args, plain);
  const isUnknown = containsUnknown(args);
  const find = read.token === stackReferenceType ? givenOutputs : givenAnswer;
  const given = isUnknown ? undefined : find(deployment.answers, { token: read.token, args, providerInputs: {} });
  deployment.asked.push({
    ...read,
    answeredBy: isUnknown ? "unknown" : given === undefined ? "nobody" : "file",
    builtIn: {},
    settled: {},
    invented: new Set(),
  });
  for (const secret of secretStrings(read.args)) deployment.secrets.add(secret);
  if (given === undefined) return {};
  noteSecrets(deployment, given);
  return read.token === stackReferenceType ? withSecretNames(given) : given;
}

/**
 * Another stack's outputs with the names of those that are secret, which the engine adds: the SDK decides by them which output is a
 * secret (`stackReference.js`), and takes every output for one where a secret is among them and no names are given.
 */
function withSecretNames(answer: JsonObject): JsonObject {
  const { outputs } = answer;
  if (answer["secretOutputNames"] !== undefined || !isObject(outputs)) return answer;
  const names = Object.keys(outputs).filter((name) => containsSecret(outputs[name]));
  return { ...answer, secretOutputNames: names.sort() };
}

function containsSecret(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  return isSecret(value) || (isObject(value) && Object.values(value).some(containsSecret));
}
