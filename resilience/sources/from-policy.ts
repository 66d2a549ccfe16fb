import { GraphSource, sortedByUrn, type Graph, type Resource } from "../graph";
import { isObject, own, unknownValue, type Json, type JsonObject } from "../values";
import { currentType } from "./older-types";
import { recorded, sortedUrns } from "./recorded";
import { STACK_TYPE, nameOfUrn, stackOfUrn } from "./urns";

/**
 * A resource as the engine tells it to a policy pack (`AnalyzerStackResource` of `pulumirpc`), as far as it is judged. Its values are the
 * wire's own: secrets are marked where the pack said that it accepts them, and what is not known is one of seven texts.
 */
export interface PolicyForm {
  urn: string;
  type: string;
  /** What the provider answered, or will as far as a preview knows. */
  props: JsonObject;
  protect: boolean;
  /** The parent's URN. */
  parent: string | null;
  provider: PolicyProviderForm | null;
  /** URNs. */
  dependencies: readonly string[];
  /** URNs by property. */
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** A resource's provider as the engine tells it. */
export interface PolicyProviderForm {
  urn: string;
  type: string;
  /** Its inputs. */
  props: JsonObject;
}

/**
 * The graph of what the engine tells a policy pack.
 *
 * It knows nothing of lines, of what is only read, and of what parts of an input depend on.
 *
 * @param resources - everything that the pack is asked about at the end (`AnalyzeStack`).
 * @param inputs - what it was asked about before (`Analyze`), by URN: the end tells outputs alone, and many an input that the program
 *   wrote down is not known there until an update.
 */
export function graphOfPolicy(resources: readonly PolicyForm[], inputs: ReadonlyMap<string, JsonObject>): Graph {
  const listed = new Set(resources.map(({ urn }) => urn));
  const providers = new Map(
    resources.flatMap(({ provider }) =>
      provider === null || listed.has(provider.urn) ? [] : [[provider.urn, provider] as const],
    ),
  );
  const all = [
    ...resources.map((resource) => resourceOf(resource, inputs)),
    // Left out by `--target`, and still what says the region of what it makes.
    ...[...providers.values()].map(providerOf),
  ];
  return {
    source: GraphSource.Policy,
    ...stackOfUrn(resources[0]?.urn ?? ""),
    resources: sortedByUrn(all),
    outputs: all.find(({ type }) => type === STACK_TYPE)?.outputs ?? {},
  };
}

function resourceOf(form: PolicyForm, inputs: ReadonlyMap<string, JsonObject>): Resource {
  const { urn, type } = form;
  const outputs = toldTo(type, form.props);
  const id = own(outputs, "id");
  return {
    urn,
    type: currentType(type),
    name: nameOfUrn(urn),
    parent: form.parent,
    provider: form.provider?.urn ?? null,
    id: typeof id === "string" && id !== unknownValue ? id : null,
    inputs: toldTo(type, inputs.get(urn) ?? {}),
    outputs,
    dependencies: [...new Set(form.dependencies)].sort(),
    propertyDependencies: sortedUrns(form.propertyDependencies),
    references: {},
    isProtected: form.protect,
    isExternal: false,
    location: null,
  };
}

function providerOf({ urn, type, props }: PolicyProviderForm): Resource {
  return {
    urn,
    type,
    name: nameOfUrn(urn),
    parent: null,
    provider: null,
    id: null,
    inputs: toldTo(type, props),
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    references: {},
    isProtected: false,
    isExternal: false,
    location: null,
  };
}

function toldTo(type: string, properties: JsonObject): JsonObject {
  return recorded(
    type,
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, withOneUnknown(value)])),
  );
}

/**
 * What stands for a value that is not known, by its kind: text, boolean, number, list, asset, archive, object (`proxy.js` of `@pulumi/policy`,
 * `sdk/go/common/resource/plugin/rpc.go` of pulumi/pulumi).
 */
const UNKNOWNS: ReadonlySet<Json> = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

function withOneUnknown(value: Json): Json {
  if (Array.isArray(value)) return value.map(withOneUnknown);
  if (!isObject(value)) return UNKNOWNS.has(value) ? unknownValue : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withOneUnknown(item)]));
}
