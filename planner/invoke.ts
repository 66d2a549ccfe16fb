import { CallResponse, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { ResourceCallRequest, ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { answerTo } from "./data-sources";
import { structJson, type Deployment } from "./deployment";
import { framesOf } from "./location";
import { packageRequest } from "./package-request";
import { defaultProvider } from "./providers";
import { transformedInvoke } from "./transforms";
import { unknownValue, type JsonObject } from "../resilience/values";

/** Answers a data source: as the caller said, as we know without asking anybody, or with a placeholder of the right type. */
export async function invoke(deployment: Deployment, request: ResourceInvokeRequest): Promise<InvokeResponse> {
  const token = request.getTok();
  const response = new InvokeResponse();
  if (token === "pulumi:pulumi:getResource") {
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
  const asked = { token: request.getTok(), args: structJson(request.getArgs()), provider: request.getProvider() };
  const answer = answerTo(deployment, { ...asked, frames: framesOf(request) });
  response.setReturn(Struct.fromJavaScript(answer));
  return response;
}

/** What the SDK asks for when a program refers to a resource by its URN. */
function ownResource(deployment: Deployment, args: JsonObject): JsonObject {
  const urn = typeof args["urn"] === "string" ? args["urn"] : "";
  const resource = deployment.resources.get(urn);
  if (resource === undefined) throw new Error(`unknown resource '${urn}'`);
  return { urn: resource.urn, id: unknownValue, state: resource.inputs };
}
