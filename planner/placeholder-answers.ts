import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Deployment } from "./deployment";
import type { DataSourceCall } from "./data-source-call";
import { packageOf } from "./urn";
import { unknownValue, type Json, type JsonObject } from "../resilience/values";

/** A number that nobody would write. In a plan, it is unknown. */
const madeUpNumber = 1_907_426_538;

/**
 * An answer of the right shape for a data source that nobody answered, so that the program can go on. Its fields and their
 * types are those that the program's own SDK declares; a field that the call has as an argument is that argument. Texts and
 * numbers are marked, so that whatever is made of them is unknown in the plan.
 *
 * Empty when the SDK does not declare the result in the form of Pulumi's generated SDKs.
 */
export function placeholderAnswer(call: DataSourceCall, { madeUp, programDirectory }: Deployment): JsonObject {
  const answer: JsonObject = {};
  for (const [field, type] of resultFields(call.token, programDirectory)) {
    const given = call.args[field];
    answer[field] = given === undefined || given === unknownValue ? madeUpValue(call.token, field, type) : given;
    for (const text of strings(answer[field])) if (text.startsWith(marker)) madeUp.add(text);
  }
  madeUp.add(madeUpNumber);
  return answer;
}

const marker = "twodoor-unanswered-";

function madeUpValue(token: string, field: string, type: string): Json {
  const text = `${marker}${token.split(":").at(-1) ?? token}-${field}`;
  if (type === "number") return madeUpNumber;
  if (type === "boolean") return false;
  // Three, since programs spread over that many zones or subnets.
  if (type === "string[]") return [1, 2, 3].map((place) => `${text}-${String(place)}`);
  if (type === "number[]") return [madeUpNumber];
  if (type.endsWith("[]")) return [{}];
  if (type.startsWith("{") || type.startsWith("outputs.")) return {};
  return text;
}

function strings(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.flatMap(strings) : [];
}

/** Fields that are always there and their types, read from the declaration of the function's result. */
function resultFields(token: string, programDirectory: string): [string, string][] {
  const declaration = declarationOf(token, programDirectory);
  const result = /export interface \w+Result \{\n([\s\S]*?)\n\}/.exec(declaration)?.[1] ?? "";
  return [...result.matchAll(/^ {4}readonly (\w+): (.+?);?$/gm)].map(([, field = "", type = ""]) => [field, type]);
}

/** `aws:ec2/getVpc:getVpc` is declared in `@pulumi/aws/ec2/getVpc.d.ts`, `aws:index/getRegion:getRegion` in `…/getRegion.d.ts`. */
function declarationOf(token: string, programDirectory: string): string {
  const module = (token.split(":")[1] ?? "").replace(/^index\//, "");
  try {
    const load = createRequire(join(programDirectory, "index.js"));
    const root = dirname(load.resolve(`@pulumi/${packageOf(token)}/package.json`));
    return readFileSync(join(root, `${module}.d.ts`), "utf8");
  } catch {
    return "";
  }
}
