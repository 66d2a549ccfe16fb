"use strict";
/**
 * Finds outputs where a component takes plain values alone, and takes the value of those that are known. TypeScript's types refuse these; YAML, dictionaries in Python and classes
 * written by hand do not, and a component would end with `regions.flatMap is not a function`.
 */
const { Output } = require("@pulumi/pulumi");

const REFERENCE = "#/types/";

/**
 * @param {object} schema - the package's schema.
 * @param {string} type - the component's token.
 * @param {Record<string, unknown>} inputs - its arguments, as Pulumi's host hands them over.
 * @returns {{ path: string, expected: string, got: string, fix: string }[]} a problem for each such output; none for what the schema does not know.
 */
function outputIssues(schema, type, inputs) {
  const walkObject = (properties, value, prefix) =>
    Object.entries(properties).flatMap(([key, property]) => walk(property, value[key], `${prefix}${key}`));

  function walk(property, value, path) {
    if (Output.isInstance(value)) return property.plain === true ? [issueAt(path)] : [];
    if (typeof value !== "object" || value === null) return [];
    if (Array.isArray(value)) {
      return value.flatMap((item, index) => walk(property.items ?? {}, item, `${path}[${String(index)}]`));
    }
    if (property.additionalProperties !== undefined) {
      return Object.entries(value).flatMap(([key, item]) =>
        walk(property.additionalProperties, item, memberOf(path, key)),
      );
    }
    const named = property.$ref?.startsWith(REFERENCE)
      ? schema.types[property.$ref.slice(REFERENCE.length)]
      : undefined;
    return walkObject(named?.properties ?? {}, value, `${path}.`);
  }

  return walkObject(schema.resources[type].inputProperties, inputs, "");
}

/**
 * Takes the value of each known output that stands for a whole plain argument. Pulumi's host makes one of every argument of which some
 * value came from a resource, where an SDK (Java's) does not mark the value itself.
 *
 * @param {object} schema - the package's schema.
 * @param {string} type - the component's token.
 * @param {Record<string, unknown>} inputs - its arguments, as Pulumi's host hands them over.
 * @returns {Promise<{ inputs: Record<string, unknown>, dependsOn: object[] }>} arguments, secret and unknown ones as they came, and the
 * resources that the values came from.
 */
async function withKnown(schema, type, inputs) {
  const known = { ...inputs };
  const dependsOn = [];
  for (const [key, value] of Object.entries(inputs)) {
    if (!Output.isInstance(value) || schema.resources[type].inputProperties[key]?.plain !== true) continue;
    if ((await value.isSecret) || !(await value.isKnown)) continue;
    known[key] = await value.promise();
    dependsOn.push(...(await value.allResources()));
  }
  return { inputs: known, dependsOn };
}

function memberOf(path, key) {
  return /^\w+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function issueAt(path) {
  return {
    path,
    expected: "a plain value, since it decides what is built",
    got: "an output",
    fix: "give a constant or a setting, not what another resource returns nor a secret",
  };
}

module.exports = { outputIssues, withKnown };
