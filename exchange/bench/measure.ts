/** What the benches share: rounds in alternation, medians, percentiles, one table. */
import { cpus, totalmem } from "node:os";

/** The middle of some numbers; of an even count the lower middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value that so many percent are at or below. @param percent - 0 to 100. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new Error("there is nothing to take a percentile of");
  return value;
}

/** Runs `a` and `b` in turn, so that whatever else the machine does meets both, and answers with what each said, round by round. */
export async function alternately<A, B>(
  rounds: number,
  a: () => A | Promise<A>,
  b: () => B | Promise<B>,
): Promise<{ a: A[]; b: B[] }> {
  const said: { a: A[]; b: B[] } = { a: [], b: [] };
  for (let round = 0; round < rounds; round += 1) {
    said.a.push(await a());
    said.b.push(await b());
  }
  return said;
}

/** Milliseconds that something took. */
export async function tookMs(run: () => unknown): Promise<number> {
  const since = performance.now();
  await run();
  return performance.now() - since;
}

/** Seconds of processor time since then, collection of garbage included: what a busy neighbour does not stretch. */
export function processorSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000_000;
}

/** One line of the table. `goal`: the least ratio that is wanted. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly theirs?: string;
  readonly ratio?: number;
  readonly goal?: number;
}

/** `12,345/s` */
export function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString("en")}/s`;
}

/** `1.2 ms` */
export function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** The table, columns aligned, a missed goal marked. */
export function table(rows: readonly Row[]): string {
  const head = ["", "ours", "beside", "ratio", "goal"];
  const lines = rows.map(({ what, ours, theirs = "", ratio, goal }) => [
    what,
    ours,
    theirs,
    ratio === undefined ? "" : ratio.toFixed(2),
    goal === undefined ? "" : `>= ${goal.toFixed(1)}${ratio !== undefined && ratio < goal ? " MISSED" : ""}`,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => (line[column] ?? "").length)));
  const shown = [head, ...lines].map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${shown.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** The machine that a table belongs to. */
export function machineLine(): string {
  const all = cpus();
  const gigabytes = (totalmem() / 1024 ** 3).toFixed(0);
  return `${String(all.length)} x ${all[0]?.model.trim() ?? "unknown processor"}, ${gigabytes} GB, ${process.platform}, Node ${process.version}`;
}

/** Chance from a seed (mulberry32): the same numbers each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
