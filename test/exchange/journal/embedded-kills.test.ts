/**
 * kill -9 at random points of a process that appends with group commit: after every kill the journal opens, and every entry that was acknowledged is
 * there, once, at its sequence. 24 kills; EXCHANGE_KILLS for more, EXCHANGE_SEED to replay the same points. Does not prove what a loss of power does:
 * the page cache outlives a process.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { openEmbeddedJournal } from "../../../exchange/journal/embedded/embedded-journal";
import { readTo } from "./contract";
import { afterTest, cleanAfterEach, newDirectory } from "./embedded/place";

cleanAfterEach();

const KILLS = Number(process.env["EXCHANGE_KILLS"] ?? 24);
const SEED = Number(process.env["EXCHANGE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** Kills of one directory, before a new one begins. */
const KILLS_A_DIRECTORY = 8;

/** Whole numbers below `below` that follow from the seed (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Starts the child, kills it after `acknowledgements` lines; answers with all lines that it wrote. */
async function killedAfter(
  program: string,
  directory: string,
  run: string,
  how: string,
  acknowledgements: number,
): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, [program, directory, run, how], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, errors] = ["", ""];
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on("data", (bytes: Buffer) => {
        out += bytes.toString("latin1");
        if (out.split("\n").length - 2 >= acknowledgements) child.kill("SIGKILL");
      });
      child.stderr?.on("data", (bytes: Buffer) => {
        errors += bytes.toString();
      });
      child.on("error", reject);
      // Not `exit`: what it wrote before its end is to be read to the last byte.
      child.on("close", () => {
        resolve();
      });
    });
  } finally {
    child.kill("SIGKILL");
  }
  expect([child.signalCode, errors]).toEqual(["SIGKILL", ""]);
  return out.split("\n").slice(0, -1);
}

test(
  `after each of ${String(KILLS)} kills every acknowledged entry is there once, at its sequence`,
  { timeout: 1_800_000 },
  async () => {
    process.stderr.write(`EXCHANGE_SEED=${String(SEED)} EXCHANGE_KILLS=${String(KILLS)}\n`);
    const below = chance(SEED);
    const programs = await newDirectory();
    const program = join(programs, "kill-child.js");
    await build({
      entryPoints: [join(__dirname, "embedded/kill-child.ts")],
      ...{ outfile: program, bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "error" },
    });
    const totals = { kills: 0, acknowledged: 0, torn: 0 };
    while (totals.kills < KILLS) {
      const directory = join(programs, `journal-${String(totals.kills)}`);
      const acknowledged = new Map<string, number>();
      for (let round = 0; round < KILLS_A_DIRECTORY && totals.kills < KILLS; round += 1) {
        totals.kills += 1;
        const run = `run${String(totals.kills)}`;
        const after = below(4) === 0 ? below(4) : below(400);
        const how = below(2) === 0 ? "pieces" : "whole";
        const before = acknowledged.size;
        for (const line of await killedAfter(program, directory, run, how, after)) {
          const [id = "", sequence] = line.split(" ");
          if (id !== "open") acknowledged.set(id, Number(sequence));
        }
        totals.acknowledged += acknowledged.size - before;
        await judge(directory, acknowledged, totals);
      }
      expect((await readdir(directory)).filter((name) => name.endsWith(".sock"))).toEqual([]);
      await rm(directory, { recursive: true });
    }
    expect(totals.kills).toBe(KILLS);
    expect(totals.acknowledged).toBeGreaterThan(KILLS * 50);
    // A kill in the middle of a group is too rare to be promised in a short run.
    expect(totals.torn).toBeGreaterThanOrEqual(KILLS >= 500 ? 1 : 0);
    process.stderr.write(`${JSON.stringify(totals)}\n`);
  },
);

async function judge(
  directory: string,
  acknowledged: ReadonlyMap<string, number>,
  totals: { torn: number },
): Promise<void> {
  const journal = await openEmbeddedJournal({ directory, reserveBytes: 0 });
  afterTest(() => journal.close());
  const last = await journal.barrier();
  const entries = last === 0 ? [] : await readTo(journal, 1, last);
  const places = new Map<string, number[]>();
  for (const { sequence, payload } of entries) {
    const id = /^run\d+-\d+?(?=run|$)/.exec(new TextDecoder().decode(payload))?.[0] ?? "no entry of these";
    places.set(id, [...(places.get(id) ?? []), sequence]);
  }
  const wrong = [...acknowledged].filter(
    ([id, sequence]) => JSON.stringify(places.get(id)) !== `[${String(sequence)}]`,
  );
  expect(wrong).toEqual([]);
  expect([...places].filter(([, sequences]) => sequences.length !== 1)).toEqual([]);
  expect(places.has("no entry of these")).toBe(false);
  if (journal.status().detail["torn"] !== undefined) totals.torn += 1;
  await journal.close();
}
