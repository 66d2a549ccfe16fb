/**
 * Proves what the model reads from Cloudflare's pools, monitors and monitor groups, with the provider's defaults and where something is not
 * known. It does not prove what survives: that is `survival.ts`.
 */
import { describe, expect, it } from "vitest";
import {
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  secret,
  withChange,
  type Draft,
  type DraftGraph,
} from "../../../support/designs";
import { coarse, edgePartsOf, entryOf, needsOf, poolOf, read, short, told } from "../../../support/edge-parts";

const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor";
const GROUP = "cloudflare:index/loadBalancerMonitorGroup:LoadBalancerMonitorGroup";

const pooled = (path: string, value: Draft | undefined): DraftGraph =>
  withChange(goodDesign(), "us-east-2-pool", path, value);

describe("a pool", () => {
  it("needs the load balancer that its address is, and tells its monitor", () => {
    const pool = poolOf(edgePartsOf(goodDesign()), "us-east-2-pool");
    expect([pool.label, told(pool.isEnabled), told(pool.minimumOrigins), told(pool.isAnnounced)]).toEqual([
      "exchange-us-east-2",
      true,
      1,
      true,
    ]);
    expect(needsOf(pool)).toEqual(["an origin: 1 of us-east-2-lb"]);
    expect(told(pool.checkRegions)).toEqual(["ENAM", "WNAM", "WEU"]);
    const monitor = told(pool.monitor);
    if (typeof monitor !== "object") throw new Error("no monitor");
    expect(
      Object.fromEntries(
        Object.entries(monitor).map(([key, fact]) => [key, typeof fact === "string" ? short(fact) : told(fact)]),
      ),
    ).toEqual({
      urn: "monitor",
      type: "https",
      path: "/healthz/region",
      expectedCodes: "200",
      expectedBody: "exchange-ok",
      followsRedirects: false,
      allowsInsecure: false,
      intervalSeconds: 15,
      timeoutSeconds: 2,
      retries: 1,
      consecutiveDown: 2,
    });
  });

  it("has the provider's defaults", () => {
    const graph = designFrom([
      resource(MONITOR, "plain", {}),
      resource(POOL, "bare", { name: "bare", monitor: ref("plain"), origins: [{ name: "a", address: "192.0.2.1" }] }),
    ]);
    const pool = poolOf(edgePartsOf(graph), "bare");
    const monitor = told(pool.monitor);
    if (typeof monitor !== "object") throw new Error("no monitor");
    const { type, path, expectedCodes, intervalSeconds, timeoutSeconds, retries, consecutiveDown } = monitor;
    expect([type, path, expectedCodes, intervalSeconds, timeoutSeconds, retries, consecutiveDown].map(read)).toEqual([
      "http",
      "/",
      "",
      60,
      5,
      2,
      0,
    ]);
    expect([told(pool.isEnabled), told(pool.minimumOrigins), told(pool.isAnnounced)]).toEqual([true, 1, false]);
    expect(told(pool.checkRegions)).toHaveLength(13);
  });

  it("is off when it is disabled or sheds everything", () => {
    expect(told(poolOf(edgePartsOf(pooled("enabled", false)), "us-east-2-pool").isEnabled)).toBe(false);
    expect(told(poolOf(edgePartsOf(pooled("loadShedding", { defaultPercent: 100 })), "us-east-2-pool").isEnabled)).toBe(
      false,
    );
    expect(told(poolOf(edgePartsOf(pooled("loadShedding", { defaultPercent: 99 })), "us-east-2-pool").isEnabled)).toBe(
      true,
    );
    expect(told(poolOf(edgePartsOf(pooled("enabled", later)), "us-east-2-pool").isEnabled)).toBe(
      "enabled: is known only after an update",
    );
  });

  it("counts enabled origins, and asks one of those with weight to be there", () => {
    const address = (region: string): Draft => ref(`${region}-lb`, "dnsName");
    const origins: Draft = [
      { name: "a", address: address("us-east-2"), weight: 0 },
      { name: "b", address: address("us-west-2") },
      { name: "c", address: "192.0.2.3", enabled: false },
    ];
    const graph = withChange(pooled("origins", origins), "us-east-2-pool", "minimumOrigins", 2);
    expect(needsOf(poolOf(edgePartsOf(graph), "us-east-2-pool"))).toEqual([
      "an origin: 2 of us-east-2-lb, us-west-2-lb",
      "an origin that gets traffic: 1 of us-west-2-lb",
    ]);
  });

  it("is told apart by elimination where only the whole list's dependencies are known", () => {
    const origins: Draft = [
      { name: "a", address: ref("us-east-2-lb", "dnsName") },
      { name: "b", address: ref("us-west-2-lb", "dnsName") },
    ];
    expect(needsOf(poolOf(edgePartsOf(coarse(pooled("origins", origins))), "us-east-2-pool"))).toEqual([
      "an origin: 1 of us-east-2-lb, us-west-2-lb",
    ]);
  });

  it("does not guess which of several things an address is", () => {
    const origins: Draft = [
      { name: "a", address: ref("us-east-2-lb", "dnsName"), header: { hosts: [ref("us-west-2-lb", "dnsName")] } },
    ];
    const parts = edgePartsOf(coarse(pooled("origins", origins)));
    const [id] = poolOf(parts, "us-east-2-pool").needs[0]?.of ?? [];
    expect(short(id ?? "")).toBe("external:us-east-2-pool#origins[0].address");
    expect(told(entryOf(parts, "external:us-east-2-pool#origins[0].address").place.region)).toBe(
      "origins[0].address: is known only after an update, and may be any of several things that it depends on",
    );
    expect(needsOf(poolOf(edgePartsOf(pooled("origins", origins)), "us-east-2-pool"))).toEqual([
      "an origin: 1 of us-east-2-lb",
    ]);
  });

  it.each([
    ["its origins", "origins", "an origin: 1 of  ? origins is known only after an update"],
    [
      "whether its origin is on",
      "origins[0].enabled",
      "an origin: 1 of  ? origins[0].enabled is known only after an update",
    ],
    [
      "how many origins must be healthy",
      "minimumOrigins",
      "an origin: 1 of us-east-2-lb ? minimumOrigins is known only after an update",
    ],
  ])("is undecided while nobody knows %s", (_, path, need) => {
    expect(needsOf(poolOf(edgePartsOf(pooled(path, later)), "us-east-2-pool"))[0]).toBe(need);
  });

  it("is malformed where its origins are no list, and nothing breaks", () => {
    expect(needsOf(poolOf(edgePartsOf(pooled("origins", "everything")), "us-east-2-pool"))).toEqual([
      "an origin: 1 of  ? origins has a form that is not understood",
    ]);
  });

  it.each([
    ["has no monitor where none is written", undefined, undefined],
    [
      "has an unknown one where it is made elsewhere",
      "0123456789abcdef",
      "monitor: points to something outside this design",
    ],
    ["has an unknown one where it is a secret", secret, "monitor: is known only after an update"],
  ])("%s", (_, value: Draft | undefined, monitor) => {
    expect(told(poolOf(edgePartsOf(pooled("monitor", value)), "us-east-2-pool").monitor)).toBe(monitor);
  });

  it("is probed from everywhere when told nothing, or ALL_REGIONS", () => {
    expect(
      told(poolOf(edgePartsOf(pooled("checkRegions", ["ALL_REGIONS"])), "us-east-2-pool").checkRegions),
    ).toHaveLength(13);
    expect(told(poolOf(edgePartsOf(pooled("checkRegions", ["WEU", later])), "us-east-2-pool").checkRegions)).toBe(
      "checkRegions[1]: is known only after an update",
    );
  });

  it.each([
    ["by a policy for all pools", "filters", undefined, true],
    ["by a policy that names it", "filters", { poolIds: [ref("us-east-2-pool")] }, true],
    ["not by a policy for another pool", "filters", { poolIds: [ref("us-west-2-pool")] }, false],
    ["not by a policy about something else", "alertType", "http_alert_origin_error", false],
    ["not by a policy that is off", "enabled", false, false],
  ])("is announced %s", (_, path, value: Draft | undefined, isAnnounced) => {
    const graph = withChange(goodDesign(), "pool-alerts", path, value);
    expect(told(poolOf(edgePartsOf(graph), "us-east-2-pool").isAnnounced)).toBe(isAnnounced);
  });

  it("is announced by its own address", () => {
    const silent = withChange(goodDesign(), "pool-alerts", "enabled", false);
    const graph = withChange(silent, "us-east-2-pool", "notificationEmail", "night@example.com");
    expect(told(poolOf(edgePartsOf(graph), "us-east-2-pool").isAnnounced)).toBe(true);
  });
});

describe("a monitor group", () => {
  const grouped = (members: Draft): DraftGraph =>
    designFrom([
      resource(MONITOR, "fast", { type: "https", path: "/livez", interval: 10, timeout: 2, retries: 0 }),
      resource(MONITOR, "middle", { type: "https", path: "/readyz", interval: 20, timeout: 2, retries: 0 }),
      resource(MONITOR, "slow", { type: "https", path: "/tradez", interval: 60, timeout: 5, retries: 2 }),
      resource(GROUP, "group", { accountId: "a", description: "d", members }),
      resource(POOL, "pool", { name: "pool", monitorGroup: ref("group"), origins: [{ address: "192.0.2.1" }] }),
    ]);
  const member = (name: string, flags: { on?: boolean; watches?: boolean; must?: boolean } = {}): Draft => ({
    monitorId: ref(name),
    enabled: flags.on ?? true,
    monitoringOnly: flags.watches ?? false,
    mustBeHealthy: flags.must ?? false,
  });
  const decides = (members: Draft): string => {
    const monitor = told(poolOf(edgePartsOf(grouped(members)), "pool").monitor);
    return typeof monitor === "object" ? short(monitor.urn) : String(monitor);
  };

  it("decides when more than half of its voting members agree", () => {
    expect(decides([member("slow"), member("fast"), member("middle")])).toBe("middle");
    expect(decides([member("fast"), member("slow")])).toBe("slow");
  });

  it("decides with a member that must be healthy, if that is sooner", () => {
    expect(decides([member("slow"), member("fast", { must: true }), member("middle")])).toBe("fast");
    expect(decides([member("slow", { must: true }), member("fast"), member("middle")])).toBe("middle");
  });

  it("does not count members that are off or only watch", () => {
    expect(decides([member("fast", { on: false }), member("middle", { watches: true }), member("slow")])).toBe("slow");
    expect(decides([member("fast", { on: false })])).toBe("undefined");
  });

  it("is not known while a member's vote is not", () => {
    expect(
      decides([
        member("fast"),
        { monitorId: ref("slow"), enabled: later, monitoringOnly: false, mustBeHealthy: false },
      ]),
    ).toBe("members[1].enabled: is known only after an update");
  });
});
