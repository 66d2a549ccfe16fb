/**
 * Proves that taking a domain away is right, against a slow oracle that is plainly so, on hundreds of random webs with circles, missing
 * ids, doubled needs and unknowns; that chains end, and that depth costs nothing. Does not prove that the webs of real designs are right.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Loss } from "../../resilience/domains";
import { chainOf, livenessWithout, type Stance } from "../../resilience/liveness";
import type { Need, Part, Place } from "../../resilience/model";
import { at, compute, open } from "../support/parts";

const PLACES = ["aws:us-east-2", "aws:us-west-2", "gcp:us-central1"];

interface Spec {
  place: number;
  needs: { atLeast: number; of: number[]; isUnknown: boolean }[];
}

const need = fc.record({
  atLeast: fc.integer({ min: 1, max: 3 }),
  of: fc.array(fc.integer({ min: 0, max: 13 }), { maxLength: 5 }),
  isUnknown: fc.boolean(),
});
const webs = fc.array(fc.record({ place: fc.nat(2), needs: fc.array(need, { maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 12,
});
const losses = fc.tuple(...PLACES.map(() => fc.constantFrom<Loss>(0, 1 / 3, 1, "unknown")));

function partsOf(specs: readonly Spec[]): Map<string, Part> {
  return new Map(
    specs.map(({ place, needs }, number): [string, Part] => {
      const id = String(number);
      const own = needs.map(({ atLeast, of, isUnknown }): Need => ({
        what: "it",
        atLeast,
        of: of.map(String),
        ...(isUnknown ? { unknown: open } : {}),
      }));
      return [id, { ...compute(id, at(PLACES[place] ?? "")), needs: own }];
    }),
  );
}

/** Asks every part again and again until nothing changes. */
function oracle(parts: ReadonlyMap<string, Part>, lost: (place: Place) => Loss, stance: Stance): string[] {
  const isLost = (loss: Loss): boolean => (loss === "unknown" ? stance === "fearful" : loss >= 1);
  let alive = [...parts.values()].filter(({ place }) => !isLost(lost(place)));
  for (;;) {
    const ids = new Set(alive.map(({ id }) => id));
    const left = alive.filter(({ needs }) =>
      needs.every(
        ({ atLeast, of, unknown }) =>
          (unknown !== undefined && stance === "hopeful") || of.filter((id) => ids.has(id)).length >= atLeast,
      ),
    );
    if (left.length === alive.length) return alive.map(({ id }) => id);
    alive = left;
  }
}

function lossBy(values: readonly Loss[]): (place: Place) => Loss {
  return ({ cloud, region }) => values[PLACES.indexOf(`${cloud}:${region.known ? region.value : ""}`)] ?? 0;
}

describe("livenessWithout", () => {
  it("leaves what the oracle leaves, in both stances, and tells what is lost beyond what never worked", () => {
    fc.assert(
      fc.property(webs, losses, fc.constantFrom<Stance>("hopeful", "fearful"), (specs, values, stance) => {
        const parts = partsOf(specs);
        const lost = lossBy(values);
        const liveness = livenessWithout(parts, lost, stance);
        const alive = oracle(parts, lost, stance);
        const before = oracle(parts, () => 0, stance);
        expect([...parts.keys()].filter(liveness.isAlive)).toEqual(alive);
        expect(liveness.lost()).toEqual(before.filter((id) => !alive.includes(id)).sort());
        for (const id of parts.keys()) expect(liveness.causeOf(id) === undefined).toBe(alive.includes(id));
        expect(liveness.isSure).toBe(![...parts.values()].some(({ place }) => lost(place) === "unknown"));
      }),
      { seed: 5, numRuns: 600 },
    );
  });

  it("is never more hopeful when fearful, and losing more never brings anything back", () => {
    fc.assert(
      fc.property(webs, losses, fc.nat(2), (specs, values, more) => {
        const parts = partsOf(specs);
        const hopeful = livenessWithout(parts, lossBy(values), "hopeful");
        const fearful = livenessWithout(parts, lossBy(values), "fearful");
        const further = livenessWithout(
          parts,
          lossBy(values.map((loss, place) => (place === more ? 1 : loss))),
          "fearful",
        );
        for (const id of parts.keys()) {
          if (fearful.isAlive(id)) expect(hopeful.isAlive(id)).toBe(true);
          if (further.isAlive(id)) expect(fearful.isAlive(id)).toBe(true);
        }
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it("follows a chain of 20,000 steps, and takes names of prototypes for names", () => {
    const parts = new Map<string, Part>();
    for (let step = 0; step < 20_000; step += 1) {
      parts.set(
        String(step),
        compute(String(step), at("aws:us-east-2"), undefined, step === 0 ? [] : [String(step - 1)]),
      );
    }
    parts.set("0", compute("0", at("gcp:us-central1")));
    parts.set("__proto__", compute("__proto__", at("aws:us-east-2"), undefined, ["constructor"]));
    const liveness = livenessWithout(parts, lossBy([0, 0, 1]), "hopeful");
    expect(liveness.lost().length).toBe(20_000);
    expect([liveness.isAlive("__proto__"), liveness.isAlive("toString")]).toEqual([false, false]);
    expect(chainOf(liveness, "19999", () => false).length).toBe(20_000);
  });

  it("lets a circle hold itself up, and ends a chain where it would repeat", () => {
    const parts = new Map<string, Part>([
      ["a", compute("a", at("aws:us-east-2"), undefined, ["b"])],
      ["b", compute("b", at("aws:us-west-2"), undefined, ["a"])],
    ]);
    expect(livenessWithout(parts, () => 0, "fearful").lost()).toEqual([]);
    const lost = livenessWithout(parts, lossBy([0, 1, 0]), "fearful");
    expect(lost.lost()).toEqual(["a", "b"]);
    expect(chainOf(lost, "a", () => false).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});
