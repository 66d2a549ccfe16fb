import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMap, isPair, isScalar, isSeq, type Node } from "yaml";
import { shown } from "../components/sizing/issues";
import type { Configuration } from "./deployment";
import { readYaml, type Project } from "./project";
import { SettingsError } from "./settings-error";

/**
 * The configuration of a stack: the `config` section of its settings file over the defaults of Pulumi.yaml.
 *
 * Encrypted values are never decrypted. A placeholder takes their place: of the type that Pulumi.yaml declares for the key, else a
 * text.
 */
export function readConfiguration(project: Project, stack: string): Configuration {
  const configuration: Configuration = { values: {}, secretKeys: [], placeholders: [], madeUp: [] };
  const types = new Map<string, string>();
  addSection(configuration, project, join(project.root, "Pulumi.yaml"), types);
  for (const extension of ["yaml", "yml"]) {
    const file = join(project.stackDirectory, `Pulumi.${stack}.${extension}`);
    if (existsSync(file)) addSection(configuration, project, file, types);
  }
  return configuration;
}

function addSection(configuration: Configuration, project: Project, file: string, types: Map<string, string>): void {
  if (!existsSync(file)) return;
  const section = readYaml(file).get("config", true);
  if (section === undefined || section === null || (isScalar(section) && section.value === null)) return;
  if (!isMap(section)) {
    const got = shown(isScalar(section) ? section.value : isSeq(section) ? section.items : []);
    throw new SettingsError([{ path: `${file} config`, expected: "keys and values", got, fix: "write key: value" }]);
  }
  for (const pair of section.items) {
    const bare = keyOf(pair);
    const key = bare.includes(":") ? bare : `${project.name}:${bare}`;
    const value = declaredValue(pair.value, bare, types, key);
    if (value !== undefined) setValue(configuration, key, value, types.get(key));
  }
}

/**
 * The value of one key, `undefined` when it is only declared. Pulumi.yaml may declare a key of its own project as
 * `{ type, default, secret, description }` and set one of a provider as `{ value }`.
 */
function declaredValue(value: unknown, bare: string, types: Map<string, string>, key: string): Node | undefined {
  if (!isMap(value)) return asNode(value);
  const declaration = ["type", "default", "value", "description"].some((field) => value.has(field));
  if (!declaration || value.has("secure")) return value;
  const type = value.get("type");
  if (typeof type === "string") types.set(key, type);
  return asNode(value.get(bare.includes(":") ? "value" : "default", true));
}

function setValue(configuration: Configuration, key: string, value: Node, type: string | undefined): void {
  const found = { encrypted: false, placeholder: placeholder(key, type) };
  const content = plainValue(value, found);
  configuration.values[key] = typeof content === "string" ? content : JSON.stringify(content);
  configuration.secretKeys = configuration.secretKeys.filter((other) => other !== key);
  configuration.placeholders = configuration.placeholders.filter((other) => other !== key);
  if (!found.encrypted) return;
  configuration.secretKeys.push(key);
  configuration.placeholders.push(key);
  configuration.placeholders.sort();
  if (found.placeholder.startsWith(marker)) configuration.madeUp.push(found.placeholder);
}

const marker = "twodoor-placeholder-";

function placeholder(key: string, type: string | undefined): string {
  if (type === "integer") return "0";
  if (type === "boolean") return "false";
  if (type === "array") return "[]";
  if (type === "object") return "{}";
  return `${marker}${key.replace(/[^A-Za-z0-9]+/g, "-")}`;
}

/** A node as the engine hands it to programs: every scalar as the text that stands in the file, `{ secure }` as the placeholder. */
function plainValue(node: unknown, found: { encrypted: boolean; placeholder: string }): unknown {
  if (isScalar(node)) {
    if (typeof node.value === "string") return node.value;
    return node.value === null ? "" : (node.source ?? JSON.stringify(node.value));
  }
  if (isSeq(node)) return node.items.map((item) => nestedValue(item, found));
  if (!isMap(node)) return "";
  if (node.items.length === 1 && node.has("secure")) {
    found.encrypted = true;
    return found.placeholder;
  }
  return Object.fromEntries(node.items.map((pair) => [keyOf(pair), nestedValue(pair.value, found)]));
}

/** Inside an object or a list, numbers, booleans and nothing keep their types. */
function nestedValue(node: unknown, found: { encrypted: boolean; placeholder: string }): unknown {
  return isScalar(node) ? node.value : plainValue(node, found);
}

function keyOf(pair: unknown): string {
  if (!isPair(pair)) return "";
  const { key } = pair;
  return String(isScalar(key) ? key.value : key);
}

function asNode(value: unknown): Node | undefined {
  return isScalar(value) || isSeq(value) || isMap(value) ? value : undefined;
}
