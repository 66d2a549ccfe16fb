// Proves that `twodoor twin -- COMMAND` gives the command the providers' addresses, ends as it ends, passes signals on, keeps the world
// outside the program's folder, and refuses wrong use. Does not prove the providers.
import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defaultWorld } from "../../cli/twin";

const ROOT = resolve(__dirname, "../..");
let directory: string;

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line from an empty directory; `whenPrinted` is called with the child's first output. */
function twin(
  args: string[],
  environment: Record<string, string> = {},
  whenPrinted?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const env = { PATH: process.env["PATH"], HOME: directory, NO_COLOR: "1", ...environment };
  const child = spawn(
    process.execPath,
    ["--import", join(ROOT, "node_modules/tsx/dist/loader.mjs"), join(ROOT, "cli/main.ts"), "twin", ...args],
    { cwd: directory, env },
  );
  const ended: Ended = { status: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (ended.stdout === "") whenPrinted?.((signal) => child.kill(signal));
    ended.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
  return new Promise((done) =>
    child.on("close", (status) => {
      done({ ...ended, status });
    }),
  );
}

describe("twodoor twin", { timeout: 30_000 }, () => {
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "twodoor-twin-"));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it("gives the command one variable more, and ends as it ends", async () => {
    const { status, stdout, stderr } = await twin(["--", "sh", "-c", "env | grep ^PULUMI; exit 7"]);
    expect(stdout).toMatch(/^PULUMI_DEBUG_PROVIDERS=aws:\d+,gcp:\d+,cloudflare:\d+,tls:\d+\n$/);
    expect([status, stderr]).toEqual([7, ""]);
  });

  it("passes arguments on as they are, those that look like its own included", async () => {
    const { stdout } = await twin(["--", "printf", "%s|", "--world", "a b", "--dead"]);
    expect(stdout).toBe("--world|a b|--dead|");
  });

  it("passes a signal on, and ends as a shell would after it", async () => {
    const ended = await twin(
      ["--", "sh", "-c", "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done"],
      {},
      (kill) => {
        kill("SIGTERM");
      },
    );
    expect([ended.status, ended.stdout]).toEqual([5, "ready\ncaught\n"]);
    const killed = await twin(["--", "sh", "-c", "echo ready; kill -INT $$; sleep 5"]);
    expect(killed.status).toBe(130);
  });

  it("ends with 127 where the command is not there", async () => {
    const { status, stderr } = await twin(["--", "no-such-command"]);
    expect([status, stderr]).toEqual([
      127,
      "twodoor twin: no-such-command cannot be started: spawn no-such-command ENOENT\n",
    ]);
  });

  it("refuses a cloud that is none, on the command line and in the environment, with all problems at once", async () => {
    const { status, stdout, stderr } = await twin(["--dead", "azure", "--", "echo", "ran"], {
      TWODOOR_TWIN_DEAD: "ibm",
    });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      [
        "twodoor twin: 2 problems",
        '  --dead   expected aws, gcp or cloudflare, got "azure"; name one of these clouds',
        '  TWODOOR_TWIN_DEAD   expected aws, gcp or cloudflare, got "ibm"; name clouds, separated by commas',
        "",
      ].join("\n"),
    );
  });

  it("keeps its world outside the program's folder, or where it is told", async () => {
    const chosen = join(directory, "chosen");
    await twin(["--world", chosen, "--", "true"]);
    expect(existsSync(chosen)).toBe(true);
    rmSync(chosen, { recursive: true });
    await twin(["--", "true"]);
    expect(readdirSync(directory)).toEqual([".cache"]);
    expect(defaultWorld("/home/somebody/api")).toMatch(/\/\.cache\/twodoor\/worlds\/%2Fhome%2Fsomebody%2Fapi$/);
  });
});
