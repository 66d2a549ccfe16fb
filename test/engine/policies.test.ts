// Proves that the real engine refuses with the pack what the judge refuses of the offline plan, in the same words, in a preview, an update and on an
// exported state; that dev passes with its settings file and not without; that a configuration which the pack does not know stops an update before
// anything is made; and that no secret is printed. The clouds are the twin's. What other ways of recording know less is in sources.test.ts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plan } from "../../planner";
import { judge } from "../../policies/check";
import type { CheckResult } from "../../policies/result";
import { readSettings } from "../../policies/settings-file";
import { defaultSettings, type Settings } from "../../policies/settings-form";
import { graphOfPlan } from "../../resilience/sources/from-plan";
import { withProviders } from "../../twin/attach";
import { findEngine, openStack, skipsWithout, type OpenStack, type Outcome } from "../support/engine";
import { builtPack } from "../support/policy-bundle";

const ROOT = join(__dirname, "../..");
const ONE_REGION = join(__dirname, "programs/one-region");
const DEV_SETTINGS = join(ROOT, "stacks/twodoor.dev.json");
const engine = findEngine();

/** What the judge says of the offline plan, as the engine prints it; waived findings and advice are the helper policies' and left out. */
async function judged(
  directory: string,
  settings: Settings,
): Promise<{ verdict: CheckResult["verdict"]; lines: string[] }> {
  const graph = graphOfPlan(await plan({ directory, stack: "dev" }));
  const { verdict, findings, rules } = judge(graph, settings, "2026-11-26");
  const own = findings.filter(({ rule, level }) => rules.find(({ id }) => id === rule)?.level === level);
  const lines = own.map(({ rule, verdict: kind, level, urn, message, fix }) => {
    const name = urn?.split("::").slice(3).join("::") ?? "the stack";
    return `${rule} ${level} ${name}: ${kind === "undecided" ? "undecided: " : ""}${message} Fix: ${fix}`;
  });
  return { verdict, lines: lines.sort() };
}

function said({ policies }: Outcome, stackName: string): string[] {
  return policies
    .filter(({ policy }) => policy !== "advice")
    .map(({ policy, level, name, message }) => {
      const [, ...words] = message.split("\n");
      return `${policy} ${level} ${name === stackName ? "the stack" : name}: ${words.join(" ")}`;
    })
    .sort();
}

describe.skipIf(skipsWithout(engine, "the policy pack in the real engine"))(
  "the policy pack in the real engine",
  () => {
    let pack: string[];
    const stacks: OpenStack[] = [];
    beforeAll(() => {
      pack = ["--policy-pack", builtPack()];
    });
    afterAll(() => {
      for (const stack of stacks) stack.close();
    });

    async function open(program: string): Promise<OpenStack> {
      const stack = await openStack(engine.directory ?? "", { program, stack: "dev" });
      stacks.push(stack);
      return stack;
    }

    function attached<T>(stack: OpenStack, use: (environment: Record<string, string>) => Promise<T>): Promise<T> {
      const world = join(stack.directory, "world");
      return withProviders({ world, settings: { cloudflarePlan: "pro" } }, ({ environment }) => use(environment));
    }

    it("refuses an API in one region: in a preview, when it is made, and from its state", async () => {
      const stack = await open(ONE_REGION);
      const { verdict, lines } = await judged(ONE_REGION, defaultSettings());
      expect(verdict).toBe("fail");
      await attached(stack, async (environment) => {
        const preview = await stack.preview(environment, ...pack);
        expect(said(preview, "one-region-dev")).toEqual(lines);
        expect([preview.status, preview.errors]).toEqual([1, ["preview failed"]]);

        // The engine asks about the whole when it is there: a preview is the gate.
        const update = await stack.up(environment, ...pack);
        expect(update.status).not.toBe(0);
        const violations = lines.filter((line) => !line.includes("undecided: "));
        expect(said(update, "one-region-dev").filter((line) => !line.includes("undecided: "))).toEqual(violations);
        expect(update.changes).toEqual(preview.changes);

        const file = join(stack.directory, "state.json");
        writeFileSync(file, await stack.exported());
        const analyzed = await stack.analyze(file, ...pack);
        expect(analyzed.status).not.toBe(0);
        expect(said(analyzed, "one-region-dev")).toEqual(said(update, "one-region-dev"));
        for (const { output } of [preview, update, analyzed])
          expect(output).not.toContain("a-secret-that-nobody-prints");
      });
    }, 300_000);

    it("lets dev pass with the settings that say what dev gives up, and not without", async () => {
      const stack = await open(ROOT);
      const settings = readSettings(DEV_SETTINGS);
      await attached(stack, async (environment) => {
        const lowered = await stack.preview(environment, ...pack, "--policy-pack-config", DEV_SETTINGS);
        const { verdict, lines } = await judged(ROOT, settings);
        expect(said(lowered, "twodoor-dev")).toEqual(lines);
        expect([lowered.status, lowered.errors, verdict]).toEqual([0, [], "pass"]);

        const refused = await stack.preview(environment, ...pack);
        expect(refused.status).toBe(1);
        expect(said(refused, "twodoor-dev")).toEqual((await judged(ROOT, defaultSettings())).lines);
      });
    }, 300_000);

    it("stops an update under a configuration that it does not know before anything is made", async () => {
      const stack = await open(ONE_REGION);
      const file = join(stack.directory, "config.json");
      writeFileSync(file, JSON.stringify({ "top-01": "disabled", "TOP-02": { regionMin: 3 } }));
      await attached(stack, async (environment) => {
        const update = await stack.up(environment, ...pack, "--policy-pack-config", file);
        expect(update.status).not.toBe(0);
        expect(said(update, "one-region-dev")).toEqual([
          "design mandatory the stack: TOP-02.regionMin: expected one of enforcementLevel, reason, regionsMin, regionsPerCloudMin, got another key Fix: remove it, or correct its spelling",
          'design mandatory the stack: top-01: expected a rule\'s id, "all" or "design", got another name Fix: write TOP-01',
        ]);
        expect(update.changes).toEqual([]);
      });
    }, 300_000);
  },
);
