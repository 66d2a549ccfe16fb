/**
 * Proves that the pack tells the engine what the judge finds, word for word: how each rule is described to it, which policy reports which
 * finding at which level, and, by the bundle in the SDK's own host, that levels, parameters, waivers and misspelt names in the pack's
 * configuration reach the judge and that secrets and unknowns do not stop it. The real engine is in test/engine/policies.test.ts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../policies/check";
import { policiesOf, type Heard } from "../../policies/pack";
import type { CheckResult, Finding } from "../../policies/result";
import { rules } from "../../policies/rules";
import { parseSettings } from "../../policies/settings-form";
import { runPolicyPack, type PackConfiguration, type PackReport } from "../../planner";
import { goodDesign, secret, unknownAt, urnOf, withChange, without, type DraftGraph } from "../support/designs";
import { builtPack } from "../support/policy-bundle";
import { temporaryPack } from "../support/packs";

const ROOT = join(__dirname, "../..");
const HELPERS = ["advice", "design", "pack"];

describe("the policies", () => {
  const heard: Heard = { issues: () => [], result: () => expect.unreachable("nobody asked") };

  it("are one for each rule, by its id, and the helpers", () => {
    const policies = policiesOf(rules, heard);
    expect(policies.map(({ name }) => name).sort()).toEqual([...rules.map(({ id }) => id), ...HELPERS].sort());
    for (const rule of rules) {
      const policy = policies.find(({ name }) => name === rule.id);
      expect(policy).toMatchObject({
        displayName: `${rule.id}: ${rule.title}`,
        description: `${rule.title}.`,
        enforcementLevel: rule.level,
        severity: rule.severity,
        remediationSteps: `${rule.fix} \`twodoor check --explain ${rule.id}\` says why.`,
      });
    }
  });

  it("tell the engine which parameters a rule takes, and never its level", () => {
    const schemas = policiesOf(rules, heard).map(({ name, configSchema }) => [
      name,
      Object.keys(configSchema?.properties ?? {}),
    ]);
    expect(new Map(schemas.map(([name, keys]) => [String(name), keys])).get("GOV-01")).toEqual([
      "reason",
      "waiversMax",
      "waiverDaysMax",
      "waivers",
    ]);
    expect(schemas.flatMap(([, keys]) => keys)).not.toContain("enforcementLevel");
  });
});

describe("a finding", () => {
  const finding = (changes: Partial<Finding>): Finding => ({
    rule: "TOP-01",
    verdict: "violation",
    level: "mandatory",
    urn: "urn:a",
    message: "it is bad",
    fix: "mend it",
    location: null,
    ...changes,
  });

  /** What each policy reports, as `policy: message (urn)`. */
  async function reported(
    findings: Finding[],
    level: CheckResult["rules"][number]["level"] = "mandatory",
  ): Promise<string[]> {
    const [rule] = rules.filter(({ id }) => id === "TOP-01");
    const results = [{ id: "TOP-01", title: "", level, verdict: "violation" as const }];
    const result: CheckResult = {
      version: 1,
      verdict: "fail",
      survival: [],
      pairs: [],
      unknownTypes: [],
      design: { project: "", stack: "", clouds: [], regions: [], parts: [] },
      findings,
      rules: results,
    };
    const said: string[] = [];
    for (const policy of policiesOf(rule === undefined ? [] : [rule], { issues: () => [], result: () => result })) {
      if (!("validateStack" in policy)) continue;
      const args = {
        resources: [],
        stackTags: new Map<string, string>(),
        getConfig: () => expect.unreachable("the pack reads its configuration itself"),
        notApplicable: () => expect.unreachable("it applies"),
      };
      await policy.validateStack(args, (message, urn) => said.push(`${policy.name}: ${message} (${urn ?? "stack"})`));
    }
    return said;
  }

  it("is reported by its rule, with the fix", async () => {
    expect(
      await reported([finding({}), finding({ urn: null, verdict: "undecided", message: "nobody knows" })]),
    ).toEqual(["TOP-01: it is bad\nFix: mend it (urn:a)", "TOP-01: undecided: nobody knows\nFix: mend it (stack)"]);
  });

  it("that is waived, or that only advises, is told and stops nobody", async () => {
    const waiver = { reason: "until the move", owner: "platform team", expires: "2026-12-31" };
    expect(
      await reported([finding({ verdict: "waived", waiver }), finding({ level: "advisory", message: "better" })]),
    ).toEqual([
      "advice: TOP-01: it is bad\nWaived by platform team until 2026-12-31: until the move (urn:a)",
      "advice: TOP-01: better\nFix: mend it (urn:a)",
    ]);
  });

  it("that an advisory rule is broken stops all the same", async () => {
    expect(await reported([finding({ urn: null, message: "broken" })], "advisory")).toEqual([
      "pack: TOP-01: broken\nFix: mend it (stack)",
    ]);
  });
});

const TODAY = new Date().toISOString().slice(0, 10);

/** What the judge says of a graph, in the pack's words. */
function expected(graph: DraftGraph, configuration: PackConfiguration = {}): string[] {
  const result = judge(graph, parseSettings(configuration, ""), TODAY);
  return result.findings
    .map(({ rule, verdict, level, urn, message, fix, waiver }) => {
      const own = result.rules.find(({ id }) => id === rule)?.level;
      const isElsewhere = verdict === "waived" || level !== own;
      const head = `${isElsewhere ? `${rule}: ` : ""}${verdict === "undecided" ? "undecided: " : ""}${message}`;
      const tail =
        waiver === undefined ? `Fix: ${fix}` : `Waived by ${waiver.owner} until ${waiver.expires}: ${waiver.reason}`;
      return `${isElsewhere ? "advice" : rule} ${isElsewhere ? "advisory" : level} ${urn ?? "stack"}\n${head}\n${tail}`;
    })
    .sort();
}

function told({ findings }: PackReport): string[] {
  return findings
    .map(
      ({ policy, level, urn, message }) =>
        `${policy} ${level} ${urn ?? "stack"}\n${message.split("\n").slice(1).join("\n")}`,
    )
    .sort();
}

describe("the bundle in the SDK's host", () => {
  let pack: string;
  beforeAll(() => {
    pack = builtPack();
  });

  it("names itself, its version and its policies", async () => {
    const { name, version, policies } = await runPolicyPack(pack, goodDesign());
    const { version: ours } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect([name, version]).toEqual(["twodoor", ours]);
    expect(policies.map((policy) => policy.name)).toEqual([...rules.map(({ id }) => id), ...HELPERS].sort());
  });

  const good = goodDesign();
  const designs: [string, DraftGraph][] = [
    ["a good design", good],
    ["a design in one cloud", without(without(good, "us-central1-pool"), "us-east4-pool")],
    [
      "a design with an unknown and a secret",
      withChange(unknownAt(good, "monitor", "interval"), "monitor", "path", secret),
    ],
  ];
  it.each(designs)("says about %s what the judge says", async (_what, graph) => {
    expect(told(await runPolicyPack(pack, graph))).toEqual(expected(graph));
  });

  it("takes levels, parameters and waivers", async () => {
    const graph = designs[1]?.[1] ?? good;
    const urn = "*loadBalancer:LoadBalancer::*";
    const waiver = {
      rule: "TOP-01",
      urn,
      reason: "March",
      owner: "platform team",
      expires: `${String(Number(TODAY.slice(0, 4)) + 1)}-01-01`,
    };
    const configurations: PackConfiguration[] = [
      { all: "advisory", "TOP-02": { enforcementLevel: "disabled", reason: "dev" }, "EDG-01": "mandatory" },
      {
        "GOV-01": { waiversMax: 0, waivers: [waiver, { ...waiver, urn: "nothing" }] },
        design: { propagationSeconds: 30 },
      },
    ];
    for (const configuration of configurations) {
      expect(told(await runPolicyPack(pack, graph, { configuration }))).toEqual(expected(graph, configuration));
    }
  });

  it("refuses a configuration that it does not know, before anything is made, and judges all the same", async () => {
    const configuration = {
      "TOP-01": { regionMin: 3 },
      design: { orgins: {} },
      "GOV-01": { waivers: [{ rule: "TOP-01" }] },
    };
    const report = await runPolicyPack(pack, designs[1]?.[1] ?? good, { configuration });
    const own = report.findings.filter(({ policy }) => policy === "design");
    expect(own.map(({ level, urn, message }) => [level, urn, message.split("\n")[1]])).toEqual(
      [
        "GOV-01.waivers[0].expires: expected a value (string), got nothing",
        "GOV-01.waivers[0].owner: expected a value (string), got nothing",
        "GOV-01.waivers[0].reason: expected a value (string), got nothing",
        "GOV-01.waivers[0].urn: expected a value (string), got nothing",
        "TOP-01.regionMin: expected one of enforcementLevel, reason, got another key",
        "design.orgins: expected one of capacity, hostnames, origins, poolOrder, poolWeights, propagationSeconds, quorums, got another key",
      ].map((line) => ["mandatory", urnOf(good, "exchange-prod"), line]),
    );
    expect(report.findings.some(({ policy }) => policy === "TOP-01")).toBe(true);
  });

  it("loads no provider's SDK", () => {
    const loads = `const pulumi = require("module"); const load = pulumi._load; const seen = [];
      pulumi._load = function (name) { seen.push(name); return load.apply(this, arguments); };
      require(${JSON.stringify(`${pack}/dist/index.js`)});
      process.stderr.write(JSON.stringify(seen.filter((name) => /^@pulumi\\/(?:aws|gcp|cloudflare|tls)/.test(name)).concat("end")));
      process.exit(3);`;
    const spy = temporaryPack({ "index.js": loads });
    return expect(runPolicyPack(spy.directory, good))
      .rejects.toThrow(/\n\["end"\]$/)
      .finally(spy.close);
  });
});
