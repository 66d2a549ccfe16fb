// Proves that a design is judged the same whichever way it was recorded: the offline plan, `pulumi preview --json` before and after the update, what
// the engine tells a policy pack in both, and the state. What a way does not know is listed below, and makes rules undecided at most; where it knows
// the same, every finding is the same word for word. Judged are the dev stack and a raw program in two clouds. Does not prove the lines of a state,
// which are relative to a project that lies elsewhere here (test/resilience/sources), nor what real providers answer beside the twin's.
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { plan } from "../../planner";
import { judge } from "../../policies/check";
import type { CheckResult, Finding } from "../../policies/result";
import { defaultSettings } from "../../policies/settings-form";
import type { Graph } from "../../resilience/graph";
import { graphOfPlan } from "../../resilience/sources/from-plan";
import { readGraph } from "../../resilience/sources/read-graph";
import { withProviders } from "../../twin/attach";
import { findEngine, openStack, skipsWithout } from "../support/engine";
import { graphToldToPack } from "../support/told-to-pack";

const ROOT = resolve(__dirname, "../..");
const QUIET_PACK = join(__dirname, "programs/quiet-pack");
const SECRET = "a-secret-that-nobody-prints";
const engine = findEngine();

/** The ways, other than the plan, in which a design is recorded. */
const WAYS = ["preview", "previewOfUpdate", "toldInPreview", "toldInUpdate", "state"] as const;
type Way = (typeof WAYS)[number];
type Recorded = Record<Way | "plan", Graph>;

/** What a way leaves open, against the plan: rules that it cannot judge, and survival rows in which it tells less. */
interface Unknowns {
  rules: string[];
  capacityPercent: string[];
  detectionSeconds: string[];
  servedBy: string[];
}
const KNOWS_ALL: Unknowns = { rules: [], capacityPercent: [], detectionSeconds: [], servedBy: [] };
const inAws = (account: string): string[] => ["aws", `account:aws:${account}`, "geography:ohio", "aws:us-east-2"];
const inGoogle = (project: string): string[] => ["gcp", `account:gcp:${project}`, "geography:iowa", "gcp:us-central1"];
const zones = [
  ...["a", "b", "c"].map((zone) => `aws:us-east-2${zone}`),
  ...["a", "b", "c", "f"].map((zone) => `gcp:us-central1-${zone}`),
];
const devRows = [...inAws("123456789012"), ...inGoogle("example-exchange-dev"), ...zones];

const designs = [
  {
    name: "the dev stack",
    program: ROOT,
    clouds: { cloudflarePlan: "pro" },
    unknown: {
      // A preview's document holds nothing that a component gives, so no manifest: no load, and no order of pools whose ids are not known.
      preview: {
        rules: ["CAP-02", "CAP-03", "EDG-02"],
        capacityPercent: devRows,
        detectionSeconds: inGoogle("example-exchange-dev"),
        servedBy: zones,
      },
      // Once the pools are there, their ids tell the order.
      previewOfUpdate: { ...KNOWS_ALL, rules: ["CAP-02", "CAP-03"], capacityPercent: devRows },
      toldInPreview: KNOWS_ALL,
      toldInUpdate: KNOWS_ALL,
      state: KNOWS_ALL,
    },
  },
  {
    name: "a raw program in two clouds",
    program: join(__dirname, "programs/two-clouds"),
    clouds: { cloudflarePlan: "enterprise" },
    unknown: {
      // The engine tells dependencies by input, and all pools are of one: which is the first is not known before they have ids.
      preview: { ...KNOWS_ALL, rules: ["EDG-02"], detectionSeconds: inGoogle("two-clouds"), servedBy: zones },
      previewOfUpdate: KNOWS_ALL,
      toldInPreview: { ...KNOWS_ALL, rules: ["EDG-02"], detectionSeconds: inGoogle("two-clouds"), servedBy: zones },
      toldInUpdate: KNOWS_ALL,
      state: KNOWS_ALL,
    },
  },
] as const;

describe.skipIf(skipsWithout(engine, "one design by every way")).each(designs)(
  "$name, recorded in every way",
  ({ program, clouds, unknown }) => {
    let recorded: Recorded;
    let results: Record<Way | "plan", CheckResult>;
    beforeAll(async () => {
      recorded = await record(program, clouds);
      const judged = Object.entries(recorded).map(([way, graph]) => [
        way,
        judge(graph, defaultSettings(), "2026-11-26"),
      ]);
      results = Object.fromEntries(judged) as Record<Way | "plan", CheckResult>;
    }, 600_000);

    it("is the same resources", () => {
      const urns = recorded.plan.resources.map(({ urn }) => urn);
      for (const way of WAYS) expect([way, recorded[way].resources.map(({ urn }) => urn)]).toEqual([way, urns]);
    });

    it.each(WAYS)("gives the plan's verdicts by %s, but for what is listed as not known", (way) => {
      const [rules, expected] = [verdicts(results[way]), verdicts(results.plan)];
      for (const rule of unknown[way].rules) {
        expect([rule, rules.get(rule)]).toEqual([rule, "undecided"]);
        expect([rule, expected.get(rule)]).not.toEqual([rule, "undecided"]);
        expected.set(rule, "undecided");
      }
      expect(rules).toEqual(expected);
      expect(results[way].verdict).toBe(results.plan.verdict);
    });

    it.each(WAYS)("has the plan's survival rows by %s, but for what is listed as not known", (way) => {
      const [rows, expected] = [results[way].survival, results.plan.survival];
      const told = (row: CheckResult["survival"][number]): unknown[] => [
        row.domain,
        row.survives,
        row.undecided !== null,
      ];
      expect(rows.map(told)).toEqual(expected.map(told));
      const differing = (field: "capacityPercent" | "detectionSeconds" | "servedBy"): string[] =>
        rows.flatMap((row, place) =>
          JSON.stringify(row[field]) === JSON.stringify(expected[place]?.[field]) ? [] : [row.domain],
        );
      const { rules: _rules, ...fields } = unknown[way];
      expect({
        capacityPercent: differing("capacityPercent").sort(),
        detectionSeconds: differing("detectionSeconds").sort(),
        servedBy: differing("servedBy").sort(),
      }).toEqual({
        capacityPercent: [...fields.capacityPercent].sort(),
        detectionSeconds: [...fields.detectionSeconds].sort(),
        servedBy: [...fields.servedBy].sort(),
      });
    });

    it.each(WAYS)("has the plan's findings by %s, word for word where it knows the same", (way) => {
      const open = new Set<string>(unknown[way].rules);
      const isComparable = ({ rule }: Finding): boolean => !open.has(rule);
      const [findings, expected] = [results[way], results.plan].map((result) => result.findings.filter(isComparable));
      expect(findings?.map(words)).toEqual(expected?.map(words));
    });

    it("shows no secret in any graph", () => {
      for (const graph of Object.values(recorded)) expect(JSON.stringify(graph)).not.toContain(SECRET);
    });
  },
);

/** Records the design in every way: planned offline, previewed and made by the real engine with a pack that listens, and read back. */
async function record(program: string, settings: { cloudflarePlan: "pro" | "enterprise" }): Promise<Recorded> {
  const planned = graphOfPlan(await plan({ directory: program, stack: "dev" }));
  const stack = await openStack(engine.directory ?? "", { program, stack: "dev" });
  const logged = async (
    run: (environment: Record<string, string>) => Promise<{ errors: string[]; output: string }>,
  ) => {
    const log = join(stack.directory, "grpc.jsonl");
    const { errors, output } = await run({ PULUMI_DEBUG_GRPC: log });
    expect(errors).toEqual([]);
    const told = graphToldToPack(readFileSync(log, "utf8"));
    // It holds secrets in clear.
    rmSync(log);
    return { told, output };
  };
  try {
    return await withProviders({ world: join(stack.directory, "world"), settings }, async ({ environment }) => {
      const pack = ["--policy-pack", QUIET_PACK];
      const before = await logged((log) => stack.preview({ ...environment, ...log }, "--json", ...pack));
      const made = await logged((log) => stack.up({ ...environment, ...log }, ...pack));
      const after = await stack.preview(environment, "--json", "--show-sames");
      return {
        plan: planned,
        preview: graphIn(before.output),
        toldInPreview: before.told,
        toldInUpdate: made.told,
        state: graphIn(await stack.exported()),
        previewOfUpdate: graphIn(after.output),
      };
    });
  } finally {
    stack.close();
  }
}

function graphIn(text: string): Graph {
  const { graph, issues } = readGraph(text);
  if (graph === undefined) throw new Error(JSON.stringify(issues));
  return graph;
}

function verdicts({ rules }: CheckResult): Map<string, string> {
  return new Map(rules.map(({ id, verdict }) => [id, verdict]));
}

/** A finding without its line, which the plan alone knows here. */
function words({ location: _location, ...finding }: Finding): string {
  return JSON.stringify(finding);
}
