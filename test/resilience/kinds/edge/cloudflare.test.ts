/**
 * Proves what the model reads from Cloudflare's load balancers: as a plan, as a state, and as a recorder tells it that knows dependencies of
 * whole inputs alone. It does not prove what survives: that is `survival.ts`.
 */
import { describe, expect, it } from "vitest";
import { declaredOf } from "../../../../resilience/declared";
import {
  asState,
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  unknownAt,
  withChange,
  withMore,
  type Draft,
  type DraftGraph,
} from "../../../support/designs";
import { coarse, doorOf, edgePartsOf, ids, idsOf, needsOf, poolOf, short, told } from "../../../support/edge-parts";

const BALANCER = "cloudflare:index/loadBalancer:LoadBalancer";
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";

/** Pools in the good design's order. */
const POOLS = ["us-east-2-pool", "us-west-2-pool", "us-central1-pool", "us-east4-pool"];

const changed = (path: string, value: Draft | undefined): DraftGraph =>
  withChange(goodDesign(), "load-balancer", path, value);

describe("a load balancer", () => {
  it.each([
    ["a plan", goodDesign()],
    ["a state", asState(goodDesign())],
  ])("is a door with its pools in order, in %s", (_, graph) => {
    const door = doorOf(edgePartsOf(graph));
    expect(short(door.id)).toBe("load-balancer");
    expect({ kind: door.kind, hostname: told(door.hostname), isProxied: told(door.isProxied) }).toEqual({
      kind: "cloudflare",
      hostname: "api.example.com",
      isProxied: true,
    });
    expect([ids(door.pools), door.isOrdered]).toEqual([POOLS, true]);
    expect(short(String(told(door.fallback)))).toBe("us-central1-pool");
    expect(needsOf(door)).toEqual([`a pool: 1 of ${POOLS.join(", ")}`]);
    expect(Object.values(told(door.weights))).toEqual([1, 1, 1, 1]);
    expect(door.overrides).toEqual([]);
    expect([told(door.steering), told(door.triesOtherPools), told(door.sessionAffinity)]).toEqual([
      "random",
      true,
      "none",
    ]);
  });

  it("has the set of its pools where only the whole input's dependencies are told", () => {
    const door = doorOf(edgePartsOf(coarse(goodDesign())));
    expect([ids(door.pools), door.isOrdered]).toEqual([[...POOLS].sort(), false]);
  });

  it("takes the declared order and weights where ids are known only later", () => {
    const graph = coarse(changed("randomSteering", { poolWeights: later }));
    const declared = {
      ...declaredOf(goodDesign(), {}),
      hostnames: new Map([
        [
          "api.example.com",
          {
            capacity: undefined,
            pools: ["us-east4", "us-east-2", "us-central1", "us-west-2"].map((name, place) => ({
              name,
              place: undefined,
              image: undefined,
              weight: place / 4,
            })),
            weights: new Map(),
          },
        ],
      ]),
    };
    const door = doorOf(edgePartsOf(graph, declared));
    expect([ids(door.pools), door.isOrdered]).toEqual([
      ["us-east4-pool", "us-east-2-pool", "us-central1-pool", "us-west-2-pool"],
      true,
    ]);
    expect(Object.entries(told(door.weights)).map(([id, weight]) => [short(id), weight])).toEqual([
      ["us-east4-pool", 0],
      ["us-east-2-pool", 0.25],
      ["us-central1-pool", 0.5],
      ["us-west-2-pool", 0.75],
    ]);
  });

  it("takes weights that the settings declare by the names of pools, and no order from them", () => {
    const poolWeights = { "api.example.com": { "us-east-2": 1, "us-west-2": 2, "us-central1": 3, "us-east4": 4 } };
    const graph = coarse(changed("randomSteering", { poolWeights: later }));
    const door = doorOf(edgePartsOf(graph, declaredOf(goodDesign(), { poolWeights })));
    expect(door.isOrdered).toBe(false);
    expect(
      Object.entries(told(door.weights))
        .map(([id, weight]) => [short(id), weight])
        .sort(),
    ).toEqual([
      ["us-central1-pool", 3],
      ["us-east-2-pool", 1],
      ["us-east4-pool", 4],
      ["us-west-2-pool", 2],
    ]);
  });

  it("does not take a declared order that misses a pool, nor weights that do", () => {
    const pools = [{ name: "us-east-2", place: undefined, image: undefined, weight: 1 }];
    const declared = {
      ...declaredOf(goodDesign(), {}),
      hostnames: new Map([["api.example.com", { capacity: undefined, pools, weights: new Map() }]]),
    };
    const door = doorOf(edgePartsOf(coarse(changed("randomSteering", { poolWeights: later })), declared));
    expect(door.isOrdered).toBe(false);
    expect(told(door.weights)).toBe("randomSteering.poolWeights: is known only after an update");
  });

  it("reads weights by pool id in a state, and the default one for the others", () => {
    const graph = asState(
      changed("randomSteering", { defaultWeight: 0.5, poolWeights: { "us-east-2-pool-id": 0.25 } }),
    );
    expect(Object.values(told(doorOf(edgePartsOf(graph)).weights))).toEqual([0.25, 0.5, 0.5, 0.5]);
  });

  it.each([
    [
      "geo without a policy, where pools are named for places",
      { steeringPolicy: "", regionPools: { WNAM: [ref("us-west-2-pool")] } },
      "geo",
    ],
    ["failover order without a policy", { steeringPolicy: "" }, "off"],
    ["the policy that is written", { steeringPolicy: "proximity" }, "proximity"],
    [
      "unknown while the places are",
      { steeringPolicy: "", regionPools: later },
      "regionPools: is known only after an update",
    ],
  ])("steers by %s", (_, inputs: Record<string, Draft>, steering) => {
    let graph = goodDesign();
    for (const [path, value] of Object.entries(inputs)) graph = withChange(graph, "load-balancer", path, value);
    expect(told(doorOf(edgePartsOf(graph)).steering)).toBe(steering);
  });

  it("has the provider's defaults: DNS only, 30 seconds, no other pool tried", () => {
    let graph = goodDesign();
    for (const path of ["proxied", "ttl", "adaptiveRouting", "sessionAffinity", "enabled"]) {
      graph = withChange(graph, "load-balancer", path, undefined);
    }
    const door = doorOf(edgePartsOf(graph));
    expect([told(door.isProxied), told(door.ttlSeconds), told(door.triesOtherPools)]).toEqual([false, 30, false]);
    expect(needsOf(door)).toEqual([`a pool: 1 of ${POOLS.join(", ")}`]);
  });

  it("is not proxied while its zone is paused", () => {
    const zoned = withMore(
      goodDesign(),
      resource("cloudflare:index/zone:Zone", "zone", { name: "example.com", paused: true }),
    );
    const graph = withChange(zoned, "load-balancer", "zoneId", ref("zone"));
    expect(told(doorOf(edgePartsOf(graph)).isProxied)).toBe(false);
  });

  it("answers nobody when it is off, and perhaps nobody when that is not known", () => {
    expect(needsOf(doorOf(edgePartsOf(changed("enabled", false))))[0]).toBe("a load balancer that is enabled: 1 of ");
    expect(needsOf(doorOf(edgePartsOf(unknownAt(goodDesign(), "load-balancer", "enabled"))))[0]).toBe(
      "a load balancer that is enabled: 1 of  ? enabled is known only after an update",
    );
  });

  it("has no fallback where none is written, and an unknown one where it may be any", () => {
    expect(told(doorOf(edgePartsOf(changed("fallbackPool", undefined))).fallback)).toBeUndefined();
    const several = coarse(changed("fallbackPool", later));
    for (const each of several.resources) {
      if (each.name === "load-balancer")
        each.propertyDependencies["fallbackPool"] = each.propertyDependencies["defaultPools"] ?? [];
    }
    expect(told(doorOf(edgePartsOf(several)).fallback)).toBe("fallbackPool: is known only after an update");
  });

  it("loses nothing about its pools by one that is made elsewhere", () => {
    const parts = edgePartsOf(changed("defaultPools[1]", "0123456789abcdef0123456789abcdef"));
    expect(ids(doorOf(parts).pools)).toEqual([
      "us-east-2-pool",
      "load-balancer#defaultPools[1]",
      "us-central1-pool",
      "us-east4-pool",
    ]);
    const foreign = poolOf(parts, "load-balancer#defaultPools[1]");
    expect(foreign.label).toBe("defaultPools[1] of load-balancer");
    expect(needsOf(foreign)).toEqual(["an origin: 1 of  ? defaultPools[1] points to something outside this design"]);
    expect(told(foreign.monitor)).toBe("defaultPools[1]: points to something outside this design");
  });

  it("does not know its pools where nothing tells them", () => {
    const door = doorOf(edgePartsOf(unknownAt(goodDesign(), "load-balancer", "defaultPools")));
    expect(told(door.pools)).toBe("defaultPools: is known only after an update");
    expect(needsOf(door)).toEqual(["a pool: 1 of us-central1-pool ? defaultPools is known only after an update"]);
  });

  it("takes a list that was made as a whole for the set of what it depends on", () => {
    const graph = coarse(goodDesign());
    for (const each of graph.resources) if (each.name === "load-balancer") each.inputs["defaultPools"] = later;
    const door = doorOf(edgePartsOf(graph));
    expect([ids(door.pools), door.isOrdered]).toEqual([[...POOLS].sort(), false]);
  });
});

describe("lists for some clients", () => {
  const placed = changed("regionPools", {
    WNAM: [ref("us-west-2-pool"), ref("us-east-2-pool")],
    ENAM: [ref("us-east-2-pool")],
  });

  it.each([
    ["a plan", placed],
    ["a state", asState(placed)],
  ])("are overrides, by key, in %s", (_, graph) => {
    const { overrides } = doorOf(edgePartsOf(graph));
    expect(
      overrides.map(({ kind, key, property, pools, isOrdered }) => [kind, key, property, ids(pools), isOrdered]),
    ).toEqual([
      ["region", "ENAM", "regionPools.ENAM", ["us-east-2-pool"], true],
      ["region", "WNAM", "regionPools.WNAM", ["us-west-2-pool", "us-east-2-pool"], true],
    ]);
  });

  it("are not known where a list may be any of those that the whole map names", () => {
    const { overrides } = doorOf(edgePartsOf(coarse(placed)));
    expect(overrides.map(({ key, pools }) => [key, told(pools)])).toEqual([
      ["ENAM", "regionPools.ENAM: is known only after an update"],
      ["WNAM", [expect.stringContaining("us-east-2-pool"), expect.stringContaining("us-west-2-pool")]],
    ]);
  });

  it("are not known where the map is not", () => {
    const { overrides } = doorOf(edgePartsOf(changed("countryPools", later)));
    expect(overrides.map(({ kind, key, pools }) => [kind, key, told(pools)])).toEqual([
      ["country", "?", "countryPools: is known only after an update"],
    ]);
  });

  it("come from rules that are on, one for each list that a rule sets", () => {
    const rules: Draft = [
      { name: "off", disabled: true, overrides: { defaultPools: [ref("us-east-2-pool")] } },
      {
        name: "orders",
        overrides: { defaultPools: [ref("us-west-2-pool")], regionPools: { OC: [ref("us-east-2-pool")] } },
      },
      { name: "blocked", fixedResponse: { statusCode: 403 } },
      { overrides: { defaultPools: [ref("us-east4-pool")] } },
    ];
    const { overrides } = doorOf(edgePartsOf(changed("rules", rules)));
    expect(overrides.map(({ kind, key, property, pools }) => [kind, key, property, ids(pools)])).toEqual([
      ["rule", "orders", "rules[1].overrides.defaultPools", ["us-west-2-pool"]],
      ["rule", "orders", "rules[1].overrides.regionPools.OC", ["us-east-2-pool"]],
      ["rule", "rules[3]", "rules[3].overrides.defaultPools", ["us-east4-pool"]],
    ]);
  });

  it("are not known where the rules are not", () => {
    const { overrides } = doorOf(edgePartsOf(changed("rules", later)));
    expect(overrides.map(({ key, property, pools }) => [key, property, told(pools)])).toEqual([
      ["?", "rules", "rules: is known only after an update"],
    ]);
  });
});

describe("our own component", () => {
  it("has its order and weights from the manifest", () => {
    const pools = ["us-east-2", "us-central1"].map((region) =>
      resource(POOL, `edge-pool-${region}`, { name: `api_example_com-${region}`, origins: [{ address: "192.0.2.1" }] }),
    );
    const manifest = {
      version: 1,
      hostname: "api.example.com",
      regions: [
        { cloud: "gcp", region: "us-central1", pool: "us-central1", serving: true, weight: 0.75 },
        { cloud: "aws", region: "us-east-2", pool: "us-east-2", serving: true, weight: 0.25 },
      ],
    };
    const graph = designFrom([
      ...pools,
      resource(BALANCER, "edge", {
        name: "api.example.com",
        defaultPools: [ref("edge-pool-us-central1"), ref("edge-pool-us-east-2")],
        fallbackPool: ref("edge-pool-us-east-2"),
        steeringPolicy: "random",
        randomSteering: { defaultWeight: 1, poolWeights: later },
      }),
      resource("twodoor:index:ExchangeApi", "exchange", {}, { outputs: { manifest } }),
    ]);
    const door = doorOf(edgePartsOf(coarse(graph), declaredOf(graph, {})));
    expect([ids(door.pools), door.isOrdered]).toEqual([["edge-pool-us-central1", "edge-pool-us-east-2"], true]);
    expect(Object.values(told(door.weights))).toEqual([0.75, 0.25]);
    expect(idsOf(edgePartsOf(graph))).toEqual([
      "edge",
      "edge-pool-us-central1",
      "edge-pool-us-east-2",
      "external:192.0.2.1",
    ]);
  });
});
