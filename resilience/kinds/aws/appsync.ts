import { known, mapFact, unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Kind, Need, Part, Surroundings } from "../../model";
import { text } from "../../reader";
import { oncePerGraph, push } from "../once";
import { apiEntry } from "./api-entries";
import { pointed, uncertainty } from "./pointers";
import {
  BALANCERS,
  FUNCTION,
  FUNCTION_ALIAS,
  FUNCTION_URL,
  GRAPHQL_API,
  GRAPHQL_DOMAIN,
  GRAPHQL_MAPPING,
  GRAPHQL_SOURCE,
  HTTP_API,
  OPENSEARCH_DOMAIN,
  RDS_CLUSTER,
  REST_API,
  TABLE,
} from "./types";

/**
 * GraphQL APIs of AppSync and the hostnames that they are given. Each is a way in. An API answers by itself, in its one region, from its
 * data sources (docs.aws.amazon.com/appsync/latest/devguide/data-source-components.html).
 */
export const graphqlKinds: readonly Kind[] = [
  { types: [GRAPHQL_API], parts: apiOf },
  { types: [GRAPHQL_DOMAIN], parts: domainOf },
];

/** Where a data source of each type says what it reads, and what that may be. `NONE` and a bus of events need nothing beside the API. */
const BEHIND: Readonly<Record<string, { path: string; types: readonly string[] }>> = {
  AMAZON_DYNAMODB: { path: "dynamodbConfig.tableName", types: [TABLE] },
  AMAZON_ELASTICSEARCH: { path: "elasticsearchConfig.endpoint", types: [OPENSEARCH_DOMAIN] },
  AMAZON_OPENSEARCH_SERVICE: { path: "opensearchserviceConfig.endpoint", types: [OPENSEARCH_DOMAIN] },
  AWS_LAMBDA: { path: "lambdaConfig.functionArn", types: [FUNCTION, FUNCTION_ALIAS] },
  HTTP: { path: "httpConfig.endpoint", types: [...BALANCERS, FUNCTION_URL, HTTP_API, REST_API] },
  RELATIONAL_DATABASE: {
    path: "relationalDatabaseConfig.httpEndpointConfig.dbClusterIdentifier",
    types: [RDS_CLUSTER],
  },
};
const ALONE: ReadonlySet<string> = new Set(["NONE", "AMAZON_EVENTBRIDGE"]);

const sourcesByApi = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const source of index.ofType(GRAPHQL_SOURCE)) {
    for (const { urn } of pointed(index, source, "apiId", [GRAPHQL_API]).resources) push(found, urn, source);
  }
  return found;
});

function apiOf(resource: Resource, around: Surroundings): Part[] {
  const sources = sourcesByApi(around.index).get(resource.urn) ?? [];
  const needs = sources.flatMap((source) => needOfSource(source, around.index));
  const nowhere = unknown(resource.urn, "dataSources", "are not in this design, so that it is not known what answers");
  // `GLOBAL` is the default (docs.aws.amazon.com/appsync/latest/devguide/using-private-apis.html).
  const isPublic = mapFact(text(resource, "visibility"), (visibility) => visibility !== "PRIVATE");
  return [
    apiEntry(
      resource,
      around,
      sources.length > 0 ? needs : [{ what: "a data source", atLeast: 1, of: [], unknown: nowhere }],
      isPublic,
    ),
  ];
}

/** Each data source answers fields of its own: another does not answer for it. */
function needOfSource(source: Resource, index: GraphIndex): Need[] {
  const type = text(source, "type");
  const what = `the data source ${source.name}`;
  if (!type.known) return [{ what, atLeast: 1, of: [], unknown: type }];
  if (ALONE.has(type.value ?? "")) return [];
  const behind = BEHIND[type.value ?? ""];
  if (behind === undefined) {
    const why = unknown(source.urn, "type", "is none that is understood");
    return [{ what, atLeast: 1, of: [], unknown: why }];
  }
  const found = pointed(index, source, behind.path, behind.types);
  const of = [...new Set(found.resources.flatMap((target) => answering(target, index)))].sort();
  const why =
    of.length > 0
      ? undefined
      : (uncertainty(source, behind.path, found) ?? unknown(source.urn, behind.path, "names nothing in this design"));
  return [{ what, atLeast: 1, of, ...(why === undefined ? {} : { unknown: why }) }];
}

function answering(target: Resource, index: GraphIndex): string[] {
  if (target.type !== FUNCTION_ALIAS) return [target.urn];
  return pointed(index, target, "functionName", [FUNCTION]).resources.map(({ urn }) => urn);
}

const apisByDomain = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const mapping of index.ofType(GRAPHQL_MAPPING)) {
    const apis = pointed(index, mapping, "apiId", [GRAPHQL_API]).resources;
    for (const { urn } of pointed(index, mapping, "domainName", [GRAPHQL_DOMAIN]).resources)
      for (const api of apis) push(found, urn, api);
  }
  return found;
});

function domainOf(resource: Resource, around: Surroundings): Part[] {
  const apis = [...new Set((apisByDomain(around.index).get(resource.urn) ?? []).map(({ urn }) => urn))].sort();
  const nowhere = unknown(resource.urn, "associations", "are not in this design, so that it is not known what answers");
  const needs: Need[] =
    apis.length > 0
      ? apis.map((api) => ({ what: "an API", atLeast: 1, of: [api] }))
      : [{ what: "an API", atLeast: 1, of: [], unknown: nowhere }];
  return [apiEntry(resource, around, needs, known(true))];
}
