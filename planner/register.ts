import {
  ReadResourceResponse,
  RegisterPackageResponse,
  RegisterResourceResponse,
  type ReadResourceRequest,
  type RegisterPackageRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type TransformResourceOptions,
} from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { givenAnswer } from "./answers";
import { structJson, type Deployment, type RecordedResource } from "./deployment";
import { framesOf } from "./location";
import { chooseProvider } from "./providers";
import type { ResourceOptions } from "./plan-types";
import { requestedInputs, transformed } from "./transforms";
import { aliasUrn, stackType, urnOf, type ResourceIdentity } from "./urn";
import { asSecret, type Json, type JsonObject } from "../resilience/values";

/**
 * Records a resource and answers as a preview does: its inputs are known, everything else is not. (What is missing from the
 * answer is unknown to the SDK: `resolveProperties` in its `runtime/rpc.js`.)
 */
export async function registerResource(
  deployment: Deployment,
  request: RegisterResourceRequest,
): Promise<RegisterResourceResponse> {
  const identity = { type: request.getType(), name: request.getName(), parent: request.getParent() };
  if (identity.parent !== "" && !deployment.resources.has(identity.parent)) {
    throw new Error(`unknown parent '${identity.parent}'`);
  }
  const { inputs, options, dependencies, propertyDependencies, references } = await transformed(deployment, request);
  const urn = claimUrn(deployment, identity);
  const isProvider = identity.type.startsWith("pulumi:providers:");
  const version = deployment.packages.get(request.getPackageref())?.version ?? options.getVersion();
  const resource: RecordedResource = {
    urn,
    ...identity,
    provider: request.getCustom() && !isProvider ? providerOf(deployment, identity, options, version) : "",
    inputs: isProvider && version !== "" ? { ...inputs, version } : inputs,
    dependencies: [...dependencies].sort(),
    propertyDependencies: sortedDependencies(propertyDependencies),
    references,
    options: recordedOptions(deployment, identity, options, version),
    frames: framesOf(request),
  };
  deployment.resources.set(urn, resource);
  if (request.getTransformsList().length > 0) deployment.transforms.set(urn, request.getTransformsList());

  const response = new RegisterResourceResponse();
  response.setUrn(urn);
  // An adopted resource is read while previewing, so its id is known; a new one's is not.
  if (request.getCustom()) response.setId(options.getImport());
  response.setObject(Struct.fromJavaScript(request.getCustom() ? outputsOf(resource) : {}));
  return response;
}

/** Records a resource that belongs to somebody else. Its id is known, as are the properties that the program gave. */
export function readResource(deployment: Deployment, request: ReadResourceRequest): ReadResourceResponse {
  const identity = { type: request.getType(), name: request.getName(), parent: request.getParent() };
  const urn = claimUrn(deployment, identity);
  const version = request.getVersion();
  const choice = { token: identity.type, explicit: request.getProvider(), own: {}, parent: identity.parent, version };
  const isReference = identity.type === stackReferenceType;
  const { inputs, references } = requestedInputs(request.getProperties());
  deployment.resources.set(urn, {
    urn,
    ...identity,
    provider: isReference ? "" : chooseProvider(deployment, choice),
    inputs,
    dependencies: request.getDependenciesList().sort(),
    propertyDependencies: {},
    references,
    options: { external: true, id: request.getId(), ...(version === "" ? {} : { version }) },
    frames: framesOf(request),
  });
  const response = new ReadResourceResponse();
  response.setUrn(urn);
  const answer = isReference ? referencedStack(deployment, inputs) : {};
  response.setProperties(Struct.fromJavaScript({ ...answer, ...inputs }));
  return response;
}

const stackReferenceType = "pulumi:pulumi:StackReference";

/** Another stack's outputs, as the caller knows them: `{ "pulumi:pulumi:StackReference": { "outputs": { … } } }`. */
function referencedStack({ answers, unanswered }: Deployment, args: JsonObject): JsonObject {
  const answer = givenAnswer(answers, { token: stackReferenceType, args, providerInputs: {} });
  if (answer === undefined) unanswered.push({ token: stackReferenceType, args, provider: null });
  return answer ?? {};
}

/** Takes the outputs of a component or, at the program's end, of the stack. */
export function registerOutputs(deployment: Deployment, request: RegisterResourceOutputsRequest): void {
  const resource = deployment.resources.get(request.getUrn());
  if (resource === undefined) throw new Error(`unknown resource '${request.getUrn()}'`);
  const outputs = structJson(request.getOutputs());
  if (resource.type === stackType) deployment.outputs = outputs;
  else if (Object.keys(outputs).length > 0) resource.outputs = outputs;
}

/** Takes note of a package that the program brings with it (a parameterized provider or a component's). */
export function registerPackage(deployment: Deployment, request: RegisterPackageRequest): RegisterPackageResponse {
  const used = request.getParameterization() ?? request;
  const reference = `${request.getName()}@${request.getVersion()}/${used.getName()}@${used.getVersion()}`;
  deployment.packages.set(reference, { name: used.getName(), version: used.getVersion() });
  const response = new RegisterPackageResponse();
  response.setRef(reference);
  return response;
}

function claimUrn(deployment: Deployment, identity: ResourceIdentity): string {
  const urn = urnOf(deployment, identity);
  if (deployment.resources.has(urn)) {
    throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
  }
  return urn;
}

function providerOf(
  deployment: Deployment,
  { type, parent }: ResourceIdentity,
  options: TransformResourceOptions,
  version: string,
): string {
  const own = mapOf(options.getProvidersMap());
  return chooseProvider(deployment, { token: type, explicit: options.getProvider(), own, parent, version });
}

function outputsOf({ inputs, options }: RecordedResource): JsonObject {
  const secret = new Set(options.additionalSecretOutputs);
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]): [string, Json] => [key, secret.has(key) ? asSecret(value) : value]),
  );
}

function recordedOptions(
  deployment: Deployment,
  identity: ResourceIdentity,
  options: TransformResourceOptions,
  version: string,
): ResourceOptions {
  const recorded: ResourceOptions = {};
  const lists = {
    aliases: [...new Set(options.getAliasesList().map((alias) => aliasUrn(deployment, identity, alias)))],
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
    replaceWith: options.getReplaceWithList(),
  };
  for (const key of [
    "aliases",
    "additionalSecretOutputs",
    "ignoreChanges",
    "replaceOnChanges",
    "replaceWith",
  ] as const) {
    if (lists[key].length > 0) recorded[key] = lists[key];
  }
  const timeouts = options.getCustomTimeouts();
  const set = (values: Record<string, string>) => Object.entries(values).filter(([, value]) => value !== "");
  const customTimeouts = set({
    create: timeouts?.getCreate() ?? "",
    update: timeouts?.getUpdate() ?? "",
    delete: timeouts?.getDelete() ?? "",
  });
  if (customTimeouts.length > 0) recorded.customTimeouts = Object.fromEntries(customTimeouts);
  if (options.hasDeleteBeforeReplace()) recorded.deleteBeforeReplace = options.getDeleteBeforeReplace() ?? false;
  if (options.getDeletedWith() !== "") recorded.deletedWith = options.getDeletedWith();
  const hooks = Object.entries(options.getHooks()?.toObject() ?? {}).filter(([, names]) => names.length > 0);
  if (hooks.length > 0)
    recorded.hooks = Object.fromEntries(hooks.map(([key, names]) => [key.replace(/List$/, ""), names]));
  if (options.getImport() !== "") recorded.import = options.getImport();
  if (options.hasProtect()) recorded.protect = options.getProtect() ?? false;
  const providers = mapOf(options.getProvidersMap());
  if (Object.keys(providers).length > 0) recorded.providers = providers;
  if (options.hasRetainOnDelete()) recorded.retainOnDelete = options.getRetainOnDelete() ?? false;
  if (version !== "") recorded.version = version;
  return recorded;
}

function sortedDependencies(dependencies: Map<string, Set<string>>): Record<string, string[]> {
  const sorted = [...dependencies].filter(([, urns]) => urns.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, urns]) => [key, [...urns].sort()]));
}

function mapOf(map: { forEach(visit: (value: string, key: string) => void): void }): Record<string, string> {
  const object: Record<string, string> = {};
  map.forEach((value, key) => {
    object[key] = value;
  });
  return object;
}
