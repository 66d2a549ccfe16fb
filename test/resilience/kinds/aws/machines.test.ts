/**
 * Proves: what Auto Scaling groups, single machines, nodes of EKS, and addresses in front of machines are to the model. Leaves out: what
 * registers them with load balancers (balancers.test.ts).
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import { awsEntriesAt } from "../../../../resilience/kinds/aws/entries";
import type { Compute, Entry } from "../../../../resilience/model";
import {
  asState,
  designFrom,
  join,
  later,
  ref,
  resource,
  unknownAt,
  urnOf,
  withChange,
  withMore,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf, partsOf, surroundingsOf } from "../../../support/kinds";

const region = "us-east-2";
const known = <T>(value: T) => ({ known: true, value });
const computeOf = (graph: DraftGraph, name: string): Compute => partOf(awsKinds, graph, name, "compute");
const entryOf = (graph: DraftGraph, name: string): Entry => partOf(awsKinds, graph, name, "entry");
const later_ = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});
const subnet = (zone: string, inputs: Literal["inputs"] = {}): Literal =>
  resource("aws:ec2/subnet:Subnet", `subnet-${zone}`, { region, availabilityZone: zone, ...inputs });
const group = (inputs: Literal["inputs"] = {}): Literal =>
  resource("aws:autoscaling/group:Group", "fleet", { region, minSize: 6, maxSize: 12, ...inputs });
const template = (inputs: Literal["inputs"] = {}): Literal =>
  resource("aws:ec2/launchTemplate:LaunchTemplate", "template", { region, imageId: "ami-1", ...inputs });

describe("an Auto Scaling group", () => {
  it("is a compute that starts from its template's image and user data", () => {
    const graph = designFrom([
      subnet("us-east-2b"),
      subnet("us-east-2a"),
      template({ userData: Buffer.from("docker run api --region us-west-2").toString("base64") }),
      group({
        vpcZoneIdentifiers: [ref("subnet-us-east-2b"), ref("subnet-us-east-2a")],
        launchTemplate: { id: ref("template"), version: "$Latest" },
        instanceRefresh: { strategy: "Rolling", preferences: { autoRollback: true } },
      }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      const { place, ...fleet } = computeOf(seen, "fleet");
      expect(fleet).toEqual({
        role: "compute",
        id: urnOf(graph, "fleet"),
        urn: urnOf(graph, "fleet"),
        label: "fleet",
        needs: [],
        unit: "instance",
        minimum: known(6),
        maximum: known(12),
        dependencies: [
          {
            kind: "image",
            urn: urnOf(graph, "template"),
            property: "imageId",
            parts: [],
            cloud: known("aws"),
            regions: known([region]),
          },
        ],
        rollout: { minimumHealthyPercent: known(90), stopsByItself: known(true) },
        texts: known([{ property: "userData", text: known("docker run api --region us-west-2") }]),
      });
      expect(place.zones).toEqual(known(["us-east-2a", "us-east-2b"]));
    }
  });

  it.each([
    ["on demand", {}, 6],
    [
      "half of it on Spot",
      { mixedInstancesPolicy: { instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 } } },
      3,
    ],
    [
      "a base on demand, the rest on Spot",
      {
        mixedInstancesPolicy: {
          instancesDistribution: { onDemandBaseCapacity: 2, onDemandPercentageAboveBaseCapacity: 0 },
        },
      },
      2,
    ],
    ["a policy that says nothing of Spot", { mixedInstancesPolicy: { launchTemplate: {} } }, 6],
  ])("counts instances that nobody takes back: %s", (_, inputs, minimum) => {
    expect(computeOf(designFrom([group(inputs)]), "fleet").minimum).toEqual(known(minimum));
  });

  it.each([
    [
      "template",
      template({ instanceMarketOptions: { marketType: "spot" } }),
      { launchTemplate: { name: ref("template", "name") } },
    ],
    [
      "configuration",
      resource("aws:ec2/launchConfiguration:LaunchConfiguration", "template", {
        region,
        imageId: "ami-1",
        spotPrice: "0.1",
      }),
      { launchConfiguration: ref("template", "name") },
    ],
  ])("counts none of a Spot %s", (_, launch, inputs) => {
    expect(computeOf(designFrom([launch, group(inputs)]), "fleet").minimum).toEqual(known(0));
  });

  it("counts the fewest that a schedule leaves", () => {
    const scheduled = (inputs: Literal["inputs"]) =>
      computeOf(
        designFrom([
          group(),
          resource("aws:autoscaling/schedule:Schedule", "night", {
            region,
            autoscalingGroupName: ref("fleet", "name"),
            ...inputs,
          }),
        ]),
        "fleet",
      ).minimum;
    expect([scheduled({ minSize: 2 }), scheduled({ minSize: -1 }), scheduled({})]).toEqual([
      known(2),
      known(6),
      known(0),
    ]);
  });

  it("is not known where sizes are, count other things, or zones are looked up", () => {
    const graph = designFrom([group({ availabilityZones: later })]);
    expect(computeOf(graph, "fleet").place.zones).toEqual(later_(graph, "fleet", "availabilityZones"));
    expect(computeOf(unknownAt(graph, "fleet", "minSize"), "fleet").minimum).toEqual(later_(graph, "fleet", "minSize"));
    expect(computeOf(withChange(graph, "fleet", "desiredCapacityType", "vcpu"), "fleet").minimum).toEqual(
      later_(graph, "fleet", "minSize", "counts vcpu and no instances"),
    );
    const rolling = withChange(graph, "fleet", "instanceRefresh", later);
    expect(computeOf(rolling, "fleet").rollout.stopsByItself).toEqual(
      later_(graph, "fleet", "instanceRefresh.strategy"),
    );
    expect(computeOf(graph, "fleet").rollout).toEqual({
      minimumHealthyPercent: known(undefined),
      stopsByItself: known(undefined),
    });
  });

  it("stands in the zones that it names", () => {
    const graph = designFrom([group({ availabilityZones: ["us-east-2c", "us-east-2a"] })]);
    expect(computeOf(graph, "fleet").place.zones).toEqual(known(["us-east-2a", "us-east-2c"]));
  });

  it("needs the database that its user data was made with", () => {
    const graph = designFrom([
      resource("aws:rds/instance:Instance", "orders", { region }),
      template({ userData: join("DB=", ref("orders", "address")) }),
      group({ launchTemplate: { id: ref("template") } }),
    ]);
    expect(computeOf(graph, "fleet").needs).toEqual([
      { what: "the database orders", atLeast: 1, of: [urnOf(graph, "orders")] },
    ]);
    expect(computeOf(graph, "fleet").texts).toEqual(later_(graph, "template", "userData"));
  });
});

describe("a machine", () => {
  const machine = (inputs: Literal["inputs"] = {}): Literal =>
    resource("aws:ec2/instance:Instance", "machine", {
      region,
      ami: "ami-1",
      subnetId: ref("subnet-us-east-2a"),
      ...inputs,
    });
  const opened = (...rules: Literal[]): DraftGraph =>
    designFrom([
      subnet("us-east-2a"),
      resource("aws:ec2/securityGroup:SecurityGroup", "firewall", { region }),
      machine({ associatePublicIpAddress: true, vpcSecurityGroupIds: [ref("firewall")] }),
      ...rules,
    ]);
  const rule = (inputs: Literal["inputs"]): Literal =>
    resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", {
      region,
      securityGroupId: ref("firewall"),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      ...inputs,
    });

  it("is what answers, and the way in to it", () => {
    const graph = designFrom([subnet("us-east-2a"), machine({ userData: "serve" })]);
    const urn = urnOf(graph, "machine");
    const place = { cloud: "aws", region: known(region), account: known(""), zones: known(["us-east-2a"]) };
    expect(partsOf(awsKinds, graph, "machine")).toEqual([
      {
        role: "compute",
        id: urn,
        urn,
        label: "machine",
        place,
        needs: [],
        unit: "machine",
        minimum: known(1),
        maximum: known(undefined),
        dependencies: [
          { kind: "image", urn, property: "ami", parts: [], cloud: known("aws"), regions: known([region]) },
        ],
        rollout: { minimumHealthyPercent: known(undefined), stopsByItself: known(undefined) },
        texts: known([{ property: "userData", text: known("serve") }]),
      },
      {
        role: "entry",
        id: `${urn}#entry`,
        urn,
        label: "machine",
        place,
        needs: [{ what: "the machine", atLeast: 1, of: [urn] }],
        isPublic: known(false),
        checks: [],
      },
    ]);
  });

  it("counts for nothing on Spot", () => {
    const spot = designFrom([subnet("us-east-2a"), machine({ instanceMarketOptions: { marketType: "spot" } })]);
    expect(computeOf(spot, "machine").minimum).toEqual(known(0));
    const request = designFrom([
      resource("aws:ec2/spotInstanceRequest:SpotInstanceRequest", "request", { region, ami: "ami-1" }),
    ]);
    expect(computeOf(request, "request").minimum).toEqual(known(0));
    expect(computeOf(request, "request").place.zones).toEqual(
      later_(request, "request", "subnetId", "is not set, so that AWS picks the zone"),
    );
  });

  it("stands in one zone, although it is not known of which of several subnets it got one", () => {
    const picked = join(ref("subnet-us-east-2a"), ref("subnet-us-east-2b"));
    const graph = designFrom([subnet("us-east-2a"), subnet("us-east-2b"), machine({ subnetId: picked })]);
    expect(computeOf(graph, "machine").place.zones).toEqual(
      later_(graph, "machine", "subnetId", "is one of several subnets, so that its zone is not known"),
    );
    const same = resource("aws:ec2/subnet:Subnet", "other", { region, availabilityZone: "us-east-2a" });
    const either = join(ref("subnet-us-east-2a"), ref("other"));
    expect(
      computeOf(designFrom([subnet("us-east-2a"), same, machine({ subnetId: either })]), "machine").place.zones,
    ).toEqual(known(["us-east-2a"]));
  });

  it("stands in the zone that it names, or its template does", () => {
    const named = designFrom([machine({ subnetId: "subnet-1", availabilityZone: "us-east-2c" })]);
    expect(computeOf(named, "machine").place.zones).toEqual(known(["us-east-2c"]));
    const placed = designFrom([
      template({ placement: { availabilityZone: "us-east-2b" } }),
      resource("aws:ec2/instance:Instance", "machine", { region, launchTemplate: { id: ref("template") } }),
    ]);
    expect(computeOf(placed, "machine").place.zones).toEqual(known(["us-east-2b"]));
  });

  it.each([
    ["everybody", rule({ cidrIpv4: "0.0.0.0/0" }), true],
    ["everybody by IPv6", rule({ cidrIpv6: "::/0" }), true],
    ["the edge's list", rule({ prefixListId: "pl-1" }), true],
    ["the network", rule({ cidrIpv4: "10.0.0.0/8" }), false],
    ["the network by IPv6", rule({ cidrIpv6: "fd00::/8" }), false],
    ["a group", rule({ referencedSecurityGroupId: "sg-1" }), false],
    ["SSH", rule({ cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22 }), false],
    ["a range with the web in it", rule({ cidrIpv4: "0.0.0.0/0", fromPort: 1, toPort: 1024 }), true],
    ["a node port of Kubernetes", rule({ cidrIpv4: "0.0.0.0/0", fromPort: 32767, toPort: 32767 }), true],
    ["another port for clients", rule({ cidrIpv4: "0.0.0.0/0", fromPort: 8080, toPort: 8080 }), true],
    ["Remote Desktop", rule({ cidrIpv4: "0.0.0.0/0", fromPort: 3389, toPort: 3389 }), false],
    ["UDP", rule({ cidrIpv4: "0.0.0.0/0", ipProtocol: "udp" }), false],
    ["everything", rule({ cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }), true],
  ])("is public by its firewall: %s", (_, one, expected) => {
    expect(entryOf(opened(one), "machine").isPublic).toEqual(known(expected));
    expect(entryOf(asState(opened(one)), "machine").isPublic).toEqual(known(expected));
  });

  it("is public by older and inline rules too", () => {
    const old = resource("aws:ec2/securityGroupRule:SecurityGroupRule", "old", {
      region,
      securityGroupId: ref("firewall"),
      type: "ingress",
      protocol: "tcp",
      fromPort: 80,
      toPort: 80,
      cidrBlocks: ["0.0.0.0/0"],
    });
    expect(entryOf(opened(old), "machine").isPublic).toEqual(known(true));
    const outwards = { ...old, inputs: { ...old.inputs, type: "egress" } };
    expect(entryOf(opened(outwards), "machine").isPublic).toEqual(known(false));
    const inline = withChange(opened(), "firewall", "ingress", [
      { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
      { protocol: "tcp", fromPort: 443, toPort: 443, ipv6CidrBlocks: ["::/0"] },
    ]);
    expect(entryOf(inline, "machine").isPublic).toEqual(known(true));
  });

  it("is not known to be public where rules, groups or the address are not", () => {
    const unclear = unknownAt(opened(rule({})), "rule", "cidrIpv4");
    expect(entryOf(unclear, "machine").isPublic).toEqual(later_(unclear, "rule", "cidrIpv4"));
    const outside = withChange(opened(), "machine", "vpcSecurityGroupIds", ["sg-1"]);
    expect(entryOf(outside, "machine").isPublic).toEqual(
      later_(outside, "machine", "vpcSecurityGroupIds", "points to something outside this design"),
    );
    const unset = withChange(opened(), "machine", "vpcSecurityGroupIds", undefined);
    expect(entryOf(unset, "machine").isPublic).toEqual(
      later_(
        unset,
        "machine",
        "vpcSecurityGroupIds",
        "names no group, so that the network's default one holds, whose rules are not in this design",
      ),
    );
    const unaddressed = designFrom([machine({ subnetId: "subnet-1" })]);
    expect(entryOf(unaddressed, "machine").isPublic).toEqual(
      later_(unaddressed, "machine", "subnetId", "is outside this design"),
    );
  });

  it("has a public address in a default subnet, which it gets where nothing names another", () => {
    const bare = (inputs: Literal["inputs"] = {}) =>
      designFrom([
        resource("aws:ec2/securityGroup:SecurityGroup", "firewall", { region }),
        resource("aws:ec2/instance:Instance", "machine", {
          region,
          ami: "ami-1",
          vpcSecurityGroupIds: [ref("firewall")],
          ...inputs,
        }),
        template(),
        rule({ cidrIpv4: "0.0.0.0/0" }),
      ]);
    expect(entryOf(bare(), "machine").isPublic).toEqual(known(true));
    const byName = bare({ vpcSecurityGroupIds: [], securityGroups: [ref("firewall", "name")] });
    expect(entryOf(byName, "machine").isPublic).toEqual(known(true));
    expect(entryOf(bare({ associatePublicIpAddress: false }), "machine").isPublic).toEqual(known(false));
    for (const inputs of [
      { launchTemplate: { id: ref("template") } },
      { primaryNetworkInterface: { networkInterfaceId: "eni-1" } },
      { networkInterfaces: later },
    ]) {
      const placed = bare(inputs);
      expect(entryOf(placed, "machine").isPublic).toEqual(
        later_(placed, "machine", "subnetId", "is not set, so that its launch template or interface decides"),
      );
    }
  });

  it("has a public address by its subnet, or by an elastic address", () => {
    const bySubnet = designFrom([
      subnet("us-east-2a", { mapPublicIpOnLaunch: true }),
      resource("aws:ec2/securityGroup:SecurityGroup", "firewall", { region }),
      machine({ vpcSecurityGroupIds: [ref("firewall")] }),
      rule({ cidrIpv4: "0.0.0.0/0" }),
    ]);
    expect(entryOf(bySubnet, "machine").isPublic).toEqual(known(true));
    const hiddenOne = withChange(bySubnet, "subnet-us-east-2a", "mapPublicIpOnLaunch", false);
    expect(entryOf(hiddenOne, "machine").isPublic).toEqual(known(false));
    const elastic = withMore(hiddenOne, resource("aws:ec2/eip:Eip", "address", { region, instance: ref("machine") }));
    expect(entryOf(elastic, "machine").isPublic).toEqual(known(true));
  });
});

describe("the entries that an address leads to", () => {
  const lead = (graph: DraftGraph, name: string) => {
    const around = surroundingsOf(graph);
    const target = around.index.byUrn.get(urnOf(graph, name));
    return target === undefined ? undefined : awsEntriesAt(target, around);
  };
  const machine = resource("aws:ec2/instance:Instance", "machine", { region });
  const address = (inputs: Literal["inputs"] = {}): Literal =>
    resource("aws:ec2/eip:Eip", "address", { region, ...inputs });

  it("are those of an elastic address: a machine's or a network load balancer's", () => {
    const direct = designFrom([machine, address({ instance: ref("machine") })]);
    const associated = designFrom([
      machine,
      address(),
      resource("aws:ec2/eipAssociation:EipAssociation", "association", {
        region,
        allocationId: ref("address", "allocationId"),
        instanceId: ref("machine"),
      }),
    ]);
    for (const graph of [direct, associated])
      expect(lead(graph, "address")).toEqual([`${urnOf(graph, "machine")}#entry`]);
    const balanced = designFrom([
      address(),
      resource("aws:lb/loadBalancer:LoadBalancer", "nlb", {
        region,
        subnetMappings: [{ subnetId: "subnet-1", allocationId: ref("address", "allocationId") }],
      }),
    ]);
    expect(lead(balanced, "address")).toEqual([urnOf(balanced, "nlb")]);
    expect(lead(designFrom([address()]), "address")).toEqual([]);
  });

  it("are a resource itself, or nothing that has an address", () => {
    const graph = designFrom([
      machine,
      resource("aws:lb/loadBalancer:LoadBalancer", "lb", { region }),
      resource("aws:apigatewayv2/api:Api", "api", { region }),
      resource("aws:ec2/vpc:Vpc", "vpc", { region }),
    ]);
    expect(lead(graph, "machine")).toEqual([`${urnOf(graph, "machine")}#entry`]);
    expect(lead(graph, "lb")).toEqual([urnOf(graph, "lb")]);
    expect(lead(graph, "api")).toEqual([urnOf(graph, "api")]);
    expect(lead(graph, "vpc")).toBeUndefined();
  });
});

describe("nodes of EKS", () => {
  const subnets = { subnetIds: [ref("subnet-us-east-2a")] };
  it.each([
    ["on demand", {}, 3],
    ["on Spot", { capacityType: "SPOT" }, 0],
  ])("count %s", (_, inputs, minimum) => {
    const graph = designFrom([
      subnet("us-east-2a"),
      resource("aws:eks/nodeGroup:NodeGroup", "nodes", {
        region,
        scalingConfig: { minSize: 3, maxSize: 9, desiredSize: 3 },
        updateConfig: { maxUnavailablePercentage: 33 },
        ...subnets,
        ...inputs,
      }),
    ]);
    const nodes = computeOf(graph, "nodes");
    expect([nodes.unit, nodes.minimum, nodes.maximum]).toEqual(["instance", known(minimum), known(9)]);
    expect(nodes.place.zones).toEqual(known(["us-east-2a"]));
    expect(nodes.rollout.minimumHealthyPercent).toEqual(known(67));
  });

  it("that pods decide about are not known", () => {
    const graph = designFrom([
      subnet("us-east-2a"),
      resource("aws:eks/fargateProfile:FargateProfile", "profile", { region, selectors: [], ...subnets }),
      resource("aws:eks/cluster:Cluster", "auto", { region, computeConfig: { enabled: true }, vpcConfig: subnets }),
      resource("aws:eks/cluster:Cluster", "plain", { region, vpcConfig: subnets }),
    ]);
    const why = "is decided by the pods, which are not in this design";
    expect(computeOf(graph, "profile").minimum).toEqual(later_(graph, "profile", "selectors", why));
    expect(computeOf(graph, "auto").minimum).toEqual(later_(graph, "auto", "computeConfig", why));
    expect(partsOf(awsKinds, graph, "plain")).toEqual([]);
  });
});
