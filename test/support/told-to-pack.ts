/** What the real engine told a policy pack, from its own log (`PULUMI_DEBUG_GRPC`), as a graph. Shares no code with the pack. */
import type { Graph } from "../../resilience/graph";
import { graphOfPolicy, type PolicyForm } from "../../resilience/sources/from-policy";
import { isObject, type Json, type JsonObject } from "../../resilience/values";

/** The graph that a pack can make of what it was told: inputs of each resource, and everything at the end. */
export function graphToldToPack(log: string): Graph {
  const requests = log.split("\n").flatMap((line) => {
    const entry = line === "" ? {} : (JSON.parse(line) as JsonObject);
    return entry["progress"] === "request_started" ? [entry] : [];
  });
  const of = (method: string): JsonObject[] =>
    requests.flatMap((entry) =>
      entry["method"] === `/pulumirpc.Analyzer/${method}` ? [object(entry["request"])] : [],
    );
  const inputs = new Map(of("Analyze").map((request) => [text(request["urn"]), object(request["properties"])]));
  const [whole] = of("AnalyzeStack");
  return graphOfPolicy(list(whole?.["resources"]).map(object).map(formOf), inputs);
}

function formOf(resource: JsonObject): PolicyForm {
  const provider = resource["provider"] === undefined ? null : object(resource["provider"]);
  return {
    urn: text(resource["urn"]),
    type: text(resource["type"]),
    props: object(resource["properties"]),
    protect: object(resource["options"])["protect"] === true,
    parent: text(resource["parent"]) || null,
    provider:
      provider === null
        ? null
        : { urn: text(provider["urn"]), type: text(provider["type"]), props: object(provider["properties"]) },
    dependencies: list(resource["dependencies"]).map(text),
    propertyDependencies: Object.fromEntries(
      Object.entries(object(resource["propertyDependencies"])).map(([key, value]) => [
        key,
        list(object(value)["urns"]).map(text),
      ]),
    ),
  };
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
