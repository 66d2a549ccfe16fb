/**
 * Proves what EDG-01, 02, 03, 08, 09 and 10 say about the pools of the good design with one thing changed: where they lead, the fallback, the
 * monitors, lists for some clients, rules, minimums. Does not prove how load balancers are read: test/resilience/kinds/edge does.
 */
import { describe, expect, it } from "vitest";
import { edg01 } from "../../../policies/rules/edg-01-pools-in-two-clouds";
import { edg02 } from "../../../policies/rules/edg-02-fallback";
import { edg03 } from "../../../policies/rules/edg-03-monitors";
import { edg08 } from "../../../policies/rules/edg-08-overrides";
import { edg09 } from "../../../policies/rules/edg-09-edge-rules";
import { edg10 } from "../../../policies/rules/edg-10-minimum-origins";
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
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const good = goodDesign();
const bucketAlone = designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]);

/** The good load balancer with some of its inputs changed. */
function balancer(changes: Record<string, Draft | undefined>): DraftGraph {
  return Object.entries(changes).reduce(
    (graph, [path, value]) => withChange(graph, "load-balancer", path, value),
    good,
  );
}

const pool = (region: string) => ref(`${region}-pool`);

describe("all of them", () => {
  it.each([edg01, edg02, edg03, edg10].map((rule) => [rule.id, rule] as const))(
    "%s passes the good design, planned and running",
    (_, rule) => {
      expect(toldBy(rule, good)).toEqual([]);
      expect(toldBy(rule, asState(good))).toEqual([]);
    },
  );

  it("EDG-08 and EDG-09 are not about a design without lists for some clients and without rules", () => {
    expect(toldBy(edg08, good)).toBeUndefined();
    expect(toldBy(edg09, good)).toBeUndefined();
  });

  it.each([edg01, edg02, edg03, edg08, edg09, edg10].map((rule) => [rule.id, rule] as const))(
    "%s has nothing to say about a bucket",
    (_, rule) => {
      expect(toldBy(rule, bucketAlone)).toBeUndefined();
    },
  );
});

describe("EDG-01", () => {
  it("refuses pools of one cloud", () => {
    const graph = balancer({ defaultPools: [pool("us-east-2"), pool("us-west-2")], fallbackPool: pool("us-west-2") });
    expect(toldBy(edg01, graph)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: every default pool of api.example.com leads into AWS alone; fix: add a pool with an origin in Google Cloud to the load balancer of api.example.com",
      ]
    `);
  });

  it("refuses a second cloud that is the fallback alone", () => {
    const graph = balancer({ defaultPools: [pool("us-east-2"), pool("us-west-2")] });
    expect(toldBy(edg01, graph)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: every default pool of api.example.com leads into AWS alone; the fallback pool in Google Cloud is used without regard to its health, and only when no other is left; fix: list the pool in Google Cloud among the default pools",
      ]
    `);
  });

  it("cannot tell when the pools, or an address in one of them, are not known", () => {
    expect(toldBy(edg01, unknownAt(good, "load-balancer", "defaultPools"))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: defaultPools of load-balancer is known only after an update, so nobody can say whether the pools of api.example.com span two clouds; fix: write defaultPools as a plain value, or judge the stack's state after an update",
      ]
    `);
    const graph = balancer({ defaultPools: [pool("us-east-2"), pool("us-central1")] });
    expect(toldBy(edg01, unknownAt(graph, "us-central1-pool", "origins[0].address"))).toMatchInlineSnapshot(`
      [
        "undecided us-central1-pool: origins[0].address of us-central1-pool is known only after an update, so nobody can say whether the pools of api.example.com span two clouds; fix: write origins[0].address as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("needs not know a third pool when two clouds are sure", () => {
    const graph = balancer({ defaultPools: [pool("us-east-2"), pool("us-central1"), pool("us-west-2")] });
    expect(toldBy(edg01, unknownAt(graph, "us-west-2-pool", "origins"))).toEqual([]);
  });
});

describe("EDG-02", () => {
  it.each([
    ["a disabled pool", "enabled", false],
    ["a pool whose origin is disabled", "origins[0].enabled", false],
    ["a pool whose origin weighs nothing", "origins[0].weight", 0],
  ])("refuses %s as fallback", (_, path, value) => {
    const broken = path === "enabled" ? "is disabled" : "has no origin that gets requests";
    expect(toldBy(edg02, withChange(good, "us-central1-pool", path, value))).toEqual([
      `violation us-central1-pool: exchange-us-central1 is the fallback pool of api.example.com and ${broken}: when no other pool is healthy, clients get error 530; fix: enable exchange-us-central1 and an origin of it with a weight above 0, or name another fallback pool`,
    ]);
  });

  it("refuses a fallback in the cloud of the first pool, where the order counts", () => {
    const graph = balancer({ steeringPolicy: "off", fallbackPool: pool("us-west-2") });
    expect(toldBy(edg02, graph)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: the fallback pool exchange-us-west-2 of api.example.com stands in AWS, as does the first pool exchange-us-east-2: what takes the first pool takes the last resort with it; fix: name a pool outside AWS as the fallback pool",
      ]
    `);
    expect(toldBy(edg02, balancer({ steeringPolicy: "off", fallbackPool: pool("us-east4") }))).toEqual([]);
  });

  it("lets it stand in any cloud where no pool is first", () => {
    for (const fallback of ["us-east-2", "us-west-2", "us-east4"]) {
      expect(toldBy(edg02, balancer({ fallbackPool: pool(fallback) }))).toEqual([]);
    }
  });

  it("cannot tell when the fallback, whether it is enabled, or what comes first is not known", () => {
    expect(toldBy(edg02, unknownAt(good, "load-balancer", "fallbackPool"))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: fallbackPool of load-balancer points to something outside this design, so nobody can say what answers api.example.com when no pool is healthy; fix: judge the design together with what fallbackPool points to, or waive this with the reason",
      ]
    `);
    expect(toldBy(edg02, unknownAt(good, "us-central1-pool", "enabled"))).toMatchInlineSnapshot(`
      [
        "undecided us-central1-pool: enabled of us-central1-pool is known only after an update, so nobody can say what answers api.example.com when no pool is healthy; fix: write enabled as a plain value, or judge the stack's state after an update",
      ]
    `);
    const off = balancer({ steeringPolicy: "off" });
    expect(toldBy(edg02, unknownAt(off, "load-balancer", "defaultPools"))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: defaultPools of load-balancer is known only after an update, so nobody can say whether the fallback pool of api.example.com outlives the first pool's cloud; fix: write defaultPools as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("cannot tell when the order of the pools is not known and would make the difference", () => {
    const off = balancer({ steeringPolicy: "off", fallbackPool: pool("us-west-2") });
    const unordered = {
      ...off,
      resources: off.resources.map((each) => ({ ...each, references: {} })),
    };
    expect(toldBy(edg02, unordered)).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: the order of the pools exchange-us-central1, exchange-us-east-2, exchange-us-east4 and exchange-us-west-2 is not known, so nobody can say whether the fallback pool of api.example.com outlives the first pool's cloud; fix: declare the order under design.poolOrder in the settings, or judge the stack's state after an update",
      ]
    `);
    const order = { poolOrder: { "api.example.com": ["us-central1", "us-east-2", "us-west-2", "us-east4"] } };
    expect(toldBy(edg02, unordered, { declared: order })).toEqual([]);
  });
});

describe("EDG-03", () => {
  it("refuses a pool without a monitor", () => {
    expect(toldBy(edg03, withChange(good, "us-east-2-pool", "monitor", undefined))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-pool: the pool exchange-us-east-2 has no monitor: when aws:us-east-2 fails, api.example.com goes on sending requests there; fix: set a monitor on exchange-us-east-2",
      ]
    `);
  });

  it("does not ask one of a pool that is disabled, or is the fallback alone", () => {
    const disabled = withChange(good, "us-east-2-pool", "enabled", false);
    expect(toldBy(edg03, withChange(disabled, "us-east-2-pool", "monitor", undefined))).toEqual([]);
    const last = balancer({ defaultPools: [pool("us-east-2"), pool("us-east4")] });
    expect(toldBy(edg03, withChange(last, "us-central1-pool", "monitor", undefined))).toEqual([]);
  });

  it("cannot tell when the monitor is not known, and loses nothing about another pool", () => {
    const graph = withChange(unknownAt(good, "us-east-2-pool", "monitor"), "us-east4-pool", "monitor", undefined);
    expect(toldBy(edg03, graph)).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-pool: monitor of us-east-2-pool is known only after an update, so nobody can say whether somebody notices when exchange-us-east-2 fails; fix: write monitor as a plain value, or judge the stack's state after an update",
        "violation us-east4-pool: the pool exchange-us-east4 has no monitor: when gcp:us-east4 fails, api.example.com goes on sending requests there; fix: set a monitor on exchange-us-east4",
      ]
    `);
  });
});

describe("EDG-08", () => {
  const lists = { WNAM: [pool("us-west-2"), pool("us-central1")], ENAM: [pool("us-east-2"), pool("us-west-2")] };

  it("refuses a list that leads into one cloud", () => {
    expect(toldBy(edg08, balancer({ steeringPolicy: "geo", regionPools: lists }))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: clients in ENAM get api.example.com from exchange-us-east-2 and exchange-us-west-2 by regionPools.ENAM, and these lead into AWS alone: when it fails, they have the fallback pool alone; fix: add a pool in Google Cloud to regionPools.ENAM",
      ]
    `);
  });

  it("takes an empty policy for geo where there are lists", () => {
    expect(toldBy(edg08, balancer({ steeringPolicy: "", countryPools: { DE: [pool("us-east-2")] } })))
      .toMatchInlineSnapshot(`
      [
        "violation load-balancer: clients in DE get api.example.com from exchange-us-east-2 by countryPools.DE, and these lead into AWS alone: when it fails, they have the fallback pool alone; fix: add a pool in Google Cloud to countryPools.DE",
      ]
    `);
  });

  it("passes lists of two clouds, and is not about lists that the policy does not use", () => {
    const sound = { WNAM: lists.WNAM };
    expect(toldBy(edg08, balancer({ steeringPolicy: "geo", regionPools: sound }))).toEqual([]);
    expect(toldBy(edg08, balancer({ steeringPolicy: "random", regionPools: lists }))).toBeUndefined();
  });

  it("cannot tell when a list, or the policy, is not known", () => {
    const geo = balancer({ steeringPolicy: "geo", regionPools: { WNAM: later } });
    expect(toldBy(edg08, geo)).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: regionPools.WNAM of load-balancer is known only after an update, so nobody can say whether regionPools.WNAM of api.example.com spans two clouds; fix: write regionPools.WNAM as a plain value, or judge the stack's state after an update",
      ]
    `);
    const hidden = balancer({ steeringPolicy: later, regionPools: { ENAM: lists.ENAM } });
    expect(toldBy(edg08, hidden)).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: steeringPolicy of load-balancer is known only after an update, so nobody can say whether clients in ENAM get pools that lead into AWS alone, by regionPools.ENAM; fix: write steeringPolicy as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});

describe("EDG-09", () => {
  const ruled = (rule: Draft) => toldBy(edg09, balancer({ rules: [rule] }));

  it("refuses pools of one cloud in a rule", () => {
    const overrides = { defaultPools: [pool("us-east-2")] };
    expect(ruled({ name: "vip", condition: 'http.host contains "vip"', overrides })).toMatchInlineSnapshot(`
      [
        "violation load-balancer: the rule vip of api.example.com sends the requests that it matches into AWS alone: they fail with it, whatever the other pools do; fix: add a pool in Google Cloud to rules[0].overrides.defaultPools, or take the list out of the rule",
      ]
    `);
    expect(ruled({ name: "vip", overrides: { defaultPools: [pool("us-east-2"), pool("us-east4")] } })).toEqual([]);
  });

  it("refuses a fallback in a rule that cannot answer", () => {
    const spare = resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", "spare", {
      enabled: false,
      origins: [],
    });
    const graph = withChange(withMore(good, spare), "load-balancer", "rules", [
      { name: "night", overrides: { fallbackPool: ref("spare") } },
    ]);
    expect(toldBy(edg09, graph)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: the rule night of api.example.com names spare as fallback pool, which is disabled: when no other pool is healthy, clients get error 530; fix: name an enabled pool in rules[0].overrides.fallbackPool, or take it out of the rule",
      ]
    `);
  });

  it.each([undefined, "", "true", 'http.host eq "api.example.com"', 'ssl and cf.zone.name eq "example.com"'])(
    "refuses a fixed answer to everybody: %s",
    (condition) => {
      const rule = {
        name: "closed",
        fixedResponse: { statusCode: 503 },
        ...(condition === undefined ? {} : { condition }),
      };
      expect(ruled(rule)).toEqual([
        "violation load-balancer: the rule closed gives every request to api.example.com a fixed answer (503): no pool is asked, however healthy it is; fix: set disabled to true on the rule closed, or narrow its condition",
      ]);
    },
  );

  it("passes a fixed answer to some, and a rule that is disabled", () => {
    const fixedResponse = { statusCode: 403 };
    expect(ruled({ condition: 'http.request.uri.path contains "/admin"', fixedResponse })).toEqual([]);
    expect(
      ruled({ condition: 'http.host eq "api.example.com" and ip.src in {203.0.113.0/24}', fixedResponse }),
    ).toEqual([]);
    expect(ruled({ disabled: true, fixedResponse })).toEqual([]);
    expect(ruled({ disabled: true, overrides: { defaultPools: [pool("us-east-2")] } })).toEqual([]);
  });

  it("gives advice where a rule turns the second try off", () => {
    expect(ruled({ name: "slow", overrides: { adaptiveRouting: { failoverAcrossPools: false } } }))
      .toMatchInlineSnapshot(`
      [
        "advice load-balancer: the rule slow of api.example.com turns the second try at another pool off for the requests that it matches; fix: take rules[0].overrides.adaptiveRouting.failoverAcrossPools out",
      ]
    `);
  });

  it("cannot tell when the rules, a condition or whether a rule is in force is not known", () => {
    expect(toldBy(edg09, unknownAt(good, "load-balancer", "rules"))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: rules of load-balancer is known only after an update, so nobody can say whether a rule of api.example.com leads around failover; fix: write rules as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(ruled({ name: "closed", condition: later, fixedResponse: { statusCode: 503 } })).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: rules[0].condition of load-balancer is known only after an update, so nobody can say which requests to api.example.com the rule closed answers by itself; fix: write rules[0].condition as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(ruled({ name: "closed", disabled: later, condition: "" })).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: rules[0].disabled of load-balancer is known only after an update, so nobody can say whether a rule of api.example.com leads around failover; fix: write rules[0].disabled as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});

describe("EDG-10", () => {
  const second = { name: "second", address: ref("us-west-2-lb", "dnsName") };
  const two = withChange(good, "us-east-2-pool", "origins[1]", second);

  it("refuses a minimum that one lost origin undercuts", () => {
    expect(toldBy(edg10, two)).toEqual([]);
    expect(toldBy(edg10, withChange(two, "us-east-2-pool", "minimumOrigins", 2))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-pool: exchange-us-east-2 needs all of its 2 origins healthy: the loss of one takes the requests of all away from it; fix: set minimumOrigins to 1",
      ]
    `);
  });

  it("refuses a minimum that the pool never reaches", () => {
    expect(toldBy(edg10, withChange(good, "us-east-2-pool", "minimumOrigins", 2))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-pool: exchange-us-east-2 needs 2 healthy origins and has 1: it never takes a request; fix: set minimumOrigins to 1",
      ]
    `);
    expect(toldBy(edg10, withChange(good, "us-east-2-pool", "origins[0].enabled", false))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-pool: exchange-us-east-2 needs 1 healthy origin and has none: it never takes a request; fix: enable an origin",
      ]
    `);
  });

  it("judges the fallback pool too", () => {
    const graph = balancer({ defaultPools: [pool("us-east-2"), pool("us-east4")] });
    expect(toldBy(edg10, withChange(graph, "us-central1-pool", "minimumOrigins", 3))).toMatchInlineSnapshot(`
      [
        "violation us-central1-pool: exchange-us-central1 needs 3 healthy origins and has 1: it never takes a request; fix: set minimumOrigins to 1",
      ]
    `);
  });

  it("cannot tell when a number is not known, or an origin that makes the difference", () => {
    expect(toldBy(edg10, unknownAt(good, "us-east-2-pool", "minimumOrigins"))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-pool: minimumOrigins of us-east-2-pool is known only after an update, so nobody can say whether exchange-us-east-2 outlives the loss of an origin; fix: write minimumOrigins as a plain value, or judge the stack's state after an update",
      ]
    `);
    const hidden = withChange(withChange(two, "us-east-2-pool", "minimumOrigins", 2), "us-east-2-pool", "origins[2]", {
      name: "third",
      address: "198.51.100.9",
      enabled: later,
    });
    expect(toldBy(edg10, hidden)).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-pool: origins[2].enabled of us-east-2-pool is known only after an update, so nobody can say whether exchange-us-east-2 outlives the loss of an origin; fix: write origins[2].enabled as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});
