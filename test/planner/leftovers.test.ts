/**
 * Proves that no process of a program outlives its run, wherever it went and however either of them ends, that the run comes to an end in spite of
 * it, and that what it prints takes a bounded memory. Does not prove it for processes that rid themselves of their environment on a system
 * without /proc, or where there is no shell.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  closedEnvironment,
  markedProcesses,
  newRunMark,
  runVariable,
  withoutCoreFiles,
} from "../../planner/program/child";
import { runContained } from "../../planner/program/contained";
import type { Ending } from "../../planner/program/ending";
import { KeptOutput } from "../../planner/program/kept-output";
import { preloadFlag } from "../../planner/program/preload";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-leftovers-")));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function run(source: string, timeoutSeconds = 60): Promise<Ending> {
  const path = join(directory, "program.cjs");
  writeFileSync(path, source);
  const environment = closedEnvironment();
  return runContained({ args: [preloadFlag, path], directory, environment, timeoutSeconds, signal: undefined });
}

/** A process that has ended may stay in the table until its parent has noticed (state Z). */
const isRunning = (pid: number): boolean => {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
};
const pidsIn = (text: string): number[] => [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));

/** Starts processes that leave: a session of its own, one with nothing of the environment, an orphan of a shell, one that keeps the output open. */
const leavers = `const { spawn, spawnSync } = require("node:child_process");
const start = (options) => {
  const child = spawn("sleep", ["600"], { stdio: "ignore", detached: true, ...options });
  child.unref();
  console.log("pid", child.pid);
};
start({});
start({ env: {} });
start({ stdio: "inherit" });
const { stdout } = spawnSync("sh", ["-c", "nohup sleep 600 >/dev/null 2>&1 & echo $!"], { encoding: "utf8" });
console.log("pid", stdout.trim());
`;

describe("what a program starts", () => {
  it("ends with it, wherever it went, and keeps nobody waiting", async () => {
    const { printed, status } = await run(leavers);
    expect(status).toBe(0);
    expect(pidsIn(printed).map(isRunning)).toEqual([false, false, false, false]);
  });

  it("ends with it at its time limit, also if it hears no signal", async () => {
    const source = `${leavers}for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"]) process.on(signal, () => undefined);
setInterval(() => undefined, 1000);`;
    const { printed, stopped, signal } = await run(source, 2);
    expect({ stopped, signal }).toEqual({ stopped: "timeout", signal: "SIGKILL" });
    expect(pidsIn(printed).map(isRunning)).toEqual([false, false, false, false]);
  });

  it("is found by what systems without /proc show, too", async () => {
    const mark = newRunMark();
    const child = spawn("sleep", ["600"], { env: { ...closedEnvironment(), [runVariable]: mark }, stdio: "ignore" });
    try {
      await once(child, "spawn");
      expect(markedProcesses(mark)).toEqual([child.pid]);
      expect(markedProcesses(mark, join(directory, "no-proc"))).toEqual([child.pid]);
      expect(markedProcesses(newRunMark())).toEqual([]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

describe("a run whose own process", () => {
  const driver = `import { runContained } from ${JSON.stringify(join(__dirname, "../../planner/program/contained"))};
import { closedEnvironment } from ${JSON.stringify(join(__dirname, "../../planner/program/child"))};
import { preloadFlag } from ${JSON.stringify(join(__dirname, "../../planner/program/preload"))};
const program = process.argv[2] ?? "";
void runContained({ args: [preloadFlag, program], directory: ".", environment: closedEnvironment(), timeoutSeconds: 600, signal: undefined });
`;

  it.each(["SIGKILL", "SIGHUP", "SIGTERM"] as const)("ends by %s leaves nothing running", async (signal) => {
    const pids = join(directory, `pids-${signal}`);
    const program = join(directory, `busy-${signal}.cjs`);
    writeFileSync(join(directory, "driver.ts"), driver);
    writeFileSync(
      program,
      `const { spawn } = require("node:child_process");
const child = spawn("sleep", ["600"], { stdio: "ignore", detached: true });
require("node:fs").writeFileSync(${JSON.stringify(pids)}, "pid " + process.pid + " pid " + child.pid + " end");
for (;;);`,
    );
    const tsx = join(__dirname, "../../node_modules/tsx/dist/cli.mjs");
    const own = spawn(process.execPath, [tsx, join(directory, "driver.ts"), program], {
      stdio: "ignore",
      detached: true,
    });
    try {
      await expect.poll(() => pidsIn(contentOf(pids)), { timeout: 60_000 }).toHaveLength(2);
      const started = pidsIn(contentOf(pids));
      expect(started.map(isRunning)).toEqual([true, true]);
      // tsx starts another process: the signal is for both, as a terminal or a supervisor sends it.
      process.kill(-(own.pid ?? 0), signal);
      await expect.poll(() => started.map(isRunning), { timeout: 30_000 }).toEqual([false, false]);
    } finally {
      for (const pid of pidsIn(contentOf(pids))) endIfThere(pid);
      endIfThere(-(own.pid ?? 0));
    }
  });

  const contentOf = (file: string): string => {
    try {
      const text = readFileSync(file, "utf8");
      return text.endsWith("end") ? text : "";
    } catch {
      return "";
    }
  };
  const endIfThere = (pid: number): void => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
});

describe("a program that", () => {
  it("never stops printing is stopped at its limit, and the beginning and the end are kept", async () => {
    const ending = await run(
      `console.log("first"); const line = "x".repeat(65535) + "\\n"; const more = () => process.stdout.write(line, more); more();`,
      3,
    );
    expect(ending.stopped).toBe("timeout");
    expect(ending.printed.startsWith("first\nxxx")).toBe(true);
    expect(ending.printed).toMatch(/\n… \d+ characters are left out here …\n/);
    expect(ending.printed.length).toBeLessThan(2_000_200);
  });

  it("kills its own group is told where", async () => {
    const { signal, exit } = await run(`\nprocess.kill(0, "SIGKILL");`);
    expect({ signal, call: exit?.call }).toEqual({ signal: "SIGKILL", call: "process.kill" });
    expect(exit?.stack).toContain("program.cjs:2");
  });

  it("stops itself is stopped at its limit", async () => {
    const { stopped, signal } = await run(`process.kill(process.pid, "SIGSTOP"); for (;;);`, 2);
    expect({ stopped, signal }).toEqual({ stopped: "timeout", signal: "SIGKILL" });
  });

  it("writes at the channel itself is not believed, and harms nothing", async () => {
    const told = await run(
      `const { writeSync } = require("node:fs");
writeSync(3, "{ no JSON\\n42\\nnull\\n[]\\n" + JSON.stringify({ kind: "error", stacks: 7 }) + "\\n" + JSON.stringify({ kind: "network", what: {} }) + "\\n");
writeSync(3, "x".repeat(5_000_000) + "\\n");
throw new Error("the last word");`,
    );
    expect(told.stacks).toHaveLength(1);
    expect(told.stacks[0]).toContain("the last word");
    expect(told.connections).toEqual([{ what: "", stack: "" }]);
  });

  it("closes the channel and opens a file in its place finds nothing of ours in it", async () => {
    const file = join(directory, "opened");
    const { status } = await run(
      `const { closeSync, openSync } = require("node:fs");
closeSync(3);
if (openSync(${JSON.stringify(file)}, "w") !== 3) throw new Error("another descriptor");
process.exit(5);`,
    );
    expect(status).toBe(5);
    expect(readFileSync(file, "utf8")).toBe("");
  });
});

describe("a crash", () => {
  it("leaves no image of the memory in the program's folder, whatever the caller's limit is", () => {
    const [file, args] = withoutCoreFiles("/bin/sh", ["-c", 'ulimit -c; echo "$1" "$2"', "sh", "a b", "c"]);
    const { stdout } = spawnSync("/bin/sh", ["-c", 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"', file, ...args], {
      encoding: "utf8",
    });
    expect(stdout).toBe("0\na b c\n");
  });
});

describe("kept output", () => {
  it("is the whole of what is little", () => {
    const kept = new KeptOutput(10);
    for (const part of ["one ", "two ", "three ", "four"]) kept.add(part);
    expect(kept.text()).toBe("one two three four");
  });

  it("is the beginning and the end of what is much, with how much is missing", () => {
    const kept = new KeptOutput(4);
    for (const letter of "abcdefghijklmnopqrstuvwxyz") kept.add(letter);
    expect(kept.text()).toBe("abcd\n… 18 characters are left out here …\nwxyz");
  });

  it("does not lose that the SDK told of an error", () => {
    const kept = new KeptOutput(20);
    kept.add(`${"x".repeat(30)}\nerror: [runtime] it broke\n${"y".repeat(60)}`);
    expect(kept.text()).toContain("\nerror: [runtime] an error among what is left out of the program's output\n");
  });
});
