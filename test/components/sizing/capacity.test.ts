// Proves: each pool's running minimum, by table for designs worked out by hand and by property for any design. A slow model beside it
// spreads replicas over zones one by one, takes every single domain away and counts what is left.
// Does not prove: that a replica really answers what is declared, nor how soon a cloud notices a dead zone.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  poolFloors,
  quotaGroupPeaks,
  replicasFor,
  type Demand,
  type PoolShape,
} from "../../../components/sizing/capacity";
import { SteeringPolicy } from "../../../components/sizing/steering";

const demand: Demand = { peakRequestsPerSecond: 2_000, requestsPerSecondPerReplica: 100 };
const pool = (key: string, cloud: string, rest: Partial<PoolShape> = {}): PoolShape => ({
  key,
  cloud,
  geography: key,
  weight: 1,
  zones: 3,
  ...rest,
});
const four = [pool("a1", "aws"), pool("a2", "aws"), pool("g1", "gcp"), pool("g2", "gcp")];
const minimums = (pools: PoolShape[], policy: SteeringPolicy, asked: Demand = demand): number[] =>
  poolFloors(pools, policy, asked).map((floor) => floor.minimumReplicas);

describe("poolFloors", () => {
  test("gives the active pool of `off` a spare zone, and the next in line the whole peak", () => {
    expect(poolFloors([pool("a1", "aws"), pool("g1", "gcp")], SteeringPolicy.Off, demand)).toEqual([
      { key: "a1", normalSharePercent: 100, worstSharePercent: 100, minimumReplicas: 30 },
      { key: "g1", normalSharePercent: 0, worstSharePercent: 100, minimumReplicas: 21 },
    ]);
  });

  test("gives the first pool of the other cloud the whole peak too, and one replica a zone to a pool that no single loss reaches", () => {
    expect(minimums(four, SteeringPolicy.Off)).toEqual([30, 21, 21, 3]);
  });

  test("shares the peak by weight in `random`, and after the loss of a cloud among what is left", () => {
    expect(poolFloors(four, SteeringPolicy.Random, demand)).toEqual(
      ["a1", "a2", "g1", "g2"].map((key) => ({
        key,
        normalSharePercent: 25,
        worstSharePercent: 50,
        minimumReplicas: 12,
      })),
    );
  });

  test("counts a shared geography as one loss", () => {
    const shared = [
      pool("a1", "aws", { geography: "ohio" }),
      pool("g1", "gcp", { geography: "ohio" }),
      pool("g2", "gcp", { geography: "iowa" }),
      pool("a2", "aws", { geography: "iowa" }),
    ];
    expect(poolFloors(shared, SteeringPolicy.Off, demand).map((floor) => floor.worstSharePercent)).toEqual([
      100, 100, 100, 0,
    ]);
  });

  test("uses the declared worst share where clients decide", () => {
    expect(minimums(four, SteeringPolicy.Proximity, { ...demand, worstSharePercent: 60 })).toEqual([18, 18, 18, 18]);
  });

  test("takes the whole peak as the worst share when none is declared", () => {
    expect(minimums(four, SteeringPolicy.Proximity)).toEqual([30, 30, 30, 30]);
  });

  test("raises the others when one pool stops serving", () => {
    expect(minimums(four.slice(0, 3), SteeringPolicy.Random)).toEqual([12, 12, 21]);
  });

  test("carries through any single loss with what already runs", () => {
    fc.assert(
      fc.property(designs(), ({ pools, policy, asked }) => {
        const floors = poolFloors(pools, policy, asked);
        expect(
          uncovered(pools, policy, asked, new Map(floors.map((floor) => [floor.key, floor.minimumReplicas]))),
        ).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("asks for no zone more than it needs", () => {
    fc.assert(
      fc.property(designs(), ({ pools, policy, asked }) => {
        for (const floor of poolFloors(pools, policy, asked)) {
          const zones = pools.find((each) => each.key === floor.key)?.zones ?? 0;
          if (floor.minimumReplicas === zones) continue;
          const fewer = new Map(poolFloors(pools, policy, asked).map((each) => [each.key, each.minimumReplicas]));
          fewer.set(floor.key, floor.minimumReplicas - zones);
          expect(uncovered(pools, policy, asked, fewer)).not.toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("replicasFor", () => {
  test("does not round up what only looks inexact in binary", () => {
    expect(replicasFor(1 / 3, { peakRequestsPerSecond: 900, requestsPerSecondPerReplica: 100 })).toBe(3);
    expect(replicasFor(0, demand)).toBe(0);
    expect(replicasFor(1, { peakRequestsPerSecond: 101, requestsPerSecondPerReplica: 100 })).toBe(2);
  });
});

describe("quotaGroupPeaks", () => {
  test("adds up what pools of one project get at the same time, in the worst case", () => {
    const one = four.map((each) => (each.cloud === "gcp" ? { ...each, quotaGroup: "p" } : each));
    expect([...quotaGroupPeaks(one, SteeringPolicy.Random, demand)]).toEqual([["p", 2_000]]);
    const two = four.map((each) => (each.cloud === "gcp" ? { ...each, quotaGroup: each.key } : each));
    expect([...quotaGroupPeaks(two, SteeringPolicy.Random, demand)]).toEqual([
      ["g1", 1_000],
      ["g2", 1_000],
    ]);
  });
});

function designs(): fc.Arbitrary<{ pools: PoolShape[]; policy: SteeringPolicy; asked: Demand }> {
  return fc.record({
    pools: fc
      .array(
        fc.record({
          cloud: fc.constantFrom("aws", "gcp"),
          geography: fc.constantFrom("ohio", "iowa", "oregon"),
          weight: fc.integer({ min: 1, max: 100 }).map((hundredths) => hundredths / 100),
          zones: fc.integer({ min: 2, max: 4 }),
        }),
        { minLength: 1, maxLength: 6 },
      )
      .map((rows) => rows.map((row, order) => ({ ...row, key: `pool-${String(order)}` }))),
    policy: fc.constantFrom(SteeringPolicy.Off, SteeringPolicy.Random),
    asked: fc.record({
      peakRequestsPerSecond: fc.integer({ min: 1, max: 50_000 }),
      requestsPerSecondPerReplica: fc.integer({ min: 10, max: 2_000 }),
    }),
  });
}

/** The slow model: every loss (nothing, a zone of a pool, a region, a cloud, a geography) under which some pool gets more than it can carry. */
function uncovered(pools: PoolShape[], policy: SteeringPolicy, asked: Demand, replicas: Map<string, number>): string[] {
  const found: string[] = [];
  const judge = (name: string, survivors: PoolShape[], zoneLostIn?: string): void => {
    const weights = survivors.reduce((sum, each) => sum + each.weight, 0);
    survivors.forEach((each, order) => {
      const sent =
        asked.peakRequestsPerSecond * (policy === SteeringPolicy.Off ? (order === 0 ? 1 : 0) : each.weight / weights);
      const zones = Array.from({ length: each.zones }, () => 0);
      for (let replica = 0; replica < (replicas.get(each.key) ?? 0); replica++)
        zones[replica % each.zones] = (zones[replica % each.zones] ?? 0) + 1;
      if (zoneLostIn === each.key) zones[0] = 0;
      const carried = zones.reduce((sum, count) => sum + count, 0) * asked.requestsPerSecondPerReplica;
      if (carried < sent - 1e-6) found.push(`${name}: ${each.key} gets ${String(sent)} and carries ${String(carried)}`);
    });
  };
  judge("nothing", pools);
  for (const each of pools) judge(`a zone of ${each.key}`, pools, each.key);
  for (const lost of pools) {
    judge(
      `region ${lost.key}`,
      pools.filter((each) => each.key !== lost.key),
    );
    judge(
      `cloud ${lost.cloud}`,
      pools.filter((each) => each.cloud !== lost.cloud),
    );
    judge(
      `geography ${lost.geography}`,
      pools.filter((each) => each.geography !== lost.geography),
    );
  }
  return found;
}
