/**
 * Proves: which parts a group of machines or endpoints leads to, and why it is not known where it is not. Leaves out: what a balancer makes of them
 * (balancers.test.ts).
 */
import { describe, expect, it } from "vitest";
import { membersOf } from "../../../../resilience/kinds/gcp/groups";
import { designFrom, later, ref, resource, urnOf, type DraftGraph, type Literal } from "../../../support/designs";
import { surroundingsOf } from "../../../support/kinds";

describe("a group of endpoints", () => {
  const machine = (name: string): Literal =>
    resource("gcp:compute/instance:Instance", name, { project: "p", zone: "us-central1-a", name });
  const members = (graph: DraftGraph, name: string) => {
    const around = surroundingsOf(graph);
    const found = around.index.byUrn.get(urnOf(graph, name));
    if (found === undefined) throw new Error("there is one");
    return membersOf(found, around);
  };
  const NEG = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup";

  it("of machines lists them, or is joined by them", () => {
    const graph = designFrom([
      machine("a"),
      machine("b"),
      resource("gcp:compute/instanceGroup:InstanceGroup", "group", {
        project: "p",
        zone: "us-central1-a",
        instances: [ref("a", "selfLink")],
      }),
      resource("gcp:compute/instanceGroupMembership:InstanceGroupMembership", "joins", {
        instance: ref("b", "selfLink"),
        instanceGroup: ref("group", "name"),
      }),
    ]);
    expect(members(graph, "group")).toMatchObject({ ids: [urnOf(graph, "a"), urnOf(graph, "b")], missing: undefined });
  });

  it("in a zone holds the machines of its endpoints, one by one or in a list", () => {
    const graph = designFrom([
      machine("a"),
      machine("b"),
      resource(NEG, "group", { project: "p", zone: "us-central1-a" }),
      resource("gcp:compute/networkEndpoint:NetworkEndpoint", "one", {
        networkEndpointGroup: ref("group", "name"),
        instance: ref("a", "name"),
      }),
      resource("gcp:compute/networkEndpointList:NetworkEndpointList", "more", {
        networkEndpointGroup: ref("group", "name"),
        networkEndpoints: [{ instance: ref("b", "name"), ipAddress: "10.0.0.2" }],
      }),
    ]);
    expect(members(graph, "group")).toMatchObject({ ids: [urnOf(graph, "a"), urnOf(graph, "b")], missing: undefined });
  });

  it("that GKE fills by itself is not known to hold anything", () => {
    const graph = designFrom([resource(NEG, "group", { project: "p", zone: "us-central1-a" })]);
    expect(members(graph, "group")).toMatchObject({
      ids: [],
      missing: {
        property: "networkEndpointType",
        why: "has no endpoint in this design: GKE or another controller may fill it",
      },
    });
  });

  it("on the Internet leads to what stands at its address", () => {
    const graph = designFrom([
      resource("gcp:compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup", "group", {
        project: "p",
        networkEndpointType: "INTERNET_FQDN_PORT",
      }),
      resource("gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint", "one", {
        globalNetworkEndpointGroup: ref("group", "name"),
        fqdn: "api.other.example",
        port: 443,
      }),
    ]);
    expect(members(graph, "group")).toMatchObject({ ids: ["external:api.other.example"], missing: undefined });
  });

  it("of Private Service Connect leads to the balancer behind the attachment", () => {
    const graph = designFrom([
      resource("gcp:compute/forwardingRule:ForwardingRule", "rule", {
        project: "p",
        region: "us-central1",
        loadBalancingScheme: "INTERNAL_MANAGED",
        target: later,
      }),
      resource("gcp:compute/serviceAttachment:ServiceAttachment", "attachment", {
        project: "p",
        region: "us-central1",
        targetService: ref("rule"),
      }),
      resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "group", {
        project: "p",
        region: "us-central1",
        networkEndpointType: "PRIVATE_SERVICE_CONNECT",
        pscTargetService: ref("attachment"),
      }),
    ]);
    expect(members(graph, "group")).toMatchObject({ ids: [urnOf(graph, "rule")], missing: undefined });
  });

  it.each<[string, string, Literal["inputs"], Literal["inputs"]]>([
    [
      "a function of the first generation",
      "gcp:cloudfunctions/function:Function",
      { region: "us-central1" },
      { cloudFunction: { function: ref("target", "name") } },
    ],
    [
      "a function of the second generation",
      "gcp:cloudfunctionsv2/function:Function",
      { location: "us-central1" },
      { cloudFunction: { function: ref("target", "name") } },
    ],
    [
      "the service of Cloud Run under a function",
      "gcp:cloudfunctionsv2/function:Function",
      { location: "us-central1" },
      { cloudRun: { service: ref("target", "name") } },
    ],
    [
      "a service of Cloud Run's first API",
      "gcp:cloudrun/service:Service",
      { location: "us-central1" },
      { cloudRun: { service: ref("target", "name") } },
    ],
    [
      "an API gateway",
      "gcp:apigateway/gateway:Gateway",
      { region: "us-central1" },
      { serverlessDeployment: { platform: "apigateway.googleapis.com", resource: ref("target", "gatewayId") } },
    ],
    [
      "the default service of App Engine",
      "gcp:appengine/standardAppVersion:StandardAppVersion",
      { service: "default" },
      { appEngine: {} },
    ],
    [
      "a service of App Engine",
      "gcp:appengine/flexibleAppVersion:FlexibleAppVersion",
      { service: "api" },
      { appEngine: { service: "api" } },
    ],
  ])("names %s", (_, type, inputs, names) => {
    const graph = designFrom([
      resource(type, "target", { project: "p", ...inputs }),
      resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "group", {
        project: "p",
        region: "us-central1",
        ...names,
      }),
    ]);
    expect(members(graph, "group")).toEqual({
      ids: [urnOf(graph, "target")],
      missing: undefined,
      isServerless: true,
      reportsHealth: false,
    });
  });

  it("by a mask of addresses names nothing that can be followed", () => {
    const graph = designFrom([
      resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "group", {
        project: "p",
        region: "us-central1",
        cloudRun: { urlMask: "<service>.example.com" },
      }),
    ]);
    expect(members(graph, "group")).toMatchObject({
      ids: [],
      missing: { why: "names nothing that answers; a mask of addresses is not followed" },
    });
  });
});
