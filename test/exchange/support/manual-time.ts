/** Time that stands still until a test moves it. */
import type { Time } from "../../../exchange/node/time";

/** Clocks and timers that only `advance` moves. */
export class ManualTime implements Time {
  #nowMs = 0;
  readonly #epochMs: number;
  readonly #timers = new Set<{ dueMs: number; call: () => void }>();

  /** @param epochMs - wall clock at the beginning. */
  constructor(epochMs = 1_700_000_000_000) {
    this.#epochMs = epochMs;
  }

  clock(): number {
    return this.#epochMs + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, call };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves time, calling each timer when it is due; what was set in motion by it runs as far as it can without time. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settle();
    for (;;) {
      let next: { dueMs: number; call: () => void } | undefined;
      for (const timer of this.#timers)
        if (timer.dueMs <= endMs && (next?.dueMs ?? Infinity) > timer.dueMs) next = timer;
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.call();
      await settle();
    }
    this.#nowMs = endMs;
    await settle();
  }
}

/** Lets everything run that needs no time: a few turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
