/**
 * Proves the scripts of the GitLab component, read from `templates/check.yml` and run by bash: the check in a repository with a base and a bad
 * change, the note against a local server that answers as GitLab's API does. Does not prove GitLab's runner, nor the clone of twodoor: a
 * link to this checkout stands for it.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { oneCloud, shopIn } from "../support/shop";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "twodoor-gitlab-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Job {
  script: string[];
  variables: Record<string, string>;
  artifacts?: { when: string; reports: Record<string, string> };
}

interface Spec {
  spec: { inputs: Record<string, { default: string }> };
}

const [spec, jobs] = parseAllDocuments(readFileSync(join(root, "templates", "check.yml"), "utf8")).map((document) =>
  document.toJS(),
) as [Spec, Record<string, Job>];
const [check, note] = Object.values(jobs) as [Job, Job];

/** Runs a job's script as GitLab does: inputs are put into the text, variables into the environment. */
async function run(job: Job, cwd: string, inputs: Record<string, string>, env: Record<string, string>) {
  const filled = (text: string): string =>
    text.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => inputs[name] ?? spec.spec.inputs[name]!.default);
  const variables = Object.entries(job.variables).map(([name, value]) => [name, env[value.slice(1)] ?? filled(value)]);
  const script = job.script.map((line) =>
    line.startsWith("git clone ")
      ? `ln -s "${root}" ${line.split(" ").at(-1)!.replace('"$command"', '"$command/x"')}`
      : filled(line),
  );
  const text = ["set -eo pipefail", ...script].join("\n").replaceAll("$command/scripts", "$command/x/scripts");
  const child = spawn("bash", ["-c", text], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...Object.fromEntries(variables), ...env },
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, printed };
}

describe("the check", () => {
  it("fails a change after which one cloud's outage stops the design, and leaves what GitLab shows", async () => {
    const { workspace, branch, base } = shopIn(join(directory, "repository"));
    branch("one-cloud", oneCloud);
    const inputs = { directory: "infrastructure/shop" };
    const { status, printed } = await run(check, workspace, inputs, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    expect({ status, marks: printed.includes("::error") }).toEqual({ status: 1, marks: false });
    const files = readdirSync(join(workspace, ".twodoor"));
    expect(files).toEqual(
      expect.arrayContaining(Object.values(check.artifacts!.reports).map((path) => path.split("/")[1])),
    );
    expect(check.artifacts!.when).toBe("always");
    const text = readFileSync(join(workspace, ".twodoor", "comment.md"), "utf8");
    expect(text).toContain("- ❌ when <code>aws</code> is lost: survives → **dies**");
    const quality = JSON.parse(readFileSync(join(workspace, ".twodoor", "codequality.json"), "utf8")) as Entry[];
    expect(new Set(quality.map(({ location }) => location.path))).toEqual(new Set(["infrastructure/shop/index.ts"]));
  });
});

interface Entry {
  location: { path: string };
}

describe("the note", () => {
  let server: Server;
  let notes: { id: number; body: string; author: { id: number } }[] = [];
  const calls: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
      request.on("end", () => {
        calls.push(`${request.method!} ${request.url!.split("?")[0]!} ${String(request.headers["private-token"])}`);
        if (request.method === "PUT")
          notes = notes.map((one) => ({ ...one, ...(one.id === 5 ? JSON.parse(text) : {}) }));
        if (request.method === "POST") notes.push({ id: 5, ...JSON.parse(text), author: { id: 1 } });
        response.end(JSON.stringify(request.url === "/user" ? { id: 1 } : request.method === "GET" ? notes : {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.close();
  });

  it("is created once, left alone, and updated; a person's that begins alike is not touched", async () => {
    const at = server.address();
    const port = typeof at === "object" && at !== null ? at.port : 0;
    const env = {
      CI_API_V4_URL: `http://127.0.0.1:${String(port)}`,
      CI_PROJECT_ID: "9",
      CI_MERGE_REQUEST_IID: "3",
      CI_COMMIT_SHA: "c".repeat(40),
      TWODOOR_NOTE_TOKEN: "t0ken",
    };
    const cwd = join(directory, "note");
    mkdirSync(join(cwd, ".twodoor"), { recursive: true });
    const write = async (text: string) => {
      writeFileSync(join(cwd, ".twodoor", "comment.md"), text);
      return (await run(note, cwd, {}, env)).printed;
    };
    notes = [{ id: 4, body: "<!-- twodoor:design -->\nmine", author: { id: 2 } }];
    expect(await write("red\n/merge @all")).toBe("note: created\n");
    expect(await write("red\n/merge @all")).toBe("note: unchanged\n");
    expect(await write("green")).toBe("note: updated\n");
    expect(calls.filter((call) => !call.startsWith("GET"))).toEqual([
      "POST /projects/9/merge_requests/3/notes t0ken",
      "PUT /projects/9/merge_requests/3/notes/5 t0ken",
    ]);
    expect(notes.map(({ body }) => body.split("\n")[1])).toEqual(["mine", "green"]);
  });
});
