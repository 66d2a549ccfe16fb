/**
 * Proves where addresses lead: into the design by every way in which a pool may name an entry, or out of it, and then where that stands.
 * It does not prove that an entry answers.
 */
import { describe, expect, it } from "vitest";
import { declaredOf } from "../../../resilience/declared";
import {
  asState,
  designFrom,
  join,
  later,
  ref,
  resource,
  secret,
  type Draft,
  type DraftGraph,
  type Literal,
} from "../../support/designs";
import { coarse, edgePartsOf, entryOf, idsOf, needsOf, poolOf, told } from "../../support/edge-parts";

const pool = (address: Draft, name = "pool"): Literal =>
  resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", name, {
    name: `the-${name}`,
    origins: [{ name: "a", address }],
  });
const leadsTo = (graph: DraftGraph): string[] => needsOf(poolOf(edgePartsOf(graph), "pool"));

const LB = resource(
  "aws:lb/loadBalancer:LoadBalancer",
  "lb",
  { region: "us-east-2" },
  { answers: { dnsName: "lb-1.us-east-2.elb.amazonaws.com" } },
);
const MACHINE = resource(
  "aws:ec2/instance:Instance",
  "machine",
  { region: "us-east-2" },
  { answers: { publicIp: "198.51.100.7" } },
);
const SERVICE = resource(
  "gcp:cloudrunv2/service:Service",
  "service",
  { location: "us-central1" },
  { answers: { uri: "https://service-abc-uc.a.run.app" } },
);

describe("an address leads to", () => {
  const cases: [string, Literal[], Draft, string][] = [
    ["a load balancer, by its name", [LB], ref("lb", "dnsName"), "lb"],
    ["a load balancer, by its name with a prefix", [LB], join("dualstack.", ref("lb", "dnsName")), "lb"],
    [
      "a network balancer, by its elastic address",
      [
        resource(
          "aws:ec2/eip:Eip",
          "eip",
          { region: "us-east-2" },
          { id: "eipalloc-1", answers: { allocationId: "eipalloc-1", publicIp: "198.51.100.9" } },
        ),
        resource("aws:lb/loadBalancer:LoadBalancer", "nlb", {
          region: "us-east-2",
          loadBalancerType: "network",
          subnetMappings: [{ subnetId: "s", allocationId: ref("eip", "allocationId") }],
        }),
      ],
      ref("eip", "publicIp"),
      "nlb",
    ],
    ["a machine, by its own address", [MACHINE], ref("machine", "publicIp"), "machine#entry"],
    [
      "a function, by its URL",
      [
        resource(
          "aws:lambda/functionUrl:FunctionUrl",
          "url",
          { region: "us-east-2" },
          { answers: { functionUrl: "https://abc.lambda-url.us-east-2.on.aws/" } },
        ),
      ],
      ref("url", "functionUrl"),
      "url",
    ],
    [
      "an API, by the host that its id begins",
      [
        resource(
          "aws:apigatewayv2/api:Api",
          "api",
          { region: "us-east-2", protocolType: "HTTP" },
          { id: "a1b2c3d4e5" },
        ),
      ],
      join(ref("api"), ".execute-api.us-east-2.amazonaws.com"),
      "api",
    ],
    ["a service of Google's, by its URL", [SERVICE], ref("service", "uri"), "service#address"],
  ];

  it.each(cases)("%s, in a plan", (_, literals, address, id) => {
    expect(leadsTo(designFrom([...literals, pool(address)]))).toEqual([`an origin: 1 of ${id}`]);
  });

  it.each(cases)("%s, in a coarse plan", (_, literals, address, id) => {
    const parts = edgePartsOf(coarse(designFrom([...literals, pool(address)])));
    expect(needsOf(poolOf(parts, "pool"))).toEqual([`an origin: 1 of ${id}`]);
  });

  it.each(cases)("%s, in a state", (_, literals, address, id) => {
    expect(leadsTo(asState(designFrom([...literals, pool(address)])))).toEqual([`an origin: 1 of ${id}`]);
  });

  it("what a component holds, if that is one way in", () => {
    const component = resource("acme:index:Region", "region");
    const inside = { ...LB, parent: "region" };
    const graph = designFrom([component, inside, pool(ref("region", "endpoint"))]);
    for (const each of graph.resources) if (each.name === "region") each.provider = null;
    expect(leadsTo(graph)).toEqual(["an origin: 1 of lb"]);
    const second = resource("aws:lb/loadBalancer:LoadBalancer", "other", { region: "us-west-2" }, { parent: "region" });
    const two = designFrom([component, inside, second, pool(ref("region", "endpoint"))]);
    for (const each of two.resources) if (each.name === "region") each.provider = null;
    expect(leadsTo(two)).toEqual(["an origin: 1 of external:pool#origins[0].address"]);
  });

  it("each of the addresses of a name that is no door", () => {
    const zone = resource("aws:route53/zone:Zone", "zone", { name: "inner.example.com", vpcs: [{ vpcId: "v" }] });
    const record = resource("aws:route53/record:Record", "record", {
      zoneId: ref("zone", "zoneId"),
      name: "a.inner.example.com",
      type: "CNAME",
      records: [ref("lb", "dnsName"), ref("machine", "publicDns")],
    });
    const parts = edgePartsOf(designFrom([LB, MACHINE, zone, record, pool("a.inner.example.com")]));
    expect(needsOf(poolOf(parts, "pool"))).toEqual(["an origin: 1 of pool#origins[0]"]);
    expect(needsOf(entryOf(parts, "pool#origins[0]"))).toEqual([
      "each of its addresses: 1 of machine#entry",
      "each of its addresses: 1 of lb",
    ]);
  });
});

describe("an address outside the design", () => {
  const STACK = resource("pulumi:pulumi:StackReference", "regions", { name: "org/regions/prod" });
  const place = (address: Draft, origins: Record<string, string> = {}, more: Literal[] = []): unknown => {
    const graph = designFrom([...more, pool(address)]);
    const parts = edgePartsOf(graph, declaredOf(graph, { origins }));
    const [id] = idsOf(parts).filter((each) => each.startsWith("external:"));
    const { urn, needs, label, place: found } = entryOf(parts, id ?? "");
    expect([urn, needs]).toEqual([null, []]);
    return [label, found.cloud, told(found.region)];
  };
  const OUTSIDE = "origins[0].address: points to something outside this design";

  it.each([
    ["nowhere", "api-1.example.net", {}, ["api-1.example.net", "other", OUTSIDE]],
    [
      "where its hostname says",
      "x.us-east-2.elb.amazonaws.com",
      {},
      ["x.us-east-2.elb.amazonaws.com", "aws", "us-east-2"],
    ],
    [
      "in a cloud, where its hostname says no more",
      "api-abc-uc.a.run.app",
      {},
      ["api-abc-uc.a.run.app", "gcp", OUTSIDE],
    ],
    [
      "where the settings say",
      "API-1.example.net.",
      { "api-1.example.net": "gcp:us-east4" },
      ["api-1.example.net", "gcp", "us-east4"],
    ],
    [
      "where the settings say, whatever its hostname",
      "x.us-east-2.elb.amazonaws.com",
      { "x.us-east-2.elb.amazonaws.com": "aws:us-west-2" },
      ["x.us-east-2.elb.amazonaws.com", "aws", "us-west-2"],
    ],
    ["at a third provider", "192.0.2.1", { "192.0.2.1": "other:equinix-ny4" }, ["192.0.2.1", "other", "equinix-ny4"]],
    [
      "nowhere, where the settings slip",
      "192.0.2.1",
      { "192.0.2.1": "aws:us-east2" },
      ["192.0.2.1", "other", "origins[0].address: is placed by the settings at something that is no region"],
    ],
    [
      "nowhere, while it is not known",
      later,
      {},
      ["origins[0].address of pool", "other", "origins[0].address: is known only after an update"],
    ],
    [
      "where the settings say of its pool, while it is not known",
      later,
      { "the-pool": "aws:us-east-2" },
      ["origins[0].address of pool", "aws", "us-east-2"],
    ],
    [
      "nowhere, while it is a secret",
      secret,
      {},
      ["origins[0].address of pool", "other", "origins[0].address: is a secret"],
    ],
  ])("stands %s", (_, address: Draft, origins: Record<string, string>, expected) => {
    expect(place(address, origins)).toEqual(expected);
  });

  it("is another stack's, where it comes from there", () => {
    expect(place(ref("regions", "outputs"), {}, [STACK])).toEqual(["origins[0].address of pool", "other", OUTSIDE]);
  });

  it("stands in zones that nobody here knows, unless its vendor spreads it", () => {
    const zones = (address: string): unknown =>
      told(entryOf(edgePartsOf(designFrom([pool(address)])), `external:${address}`).place.zones);
    expect(zones("x.us-east-2.elb.amazonaws.com")).toBe(OUTSIDE);
    expect(zones("api-123.us-central1.run.app")).toEqual([]);
  });

  it("is one for all pools that name it", () => {
    const graph = designFrom([pool("192.0.2.1", "one"), pool("192.0.2.1", "two")]);
    expect(idsOf(edgePartsOf(graph))).toEqual(["external:192.0.2.1", "one", "two"]);
  });

  it("is not misled by names that every object has", () => {
    expect(place("constructor", { constructor: "aws:us-east-2" })).toEqual(["constructor", "aws", "us-east-2"]);
    expect(place("__proto__")).toEqual(["__proto__", "other", OUTSIDE]);
  });
});

describe("names of names", () => {
  const cname = (name: string, content: Draft): Literal =>
    resource("cloudflare:index/dnsRecord:DnsRecord", name, {
      zoneId: "z",
      name: `${name}.example.com`,
      type: "CNAME",
      ttl: 1,
      content,
    });

  it("end in a circle without harm", () => {
    const graph = designFrom([
      cname("a", "b.example.com"),
      cname("b", "a.example.com"),
      cname("c", "c.example.com"),
      pool("a.example.com"),
    ]);
    expect(leadsTo(graph)).toEqual(["an origin: 1 of external:b.example.com"]);
  });

  it("are followed as far as resolvers do, in linear time", () => {
    const length = 10_000;
    const chain = Array.from({ length }, (_, place) => cname(`n${String(place)}`, `n${String(place + 1)}.example.com`));
    const graph = designFrom([LB, ...chain, cname(`n${String(length)}`, ref("lb", "dnsName")), pool("n0.example.com")]);
    const parts = edgePartsOf(graph);
    expect(parts.size).toBeGreaterThan(0);
    expect(needsOf(poolOf(parts, "pool"))).toHaveLength(1);
  });

  it("cost no more than their records where each names many others", () => {
    const layers = 12;
    const width = 12;
    const records = Array.from({ length: layers }, (_, layer) =>
      Array.from({ length: width }, (_unused, place) =>
        resource("aws:route53/record:Record", `r-${String(layer)}-${String(place)}`, {
          zoneId: "z",
          name: `r-${String(layer)}-${String(place)}.example.com`,
          type: "CNAME",
          records: Array.from({ length: width }, (_also, next) => `r-${String(layer + 1)}-${String(next)}.example.com`),
        }),
      ),
    ).flat();
    expect(idsOf(edgePartsOf(designFrom([...records, pool("r-0-0.example.com")])))).toContain("pool");
  });
});
