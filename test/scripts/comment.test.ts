/**
 * Proves the comment of a pull request against a local server that answers as GitHub's API does: one comment, kept up to date, for the pull
 * request that the run belongs to and no other, whatever a stranger's artifact holds. Does not prove GitHub's own limits and filters.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actionIn } from "../support/actions";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "twodoor-comment-"));
const artifact = join(directory, "artifact");
const output = join(directory, "output");
const sha = "a".repeat(40);
const marker = "<!-- twodoor:design -->";
const bot = "github-actions[bot]";

interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

interface Run {
  status: number | null;
  printed: string;
  outputs: Record<string, string>;
}

let comments: Comment[];
let pull: { state: string; head: { sha: string; repo: { full_name: string } | null } };
let calls: string[];
let fails: number | undefined;
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => {
      calls.push(`${request.method!} ${request.url!} ${request.headers.authorization ?? ""}`);
      response.writeHead(fails ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer(request.method!, request.url!, text)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  address = typeof at === "object" && at !== null ? `http://127.0.0.1:${String(at.port)}` : "";
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  comments = [];
  calls = [];
  fails = undefined;
  pull = { state: "open", head: { sha, repo: { full_name: "stranger/shop" } } };
  rmSync(artifact, { recursive: true, force: true });
  mkdirSync(artifact);
  leave("pull-request.json", '{"number":7}');
  leave("comment.md", "### ❌ REFUSED: shop dev\n");
});

function answer(method: string, url: string, text: string): unknown {
  if (url === "/repos/acme/shop/pulls/7") return pull;
  const page = /^\/repos\/acme\/shop\/issues\/7\/comments\?per_page=100&page=(\d+)$/.exec(url)?.[1];
  if (page !== undefined) return comments.slice((Number(page) - 1) * 100, Number(page) * 100);
  const { body } = JSON.parse(text) as { body: string };
  const id = Number(/^\/repos\/acme\/shop\/issues\/comments\/(\d+)$/.exec(url)?.[1]);
  if (method === "PATCH") comments = comments.map((one) => (one.id === id ? { ...one, body } : one));
  else comments.push({ id: 1000 + comments.length, body, user: { login: bot } });
  return {};
}

const leave = (name: string, text: string): void => {
  writeFileSync(join(artifact, name), text);
};
const mutations = (): string[] => calls.filter((call) => !call.startsWith("GET"));
const theirs = (id: number, body = "hello", login = "someone"): Comment => ({ id, body, user: { login } });

async function write(event?: unknown, name = "design"): Promise<Run> {
  const payload = event ?? { workflow_run: { head_sha: sha, head_repository: { full_name: "stranger/shop" } } };
  writeFileSync(join(directory, "event.json"), JSON.stringify(payload));
  writeFileSync(output, "");
  const env = {
    PATH: process.env.PATH ?? "",
    GITHUB_API_URL: address,
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_EVENT_PATH: join(directory, "event.json"),
    GITHUB_OUTPUT: output,
    INPUT_NAME: name,
    INPUT_AUTHOR: bot,
    INPUT_DIRECTORY: artifact,
    INPUT_TOKEN: "t0ken-of-the-test",
  };
  // Not spawnSync: the server answers from this process.
  const child = spawn(process.execPath, [join(root, "scripts", "pull-request-comment.mjs")], { env });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const lines = [...readFileSync(output, "utf8").matchAll(/^(\w+)=(.*)$/gm)];
  return { status, printed, outputs: Object.fromEntries(lines.map(([, key = "", value = ""]) => [key, value])) };
}

describe("one comment, kept up to date", () => {
  it("is created, then left alone, then updated, for a red check as for a green one", async () => {
    expect((await write()).outputs).toEqual({ comment: "created", sarif: "", ref: "refs/pull/7/head", sha });
    expect(comments.map(({ body }) => body)).toEqual([
      `${marker}\n### ❌ REFUSED: shop dev\n\n<sub>twodoor check of ${sha}, as the pull request's own job tells it.</sub>`,
    ]);
    expect((await write()).outputs.comment).toBe("unchanged");
    leave("comment.md", "### ✅ HOLDS: shop dev\n");
    expect((await write()).outputs.comment).toBe("updated");
    expect(comments.map(({ body }) => body.split("\n")[1])).toEqual(["### ✅ HOLDS: shop dev"]);
    expect(mutations().map((call) => call.split(" ", 2))).toEqual([
      ["POST", "/repos/acme/shop/issues/7/comments"],
      ["PATCH", "/repos/acme/shop/issues/comments/1000"],
    ]);
  });

  it("is found behind hundreds of others, and nobody else's is changed although it begins with the same mark", async () => {
    comments = Array.from({ length: 250 }, (_, at) => theirs(at, `${marker}\nmine`));
    comments.push(theirs(900, `${marker}\nold`, bot));
    expect((await write()).outputs.comment).toBe("updated");
    expect(mutations().map((call) => call.split(" ")[1])).toEqual(["/repos/acme/shop/issues/comments/900"]);
  });

  it("is one for each check of a repository", async () => {
    await write();
    await write(undefined, "design-2");
    expect(comments.map(({ body }) => body.split("\n")[0])).toEqual([marker, "<!-- twodoor:design-2 -->"]);
  });

  it("is written by a later job of the pull request's own run too", async () => {
    const event = { pull_request: { number: 7, head: { sha, repo: { full_name: "stranger/shop" } } } };
    expect((await write(event)).outputs.comment).toBe("created");
  });
});

describe("a text that is too long", () => {
  it("is cut behind a whole finding, with a note, and is never longer than GitHub takes", async () => {
    const finding = `<details><summary>❌ <b>EDG-01</b> ${"x".repeat(500)}</summary>\n\nfix\n\n</details>\n\n`;
    leave("comment.md", `### ❌ REFUSED\n\n${finding.repeat(300)}`);
    expect((await write()).status).toBe(0);
    const { body } = comments[0]!;
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(64_000);
    expect(body.match(/<details>/g)).toHaveLength(body.match(/<\/details>/g)!.length);
    expect(body).toContain(
      "</details>\n\n_The rest did not fit into a comment: the run's summary and its artifact have all._\n\n<sub>",
    );
  });

  it("is cut where it is one long line", async () => {
    leave("comment.md", "x".repeat(200_000));
    await write();
    expect(comments[0]!.body).toHaveLength(65_536);
  });
});

describe("whose pull request it is", () => {
  // prettier-ignore
  const nothing: [string, () => void, unknown][] = [
    ["another one, whose commit is another", () => (pull.head.sha = "b".repeat(40)), undefined],
    ["another one, whose commit is the same in another repository", () => (pull.head.repo = { full_name: "acme/shop" }), undefined],
    ["one whose repository is gone", () => (pull.head.repo = null), undefined],
    ["one that is closed", () => (pull.state = "closed"), undefined],
    ["none, for a push", () => { leave("pull-request.json", '{"number":null}'); }, undefined],
    ["none, for an event of another kind", () => undefined, { push: {} }],
    ["none, by a number that is a path", () => { leave("pull-request.json", '{"number":"7/../../9"}'); }, undefined],
    ["none, by a number beyond all", () => { leave("pull-request.json", '{"number":1e300}'); }, undefined],
    ["none, by no JSON", () => { leave("pull-request.json", "7; rm -rf"); }, undefined],
    ["none, by JSON that is null", () => { leave("pull-request.json", "null"); }, undefined],
    ["none, for a job that left nothing", () => { rmSync(join(artifact, "pull-request.json")); }, undefined],
  ];
  it.each(nothing)("%s: nothing is written, and nothing fails", async (_, change, event) => {
    change();
    const { status, printed, outputs } = await write(event);
    expect({ status, outputs, changed: mutations() }).toEqual({ status: 0, outputs: { comment: "none" }, changed: [] });
    expect(printed).toMatch(/^Nothing is written: .+\.\ncomment: none\n$/);
  });
});

describe("what a stranger writes", () => {
  it("mentions nobody, links nowhere and is no markup but the report's own", async () => {
    const hostile = [
      "@acme/owners &#64;someone &commat;someone &#x40;x",
      "[click](javascript:x) ![](//evil.example/p.png) [a]: //evil.example",
      "https://evil.example www.evil.example #12 &#35;12",
      "<script>x</script><img src=x><a href=x><!-- twodoor:other -->",
      "<details open><details><summary><b>fine</b></summary></details> &#40;1&#41; &lt;",
      "\u202Eback \u0007bell",
    ].join("\n");
    leave("comment.md", hostile);
    await write();
    const gap = "\u200B";
    expect(comments[0]!.body.split("\n").slice(1, 7)).toEqual([
      `@${gap}acme/owners &amp;#${gap}64;someone &amp;commat;someone &amp;#${gap}x40;x`,
      `[click]${gap}(javascript:x) ![]${gap}(//evil.example/p.png) [a]${gap}: //evil.example`,
      `https:${gap}//evil.example www${gap}.evil.example #${gap}12 &#35;${gap}12`,
      "&lt;script>x&lt;/script>&lt;img src=x>&lt;a href=x>&lt;!-- twodoor:other -->",
      "&lt;details open><details><summary><b>fine</b></summary></details> &#40;1&#41; &lt;",
      "back bell",
    ]);
  });

  it("is read from plain files of a limited size alone", async () => {
    rmSync(join(artifact, "comment.md"));
    symlinkSync("/etc/hostname", join(artifact, "comment.md"));
    expect((await write()).outputs).toEqual({ comment: "none" });
    rmSync(join(artifact, "comment.md"));
    leave("comment.md", "x".repeat(1024 * 1024 + 1));
    expect((await write()).outputs).toEqual({ comment: "none" });
    expect(mutations()).toEqual([]);
  });

  it("is handed on as SARIF only where it is SARIF", async () => {
    leave("check.sarif", '{"version":"2.1.0","runs":[]}');
    expect((await write()).outputs.sarif).toBe(join(artifact, "check.sarif"));
    leave("check.sarif", "not JSON");
    expect((await write()).outputs.sarif).toBe("");
  });
});

describe("the token", () => {
  it("goes with each call to GitHub, and into no message when GitHub refuses", async () => {
    fails = 403;
    const { status, printed } = await write();
    expect(calls).toEqual(["GET /repos/acme/shop/pulls/7 Bearer t0ken-of-the-test"]);
    expect({ status, printed }).toEqual({ status: 1, printed: "GitHub answered GET /pulls/7 with 403\n" });
  });
});

describe("the action", () => {
  it("gives the script what it reads, and downloads into no checkout", () => {
    const { steps } = actionIn(join(root, "comment", "action.yml")).runs;
    expect(steps.map(({ uses, with: given, env }) => ({ uses, path: given?.path, env }))).toEqual([
      { uses: "actions/setup-node@v6", path: undefined, env: undefined },
      { uses: "actions/download-artifact@v6", path: "${{ runner.temp }}/twodoor-comment", env: undefined },
      {
        uses: undefined,
        path: undefined,
        env: {
          INPUT_NAME: "${{ inputs.name }}",
          INPUT_AUTHOR: "${{ inputs.author }}",
          INPUT_DIRECTORY: "${{ runner.temp }}/twodoor-comment",
          INPUT_TOKEN: "${{ inputs.token }}",
        },
      },
    ]);
  });
});
