/**
 * Proves, on parts alone and with exact values: who serves after a loss, with what capacity, after how long, under each steering policy,
 * with fallbacks, unwatched pools, several origins, overrides, quorums and things that are not known; and how it is told.
 * Does not prove that resources are read rightly into parts: the tests of the kinds do.
 */
import { describe, expect, it } from "vitest";
import type { Declared } from "../../resilience/declared";
import { known } from "../../resilience/fact";
import type { Door, Part, Pool } from "../../resilience/model";
import { goodDeclared, nothingDeclared } from "../support/designs";
import { address, at, compute, designWith, door, entry, open, pool, region, rowOf } from "../support/parts";

const HOME = "aws:us-east-2";
const AWAY = "gcp:us-central1";
const FAR = "aws:us-west-2";

/** 4,000 requests in a second at most; each of the 10 units of a region answers 500. */
function declared(worstSharePercent?: number): Declared {
  return {
    ...nothingDeclared(),
    capacity: { peakRequestsPerSecond: 4000, requestsPerSecondPerUnit: 500, perUnit: {}, worstSharePercent },
  };
}

function two(change: Partial<Door> = {}, home: Partial<Pool> = {}, away: Partial<Pool> = {}): Part[] {
  return [door("api", [`${HOME} pool`, `${AWAY} pool`], change), ...region(HOME, home), ...region(AWAY, away)];
}

describe("a hostname over two clouds", () => {
  it("is served by the other one when a cloud is lost, with all requests, after the monitor's time", () => {
    const design = designWith(two(), declared());
    expect(rowOf(design, "aws")).toEqual({
      domain: "aws",
      survives: true,
      undecided: null,
      because: null,
      chain: [],
      doors: [],
      servedBy: [AWAY],
      capacityPercent: 125,
      detectionSeconds: [10, 26],
      lost: [`${HOME} app`, `${HOME} lb`, `${HOME} pool`],
      loads: [
        {
          door: "api",
          pool: `${AWAY} pool`,
          property: "origins[0]",
          requestsPerSecond: 4000,
          isMost: false,
          minimumPerSecond: known(5000),
          percent: 125,
        },
      ],
      unknowns: [],
    });
    expect(rowOf(design, "nothing")).toMatchObject({ survives: true, capacityPercent: 250, detectionSeconds: null });
    expect(rowOf(design, "edge")).toMatchObject({
      survives: false,
      because: "api stands at Cloudflare's edge",
      chain: ["api"],
      doors: ["api"],
      servedBy: [],
      capacityPercent: null,
    });
  });

  it("lists each domain once, the largest first", () => {
    const { rows } = { rows: ["aws", "gcp", "geography:iowa", "geography:ohio", HOME, AWAY] };
    const design = designWith(two(), declared());
    for (const domain of rows) expect(rowOf(design, domain).survives).toBe(true);
    expect(() => rowOf(design, "geography:oregon")).toThrow("no row for geography:oregon");
  });

  it("tells the way to what stood there when nothing is left", () => {
    const design = designWith(
      [door("api", [`${HOME} pool`, `${FAR} pool`]), ...region(HOME), ...region(FAR)],
      declared(),
    );
    const row = rowOf(design, "aws");
    expect(row.because).toBe(`api -> pool ${HOME} pool -> ${HOME} lb stands in ${HOME}; pool ${FAR} pool is gone too`);
    expect(row.chain).toEqual(["api", `${HOME} pool`, `${HOME} lb`]);
    expect(rowOf(design, HOME)).toMatchObject({ survives: true, servedBy: [FAR], capacityPercent: 125 });
  });

  it("does not count on a compute without its database, and tells the longest chain", () => {
    const parts = [
      door("api", [`${HOME} pool`, `${AWAY} pool`]),
      ...region(HOME),
      pool(`${AWAY} pool`, [`${AWAY} lb`]),
      entry(`${AWAY} lb`, at(AWAY), [`${AWAY} app`]),
      compute(`${AWAY} app`, at(AWAY), known(10), ["store"]),
      compute("store", at(HOME)),
    ];
    expect(rowOf(designWith(parts, declared()), "aws").because).toBe(
      `api -> pool ${AWAY} pool -> ${AWAY} lb -> ${AWAY} app -> store stands in ${HOME}; pool ${HOME} pool is gone too`,
    );
  });
});

describe("steering", () => {
  it.each([
    ["random", true, undefined, 250, 125],
    ["off", true, undefined, 125, 125],
    ["off", false, undefined, 125, 125],
    ["proximity", true, 75, 166, 125],
    ["proximity", true, 40, 250, 125],
    ["least_outstanding_requests", true, undefined, 125, 125],
  ])(
    "%s (ordered %s, worst share %s): %s %% before, %s %% after the loss of a cloud",
    (policy, isOrdered, worst, before, after) => {
      const design = designWith(two({ steering: known(policy), isOrdered }), declared(worst));
      expect(rowOf(design, "nothing").capacityPercent).toBe(before);
      expect(rowOf(design, "aws").capacityPercent).toBe(after);
    },
  );

  it("divides by weight, and what has none gets nothing even as the last one", () => {
    const weights = known({ [`${HOME} pool`]: 0.75, [`${AWAY} pool`]: 0.25 });
    const shares = rowOf(designWith(two({ weights }), declared()), "nothing").loads;
    expect(shares.map((load) => load.requestsPerSecond)).toEqual([3000, 1000]);
    const none = known({ [`${HOME} pool`]: 1, [`${AWAY} pool`]: 0 });
    const design = designWith(two({ weights: none, fallback: known(undefined) }), declared());
    expect(rowOf(design, "aws").survives).toBe(false);
    expect(rowOf(design, "gcp")).toMatchObject({ survives: true, detectionSeconds: null });
  });

  it("needs no order where each pool carries everything, and says what is missing where one does not", () => {
    const change = { steering: known("off"), isOrdered: false };
    const small = [
      door("api", [`${HOME} pool`, `${AWAY} pool`], change),
      ...region(HOME, {}, known(4)),
      ...region(AWAY),
    ];
    const row = rowOf(designWith(small, declared()), "nothing");
    expect(row.capacityPercent).toBeNull();
    expect(row.unknowns.map(({ of, property }) => [of, property])).toEqual([["capacity", "defaultPools"]]);
  });

  it("follows the lists of places under geographic steering alone, then the fallback", () => {
    const parts = [...two(), ...region(FAR)];
    const overrides: Door["overrides"] = [
      { kind: "region", key: "WNAM", property: "regionPools.WNAM", pools: known([`${FAR} pool`]), isOrdered: true },
    ];
    const geo = designWith(
      [...parts, door("api", [`${HOME} pool`, `${AWAY} pool`], { steering: known("geo"), overrides })],
      declared(),
    );
    expect(rowOf(geo, FAR)).toMatchObject({
      survives: true,
      servedBy: [HOME, AWAY].sort(),
      detectionSeconds: [10, 26],
    });
    // The whole peak may go to one list, unless somebody declared the most that one pool gets; alone a pool gets everything all the same.
    expect(rowOf(geo, "nothing").capacityPercent).toBe(125);
    const { capacity } = declared();
    if (capacity === undefined) throw new Error("no capacity");
    const shared = { ...declared(), capacity: { ...capacity, worstSharePercent: 50 } };
    expect(rowOf({ ...geo, declared: shared }, "nothing").capacityPercent).toBe(250);
    expect(
      rowOf({ ...geo, declared: { ...shared, capacity: { ...capacity, worstSharePercent: 10 } } }, "nothing")
        .capacityPercent,
    ).toBe(250);
    const lost = { steering: known("geo"), overrides, fallback: known(undefined) };
    expect(
      rowOf(designWith([...parts, door("api", [`${HOME} pool`, `${AWAY} pool`], lost)], declared()), FAR).because,
    ).toBe(`api -> pool ${FAR} pool -> ${FAR} lb stands in ${FAR}`);
    const random = designWith(
      [...parts, door("api", [`${HOME} pool`, `${AWAY} pool`], { overrides, fallback: known(undefined) })],
      declared(),
    );
    expect(rowOf(random, FAR).survives).toBe(true);
  });
});

describe("pools", () => {
  it("that nothing watches keep getting requests, dead or alive", () => {
    const unwatched = { monitor: known(undefined) };
    expect(rowOf(designWith(two({}, unwatched), declared()), HOME).because).toBe(
      `api -> pool ${HOME} pool -> ${HOME} lb stands in ${HOME}; pool ${HOME} pool still sends requests there, since no monitor takes it out`,
    );
    // In order behind a watched pool it gets nothing as long as that one lives.
    const second = designWith(two({ steering: known("off") }, {}, unwatched), declared());
    expect(rowOf(second, AWAY)).toMatchObject({ survives: true, detectionSeconds: null });
    // Without any monitor the first pool gets all.
    const none = designWith(two({}, unwatched, unwatched), declared());
    expect([rowOf(none, HOME).survives, rowOf(none, AWAY).survives]).toEqual([false, true]);
    expect(rowOf(none, "nothing").loads.map((load) => load.pool)).toEqual([`${HOME} pool`]);
  });

  it("of DNS that nothing watches all get their share", () => {
    const unwatched = { monitor: known(undefined) };
    const design = designWith(two({ kind: "route53", steering: known("random") }, unwatched, unwatched), declared());
    expect([rowOf(design, HOME).survives, rowOf(design, AWAY).survives]).toEqual([false, false]);
  });

  it("that are switched off are not used, but for a fallback that is on", () => {
    const off = { isEnabled: known(false) };
    expect(rowOf(designWith(two({}, off), declared()), AWAY).survives).toBe(false);
    expect(rowOf(designWith(two({}, {}, off), declared()), HOME).survives).toBe(false);
  });

  it("outside the defaults serve as fallback, whatever their health says, if all their origins work", () => {
    const fallback = [door("api", [`${HOME} pool`], { fallback: known("last") }), ...region(HOME), ...region(AWAY)];
    const one = designWith([...fallback, pool("last", [`${AWAY} lb`])], declared());
    expect(rowOf(one, "nothing").servedBy).toEqual([HOME]);
    expect(rowOf(one, "aws")).toMatchObject({ survives: true, servedBy: [AWAY], capacityPercent: 125 });
    const both = designWith([...fallback, pool("last", [`${AWAY} lb`, `${HOME} lb`])], declared());
    expect(rowOf(both, "aws").survives).toBe(false);
  });

  it("with more required origins than they have never serve but as fallback", () => {
    const strict = pool(`${HOME} pool`, [`${HOME} lb`]);
    const needs = strict.needs.map((need) => ({ ...need, atLeast: 2 }));
    const parts = [...two(), { ...strict, needs, minimumOrigins: known(2) }];
    expect(rowOf(designWith(parts, declared()), "nothing")).toMatchObject({ survives: true, servedBy: [AWAY] });
    expect(rowOf(designWith(parts, declared()), "gcp").survives).toBe(false);
  });

  it("of several origins divide by weight among those that work, and the edge has to act although the pool lives", () => {
    const parts = [
      door("api", ["both"]),
      pool("both", [
        [`${HOME} lb`, 0.75],
        [`${AWAY} lb`, 0.25],
      ]),
      ...region(HOME).slice(1),
      ...region(AWAY).slice(1),
    ];
    const design = designWith(parts, declared());
    expect(rowOf(design, "nothing").loads.map((load) => [load.property, load.requestsPerSecond, load.percent])).toEqual(
      [
        ["origins[0]", 3000, 166],
        ["origins[1]", 1000, 500],
      ],
    );
    expect(rowOf(design, HOME)).toMatchObject({ survives: true, capacityPercent: 125, detectionSeconds: [10, 26] });
  });
});

describe("capacity", () => {
  it("loses the fullest share of what stands in several zones, in whole units", () => {
    const zones = ["us-east-2a", "us-east-2b", "us-east-2c"];
    const parts = [
      door("api", ["p"]),
      pool("p", ["lb"]),
      entry("lb", at(HOME, ...zones), ["app"]),
      compute("app", at(HOME, ...zones)),
    ];
    expect(rowOf(designWith(parts, declared()), "aws:us-east-2a")).toMatchObject({
      survives: true,
      capacityPercent: 75,
      detectionSeconds: null,
    });
  });

  it("counts a Google region as three zones, although it has four", () => {
    const design = designWith(two(), declared());
    expect(rowOf(design, "gcp:us-central1-f").loads.map((load) => load.minimumPerSecond)).toEqual([
      known(5000),
      known(3000),
    ]);
  });

  it("counts a compute once that two pools lead to", () => {
    const parts = [door("api", ["a", "b"]), pool("a", ["lb"]), pool("b", ["lb"]), ...region(HOME).slice(1)];
    const shared = parts.map((part) => (part.id === `${HOME} lb` ? { ...part, id: "lb" } : part));
    expect(rowOf(designWith(shared, declared()), "nothing").capacityPercent).toBe(125);
  });

  it("adds loads of hostnames with their own, and lays the load of the whole design on each in turn", () => {
    const parts = [door("api", [`${HOME} pool`]), door("ws", [`${HOME} pool`]), ...region(HOME)];
    expect(rowOf(designWith(parts, declared()), "nothing").capacityPercent).toBe(125);
    const { capacity } = declared();
    const own = new Map(
      ["api", "ws"].map((name) => [name, { capacity, pools: undefined, weights: new Map() }] as const),
    );
    expect(rowOf(designWith(parts, { ...nothingDeclared(), hostnames: own }), "nothing").capacityPercent).toBe(62);
  });

  it("is null without a declared peak, and without a size, which is named", () => {
    expect(rowOf(designWith(two(), nothingDeclared()), "aws")).toMatchObject({
      capacityPercent: null,
      loads: [],
      unknowns: [],
    });
    const parts = [door("api", [`${HOME} pool`, `${AWAY} pool`]), ...region(HOME), ...region(AWAY, {}, open)];
    const design = designWith(parts, declared());
    expect(rowOf(design, "aws")).toMatchObject({
      survives: true,
      capacityPercent: null,
      unknowns: [{ ...open, of: "capacity" }],
    });
    expect(rowOf(design, "gcp")).toMatchObject({ capacityPercent: 125, unknowns: [] });
  });

  it("takes what the owner declares for an address outside the design", () => {
    const outside = { ...entry("old.example.net", at(AWAY), []), urn: null, needs: [] };
    const parts = [door("api", ["p"]), pool("p", ["old.example.net"]), outside];
    expect(rowOf(designWith(parts, declared()), "nothing").capacityPercent).toBeNull();
    const { capacity } = goodDeclared();
    const told = { ...nothingDeclared(), capacity: capacity && { ...capacity, perUnit: { "old.example.net": 5000 } } };
    expect(rowOf(designWith(parts, told), "nothing").capacityPercent).toBe(125);
  });
});

describe("what is not known", () => {
  it("makes a row undecided only where it matters, and is named with the way to know it", () => {
    const where = { ...at(AWAY), region: open };
    const parts = [...two().filter(({ id }) => id !== `${AWAY} lb`), entry(`${AWAY} lb`, where, [`${AWAY} app`])];
    const design = designWith(parts, declared());
    expect(rowOf(design, "aws")).toMatchObject({ survives: true, undecided: null });
    expect(rowOf(design, AWAY)).toMatchObject({ survives: true, capacityPercent: 125 });
    const alone = designWith([...parts.filter(({ id }) => id !== "api"), door("api", [`${AWAY} pool`])], declared());
    expect(rowOf(alone, "geography:iowa").undecided).toBeNull();
    expect(rowOf(alone, "gcp:us-central1-a").undecided).toBe(
      `api -> pool ${AWAY} pool -> ${AWAY} lb: whether ${AWAY} lb stands in gcp:us-central1-a is not known, since property of thing is known only after an update; write property as a plain value, or judge the stack's state after an update`,
    );
  });

  it("of a monitor leaves open whether the pool is taken out", () => {
    const design = designWith(two({}, { monitor: open }), declared());
    expect(rowOf(design, HOME)).toMatchObject({
      survives: false,
      because: null,
      unknowns: [{ ...open, of: "survival" }],
    });
    expect(rowOf(design, HOME).undecided).toContain(`whether pool ${HOME} pool is taken out when it dies is not known`);
    expect(rowOf(design, AWAY)).toMatchObject({ survives: true, undecided: null });
  });

  it("of a monitor's timing leaves open how long it takes", () => {
    const slow = pool(`${HOME} pool`, [`${HOME} lb`]);
    const timing =
      slow.monitor.known && slow.monitor.value !== undefined
        ? known({ ...slow.monitor.value, intervalSeconds: open })
        : open;
    const row = rowOf(designWith(two({}, { monitor: timing }), declared()), HOME);
    expect(row).toMatchObject({ survives: true, detectionSeconds: null, unknowns: [{ ...open, of: "detection" }] });
  });

  it("of the pools of a door leaves everything open, and nothing is lost about others", () => {
    const parts = [...two({ pools: open }), address("us-east-2.api", `${HOME} lb`)];
    const design = designWith(parts, declared());
    expect(rowOf(design, AWAY)).toMatchObject({ survives: false, because: null });
    expect(rowOf(design, HOME).because).toBe(`us-east-2.api -> ${HOME} lb stands in ${HOME}`);
  });
});

describe("the edge", () => {
  it("of another provider's DNS that is lost with its cloud is gone around by a hostname elsewhere, and not without one", () => {
    const named = { place: { ...at(HOME), region: known("global"), zones: known([]) } };
    const pools = [`${HOME} pool`, `${AWAY} pool`];
    const alone = designWith([...two().slice(1), door("dns", pools, named)], declared());
    expect(rowOf(alone, "aws").survives).toBe(false);
    const both = designWith([...two(), door("dns", pools, named)], declared());
    expect(rowOf(both, "aws")).toMatchObject({ survives: true, servedBy: [AWAY] });
  });

  it("can be gone around by a hostname elsewhere that leads to some of the same computes", () => {
    const around = designWith([...two(), ...region(FAR), address("direct", `${HOME} lb`)], declared());
    expect(rowOf(around, "edge")).toMatchObject({ survives: true, servedBy: [HOME], detectionSeconds: null });
    const other = designWith([...two(), ...region(FAR), address("other", `${FAR} lb`)], declared());
    expect(rowOf(other, "edge").survives).toBe(false);
  });

  it("keeps clients for the TTL where a name is not proxied", () => {
    const design = designWith(two({ isProxied: known(false), ttlSeconds: known(60) }), declared());
    expect(rowOf(design, HOME).detectionSeconds).toEqual([10, 86]);
  });
});
