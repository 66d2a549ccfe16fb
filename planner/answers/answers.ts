import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { shown, type Issue } from "../../components/sizing/issues";
import { stackReferenceType, type DataSourceCall } from "./data-source-call";
import type { Answer, Answers } from "../plan-types";
import { SettingsError } from "../project/settings-error";
import { asSecret, isObject, mapValues, type Json, type JsonObject } from "../../resilience/values";

/** How Pulumi's YAML programs write a secret, and our files too: `{ "fn::secret": value }`. */
export const secretKey = "fn::secret";

/**
 * Reads a file of answers, JSON or YAML: for each function either its result, or a list of `{ args, result }`. A read is answered by
 * the resource's type, with `id` among its args. A text that begins with `?` is a question that nobody has filled in yet, and
 * `{ "fn::secret": value }` is a secret.
 *
 * @param file - path as the person wrote it.
 */
export function readAnswers(file: string): Answers {
  const content = parsed(file) ?? {};
  if (!isObject(content)) throw new SettingsError([unusable(file, shown(content))]);
  const issues = Object.entries(content).flatMap(([token, answer]) => answerIssues(file, token, answer));
  if (issues.length > 0) throw new SettingsError(issues);
  const answers: Answers = {};
  for (const [token, answer] of Object.entries(content)) {
    if (isAnswer(answer)) answers[token] = answer;
  }
  return answers;
}

/** What the caller wants a data source to answer, if anything. Questions that are still open are left out. */
export function givenAnswer(answers: Answers, call: DataSourceCall): JsonObject | undefined {
  return resultsFor(answers, call)
    .map(filledIn)
    .find((result) => result !== undefined);
}

/** Results for a call as they are written, with what is open in them. */
function resultsFor(answers: Answers, call: DataSourceCall): JsonObject[] {
  const answer = Object.hasOwn(answers, call.token) ? answers[call.token] : undefined;
  if (answer === undefined) return [];
  if (!Array.isArray(answer)) return [answer];
  return answer.filter(({ args }) => isAnswerFor(args, call)).map(({ result }) => result);
}

/**
 * Another stack's outputs, if every one of them is filled in: an output that is left out does not exist for the program, and one that is
 * still open is not known.
 */
export function givenOutputs(answers: Answers, call: DataSourceCall): JsonObject | undefined {
  const whole = resultsFor(answers, call).find(
    ({ outputs }) => isObject(outputs) && !Object.values(outputs).some(isOpen),
  );
  return whole === undefined ? undefined : filledIn(whole);
}

/** Whether an answer with these args is for that call: every property stands in the call with the same value. */
export function isAnswerFor(args: JsonObject, call: DataSourceCall): boolean {
  return contains(call.args, args);
}

/** Whether a value is a question that nobody has filled in. */
export function isOpen(value: Json): boolean {
  return typeof value === "string" && /^\?(?:\s|$)/.test(value);
}

/** The result without its open questions, secrets in Pulumi's own wrapper. `undefined` where nothing else is in it. */
function filledIn(result: JsonObject): JsonObject | undefined {
  const filled = withoutOpen(result);
  if (!isObject(filled)) return undefined;
  return Object.keys(filled).length === 0 && Object.keys(result).length > 0 ? undefined : filled;
}

function withoutOpen(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => !isOpen(item)).map(withoutOpen);
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const secret = value[secretKey];
  if (keys.length === 1 && secret !== undefined) return asSecret(withoutOpen(secret));
  const filled = Object.entries(value).filter(
    ([, item]) => !isOpen(item) && !isOpen(isObject(item) ? (item[secretKey] ?? null) : null),
  );
  return mapValues(Object.fromEntries(filled), withoutOpen);
}

function parsed(file: string): Json {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new SettingsError([
      { path: file, expected: "a readable file", got: "nothing", fix: "name the file with the data sources' answers" },
    ]);
  }
  try {
    // YAML's core schema yields JSON values only.
    return parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
    throw new SettingsError([unusable(file, `text that is neither (${reason})`)]);
  }
}

function unusable(file: string, got: string): Issue {
  return {
    path: file,
    expected: "JSON or YAML with an object of answers by function token",
    got,
    fix: 'write, for example, {"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}}',
  };
}

function answerIssues(file: string, token: string, answer: Json): Issue[] {
  const path = `${file} ${token}`;
  if (!Array.isArray(answer)) {
    if (isObject(answer)) return resultIssues(path, token, answer);
    const expected = "an object, or a list of { args, result }";
    return [{ path, expected, got: shown(answer), fix: "give the result as the data source returns it" }];
  }
  return answer.flatMap((item, at) => itemIssues(`${path}[${String(at)}]`, token, item));
}

function itemIssues(path: string, token: string, item: Json): Issue[] {
  if (!isObject(item)) {
    const fix = "leave the list out if one answer is for every call";
    return [{ path, expected: "an object { args, result }", got: shown(item), fix }];
  }
  const fixes = {
    args: "name the arguments of the calls that it is for: {} is every call",
    result: "give the result as the data source returns it",
  };
  const missing = (["args", "result"] as const).filter((key) => !isObject(item[key]));
  if (missing.length === 0)
    return isObject(item["result"]) ? resultIssues(`${path} result`, token, item["result"]) : [];
  return missing.map((key) => {
    const value = item[key];
    return {
      path: `${path} ${key}`,
      expected: "an object",
      got: value === undefined ? "nothing" : shown(value),
      fix: fixes[key],
    };
  });
}

/** A stack's outputs stand under `outputs`: everything else would be lost without a word. */
function resultIssues(path: string, token: string, result: JsonObject): Issue[] {
  const outputs = result["outputs"];
  if (token !== stackReferenceType || isObject(outputs) || (outputs !== undefined && isOpen(outputs))) return [];
  const fix = 'write {"outputs": {"vpcId": "vpc-1"}}';
  return [
    {
      path: `${path} outputs`,
      expected: "an object of the stack's outputs by name",
      got: outputs === undefined ? "nothing" : shown(outputs),
      fix,
    },
  ];
}

function isAnswer(answer: Json | undefined): answer is Extract<Answer, Json> {
  if (!Array.isArray(answer)) return isObject(answer);
  return answer.every((item) => isObject(item) && isObject(item["args"]) && isObject(item["result"]));
}

/** Whether every property of `part` stands in `whole` with the same value. */
function contains(whole: JsonObject, part: JsonObject): boolean {
  return Object.entries(part).every(([key, value]) => same(whole[key], value));
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]));
  if (!isObject(a) || !isObject(b)) return a === b;
  return Object.keys(a).length === Object.keys(b).length && contains(a, b);
}
