/**
 * Proves how the policies of Route 53 and Cloud DNS choose among answers, and what watches these. It does not prove how a resolver behaves.
 */
import { describe, expect, it } from "vitest";
import { asState, later, ref, resource, type Draft, type DraftGraph, type Literal } from "../../../support/designs";
import { CHECK, GOOGLE, address, design, alias, record } from "../../../support/edge-names";
import { doorOf, edgePartsOf, ids, needsOf, poolOf, read, short, told } from "../../../support/edge-parts";

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
