/**
 * Proves `twodoor plan` as a person runs it: results on standard output, everything else on standard error, exit statuses, files,
 * and JSON that keeps to `docs/plan.schema.json`. Does not prove the published package, in which the command is compiled.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProgramError } from "../../planner";
import { reportOf } from "../../cli/report-error";
import { closed, schemaAt } from "../support/schemas";

const root = join(__dirname, "..", "..");
const programs = join(root, "test", "planner", "programs");
const directory = mkdtempSync(join(tmpdir(), "twodoor-cli-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

function twodoor(...args: string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

describe("the plan as JSON", () => {
  let run: Run;
  const graph = join(directory, "graph.json");
  beforeAll(() => {
    run = twodoor("plan", join(programs, "graph"), "--json", "--graph", graph);
  });

  it("is all there is on standard output, and the file has the same bytes", () => {
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    expect(readFileSync(graph, "utf8")).toBe(run.stdout);
  });

  it("keeps to its schema, and has no field that the schema does not describe", () => {
    const validate = new Ajv({ allErrors: true }).compile(closed(schemaAt("docs/plan.schema.json")));
    validate(JSON.parse(run.stdout));
    expect(validate.errors).toBeNull();
  });

  it("is refused by its schema where something is missing, renamed or added", () => {
    const validate = new Ajv({ allErrors: true }).compile(closed(schemaAt("docs/plan.schema.json")));
    const broken = run.stdout.replace('"placeholders"', '"replacements"').replace('"line"', '"row"');
    validate(JSON.parse(broken));
    expect(validate.errors?.map(({ message }) => message).slice(0, 2)).toEqual([
      "must have required property 'placeholders'",
      "must NOT have additional properties",
    ]);
  });
});

describe("the plan as text", () => {
  it("has no colour where it is not read on a terminal, and the program's own output beside it", () => {
    const { status, stdout, stderr } = twodoor("plan", join(programs, "failures"), "--stack", "prints");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "a line on standard output\nwarning: a warning\n" });
    expect(stdout.split("\n").slice(0, 6)).toEqual([
      "failures  prints                                                       1 resource, 1 cloud, 1 region",
      "Planned on this machine alone: nothing was created, and no cloud was asked.",
      "",
      "╭─ AWS · us-east-2 · ohio ──────────────────────────────────────────────────────────── 1 resource ─╮",
      "│ network   10.0.0.0/16                                                                          1 │",
      "╰──────────────────────────────────────────────────────────────────────────────────────────────────╯",
    ]);
    expect(stdout).not.toContain("\u001B");
  });
});

describe("the exit status", () => {
  it("is 3 with the program's words and line when the program fails", () => {
    const { status, stdout, stderr } = twodoor("plan", join(programs, "failures"), "--stack", "lacks-config");
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toMatchInlineSnapshot(`
      "The program could not be planned.
      Missing required configuration variable 'failures:apiKey'
      	please set a value using the command \`pulumi config set failures:apiKey <value>\`
        in test/planner/programs/failures/index.ts:15
      To go on: write failures:apiKey under config: in Pulumi.lacks-config.yaml (pulumi config set failures:apiKey VALUE --stack lacks-config; with --secret a plan uses a placeholder), or give it with --config failures:apiKey=VALUE
      "
    `);
  });

  it("is 3 when strict and a data source has no answer, with the questions in a file; 0 when they are answered", () => {
    const questions = join(directory, "questions.yaml");
    const asks = ["plan", join(programs, "asks"), "--json", "--strict", "--config", "asks:mode=requires"];
    const open = twodoor(...asks, "--save-questions", questions);
    expect({ ...open, stderr: open.stderr.replaceAll(directory, "DIRECTORY") }).toEqual({
      status: 3,
      stdout: "",
      stderr: `1 call of a data source stands open in DIRECTORY/questions.yaml. Fill in what you know and hand it back with --answers DIRECTORY/questions.yaml.
1 data source has no answer:
  pulumi:pulumi:StackReference {"id":"organization/network/prod","name":"organization/network/prod"}
Write what to fill in with --save-questions FILE, and hand it back with --answers FILE
`,
    });
    const filled = readFileSync(questions, "utf8").replace(/"\? output"/g, "vpc-1");
    writeFileSync(questions, `${filled}aws:ec2/getVpc:getVpc: { id: vpc-1 }\n`);
    const { status, stdout, stderr } = twodoor(...asks, "--answers", questions, "--save-questions", questions);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `No data source is left to ask about: nothing was written.
warning: The answer for aws:ec2/getVpc:getVpc was not asked for.
`,
    });
    expect(stdout).toContain('"required": "vpc-1"');
  });

  it("is 2 with all problems when it is asked for what is not there", () => {
    const { status, stderr } = twodoor("plan", "test/planner/programs/failures");
    expect(status).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        --stack   expected one of ambient, hangs, lacks-config, logs-error, prints, refuses, rejects, repeats, throws, got nothing; add --stack and one of them
      "
    `);
  });

  it("is 2 for an option that does not exist or cannot be", () => {
    expect(twodoor("plan", "--colour")).toEqual({
      status: 2,
      stdout: "",
      stderr: "error: unknown option '--colour'\nAdd --help to see what is expected.\n",
    });
    expect(twodoor("plan", "--timeout", "soon")).toMatchObject({ status: 2, stdout: "" });
  });

  it("is 0 for help, which has an example", () => {
    const { status, stdout } = twodoor("plan", "--help");
    expect(status).toBe(0);
    expect(stdout).toContain("Examples:\n  $ twodoor plan --stack dev\n");
  });
});

describe("an error", () => {
  it("of the program names the line", () => {
    expect(reportOf(new ProgramError("It broke.", { file: "stacks/index.ts", line: 12 }))).toEqual({
      text: "The program could not be planned.\nIt broke.\n  in stacks/index.ts:12\n",
      exitCode: 3,
    });
  });

  it("of ours shows the stack and says whose it is", () => {
    const error = new TypeError("x is not a function");
    error.stack = "TypeError: x is not a function\n    at f (planner/plan.ts:1:1)";
    expect(reportOf(error)).toEqual({
      text: `${error.stack}\nThis is a mistake of twodoor's own, not of your program. Please report it with the lines above.\n`,
      exitCode: 4,
    });
  });
});
