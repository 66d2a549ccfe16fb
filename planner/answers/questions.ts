import type { OutputRead } from "../program/ending";
import { stackReferenceType, type AskedCall } from "./data-source-call";
import type { Deployment } from "../deployment";
import type { DeclaredField, DeclaredType } from "./declared-types";
import type { Declarations } from "./declarations";
import { holdsAny, shownObject } from "../engine/invokes";
import { containsUnknown } from "./placeholder-answers";
import type { Question } from "../plan-types";
import { withoutSecrets } from "../secret-texts";
import { isObject, isSecret, mapValues, type Json, type JsonObject } from "../../resilience/values";
import { plain, presentable } from "../wire";

/**
 * Every call that an answer from the caller would make better: those without an answer, and those in whose answer something is made up.
 *
 * @param outputs - outputs of other stacks that the program read.
 */
export function questionsOf(
  { asked, madeUp, declarations, secrets }: Deployment,
  outputs: readonly OutputRead[] = [],
): Question[] {
  const questions = new Map<string, Question>();
  const read = outputs.map(({ stack, name }): OutputRead => ({ stack, name: withoutSecrets(name, secrets) }));
  for (const call of asked) {
    if (call.answeredBy !== "nobody" && call.answeredBy !== "twodoor") continue;
    const fields = call.answeredBy === "nobody" ? openFields(call, declarations, read) : madeUpFields(call);
    if (Object.keys(fields).length === 0) continue;
    const question: Question = {
      token: call.token,
      ...openArgs(call.args, secrets),
      fields,
      isMadeUp: call.answeredBy === "twodoor",
      isDerived: containsUnknown(shownObject(call.args, madeUp)),
    };
    questions.set(JSON.stringify([question.token, question.args]), question);
  }
  return [...questions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, question]) => question);
}

/** What a result without an answer has, by the SDK's declaration. What the call and its provider say is not asked again. */
function openFields(
  { token, args, settled, builtIn, invented }: AskedCall,
  declarations: Declarations,
  outputs: readonly OutputRead[],
): JsonObject {
  if (token === stackReferenceType) {
    const names = outputs.filter(({ stack }) => stack === args["name"]).map(({ name }) => name);
    if (names.length === 0) return { outputs: "? the stack's outputs by name, such as { vpcId: vpc-1 }" };
    return { outputs: Object.fromEntries(names.sort().map((name) => [name, "? output"])) };
  }
  const known = without(builtIn, madeUpKeys(builtIn, invented));
  const fields = declarations
    .resultFields(token)
    .filter(({ name, optional }) => !optional && !Object.hasOwn({ ...settled, ...known }, name))
    .map(({ name, type }): [string, string] => [name, `? ${typeText(token, declarations, type, 0)}`]);
  return fields.length === 0 ? { "?": "? the fields that the program reads, by name" } : Object.fromEntries(fields);
}

/** What Twodoor invented, so that a person can correct it. A secret is asked for, not shown. */
function madeUpFields({ builtIn, invented }: AskedCall): Record<string, string> {
  return Object.fromEntries(
    madeUpKeys(builtIn, invented).map((name): [string, string] => {
      const value = builtIn[name] ?? null;
      if (containsSecret(value)) return [name, "? string, a secret"];
      return [name, `? ${typeof value === "string" ? value : JSON.stringify(value)}`];
    }),
  );
}

function madeUpKeys(answer: JsonObject, invented: ReadonlySet<string | number>): string[] {
  return Object.keys(answer).filter((key) => containsUnknown(presentable(plain(answer[key] ?? null), invented)));
}

function without(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** Characters of an object's type: a line has to be read. */
const longestType = 120;

/** `{ id: string, tags: { [key]: string } }[]`: two levels. */
function typeText(token: string, declarations: Declarations, type: DeclaredType, depth: number): string {
  const known = declarations.resolved(token, type);
  switch (known.kind) {
    case "list":
      return `${typeText(token, declarations, known.item, depth)}[]`;
    case "map":
      return `{ [key]: ${typeText(token, declarations, known.item, depth)} }`;
    case "object": {
      if (depth > 0) return "{ … }";
      const text = known.fields.map((field) => fieldText(token, declarations, field)).join(", ");
      return text.length <= longestType ? `{ ${text} }` : `{ ${text.slice(0, longestType).replace(/,[^,]*$/, "")}, … }`;
    }
    default:
      return known.kind;
  }
}

function fieldText(token: string, declarations: Declarations, { name, optional, type }: DeclaredField): string {
  return `${name}${optional ? "?" : ""}: ${typeText(token, declarations, type, 1)}`;
}

/** Arguments that somebody may read: what a secret is in is left out, so that the answer is for whatever it is. */
function openArgs(args: JsonObject, secrets: ReadonlySet<string>): Pick<Question, "args" | "secretArgs"> {
  const isClosed = ([name, value]: [string, Json]): boolean =>
    containsSecret(value) || holdsAny(value, secrets) || holdsAny(name, secrets);
  const entries = Object.entries(args);
  const open = Object.fromEntries(entries.filter((entry) => !isClosed(entry)));
  const names = entries.filter(isClosed).map(([name]) => withoutSecrets(name, secrets));
  return { args: sorted(mapValues(open, plain)), secretArgs: names.sort() };
}

function containsSecret(value: Json): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  return isSecret(value) || (isObject(value) && Object.values(value).some(containsSecret));
}

function sorted(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
