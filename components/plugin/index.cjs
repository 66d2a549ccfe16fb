"use strict";
/**
 * What Pulumi runs for programs in Python, Go, .NET, Java and YAML: it serves the components of this package to them.
 *
 * Exporting components is enough for Pulumi, but its own host then reads their types from the sources in every command that
 * constructs one (`Analyzer` in `@pulumi/pulumi/provider/experimental`): with the cloud SDKs' types that is 20 s of a core and
 * 1.7 GB, measured with 3.248. Here the schema is the file that `npm run api` writes, and the published package compiles nothing.
 * It is no TypeScript since ts-node leaves what lies in `node_modules` alone.
 */
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { main } = require("@pulumi/pulumi/provider");
const { outputIssues, withKnown } = require("./plain.cjs");

const root = join(__dirname, "..", "..");
const schema = readFileSync(join(__dirname, "schema.json"), "utf8");
const parsed = JSON.parse(schema);
const { name: packageName, version, resources } = parsed;

/** A clone runs its sources, so that what was built before is never taken for them; the published package has no `scripts/`. */
const isClone = existsSync(join(root, "scripts"));
const load = (name) =>
  require(isClone ? join(root, "components", `${name}.ts`) : join(root, "dist", "components", `${name}.js`));
const components = load("index");
const { refuse } = load("errors");

/**
 * Builds one component for a program of another language.
 *
 * @param {string} name - its logical name.
 * @param {string} type - its token, `twodoor:index:ExchangeApi`.
 * @param {Record<string, unknown>} inputs - its arguments.
 * @param {object} options - its resource options, as the program gave them.
 * @returns {Promise<{ urn: unknown, state: Record<string, unknown> }>} where it is in the stack, and its outputs.
 */
async function construct(name, type, inputs, options) {
  if (!Object.hasOwn(resources, type)) {
    throw new Error(`${packageName} ${version} has no component ${type}; it has ${Object.keys(resources).join(", ")}`);
  }
  const className = type.slice(`${packageName}:index:`.length);
  const known = await withKnown(parsed, type, inputs);
  refuse(`${className} "${name}"`, outputIssues(parsed, type, known.inputs));
  const Component = components[className];
  const component = new Component(name, known.inputs, {
    ...options,
    dependsOn: [...(options.dependsOn ?? []), ...known.dependsOn],
  });
  const outputs = Object.keys(resources[type].properties).map((key) => [key, component[key]]);
  return { urn: component.urn, state: Object.fromEntries(outputs) };
}

// The runner calls what this module exports; it serves until Pulumi ends it.
module.exports = () => main({ version, schema, construct }, process.argv.slice(2));
