/**
 * Proves that what exchange/README.md and docs/guides/exchange.md tell people to type works: the first order by curl, by ccxt and by ccxt for
 * Python, and an operator's day line by line, each as it stands there, against a real node; that the guide's table of the environment names
 * every variable that the node reads and no other, and its table of alarms figures that there are; that `npm run exchange` comes up and stops.
 * Does not prove the lines for NATS (test/exchange/journal/nats) nor those for Docker.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeBlocks } from "../../support/markdown";
import { skipped } from "../../support/skip";
import { ROOT, textOf } from "../../support/sources";
import { pythonTool } from "../support/python";
import { startExchangeProcess, type ExchangeProcess } from "../support/process";

const GUIDE = "docs/guides/exchange.md";
const OPERATOR = `guide:${Buffer.from("a secret for the guide's test").toString("base64")}`;
const ORDER_LINE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12} open$/m;

const guide = textOf(GUIDE);
const README = "exchange/README.md";
const blocks = [...codeBlocks(GUIDE, guide), ...codeBlocks(README, textOf(README))];
const folder = mkdtempSync(join(tmpdir(), "exchange-guide-"));
let node: ExchangeProcess;

interface Printed {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: readonly string[], environment: Record<string, string>): Promise<Printed> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], EXCHANGE_URL: node.url, ...environment },
    timeout: 60_000,
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (data: Buffer) => (printed.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (printed.stderr += data.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...printed };
}

/** The only block of that language which holds this. */
function block(language: string, part: string): string {
  const found = blocks.filter((one) => one.language === language && one.text.includes(part));
  expect(found).toHaveLength(1);
  return found[0]?.text ?? "";
}

beforeAll(async () => {
  node = await startExchangeProcess({
    environment: {
      JOURNAL_URL: `embedded:${join(folder, "journal")}`,
      OPERATOR_KEYS: OPERATOR,
      API_KEY_MASTER: "a master secret of the guide's test, long enough",
    },
  });
});
afterAll(async () => {
  await node.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe("the first order", () => {
  it("is taken from curl, and found again by the client's id", async () => {
    const { status, stdout, stderr } = await run("bash", ["scripts/first-order.sh"], {});
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [placed, found] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(found).toEqual(placed);
    expect(placed).toMatchObject({
      client_oid: "my-first-order",
      price: "50000.00",
      size: "0.01000000",
      status: "open",
    });
  });

  it("is the same order when curl sends it again", async () => {
    const first = await run("bash", ["scripts/first-order.sh"], {});
    expect((await run("bash", ["scripts/first-order.sh"], {})).stdout).toBe(first.stdout);
  });

  it("is taken from the page's curl", async () => {
    const { status, stdout, stderr } = await run("bash", ["--norc", "-c", block("sh", "openssl dgst")], {});
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ client_oid: "my-curl-order", price: "50000.00", status: "open" });
  });

  it("is taken from the page's ccxt", async () => {
    const program = `require("node:process").chdir(${JSON.stringify(ROOT)});${block("js", "ccxt")}`;
    const { status, stdout, stderr } = await run(process.execPath, ["-e", program], {});
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(ORDER_LINE);
  });

  const python = pythonTool("python");
  it.skipIf(skipped(python.reason))("is taken from the page's ccxt for Python", async () => {
    const { status, stdout, stderr } = await run(python.path ?? "", ["-c", block("python", "ccxt")], {});
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(ORDER_LINE);
  });
});

describe("an operator's day", () => {
  it("goes as the guide has it, line by line", async () => {
    const program = join(folder, "operator.js");
    buildSync({
      ...{ entryPoints: [join(ROOT, "exchange/operators/main.ts")], outfile: program, bundle: true },
      ...{ platform: "node", format: "cjs", target: "node20" },
    });
    const lines = block("sh", "$operator key alice").split("\n");
    const script = join(folder, "day.sh");
    const text = ["set -ex", ...lines].join("\n").replaceAll("exchange/dist/operator.js", program);
    writeFileSync(script, text);
    const { status, stdout, stderr } = await run("bash", [script], { OPERATOR_KEY: OPERATOR });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    expect(stderr.split("\n").filter((line) => line.startsWith("+ node ")).length).toBe(13);
    expect(stdout).toContain('"secret"');
  });
});

describe("the table of the environment", () => {
  it("names every variable that the node reads, and no other", () => {
    const table = guide.slice(guide.indexOf("## Environment"), guide.indexOf("## How it stops"));
    const named = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name ?? "");
    const settings = textOf("exchange/node/settings.ts");
    const variables = settings.slice(settings.indexOf("const VARIABLES"), settings.indexOf("} satisfies"));
    const read = [...variables.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name ?? "");
    expect(read).toContain("PORT");
    expect([...named].sort()).toEqual([...read].sort());
  });
});

describe("the table of what to watch", () => {
  it("names figures that a node gives", async () => {
    const named = new Set(Array.from(guide.matchAll(/`(exchange_[a-z_]+)/g), ([, name]) => name ?? ""));
    expect(named.size).toBe(9);
    const figures = await (await fetch(`${node.url}/metrics`)).text();
    expect([...named].filter((name) => !figures.includes(`# TYPE ${name} `))).toEqual([]);
  });
});

describe("npm run exchange", () => {
  it("bundles, comes up, says in three lines how to go on, and stops at SIGTERM", async () => {
    // As in a fresh clone, where `npm ci` has bundled it.
    const bundler = await run(process.execPath, ["scripts/bundle-exchange.mjs"], {});
    expect(bundler).toEqual({ status: 0, stdout: "", stderr: "" });
    // As after a change: an old bundle is not run.
    const server = join(ROOT, "exchange", "dist", "server.js");
    utimesSync(server, 1, 1);
    const child = spawn(process.execPath, ["scripts/run-exchange.mjs"], {
      cwd: ROOT,
      env: { PATH: process.env["PATH"], PORT: "0", JOURNAL_URL: `embedded:${join(folder, "run")}` },
      timeout: 60_000,
    });
    let printed = "";
    child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
    child.stderr.on("data", (data: Buffer) => (printed += data.toString()));
    const ended = once(child, "close");
    while (!printed.includes("Ctrl-C stops it.") && child.exitCode === null) await once(child.stdout, "data");
    expect(printed.split("\n").length).toBe(4);
    expect(statSync(server).mtimeMs).toBeGreaterThan(1_000);
    const [, url = ""] = /is at (http:\/\/127\.0\.0\.1:\d+)/.exec(printed) ?? [];
    expect((await fetch(`${url}/products`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});
