/**
 * Proves which findings a waiver means and for how long: patterns with stars against a slow matcher that is obviously right, also on
 * patterns made to be slow, and days. What a judge makes of it is in check.test.ts.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern, usesOf, waiverOf, type Waiver } from "../../policies/waivers";

const LB = "urn:pulumi:prod::exchange::twodoor:index:ExchangeApi$cloudflare:index/loadBalancer:LoadBalancer::api";

describe("a pattern", () => {
  it.each([
    [LB, true],
    ["*", true],
    ["*::api", true],
    ["urn:pulumi:prod::*::api", true],
    ["*loadBalancer:LoadBalancer::*", true],
    ["**::*api*", true],
    ["urn:pulumi:dev::*", false],
    ["*::ap", false],
    ["api", false],
    ["", false],
    ["urn:pulumi:prod::exchange::twodoor.index.*", false],
  ])("%s", (pattern, matches) => {
    expect(matchesPattern(pattern, LB)).toBe(matches);
  });

  it("agrees with a matcher that tries everything", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 9 });
    const patterns = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 });
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(matchesPattern(pattern, text)).toBe(slowly(pattern, text));
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  it("that backtracks at every character ends all the same", () => {
    expect(matchesPattern(`${"*a".repeat(500)}*b`, "a".repeat(5000))).toBe(false);
  });
});

function slowly(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] !== "*") return text !== "" && pattern[0] === text[0] && slowly(pattern.slice(1), text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, taken) => taken).some((taken) =>
    slowly(pattern.slice(1), text.slice(taken)),
  );
}

describe("the use of a waiver", () => {
  const waiver = (changes: Partial<Waiver>): Waiver => ({
    rule: "EDG-06",
    urn: "*::api",
    reason: "one probe region is left until the contract ends",
    owner: "edge team",
    expires: "2026-12-31",
    ...changes,
  });

  it.each([
    ["2026-12-30", 1, false],
    ["2026-12-31", 0, false],
    ["2027-01-01", -1, true],
    ["2024-02-29", 1036, false],
  ])("on %s has %i days left", (today, daysLeft, isExpired) => {
    expect(usesOf([waiver({})], today)).toEqual([{ ...waiver({}), matches: 0, daysLeft, isExpired }]);
  });

  it("counts for every waiver that means the finding, and holds by the first that has not ended", () => {
    const uses = usesOf(
      [
        waiver({ expires: "2026-01-01" }),
        waiver({ rule: "EDG-07" }),
        waiver({ owner: "second" }),
        waiver({ urn: "*", owner: "third" }),
      ],
      "2026-11-26",
    );
    expect(waiverOf(uses, "EDG-06", LB)?.owner).toBe("second");
    expect(waiverOf(uses, "EDG-06", "urn:pulumi:prod::exchange::a:b:C::other")?.owner).toBe("third");
    expect(waiverOf(uses, "EDG-08", LB)).toBeUndefined();
    expect(uses.map(({ matches }) => matches)).toEqual([1, 0, 1, 2]);
  });
});
