import { isObject, mapValues, type Json, type JsonObject } from "../../../resilience/values";

/** A statement as IAM writes it, its keys in the order in which the AWS provider writes them. */
interface Statement {
  Sid?: string;
  [key: string]: Json;
}

interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: Json[];
}

/**
 * What `aws.iam.getPolicyDocument` answers: it asks no cloud. The documents of `sourceJson` and `sourcePolicyDocuments` come first, then the
 * statements of the call, then `overridePolicyDocuments` and `overrideJson`; a statement with a `sid` takes the place of an earlier one
 * with the same, as https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document documents it. Sets
 * come in descending order, a set of one as its only text, `&{` stands for `${`.
 *
 * @returns `undefined` where a document is no JSON, or statements of one source share a `sid`, which the provider refuses.
 */
export function policyDocument(args: JsonObject): JsonObject | undefined {
  const sources = [args["sourceJson"], ...listOf(args["sourcePolicyDocuments"])].filter(isText);
  const overrides = [...listOf(args["overridePolicyDocuments"]), args["overrideJson"]].filter(isText);
  const [before, after] = [sources.map(parsedDocument), overrides.map(parsedDocument)];
  const own: PolicyDocument = {
    Version: isText(args["version"]) ? args["version"] : "2012-10-17",
    ...(isText(args["policyId"]) ? { Id: args["policyId"] } : {}),
    Statement: listOf(args["statements"]).filter(isObject).map(statementOf),
  };
  const merged: PolicyDocument = { Statement: [] };
  for (const document of [...before, own, ...after]) {
    if (document === undefined) return undefined;
    merge(merged, document);
  }
  const ordered = {
    ...(merged.Version === undefined ? {} : { Version: merged.Version }),
    ...(merged.Id === undefined ? {} : { Id: merged.Id }),
    Statement: merged.Statement,
  };
  const json = escaped(JSON.stringify(ordered, null, 2));
  return { ...args, id: String(crc32(json)), json, minifiedJson: escaped(JSON.stringify(ordered)) };
}

/** As Go writes JSON (https://pkg.go.dev/encoding/json#Marshal): what HTML would take for its own is escaped. */
function escaped(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function merge(into: PolicyDocument, document: PolicyDocument): void {
  if (document.Id !== undefined && document.Id !== "") into.Id = document.Id;
  if ((document.Version ?? "") > (into.Version ?? "")) into.Version = document.Version ?? "";
  for (const statement of document.Statement) {
    const at = into.Statement.findIndex((other) => sidOf(other) !== "" && sidOf(other) === sidOf(statement));
    if (at === -1) into.Statement.push(statement);
    else into.Statement[at] = statement;
  }
}

function sidOf(statement: Json): string {
  return isObject(statement) && isText(statement["Sid"]) ? statement["Sid"] : "";
}

function parsedDocument(text: string): PolicyDocument | undefined {
  let content: Json;
  try {
    content = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(content)) return undefined;
  const statements = content["Statement"] ?? [];
  return {
    ...(isText(content["Version"]) ? { Version: content["Version"] } : {}),
    ...(isText(content["Id"]) ? { Id: content["Id"] } : {}),
    // IAM takes a single statement without a list.
    Statement: (Array.isArray(statements) ? statements : [statements]).map(ordered),
  };
}

const keys = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
];

/** A statement of a document, its keys in the provider's order. */
function ordered(statement: Json): Json {
  if (!isObject(statement)) return statement;
  const present = keys.filter((key) => statement[key] !== undefined && statement[key] !== "");
  return Object.fromEntries(present.map((key): [string, Json] => [key, rewritten(key, statement[key] ?? null)]));
}

/** The provider reads principals and conditions of a document and writes them anew: lists in descending order, conditions as lists. */
function rewritten(key: string, value: Json): Json {
  if (!isObject(value)) return value;
  if (key === "Condition") return mapValues(value, (test) => (isObject(test) ? mapValues(test, asList) : test));
  if (key !== "Principal" && key !== "NotPrincipal") return value;
  return mapValues(value, (names) => (Array.isArray(names) ? asList(names) : names));
}

function asList(value: Json): Json {
  const texts = (Array.isArray(value) ? value : [value]).map((item) =>
    typeof item === "string" ? item : JSON.stringify(item),
  );
  return texts.sort((a, b) => (a < b ? 1 : -1));
}

function statementOf(statement: JsonObject): Statement {
  const parts: Record<string, Json | undefined> = {
    Sid: isText(statement["sid"]) ? statement["sid"] : undefined,
    Effect: isText(statement["effect"]) ? statement["effect"] : "Allow",
    Action: setOf(statement["actions"]),
    NotAction: setOf(statement["notActions"]),
    Resource: setOf(statement["resources"]),
    NotResource: setOf(statement["notResources"]),
    Principal: principalsOf(statement["principals"]),
    NotPrincipal: principalsOf(statement["notPrincipals"]),
    Condition: conditionsOf(statement["conditions"]),
  };
  const present = Object.entries(parts).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(present);
}

/** `"*"` for `{ type: "*", identifiers: ["*"] }`, which IAM does not take for the same as `{ "AWS": "*" }`. */
function principalsOf(value: Json | undefined): Json | undefined {
  const principals = listOf(value).filter(isObject);
  if (principals.length === 0) return undefined;
  const grouped = new Map<string, string[]>();
  for (const { type, identifiers } of principals) {
    const name = isText(type) ? type : "";
    grouped.set(name, [...(grouped.get(name) ?? []), ...textsOf(identifiers)]);
  }
  if (grouped.size === 1 && grouped.get("*")?.join() === "*") return "*";
  return Object.fromEntries(
    [...grouped].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, names]): [string, Json] => [type, oneOrAll(names)]),
  );
}

function conditionsOf(value: Json | undefined): Json | undefined {
  const conditions = listOf(value).filter(isObject);
  if (conditions.length === 0) return undefined;
  const tests = new Map<string, Map<string, string[]>>();
  for (const { test, variable, values } of conditions) {
    const [name, key] = [isText(test) ? test : "", isText(variable) ? variable : ""];
    const variables = tests.get(name) ?? new Map<string, string[]>();
    tests.set(name, variables.set(key, [...(variables.get(key) ?? []), ...textsOf(values)]));
  }
  return sortedObject(tests, (variables) => sortedObject(variables, oneOrAll));
}

function sortedObject<Value>(entries: ReadonlyMap<string, Value>, change: (value: Value) => Json): JsonObject {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, value]): [string, Json] => [key, change(value)]));
}

function setOf(value: Json | undefined): Json | undefined {
  const texts = [...new Set(textsOf(value))];
  return texts.length === 0 ? undefined : oneOrAll(texts);
}

function oneOrAll(texts: string[]): Json {
  const [first, ...others] = texts;
  if (first !== undefined && others.length === 0) return first;
  return [...texts].sort((a, b) => (a < b ? 1 : -1));
}

function textsOf(value: Json | undefined): string[] {
  return listOf(value)
    .filter((item) => typeof item === "string")
    .map((text) => text.replaceAll("&{", "${"));
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}

/** The check sum (IEEE) of which the provider makes its own id. */
function crc32(text: string): number {
  let sum = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
