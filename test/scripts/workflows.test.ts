/**
 * Proves that the workflows of this repository and those of the guide are ones that actionlint has nothing to say about, and that they keep to
 * what makes a stranger's pull request harmless. Does not prove what GitHub does with them.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { actionlint, problemsIn, workflowsIn } from "../support/actionlint";
import { skipped } from "../support/skip";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "twodoor-workflows-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; steps: { uses?: string; run?: string }[] }>;
}

const own = readdirSync(join(root, ".github", "workflows")).map((name) => ({
  name: `.github/workflows/${name}`,
  text: readFileSync(join(root, ".github", "workflows", name), "utf8"),
}));
const guide = workflowsIn(join(root, "docs", "guides", "pull-requests.md"));
const workflows = [...own, ...guide].map(({ name, text }) => ({ name, workflow: parse(text) as Workflow }));

const tool = actionlint();
const reason = tool === undefined ? "actionlint is not here, and neither Go nor Python can install it" : undefined;

describe.skipIf(skipped(reason))("actionlint", () => {
  beforeAll(() => {
    mkdirSync(join(directory, ".git"));
    for (const { name, text } of guide) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
  });

  it("finds nothing in the workflows of this repository, its own actions' inputs included", () => {
    expect(
      problemsIn(
        tool!,
        own.map(({ name }) => name),
        root,
      ),
    ).toEqual([]);
  });

  it("finds nothing in the guide's workflows", () => {
    expect(guide.map(({ name }) => name)).toEqual([
      ".github/workflows/design.yml",
      ".github/workflows/design-comment.yml",
    ]);
    expect(
      problemsIn(
        tool!,
        guide.map(({ name }) => name),
        directory,
      ),
    ).toEqual([]);
  });

  it("would find a script that a title can be put into", () => {
    const step = "      - run: echo ${{ github.event.pull_request.title }}\n";
    const file = join(directory, ".github", "workflows", "bad.yml");
    writeFileSync(file, `on: pull_request\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n${step}`);
    const problems = problemsIn(tool!, [file], directory);
    rmSync(file);
    expect(problems.map((line) => line.replace(/^.*?: /, "").slice(0, 50))).toEqual([
      '"github.event.pull_request.title" is potentially u',
    ]);
  });
});

describe("what a stranger's pull request runs", () => {
  it("has no right but to read, and nothing runs it with more", () => {
    const judging = workflows.filter(({ workflow }) => "pull_request" in workflow.on);
    expect(judging.map(({ name, workflow }) => [name, workflow.permissions])).toEqual([
      [".github/workflows/ci.yml", { contents: "read" }],
      [".github/workflows/design.yml", { contents: "read" }],
      [".github/workflows/design.yml", { contents: "read" }],
    ]);
    const raised = judging.flatMap(({ workflow }) =>
      Object.values(workflow.jobs).filter(({ permissions }) => permissions),
    );
    expect(raised).toEqual([]);
    expect(workflows.filter(({ workflow }) => "pull_request_target" in workflow.on)).toEqual([]);
  });

  it("is never checked out or run where something may be written", () => {
    const writing = workflows.filter(({ workflow }) => "workflow_run" in workflow.on);
    expect(writing.map(({ name }) => name)).toEqual(Array(2).fill(".github/workflows/design-comment.yml"));
    const steps = writing.flatMap(({ workflow }) => Object.values(workflow.jobs).flatMap((job) => job.steps));
    expect(steps.filter(({ run }) => run !== undefined)).toEqual([]);
    expect(steps.map(({ uses }) => uses)).toEqual([
      "actions/checkout@v6",
      "./comment",
      "github/codeql-action/upload-sarif@v4",
      "twodoor/twodoor/comment@v1",
      "github/codeql-action/upload-sarif@v4",
    ]);
  });
});
