/**
 * Proves which hostnames DNS alone makes, at Cloudflare, Route 53 and Cloud DNS: which are doors, what they need, how their policies choose and
 * what watches. It does not prove how a resolver behaves.
 */
import { describe, expect, it } from "vitest";
import {
  asState,
  type Later,
  designFrom,
  later,
  ref,
  resource,
  type Draft,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import {
  coarse,
  doorOf,
  edgePartsOf,
  entryOf,
  ids,
  idsOf,
  needsOf,
  poolOf,
  read,
  short,
  told,
} from "../../../support/edge-parts";

const DNS = "cloudflare:index/dnsRecord:DnsRecord";
const R53 = "aws:route53/record:Record";
const CHECK = "aws:route53/healthCheck:HealthCheck";
const GOOGLE = "gcp:dns/recordSet:RecordSet";

const lb = (region: string): Literal =>
  resource(
    "aws:lb/loadBalancer:LoadBalancer",
    `lb-${region}`,
    { region },
    { answers: { dnsName: `lb-${region}-1.${region}.elb.amazonaws.com` } },
  );
const LBS = [lb("us-east-2"), lb("us-west-2")];
const address = (region: string): Later => ref(`lb-${region}`, "dnsName");
const design = (...literals: Literal[]): DraftGraph => designFrom([...LBS, ...literals]);
const cname = (name: string, content: Draft, more: Record<string, Draft> = {}, hostname = "api.example.com"): Literal =>
  resource(DNS, name, { zoneId: "z", name: hostname, type: "CNAME", ttl: 1, content, ...more });
const alias = (region: string, evaluates = false): Record<string, Draft> => ({
  aliases: [{ name: address(region), zoneId: "z", evaluateTargetHealth: evaluates }],
});
const record = (name: string, inputs: Record<string, Draft>, hostname = "api.example.com"): Literal =>
  resource(R53, name, { zoneId: "Z1", name: hostname, type: "A", ...inputs });

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

describe("Route 53", () => {
  const check = (name: string, inputs: Record<string, Draft> = {}): Literal =>
    resource(CHECK, name, { type: "HTTPS", fqdn: "a.example.com", resourcePath: "/healthz/region", ...inputs });
  const steered = (region: string, policy: Record<string, Draft>, more: Record<string, Draft> = {}): Literal =>
    record(region, { setIdentifier: region, ...alias(region), ...policy, ...more });
  const both = (policy: (region: string, place: number) => Record<string, Draft>): DraftGraph =>
    design(
      check("watch"),
      ...["us-east-2", "us-west-2"].map((region, place) =>
        steered(region, policy(region, place), { healthCheckId: ref("watch") }),
      ),
    );

  it("fails over from the primary to the secondary, whatever their names' order", () => {
    const graph = both((_, place) => ({ failoverRoutingPolicies: [{ type: place === 1 ? "PRIMARY" : "SECONDARY" }] }));
    const door = doorOf(edgePartsOf(graph));
    expect([ids(door.pools), door.isOrdered, told(door.steering), told(door.ttlSeconds)]).toEqual([
      ["us-west-2#answer", "us-east-2#answer"],
      true,
      "off",
      60,
    ]);
    expect(needsOf(door)).toEqual(["a pool: 1 of us-west-2#answer, us-east-2#answer"]);
    expect([door.kind, door.place.cloud, told(door.fallback)]).toEqual(["route53", "aws", undefined]);
  });

  it("stays with a primary that nothing watches", () => {
    const graph = design(
      steered("us-east-2", { failoverRoutingPolicies: [{ type: "PRIMARY" }] }),
      steered("us-west-2", { failoverRoutingPolicies: [{ type: "SECONDARY" }] }),
    );
    expect(needsOf(doorOf(edgePartsOf(graph)))).toEqual([
      "a pool: 1 of us-east-2#answer, us-west-2#answer",
      "us-east-2, whose health nothing watches: 1 of us-east-2#answer",
    ]);
  });

  it("shares by weight", () => {
    const door = doorOf(edgePartsOf(both((_, place) => ({ weightedRoutingPolicies: [{ weight: 10 + place * 20 }] }))));
    expect([told(door.steering), Object.values(told(door.weights)), needsOf(door)]).toEqual([
      "random",
      [10, 30],
      ["a pool: 1 of us-east-2#answer, us-west-2#answer"],
    ]);
  });

  it("takes weight 0 beside one other for a spare, and only zeros for equal shares", () => {
    const spare = doorOf(edgePartsOf(both((_, place) => ({ weightedRoutingPolicies: [{ weight: place * 100 }] }))));
    expect([told(spare.steering), ids(spare.pools), spare.isOrdered]).toEqual([
      "off",
      ["us-west-2#answer", "us-east-2#answer"],
      true,
    ]);
    const even = doorOf(edgePartsOf(both(() => ({ weightedRoutingPolicies: [{ weight: 0 }] }))));
    expect([told(even.steering), Object.values(told(even.weights))]).toEqual(["random", [1, 1]]);
  });

  it.each([
    ["latencyRoutingPolicies", (region: string): Draft => [{ region }], "dynamic_latency"],
    ["geoproximityRoutingPolicy", (region: string): Draft => ({ awsRegion: region }), "proximity"],
    ["multivalueAnswerRoutingPolicy", (): Draft => true, "random"],
  ])("chooses among all healthy answers by %s", (policy, value, steering) => {
    const door = doorOf(edgePartsOf(both((region) => ({ [policy]: value(region) }))));
    expect([told(door.steering), ids(door.pools), needsOf(door)]).toEqual([
      steering,
      ["us-east-2#answer", "us-west-2#answer"],
      ["a pool: 1 of us-east-2#answer, us-west-2#answer"],
    ]);
  });

  it("sends places to their answer, then to everybody's", () => {
    const graph = design(
      check("watch"),
      steered("us-east-2", { geolocationRoutingPolicies: [{ country: "*" }] }, { healthCheckId: ref("watch") }),
      steered(
        "us-west-2",
        { geolocationRoutingPolicies: [{ country: "US", subdivision: "CA" }] },
        { healthCheckId: ref("watch") },
      ),
    );
    const door = doorOf(edgePartsOf(graph));
    expect(ids(door.pools)).toEqual(["us-east-2#answer"]);
    expect(door.overrides.map(({ kind, key, pools }) => [kind, key, ids(pools)])).toEqual([
      ["region", "US-CA", ["us-west-2#answer", "us-east-2#answer"]],
    ]);
  });

  it("traps the clients of a place that has no other answer", () => {
    const graph = design(
      steered("us-east-2", { geolocationRoutingPolicies: [{ continent: "EU" }] }),
      steered("us-west-2", { geolocationRoutingPolicies: [{ continent: "NA" }] }),
    );
    expect(doorOf(edgePartsOf(graph)).overrides.map(({ key, pools }) => [key, ids(pools)])).toEqual([
      ["EU", ["us-east-2#answer"]],
      ["NA", ["us-west-2#answer"]],
    ]);
  });

  it("watches as its health check says", () => {
    const parts = edgePartsOf(both(() => ({ latencyRoutingPolicies: [{ region: "us-east-2" }] })));
    const { monitor, checkRegions, isAnnounced } = poolOf(parts, "us-east-2#answer");
    const found = told(monitor);
    if (typeof found !== "object") throw new Error("no monitor");
    const { type, path, expectedCodes, allowsInsecure, intervalSeconds, timeoutSeconds, retries, consecutiveDown } =
      found;
    expect(
      [type, path, expectedCodes, allowsInsecure, intervalSeconds, timeoutSeconds, retries, consecutiveDown].map(read),
    ).toEqual(["https", "/healthz/region", "200-399", true, 30, 6, 0, 3]);
    expect(told(checkRegions)).toHaveLength(8);
    expect(told(isAnnounced)).toBe(false);
  });

  it("is announced by an alarm on the check", () => {
    const alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", {
      dimensions: { HealthCheckId: ref("watch") },
    });
    const watched = steered(
      "us-east-2",
      { latencyRoutingPolicies: [{ region: "us-east-2" }] },
      { healthCheckId: ref("watch") },
    );
    const parts = edgePartsOf(
      design(check("watch", { regions: ["us-east-1", "eu-west-1", "us-west-1"] }), alarm, watched),
    );
    const pool = poolOf(parts, "us-east-2#answer");
    expect([told(pool.isAnnounced), told(pool.checkRegions)]).toEqual([true, ["us-east-1", "eu-west-1", "us-west-1"]]);
  });

  const monitorOf = (checks: Literal[], more: Record<string, Draft>): unknown => {
    const watched = steered("us-east-2", { latencyRoutingPolicies: [{ region: "us-east-2" }] }, more);
    const monitor = told(poolOf(edgePartsOf(design(...checks, watched)), "us-east-2#answer").monitor);
    return typeof monitor === "object"
      ? [short(monitor.urn), told(monitor.type), told(monitor.intervalSeconds)]
      : monitor;
  };

  it.each([
    ["nothing, where there is no check", [], {}, undefined],
    ["nothing, where the check is off", [check("c", { disabled: true })], { healthCheckId: ref("c") }, undefined],
    [
      "the target's own checks",
      [],
      alias("us-east-2", true),
      [
        "us-east-2",
        "target",
        "aliases[0].evaluateTargetHealth: is decided by the target's own health checks, at their pace",
      ],
    ],
    [
      "somebody who has to switch it",
      [check("c", { type: "RECOVERY_CONTROL" })],
      { healthCheckId: ref("c") },
      "type: is a routing control, which somebody has to switch",
    ],
    [
      "an alarm of unknown pace",
      [check("c", { type: "CLOUDWATCH_METRIC" })],
      { healthCheckId: ref("c") },
      "type: follows a CloudWatch alarm, whose pace is not part of the check",
    ],
    [
      "the opposite of health",
      [check("c", { invertHealthcheck: true })],
      { healthCheckId: ref("c") },
      "invertHealthcheck: turns health into sickness",
    ],
    [
      "the slowest of several checks",
      [
        check("fast", { requestInterval: 10 }),
        check("slow"),
        check("all", { type: "CALCULATED", childHealthchecks: [ref("fast"), ref("slow")], childHealthThreshold: 1 }),
      ],
      { healthCheckId: ref("all") },
      ["all", "https", 30],
    ],
    [
      "a check of another stack",
      [],
      { healthCheckId: "0123" },
      "healthCheckId: points to something outside this design",
    ],
    ["an unknown check", [], { healthCheckId: later }, "healthCheckId: is known only after an update"],
  ])("is watched by %s", (_, checks, more: Record<string, Draft>, monitor) => {
    expect(monitorOf(checks, more)).toEqual(monitor);
  });

  it("does not follow checks of checks for ever", () => {
    const all = check("all", { type: "CALCULATED", childHealthchecks: ["all-id"] });
    const graph = asState(
      design(
        all,
        steered("us-east-2", { latencyRoutingPolicies: [{ region: "us-east-2" }] }, { healthCheckId: ref("all") }),
      ),
    );
    expect(told(poolOf(edgePartsOf(graph), "us-east-2#answer").monitor)).toBe(
      "childHealthchecks: points to something outside this design",
    );
  });
});

describe("Cloud DNS", () => {
  const gcpCheck = resource("gcp:compute/healthCheck:HealthCheck", "watch", {
    sourceRegions: ["us-east1", "us-west1", "europe-west1"],
    checkIntervalSec: 30,
    httpsHealthCheck: { requestPath: "/healthz/region" },
  });
  const set = (routingPolicy: Draft): DraftGraph =>
    design(
      gcpCheck,
      resource(GOOGLE, "api", { managedZone: "main", name: "api.example.com.", type: "A", ttl: 30, routingPolicy }),
    );
  const checked = (region: string): Draft => ({ externalEndpoints: [address(region)] });

  it("shares by weight among checked targets", () => {
    const graph = set({
      healthCheck: ref("watch"),
      wrrs: [
        { weight: 1, healthCheckedTargets: checked("us-east-2") },
        { weight: 3, healthCheckedTargets: checked("us-west-2") },
      ],
    });
    const parts = edgePartsOf(graph);
    const door = doorOf(parts);
    const pools = ["api#routingPolicy.wrrs[0]", "api#routingPolicy.wrrs[1]"];
    expect([told(door.steering), ids(door.pools), Object.values(told(door.weights)), told(door.ttlSeconds)]).toEqual([
      "random",
      pools,
      [1, 3],
      30,
    ]);
    expect(needsOf(door)).toEqual([`a pool: 1 of ${pools.join(", ")}`]);
    const { monitor, checkRegions } = poolOf(parts, pools[0]!);
    const found = told(monitor);
    if (typeof found !== "object") throw new Error("no monitor");
    expect(
      [found.type, found.path, found.intervalSeconds, found.timeoutSeconds, found.consecutiveDown].map(read),
    ).toEqual(["https", "/healthz/region", 30, 5, 2]);
    expect(told(checkRegions)).toEqual(["us-east1", "us-west1", "europe-west1"]);
  });

  it("watches no plain addresses", () => {
    const graph = set({
      wrrs: [
        { weight: 1, rrdatas: [address("us-east-2")] },
        { weight: 1, rrdatas: [address("us-west-2")] },
      ],
    });
    const parts = edgePartsOf(graph);
    expect(told(poolOf(parts, "api#routingPolicy.wrrs[0]").monitor)).toBeUndefined();
    expect(needsOf(doorOf(parts))).toHaveLength(3);
  });

  it("fails over from a primary to its backups", () => {
    const graph = set({
      healthCheck: ref("watch"),
      primaryBackup: {
        primary: checked("us-east-2"),
        backupGeos: [{ location: "us-west2", healthCheckedTargets: checked("us-west-2") }],
      },
    });
    const door = doorOf(edgePartsOf(graph));
    expect([told(door.steering), ids(door.pools), door.isOrdered]).toEqual([
      "off",
      ["api#routingPolicy.primaryBackup.primary", "api#routingPolicy.primaryBackup.backupGeos[0]"],
      true,
    ]);
  });

  it("keeps clients in their place where it is fenced", () => {
    const geos: Draft = ["us-east-2", "us-west-2"].map((location) => ({
      location,
      healthCheckedTargets: checked(location),
    }));
    expect(doorOf(edgePartsOf(set({ healthCheck: ref("watch"), geos }))).overrides).toEqual([]);
    const fenced = doorOf(edgePartsOf(set({ healthCheck: ref("watch"), enableGeoFencing: true, geos })));
    expect(fenced.overrides.map(({ key, pools }) => [key, ids(pools)])).toEqual([
      ["us-east-2", ["api#routingPolicy.geos[0]"]],
      ["us-west-2", ["api#routingPolicy.geos[1]"]],
    ]);
  });

  it("is undecided while its policy is not known", () => {
    const door = doorOf(edgePartsOf(set(later)));
    expect([told(door.pools), needsOf(door)]).toEqual([
      "routingPolicy: is known only after an update",
      ["a pool: 1 of  ? routingPolicy is known only after an update"],
    ]);
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
