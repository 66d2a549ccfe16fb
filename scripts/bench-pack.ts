import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { temporaryPack } from "../test/support/packs";
import { ratio, seconds, table, takenByChildren, type Taken } from "./bench-measure";

const BUDGET = { seconds: 0.7, megabytes: 150 };

/**
 * How long the pack takes until the engine can ask it, and what it then holds, in the process that Pulumi's language host starts; beside a
 * pack without rules, which is what the SDK takes by itself.
 */
export async function measurePack(directory: string): Promise<string> {
  const empty = temporaryPack({ "index.js": EMPTY });
  try {
    const [own, none] = [await measured(directory), await measured(empty.directory)];
    const budget = `at most ${String(BUDGET.seconds)} s, ${String(BUDGET.megabytes)} MB`;
    return table([
      ["until it can be asked", "clock", "processor", "MB", ""],
      ["our pack", ...own.cells, `${ratio(own.taken, none.taken)}; wanted: ${budget}`],
      ["a pack without rules", ...none.cells, "1.0 x"],
    ]);
  } finally {
    empty.close();
  }
}

const EMPTY = `new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });`;

async function measured(directory: string): Promise<{ taken: Taken; cells: string[] }> {
  const held: { megabytes: number | null } = { megabytes: null };
  const taken = await takenByChildren(async () => {
    held.megabytes = await started(directory);
  });
  const megabytes = held.megabytes === null ? "-" : String(held.megabytes);
  return { taken, cells: [seconds(taken.wallSeconds), seconds(taken.cpuSeconds), megabytes] };
}

/** Starts it as `cmd/run-policy-pack` of the SDK does and stops it at the line with its port; its largest memory until then, in MB. */
function started(directory: string): Promise<number | null> {
  const runner = createRequire(join(directory, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const env = {
    PATH: process.env["PATH"],
    PULUMI_CONFIG: "{}",
    PULUMI_NODEJS_PROJECT: "bench",
    PULUMI_NODEJS_STACK: "bench",
  };
  const child = spawn(process.execPath, [runner, "127.0.0.1:0", directory], { cwd: directory, env });
  return new Promise((resolve, reject) => {
    let megabytes: number | null = null;
    let isReady = false;
    child.stdout.once("data", () => {
      isReady = true;
      megabytes = peakMegabytes(child.pid);
      child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("close", () => {
      if (isReady) resolve(megabytes);
      else reject(new Error("the pack ended before it could be asked"));
    });
  });
}

/** VmHWM of proc(5): the most that a process has held; null on other systems. */
function peakMegabytes(pid: number | undefined): number | null {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}
