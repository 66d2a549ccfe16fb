/**
 * Proves, through the whole judge: the order of resources changes no byte of the result, and taking regions away one after another never makes
 * a row of the survival table survive that did not, nor a verdict better. Random steering and pools are in test/resilience/properties.test.ts.
 */
import { describe, expect, it } from "vitest";
import { dropped } from "./change";
import { raw } from "./designs";
import { judged } from "./run";

const subject = raw();
const { graph } = subject;

describe("a design", () => {
  it("gives the same bytes in any order", () => {
    const turned = [...graph.resources.slice(40), ...graph.resources.slice(0, 40)].reverse();
    const result = judged({ ...subject, graph: { ...graph, resources: turned } });
    expect(JSON.stringify(result)).toBe(JSON.stringify(judged(subject)));
  });

  it("is never better without one of its regions", () => {
    const verdicts: string[] = [];
    let rest = subject;
    let before = judged(subject);
    const first = before.verdict;
    for (const region of ["us-west-2", "us-east4", "us-central1"]) {
      const gone = graph.resources.filter(({ name }) => name === `${region}-pool`).map(({ urn }) => urn);
      rest = { ...rest, graph: dropped(rest.graph, new Set(gone)) };
      const after = judged(rest);
      verdicts.push(after.verdict);
      const lost = new Set(before.survival.flatMap(({ domain, survives }) => (survives ? [] : [domain])));
      expect(after.survival.filter(({ domain, survives }) => survives && lost.has(domain))).toEqual([]);
      before = after;
    }
    expect([first, ...verdicts]).toEqual(["pass", "fail", "fail", "fail"]);
  });
});
