import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Document, isMap, isSeq, parseDocument } from "yaml";
import { readAnswers } from "./answers";
import type { Question } from "../plan-types";
import { SettingsError } from "../project/settings-error";
import { isObject, type Json, type JsonObject } from "../../resilience/values";

/** What became of a file of questions. */
export interface SavedQuestions {
  /** Questions that were written, or that stood there already. */
  open: number;
  /** Calls whose arguments come from answers that are made up: they can be asked only once these are given. */
  later: number;
}

/**
 * Writes what was asked into a file that can be handed back as answers: JSON where its name ends with `.json`, else YAML with remarks for
 * whoever fills it in. What already stands in the file stays as it is, answers and remarks alike; new questions are added. The file is
 * replaced as a whole, so that no moment shows half of it. Without questions, nothing is written.
 *
 * Throws `SettingsError` when there is a file that holds something else, or it cannot be written.
 */
export function saveQuestions(file: string, questions: readonly Question[]): SavedQuestions {
  const now = questions.filter(({ isDerived }) => !isDerived);
  if (existsSync(file)) readAnswers(file);
  if (now.length > 0) replace(file, extname(file) === ".json" ? jsonText(file, now) : yamlText(file, now));
  return { open: now.length, later: questions.length - now.length };
}

function replace(file: string, text: string): void {
  const half = `${file}.${String(process.pid)}.new`;
  try {
    writeFileSync(half, text);
    renameSync(half, file);
  } catch (error) {
    const got = error instanceof Error && "code" in error ? String(error.code) : "none";
    const fix = `name one in a directory that exists, not in ${dirname(file)}`;
    throw new SettingsError([{ path: `--save-questions ${file}`, expected: "a file that can be written", got, fix }]);
  }
}

/** Whether the answers of one function already hold an entry for exactly these args, or one for every call. */
function isAsked(existing: Json | undefined, { args }: Question): boolean {
  if (existing === undefined) return false;
  if (!Array.isArray(existing)) return true;
  return existing.some((item) => isObject(item) && isDeepStrictEqual(item["args"], args));
}

function entryOf({ args, fields }: Question): JsonObject {
  return { args, result: fields };
}

function jsonText(file: string, questions: readonly Question[]): string {
  const content: Json = existsSync(file) ? ((JSON.parse(readFileSync(file, "utf8")) as Json) ?? {}) : {};
  const answers: JsonObject = isObject(content) ? content : {};
  for (const question of questions) {
    const existing = Object.hasOwn(answers, question.token) ? answers[question.token] : undefined;
    if (isAsked(existing, question)) continue;
    answers[question.token] = [...(Array.isArray(existing) ? existing : []), entryOf(question)];
  }
  return `${JSON.stringify(answers, null, 2)}\n`;
}

const introduction = ` Answers of data sources, for twodoor plan and check: --answers THIS-FILE.
 What begins with "?" is still open. Put the value in its place (after the ? stands its type, or the value that Twodoor made up and
 that nobody can rely on); what stays open is left to Twodoor. An entry is for the calls that have these args; {} is every call.
 Write a secret as { fn::secret: VALUE }.`;

function yamlText(file: string, questions: readonly Question[]): string {
  const document = existsSync(file) ? parseDocument(readFileSync(file, "utf8")) : new Document({});
  if (!isMap(document.contents)) document.contents = document.createNode({});
  // `{}` would be continued within its braces.
  if (isMap(document.contents) && document.contents.items.length === 0) document.contents.flow = false;
  if (!existsSync(file)) document.commentBefore = introduction;
  const answers = document.toJS() as Record<string, Json> | null;
  for (const question of questions) {
    const existing = answers !== null && Object.hasOwn(answers, question.token) ? answers[question.token] : undefined;
    const written = document.get(question.token, true);
    const known = isSeq(written) ? (written.toJSON() as Json) : existing;
    if (isAsked(known, question)) continue;
    const entry = document.createNode(entryOf(question));
    entry.commentBefore = remark(question);
    if (isSeq(written)) written.items.push(entry);
    else document.set(question.token, document.createNode([entry]));
  }
  return document.toString({ lineWidth: 0 });
}

function remark({ isMadeUp, secretArgs }: Question): string {
  const who = isMadeUp ? " Twodoor answers this; what is listed here it made up." : " Nobody answers this.";
  if (secretArgs.length === 0) return who;
  const [are, they] = secretArgs.length === 1 ? ["is", "it is"] : ["are", "they are"];
  return `${who} Its ${secretArgs.join(", ")} ${are} secret and left out: the answer is for whatever ${they}.`;
}
