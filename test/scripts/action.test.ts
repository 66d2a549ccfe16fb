/**
 * Proves the action's own steps, read from `action.yml` and run by bash in a repository with a base and a change: what turns red, what is left
 * behind in each case, and what a reviewer reads. Does not prove GitHub's runner, nor the actions of others that it uses.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actionIn, runAction, type ActionRun } from "../support/actions";
import { oneCloud, shopIn, type Shop } from "../support/shop";

const root = join(__dirname, "..", "..");
const file = join(root, "action.yml");
const directory = mkdtempSync(join(tmpdir(), "twodoor-action-"));
let shop: Shop;
const reports = [
  "check.html",
  "check.json",
  "check.sarif",
  "codequality.json",
  "comment.md",
  "junit.xml",
  "pull-request.json",
];

function check(head: string, inputs: Record<string, string> = {}, number = 7): ActionRun {
  const event = { pull_request: { number, base: { sha: shop.base }, head: { sha: head } } };
  const given = { directory: "infrastructure/shop", ...inputs };
  return runAction({ file, inputs: given, workspace: shop.workspace, temp: join(directory, "temp"), event });
}

const read = (run: ActionRun, name: string): string => readFileSync(join(run.outputs.directory!, name), "utf8");
beforeAll(() => {
  shop = shopIn(join(directory, "repository"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe("a change that changes nothing of the design", () => {
  let run: ActionRun;
  beforeAll(() => {
    run = check(shop.branch("quiet", (text) => `${text}// A remark.\n`));
  });

  it("is green although the design has findings of before, and says so", () => {
    expect({ status: run.status, failed: run.failed }).toEqual({ status: 0, failed: undefined });
    const { directory: _, sarif: __, ...told } = run.outputs;
    expect(told).toEqual({ verdict: "undecided", worse: "false", "exit-code": "0" });
    expect(run.summary).toContain("**This change makes nothing worse.**");
  });

  it("leaves every report, and keeps them as an artifact of the check's name", () => {
    expect(readdirSync(run.outputs.directory!).sort()).toEqual(reports);
    expect(JSON.parse(read(run, "pull-request.json"))).toEqual({ number: 7, exitCode: 0 });
    expect(run.used).toEqual([
      { uses: "actions/setup-node@v6", with: { "node-version": "24" } },
      {
        uses: "actions/upload-artifact@v6",
        with: {
          name: "twodoor-design",
          path: run.outputs.directory,
          "if-no-files-found": "error",
          overwrite: "true",
        },
      },
    ]);
  });

  it("leaves no checkout of the base behind, and the change as it was", () => {
    expect(shop.git("worktree", "list").split("\n")).toHaveLength(1);
    expect(shop.git("status", "--porcelain")).toBe("");
  });
});

describe("a change after which one cloud's outage stops the design", () => {
  let run: ActionRun;
  beforeAll(() => {
    run = check(shop.branch("one-cloud", oneCloud));
  });

  it("is red by the last step, after the reports were kept", () => {
    expect({ status: run.status, failed: run.failed }).toEqual({ status: 1, failed: "Tell the verdict" });
    expect(run.outputs).toMatchObject({ verdict: "fail", worse: "true", "exit-code": "1" });
    expect(readdirSync(run.outputs.directory!).sort()).toEqual(reports);
    expect(run.used.map(({ uses }) => uses)).toEqual(["actions/setup-node@v6", "actions/upload-artifact@v6"]);
  });

  it("tells the flipped rows first, in the comment and in the job's summary", () => {
    const comment = read(run, "comment.md");
    const flipped = comment.split("\n").filter((line) => line.startsWith("- ❌ when "));
    expect(flipped.map((line) => line.split(": ", 2).join(": "))).toEqual([
      "- ❌ when <code>aws</code> is lost: survives → **dies**",
      "- ❌ when <code>geography:ohio</code> is lost: survives → **dies**",
      "- ❌ when <code>aws:us-east-2</code> is lost: survives → **dies**",
    ]);
    expect(run.summary).toBe(`${comment}\n`);
  });

  it("marks the line in the change", () => {
    const marks = run.log.split("\n").filter((line) => line.startsWith("::error "));
    expect(marks.length).toBeGreaterThan(0);
    expect(marks[0]).toMatch(/^::error file=infrastructure\/shop\/index.ts,line=\d+,title=EDG-0\d::/);
  });

  it("says in SARIF what is new, by the file's path from the repository's root", () => {
    const results = JSON.parse(read(run, "check.sarif")).runs[0].results as Sarif[];
    const fresh = results.filter(({ baselineState }) => baselineState === "new");
    expect(fresh.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(["TOP-01", "TOP-05"]));
    expect(new Set(fresh.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri))).toEqual(
      new Set(["infrastructure/shop/index.ts"]),
    );
  });
});

interface Sarif {
  ruleId: string;
  baselineState: string;
  locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
}

describe("a change that cannot be judged", () => {
  it("ends as the command does, with a comment that holds nothing of the program's own words", () => {
    const secret = "hunter2-is-no-password";
    const run = check(shop.branch("broken", (text) => `${text}\nthrow new Error("${secret}");\n`));
    expect({ status: run.status, failed: run.failed }).toEqual({ status: 3, failed: "Tell the verdict" });
    expect(run.outputs).toMatchObject({ verdict: "not-judged", worse: "", "exit-code": "3", sarif: "" });
    const comment = read(run, "comment.md");
    expect(comment).toContain("### ❔ NOT JUDGED");
    expect(comment).toMatch(/The program could not be planned: `infrastructure\/shop\/index.ts:\d+`/);
    expect(comment).not.toContain(secret);
    expect(run.summary).not.toContain(secret);
    expect(run.log).toContain(secret);
  });

  it("tells what is wrong with settings, and that the change edits them", () => {
    const head = shop.branch("settings", (text) => text);
    writeFileSync(join(shop.program, "twodoor.dev.json"), '{ "TOP-99": "disabled" }');
    const run = check(head);
    rmSync(join(shop.program, "twodoor.dev.json"));
    expect({ status: run.status, verdict: run.outputs.verdict }).toEqual({ status: 2, verdict: "not-judged" });
    expect(read(run, "comment.md")).toMatch(/TOP-99[^]*also edits the settings by which it is judged/);
  });
});

describe("what is compared with", () => {
  it("is all that is found, where the base has no such program", () => {
    shop.git("checkout", "--quiet", "--orphan", "empty");
    shop.git("commit", "--quiet", "--allow-empty", "-m", "nothing", "--only");
    const empty = shop.git("rev-parse", "HEAD");
    shop.git("checkout", "--quiet", "-f", "main");
    const run = check(shop.base, { base: empty });
    expect(run.outputs).toMatchObject({ verdict: "undecided", worse: "", "exit-code": "1" });
    expect(read(run, "comment.md")).toContain(
      "could not be planned (the job's log says why), so that all that is found counts",
    );
  });

  it("is the first parent of GitHub's trial merge, although the event's base is older", () => {
    const bad = shop.branch("one-cloud-again", oneCloud);
    shop.git("checkout", "--quiet", "-B", "moved-main", shop.base);
    shop.git("merge", "--quiet", "--no-ff", "-m", "somebody else did it", bad);
    const head = shop.branch("innocent", (text) => text);
    shop.git("checkout", "--quiet", "--detach", "moved-main");
    shop.git("merge", "--quiet", "--no-ff", "-m", "trial", head);
    expect(check(head).outputs).toMatchObject({ worse: "false", "exit-code": "0" });
  });

  it("does not matter where findings are what fails", () => {
    shop.git("checkout", "--quiet", "main");
    const run = check(shop.base, { "fail-on": "findings" });
    expect(run.outputs).toMatchObject({ verdict: "undecided", worse: "false", "exit-code": "1" });
  });
});

describe("inputs", () => {
  it("that mean nothing stop the job before anything is run", () => {
    const wrong = [{ name: "../x" }, { "fail-on": "never" }, { directory: "/" }].map((inputs) =>
      check(shop.base, inputs),
    );
    expect(wrong.map(({ status, failed }) => ({ status, failed }))).toEqual(
      wrong.map(() => ({ status: 2, failed: "Judge the design" })),
    );
  });

  it("are never part of a script: a hostile one is a name and nothing else", () => {
    const run = check(shop.base, { name: '"; touch ../owned; "', directory: "$(touch ../owned)" });
    expect({ status: run.status, files: readdirSync(directory).sort() }).toEqual({
      status: 2,
      files: ["repository", "temp"],
    });
    const scripts = [file, join(root, "comment", "action.yml")].flatMap((one) => actionIn(one).runs.steps);
    expect(scripts.filter(({ run: script }) => script?.includes("${{"))).toEqual([]);
  });
});
