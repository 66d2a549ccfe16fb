/** What transforms made of resources' options, from the real engine's log of calls. Shares no code with the planner. */
import { TransformRequest, TransformResponse, type TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import type { Json, JsonObject } from "../../planner";
import { text } from "./json";

/** A call in the log: begun or answered. */
export interface Entry {
  method: string;
  progress: string;
  request: JsonObject;
  response: JsonObject;
}

/**
 * Options as the last transform left them, by type, name and parent. A packaged component passes them twice, when the program asks for it and
 * when its plugin makes it; what the program's request became counts.
 *
 * @param calls - transforms and `Construct`, in the log's order.
 */
export function transformedOptions(calls: readonly Entry[]): Map<string, TransformResourceOptions> {
  const options = new Map<string, TransformResourceOptions>();
  const begun = new Set<string>();
  for (const { method, progress, request, response } of calls) {
    if (method.endsWith("/Construct")) begun.add(keyOf(request));
    if (!isTransform(method) || progress !== "response_completed") continue;
    const asked = TransformRequest.deserializeBinary(bytes(request["request"]));
    const answered = TransformResponse.deserializeBinary(bytes(response["response"])).getOptions();
    const key = keyOf({ type: asked.getType(), name: asked.getName(), parent: asked.getParent() });
    const last = answered ?? options.get(key) ?? asked.getOptions();
    if (asked.getName() !== "" && !begun.has(key) && last !== undefined) options.set(key, last);
  }
  return options;
}

/** Whether the engine called a function of the program. */
export function isTransform(method: string): boolean {
  return method.includes("Callbacks") && method.endsWith("/Invoke");
}

/** What tells a resource from others before it has a URN. */
export function keyOf({ type, name, parent }: JsonObject): string {
  return JSON.stringify([type, name, parent ?? ""]);
}

function bytes(value: Json | undefined): Uint8Array {
  return Buffer.from(text(value), "base64");
}

/** Options that a state does not hold, as a transform answered them. */
export function answeredOptions(options: TransformResourceOptions): JsonObject {
  const providers: JsonObject = {};
  options.getProvidersMap().forEach((reference: string, name: string) => {
    providers[name] = reference;
  });
  return {
    aliases: options.getAliasesList().map((alias): Json => {
      const spec = alias.getSpec();
      if (spec === undefined) return alias.getUrn();
      const { noparent, parenturn, ...rest } = spec.toObject();
      return {
        ...rest,
        ...(noparent ? { noParent: true } : {}),
        ...(parenturn === "" ? {} : { parentUrn: parenturn }),
      };
    }),
    deleteBeforeReplace: options.hasDeleteBeforeReplace() ? options.getDeleteBeforeReplace() === true : "",
    pluginDownloadURL: options.getPluginDownloadUrl(),
    providers,
    version: options.getVersion(),
  };
}
