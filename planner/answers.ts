import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { shown, type Issue } from "../components/sizing/issues";
import type { DataSourceCall } from "./data-source-call";
import type { Answer, Answers } from "./plan-types";
import { SettingsError } from "./settings-error";
import { isObject, type Json, type JsonObject } from "../resilience/values";

/**
 * Reads a file of answers, JSON or YAML: for each function either its result, or a list of `{ args, result }`.
 *
 * @param file - path as the person wrote it.
 */
export function readAnswers(file: string): Answers {
  const content = parsed(file);
  if (!isObject(content)) throw new SettingsError([unusable(file, shown(content))]);
  const issues = Object.entries(content).flatMap(([token, answer]) => answerIssues(`${file} ${token}`, answer));
  if (issues.length > 0) throw new SettingsError(issues);
  const answers: Answers = {};
  for (const [token, answer] of Object.entries(content)) {
    if (isAnswer(answer)) answers[token] = answer;
  }
  return answers;
}

/** What the caller wants a data source to answer, if anything. */
export function givenAnswer(answers: Answers, { token, args }: DataSourceCall): JsonObject | undefined {
  const answer = answers[token];
  if (!Array.isArray(answer)) return answer;
  return answer.find((candidate) => contains(args, candidate.args))?.result;
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
    return parse(text) as Json;
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

function answerIssues(path: string, answer: Json): Issue[] {
  if (isAnswer(answer)) return [];
  const expected = "an object, or a list of { args, result }";
  return [{ path, expected, got: shown(answer), fix: "give the result as the data source returns it" }];
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
