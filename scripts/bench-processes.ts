import { existsSync, readdirSync, readFileSync } from "node:fs";
import { takenByChildren, type Taken } from "./bench-measure";

/** What one thing took, with the memory of all its processes together. */
export interface Held extends Taken {
  /** The most that they held at one moment, in MB; null on systems without `/proc`. */
  peakMegabytes: number | null;
}

/**
 * Runs something that starts processes, and looks at them and at all that they start every 50 ms. Memory is their proportional set size (`Pss` of
 * proc(5)): what several of them share, such as the executable of Node.js, counts once. This process itself, and what ran before, is left out.
 */
export async function heldByChildren(run: () => Promise<unknown>): Promise<Held> {
  const before = new Set(descendants(process.pid));
  let peak = 0;
  const timer = setInterval(() => {
    const started = descendants(process.pid).filter((pid) => !before.has(pid));
    peak = Math.max(
      peak,
      started.reduce((sum, pid) => sum + proportionalKilobytes(pid), 0),
    );
  }, SAMPLE_MILLISECONDS);
  try {
    const taken = await takenByChildren(run);
    return { ...taken, peakMegabytes: existsSync("/proc") ? peak / 1024 : null };
  } finally {
    clearInterval(timer);
  }
}

/** The middle one of each measure; of an even number, the lower of the two. */
export function median(all: readonly Held[]): Held {
  const middle = (values: readonly number[]): number => {
    const sorted = [...values].sort((a, b) => a - b);
    const value = sorted[Math.floor((sorted.length - 1) / 2)];
    if (value === undefined) throw new Error("nothing was run");
    return value;
  };
  const known = (values: readonly (number | null)[]): number | null => {
    const numbers = values.filter((value) => value !== null);
    return numbers.length < values.length ? null : middle(numbers);
  };
  return {
    wallSeconds: middle(all.map(({ wallSeconds }) => wallSeconds)),
    cpuSeconds: known(all.map(({ cpuSeconds }) => cpuSeconds)),
    peakMegabytes: known(all.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

const SAMPLE_MILLISECONDS = 50;

/** Processes below one, at any depth, also where they have process groups of their own. */
function descendants(root: number): number[] {
  if (!existsSync("/proc")) return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

/** The fourth field of proc(5)'s stat; the second, a name in brackets, may hold spaces. */
function parentOf(pid: string): number | undefined {
  const text = readOf(pid, "stat");
  return text === undefined ? undefined : Number(text.replace(/^.*\) /s, "").split(" ")[1]);
}

function proportionalKilobytes(pid: number): number {
  const rollup = readOf(String(pid), "smaps_rollup") ?? "";
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
}

/** A file of a process that may have ended meanwhile. */
function readOf(pid: string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
