/**
 * Proves: what load balancers of both generations are to the model: where they stand, who stands behind them by which way of registering,
 * what is asked of it, and what becomes of what is not known. Leaves out: what stands behind them.
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import type { Entry, Need } from "../../../../resilience/model";
import {
  asState,
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  unknownAt,
  urnOf,
  withChange,
  withMore,
  without,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";

const LB = "us-east-2-lb";
const region = "us-east-2";
const known = <T>(value: T) => ({ known: true, value });
const entryOf = (graph: DraftGraph, name = LB): Entry => partOf(awsKinds, graph, name, "entry");
const needsOf = (graph: DraftGraph, name = LB): Need[] => entryOf(graph, name).needs;
const later_ = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});

const subnet = (zone: string): Literal =>
  resource("aws:ec2/subnet:Subnet", `subnet-${zone}`, { region, vpcId: "vpc-1", availabilityZone: zone });
const targets = (name: string, inputs: Literal["inputs"] = {}): Literal =>
  resource("aws:lb/targetGroup:TargetGroup", name, { region, port: 8080, protocol: "HTTP", ...inputs });
const listener = (name: string, defaultActions: Literal["inputs"][string]): Literal =>
  resource("aws:lb/listener:Listener", name, { region, loadBalancerArn: ref("lb", "arn"), port: 443, defaultActions });
const forward = (group: string) => ({ type: "forward", targetGroupArn: ref(group, "arn") });
const balancer = (inputs: Literal["inputs"] = {}): Literal =>
  resource("aws:lb/loadBalancer:LoadBalancer", "lb", { region, subnets: [ref("subnet-us-east-2a")], ...inputs });
const machine = (name: string): Literal =>
  resource("aws:ec2/instance:Instance", name, { region, subnetId: ref("subnet-us-east-2a") });
const attached = (group: string, target: string, module_ = "lb"): Literal =>
  resource(`aws:${module_}/targetGroupAttachment:TargetGroupAttachment`, `${group}-${target}`, {
    region,
    targetGroupArn: ref(group, "arn"),
    targetId: ref(target, target.startsWith("lambda") ? "arn" : "id"),
  });
const small = (...more: Literal[]): DraftGraph => designFrom([subnet("us-east-2a"), subnet("us-east-2b"), ...more]);

describe("a load balancer", () => {
  it.each([
    ["plan", goodDesign(), ""],
    ["state", asState(goodDesign()), "123456789012"],
  ])("is the same entry in a %s", (_, graph, account) => {
    const urn = urnOf(graph, LB);
    expect(partsOf(awsKinds, graph, LB)).toEqual([
      {
        role: "entry",
        id: urn,
        urn,
        label: LB,
        place: {
          cloud: "aws",
          region: known(region),
          account: known(account),
          zones: known(["us-east-2a", "us-east-2b", "us-east-2c"]),
        },
        needs: [{ what: "a target of us-east-2-targets", atLeast: 1, of: [urnOf(graph, "us-east-2-service")] }],
        isPublic: known(true),
        checks: [
          {
            urn: urnOf(graph, "us-east-2-targets"),
            property: "healthCheck.path",
            path: known("/healthz/ready"),
            matcher: known("200"),
          },
        ],
      },
    ]);
  });

  it("is not public when it is internal, or hands packets to appliances", () => {
    expect(entryOf(withChange(goodDesign(), LB, "internal", true)).isPublic).toEqual(known(false));
    expect(entryOf(withChange(goodDesign(), LB, "loadBalancerType", "gateway")).isPublic).toEqual(known(false));
    expect(entryOf(unknownAt(goodDesign(), LB, "internal")).isPublic).toEqual(later_(goodDesign(), LB, "internal"));
  });

  it.each([
    ["plan", (graph: DraftGraph) => graph],
    ["state", asState],
  ])("stands in the zones of its subnet mappings (%s)", (_, seen) => {
    const graph = small(
      balancer({
        subnets: [],
        subnetMappings: [{ subnetId: ref("subnet-us-east-2b") }, { subnetId: ref("subnet-us-east-2a") }],
      }),
    );
    expect(entryOf(seen(graph), "lb").place.zones).toEqual(known(["us-east-2a", "us-east-2b"]));
  });

  it("stands in zones that are not known where subnets are looked up, outside, or named in two ways", () => {
    const zones = (graph: DraftGraph) => entryOf(graph, "lb").place.zones;
    const urn = urnOf(small(balancer()), "lb");
    expect(zones(small(balancer({ subnets: later })))).toEqual({
      known: false,
      urn,
      property: "subnets",
      why: "names subnets that are looked up or made elsewhere, so that their zones are not known",
    });
    expect(zones(small(balancer({ subnets: ["subnet-0123"] })))).toEqual({
      known: false,
      urn,
      property: "subnets",
      why: "names subnets that are looked up or made elsewhere, so that their zones are not known",
    });
    const byId = resource("aws:ec2/subnet:Subnet", "by-id", { region, availabilityZoneId: "use2-az1" });
    expect(zones(small(byId, balancer({ subnets: [ref("by-id")] })))).toEqual(known(["use2-az1"]));
    expect(zones(small(byId, balancer({ subnets: [ref("by-id"), ref("subnet-us-east-2a")] })))).toEqual({
      known: false,
      urn,
      property: "subnets",
      why: "names subnets of which some tell their zone by name and some by id, which cannot be compared",
    });
    const unset = resource("aws:ec2/subnet:Subnet", "unset", { region });
    const graph = small(unset, balancer({ subnets: [ref("unset")] }));
    expect(zones(graph)).toEqual(later_(graph, "unset", "availabilityZone", "is not set, so that AWS picks the zone"));
    const resources = graph.resources.map((one) => (one.name === "unset" ? { ...one, isExternal: true } : one));
    const read: DraftGraph = { ...graph, resources };
    expect(zones(read)).toEqual(
      later_(graph, "unset", "availabilityZone", "is read from the cloud, which this plan did not ask"),
    );
  });

  it("needs each group that gets requests, and none of weight 0", () => {
    const graph = small(
      balancer(),
      targets("blue"),
      targets("green"),
      targets("orders"),
      machine("one"),
      machine("two"),
      machine("three"),
      attached("blue", "one"),
      attached("green", "two", "alb"),
      attached("orders", "three"),
      listener("https", [
        { type: "authenticate-oidc", order: 1 },
        {
          type: "forward",
          order: 2,
          forward: {
            targetGroups: [
              { arn: ref("blue", "arn"), weight: 100 },
              { arn: ref("green", "arn"), weight: 0 },
            ],
          },
        },
      ]),
      resource("aws:alb/listenerRule:ListenerRule", "rule", {
        region,
        listenerArn: ref("https", "arn"),
        actions: [forward("orders")],
      }),
    );
    const expected = [
      { what: "a target of blue", atLeast: 1, of: [urnOf(graph, "one")] },
      { what: "a target of orders", atLeast: 1, of: [urnOf(graph, "three")] },
    ];
    expect(needsOf(graph, "lb")).toEqual(expected);
    expect(needsOf(asState(graph), "lb")).toEqual(expected);
    expect(entryOf(graph, "lb").checks.map(({ urn }) => urn)).toEqual([urnOf(graph, "blue"), urnOf(graph, "orders")]);
  });

  it.each([
    [
      "an Auto Scaling group by its list",
      resource("aws:autoscaling/group:Group", "fleet", { region, targetGroupArns: [ref("group", "arn")], minSize: 3 }),
    ],
    [
      "an Auto Scaling group by a traffic source",
      resource("aws:autoscaling/group:Group", "fleet", {
        region,
        minSize: 3,
        trafficSources: [{ identifier: ref("group", "arn"), type: "elbv2" }],
      }),
    ],
  ])("is registered with by %s", (_, fleet) => {
    const graph = small(balancer(), targets("group"), fleet, listener("https", [forward("group")]));
    const expected = [{ what: "a target of group", atLeast: 1, of: [urnOf(graph, "fleet")] }];
    expect(needsOf(graph, "lb")).toEqual(expected);
    expect(needsOf(asState(graph), "lb")).toEqual(expected);
  });

  it.each([
    ["autoscaling/attachment:Attachment", { lbTargetGroupArn: ref("group", "arn") }],
    [
      "autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
      { trafficSource: { identifier: ref("group", "arn") } },
    ],
  ])("is registered with by %s, of a node group too", (type, inputs) => {
    const nodes = resource("aws:eks/nodeGroup:NodeGroup", "nodes", { region, scalingConfig: { minSize: 3 } });
    const graph = small(
      balancer(),
      targets("group"),
      nodes,
      resource(`aws:${type}`, "attachment", { region, autoscalingGroupName: ref("nodes", "groupName"), ...inputs }),
      listener("https", [forward("group")]),
    );
    expect(needsOf(graph, "lb")).toEqual([{ what: "a target of group", atLeast: 1, of: [urnOf(graph, "nodes")] }]);
  });

  it("leads to a function by its alias, and to a further load balancer", () => {
    const graph = small(
      balancer({ loadBalancerType: "network" }),
      targets("group", { targetType: "alb" }),
      targets("functions", { targetType: "lambda" }),
      resource("aws:lb/loadBalancer:LoadBalancer", "inner", {
        region,
        internal: true,
        subnets: [ref("subnet-us-east-2a")],
      }),
      resource("aws:lambda/function:Function", "fn", { region }),
      resource("aws:lambda/alias:Alias", "lambda-live", { region, functionName: ref("fn", "arn") }),
      attached("group", "inner"),
      attached("functions", "lambda-live"),
      listener("tcp", [forward("group")]),
      listener("http", [forward("functions")]),
    );
    expect(needsOf(graph, "lb")).toEqual([
      { what: "a target of functions", atLeast: 1, of: [urnOf(graph, "fn")] },
      { what: "a target of group", atLeast: 1, of: [urnOf(graph, "inner")] },
    ]);
  });

  it("leads to the service of a task set, and to both groups of a blue-green deployment", () => {
    const graph = small(
      balancer(),
      targets("blue"),
      targets("green"),
      targets("other"),
      resource("aws:ecs/service:Service", "service", {
        region,
        loadBalancers: [
          {
            targetGroupArn: ref("blue", "arn"),
            advancedConfiguration: { alternateTargetGroupArn: ref("green", "arn") },
          },
        ],
      }),
      resource("aws:ecs/taskSet:TaskSet", "set", {
        region,
        service: ref("service", "id"),
        loadBalancers: [{ targetGroupArn: ref("other", "arn") }],
      }),
      listener("https", [forward("blue"), forward("green"), forward("other")]),
    );
    const of = [urnOf(graph, "service")];
    expect(needsOf(graph, "lb")).toEqual(
      ["blue", "green", "other"].map((group) => ({ what: `a target of ${group}`, atLeast: 1, of })),
    );
  });

  it("has an unknown need, and no unmet one, where it is not known what stands behind it", () => {
    const elsewhere = "points to something outside this design";
    const empty = small(balancer(), targets("group"), listener("https", [forward("group")]));
    expect(needsOf(empty, "lb")).toEqual([
      {
        what: "a target of group",
        atLeast: 1,
        of: [],
        unknown: later_(empty, "group", "targets", "are registered by nothing in this design"),
      },
    ]);
    const byAddress = small(
      balancer(),
      targets("group"),
      resource("aws:lb/targetGroupAttachment:TargetGroupAttachment", "address", {
        region,
        targetGroupArn: ref("group", "arn"),
        targetId: "10.0.0.7",
      }),
      listener("https", [forward("group")]),
    );
    expect(needsOf(byAddress, "lb")[0]?.unknown).toEqual(later_(byAddress, "address", "targetId", elsewhere));
    const unlistened = small(balancer());
    expect(needsOf(unlistened, "lb")).toEqual([
      {
        what: "a target",
        atLeast: 1,
        of: [],
        unknown: later_(unlistened, "lb", "listeners", "lead to no target group in this design"),
      },
    ]);
    const outside = small(
      balancer(),
      listener("https", [{ type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:us-east-2:1:x" }]),
    );
    expect(needsOf(outside, "lb")[0]?.unknown).toEqual(
      later_(outside, "https", "defaultActions[0].targetGroupArn", elsewhere),
    );
    const unclear = small(balancer(), listener("https", later));
    expect(needsOf(unclear, "lb")[0]?.unknown).toEqual(later_(unclear, "https", "defaultActions"));
  });

  it("needs nothing where it only redirects, and is not known where it only refuses", () => {
    expect(needsOf(small(balancer(), listener("http", [{ type: "redirect" }])), "lb")).toEqual([]);
    const refusing = small(balancer(), listener("https", [{ type: "fixed-response" }]));
    expect(needsOf(refusing, "lb").map(({ of, unknown }) => [of, unknown?.property])).toEqual([[[], "listeners"]]);
  });

  it("loses the need of a service that is gone, and says so", () => {
    const graph = without(goodDesign(), "us-east-2-service");
    expect(needsOf(graph)).toEqual([
      {
        what: "a target of us-east-2-targets",
        atLeast: 1,
        of: [],
        unknown: later_(graph, "us-east-2-targets", "targets", "are registered by nothing in this design"),
      },
    ]);
  });
});

describe("the check of a target group", () => {
  const checkOf = (inputs: Literal["inputs"]) => {
    const graph = small(balancer(), targets("group", inputs), listener("https", [forward("group")]));
    const [check] = entryOf(graph, "lb").checks;
    return [check?.path, check?.matcher];
  };

  it.each([
    ["HTTP", { protocol: "HTTP" }, "/", "200"],
    ["gRPC", { protocol: "HTTP", protocolVersion: "GRPC" }, "/AWS.ALB/healthcheck", "12"],
    ["TCP", { protocol: "TCP" }, undefined, undefined],
    ["TCP asked by HTTP", { protocol: "TCP", healthCheck: { protocol: "HTTP", path: "/live" } }, "/live", "200-399"],
    ["a function", { protocol: undefined, targetType: "lambda" }, "/", "200"],
  ])("has the provider's defaults for %s", (_, inputs, path, matcher) => {
    const given = Object.fromEntries(
      Object.entries(inputs).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
    expect(checkOf(given)).toEqual([known(path), known(matcher)]);
  });
});

describe("a classic load balancer", () => {
  const classic = (inputs: Literal["inputs"] = {}): Literal =>
    resource("aws:elb/loadBalancer:LoadBalancer", "classic", {
      region,
      availabilityZones: ["us-east-2b", "us-east-2a"],
      ...inputs,
    });

  it("leads to all that is registered in any way", () => {
    const graph = small(
      classic({ instances: [ref("one")], healthCheck: { target: "HTTP:8080/health", interval: 5 } }),
      machine("one"),
      machine("two"),
      resource("aws:elb/attachment:Attachment", "two-attached", { region, elb: ref("classic"), instance: ref("two") }),
      resource("aws:autoscaling/group:Group", "fleet", { region, minSize: 1, loadBalancers: [ref("classic", "name")] }),
      resource("aws:ecs/service:Service", "service", { region, loadBalancers: [{ elbName: ref("classic", "name") }] }),
      resource("aws:autoscaling/group:Group", "attached", { region, minSize: 1 }),
      resource("aws:autoscaling/attachment:Attachment", "attachment", {
        region,
        elb: ref("classic"),
        autoscalingGroupName: ref("attached", "name"),
      }),
    );
    for (const seen of [graph, asState(graph)]) {
      const entry = entryOf(seen, "classic");
      expect(entry.needs).toEqual([
        {
          what: "an instance",
          atLeast: 1,
          of: ["attached", "fleet", "one", "service", "two"].map((name) => urnOf(graph, name)).sort(),
        },
      ]);
      expect(entry.place.zones).toEqual(known(["us-east-2a", "us-east-2b"]));
      expect(entry.isPublic).toEqual(known(true));
      expect(entry.checks).toEqual([
        { urn: urnOf(graph, "classic"), property: "healthCheck.target", path: known("/health"), matcher: known("200") },
      ]);
    }
  });

  it("is not known where nothing registers, and asks no path by TCP", () => {
    const graph = small(
      classic({ subnets: [ref("subnet-us-east-2a")], healthCheck: { target: "TCP:8080" }, internal: true }),
    );
    const entry = entryOf(graph, "classic");
    expect(entry.needs[0]?.unknown).toEqual(
      later_(graph, "classic", "instances", "are registered by nothing in this design"),
    );
    expect(entry.place.zones).toEqual(known(["us-east-2a"]));
    expect(entry.isPublic).toEqual(known(false));
    expect(entry.checks[0]?.path).toEqual(known(undefined));
  });
});

describe("malformed resources", () => {
  it.each([
    ["defaultActions", "forward"],
    ["defaultActions", [null, 7, { type: 1 }]],
    ["loadBalancerArn", { a: 1 }],
  ])("of a listener (%s) end in a need that is not known", (path, value) => {
    const graph = withChange(goodDesign(), "us-east-2-https", path, value);
    expect(needsOf(graph).map(({ of, unknown }) => [of, unknown === undefined])).toEqual([[[], false]]);
  });

  it("of everything else change nothing about others", () => {
    const graph = withMore(
      goodDesign(),
      resource("aws:lb/targetGroupAttachment:TargetGroupAttachment", "odd", {
        region,
        targetGroupArn: [],
        targetId: {},
      }),
      resource("aws:ecs/service:Service", "odder", { region, loadBalancers: "none", cluster: 3, desiredCount: "many" }),
      resource("aws:lb/listenerRule:ListenerRule", "oddest", { region, listenerArn: null, actions: {} }),
    );
    expect(entryOf(graph)).toEqual(entryOf(goodDesign()));
  });
});
