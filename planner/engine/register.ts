import {
  ReadResourceResponse,
  RegisterResourceResponse,
  type ReadResourceRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { stackReferenceType } from "../answers/data-source-call";
import { structJson, type Deployment, type PackageRequest, type RecordedResource } from "../deployment";
import { framesOf } from "../location";
import { recordedOptions } from "./options";
import { packageRequest } from "./package-request";
import type { ResourceOptions } from "../plan-types";
import { defaultProvider } from "./providers";
import { answerRead } from "../answers/read-answers";
import { requestedInputs, transformed } from "./transforms";
import { stackType, urnOf, type ResourceIdentity } from "../urn";
import { asSecret, unknownValue, type Json, type JsonObject } from "../../resilience/values";

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
  const isProvider = identity.type.startsWith("pulumi:providers:");
  if (request.getEnvvarmappingsMap().getLength() > 0 && !isProvider) {
    throw new Error("envVarMappings can only be used with provider resources");
  }
  const { inputs, options, dependencies, propertyDependencies, references } = await transformed(deployment, request);
  const asked = { version: options.getVersion(), url: options.getPluginDownloadUrl() };
  const wanted = packageRequest(deployment, identity.type, request, asked);
  const hasProvider = (request.getCustom() && !isProvider) || request.getRemote();
  // A packaged component's plugin runs in a provider too, which the engine makes; the component itself has none in its state.
  const provider = hasProvider ? options.getProvider() || defaultProvider(deployment, wanted, identity.type) : "";
  const urn = claimUrn(deployment, identity);
  const { version } = wanted;
  const resource: RecordedResource = {
    urn,
    ...identity,
    provider: request.getCustom() ? provider : "",
    inputs: isProvider && version !== "" ? { ...inputs, version } : inputs,
    dependencies: [...dependencies].sort(),
    propertyDependencies: sortedDependencies(propertyDependencies),
    references,
    options: recordedOptions(deployment, identity, request, options, version),
    frames: framesOf(request),
  };
  deployment.resources.set(urn, resource);
  if (!request.getCustom()) {
    // A component has the providers of the one that it belongs to, but for those that it says itself.
    const inherited = deployment.componentProviders.get(identity.parent);
    deployment.componentProviders.set(urn, { ...inherited, ...resource.options.providers });
  }
  if (request.getTransformsList().length > 0) deployment.transforms.set(urn, request.getTransformsList());

  const response = new RegisterResourceResponse();
  response.setUrn(urn);
  // An adopted resource is read while previewing, so its id is known; a new one's is not.
  if (request.getCustom()) response.setId(options.getImport());
  const outputs = request.getCustom() ? withSecrets(inputs, resource.options.additionalSecretOutputs) : {};
  response.setObject(Struct.fromJavaScript(outputs));
  return response;
}

/** Records a resource that belongs to somebody else. Where its id is known, so are the properties that the program gave. */
export function readResource(deployment: Deployment, request: ReadResourceRequest): ReadResourceResponse {
  const identity = { type: request.getType(), name: request.getName(), parent: request.getParent() };
  const urn = claimUrn(deployment, identity);
  const asked = { version: request.getVersion(), url: request.getPlugindownloadurl() };
  const wanted = packageRequest(deployment, identity.type, request, asked);
  const isReference = identity.type === stackReferenceType;
  const { inputs, references } = requestedInputs(request.getProperties());
  const provider = request.getProvider() || defaultProvider(deployment, wanted, identity.type);
  const frames = framesOf(request);
  const secretOutputs = request.getAdditionalsecretoutputsList();
  const answer = answerRead(deployment, {
    token: identity.type,
    args: { id: request.getId(), ...inputs },
    provider: isReference ? "" : provider,
    frames,
  });
  // What is not known yet cannot be read, and the engine then forgets even what the program gave (`ReadStep` in `resource/deploy/step.go`).
  const properties = request.getId() === unknownValue ? {} : { ...inputs, ...answer };
  deployment.resources.set(urn, {
    urn,
    ...identity,
    provider,
    inputs,
    // Another stack's are its own: what this program takes of them stands where it uses it.
    ...(isReference || Object.keys(answer).length === 0 ? {} : { outputs: withSecrets(properties, secretOutputs) }),
    dependencies: request.getDependenciesList().sort(),
    propertyDependencies: {},
    references,
    options: readOptions(request, wanted),
    frames,
  });
  const response = new ReadResourceResponse();
  response.setUrn(urn);
  response.setProperties(Struct.fromJavaScript(properties));
  return response;
}

function readOptions(request: ReadResourceRequest, { version, url }: PackageRequest): ResourceOptions {
  const additionalSecretOutputs = request.getAdditionalsecretoutputsList();
  return {
    ...(additionalSecretOutputs.length === 0 ? {} : { additionalSecretOutputs }),
    external: true,
    id: request.getId(),
    ...(url === "" ? {} : { pluginDownloadURL: url }),
    ...(version === "" ? {} : { version }),
  };
}

/** Takes the outputs of a component or, at the program's end, of the stack. */
export function registerOutputs(deployment: Deployment, request: RegisterResourceOutputsRequest): void {
  const resource = deployment.resources.get(request.getUrn());
  if (resource === undefined) throw new Error(`unknown resource '${request.getUrn()}'`);
  const outputs = structJson(request.getOutputs());
  if (resource.type === stackType) deployment.outputs = outputs;
  else if (Object.keys(outputs).length > 0) resource.outputs = outputs;
}

function claimUrn(deployment: Deployment, identity: ResourceIdentity): string {
  const urn = urnOf(deployment, identity);
  if (deployment.resources.has(urn)) {
    throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
  }
  return urn;
}

/** The properties, those that an option names as secrets. */
function withSecrets(properties: JsonObject, secretOutputs: readonly string[] = []): JsonObject {
  const secret = new Set(secretOutputs);
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]): [string, Json] => [key, secret.has(key) ? asSecret(value) : value]),
  );
}

function sortedDependencies(dependencies: Map<string, Set<string>>): Record<string, string[]> {
  const sorted = [...dependencies].filter(([, urns]) => urns.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, urns]) => [key, [...urns].sort()]));
}
