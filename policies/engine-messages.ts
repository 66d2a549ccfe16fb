import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  EnforcementLevel,
  type AnalyzerProviderResource,
  type AnalyzerResource,
  type AnalyzeStackRequest,
  type AnalyzeRequest,
  type ConfigureAnalyzerRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { PolicyForm, PolicyProviderForm } from "../resilience/sources/from-policy";
import type { JsonObject } from "../resilience/values";
import { Level } from "./rule";

/** What the engine says to a policy pack, as it says it. */
export interface Listener {
  /** The configuration of every policy by name, defaults and levels filled in; names that no policy has are among them. */
  configured: (policies: Map<string, Configured>) => void;
  /** One resource's inputs, before it is made. */
  registered: (urn: string, inputs: JsonObject) => void;
  /** All resources, after the last of them. */
  finished: (resources: PolicyForm[]) => void;
}

/** One policy's configuration. */
export interface Configured {
  level: Level | "disabled";
  properties: JsonObject;
}

/**
 * Listens to the engine's messages where the SDK decodes them, before `PolicyPack` is constructed.
 *
 * The SDK's own way loses what a judge needs (`@pulumi/policy` 1.21.0, server.js): secrets arrive in clear and unmarked, reading what is
 * unknown ends the policy, a policy sees its own configuration alone, so that nobody can tell a misspelt name, and the whole stack is
 * decoded anew for every policy. So the resources are taken out of the message: what the SDK does not see, it does not decode 44 times.
 * The messages themselves are the protocol that every engine and every SDK speak
 * (https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto).
 */
export function listen(listener: Listener, service: typeof AnalyzerService = AnalyzerService): void {
  const { configure, analyze, analyzeStack } = service;
  configure.requestDeserialize = heard(configure.requestDeserialize, (request) => {
    listener.configured(configurationOf(request));
  });
  analyze.requestDeserialize = heard(analyze.requestDeserialize, (request: AnalyzeRequest) => {
    listener.registered(request.getUrn(), request.getProperties()?.toJavaScript() ?? {});
  });
  analyzeStack.requestDeserialize = heard(analyzeStack.requestDeserialize, (request: AnalyzeStackRequest) => {
    listener.finished(request.getResourcesList().map(formOf));
    request.clearResourcesList();
  });
}

function heard<T>(decode: (bytes: Buffer) => T, hear: (message: T) => void): (bytes: Buffer) => T {
  return (bytes) => {
    const message = decode(bytes);
    hear(message);
    return message;
  };
}

function configurationOf(request: ConfigureAnalyzerRequest): Map<string, Configured> {
  return new Map(
    // Not `getEntryList`, which gives messages as they lie in the buffer.
    [...request.getPolicyconfigMap().entries()].map(([name, config]): [string, Configured] => [
      name,
      { level: levelOf(config.getEnforcementlevel()), properties: config.getProperties()?.toJavaScript() ?? {} },
    ]),
  );
}

/** `remediate` of a policy that changes nothing is `mandatory`, as the SDK takes it too. */
function levelOf(level: EnforcementLevel): Level | "disabled" {
  if (level === EnforcementLevel.DISABLED) return "disabled";
  return level === EnforcementLevel.ADVISORY ? Level.Advisory : Level.Mandatory;
}

function formOf(resource: AnalyzerResource): PolicyForm {
  const provider = resource.getProvider();
  const parent = resource.getParent();
  return {
    urn: resource.getUrn(),
    type: resource.getType(),
    props: resource.getProperties()?.toJavaScript() ?? {},
    protect: resource.getOptions()?.getProtect() ?? false,
    parent: parent === "" ? null : parent,
    provider: provider === undefined ? null : providerFormOf(provider),
    dependencies: resource.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...resource.getPropertydependenciesMap().entries()].map(([property, needed]) => [
        property,
        needed.getUrnsList(),
      ]),
    ),
  };
}

function providerFormOf(provider: AnalyzerProviderResource): PolicyProviderForm {
  return {
    urn: provider.getUrn(),
    type: provider.getType(),
    props: provider.getProperties()?.toJavaScript() ?? {},
  };
}
