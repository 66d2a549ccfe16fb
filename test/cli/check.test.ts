/**
 * Proves `twodoor check` as its options ask for it, in this process: exit statuses 0 to 4, what goes to which stream, files, settings, a base, other
 * packs, and every refusal. What the judge finds is proved in test/policies, what reports look like in reports.test.ts; that the command
 * starts from a shell, plan.test.ts and the last test here. Does not prove the published package.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { Command, CommanderError } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { registerCheck } from "../../cli/check";
import { exitCodeOf } from "../../cli/check-run";
import { registerPlan } from "../../cli/plan";
import type { Checked } from "../../cli/reports/report";
import type { PackReport } from "../../planner";
import * as judges from "../../policies/check";
import { compareResults, type Comparison } from "../../policies/compare";
import type { CheckResult } from "../../policies/result";
import { rules } from "../../policies/rules";
import { resultOf } from "../support/checked";
import { temporaryPack } from "../support/packs";
import { closed, schemaAt } from "../support/schemas";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "twodoor-check-"));
const bad = join(directory, "single-region.json");
const good = join(directory, "prod.json");

beforeAll(async () => {
  await twodoor("plan", join(root, "examples", "single-region"), "--graph", bad);
  await twodoor("plan", root, "--stack", "prod", "--graph", good);
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe("the exit status", () => {
  it("is 0 for a design that holds, by its program and by its recorded plan", async () => {
    const planned = await twodoor("check", root, "--stack", "prod", "--json");
    expect([planned.status, planned.stderr]).toEqual([0, ""]);
    expect(verdictIn(planned)).toBe("pass");
    expect((await twodoor("check", root, "--graph", good, "--json")).stdout).toBe(planned.stdout);
  });

  it("is 1 for one that fails", async () => {
    const { status, stdout, stderr } = await twodoor("check", "--graph", bad);
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      `single-region  dev${" ".repeat(65)}1 cloud, 1 region`,
      "REFUSED  This design does not get through: see the findings that are mandatory.",
    ]);
    expect(stdout).toContain("at   examples/single-region/index.ts:");
  });

  it("is 1 for one that stays undecided", async () => {
    const settings = file("undecided.json", { all: "disabled", "CAP-02": "mandatory" });
    const run = await twodoor("check", "--graph", bad, "--settings", settings, "--json");
    expect([run.status, verdictIn(run)]).toEqual([1, "undecided"]);
  });

  it("is 2 where several inputs are named, or options that do not go together", async () => {
    for (const args of [
      ["--graph", good, "--state", good],
      ["--graph", good, "--answers", good],
      ["--json", "--format", "sarif"],
      ["--format", "constructor"],
      ["--output", "sarif"],
      ["--output", "colour=x"],
      ["--timeout", "0"],
      ["--nonsense"],
    ]) {
      const { status, stdout, stderr } = await twodoor("check", ...args);
      expect([args, status, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toMatch(/^error: /);
    }
  });

  it("is 3 where the program fails", async () => {
    const program = join(root, "test", "planner", "programs", "failures");
    const { status, stdout, stderr } = await twodoor("check", program, "--stack", "throws");
    expect([status, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("The program could not be planned.\n");
    expect(stderr).toContain("test/planner/programs/failures/index.ts:");
  });

  it("is 3 where another pack fails", async () => {
    const pack = temporaryPack({ "index.js": "throw new Error('no such thing');" });
    try {
      const { status, stdout } = await twodoor("check", "--graph", good, "--policy-pack", pack.directory);
      expect([status, stdout]).toEqual([3, ""]);
    } finally {
      pack.close();
    }
  });

  it("is 4 for a mistake of ours, with its stack", async () => {
    vi.spyOn(judges, "judge").mockImplementation(() => {
      throw new TypeError("x is not a function");
    });
    const { status, stdout, stderr } = await twodoor("check", "--graph", good);
    expect([status, stdout]).toEqual([4, ""]);
    expect(stderr).toContain("TypeError: x is not a function\n    at ");
    expect(stderr).toContain("This is a mistake of twodoor's own, not of your program.");
  });
});

describe("a refusal", () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await twodoor("check", ...args);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr.replaceAll(directory, "DIR");
  };

  it("says which file cannot be read, and what to name", async () => {
    expect(await refused("--graph", join(directory, "none.json"))).toBe(
      "The design cannot be judged: 1 problem\n  DIR/none.json   expected a file that can be read, got ENOENT; name a recorded design\n",
    );
    expect(await refused("--state", directory)).toContain("got EISDIR");
    expect(await refused("--graph", good, "--base", join(directory, "none.json"))).toContain("DIR/none.json");
    expect(await refused("--graph", good, "--settings", join(directory, "none.json"))).toContain("DIR/none.json");
  });

  it("says what a file should have held", async () => {
    writeFileSync(join(directory, "text.json"), "hello");
    expect(await refused("--graph", join(directory, "text.json"))).toMatch(
      /^The design cannot be judged: 1 problem\n {2}DIR\/text\.json {3}expected JSON, got something else; write it with `twodoor plan --graph FILE`/,
    );
    const result = join(directory, "result.json");
    await twodoor("check", "--graph", good, "--output", `json=${result}`);
    expect(await refused("--graph", good, "--base", result)).toContain(
      "expected a plan, a state or a preview, got none",
    );
  });

  it("of settings names the keys that exist", async () => {
    const settings = file("unknown-key.json", { "TOP-02": { regionMin: 3 }, design: { orgins: {} } });
    expect(await refused("--graph", good, "--settings", settings)).toBe(
      [
        "Settings in DIR/unknown-key.json: 2 problems",
        "  TOP-02.regionMin   expected one of enforcementLevel, reason, regionsMin, regionsPerCloudMin, got another key; remove it, or correct its spelling",
        "  design.orgins   expected one of capacity, hostnames, origins, poolOrder, poolWeights, propagationSeconds, quorums, got another key; remove it, or correct its spelling",
        "",
      ].join("\n"),
    );
  });

  it("of another stack than that of the recorded design", async () => {
    expect(await refused("--graph", good, "--stack", "dev")).toBe(
      'The design cannot be judged: 1 problem\n  --stack   expected the stack of DIR/prod.json, "prod", got "dev"; leave it out, or name the other file\n',
    );
    expect((await twodoor("check", "--graph", good, "--stack", "prod")).status).toBe(0);
  });

  it("of --strict without a base, a rule that is none, a pack that is none, and a report that cannot be written", async () => {
    expect(await refused("--graph", good, "--strict")).toContain("--strict   expected --base with it, got none");
    expect(await refused("--explain", "TOP-99")).toBe(
      'There is no such rule: 1 problem\n  --explain   expected the id of a rule, got "TOP-99"; take one that `twodoor check --rules` lists\n',
    );
    expect(await refused("--graph", good, "--policy-pack", directory)).toContain("PulumiPolicy.yaml");
    expect(await refused("--graph", good, "--output", `json=${join(directory, "no", "where")}`)).toContain(
      "--output DIR/no/where   expected a file that can be written, got ENOENT",
    );
  });
});

describe("reports", () => {
  it("are written beside what is printed, each with the same bytes as when it is printed", async () => {
    const formats = ["json", "sarif", "junit", "gitlab", "markdown", "text"];
    const outputs = formats.flatMap((format) => ["--output", `${format}=${join(directory, `out=${format}`)}`]);
    const { status, stdout } = await twodoor("check", "--graph", bad, ...outputs);
    expect(status).toBe(1);
    for (const format of formats) {
      const written = readFileSync(join(directory, `out=${format}`), "utf8");
      expect(written).toBe((await twodoor("check", "--graph", bad, "--format", format)).stdout);
      if (format === "text") expect(written).toBe(stdout);
    }
  });

  it("in JSON keep to the schema for real designs, with a base and with none", async () => {
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      closed(schemaAt("docs/check.schema.json")),
    );
    for (const args of [
      ["--graph", bad],
      ["--graph", bad, "--base", good],
      ["--graph", good],
    ]) {
      const { stdout } = await twodoor("check", ...args, "--json");
      validate(JSON.parse(stdout));
      expect(validate.errors).toBeNull();
      expect(stdout).not.toContain('"loads"');
    }
  });
});

describe("settings", () => {
  it("beside the program's own are taken for a recorded design too, unless others are named", async () => {
    const program = join(directory, "program");
    mkdirSync(program);
    writeFileSync(join(program, "Pulumi.yaml"), "name: single-region\nruntime: nodejs\n");
    writeFileSync(join(program, "twodoor.dev.json"), JSON.stringify({ all: "advisory" }));
    expect((await twodoor("check", program, "--graph", bad)).status).toBe(0);
    const named = file("named.json", { all: "mandatory" });
    expect((await twodoor("check", program, "--graph", bad, "--settings", named)).status).toBe(1);
  });

  it("are not looked for where the stack of a recorded design has a path for a name", async () => {
    const program = join(directory, "elsewhere");
    mkdirSync(join(program, "twodoor.x"), { recursive: true });
    writeFileSync(join(program, "Pulumi.yaml"), "name: single-region\nruntime: nodejs\n");
    writeFileSync(join(program, "trap.json"), "not even settings: [");
    const plan = JSON.parse(readFileSync(bad, "utf8")) as { stack: string };
    const hostile = file("hostile.json", { ...plan, stack: "x/../trap" });
    expect((await twodoor("check", program, "--graph", hostile)).status).toBe(1);
  });
});

describe("with a base", () => {
  it("is 0 where nothing got worse, however bad it is, and 1 where all of it is asked for", async () => {
    const run = await twodoor("check", "--graph", bad, "--base", bad);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("This change makes nothing worse\n");
    expect((await twodoor("check", "--graph", bad, "--base", bad, "--strict")).status).toBe(1);
    expect((await twodoor("check", "--graph", good, "--base", bad, "--strict")).status).toBe(0);
    expect((await twodoor("check", "--graph", good, "--base", good, "--strict")).status).toBe(0);
  });

  it("is 1 where a row flipped or a mandatory finding is new, and says which", async () => {
    const run = await twodoor("check", "--graph", bad, "--base", good, "--json");
    expect(run.status).toBe(1);
    const { comparison } = JSON.parse(run.stdout) as { comparison: Comparison };
    expect(comparison.isWorse).toBe(true);
    expect(comparison.flipped.slice(0, 2).map(({ domain, before, after }) => [domain, before, after])).toEqual([
      ["aws", "survives", "dies"],
      ["geography:northern-virginia", "survives", "dies"],
    ]);
    expect(comparison.added.map(({ rule }) => rule)).toContain("TOP-01");
    const { stdout } = await twodoor("check", "--graph", bad, "--base", good);
    expect(stdout).toContain("This change makes it worse\n  ✗ when aws is lost: survives -> dies\n");
    expect(stdout).toContain("✗ TOP-01 api.example.com is served from AWS alone");
  });

  it("has what other packs said before block nobody", async () => {
    const pack = temporaryPack({
      "index.js": `const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("house", { policies: [{ name: "none", description: "Nothing.", enforcementLevel: "mandatory",
  validateStack: (_, report) => report("nothing may be") }] });`,
    });
    try {
      const packed = ["--policy-pack", pack.directory];
      const alone = await twodoor("check", "--graph", good, ...packed);
      expect(alone.status).toBe(1);
      expect(alone.stdout).toContain("Another policy pack refuses it: see below.");
      const compared = await twodoor("check", "--graph", good, "--base", good, ...packed);
      expect(compared.status).toBe(0);
      expect(compared.stdout).toContain("! none: Nothing. nothing may be (as before)");
    } finally {
      pack.close();
    }
  });
});

describe("the exit status with other packs", () => {
  const pack = (...levels: ("mandatory" | "advisory")[]): PackReport => ({
    name: "house",
    version: "1",
    policies: [],
    findings: levels.map((level) => ({
      policy: "tags",
      level,
      severity: null,
      urn: null,
      message: "",
      location: null,
    })),
    remediations: [],
  });
  const none = { packs: [], basePacks: undefined, comparison: undefined, result: resultOf(), projectFile: "" };
  const compared = { ...none, comparison: compareResults(resultOf(), resultOf()), basePacks: [] };
  const cases: [what: string, checked: Checked, isStrict: boolean, status: number][] = [
    ["none", none, false, 0],
    ["advice", { ...none, packs: [pack("advisory")] }, false, 0],
    ["a refusal", { ...none, packs: [pack("mandatory")] }, false, 1],
    ["a new refusal", { ...compared, packs: [pack("mandatory")] }, false, 1],
    ["an old one", { ...compared, packs: [pack("mandatory")], basePacks: [pack("mandatory")] }, false, 0],
    ["an old one, asked for", { ...compared, packs: [pack("mandatory")], basePacks: [pack("mandatory")] }, true, 1],
    [
      "a second one",
      { ...compared, packs: [pack("mandatory", "mandatory")], basePacks: [pack("mandatory")] },
      false,
      1,
    ],
    ["one that was advice", { ...compared, packs: [pack("mandatory")], basePacks: [pack("advisory")] }, false, 1],
    ["nothing but our own, asked for", { ...compared, result: resultOf({ verdict: "undecided" }) }, true, 1],
    ["nothing but our own, not asked for", { ...compared, result: resultOf({ verdict: "fail" }) }, false, 0],
  ];
  it.each(cases)("of %s", (_what, checked, isStrict, status) => {
    expect(exitCodeOf(checked, isStrict)).toBe(status);
  });
});

describe("the rules", () => {
  it("are listed, one in a line", async () => {
    const { status, stdout } = await twodoor("check", "--rules");
    expect([status, stdout.split("\n").length]).toEqual([0, rules.length + 1]);
    expect(stdout).toContain("\nTOP-01  mandatory  ");
  });

  it.each(rules.map(({ id }) => id))("%s is explained, in whatever case it is named", async (id) => {
    const { status, stdout } = await twodoor("check", "--explain", id.toLowerCase());
    expect([status, stdout.slice(0, id.length)]).toEqual([0, id]);
    expect(stdout).toContain("\n\nWhat to do\n  ");
    expect(stdout).not.toContain("undefined");
  });
});

describe("a design that serves nobody", () => {
  it("is not failed for it, and not said to survive", async () => {
    const stack = "urn:pulumi:dev::store::pulumi:pulumi:Stack::store-dev";
    const rest = { dependencies: [], propertyDependencies: {}, references: {}, options: {}, location: null };
    const graph = file("store.json", {
      version: 1,
      project: "store",
      stack: "dev",
      resources: [
        {
          urn: stack,
          type: "pulumi:pulumi:Stack",
          name: "store-dev",
          parent: null,
          provider: null,
          inputs: {},
          ...rest,
        },
      ],
      outputs: {},
      unanswered: [],
      placeholders: [],
    });
    const { status, stdout } = await twodoor("check", "--graph", graph);
    expect(status).toBe(0);
    expect(stdout).toContain("HOLDS  Nothing here is known to serve requests, and nothing was found to refuse.\n");
    expect(stdout).toContain("there is no serving path to judge");
  });
});

describe("from a shell", () => {
  it("shows help with examples, and ends with the status of wrong use", () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", "check", ...args], {
        cwd: root,
        encoding: "utf8",
      });
    const help = run("--help");
    expect(help.status).toBe(0);
    expect(help.stdout).toContain("Examples:\n  $ twodoor check --stack prod\n");
    expect(run("--format", "xml")).toMatchObject({ status: 2, stdout: "" });
  });
});

interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

/** The command in this process, as cli/main.ts has it. */
async function twodoor(...args: string[]): Promise<Run> {
  const written = { stdout: "", stderr: "" };
  const before = process.exitCode;
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  const program = new Command("twodoor").exitOverride();
  registerPlan(program);
  registerCheck(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return { status: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { status: error.exitCode === 0 ? 0 : 2, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = before;
  }
}

function file(name: string, value: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

function verdictIn({ stdout }: Run): CheckResult["verdict"] {
  return (JSON.parse(stdout) as CheckResult).verdict;
}
