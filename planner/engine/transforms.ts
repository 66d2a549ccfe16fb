import { isDeepStrictEqual } from "node:util";
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import {
  TransformInvokeOptions,
  TransformInvokeRequest,
  TransformInvokeResponse,
  TransformRequest,
  TransformResourceOptions,
  TransformResponse,
  type RegisterResourceRequest,
  type ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { toldSecrets, withSecrets } from "./call-secrets";
import { ancestors, structJson, type Deployment } from "../deployment";
import { referencesKey } from "../program/preload";
import { recordOf } from "./options";
import { givenProvider } from "./providers";
import { packageOf, providerUrn } from "../urn";
import { isObject, outputSignature, signatureKey, type Json, type JsonObject } from "../../resilience/values";
import { fromOutputs, toOutputs } from "../wire";

/** What a resource is registered with, after its transforms. */
export interface Transformed {
  /** Its inputs. */
  inputs: JsonObject;
  /** Its options. */
  options: TransformResourceOptions;
  /** URNs that it depends on. */
  dependencies: Set<string>;
  /** URNs that each input depends on. */
  propertyDependencies: Map<string, Set<string>>;
  /** URNs that parts of inputs depend on, by path. */
  references: Record<string, string[]>;
}

/**
 * The resource after its own transforms, then its ancestors', then the stack's.
 *
 * As in the engine (`resource/deploy/source_eval.go`), property dependencies are handed over, and rebuilt from the answer, only
 * for a resource that has transforms of its own; since the SDK's callback answers with plain values, such a resource keeps
 * `dependsOn` and loses the dependencies of its properties.
 */
export async function transformed(deployment: Deployment, request: RegisterResourceRequest): Promise<Transformed> {
  const start = asRequested(deployment, request);
  const own = request.getTransformsList();
  const inherited = [...ancestors(deployment, request.getParent())].flatMap(
    (urn) => deployment.transforms.get(urn) ?? [],
  );
  const all = [...own, ...inherited, ...deployment.stackTransforms];
  if (all.length === 0) return start;

  let properties = handedOver(start, own.length > 0);
  let options = start.options;
  for (const callback of all) {
    const response = await transform(deployment, callback, request, properties, options);
    if (response.hasProperties()) properties = structJson(response.getProperties());
    options = response.getOptions() ?? options;
  }
  const startOver = own.length > 0;
  const dependencies = startOver ? new Set(options.getDependsOnList()) : start.dependencies;
  const propertyDependencies = startOver ? new Map<string, Set<string>>() : start.propertyDependencies;
  const inputs: JsonObject = {};
  for (const [key, value] of Object.entries(properties)) {
    const urns = new Set<string>();
    inputs[key] = fromOutputs(value, urns);
    propertyDependencies.set(key, new Set([...(propertyDependencies.get(key) ?? []), ...urns]));
    if (startOver) for (const urn of urns) dependencies.add(urn);
  }
  return { inputs, options, dependencies, propertyDependencies, references: stillTrue(start, inputs) };
}

/** References of the inputs that the transforms left as they were: what they answer says nothing about parts. */
function stillTrue(start: Transformed, inputs: JsonObject): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(start.references).filter(([path]) => {
      const [key = ""] = path.split(/[.[]/);
      return isDeepStrictEqual(start.inputs[key], inputs[key]);
    }),
  );
}

/** A data source's arguments and provider after the stack's transforms. */
export async function transformedInvoke(
  deployment: Deployment,
  request: ResourceInvokeRequest,
): Promise<{ args: JsonObject; provider: string; version: string; url: string }> {
  const { places, ...sent } = toldSecrets(structJson(request.getArgs()));
  let args = sent.args;
  let options = new TransformInvokeOptions();
  options.setProvider(request.getProvider());
  options.setVersion(request.getVersion());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  for (const callback of deployment.invokeTransforms) {
    const message = new TransformInvokeRequest();
    message.setToken(request.getTok());
    message.setArgs(Struct.fromJavaScript(args));
    message.setOptions(options);
    const answer = await deployment.callbacks.invoke(callback, message.serializeBinary());
    const response = TransformInvokeResponse.deserializeBinary(answer);
    if (response.hasArgs()) args = structJson(response.getArgs());
    options = response.getOptions() ?? options;
  }
  const [provider, version, url] = [options.getProvider(), options.getVersion(), options.getPluginDownloadUrl()];
  // Transforms get and give plain values, as from the engine.
  return { args: withSecrets(args, places), provider, version, url };
}

async function transform(
  deployment: Deployment,
  callback: Callback,
  request: RegisterResourceRequest,
  properties: JsonObject,
  options: TransformResourceOptions,
): Promise<TransformResponse> {
  const message = new TransformRequest();
  message.setType(request.getType());
  message.setName(request.getName());
  message.setCustom(request.getCustom());
  message.setParent(request.getParent());
  message.setProperties(Struct.fromJavaScript(properties));
  message.setOptions(options);
  return TransformResponse.deserializeBinary(await deployment.callbacks.invoke(callback, message.serializeBinary()));
}

function asRequested(deployment: Deployment, request: RegisterResourceRequest): Transformed {
  const { inputs, references } = requestedInputs(request.getObject());
  const dependencies = new Set(request.getDependenciesList());
  const propertyDependencies = new Map<string, Set<string>>();
  request
    .getPropertydependenciesMap()
    .forEach((urns, key) => propertyDependencies.set(key, new Set(urns.getUrnsList())));
  if (propertyDependencies.size === 0 && !request.getRemote()) {
    for (const key of Object.keys(inputs)) propertyDependencies.set(key, new Set(dependencies));
  }
  // A remote component's arguments arrive as outputs.
  const plainInputs = Object.entries(inputs).map(([key, value]): [string, Json] => [
    key,
    fromOutputs(value, new Set()),
  ]);
  return {
    inputs: Object.fromEntries(plainInputs),
    options: requestedOptions(deployment, request),
    dependencies,
    propertyDependencies,
    references,
  };
}

/** What a program asks for, and what the code that runs before it tells about parts of it (see `referencesKey`). */
export function requestedInputs(struct: Parameters<typeof structJson>[0]): {
  inputs: JsonObject;
  references: Record<string, string[]>;
} {
  const { [referencesKey]: told, ...inputs } = structJson(struct);
  const entries = isObject(told) ? Object.entries(told) : [];
  const references = entries
    .map(([path, urns]): [string, string[]] => [
      path,
      Array.isArray(urns) ? urns.filter((urn) => typeof urn === "string") : [],
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { inputs, references: Object.fromEntries(references) };
}

/** The options before transforms, with what the parent passes on (the engine's `inheritFromParent` and `resolveProvider`). */
function requestedOptions(deployment: Deployment, request: RegisterResourceRequest): TransformResourceOptions {
  const options = new TransformResourceOptions();
  const inherited = deployment.resources.get(request.getParent())?.options ?? {};
  const protect = request.hasProtect() ? request.getProtect() : inherited.protect;
  const retainOnDelete = request.hasRetainondelete() ? request.getRetainondelete() : inherited.retainOnDelete;
  options.setDependsOnList(request.getDependenciesList());
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setAliasesList(requestedAliases(request));
  options.setHideDiffList(request.getHidediffsList());
  options.setReplaceWithList(request.getReplaceWithList());
  options.setReplacementTrigger(request.getReplacementTrigger());
  options.setVersion(request.getVersion());
  options.setProvider(requestedProvider(deployment, request));
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  options.setDeletedWith(request.getDeletedwith() || (inherited.deletedWith ?? ""));
  options.setImport(request.getImportid());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setHooks(request.getHooks());
  if (protect !== undefined) options.setProtect(protect);
  if (retainOnDelete !== undefined) options.setRetainOnDelete(retainOnDelete);
  if (request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()) {
    options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  }
  request.getProvidersMap().forEach((reference, name) => options.getProvidersMap().set(name, reference));
  return options;
}

/** A resource below another one has that one's provider where both are of one package. */
function requestedProvider(deployment: Deployment, request: RegisterResourceRequest): string {
  const token = request.getType();
  const above = deployment.resources.get(request.getParent())?.provider ?? "";
  const isOfPackage =
    providerUrn(above)
      .split("::")[2]
      ?.endsWith(`pulumi:providers:${packageOf(token)}`) === true;
  const explicit = request.getProvider() || (isOfPackage ? above : "");
  if (!request.getCustom() && !request.getRemote()) return explicit;
  const own = recordOf(request.getProvidersMap());
  return givenProvider(deployment, { token, explicit, own, parent: request.getParent() });
}

/**
 * SDKs before the flag `aliasSpecs` said "no parent" and "the same parent" the wrong way round, and still older ones sent URNs (the
 * engine's `transformAliasForNodeJSCompat`).
 */
function requestedAliases(request: RegisterResourceRequest): Alias[] {
  const urns = request.getAliasurnsList().map((urn) => {
    const alias = new Alias();
    alias.setUrn(urn);
    return alias;
  });
  if (request.getAliasspecs()) return [...urns, ...request.getAliasesList()];
  for (const alias of request.getAliasesList()) {
    const spec = alias.getSpec();
    if (spec === undefined || spec.getParenturn() !== "") continue;
    spec.setNoparent(!spec.getNoparent());
  }
  return [...urns, ...request.getAliasesList()];
}

/** The properties as a callback gets them: secrets and unknowns as outputs, each with its dependencies where the engine sends them. */
function handedOver({ inputs, propertyDependencies }: Transformed, withDependencies: boolean): JsonObject {
  const properties: JsonObject = {};
  for (const [key, input] of Object.entries(inputs)) {
    const value = toOutputs(input);
    const urns = withDependencies ? [...(propertyDependencies.get(key) ?? [])].sort() : [];
    properties[key] = urns.length === 0 ? value : dependentOutput(value, urns);
  }
  return properties;
}

function dependentOutput(value: Json, urns: string[]): JsonObject {
  const output: JsonObject =
    isObject(value) && value[signatureKey] === outputSignature ? value : { [signatureKey]: outputSignature, value };
  return { ...output, dependencies: urns };
}
