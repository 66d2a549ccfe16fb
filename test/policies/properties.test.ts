/**
 * Proves, through the whole judge and over every choice of the good design's regions: one more region makes no verdict worse, adds no mandatory
 * violation and turns no surviving row into a dying one; names change nothing. Does not vary capacity, steering or kinds: test/resilience/properties.test.ts
 * does, without the rules.
 */
import { describe, expect, it } from "vitest";
import { judge } from "../../policies/check";
import type { CheckResult } from "../../policies/result";
import { parseSettings } from "../../policies/settings-form";
import type { Graph } from "../../resilience/graph";
import { dropped } from "../mutants/change";
import { AWS_REGIONS, GOOGLE_REGIONS } from "../support/designs-google";
import { goodDesign } from "../support/designs";

const REGIONS: readonly string[] = [...AWS_REGIONS, ...GOOGLE_REGIONS];
const settings = parseSettings(
  { design: { capacity: { peakRequestsPerSecond: 4000, requestsPerSecondPerUnit: 200 } } },
  "the test",
);
const judged = (graph: Graph): CheckResult => judge(graph, settings, "2026-11-24");
const RANK = { pass: 0, undecided: 1, fail: 2 } as const;

/** The design that serves from these regions alone. Voters stay: a journal is no matter of who serves. */
function servingFrom(regions: readonly string[]): Graph {
  const graph = goodDesign();
  const others = REGIONS.filter((region) => !regions.includes(region));
  const roles = ["pool", "lb", "https", "service", "scaling"];
  const gone = graph.resources.filter(({ name }) =>
    others.some((region) => roles.some((role) => name === `${region}-${role}`)),
  );
  return dropped(graph, new Set(gone.map(({ urn }) => urn)));
}

const violated = ({ findings }: CheckResult): string[] => [
  ...new Set(
    findings.filter(({ verdict, level }) => verdict === "violation" && level === "mandatory").map(({ rule }) => rule),
  ),
];
const surviving = ({ survival }: CheckResult): string[] =>
  survival.filter(({ survives }) => survives).map(({ domain }) => domain);
const standing = ({ survival }: CheckResult): string[] => survival.map(({ domain }) => domain);

const choices = Array.from({ length: 2 ** REGIONS.length - 1 }, (_, bits) =>
  REGIONS.filter((_region, place) => ((bits + 1) >> place) % 2 === 1),
);
const results = new Map(choices.map((regions) => [regions.join(" "), judged(servingFrom(regions))]));
const resultOf = (regions: readonly string[]): CheckResult => {
  const result = results.get(REGIONS.filter((region) => regions.includes(region)).join(" "));
  if (result === undefined) throw new Error(`nothing was judged for ${regions.join(" ")}`);
  return result;
};

describe("one more region", () => {
  const steps = choices.flatMap((regions) =>
    REGIONS.filter((region) => !regions.includes(region)).map((region): [string, string] => [
      regions.join(" "),
      region,
    ]),
  );

  it("is tried on every choice of the others", () => {
    expect([choices.length, steps.length]).toEqual([15, 28]);
    expect(resultOf(REGIONS).verdict).toBe("pass");
    expect(choices.filter((regions) => resultOf(regions).verdict === "pass").map((each) => each.length)).not.toContain(
      1,
    );
  });

  it.each(steps)("to %s: %s makes nothing worse", (regions, region) => {
    const before = resultOf(regions.split(" "));
    const after = resultOf([...regions.split(" "), region]);
    expect(RANK[after.verdict]).toBeLessThanOrEqual(RANK[before.verdict]);
    expect(violated(after).filter((rule) => !violated(before).includes(rule))).toEqual([]);
    const kept = surviving(before).filter((domain) => standing(after).includes(domain));
    expect(kept.filter((domain) => !surviving(after).includes(domain))).toEqual([]);
  });
});

describe("one region", () => {
  it("without a journal elsewhere is too small for all even while nothing is lost", () => {
    const alone = servingFrom(["us-east-2"]);
    const voters = alone.resources.filter(({ name }) => name.endsWith("-journal")).map(({ urn }) => urn);
    const found = judged(dropped(alone, new Set(voters))).findings.filter(({ rule }) => rule === "CAP-02");
    expect(found.map(({ verdict, message }) => [verdict, message])).toEqual([
      [
        "violation",
        "while all is well, exchange-us-east-2 gets 4,000 requests in a second and its running minimum answers 2,400: 60 % of it",
      ],
    ]);
  });
});

describe("names", () => {
  it("change nothing but themselves", () => {
    const graph = goodDesign();
    // What the clouds know a thing by stays; only the program's own names are others.
    const urns = new Map(
      graph.resources.map(({ urn, name }, place) => [urn, `${urn.slice(0, -name.length)}n${String(place)}`]),
    );
    const told = JSON.stringify(graph, (key, value: unknown) => (key === "literals" ? undefined : value));
    const renamed = JSON.parse(told, (_key, value: unknown) =>
      typeof value === "string" ? (urns.get(value) ?? value) : value,
    ) as Graph;
    const other = {
      ...renamed,
      resources: renamed.resources.map((each) => ({ ...each, name: each.urn.split("::").at(-1) ?? "" })),
    };
    const [a, b] = [judged(graph), judged(other)];
    const shape = (result: CheckResult): unknown => [
      result.verdict,
      result.rules,
      result.survival.map(({ domain, survives, servedBy, capacityPercent, detectionSeconds }) => [
        domain,
        survives,
        servedBy,
        capacityPercent,
        detectionSeconds,
      ]),
      result.findings.map(({ rule, verdict, level }) => [rule, verdict, level]),
    ];
    expect(b.design.parts.length).toBe(a.design.parts.length);
    expect(shape(b)).toEqual(shape(a));
  });
});
