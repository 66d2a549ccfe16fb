import { known, mapFact, unknown, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Kind, Need, Part, Surroundings } from "../../model";
import { boolean, property, text } from "../../reader";
import { dependenciesAt } from "../../references";
import { oncePerGraph, push } from "../once";
import { apiEntry } from "./api-entries";
import { pointed, uncertainty } from "./pointers";
import {
  BALANCERS,
  FUNCTION,
  FUNCTION_ALIAS,
  HTTP_API,
  HTTP_DOMAIN,
  HTTP_INTEGRATION,
  HTTP_MAPPING,
  HTTP_ROUTING_RULE,
  LISTENERS,
  REST_API,
  REST_DOMAIN,
  REST_INTEGRATION,
  REST_MAPPING,
  REST_VPC_LINK,
} from "./types";

/** HTTP, WebSocket and REST APIs, and the hostnames that they are given. Each is a way in. */
export const apiKinds: readonly Kind[] = [
  { types: [HTTP_API, REST_API], parts: apiOf },
  { types: [HTTP_DOMAIN, REST_DOMAIN], parts: domainOf },
];

function apiOf(resource: Resource, around: Surroundings): Part[] {
  const isDisabled = withDefault(boolean(resource, "disableExecuteApiEndpoint"), false);
  const isPrivate = mapFact(endpointType(resource), (type) => type === "PRIVATE");
  const needs = needsOfApi(resource, around.index);
  return [
    apiEntry(
      resource,
      around,
      needs,
      isPrivate.known && isPrivate.value ? known(false) : mapFact(isDisabled, (is) => !is),
    ),
  ];
}

/** `EDGE`, `REGIONAL` or `PRIVATE`; a text here, and a list of one in states that an older SDK has written. */
function endpointType(resource: Resource): Fact<string | undefined> {
  return mapFact(property(resource, "endpointConfiguration.types"), (value) => {
    const first = Array.isArray(value) ? value[0] : value;
    return typeof first === "string" ? first : undefined;
  });
}

const integrationsByApi = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const [type, path, api] of [
    [HTTP_INTEGRATION, "apiId", HTTP_API],
    [REST_INTEGRATION, "restApi", REST_API],
  ] as const) {
    for (const integration of index.ofType(type)) {
      for (const { urn } of pointed(index, integration, path, [api]).resources) push(found, urn, integration);
    }
  }
  return found;
});

/** Each integration is a route of its own: what stands behind another does not answer for it. */
function needsOfApi(api: Resource, index: GraphIndex): Need[] {
  const integrations = integrationsByApi(index).get(api.urn) ?? [];
  const needs = [
    ...integrations.flatMap((integration) => needOfIntegration(integration, index)),
    ...needsOfDefinition(api, index),
  ];
  if (needs.length > 0 || integrations.length > 0) return distinct(needs);
  const why = unknown(api.urn, "integrations", "are not in this design, so that it is not known what answers");
  return [{ what: "an integration", atLeast: 1, of: [], unknown: why }];
}

const BEHIND = [FUNCTION, FUNCTION_ALIAS, ...BALANCERS, ...LISTENERS, REST_VPC_LINK];

/** Integrations that answer by themselves, or by a service of AWS in the API's own region. */
function answersAlone(integration: Resource): boolean {
  const type = valueOr(
    text(integration, integration.type === REST_INTEGRATION ? "type" : "integrationType"),
    undefined,
  );
  const subtype = valueOr(text(integration, "integrationSubtype"), undefined);
  const uri = valueOr(text(integration, "uri"), undefined);
  const isService = type === "AWS" && uri !== undefined && !uri.includes(":lambda:");
  return type === "MOCK" || subtype !== undefined || isService;
}

function needOfIntegration(integration: Resource, index: GraphIndex): Need[] {
  if (answersAlone(integration)) return [];
  const path = integration.type === REST_INTEGRATION ? "uri" : "integrationUri";
  const uri = pointed(index, integration, path, BEHIND);
  const link = pointed(index, integration, "connectionId", [REST_VPC_LINK]);
  const of = [...uri.resources, ...link.resources].flatMap((target) => answering(target, index));
  const why =
    of.length > 0
      ? undefined
      : (uncertainty(integration, path, uri) ?? unknown(integration.urn, path, "names nothing in this design"));
  return [
    { what: "an integration", atLeast: 1, of: [...new Set(of)].sort(), ...(why === undefined ? {} : { unknown: why }) },
  ];
}

/** The part behind what an integration names: a listener's load balancer, an alias's function, what a link leads to. */
function answering(target: Resource, index: GraphIndex): string[] {
  if (target.type === FUNCTION_ALIAS) return urns(pointed(index, target, "functionName", [FUNCTION]).resources);
  if (target.type === REST_VPC_LINK) return urns(pointed(index, target, "targetArn", BALANCERS).resources);
  const isListener = LISTENERS.some((type) => type === target.type);
  return isListener ? urns(pointed(index, target, "loadBalancerArn", BALANCERS).resources) : [target.urn];
}

function urns(resources: readonly Resource[]): string[] {
  return resources.map(({ urn }) => urn);
}

/** An API that was made with its one target, or from an OpenAPI document: the functions that are named there. */
function needsOfDefinition(api: Resource, index: GraphIndex): Need[] {
  return ["target", "body"].flatMap((path): Need[] => {
    const written = text(api, path);
    if (written.known && written.value === undefined) return [];
    const named = written.known ? functionsIn(written.value ?? "", index) : [];
    const depended = dependenciesAt(api, path).urns.flatMap((urn) => index.byUrn.get(urn) ?? []);
    const of = [...named, ...depended.filter(({ type }) => BEHIND.some((each) => each === type))].flatMap((target) =>
      answering(target, index),
    );
    const distinctIds = [...new Set(of)].sort();
    if (distinctIds.length > 0) return distinctIds.map((id) => ({ what: "an integration", atLeast: 1, of: [id] }));
    const why = written.known ? unknown(api.urn, path, "names nothing in this design that answers") : written;
    return [{ what: "an integration", atLeast: 1, of: [], unknown: why }];
  });
}

function functionsIn(document: string, index: GraphIndex): Resource[] {
  const arns = document.match(/arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]+/g) ?? [];
  return [...new Set(arns)].flatMap((arn) => index.named(arn).filter(({ type }) => type === FUNCTION));
}

function distinct(needs: readonly Need[]): Need[] {
  const byTargets = new Map(
    needs.map((need) => [`${need.of.join(" ")} ${need.unknown?.urn ?? ""} ${need.unknown?.property ?? ""}`, need]),
  );
  return [...byTargets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, need]) => need);
}

const apisByDomain = oncePerGraph((index) => {
  const found = new Map<string, string[]>();
  for (const [type, domainType, apiPath] of [
    [HTTP_MAPPING, HTTP_DOMAIN, "apiId"],
    [REST_MAPPING, REST_DOMAIN, "restApi"],
  ] as const) {
    for (const mapping of index.ofType(type)) {
      const apis = urns(pointed(index, mapping, apiPath, [HTTP_API, REST_API]).resources);
      for (const { urn } of pointed(index, mapping, "domainName", [domainType]).resources) {
        for (const api of apis) push(found, urn, api);
      }
    }
  }
  for (const rule of index.ofType(HTTP_ROUTING_RULE)) {
    const apis = urns(pointed(index, rule, "actions", [HTTP_API, REST_API]).resources);
    for (const { urn } of pointed(index, rule, "domainName", [HTTP_DOMAIN, REST_DOMAIN]).resources) {
      for (const api of apis) push(found, urn, api);
    }
  }
  return found;
});

function domainOf(resource: Resource, around: Surroundings): Part[] {
  const apis = [...(apisByDomain(around.index).get(resource.urn) ?? [])].sort();
  const nowhere = unknown(resource.urn, "mappings", "are not in this design, so that it is not known what answers");
  const needs: Need[] =
    apis.length > 0
      ? apis.map((api) => ({ what: "an API", atLeast: 1, of: [api] }))
      : [{ what: "an API", atLeast: 1, of: [], unknown: nowhere }];
  const isPrivate = mapFact(endpointType(resource), (type) => type === "PRIVATE");
  return [
    apiEntry(
      resource,
      around,
      needs,
      mapFact(isPrivate, (is) => !is),
    ),
  ];
}
