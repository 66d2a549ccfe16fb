import { existsSync, readFileSync } from "node:fs";

/** What one thing took: seconds by the clock, and of processor time; `cpuSeconds` is null where the machine does not tell it. */
export interface Taken {
  wallSeconds: number;
  cpuSeconds: number | null;
}

/** Runs something that starts processes and waits for them: their processor time, and that of all that they waited for. */
export async function takenByChildren(run: () => Promise<unknown>): Promise<Taken> {
  const before = childSeconds();
  const start = performance.now();
  await run();
  const wallSeconds = (performance.now() - start) / 1000;
  const after = childSeconds();
  return { wallSeconds, cpuSeconds: before === null || after === null ? null : after - before };
}

/** Runs something in this process some times over; the least that it took, since everything else is somebody else's work. */
export function leastTaken(times: number, run: () => unknown): Taken {
  const all = Array.from({ length: times }, (): Taken & { cpuSeconds: number } => {
    const before = process.cpuUsage();
    const start = performance.now();
    run();
    const wallSeconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    return { wallSeconds, cpuSeconds: (user + system) / 1_000_000 };
  });
  const [least] = all.sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  if (least === undefined) throw new Error("nothing was run");
  return least;
}

/** `3.1 x`: how many times `of` one is, by processor time where both have it. */
export function ratio(of: Taken, one: Taken): string {
  if (of.cpuSeconds === null || one.cpuSeconds === null)
    return `${(of.wallSeconds / one.wallSeconds).toFixed(1)} x (clock)`;
  return `${(of.cpuSeconds / one.cpuSeconds).toFixed(1)} x`;
}

/** `1.23`; `-` where it is not known. */
export function seconds(value: number | null): string {
  return value === null ? "-" : value.toFixed(value < 1 ? 3 : 2);
}

/** Columns that line up: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return `${rows.map((row) => `  ${lineOf(row)}`.trimEnd()).join("\n")}\n`;
}

/** Ticks of `/proc` in a second: 100 on every Linux that Node.js runs on (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Processor time of the children that have ended, user and system: fields 16 and 17 of proc(5)'s stat; null on other systems. */
function childSeconds(): number | null {
  if (!existsSync("/proc/self/stat")) return null;
  // The second field, a name in brackets, may hold spaces: what follows it begins with the third.
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}
