import { shown } from "../../components/sizing/issues";
import { givenOutputs, isAnswerFor, isOpen, secretKey } from "./answers";
import { stackReferenceType, type DataSourceCall } from "./data-source-call";
import type { Deployment } from "../deployment";
import type { DeclaredType } from "./declared-types";
import type { Declarations } from "./declarations";
import type { OutputRead } from "../program/ending";
import { shownObject } from "../engine/invokes";
import type { Answers } from "../plan-types";
import { withoutSecrets } from "../secret-texts";
import { isObject, mapValues, type Json, type JsonObject } from "../../resilience/values";
import { readable } from "./unanswered-error";
import { plain } from "../wire";

/** A call, and its arguments as a message may show them. */
interface MadeCall extends DataSourceCall {
  shown: string;
}

/**
 * Sentences about given answers that look like a mistake: nobody asked for them, the SDK declares another type, or an output is missing.
 * Sorted.
 *
 * @param outputs - outputs of other stacks that the program read.
 */
export function answerWarnings(
  { answers, asked, declarations, secrets }: Deployment,
  outputs: readonly OutputRead[] = [],
): string[] {
  const warnings = new Set(missingOutputs(answers, outputs));
  const calls = asked.map(({ token, args }): MadeCall => ({
    token,
    args: mapValues(args, plain),
    providerInputs: {},
    shown: JSON.stringify(shownObject(args, new Set(), secrets), readable),
  }));
  for (const [token, answer] of Object.entries(answers)) {
    const own = calls.filter((call) => call.token === token);
    if (own.length === 0) {
      warnings.add(`The answer for ${token} was not asked for.${likelyMeant(token, calls)}`);
      continue;
    }
    const items = Array.isArray(answer) ? answer : [{ args: {}, result: answer }];
    for (const { args, result } of items) {
      if (!own.some((call) => isAnswerFor(args, call))) {
        warnings.add(
          `The answer for ${token} with the args ${JSON.stringify(args)} was not asked for: the program asks with ${asks(own)}.`,
        );
      }
      for (const problem of mismatches(token, declarations, result)) warnings.add(problem);
    }
  }
  return [...warnings].map((warning) => withoutSecrets(warning, secrets)).sort();
}

/** Outputs that the program reads and the answers lack: it goes on with `undefined`. */
function missingOutputs(answers: Answers, outputs: readonly OutputRead[]): string[] {
  return outputs.flatMap(({ stack, name }) => {
    const args = { id: stack, name: stack };
    const given = givenOutputs(answers, { token: stackReferenceType, args, providerInputs: {} })?.["outputs"];
    if (!isObject(given) || Object.hasOwn(given, name)) return [];
    return [`The answer for ${stackReferenceType} ${stack} has no output ${name}, which the program reads.`];
  });
}

function asks(calls: readonly MadeCall[]): string {
  const all = [...new Set(calls.map(({ shown }) => shown))].sort();
  const others = all.length > 3 ? ` and ${String(all.length - 3)} more` : "";
  return `${all.slice(0, 3).join(", ")}${others}`;
}

/** The asked function with the same last name, written in another way: `aws:ec2:getVpc` for `aws:ec2/getVpc:getVpc`. */
function likelyMeant(token: string, calls: readonly DataSourceCall[]): string {
  const name = lastName(token);
  const meant = calls.find((call) => lastName(call.token) === name)?.token;
  return meant === undefined ? "" : ` The program asks for ${meant}.`;
}

function lastName(token: string): string {
  return (token.split(/[:/.]/).at(-1) ?? token).toLowerCase();
}

function mismatches(token: string, declarations: Declarations, result: JsonObject): string[] {
  return declarations.resultFields(token).flatMap(({ name, type }) => {
    const value = Object.hasOwn(result, name) ? result[name] : undefined;
    if (value === undefined || value === null || isOpen(value)) return [];
    const expected = mismatch(declarations.resolved(token, type), value);
    if (expected === undefined) return [];
    return [
      `The answer for ${token} has ${isWrapped(value) ? "a secret" : shown(value)} as ${name}, where the SDK declares ${expected}.`,
    ];
  });
}

function isWrapped(value: Json): value is JsonObject {
  return isObject(value) && Object.hasOwn(value, secretKey);
}

/** What is declared, where the value is something else. Looks at the outermost form alone. */
function mismatch(type: DeclaredType, value: Json): string | undefined {
  if (isWrapped(value)) return mismatch(type, value[secretKey] ?? null);
  switch (type.kind) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === type.kind ? undefined : `a ${type.kind}`;
    case "list":
      return Array.isArray(value) ? undefined : "a list";
    case "map":
    case "object":
      return isObject(value) ? undefined : "an object";
    default:
      return undefined;
  }
}
