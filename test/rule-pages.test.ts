/**
 * Proves that each rule has its page, that the pages are what `npm run rules` writes, and that their examples do what they say: the refused
 * one is a violation of its rule in a design that is good otherwise, the passing one is none, and what other rules say about either is
 * written down. The settings that waive a rule, and GOV-01's, are settings. Does not prove that the prose is true, nor that the examples
 * compile: test/docs.test.ts compiles the pages.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { beforeAll, describe, expect, it } from "vitest";
import { judge } from "../policies/check";
import type { CheckResult, Finding } from "../policies/result";
import { rules } from "../policies/rules";
import { parseSettings } from "../policies/settings-form";
import type { Graph } from "../resilience/graph";
import { rulePages, waiverOf } from "../scripts/rule-pages";
import { goodDesign } from "./support/designs";
import { codeBlocks } from "./support/markdown";
import { designsOf, ruleExamples } from "./support/rule-examples";
import { ROOT, filesUnder, textOf } from "./support/sources";

const SECONDS = 1000;
const TODAY = "2026-11-26";
/** What the owners of the examples' design declare. */
const DECLARED = {
  design: {
    capacity: { peakRequestsPerSecond: 1500, requestsPerSecondPerUnit: 200 },
    origins: { "us-east-1.example.net": "aws:us-east-1" },
  },
};
const GOVERNANCE = "GOV-01";

function judged(graph: Graph, settings: object = {}): CheckResult {
  return judge(graph, parseSettings({ ...DECLARED, ...settings }, "the examples"), TODAY);
}

describe("the pages", () => {
  const pages = rulePages();

  it("are one for each rule, and an index", () => {
    const written = filesUnder("docs/rules").filter((path) => path.endsWith(".md"));
    expect(written.sort()).toEqual([...pages.keys()].sort());
    expect(pages.size).toBe(rules.length + 1);
  });

  it("are what `npm run rules` writes", async () => {
    const stale: string[] = [];
    for (const [path, text] of pages) {
      const options = await resolveConfig(join(ROOT, path));
      if ((await format(text, { ...options, filepath: path })) !== textOf(path)) stale.push(path);
    }
    expect(stale).toEqual([]);
  });

  it.each(rules.filter(({ id }) => id !== GOVERNANCE).map((rule) => [rule.id, rule] as const))(
    "show settings that waive %s",
    (_, rule) => {
      expect(parseSettings(waiverOf(rule), rule.id).waivers.map((waiver) => waiver.rule)).toEqual([rule.id]);
    },
  );
});

describe("the guide to the policies", () => {
  const guide = "docs/guides/policies.md";
  const blocks = codeBlocks(guide, textOf(guide)).filter(({ language }) => language === "json");

  it("shows settings that can be used", () => {
    expect(blocks).toHaveLength(3);
    for (const { place, text } of blocks) parseSettings(JSON.parse(text), place);
  });

  it("is judged: a misspelt rule is refused", () => {
    expect(() => parseSettings({ "EDG-6": "disabled" }, guide)).toThrow("write EDG-06");
  });
});

describe("the examples", () => {
  const examples = ruleExamples();
  let designs = new Map<string, Graph>();
  const around = judged(goodDesign());
  const told = ({ rule, verdict, urn }: Finding): string => `${rule} ${verdict} ${urn ?? ""}`;
  const before = new Set(around.findings.map(told));

  beforeAll(async () => {
    designs = await designsOf(examples);
  }, 300 * SECONDS);

  it("are a refused and a passing one for each rule", () => {
    const expected = rules.flatMap(({ id }) => (id === GOVERNANCE ? [] : [`${id}.passes`, `${id}.refused`]));
    expect(examples.map(({ name }) => name)).toEqual(expected);
  });

  it("stand in a design of which only the way around the edge is missed", () => {
    expect(around.findings.map(({ rule }) => rule)).toEqual(["EDG-14"]);
  });

  it.each(examples.map((example) => [example.name, example] as const))("%s", (name, { also }) => {
    const [id = "", kind = ""] = name.split(".");
    const graph = designs.get(name);
    if (graph === undefined) throw new Error(`${name} was not planned`);
    const { findings, rules: results } = judged(graph);
    const verdict = results.find((result) => result.id === id)?.verdict;
    const others = findings.filter((finding) => finding.rule !== id && !before.has(told(finding)));
    expect([verdict, [...new Set(others.map(({ rule }) => rule))]]).toEqual([
      kind === "refused" ? "violation" : "pass",
      [...also].sort(),
    ]);
  });

  it.each([
    ["refused", "violation"],
    ["passes", "pass"],
  ])("of GOV-01: %s", (kind, verdict) => {
    const file = join(ROOT, "docs", "rules", "examples", `${GOVERNANCE}.${kind}.json`);
    const { rules: results } = judged(goodDesign(), JSON.parse(readFileSync(file, "utf8")) as object);
    expect(results.find(({ id }) => id === GOVERNANCE)?.verdict).toBe(verdict);
  });
});
