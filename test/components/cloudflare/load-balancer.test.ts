// Proves: what CloudflareLoadBalancer registers, input by input, how it plans failover, draining and detection, and that Cloudflare's
// published contracts find nothing in it. Does not prove that Cloudflare behaves so, nor names that other stacks have taken.
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  CloudflareLoadBalancer,
  type CloudflareLoadBalancerArgs,
  type LoadBalancerPool,
} from "../../../components/cloudflare";
import { CloudflarePlan } from "../../../components/sizing/monitor-timing";
import { SteeringPolicy } from "../../../components/sizing/steering";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, UNKNOWN, value } from "../../support/mocks";
import { skipped } from "../../support/skip";

const MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor";
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const BALANCER = "cloudflare:index/loadBalancer:LoadBalancer";
const NOTIFICATION = "cloudflare:index/notificationPolicy:NotificationPolicy";

const ohio: LoadBalancerPool = {
  name: "us-east-2",
  cloud: "aws",
  originAddress: "ohio.elb.us-east-2.amazonaws.com",
};
const oregon: LoadBalancerPool = {
  name: "us-west-2",
  cloud: "aws",
  originAddress: "oregon.elb.us-west-2.amazonaws.com",
};
const iowa: LoadBalancerPool = { name: "us-central1", cloud: "gcp", originAddress: "34.120.0.7" };

const baseline: CloudflareLoadBalancerArgs = {
  accountId: "0123456789abcdef0123456789abcdef",
  zoneId: "fedcba9876543210fedcba9876543210",
  zoneName: "example.com",
  hostname: "api.example.com",
  plan: CloudflarePlan.Enterprise,
  pools: [ohio, oregon, iowa],
};

const run = (changes: Partial<CloudflareLoadBalancerArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  record(() => new CloudflareLoadBalancer("edge", { ...baseline, ...changes }, opts), { preview: false });

describe("CloudflareLoadBalancer", () => {
  it("makes a monitor, a pool for each region and a load balancer, each owned by the component", async () => {
    const recording = await run();
    expect(recording.counts()).toEqual({
      [BALANCER]: 1,
      [MONITOR]: 1,
      [POOL]: 3,
      "twodoor:index:CloudflareLoadBalancer": 1,
    });
    const children = recording.resources.filter(({ custom }) => custom);
    expect(new Set(children.map(({ parent }) => parent))).toEqual(
      new Set(["urn:pulumi:test::twodoor::twodoor:index:CloudflareLoadBalancer::edge"]),
    );
    expect(children.map(({ name }) => name).sort()).toEqual([
      "edge-load-balancer",
      "edge-monitor",
      "edge-pool-us-central1",
      "edge-pool-us-east-2",
      "edge-pool-us-west-2",
    ]);
  });

  it("probes strictly, as often as the plan allows, with the zone's own client certificate", async () => {
    expect((await run()).one(MONITOR).inputs).toEqual({
      accountId: baseline.accountId,
      allowInsecure: false,
      consecutiveDown: 2,
      consecutiveUp: 3,
      description: "Health of each region behind api.example.com",
      expectedBody: "twodoor-ok",
      expectedCodes: "200",
      followRedirects: false,
      header: { Host: ["api.example.com"] },
      interval: 10,
      method: "GET",
      path: "/healthz/region",
      probeZone: "example.com",
      retries: 1,
      timeout: 2,
      type: "https",
    });
  });

  it.each([
    [CloudflarePlan.Pro, 60],
    [CloudflarePlan.Business, 15],
    [CloudflarePlan.Enterprise, 10],
  ])("probes every so often on %s: %i s", async (plan, interval) => {
    expect((await run({ plan })).one(MONITOR).inputs["interval"]).toBe(interval);
  });

  it("writes out every setting of a pool that the API would answer with", async () => {
    expect((await run()).one(POOL, "edge-pool-us-east-2").inputs).toEqual({
      accountId: baseline.accountId,
      checkRegions: ["ENAM", "WEU", "WNAM"],
      description: "us-east-2 behind api.example.com",
      enabled: true,
      latitude: 40.06,
      loadShedding: { defaultPercent: 0, defaultPolicy: "random", sessionPercent: 0, sessionPolicy: "hash" },
      longitude: -82.9,
      minimumOrigins: 1,
      monitor: "edge-monitor-id",
      name: "api_example_com-us-east-2",
      origins: [{ address: "ohio.elb.us-east-2.amazonaws.com", enabled: true, name: "us-east-2", weight: 1 }],
      originSteering: { policy: "random" },
    });
  });

  it("fails over in order and across pools, with the fallback in the other cloud", async () => {
    expect((await run()).one(BALANCER).inputs).toEqual({
      adaptiveRouting: { failoverAcrossPools: true },
      defaultPools: ["edge-pool-us-east-2-id", "edge-pool-us-west-2-id", "edge-pool-us-central1-id"],
      description: "Sends api.example.com to a healthy region",
      enabled: true,
      fallbackPool: "edge-pool-us-central1-id",
      locationStrategy: { mode: "pop", preferEcs: "proximity" },
      name: "api.example.com",
      proxied: true,
      randomSteering: { defaultWeight: 1 },
      sessionAffinity: "none",
      sessionAffinityAttributes: { drainDuration: 0, samesite: "Auto", secure: "Auto", zeroDowntimeFailover: "none" },
      steeringPolicy: "off",
      zoneId: baseline.zoneId,
    });
  });

  it.each([SteeringPolicy.Random, SteeringPolicy.LeastOutstandingRequests])(
    "divides requests by the weights of the pools that serve under %s",
    async (steeringPolicy) => {
      const pools = [{ ...ohio, weight: 0.25 }, { ...oregon, serving: false, weight: 0.5 }, iowa];
      const inputs = (await run({ pools, steeringPolicy })).one(BALANCER).inputs;
      expect([inputs["steeringPolicy"], inputs["randomSteering"]]).toEqual([
        steeringPolicy,
        { defaultWeight: 1, poolWeights: { "edge-pool-us-east-2-id": 0.25, "edge-pool-us-central1-id": 1 } },
      ]);
    },
  );

  it("keeps a pool that does not serve, and takes it out of order and fallback", async () => {
    const recording = await run({ pools: [{ ...iowa, serving: false }, ohio, oregon] });
    const { defaultPools, fallbackPool } = recording.one(BALANCER).inputs;
    expect(recording.all(POOL)).toHaveLength(3);
    expect(recording.one(POOL, "edge-pool-us-central1").inputs["enabled"]).toBe(true);
    expect([defaultPools, fallbackPool]).toEqual([
      ["edge-pool-us-east-2-id", "edge-pool-us-west-2-id"],
      "edge-pool-us-west-2-id",
    ]);
  });

  it("changes nothing but the load balancer when a region is drained, and nothing but that pool when it goes", async () => {
    const inputs = async (pools: LoadBalancerPool[]) =>
      new Map((await run({ pools })).resources.map((resource) => [resource.name, resource.inputs]));
    const before = await inputs([ohio, oregon, iowa]);
    const drained = await inputs([ohio, { ...oregon, serving: false }, iowa]);
    const gone = await inputs([ohio, iowa]);
    const changed = (a: Map<string, unknown>, b: Map<string, unknown>) =>
      [...a.keys()].filter((name) => JSON.stringify(a.get(name)) !== JSON.stringify(b.get(name)));
    expect(changed(before, drained)).toEqual(["edge-load-balancer"]);
    expect(changed(drained, gone)).toEqual(["edge-pool-us-west-2"]);
  });

  it("uses the named fallback, check regions, monitor and coordinates", async () => {
    const recording = await run({
      fallbackPool: "us-west-2",
      checkRegions: ["WEU", "EEU", "ME"],
      monitor: {
        path: "/health",
        expectedBody: "up",
        intervalSeconds: 30,
        timeoutSeconds: 5,
        retries: 2,
        consecutiveDown: 1,
        consecutiveUp: 1,
      },
      pools: [
        { name: "frankfurt", cloud: "hetzner", originAddress: "88.198.0.1", latitude: 50.1, longitude: 8.7 },
        oregon,
      ],
    });
    const { latitude, longitude, checkRegions } = recording.one(POOL, "edge-pool-frankfurt").inputs;
    const monitor = recording.one(MONITOR).inputs;
    expect([latitude, longitude, checkRegions]).toEqual([50.1, 8.7, ["WEU", "EEU", "ME"]]);
    expect(recording.one(BALANCER).inputs["fallbackPool"]).toBe("edge-pool-us-west-2-id");
    expect(
      ["path", "expectedBody", "interval", "timeout", "retries", "consecutiveDown", "consecutiveUp"].map(
        (key): unknown => monitor[key],
      ),
    ).toEqual(["/health", "up", 30, 5, 2, 1, 1]);
  });

  it("tells the named recipients when a pool changes health or is switched", async () => {
    const recording = await run({
      notificationEmails: ["oncall@example.com"],
      pagerdutyIds: ["pager-1"],
      webhookIds: ["hook-1"],
    });
    const ids = ["edge-pool-us-east-2-id", "edge-pool-us-west-2-id", "edge-pool-us-central1-id"];
    const common = {
      accountId: baseline.accountId,
      enabled: true,
      mechanisms: {
        emails: [{ id: "oncall@example.com" }],
        pagerduties: [{ id: "pager-1" }],
        webhooks: [{ id: "hook-1" }],
      },
    };
    expect(recording.one(NOTIFICATION, "edge-health-notification").inputs).toEqual({
      ...common,
      alertType: "load_balancing_health_alert",
      description: "A region behind api.example.com has become unhealthy or healthy",
      filters: { eventSources: ["pool"], newHealths: ["Unhealthy", "Healthy"], poolIds: ids },
      name: "api.example.com: health of a region",
    });
    expect(recording.one(NOTIFICATION, "edge-enablement-notification").inputs).toEqual({
      ...common,
      alertType: "load_balancing_pool_enablement_alert",
      description: "Somebody has switched a region behind api.example.com off or on",
      filters: { enableds: ["true", "false"], poolIds: ids },
      name: "api.example.com: a region switched off or on",
    });
  });

  it("keeps the order of pools whose names look like numbers", async () => {
    const pools = [
      { ...ohio, name: "2" },
      { ...iowa, name: "1" },
    ];
    const { defaultPools } = (await run({ pools, checkRegions: ["ENAM", "WEU", "WNAM"] })).one(BALANCER).inputs;
    expect(defaultPools).toEqual(["edge-pool-2-id", "edge-pool-1-id"]);
  });

  it("makes no notification that nobody would hear", async () => {
    const recording = await run({ notificationEmails: [], pagerdutyIds: [], webhookIds: [] });
    expect(recording.all(NOTIFICATION)).toEqual([]);
  });

  it("registers exactly its outputs", async () => {
    expect((await run()).one("twodoor:index:CloudflareLoadBalancer").outputs).toEqual({
      checkRegions: ["ENAM", "WEU", "WNAM"],
      detectionBestSeconds: 10,
      detectionWorstSeconds: 26,
      fallbackPool: "us-central1",
      hostname: "api.example.com",
      loadBalancerId: "edge-load-balancer-id",
      monitorId: "edge-monitor-id",
      poolIds: {
        "us-central1": "edge-pool-us-central1-id",
        "us-east-2": "edge-pool-us-east-2-id",
        "us-west-2": "edge-pool-us-west-2-id",
      },
    });
  });

  it("plans with what is unknown before the first up", async () => {
    const recording = await record(async () => {
      const balancer = new CloudflareLoadBalancer("edge", { ...baseline, steeringPolicy: SteeringPolicy.Random });
      return [await value(balancer.poolIds), await value(balancer.detectionWorstSeconds)];
    });
    expect(recording.result).toEqual([UNKNOWN, 26]);
    expect(recording.one(BALANCER).inputs["randomSteering"]).toEqual({ defaultWeight: 1, poolWeights: UNKNOWN });
  });

  it("passes protect on and shows its children", async () => {
    const recording = await record(async () => {
      const { nodes } = new CloudflareLoadBalancer("edge", baseline, { protect: true });
      return [await value(nodes.pools["us-east-2"]?.urn ?? ""), nodes.healthNotification];
    });
    expect(recording.result).toEqual([recording.one(POOL, "edge-pool-us-east-2").urn, undefined]);
    expect(recording.resources.map(({ protect }) => protect)).toEqual([true, true, true, true, true, true]);
  });
});

const missing = contractsMissing();
describe.skipIf(skipped(missing))("Cloudflare's contracts", () => {
  it.each(Object.values(SteeringPolicy))("find nothing under %s", async (steeringPolicy) => {
    const args = { ...baseline, steeringPolicy, notificationEmails: ["oncall@example.com"] };
    expect(contractFindings(graphOf(await record(() => new CloudflareLoadBalancer("edge", args))))).toEqual([]);
  });
});
