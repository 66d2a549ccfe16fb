/**
 * Proves: whole Google designs lose what they would lose: a global balancer by itself and behind Cloudflare, zonal and regional groups, a database that two
 * regions share. Leaves out: the table's arithmetic (test/resilience/survival.test.ts).
 */
import { describe, expect, it } from "vitest";
import { designOf } from "../../../../resilience/design-of";
import { survivalTableOf } from "../../../../resilience/survival-table";
import { designFrom, nothingDeclared, ref, resource, type DraftGraph, type Literal } from "../../../support/designs";

const REGIONS = ["us-central1", "us-east4"];

/** Whether each failure domain is survived; null where that is not known. */
function survived(graph: DraftGraph): Record<string, boolean | null> {
  const { rows } = survivalTableOf(designOf(graph, nothingDeclared()));
  return Object.fromEntries(
    rows.map(({ domain, survives, undecided }) => [domain, undecided === null ? survives : null]),
  );
}

function globalBalancer(groups: Literal[], service: Literal["inputs"]): Literal[] {
  return [
    ...groups,
    resource("gcp:compute/healthCheck:HealthCheck", "check", { project: "p", httpHealthCheck: { requestPath: "/up" } }),
    resource("gcp:compute/backendService:BackendService", "backend", {
      project: "p",
      backends: groups.map(({ name }) => ({ group: ref(name, "instanceGroup") })),
      ...service,
    }),
    resource("gcp:compute/uRLMap:URLMap", "routes", { project: "p", defaultService: ref("backend") }),
    resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "proxy", { project: "p", urlMap: ref("routes") }),
    resource("gcp:compute/globalAddress:GlobalAddress", "address", { project: "p" }),
    resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "rule", {
      project: "p",
      ipAddress: ref("address", "address"),
      target: ref("proxy"),
    }),
  ];
}

const regional = REGIONS.map((region) =>
  resource("gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager", region, {
    project: "p",
    region,
    targetSize: 3,
    distributionPolicyZones: [`${region}-a`, `${region}-b`],
    versions: [],
  }),
);
const zonal = REGIONS.map((region) =>
  resource("gcp:compute/instanceGroupManager:InstanceGroupManager", region, {
    project: "p",
    zone: `${region}-a`,
    targetSize: 3,
    versions: [],
  }),
);
const watched = { healthChecks: ref("check") };

describe("a global balancer by itself", () => {
  it("survives a region and not its cloud", () => {
    expect(survived(designFrom(globalBalancer(regional, watched)))).toEqual({
      gcp: false,
      "account:gcp:p": false,
      "geography:iowa": true,
      "geography:northern-virginia": true,
      "gcp:us-central1": true,
      "gcp:us-east4": true,
      "gcp:us-central1-a": true,
      "gcp:us-central1-b": true,
      "gcp:us-east4-a": true,
      "gcp:us-east4-b": true,
    });
  });

  it("does not survive the zone of the only group that it has, and survives it with a second one", () => {
    expect(survived(designFrom(globalBalancer(zonal.slice(0, 1), watched)))).toMatchObject({
      "gcp:us-central1-a": false,
    });
    expect(survived(designFrom(globalBalancer(zonal, watched)))).toMatchObject({ "gcp:us-central1-a": true });
  });

  it("survives no region where nobody notices that one is gone", () => {
    expect(survived(designFrom(globalBalancer(regional, {})))).toMatchObject({
      "gcp:us-central1": false,
      "gcp:us-east4": false,
    });
  });
});

describe("a global balancer behind Cloudflare", () => {
  it("is an origin that only its cloud takes away", () => {
    const graph = designFrom([
      ...globalBalancer(regional, watched),
      resource("cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor", "monitor", {
        accountId: "a",
        type: "https",
        path: "/up",
      }),
      resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", "pool", {
        accountId: "a",
        name: "google",
        monitor: ref("monitor"),
        origins: [{ name: "google", address: ref("address", "address") }],
      }),
      resource("cloudflare:index/loadBalancer:LoadBalancer", "edge", {
        zoneId: "z",
        name: "api.example.com",
        proxied: true,
        defaultPools: [ref("pool")],
        fallbackPool: ref("pool"),
      }),
    ]);
    const design = designOf(graph, nothingDeclared());
    expect(design.doors.map(({ kind }) => kind)).toEqual(["cloudflare"]);
    expect(survived(graph)).toMatchObject({ gcp: false, "gcp:us-central1": true, "gcp:us-east4": true });
  });
});

describe("a database that both regions use", () => {
  const service = (region: string): Literal =>
    resource("gcp:cloudrunv2/service:Service", region, {
      project: "p",
      location: region,
      ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      scaling: { minInstanceCount: 2 },
      template: {
        containers: [{ image: "nginx", envs: [{ name: "DATABASE", value: ref("orders", "connectionName") }] }],
      },
    });
  const design = (database: Literal): DraftGraph =>
    designFrom([
      database,
      ...REGIONS.map(service),
      ...REGIONS.map((region) =>
        resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", `${region}-neg`, {
          project: "p",
          region,
          cloudRun: { service: ref(region, "name") },
        }),
      ),
      resource("gcp:compute/backendService:BackendService", "backend", {
        project: "p",
        outlierDetection: { consecutiveErrors: 5 },
        backends: REGIONS.map((region) => ({ group: ref(`${region}-neg`) })),
      }),
      resource("gcp:compute/uRLMap:URLMap", "routes", { project: "p", defaultService: ref("backend") }),
      resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "proxy", { project: "p", urlMap: ref("routes") }),
      resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "rule", { project: "p", target: ref("proxy") }),
    ]);

  it("takes both with it where it stands in one, and neither where it stands in several", () => {
    const sql = resource("gcp:sql/databaseInstance:DatabaseInstance", "orders", {
      project: "p",
      region: "us-central1",
      settings: { availabilityType: "REGIONAL" },
    });
    const spanner = resource("gcp:spanner/instance:Instance", "orders", { project: "p", config: "nam3" });
    expect(survived(design(sql))).toMatchObject({
      "gcp:us-central1": false,
      "gcp:us-east4": true,
      "gcp:us-central1-a": true,
    });
    expect(survived(design(spanner))).toMatchObject({ "gcp:us-central1": true, "gcp:us-east4": true });
  });
});
