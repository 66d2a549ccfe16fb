/**
 * Proves which hostnames plain DNS records make, at Cloudflare, Route 53 and Cloud DNS: which are doors, and what they need. Policies are in
 * `name-policies.test.ts`. It does not prove how a resolver behaves.
 */
import { describe, expect, it } from "vitest";
import { asState, later, ref, resource, type Literal } from "../../../support/designs";
import { DNS, CHECK, GOOGLE, address, design, cname, alias, record } from "../../../support/edge-names";
import {
  coarse,
  doorOf,
  edgePartsOf,
  entryOf,
  ids,
  idsOf,
  needsOf,
  poolOf,
  short,
  told,
} from "../../../support/edge-parts";

describe("a name with one answer", () => {
  it.each([
    ["a plan", design(cname("api", address("us-east-2")))],
    ["a state", asState(design(cname("api", address("us-east-2"))))],
    ["a coarse plan", coarse(design(cname("api", address("us-east-2"))))],
  ])("is a door that needs what it points to, in %s", (_, graph) => {
    const door = doorOf(edgePartsOf(graph));
    expect([door.kind, told(door.hostname), told(door.isProxied), told(door.ttlSeconds)]).toEqual([
      "dns",
      "api.example.com",
      false,
      300,
    ]);
    expect(needsOf(door)).toEqual(["what it points to: 1 of lb-us-east-2"]);
    expect(ids(door.pools)).toEqual([]);
    expect(door.place.cloud).toBe("cloudflare");
  });

  it("is proxied and keeps its TTL as written", () => {
    const graph = design(cname("api", address("us-east-2"), { proxied: true, ttl: 120 }));
    const door = doorOf(edgePartsOf(graph));
    expect([told(door.isProxied), told(door.ttlSeconds)]).toEqual([true, 120]);
  });

  it("is read from records of the provider before version 6", () => {
    const old = resource("cloudflare:index/record:Record", "api", {
      zoneId: "z",
      name: "api.example.com",
      type: "CNAME",
      value: address("us-east-2"),
    });
    expect(needsOf(doorOf(edgePartsOf(design(old))))).toEqual(["what it points to: 1 of lb-us-east-2"]);
  });

  it.each([
    ["leads out of the design", cname("docs", "docs.example.net")],
    ["proves who owns a certificate", cname("validation", later, { name: later, type: later })],
    ["is text", resource(DNS, "spf", { zoneId: "z", name: "example.com", type: "TXT", content: "v=spf1" })],
    ["stands in a private zone", record("inner", alias("us-east-2"), "inner.example.com")],
  ])("is no door where it %s", (what, literal) => {
    const zone = resource("aws:route53/zone:Zone", "private", { name: "example.com", vpcs: [{ vpcId: "vpc-1" }] });
    const literals = what.includes("private")
      ? [zone, { ...literal, inputs: { ...literal.inputs, zoneId: ref("private", "zoneId") } }]
      : [literal];
    expect(idsOf(edgePartsOf(design(...literals)))).toEqual([]);
  });

  it("takes its zone's name where it is written without", () => {
    const zone = resource("cloudflare:index/zone:Zone", "zone", { name: "example.com" });
    const short_ = cname("api", address("us-east-2"), { name: "api", zoneId: ref("zone") });
    const apex = cname("apex", address("us-west-2"), { name: "@", zoneId: ref("zone") });
    const parts = edgePartsOf(design(zone, short_, apex));
    expect([told(doorOf(parts, "api").hostname), told(doorOf(parts, "apex").hostname)]).toEqual([
      "api.example.com",
      "example.com",
    ]);
  });

  it("is Google's, too, with the closing dot taken off", () => {
    const zone = resource("gcp:dns/managedZone:ManagedZone", "zone", { name: "main", dnsName: "example.com." });
    const set = resource(GOOGLE, "api", {
      managedZone: ref("zone", "name"),
      name: "api.example.com.",
      type: "CNAME",
      rrdatas: [address("us-east-2")],
    });
    const door = doorOf(edgePartsOf(design(zone, set)));
    expect([told(door.hostname), told(door.ttlSeconds), door.place.cloud]).toEqual(["api.example.com", 300, "gcp"]);
    expect(needsOf(door)).toEqual(["what it points to: 1 of lb-us-east-2"]);
  });
});

describe("several answers that nothing watches", () => {
  const two = design(cname("a", address("us-east-2")), cname("b", address("us-west-2")));

  it.each([
    ["two records", two, ["a#content", "b#content"]],
    [
      "one record with two values",
      design(record("api", { type: "CNAME", records: [address("us-east-2"), address("us-west-2")] })),
      ["api#records[0]", "api#records[1]"],
    ],
  ])("have to be there all, in %s", (_, graph, pools) => {
    const parts = edgePartsOf(graph);
    const door = doorOf(parts);
    expect([ids(door.pools), door.isOrdered, told(door.steering)]).toEqual([pools, false, "random"]);
    expect(needsOf(door)).toEqual([
      `a pool: 1 of ${pools.join(", ")}`,
      ...pools.map((id) => `${poolOf(parts, id).label}, whose health nothing watches: 1 of ${id}`),
    ]);
    expect(pools.map((id) => [told(poolOf(parts, id).monitor), needsOf(poolOf(parts, id))])).toEqual([
      [undefined, ["an origin: 1 of lb-us-east-2"]],
      [undefined, ["an origin: 1 of lb-us-west-2"]],
    ]);
  });

  it("leave nothing out of which one points elsewhere", () => {
    const parts = edgePartsOf(design(cname("a", address("us-east-2")), cname("b", "b.example.net")));
    expect(needsOf(poolOf(parts, "b#content"))).toEqual(["an origin: 1 of external:b.example.net"]);
    expect(told(entryOf(parts, "external:b.example.net").place.region)).toBe(
      "content: points to something outside this design",
    );
  });
});

describe("addresses of both families", () => {
  it("are one door: clients take the other where one is dead", () => {
    const graph = design(record("v4", alias("us-east-2")), record("v6", { ...alias("us-east-2"), type: "AAAA" }));
    expect(idsOf(edgePartsOf(graph))).toEqual(["v4"]);
  });

  it("are a door of their own where there is no other", () => {
    expect(idsOf(edgePartsOf(design(record("v6", { ...alias("us-east-2"), type: "AAAA" }))))).toEqual(["v6"]);
  });
});

describe("names that lead to doors", () => {
  const pool = resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", "pool", {
    name: "pool",
    origins: [{ name: "a", address: address("us-east-2") }],
  });
  const balancer = (name: string, enabled = true): Literal =>
    resource("cloudflare:index/loadBalancer:LoadBalancer", "balancer", {
      zoneId: "z",
      name,
      enabled,
      defaultPools: [ref("pool")],
      fallbackPool: ref("pool"),
    });

  it("are another word for a door of the same provider", () => {
    const graph = design(pool, balancer("lb.example.com"), cname("api", "lb.example.com"));
    expect(idsOf(edgePartsOf(graph))).toEqual(["balancer", "pool"]);
  });

  it("share a door's choice and need both providers, where these are two", () => {
    const graph = design(
      pool,
      balancer("api.example.com"),
      record("partial", { type: "CNAME", ttl: 60, records: ["api.example.com.cdn.cloudflare.net"] }),
    );
    const parts = edgePartsOf(graph);
    const door = doorOf(parts, "partial");
    expect([door.place.cloud, ids(door.pools), needsOf(door)]).toEqual([
      "aws",
      ["pool"],
      ["what it points to: 1 of balancer"],
    ]);
    expect(idsOf(parts)).toEqual(["balancer", "partial", "pool"]);
  });

  it("lose against a load balancer of the same name, unless that is off", () => {
    const own = cname("api", address("us-west-2"));
    expect(idsOf(edgePartsOf(design(pool, balancer("api.example.com"), own)))).toEqual(["balancer", "pool"]);
    expect(idsOf(edgePartsOf(design(pool, balancer("api.example.com", false), own)))).toEqual([
      "api",
      "balancer",
      "pool",
    ]);
  });

  it("are no doors where a pool uses them: a region's own name may die with its region", () => {
    const graph = design(
      resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", "pool", {
        name: "pool",
        origins: [{ name: "a", address: "origin.example.com" }],
      }),
      balancer("api.example.com"),
      cname("origin", address("us-east-2"), {}, "origin.example.com"),
    );
    const parts = edgePartsOf(graph);
    expect(needsOf(poolOf(parts, "pool"))).toEqual(["an origin: 1 of origin"]);
    expect(needsOf(entryOf(parts, "origin"))).toEqual(["what it points to: 1 of lb-us-east-2"]);
    expect(short(doorOf(parts).id)).toBe("balancer");
  });

  it("make a way out of the edge: failover to an origin's own name", () => {
    const graph = design(
      pool,
      balancer("api.example.com"),
      resource(CHECK, "watch", { type: "HTTPS", fqdn: "api.example.com" }),
      record("first", {
        type: "CNAME",
        setIdentifier: "edge",
        ttl: 60,
        records: ["api.example.com.cdn.cloudflare.net"],
        failoverRoutingPolicies: [{ type: "PRIMARY" }],
        healthCheckId: ref("watch"),
      }),
      record("second", {
        type: "CNAME",
        setIdentifier: "direct",
        ttl: 60,
        records: [address("us-west-2")],
        failoverRoutingPolicies: [{ type: "SECONDARY" }],
      }),
    );
    const parts = edgePartsOf(graph);
    expect(needsOf(poolOf(parts, "first#answer"))).toEqual(["an origin: 1 of balancer"]);
    expect(needsOf(poolOf(parts, "second#answer"))).toEqual(["an origin: 1 of lb-us-west-2"]);
    expect([doorOf(parts, "first").role, doorOf(parts, "balancer").role]).toEqual(["door", "door"]);
  });

  it("stand for a customer's hostname, and for other protocols", () => {
    const parts = edgePartsOf(
      design(
        cname("api", address("us-east-2"), { proxied: true }),
        resource("cloudflare:index/customHostname:CustomHostname", "customer", {
          zoneId: "z",
          hostname: "trade.example.org",
        }),
        resource("cloudflare:index/customHostnameFallbackOrigin:CustomHostnameFallbackOrigin", "fallback", {
          zoneId: "z",
          origin: "api.example.com",
        }),
        resource("cloudflare:index/spectrumApplication:SpectrumApplication", "fix", {
          zoneId: "z",
          protocol: "tcp/443",
          dns: { type: "CNAME", name: "fix.example.com" },
          originDirects: ["tcp://192.0.2.1:443", "tcp://192.0.2.2:443"],
        }),
        resource("cloudflare:index/spectrumApplication:SpectrumApplication", "stream", {
          zoneId: "z",
          protocol: "tcp/443",
          dns: { type: "CNAME", name: "stream.example.com" },
          originDns: { name: "api.example.com" },
        }),
      ),
    );
    // They are other words for the record; what is reached by addresses outside the design alone is no door of it.
    expect(idsOf(parts)).toEqual(["api"]);
    expect(doorOf(parts).role).toBe("door");
  });
});
