import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The variable that marks the processes of one run: whoever starts a process hands it on, also to one that leaves the group. */
export const runVariable = "TWODOOR_RUN";

/**
 * What a program of somebody else's gets of the caller's environment: where to find programs and where to put temporary files.
 * Provider constructors read `AWS_REGION`, `GOOGLE_PROJECT` and many others, so nothing else is passed on; no proxy either.
 */
export function closedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    ["PATH", "HOME", "TMPDIR"].flatMap((name): [string, string][] => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A mark that no other run has. */
export function newRunMark(): string {
  return randomUUID();
}

/** Ends a child that was started `detached`, with every process that it started and that stayed in its group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // No process of the group is left.
  }
}

/** As often as this, whoever appears while others are ended is looked for. */
const killRounds = 10;

/** Ends every process that was started with the mark, wherever it went: detached, in a session of its own, adopted by init. */
export function killMarked(mark: string): void {
  for (let round = 0; round < killRounds; round += 1) {
    const found = markedProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
}

/**
 * Processes whose environment holds the mark. Linux keeps the environment that a process was started with in `/proc` (`man 5 proc`); elsewhere
 * `ps` shows what the system lets a person see. Windows shows none.
 *
 * @param proc - where processes are listed.
 */
export function markedProcesses(mark: string, proc = "/proc"): number[] {
  const text = `${runVariable}=${mark}`;
  if (existsSync(`${proc}/self/environ`)) {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name) && environmentOf(`${proc}/${name}/environ`).includes(`${text}\0`))
      .map(Number);
  }
  if (process.platform === "win32") return [];
  const { stdout } = spawnSync("ps", ["axeww", "-o", "pid=,command="], { encoding: "utf8", timeout: 2000 });
  return (
    (stdout as string | null)?.split("\n").flatMap((line) => (line.includes(text) ? Number.parseInt(line, 10) : [])) ??
    []
  );
}

/** Ended with a zero byte, as each variable is. Empty where it is somebody else's process or has gone. */
function environmentOf(file: string): string {
  try {
    return `${readFileSync(file, "latin1")}\0`;
  } catch {
    return "";
  }
}

/** Waits until its standard input ends, which it does when we are gone, however we went; then ends the group and whoever has the mark. */
const watch = `read -r _
n=0
while [ $n -lt ${String(killRounds)} ]; do
  found=$(grep -laF "$2" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3)
  [ $n -gt 0 ] && [ -z "$found" ] && exit
  kill -s KILL -- "-$1" $found 2>/dev/null
  n=$((n + 1))
done`;

/**
 * Starts what ends a child with all that it started when this process ends without a chance to do so (SIGKILL, a crash, a closed terminal).
 * A shell, which costs a megabyte and a few milliseconds; where there is none, nothing is watched.
 *
 * @returns how to call it off.
 */
export function watchOver(child: ChildProcess, mark: string): () => void {
  if (child.pid === undefined || !existsSync("/bin/sh")) return () => undefined;
  const args = ["-c", watch, "twodoor-watch", String(child.pid), `${runVariable}=${mark}`];
  const watcher = spawn("/bin/sh", args, {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: closedEnvironment(),
  });
  watcher.on("error", () => undefined).unref();
  watcher.stdin.on("error", () => undefined);
  return () => {
    watcher.kill("SIGKILL");
    watcher.stdin.destroy();
  };
}

/** The command that runs another one and leaves no memory image of it behind if it crashes: those are written into the working directory. */
export function withoutCoreFiles(file: string, args: string[]): [string, string[]] {
  if (!existsSync("/bin/sh")) return [file, args];
  return ["/bin/sh", ["-c", 'ulimit -c 0 2>/dev/null; exec "$0" "$@"', file, ...args]];
}
