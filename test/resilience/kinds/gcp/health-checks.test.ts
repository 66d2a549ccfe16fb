/**
 * Proves: what a balancer's health checks ask, and what the ways in without a forwarding rule are. Leaves out: where forwarding rules lead
 * (balancers.test.ts).
 */
import { describe, expect, it } from "vitest";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import type { Entry } from "../../../../resilience/model";
import {
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  urnOf,
  withChange,
  withMore,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf } from "../../../support/kinds";

const known = <T>(value: T) => ({ known: true, value });
const here = { project: "p", region: "us-central1" };
const entryOf = (graph: DraftGraph, name: string): Entry => partOf(gcpKinds, graph, name, "entry");

describe("health checks", () => {
  const withoutCheck = (): DraftGraph =>
    withChange(goodDesign(), "us-central1-backend", "healthChecks", "projects/p/global/healthChecks/other");
  const REGIONAL = "gcp:compute/regionHealthCheck:RegionHealthCheck";

  // The check has to be there before it is named.
  const checksOf = (type: string, inputs: Literal["inputs"]) => {
    const graph = withChange(
      withMore(goodDesign(), resource(type, "check", { ...here, ...inputs })),
      "us-central1-backend",
      "healthChecks",
      ref("check"),
    );
    return { graph, checks: entryOf(graph, "us-central1-https").checks };
  };

  it.each<[string, Literal["inputs"], string, unknown, unknown]>([
    [
      REGIONAL,
      { httpsHealthCheck: { requestPath: "/healthz/ready" } },
      "httpsHealthCheck.requestPath",
      "/healthz/ready",
      "200",
    ],
    [REGIONAL, { httpHealthCheck: { port: 8080 } }, "httpHealthCheck.requestPath", "/", "200"],
    [REGIONAL, { tcpHealthCheck: { port: 8080 } }, "type", undefined, undefined],
    ["gcp:compute/httpHealthCheck:HttpHealthCheck", {}, "requestPath", "/", "200"],
    ["gcp:compute/httpsHealthCheck:HttpsHealthCheck", { requestPath: "/up" }, "requestPath", "/up", "200"],
  ])("%s %j asks what it says", (type, inputs, property, path, matcher) => {
    const { graph, checks } = checksOf(type, inputs);
    expect(checks).toEqual([{ urn: urnOf(graph, "check"), property, path: known(path), matcher: known(matcher) }]);
  });

  it("are not known where they stand elsewhere, or their path is told later", () => {
    const elsewhere = withoutCheck();
    const missing = {
      known: false,
      urn: urnOf(elsewhere, "us-central1-backend"),
      property: "healthChecks",
      why: "points to something outside this design",
    };
    expect(entryOf(elsewhere, "us-central1-https").checks).toEqual([
      { urn: urnOf(elsewhere, "us-central1-backend"), property: "healthChecks", path: missing, matcher: missing },
    ]);
    const { graph, checks } = checksOf(REGIONAL, { httpHealthCheck: { requestPath: later } });
    expect(checks).toEqual([
      {
        urn: urnOf(graph, "check"),
        property: "httpHealthCheck.requestPath",
        path: {
          known: false,
          urn: urnOf(graph, "check"),
          property: "httpHealthCheck.requestPath",
          why: "is known only after an update",
        },
        matcher: known("200"),
      },
    ]);
  });
});

describe("other ways in", () => {
  it("an API gateway does not tell what it leads to", () => {
    const graph = designFrom([
      resource("gcp:apigateway/gateway:Gateway", "gateway", { ...here, gatewayId: "g", apiConfig: "c" }),
    ]);
    expect(entryOf(graph, "gateway")).toMatchObject({
      place: { region: known("us-central1") },
      isPublic: known(true),
      needs: [
        { of: [], unknown: { property: "apiConfig", why: "names its backends in an API document, which is not read" } },
      ],
    });
  });

  it("a mapped domain leads to its service", () => {
    const graph = designFrom([
      resource("gcp:cloudrunv2/service:Service", "api", { project: "p", location: "us-central1", name: "api" }),
      resource("gcp:cloudrun/domainMapping:DomainMapping", "mapped", {
        project: "p",
        location: "us-central1",
        name: "api.example.com",
        spec: { routeName: ref("api", "name") },
      }),
    ]);
    expect(entryOf(graph, "mapped").needs).toEqual([{ what: "its service", atLeast: 1, of: [urnOf(graph, "api")] }]);
  });
});
