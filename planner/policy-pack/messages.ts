import {
  AnalyzeRequest,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  ConfigureAnalyzerRequest,
  EnforcementLevel,
  PolicyConfig,
  PolicySeverity,
  PolicyType,
  type AnalyzerInfo,
  type PolicyInfo,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Graph, Resource } from "../../resilience/graph";
import type { JsonObject } from "../../resilience/values";

/** How bad a policy calls what it finds. */
export type PackSeverity = "low" | "medium" | "high" | "critical";

/** Whether a policy's finding ends an update, is only told, is mended by the policy itself, or is not looked for. */
export type PackLevel = "mandatory" | "advisory" | "remediate" | "disabled";

/** The configuration of a pack as `pulumi preview --policy-pack-config` takes it: a level, or an object with `enforcementLevel` and more. */
export type PackConfiguration = Readonly<Record<string, PackLevel | Readonly<JsonObject>>>;

const LEVELS = new Map<EnforcementLevel, PackLevel>([
  [EnforcementLevel.ADVISORY, "advisory"],
  [EnforcementLevel.MANDATORY, "mandatory"],
  [EnforcementLevel.DISABLED, "disabled"],
  [EnforcementLevel.REMEDIATE, "remediate"],
]);

const SEVERITIES = new Map<PolicySeverity, PackSeverity>([
  [PolicySeverity.POLICY_SEVERITY_LOW, "low"],
  [PolicySeverity.POLICY_SEVERITY_MEDIUM, "medium"],
  [PolicySeverity.POLICY_SEVERITY_HIGH, "high"],
  [PolicySeverity.POLICY_SEVERITY_CRITICAL, "critical"],
]);

/** The name of a level. */
export function levelName(level: EnforcementLevel): PackLevel {
  return LEVELS.get(level) ?? "advisory";
}

/** The name of a severity; null where a policy has none. */
export function severityName(severity: PolicySeverity): PackSeverity | null {
  return SEVERITIES.get(severity) ?? null;
}

/** Whether a policy looks at resources one by one or at all of them together. */
export function kindName(info: PolicyInfo): "resource" | "stack" {
  return info.getPolicyType() === PolicyType.POLICY_TYPE_STACK ? "stack" : "resource";
}

/**
 * The configuration of every policy, as the engine works it out (`ReconcilePolicyPackConfig` of pkg/resource/analyzer): what its schema
 * gives by default and its own level, then the pack's own configuration, then the given one; `all` before the single policies.
 */
export function configurationRequest(
  policies: readonly PolicyInfo[],
  layers: readonly PackConfiguration[],
): ConfigureAnalyzerRequest {
  const request = new ConfigureAnalyzerRequest();
  for (const info of policies) {
    const name = info.getName();
    let level = levelName(info.getEnforcementlevel());
    const properties = new Map<string, JavaScriptValue>(defaultsOf(info));
    for (const layer of layers) {
      for (const key of ["all", name]) {
        const given = Object.hasOwn(layer, key) ? layer[key] : undefined;
        if (given === undefined) continue;
        const { enforcementLevel = null, ...own } = typeof given === "string" ? { enforcementLevel: given } : given;
        level = [...LEVELS.values()].find((known) => known === enforcementLevel) ?? level;
        if (key === name) for (const [property, value] of Object.entries(own)) properties.set(property, value);
      }
    }
    const config = new PolicyConfig();
    config.setEnforcementlevel([...LEVELS].find(([, known]) => known === level)?.[0] ?? EnforcementLevel.ADVISORY);
    config.setProperties(Struct.fromJavaScript(Object.fromEntries(properties)));
    request.getPolicyconfigMap().set(name, config);
  }
  return request;
}

/** The configuration that a pack gives itself. */
export function initialConfiguration(info: AnalyzerInfo): PackConfiguration {
  return Object.fromEntries(
    // Not `getEntryList`, which gives messages as they lie in the buffer.
    [...info.getInitialconfigMap().entries()].map(([name, config]): [string, JsonObject] => {
      const properties = config.getProperties()?.toJavaScript() ?? {};
      return [name, { ...properties, enforcementLevel: levelName(config.getEnforcementlevel()) }];
    }),
  );
}

function defaultsOf(info: PolicyInfo): [string, JavaScriptValue][] {
  const properties = info.getConfigschema()?.getProperties()?.toJavaScript() ?? {};
  return Object.entries(properties).flatMap(([name, schema]): [string, JavaScriptValue][] => {
    if (typeof schema !== "object" || schema === null || !("default" in schema)) return [];
    const value: JavaScriptValue = (schema as Record<string, JavaScriptValue>)["default"] ?? null;
    return [[name, value]];
  });
}

/** One resource with its inputs, as it is told before it is made. */
export function resourceRequest(graph: PackGraph, resource: Resource, inputs: JsonObject): AnalyzeRequest {
  const request = new AnalyzeRequest();
  request.setType(resource.type);
  request.setUrn(resource.urn);
  request.setName(resource.name);
  request.setProperties(Struct.fromJavaScript(inputs));
  request.setOptions(optionsOf(resource));
  request.setProvider(providerOf(graph, resource));
  return request;
}

/**
 * All resources with their outputs, as they are told in the end.
 *
 * @param inputs - by URN. What a plan knows of outputs is the inputs, since a provider gives most of them back.
 */
export function stackRequest(graph: PackGraph, inputs: ReadonlyMap<string, JsonObject>): AnalyzeStackRequest {
  const request = new AnalyzeStackRequest();
  request.setResourcesList(
    graph.graph.resources.map((resource) => {
      const told = new AnalyzerResource();
      told.setType(resource.type);
      told.setUrn(resource.urn);
      told.setName(resource.name);
      told.setProperties(Struct.fromJavaScript({ ...inputs.get(resource.urn), ...resource.outputs }));
      told.setOptions(optionsOf(resource));
      told.setProvider(providerOf(graph, resource));
      told.setParent(resource.parent ?? "");
      told.setDependenciesList(resource.dependencies);
      for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
        const dependencies = new AnalyzerPropertyDependencies();
        dependencies.setUrnsList(urns);
        told.getPropertydependenciesMap().set(property, dependencies);
      }
      return told;
    }),
  );
  return request;
}

/** A graph with its resources by URN. */
export interface PackGraph {
  graph: Graph;
  byUrn: ReadonlyMap<string, Resource>;
}

function optionsOf({ isProtected, parent }: Resource): AnalyzerResourceOptions {
  const options = new AnalyzerResourceOptions();
  options.setProtect(isProtected);
  options.setParent(parent ?? "");
  // Without it the SDK cannot say that there is none.
  options.setCustomtimeouts(new AnalyzerResourceOptions.CustomTimeouts());
  return options;
}

function providerOf({ byUrn }: PackGraph, { provider }: Resource): AnalyzerProviderResource | undefined {
  const found = provider === null ? undefined : byUrn.get(provider);
  if (found === undefined) return undefined;
  const told = new AnalyzerProviderResource();
  told.setType(found.type);
  told.setUrn(found.urn);
  told.setName(found.name);
  told.setProperties(Struct.fromJavaScript(found.inputs));
  return told;
}
