/**
 * Proves what EDG-04, 05, 06, 07 and 11 say about how the good design finds out that a region is dead and how long clients stay with it: monitors,
 * checks inside a region, places of probes, second tries, sessions, TTLs. The arithmetic of detection is tested with sizing.
 */
import { describe, expect, it } from "vitest";
import { edg04 } from "../../../policies/rules/edg-04-detection";
import { edg05 } from "../../../policies/rules/edg-05-health-path";
import { edg06 } from "../../../policies/rules/edg-06-probe-regions";
import { edg07 } from "../../../policies/rules/edg-07-retry-and-affinity";
import { edg11 } from "../../../policies/rules/edg-11-ttl";
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
  without,
  type Draft,
  type DraftGraph,
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const good = goodDesign();
const bucketAlone = designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]);
const rules = [edg04, edg05, edg06, edg07, edg11];

function changed(name: string, changes: Record<string, Draft | undefined>): DraftGraph {
  return Object.entries(changes).reduce((graph, [path, value]) => withChange(graph, name, path, value), good);
}

const monitor = (changes: Record<string, Draft | undefined>) => changed("monitor", changes);
const balancer = (changes: Record<string, Draft | undefined>) => changed("load-balancer", changes);

describe("all of them", () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    "%s passes the good design, planned and running",
    (_, rule) => {
      expect(toldBy(rule, good)).toEqual([]);
      expect(toldBy(rule, asState(good))).toEqual([]);
    },
  );

  it.each(rules.map((rule) => [rule.id, rule] as const))("%s has nothing to say about a bucket", (_, rule) => {
    expect(toldBy(rule, bucketAlone)).toBeUndefined();
  });
});

describe("EDG-04", () => {
  it("refuses Cloudflare's defaults, and says what would do", () => {
    const defaults = { interval: undefined, timeout: undefined, retries: undefined, consecutiveDown: undefined };
    expect(toldBy(edg04, monitor(defaults))).toMatchInlineSnapshot(`
      [
        "violation monitor: api.example.com sends requests to a dead region for up to 77 s (pools exchange-us-central1, exchange-us-east-2, exchange-us-east4 and exchange-us-west-2), and the budget is 40 s: a check every 60 s, 3 attempts of 5 s each, 1 failed check in a row and 2 s to every data centre; fix: set interval to 20 or less",
      ]
    `);
  });

  it("compares with the budget of the settings, at its very second", () => {
    // 15 s to the next check, 15 s to the second one, 2 x 2 s until that has timed out, 2 s of propagation.
    expect(toldBy(edg04, good, { settings: { detectionSecondsMax: 36 } })).toEqual([]);
    expect(toldBy(edg04, good, { settings: { detectionSecondsMax: 35 } })).toMatchInlineSnapshot(`
      [
        "violation monitor: api.example.com sends requests to a dead region for up to 36 s (pools exchange-us-central1, exchange-us-east-2, exchange-us-east4 and exchange-us-west-2), and the budget is 35 s: a check every 15 s, 2 attempts of 2 s each, 2 failed checks in a row and 2 s to every data centre; fix: set interval to 10 or less",
      ]
    `);
  });

  it("takes the propagation that is declared", () => {
    expect(toldBy(edg04, good, { declared: { propagationSeconds: 6 } })).toEqual([]);
    expect(toldBy(edg04, good, { declared: { propagationSeconds: 7 } })?.length).toBe(1);
  });

  it("says when the interval alone cannot mend it, and when nothing can", () => {
    expect(toldBy(edg04, monitor({ timeout: 10, retries: 2, consecutiveDown: 1 }))).toMatchInlineSnapshot(`
      [
        "violation monitor: api.example.com sends requests to a dead region for up to 47 s (pools exchange-us-central1, exchange-us-east-2, exchange-us-east4 and exchange-us-west-2), and the budget is 40 s: a check every 15 s, 3 attempts of 10 s each, 1 failed check in a row and 2 s to every data centre; fix: set interval to 15, timeout to 2, retries to 1 and consecutiveDown to 2",
      ]
    `);
    expect(toldBy(edg04, good, { settings: { detectionSecondsMax: 5 } })).toMatchInlineSnapshot(`
      [
        "violation monitor: api.example.com sends requests to a dead region for up to 36 s (pools exchange-us-central1, exchange-us-east-2, exchange-us-east4 and exchange-us-west-2), and the budget is 5 s: a check every 15 s, 2 attempts of 2 s each, 2 failed checks in a row and 2 s to every data centre; fix: no monitor of Cloudflare is as fast: raise detectionSecondsMax of EDG-04 to what the clients can bear",
      ]
    `);
  });

  it("adds the time for which clients keep the answer of a hostname that is not proxied", () => {
    expect(toldBy(edg04, balancer({ proxied: false, ttl: 60 }))).toMatchInlineSnapshot(`
      [
        "violation monitor: api.example.com sends requests to a dead region for up to 96 s (pools exchange-us-central1, exchange-us-east-2, exchange-us-east4 and exchange-us-west-2), and the budget is 40 s: a check every 15 s, 2 attempts of 2 s each, 2 failed checks in a row, 2 s to every data centre and DNS answers kept for 60 s; fix: proxy the hostname, or raise detectionSecondsMax of EDG-04 to what the clients can bear",
      ]
    `);
  });

  it("cannot tell when a number or the monitor is not known", () => {
    expect(toldBy(edg04, unknownAt(good, "monitor", "interval"))).toMatchInlineSnapshot(`
      [
        "undecided monitor: interval of monitor is known only after an update, so nobody can say how long api.example.com sends requests to a region after it died; fix: write interval as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(toldBy(edg04, unknownAt(good, "us-east-2-pool", "monitor"))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-pool: monitor of us-east-2-pool is known only after an update, so nobody can say how long api.example.com sends requests to exchange-us-east-2 after it died; fix: write monitor as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});

describe("EDG-05", () => {
  it.each([
    ["the front page", { path: "/" }, "asks for the front page"],
    ["no path", { path: undefined }, "asks for the front page"],
    ["any success", { expectedCodes: "2xx" }, "takes other answers than one exact success"],
    ["a list with a redirect", { expectedCodes: "200,301" }, "takes other answers than one exact success"],
    ["no code", { expectedCodes: undefined }, "takes other answers than one exact success"],
    ["an open port", { type: "tcp", port: 443 }, "sees that a port is open"],
    ["plain HTTP", { type: "http" }, "asks without TLS"],
    ["no type, which is plain HTTP", { type: undefined }, "asks without TLS"],
    ["a redirect to elsewhere", { followRedirects: true }, "follows redirects"],
    ["any certificate", { allowInsecure: true }, "takes any certificate"],
  ] as [string, Record<string, Draft | undefined>, string][])(
    "refuses a monitor that is content with %s",
    (_, changes, what) => {
      const told = toldBy(edg05, monitor(changes));
      expect(told?.length).toBe(1);
      expect(told?.[0]).toContain(`violation monitor: the monitor monitor ${what}`);
    },
  );

  it("says what it means", () => {
    expect(toldBy(edg05, monitor({ path: "/" }))).toMatchInlineSnapshot(`
      [
        "violation monitor: the monitor monitor asks for the front page, which answers when nothing behind it works: api.example.com keeps a region in rotation that answers nothing else; fix: set its path to one that looks at what the region needs, such as /healthz/region",
      ]
    `);
    expect(toldBy(edg05, monitor({ allowInsecure: true }))).toMatchInlineSnapshot(`
      [
        "violation monitor: the monitor monitor takes any certificate: when a region's certificate ends, clients get error 526 and the monitor stays green; fix: set allowInsecure to false",
      ]
    `);
  });

  it("passes several exact codes of success", () => {
    expect(toldBy(edg05, monitor({ expectedCodes: "200, 204" }))).toEqual([]);
  });

  it("refuses a target group that asks for the front page, as it does by default", () => {
    const front = changed("us-east-2-targets", { "healthCheck.path": "/" });
    expect(toldBy(edg05, front)).toMatchInlineSnapshot(`
      [
        "violation us-east-2-targets: the health check of us-east-2-targets asks for the front page: us-east-2-lb keeps sending requests to a process that answers nothing else; fix: set healthCheck.path to a path that asks the process alone, such as /healthz/ready",
      ]
    `);
    expect(toldBy(edg05, changed("us-east-2-targets", { healthCheck: undefined }))).toEqual(toldBy(edg05, front));
  });

  it("refuses a target group that asks the region, as the edge does", () => {
    expect(toldBy(edg05, changed("us-east-2-targets", { "healthCheck.path": "/healthz/region" })))
      .toMatchInlineSnapshot(`
      [
        "violation us-east-2-targets: us-east-2-targets asks the same path as the edge's monitor: either every healthy process is replaced when something that the region needs fails, or the edge keeps a region that cannot work; fix: set healthCheck.path to a path that asks the process alone, such as /healthz/ready",
      ]
    `);
  });

  it("refuses a target group that takes redirects for health, and passes a range of successes", () => {
    expect(toldBy(edg05, changed("us-east-2-targets", { "healthCheck.matcher": "200-399" }))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-targets: the health check of us-east-2-targets takes redirects or errors for health; fix: let it match 200 alone",
      ]
    `);
    expect(toldBy(edg05, changed("us-east-2-targets", { "healthCheck.matcher": "200-299" }))).toEqual([]);
  });

  it("refuses a target group that asks for an open port", () => {
    const port = { protocol: "TCP", healthCheck: { protocol: "TCP" } };
    expect(toldBy(edg05, changed("us-east-2-targets", port))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-targets: the health check of us-east-2-targets sees that a port is open, not that the process answers: us-east-2-lb keeps sending requests to a process that answers nothing else; fix: give us-east-2-targets an HTTP health check with a path that asks the process, such as /healthz/ready",
      ]
    `);
  });

  it("cannot tell what is not known, and loses nothing beside it", () => {
    const graph = withChange(unknownAt(good, "monitor", "path"), "monitor", "followRedirects", true);
    expect(toldBy(edg05, graph)).toMatchInlineSnapshot(`
      [
        "undecided monitor: path of monitor is known only after an update, so nobody can say what monitor takes for health; fix: write path as a plain value, or judge the stack's state after an update",
        "violation monitor: the monitor monitor follows redirects: a redirect to a log-in or a status page elsewhere counts as this region's health; fix: set followRedirects to false",
      ]
    `);
    expect(toldBy(edg05, unknownAt(good, "us-east-2-targets", "healthCheck.path"))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-targets: healthCheck.path of us-east-2-targets is known only after an update, so nobody can say what us-east-2-lb takes for a healthy process; fix: write healthCheck.path as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});

describe("EDG-06", () => {
  it("refuses too few places, and a list that is left out", () => {
    expect(toldBy(edg06, changed("us-east-2-pool", { checkRegions: ["ENAM", "ENAM", "WEU"] }))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-pool: the health of exchange-us-east-2 is asked from 2 regions: a fault on the way there counts as a dead region; fix: set checkRegions of exchange-us-east-2 to 3 regions or more",
      ]
    `);
    expect(toldBy(edg06, changed("us-east-2-pool", { checkRegions: undefined }))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-pool: exchange-us-east-2 names no checkRegions, which means every data centre: a plan below Enterprise refuses it, and each data centre steers by its own result alone; fix: set checkRegions of exchange-us-east-2 to 3 regions or more",
      ]
    `);
  });

  it("takes all regions for enough, and the number of the settings", () => {
    expect(toldBy(edg06, changed("us-east-2-pool", { checkRegions: ["ALL_REGIONS"] }))).toEqual([]);
    expect(toldBy(edg06, good, { settings: { checkRegionsMin: 5 } })?.length).toBe(4);
  });

  it("cannot tell when the list is not known", () => {
    expect(toldBy(edg06, unknownAt(good, "us-east-2-pool", "checkRegions"))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-pool: checkRegions of us-east-2-pool is known only after an update, so nobody can say from where the health of exchange-us-east-2 is asked; fix: write checkRegions as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("does not ask it of a pool that nothing watches, which is EDG-03's", () => {
    expect(toldBy(edg06, changed("us-east-2-pool", { monitor: undefined, checkRegions: undefined }))).toEqual([]);
  });
});

describe("EDG-07", () => {
  it("refuses a load balancer that tries no other pool", () => {
    expect(toldBy(edg07, balancer({ adaptiveRouting: undefined }))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com does not try another pool when a connection fails: until the monitor has decided, every request to a dead region is an error; fix: set adaptiveRouting.failoverAcrossPools to true",
      ]
    `);
  });

  it("refuses sessions that fail with their region", () => {
    expect(toldBy(edg07, balancer({ sessionAffinity: "cookie" }))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com pins clients to a region and lets them fail with it: a client with a session gets the error until the monitor has decided; fix: set sessionAffinityAttributes.zeroDowntimeFailover to sticky, or sessionAffinity to none",
      ]
    `);
    const sticky = { sessionAffinity: "cookie", sessionAffinityAttributes: { zeroDowntimeFailover: "sticky" } };
    expect(toldBy(edg07, balancer(sticky))).toEqual([]);
  });

  it("refuses what Cloudflare does not do: sticky failover of sessions by header", () => {
    const byHeader = (zeroDowntimeFailover: string) =>
      balancer({
        sessionAffinity: "header",
        sessionAffinityAttributes: { zeroDowntimeFailover, headers: ["x-account"] },
      });
    expect(toldBy(edg07, byHeader("sticky"))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com asks for sticky failover of sessions by header, which Cloudflare does not do: these clients fail with their region; fix: set sessionAffinityAttributes.zeroDowntimeFailover to temporary",
      ]
    `);
    expect(toldBy(edg07, byHeader("temporary"))).toEqual([]);
  });

  it("is not about a hostname that is not proxied, nor about a single pool", () => {
    expect(toldBy(edg07, balancer({ proxied: false, adaptiveRouting: undefined }))).toBeUndefined();
    const single = { defaultPools: [ref("us-east-2-pool")], adaptiveRouting: undefined };
    expect(toldBy(edg07, balancer(single))).toBeUndefined();
  });

  it("cannot tell what is not known", () => {
    expect(toldBy(edg07, balancer({ adaptiveRouting: later, sessionAffinity: later }))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: adaptiveRouting.failoverAcrossPools of load-balancer is known only after an update, so nobody can say whether api.example.com tries another pool when a connection fails; fix: write adaptiveRouting.failoverAcrossPools as a plain value, or judge the stack's state after an update",
        "undecided load-balancer: sessionAffinity of load-balancer is known only after an update, so nobody can say whether clients of api.example.com are pinned to a region that has died; fix: write sessionAffinity as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});

describe("EDG-11", () => {
  it("refuses a long TTL of a hostname that is not proxied, and passes the default of 30 s", () => {
    expect(toldBy(edg11, balancer({ proxied: false, ttl: 300 }))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: clients keep the address of api.example.com for 300 s, and the budget is 60 s: so long they go on to a region that is gone; fix: set proxied to true, or ttl to 60",
      ]
    `);
    expect(toldBy(edg11, balancer({ proxied: false, ttl: 300 }), { settings: { ttlSecondsMax: 300 } })).toEqual([]);
    expect(toldBy(edg11, balancer({ proxied: undefined }))).toEqual([]);
  });

  it("judges plain records: automatic is 300 s", () => {
    const pools = ["us-east-2-pool", "us-west-2-pool", "us-central1-pool", "us-east4-pool"];
    const record = resource("cloudflare:index/dnsRecord:DnsRecord", "name", {
      zoneId: "fedcba9876543210fedcba9876543210",
      name: "api.example.com",
      type: "CNAME",
      content: ref("us-east-2-lb", "dnsName"),
      ttl: 1,
      proxied: false,
    });
    expect(toldBy(edg11, withMore(["load-balancer", ...pools].reduce(without, good), record))).toMatchInlineSnapshot(`
      [
        "violation name: clients keep the address of api.example.com for 300 s, and the budget is 60 s: so long they go on to a region that is gone; fix: set the TTL to 60",
      ]
    `);
  });

  it("cannot tell when it is not known whether the hostname is proxied, or for how long answers are kept", () => {
    expect(toldBy(edg11, balancer({ proxied: later, ttl: 300 }))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: proxied of load-balancer is known only after an update, so nobody can say how long clients of api.example.com keep the address of a dead region; fix: write proxied as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(toldBy(edg11, balancer({ proxied: later, ttl: 30 }))).toEqual([]);
    expect(toldBy(edg11, balancer({ proxied: false, ttl: later }))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: ttl of load-balancer is known only after an update, so nobody can say how long clients of api.example.com keep the address of a dead region; fix: write ttl as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});
