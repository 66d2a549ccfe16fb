/**
 * Proves, on random designs of several regions: another good region never makes a row that survives die, taking a good one away never
 * makes a dying row survive, and neither the order of resources nor their names decide anything. On parts for the first two, on resources
 * for the last. Does not prove that the table is right, which exact values do.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { designOf } from "../../resilience/design-of";
import { known } from "../../resilience/fact";
import type { Door, Part, Pool } from "../../resilience/model";
import { survivalTableOf } from "../../resilience/survival-table";
import { designFrom, goodDeclared, goodDesign } from "../support/designs";
import { designWith, door, open, region } from "../support/parts";

const PLACES = [
  "aws:us-east-2",
  "aws:us-west-2",
  "gcp:us-central1",
  "gcp:us-east4",
  "aws:eu-west-1",
  "gcp:asia-southeast1",
];

const steering = fc.constantFrom("random", "off", "proximity");
const change = fc.constantFrom<Partial<Pool>>(
  {},
  {},
  { monitor: known(undefined) },
  { isEnabled: known(false) },
  { monitor: open },
  { isEnabled: open },
);

function rowsOf(
  places: readonly [string, Partial<Pool>][],
  policy: string,
  doorChange: Partial<Door> = {},
): Map<string, boolean> {
  const parts: Part[] = places.flatMap(([place, own]) => region(place, own));
  const pools = places.map(([place]) => `${place} pool`);
  const all = [...parts, door("api", pools, { steering: known(policy), ...doorChange })];
  return new Map(survivalTableOf(designWith(all, goodDeclared())).rows.map((row) => [row.domain, row.survives]));
}

describe("regions", () => {
  const some = fc
    .tuple(
      fc.subarray(PLACES, { minLength: 1, maxLength: 4 }),
      fc.array(change, { minLength: 4, maxLength: 4 }),
      steering,
    )
    .map(([places, changes, policy]) => ({
      places: places.map((place, number): [string, Partial<Pool>] => [place, changes[number] ?? {}]),
      policy,
    }));

  it("that are good and independent never make anything worse, as the last in order", () => {
    fc.assert(
      fc.property(some, ({ places, policy }) => {
        // Cloudflare sends everything to the first pool where none is watched: there one good pool more makes the others matter.
        fc.pre(places.some(([, own]) => own.monitor === undefined && own.isEnabled === undefined));
        const before = rowsOf(places, policy);
        const after = rowsOf([...places, ["aws:ap-south-1", {}]], policy);
        for (const [domain, survives] of before) {
          if (survives) expect([domain, after.get(domain)]).toEqual([domain, true]);
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("that are taken away never make anything better", () => {
    fc.assert(
      fc.property(some, fc.nat(3), ({ places, policy }, number) => {
        const good = places.map(([place]): [string, Partial<Pool>] => [place, {}]);
        fc.pre(good.length > 1);
        const before = rowsOf(good, policy);
        const after = rowsOf(
          good.filter((_, place) => place !== number % good.length),
          policy,
        );
        for (const [domain, survives] of after) {
          if (survives && before.has(domain)) expect([domain, before.get(domain)]).toEqual([domain, true]);
        }
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

describe("resources", () => {
  const judged = (graph: ReturnType<typeof goodDesign>) => survivalTableOf(designOf(graph, goodDeclared()));
  const base = goodDesign();
  const whole = judged(base);

  it("may stand in any order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...base.literals], { minLength: base.literals.length }), (literals) => {
        expect(judged(designFrom(literals))).toEqual(whole);
        const graph = designFrom(literals);
        expect(judged({ ...graph, resources: [...graph.resources].reverse() })).toEqual(whole);
      }),
      { seed: 9, numRuns: 5 },
    );
  });

  it("may have any names", () => {
    const named = JSON.parse(
      JSON.stringify(base.resources).replaceAll("us-east-2-lb", "constructor"),
    ) as typeof base.resources;
    const rows = judged({ ...base, resources: named }).rows;
    const bare = (all: typeof rows) =>
      all.map(({ domain, survives, capacityPercent, detectionSeconds, servedBy }) => ({
        domain,
        survives,
        capacityPercent,
        detectionSeconds,
        servedBy,
      }));
    expect(bare(rows)).toEqual(bare(whole.rows));
  });
});
