/**
 * Proves what a comparison makes of two results that are written by hand: which rows flip, which findings are new, gone or as before, and whether
 * the change is worse. Does not prove what the judge makes of two designs; test/cli/check.test.ts compares real ones.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareResults, type RowState } from "../../policies/compare";
import type { Finding } from "../../policies/result";
import { finding, resultOf, row, urn } from "../support/checked";

describe("a survival row", () => {
  const cases: [before: RowState, after: RowState, told: "worse" | "better" | "nothing"][] = [
    ["survives", "survives", "nothing"],
    ["survives", "undecided", "worse"],
    ["survives", "dies", "worse"],
    ["survives", "absent", "nothing"],
    ["undecided", "survives", "better"],
    ["undecided", "undecided", "nothing"],
    ["undecided", "dies", "worse"],
    ["undecided", "absent", "better"],
    ["dies", "survives", "better"],
    ["dies", "undecided", "better"],
    ["dies", "dies", "nothing"],
    ["dies", "absent", "better"],
    ["absent", "survives", "nothing"],
    ["absent", "undecided", "worse"],
    ["absent", "dies", "worse"],
  ];
  it.each(cases)("that was %s and is %s is %s", (before, after, told) => {
    const { isWorse, flipped } = compareResults(withRow(before), withRow(after));
    expect(flipped.map((one) => [one.before, one.after, one.isWorse])).toEqual(
      told === "nothing" ? [] : [[before, after, told === "worse"]],
    );
    expect(isWorse).toBe(told === "worse");
  });

  it("tells why it does not survive now, and nothing where it does", () => {
    const why = (before: RowState, after: RowState) =>
      compareResults(withRow(before), withRow(after)).flipped.map(({ because }) => because);
    expect([
      why("survives", "dies"),
      why("survives", "undecided"),
      why("dies", "survives"),
      why("dies", "absent"),
    ]).toEqual([["the pool stands in aws"], ["nobody knows where it stands"], [null], [null]]);
  });

  it("that got worse comes before one that got better", () => {
    const base = resultOf({ survival: [row("aws", "dies"), row("gcp", "survives"), row("edge", "survives")] });
    const head = resultOf({ survival: [row("aws", "survives"), row("gcp", "dies"), row("edge", "undecided")] });
    expect(compareResults(base, head).flipped.map(({ domain }) => domain)).toEqual(["gcp", "edge", "aws"]);
  });
});

describe("a finding", () => {
  const mandatory = finding({ rule: "EDG-01" });
  const advisory = finding({ rule: "EDG-01", level: "advisory" });
  const undecided = finding({ rule: "EDG-01", verdict: "undecided" });
  const waived = finding({ rule: "EDG-01", verdict: "waived" });
  const cases: [
    what: string,
    before: Finding[],
    after: Finding[],
    counts: [number, number, number],
    isWorse: boolean,
  ][] = [
    ["nothing is neither better nor worse", [], [], [0, 0, 0], false],
    ["a new mandatory one is worse", [], [mandatory], [1, 0, 0], true],
    ["a new undecided mandatory one is worse", [], [undecided], [1, 0, 0], true],
    ["a new advisory one is told alone", [], [advisory], [1, 0, 0], false],
    ["a new waived one is told alone", [], [waived], [1, 0, 0], false],
    ["one that stays blocks nobody", [mandatory], [mandatory], [0, 0, 1], false],
    ["one that is gone is told", [mandatory], [], [0, 1, 0], false],
    ["one that is no longer known to be so stays", [mandatory], [undecided], [0, 0, 1], false],
    ["one that is known to be so now is new", [undecided], [mandatory], [1, 1, 0], true],
    ["advice that became mandatory is new", [advisory], [mandatory], [1, 1, 0], true],
    ["advice that became mandatory and is not known is new", [advisory], [undecided], [1, 1, 0], true],
    ["what became advice stays", [mandatory], [advisory], [0, 0, 1], false],
    ["a waived one that stands again is new", [waived], [mandatory], [1, 1, 0], true],
    ["one that is waived now stays", [mandatory], [waived], [0, 0, 1], false],
    [
      "of three where there were two, one is new",
      [mandatory, mandatory],
      [mandatory, mandatory, mandatory],
      [1, 0, 2],
      true,
    ],
    [
      "of two, one lighter and one heavier, the heavier is new",
      [undecided, undecided],
      [undecided, mandatory],
      [1, 1, 1],
      true,
    ],
    ["the heaviest are paired first", [mandatory, advisory], [undecided, advisory], [0, 0, 2], false],
    ["of another rule it is another", [mandatory], [finding({ rule: "EDG-02" })], [1, 1, 0], true],
    [
      "about another resource it is another",
      [mandatory],
      [finding({ rule: "EDG-01", urn: urn("other") })],
      [1, 1, 0],
      true,
    ],
    ["about the whole design it is another", [mandatory], [finding({ rule: "EDG-01", urn: null })], [1, 1, 0], true],
  ];
  it.each(cases)("%s", (_what, before, after, counts, isWorse) => {
    const own = (findings: Finding[]) => resultOf({ findings: findings.map((one) => ({ ...one })) });
    const { added, gone, stays, ...rest } = compareResults(own(before), own(after));
    expect([[added.length, gone.length, stays.length], rest.isWorse]).toEqual([counts, isWorse]);
  });

  it("stays when the numbers in its message change", () => {
    const before = resultOf({ findings: [finding({ message: "takes 77 s" })] });
    const after = resultOf({ findings: [finding({ message: "takes 78 s" })] });
    expect(compareResults(before, after)).toMatchObject({ isWorse: false, added: [], gone: [] });
  });

  it("that reads the same is the same one, wherever it stands in the list", () => {
    const [a, b, c] = ["a", "b", "c"].map((message) => finding({ message }));
    if (a === undefined || b === undefined || c === undefined) throw new Error("three are there");
    const { added, stays } = compareResults(resultOf({ findings: [a, c] }), resultOf({ findings: [a, b, c] }));
    expect([added, stays]).toEqual([[b], [a, c]]);
  });

  it("with a name that objects have from the start is like any other", () => {
    const odd = finding({ rule: "__proto__", urn: "constructor" });
    expect(compareResults(resultOf({ findings: [] }), resultOf({ findings: [odd] })).added).toEqual([odd]);
  });
});

describe("any change", () => {
  const findings = fc.array(
    fc
      .record({
        rule: fc.constantFrom("EDG-01", "EDG-02"),
        urn: fc.constantFrom(urn("a"), urn("b"), null),
        verdict: fc.constantFrom("violation" as const, "undecided" as const, "waived" as const),
        level: fc.constantFrom("mandatory" as const, "advisory" as const),
        message: fc.constantFrom("x", "y"),
      })
      .map(finding),
    { maxLength: 12 },
  );

  it("has each finding of the head once among the new and those that stay, and no more gone than there were", () => {
    fc.assert(
      fc.property(findings, findings, (before, after) => {
        const { added, stays, gone } = compareResults(resultOf({ findings: before }), resultOf({ findings: after }));
        expect(new Set([...added, ...stays])).toEqual(new Set(after));
        expect(added.length + stays.length).toBe(after.length);
        expect(gone.length).toBe(before.length - stays.length);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("that changes nothing is nothing, and neither is one of the order alone", () => {
    fc.assert(
      fc.property(findings, (all) => {
        const compared = compareResults(resultOf({ findings: all }), resultOf({ findings: [...all].reverse() }));
        expect(compared).toMatchObject({ isWorse: false, added: [], gone: [], flipped: [] });
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it("of 20,000 findings about one resource takes no square of time", () => {
    const many = (prefix: string) =>
      Array.from({ length: 20_000 }, (_, at) => finding({ message: `${prefix} ${String(at)}` }));
    const { added, stays } = compareResults(resultOf({ findings: many("a") }), resultOf({ findings: many("b") }));
    expect([added.length, stays.length]).toEqual([0, 20_000]);
  }, 5_000);
});

function withRow(state: RowState) {
  return resultOf({ survival: state === "absent" ? [] : [row("aws", state)] });
}
