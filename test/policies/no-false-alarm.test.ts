/**
 * Proves that what is good passes: our own stacks, and raw programs in the styles of different teams (test/programs/good), each with what
 * is still advised about it, word for word where it is told. Does not prove that what is bad is refused: the mutants do.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plan } from "../../planner";
import { judge } from "../../policies/check";
import { parseSettings } from "../../policies/settings-form";
import { readSettings, settingsFileName } from "../../policies/settings-file";
import type { CheckResult } from "../../policies/result";
import { graphOfPlan } from "../../resilience/sources/from-plan";
import devSettings from "../../stacks/twodoor.dev.json";
import { ROOT } from "../support/sources";

const TODAY = "2026-11-26";
const GOOD = join(ROOT, "test", "programs", "good");

async function graphOf(directory: string, stack: string) {
  return graphOfPlan(await plan({ directory, stack, timeoutSeconds: 50 }));
}

/** Findings that decide, as `EDG-04 violation`. */
function mandatory({ findings }: CheckResult): string[] {
  const deciding = findings.filter(({ level, verdict }) => level === "mandatory" && verdict !== "waived");
  return [...new Set(deciding.map(({ rule, verdict }) => `${rule} ${verdict}`))];
}

describe("our own stacks", () => {
  it("prod passes on the defaults, with nothing waived and no row but the edge's lost", async () => {
    const result = judge(await graphOf(ROOT, "prod"), parseSettings({}, ""), TODAY);
    expect([result.verdict, mandatory(result), result.unknownTypes]).toEqual(["pass", [], []]);
    expect(result.survival.filter(({ survives }) => !survives).map(({ domain }) => domain)).toEqual(["edge"]);
  });

  it("dev passes with its settings, and fails by the rule of each that is left out", async () => {
    const graph = await graphOf(ROOT, "dev");
    expect(judge(graph, parseSettings(devSettings, "dev"), TODAY).verdict).toBe("pass");
    const without = Object.keys(devSettings).map((rule) => {
      const rest = Object.fromEntries(Object.entries(devSettings).filter(([key]) => key !== rule));
      return [rule, mandatory(judge(graph, parseSettings(rest, "dev"), TODAY))];
    });
    expect(without).toEqual([
      ["CAP-04", ["CAP-04 violation"]],
      ["EDG-04", ["EDG-04 violation"]],
      ["EDG-13", ["EDG-13 undecided"]],
    ]);
    expect(Object.values(devSettings).map(({ reason }) => reason.length > 0)).toEqual([true, true, true]);
  });
});

/** What is advised about each program, once for each rule; all of it is true. */
const ADVISED: Record<string, string[]> = {
  data: ["DAT-06", "EDG-12", "EDG-14", "OBS-01"],
  "edge-stack": ["EDG-14", "OBS-01"],
  geo: ["EDG-12", "EDG-14", "OBS-01"],
  machines: ["CAP-05", "DAT-07", "EDG-12", "EDG-14", "OBS-01"],
  "network-balancer": ["EDG-12", "EDG-14", "OBS-01"],
  "one-file": ["CAP-03", "CAP-05", "EDG-12", "EDG-14", "OBS-01"],
  quorum: ["EDG-12", "EDG-14", "OBS-01"],
  route53: ["OBS-01"],
  serverless: ["EDG-12", "EDG-14", "OBS-01"],
  "two-ways": ["CAP-03", "EDG-12", "EDG-14", "OBS-01"],
  zonal: ["EDG-12", "EDG-14", "OBS-01"],
};

describe("programs of other teams", () => {
  it("are all here", () => {
    const programs = readdirSync(GOOD).filter((name) => existsSync(join(GOOD, name, "Pulumi.yaml")));
    expect(programs.sort()).toEqual(Object.keys(ADVISED));
  });

  it.each(Object.keys(ADVISED))("%s passes", async (name) => {
    const directory = join(GOOD, name);
    const settings = readSettings(join(directory, settingsFileName("prod")));
    const result = judge(await graphOf(directory, "prod"), settings, TODAY);
    expect([mandatory(result), result.verdict]).toEqual([[], "pass"]);
    expect([...new Set(result.findings.map(({ rule }) => rule))].sort()).toEqual(ADVISED[name]);
    expect(result.unknownTypes).toEqual([]);
  });
});
