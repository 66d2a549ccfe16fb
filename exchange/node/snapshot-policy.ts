/**
 * When a node may save its state. No entry is applied while the state is written down, so orders of this node wait: that is kept short, rare, and
 * at another entry on every node. A state that takes longer is saved while nobody waits: during the start, and at a clean stop.
 */
import type { Time } from "./time";

/** Entries between two snapshots, at least: reading so many again takes about a second. Chance adds up to half of it. */
export const SNAPSHOT_EVERY = 50_000;
/** How long orders may wait for a snapshot, in milliseconds. Less than a private read waits to be current (`CAUGHT_UP_MS`) and than what counts as behind (`BEHIND_MS`). */
export const PAUSE_MS_MAX = 800;
/** What is expected to take longer than this is not begun: expectations are rough. */
const PAUSE_MS_EXPECTED_MAX = 600;
/** Of this many milliseconds at most one is spent on snapshots while the node serves. */
export const SERVING_SHARE = 100;
/** The same while it starts, when nobody waits for a single order. */
export const STARTING_SHARE = 10;
/** What is not yet due by time is looked at again after so many entries. */
const LOOK_EVERY = 1_000;
/** Milliseconds for one line of the state: what is expected at first, and the least that is ever expected. */
const LINE_MS_FIRST = 0.004;
const LINE_MS_MIN = 0.0015;

/** What the policy needs of its node. */
export interface PolicyParts {
  readonly time: Pick<Time, "monotonicMs">;
  /** Chance, from 0 to 1. */
  readonly random: () => number;
  /** Lines that the state has by now. */
  readonly lines: () => number;
}

/** One node's policy, and what it learns from each walk. */
export class SnapshotPolicy {
  readonly #parts: PolicyParts;
  #savedSequence: number;
  #dueSequence = 0;
  #lastEndMs: number;
  #lineMs = LINE_MS_FIRST;

  /** @param sequence - of the state that the node began with. */
  constructor(parts: PolicyParts, sequence: number) {
    this.#parts = parts;
    this.#savedSequence = sequence;
    this.#lastEndMs = parts.time.monotonicMs();
    this.#draw(sequence);
  }

  /** Entries that a start would read again by now. */
  unsaved(sequence: number): number {
    return sequence - this.#savedSequence;
  }

  /** After each entry: `now` begins a snapshot, `skipped` means that one was due and would have taken too long. */
  judge(sequence: number, isServing: boolean): "now" | "skipped" | "later" {
    if (sequence < this.#dueSequence) return "later";
    const expectedMs = this.#parts.lines() * this.#lineMs;
    if (isServing && expectedMs > PAUSE_MS_EXPECTED_MAX) {
      // A busy hour may have made walks seem longer than they are, so the expectation fades until one is tried again.
      this.#lineMs = Math.max(LINE_MS_MIN, this.#lineMs * 0.9);
      this.#draw(sequence);
      return "skipped";
    }
    const idleMs = this.#parts.time.monotonicMs() - this.#lastEndMs;
    if (idleMs >= expectedMs * (isServing ? SERVING_SHARE : STARTING_SHARE)) return "now";
    this.#dueSequence = sequence + LOOK_EVERY;
    return "later";
  }

  /** A walk over the whole state ended well. */
  walked(sequence: number, tookMs: number): void {
    this.#lineMs = Math.max(LINE_MS_MIN, tookMs / Math.max(1, this.#parts.lines()));
    this.#savedSequence = sequence;
    this.#end(sequence);
  }

  /** A walk took too long and was ended. */
  gaveUp(sequence: number): void {
    this.#lineMs *= 2;
    this.#end(sequence);
  }

  #end(sequence: number): void {
    this.#lastEndMs = this.#parts.time.monotonicMs();
    this.#draw(sequence);
  }

  #draw(sequence: number): void {
    this.#dueSequence = sequence + SNAPSHOT_EVERY + Math.floor((this.#parts.random() * SNAPSHOT_EVERY) / 2);
  }
}
