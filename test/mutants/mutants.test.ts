/**
 * Proves that single mistakes in `prod`, in a raw two-cloud design, and in the same one at a quarter of its load are found: by a rule, by a row
 * of the survival table that falls, or by a rule that cannot tell any more (which does not pass either). What is not found has its reason in
 * the table, and nothing that has one is found all the same. Does not prove that the rules say it well, which the rules' own tests do.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { prod, quiet, raw } from "./designs";
import { summaryOf, unprovenRules } from "./report";
import { everyMutant, scores, verdictOf, type Caught } from "./run";

let all: Caught[] = [];

beforeAll(async () => {
  all = everyMutant([await prod(), raw(), quiet()]);
}, 300_000);

describe("mutants", () => {
  it("are many, and each has a name of its own", () => {
    expect(new Set(all.map(({ mutant }) => mutant.name)).size).toBe(all.length);
    expect(summaryOf(all)).toMatchInlineSnapshot(`
      {
        "prod": {
          "caught": 248,
          "harmless": 54,
          "survives": 0,
          "undecided": 41,
        },
        "quiet": {
          "caught": 20,
          "harmless": 0,
          "survives": 0,
          "undecided": 0,
        },
        "raw": {
          "caught": 284,
          "harmless": 44,
          "survives": 0,
          "undecided": 38,
        },
      }
    `);
  });

  it("are all found, or have a reason not to be", () => {
    expect(all.filter((one) => verdictOf(one) === "survives").map(({ mutant }) => mutant.name)).toEqual([]);
  });

  it("that have a reason not to be found are not", () => {
    const found = all.filter((one) => one.mutant.harmless !== undefined && verdictOf(one) !== "harmless");
    expect(found.map(({ mutant }) => mutant.name)).toEqual([]);
  });

  it("show of each rule that it finds what nothing else does, or it names the rule that finds it too", () => {
    expect(unprovenRules(all)).toEqual([]);
    const lines = [...scores(all)].map(([rule, { catches, alone }]) => `${rule} ${String(catches)} ${String(alone)}`);
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "CAP-01 4 4
      CAP-02 152 38
      CAP-03 81 2
      CAP-04 29 9
      CAP-05 15 15
      DAT-01 11 8
      DAT-02 10 0
      DAT-03 2 2
      DAT-04 2 2
      DAT-05 4 4
      DAT-06 6 3
      DAT-07 4 4
      DEP-01 23 18
      DEP-02 35 24
      DEP-03 45 27
      DEP-04 18 12
      DEP-05 19 2
      DEP-06 3 3
      EDG-01 12 0
      EDG-02 18 1
      EDG-03 13 0
      EDG-04 12 9
      EDG-05 34 34
      EDG-06 10 10
      EDG-07 8 8
      EDG-08 6 1
      EDG-09 16 2
      EDG-10 29 3
      EDG-11 3 0
      EDG-12 33 30
      EDG-13 22 22
      EDG-14 4 1
      GOV-01 9 9
      OBS-01 30 30
      SEC-01 3 3
      TOP-01 58 0
      TOP-02 58 0
      TOP-03 3 0
      TOP-04 2 1
      TOP-05 91 2
      TOP-06 40 30"
    `);
  });
});
