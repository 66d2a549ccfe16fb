/**
 * Proves what other languages see of the package: the schema that Pulumi infers from the sources is the one in `components/plugin/schema.json`
 * (`npm run api` writes it anew), everything in it is described, every optional input says what happens without it, and each
 * component registers exactly its outputs. Does not prove that a generated SDK compiles, nor what the components do.
 */
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import * as twodoor from "../components";
import { ROOT, componentSources, nodesOf, textOf } from "./support/sources";

interface Property {
  description?: string;
}

interface ObjectType {
  description?: string;
  properties?: Record<string, Property>;
  required?: string[];
  enum?: { name?: string; description?: string; value: string }[];
}

interface Resource extends ObjectType {
  inputProperties: Record<string, Property>;
  requiredInputs?: string[];
}

interface Schema {
  resources: Record<string, Resource>;
  types: Record<string, ObjectType>;
  language: Record<string, object>;
}

/**
 * What the published schema tells generators beyond what Pulumi infers. Go's (pkg/codegen/go/gen.go, v3.259.0) forgets the argument
 * type of a plain list's members, and so writes an SDK that does not compile, unless it is told to write them all.
 */
const TOLD_TO_GENERATORS = { go: { generateExtraInputTypes: true } };

const sources = componentSources();
let text: string;
let schema: Schema;

beforeAll(async () => {
  const names = new Set(sources.map(({ name }) => name));
  const components = Object.entries(twodoor)
    .filter(([name]) => names.has(name))
    .map(([, exported]) => exported as ConstructorParameters<typeof ComponentProvider>[0]["components"][number]);
  const provider = new ComponentProvider({ name: "twodoor", dirname: ROOT, components });
  // It looks for the sources where package.json's `main` points, which is our own host.
  const { version, description } = JSON.parse(textOf("package.json")) as Record<string, string>;
  Object.assign(provider, { packageJSON: { name: "twodoor", version, description, main: "components/index.ts" } });
  text = await provider.getSchema();
  schema = JSON.parse(text) as Schema;
}, 600_000);

/** Every described thing of the schema by its place: `resources.twodoor:index:ExchangeApi.inputProperties.hostname`. */
function described(): [string, string | undefined][] {
  const found: [string, string | undefined][] = [];
  const properties = (place: string, all: Record<string, Property> = {}): void => {
    for (const [key, { description }] of Object.entries(all)) found.push([`${place}.${key}`, description]);
  };
  for (const [token, resource] of Object.entries(schema.resources)) {
    found.push([token, resource.description]);
    properties(`${token}.inputs`, resource.inputProperties);
    properties(`${token}.outputs`, resource.properties);
  }
  for (const [token, type] of Object.entries(schema.types)) {
    properties(token, type.properties);
    for (const member of type.enum ?? []) found.push([`${token}.${member.value}`, member.description]);
  }
  return found;
}

/** Optional inputs by place, with what is said of each. */
function optionalInputs(): [string, string][] {
  const optional = (place: string, all: Record<string, Property> = {}, required: string[] = []): [string, string][] =>
    Object.entries(all)
      .filter(([key]) => !required.includes(key))
      .map(([key, { description }]) => [`${place}.${key}`, description ?? ""]);
  return [
    ...Object.entries(schema.resources).flatMap(([token, { inputProperties, requiredInputs }]) =>
      optional(token, inputProperties, requiredInputs),
    ),
    ...Object.entries(schema.types).flatMap(([token, { properties, required }]) =>
      optional(token, properties, required),
    ),
  ];
}

/** Keys that a component hands to registerOutputs, read from its source. */
function registeredKeys(declaration: ts.ClassDeclaration): string[] {
  return nodesOf(declaration).flatMap((node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== "this.registerOutputs") return [];
    const outputs = node.arguments[0];
    if (outputs === undefined || !ts.isObjectLiteralExpression(outputs)) return [];
    return outputs.properties.map((property) => property.name?.getText() ?? property.getText());
  });
}

describe("the package's schema", () => {
  it("is the one that was agreed on", async () => {
    const language = { ...schema.language, go: { ...schema.language["go"], ...TOLD_TO_GENERATORS.go } };
    await expect(`${JSON.stringify({ ...schema, language }, undefined, 2)}\n`).toMatchFileSnapshot(
      "../components/plugin/schema.json",
    );
  });

  it("has every component of the sources, and nothing else", () => {
    const tokens = sources.map(({ name }) => `twodoor:index:${name}`).sort();
    expect(Object.keys(schema.resources).sort()).toEqual(tokens);
  });

  it("describes everything in words", () => {
    const silent = described().filter(([, description]) => description === undefined || description.trim() === "");
    expect(silent.map(([place]) => place)).toEqual([]);
    expect(text).not.toContain("[object Object]");
  });

  it("says of every optional input what happens when it is left out", () => {
    const silent = optionalInputs().filter(
      ([, description]) => !/\bDefaults to\b|\b[Ll]eft out\b|\b[Ww]ithout it\b/.test(description),
    );
    expect(silent.map(([place]) => place)).toEqual([]);
  });

  it.each(sources)("gives $name the outputs that it registers", ({ name, declaration }) => {
    const outputs = Object.keys(schema.resources[`twodoor:index:${name}`]?.properties ?? {}).sort();
    expect(registeredKeys(declaration).sort()).toEqual(outputs);
  });
});
