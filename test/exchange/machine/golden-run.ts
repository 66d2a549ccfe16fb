/** Replays a log of one payload a line and prints, as JSON, what it came to. Run as a program: `node golden-run.js LOG`. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Machine } from "../../../exchange/machine/machine";

/** What a replay came to. */
export interface Replay {
  node: string;
  entries: number;
  hash: string;
  /** Of all outcomes and events. */
  said: string;
  outcomes: Record<string, number>;
  events: Record<string, number>;
  undecodable: number;
}

/** Replays the log; half way it goes on from a snapshot. */
export function replay(log: string): Replay {
  let machine = Machine.empty();
  const said = createHash("sha256");
  const outcomes: Record<string, number> = {};
  const events: Record<string, number> = {};
  const count = (counts: Record<string, number>, name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const lines = log.trimEnd().split("\n");
  lines.forEach((line, index) => {
    if (index === Math.floor(lines.length / 2)) machine = Machine.restore(machine.snapshot());
    const applied = machine.apply(index + 1, new TextEncoder().encode(line));
    for (const outcome of applied.outcomes) count(outcomes, outcome.ok ? outcome.kind : outcome.code);
    for (const event of applied.events) count(events, event.type);
    said.update(JSON.stringify(applied, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part)));
  });
  const { undecodable } = machine;
  const entries = lines.length;
  return {
    node: process.version,
    entries,
    hash: machine.hash(),
    said: said.digest("hex"),
    outcomes,
    events,
    undecodable,
  };
}

const [, program, file] = process.argv;
if (program?.endsWith("golden-run.js") === true && file !== undefined) {
  process.stdout.write(`${JSON.stringify(replay(readFileSync(file, "utf8")))}\n`);
}
