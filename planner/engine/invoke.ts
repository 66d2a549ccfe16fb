import { CallResponse, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { ResourceCallRequest, ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { answerTo } from "../answers/data-sources";
import { structJson, type Deployment } from "../deployment";
import { framesOf } from "../location";
import { packageRequest } from "./package-request";
import { defaultProvider } from "./providers";
import { transformedInvoke } from "./transforms";
import { isObject, mapValues, unknownValue, type JsonObject } from "../../resilience/values";
import { fromOutputs } from "../wire";

/** Answers a data source: as the caller said, as we know without asking anybody, or with a placeholder of the right type. */
export async function invoke(deployment: Deployment, request: ResourceInvokeRequest): Promise<InvokeResponse> {
  const token = request.getTok();
  const response = new InvokeResponse();
  if (token === "pulumi:pulumi:getResource") {
    defaultProvider(deployment, { name: "pulumi", version: "", url: "" }, token);
    response.setReturn(Struct.fromJavaScript(ownResource(deployment, structJson(request.getArgs()))));
    return response;
  }
  const { args, provider: explicit, ...options } = await transformedInvoke(deployment, request);
  const wanted = packageRequest(deployment, token, request, options);
  const provider = token.startsWith("pulumi:") ? "" : explicit || defaultProvider(deployment, wanted, token);
  const answer = answerTo(deployment, { token, args, provider, frames: framesOf(request) });
  response.setReturn(Struct.fromJavaScript(answer));
  return response;
}

/** Answers a method of a resource (`provider.terraformConfig()`), which only a provider could carry out. */
export function callMethod(deployment: Deployment, request: ResourceCallRequest): CallResponse {
  const response = new CallResponse();
  const token = request.getTok();
  // A method's arguments arrive as outputs.
  const args = mapValues(structJson(request.getArgs()), (value) => fromOutputs(value, new Set()));
  const provider = methodProvider(deployment, request, args);
  const answer = answerTo(deployment, { token, args, provider, frames: framesOf(request) });
  response.setReturn(Struct.fromJavaScript(answer));
  return response;
}

/** A provider carries out its own methods; those of a resource, the provider of that resource (the engine's `Call`). */
function methodProvider(deployment: Deployment, request: ResourceCallRequest, args: JsonObject): string {
  const token = request.getTok();
  const self = isObject(args["__self__"]) ? args["__self__"] : {};
  const urn = typeof self["urn"] === "string" ? self["urn"] : "";
  if (token.startsWith("pulumi:providers:"))
    return `${urn}::${typeof self["id"] === "string" ? self["id"] : unknownValue}`;
  const said = request.getProvider() || (deployment.resources.get(urn)?.provider ?? "");
  const options = { version: request.getVersion(), url: request.getPlugindownloadurl() };
  return said || defaultProvider(deployment, packageRequest(deployment, token, request, options), token);
}

/** What the SDK asks for when a program refers to a resource by its URN. */
function ownResource(deployment: Deployment, args: JsonObject): JsonObject {
  const urn = typeof args["urn"] === "string" ? args["urn"] : "";
  const resource = deployment.resources.get(urn);
  if (resource === undefined) throw new Error(`unknown resource '${urn}'`);
  return { urn: resource.urn, id: unknownValue, state: resource.inputs };
}
