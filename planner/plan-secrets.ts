import type { Plan, PlannedResource, ResourceOptions } from "./plan-types";
import { withoutSecrets } from "./secret-texts";
import { isObject, type Json } from "../resilience/values";

/** Options without the secrets in ids of what stands already: the SDK takes these out of their outputs. */
export function withoutSecretIds(options: ResourceOptions, secrets: ReadonlySet<string>): ResourceOptions {
  const { id, import: imported } = options;
  return {
    ...options,
    ...(id === undefined ? {} : { id: withoutSecrets(id, secrets) }),
    ...(imported === undefined ? {} : { import: withoutSecrets(imported, secrets) }),
  };
}

/**
 * The plan without secrets in what no wrapper can stand in for: names, URNs and all that refers to them, options. Each secret has a number,
 * so that two resources do not become one.
 *
 * @param secrets - those that are secret wherever they stand. Inputs, outputs and arguments are already without them.
 */
export function withoutSecretNames(plan: Plan, secrets: ReadonlySet<string>): Plan {
  if (secrets.size === 0) return plan;
  const { resources, invokes, unanswered } = plan;
  const text = JSON.stringify([resources.map(({ urn, options, references }) => [urn, options, references]), invokes]);
  const found = [...secrets].filter((secret) => text.includes(JSON.stringify(secret).slice(1, -1))).sort();
  if (found.length === 0) return plan;
  // The longest first, as one may be a part of another.
  const masks = found
    .map((secret, at): [string, string] => [secret, at === 0 ? "[secret]" : `[secret ${String(at + 1)}]`])
    .sort(([a], [b]) => b.length - a.length);
  const masked: Masked = (value) => masks.reduce((all, [secret, mask]) => all.replaceAll(secret, mask), value);
  const asked = <Call extends { provider: string | null }>(call: Call): Call => ({
    ...call,
    provider: call.provider === null ? null : masked(call.provider),
  });
  return {
    ...plan,
    resources: resources.map((resource) => renamed(resource, masked)),
    invokes: invokes.map(asked),
    unanswered: unanswered.map(asked),
  };
}

type Masked = (text: string) => string;

function renamed(resource: PlannedResource, masked: Masked): PlannedResource {
  const { urn, name, parent, provider, dependencies, propertyDependencies, references, options } = resource;
  return {
    ...resource,
    urn: masked(urn),
    name: masked(name),
    parent: parent === null ? null : masked(parent),
    provider: provider === null ? null : masked(provider),
    dependencies: dependencies.map(masked),
    propertyDependencies: renamedLists(propertyDependencies, masked),
    references: renamedLists(references, masked),
    options: renamedOptions(options, masked),
  };
}

function renamedLists(lists: Record<string, string[]>, masked: Masked): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([key, urns]) => [masked(key), urns.map(masked)]));
}

/** Names of options are ours; what stands in them is the program's. */
function renamedOptions(options: ResourceOptions, masked: Masked): ResourceOptions {
  const copy: ResourceOptions = {};
  const entries = Object.entries(options).map(([name, value]): [string, Json] => [
    name,
    maskedIn(value as Json, masked),
  ]);
  return Object.assign(copy, Object.fromEntries(entries));
}

function maskedIn(value: Json, masked: Masked): Json {
  if (typeof value === "string") return masked(value);
  if (Array.isArray(value)) return value.map((item) => maskedIn(item, masked));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [masked(key), maskedIn(item, masked)]));
}
