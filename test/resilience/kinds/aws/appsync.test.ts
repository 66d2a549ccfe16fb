/**
 * Proves: what GraphQL APIs of AppSync and their hostnames are to the model: a way in, in one region, that needs what each of its data sources
 * reads; and that a design with nothing else than one is refused. Leaves out: merged APIs and event APIs, which are named as not understood.
 */
import { describe, expect, it } from "vitest";
import { top05 } from "../../../../policies/rules/top-05-survival";
import { awsKinds } from "../../../../resilience/kinds/aws";
import { awsEntriesAt } from "../../../../resilience/kinds/aws/entries";
import type { Entry } from "../../../../resilience/model";
import {
  asState,
  designFrom,
  later,
  ref,
  resource,
  urnOf,
  withChange,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { toldBy } from "../../../support/judged";
import { partOf, surroundingsOf } from "../../../support/kinds";

const region = "us-west-2";
const known = <T>(value: T) => ({ known: true, value });
const entryOf = (graph: DraftGraph, name: string): Entry => partOf(awsKinds, graph, name, "entry");
const api = (inputs: Literal["inputs"] = {}): Literal =>
  resource("aws:appsync/graphQLApi:GraphQLApi", "api", { region, authenticationType: "API_KEY", ...inputs });
const source = (name: string, inputs: Literal["inputs"]): Literal =>
  resource("aws:appsync/dataSource:DataSource", name, { region, apiId: ref("api"), ...inputs });
const table = resource("aws:dynamodb/table:Table", "tenants", { region, hashKey: "id" });
const fn = resource("aws:lambda/function:Function", "fn", { region });
const need = (graph: DraftGraph, name: string, part: string) => ({
  what: `the data source ${name}`,
  atLeast: 1,
  of: [urnOf(graph, part)],
});

describe("a GraphQL API", () => {
  it("is a way in, in its region, that needs what each of its data sources reads", () => {
    const graph = designFrom([
      api(),
      table,
      fn,
      resource("aws:lambda/alias:Alias", "live", { region, functionName: ref("fn", "name"), functionVersion: "7" }),
      resource("aws:rds/cluster:Cluster", "orders", { region }),
      resource("aws:opensearch/domain:Domain", "search", { region }),
      resource("aws:lb/loadBalancer:LoadBalancer", "lb", { region }),
      source("a-table", { type: "AMAZON_DYNAMODB", dynamodbConfig: { tableName: ref("tenants", "name") } }),
      source("b-function", { type: "AWS_LAMBDA", lambdaConfig: { functionArn: ref("live", "arn") } }),
      source("c-cluster", {
        type: "RELATIONAL_DATABASE",
        relationalDatabaseConfig: { httpEndpointConfig: { dbClusterIdentifier: ref("orders", "arn") } },
      }),
      source("d-search", {
        type: "AMAZON_OPENSEARCH_SERVICE",
        opensearchserviceConfig: { endpoint: ref("search", "endpoint") },
      }),
      source("e-balancer", { type: "HTTP", httpConfig: { endpoint: ref("lb", "dnsName") } }),
      source("f-none", { type: "NONE" }),
      source("g-bus", { type: "AMAZON_EVENTBRIDGE", eventBridgeConfig: { eventBusArn: "arn:aws:events:…" } }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      const { place, needs, isPublic } = entryOf(seen, "api");
      expect([place.cloud, place.region, place.zones]).toEqual(["aws", known(region), known([])]);
      expect(isPublic).toEqual(known(true));
      expect(needs).toEqual([
        need(graph, "a-table", "tenants"),
        need(graph, "b-function", "fn"),
        need(graph, "c-cluster", "orders"),
        need(graph, "d-search", "search"),
        need(graph, "e-balancer", "lb"),
      ]);
    }
  });

  it("is not known to answer where its data sources are elsewhere, lead outside or are of another sort", () => {
    const bare = designFrom([api()]);
    expect(entryOf(bare, "api").needs[0]?.unknown).toEqual({
      known: false,
      urn: urnOf(bare, "api"),
      property: "dataSources",
      why: "are not in this design, so that it is not known what answers",
    });
    const unclear = (inputs: Literal["inputs"]) => entryOf(designFrom([api(), source("one", inputs)]), "api").needs;
    expect(unclear({ type: "HTTP", httpConfig: { endpoint: "https://example.net" } })).toEqual([
      {
        what: "the data source one",
        atLeast: 1,
        of: [],
        unknown: {
          known: false,
          urn: urnOf(designFrom([source("one", {}), api()]), "one"),
          property: "httpConfig.endpoint",
          why: "points to something outside this design",
        },
      },
    ]);
    expect(unclear({ type: "AMAZON_BEDROCK_RUNTIME" })[0]?.unknown?.why).toBe("is none that is understood");
    expect(unclear({ type: later })[0]?.unknown?.property).toBe("type");
    expect(unclear({ type: "AWS_LAMBDA", lambdaConfig: {} })[0]?.unknown?.why).toBe("names nothing in this design");
  });

  it("is closed where it is private, and reached by its hostname", () => {
    expect(entryOf(designFrom([api({ visibility: "PRIVATE" })]), "api").isPublic).toEqual(known(false));
    const named = designFrom([
      api(),
      source("none", { type: "NONE" }),
      resource("aws:appsync/domainName:DomainName", "name", { region, domainName: "api.example.com" }),
      resource("aws:appsync/domainNameApiAssociation:DomainNameApiAssociation", "association", {
        region,
        apiId: ref("api"),
        domainName: ref("name", "domainName"),
      }),
    ]);
    expect(entryOf(named, "name").needs).toEqual([{ what: "an API", atLeast: 1, of: [urnOf(named, "api")] }]);
    const around = surroundingsOf(named);
    const found = around.index.byUrn.get(urnOf(named, "name"));
    expect(found === undefined ? undefined : awsEntriesAt(found, around)).toEqual([urnOf(named, "name")]);
    const alone = withChange(named, "association", "domainName", "other.example.com");
    expect(entryOf(alone, "name").needs[0]?.unknown?.property).toBe("associations");
  });

  it("stops with its region: a design of nothing else is refused", () => {
    const graph = designFrom([
      api(),
      table,
      source("tenants-source", { type: "AMAZON_DYNAMODB", dynamodbConfig: { tableName: ref("tenants", "name") } }),
    ]);
    expect(toldBy(top05, graph)).toEqual([
      "violation api: without aws, geography:oregon or aws:us-west-2, requests to api fail: api stands in aws:us-west-2; fix: have the last thing of that chain a second time outside aws, geography:oregon or aws:us-west-2, or let the path do without it",
    ]);
  });
});
