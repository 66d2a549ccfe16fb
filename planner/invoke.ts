import { CallResponse, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { ResourceCallRequest, ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { givenAnswer } from "./answers";
import { builtInAnswer } from "./built-in-answers";
import { structJson, type Deployment } from "./deployment";
import { placeholderAnswer } from "./placeholder-answers";
import { chooseProvider } from "./providers";
import { transformedInvoke } from "./transforms";
import { providerUrn } from "./urn";
import { unknownValue, type Json, type JsonObject } from "../resilience/values";
import { plain } from "./wire";

/** Answers a data source: as the caller said, as we know without asking anybody, or with a placeholder of the right type. */
export async function invoke(deployment: Deployment, request: ResourceInvokeRequest): Promise<InvokeResponse> {
  const token = request.getTok();
  const response = new InvokeResponse();
  if (token === "pulumi:pulumi:getResource") {
    response.setReturn(Struct.fromJavaScript(ownResource(deployment, structJson(request.getArgs()))));
    return response;
  }
  const { args, provider: explicit, version } = await transformedInvoke(deployment, request);
  const provider = token.startsWith("pulumi:")
    ? ""
    : chooseProvider(deployment, { token, explicit, own: {}, parent: "", version });
  response.setReturn(Struct.fromJavaScript(answerTo(deployment, token, args, provider)));
  return response;
}

/** Answers a method of a resource (`provider.terraformConfig()`), which only a provider could carry out. */
export function callMethod(deployment: Deployment, request: ResourceCallRequest): CallResponse {
  const response = new CallResponse();
  const answer = answerTo(deployment, request.getTok(), structJson(request.getArgs()), request.getProvider());
  response.setReturn(Struct.fromJavaScript(answer));
  return response;
}

function answerTo(deployment: Deployment, token: string, args: JsonObject, provider: string): JsonObject {
  const providerInputs = plainObject(deployment.resources.get(providerUrn(provider))?.inputs ?? {});
  const call = { token, args: plainObject(args), providerInputs };
  const known = givenAnswer(deployment.answers, call) ?? builtInAnswer(call, deployment.madeUp);
  if (known !== undefined) return known;
  deployment.unanswered.push({ token, args, provider: provider === "" ? null : provider });
  return placeholderAnswer(call, deployment);
}

/** What the SDK asks for when a program refers to a resource by its URN. */
function ownResource(deployment: Deployment, args: JsonObject): JsonObject {
  const urn = typeof args["urn"] === "string" ? args["urn"] : "";
  const resource = deployment.resources.get(urn);
  if (resource === undefined) throw new Error(`unknown resource '${urn}'`);
  return { urn: resource.urn, id: unknownValue, state: resource.inputs };
}

function plainObject(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]): [string, Json] => [key, plain(item)]));
}
