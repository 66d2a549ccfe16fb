/** Who waits until an entry was applied. Bounded by those who ask: a few barriers at a time. */
import type { Time } from "./time";

interface Waiter {
  readonly sequence: number;
  readonly resolve: (applied: boolean) => void;
}

/** Waiters by sequence. */
export class AppliedWaiters {
  readonly #time: Time;
  readonly #applied: () => number;
  readonly #waiters = new Set<Waiter>();

  /** @param applied - gives the sequence of the last applied entry. */
  constructor(time: Time, applied: () => number) {
    this.#time = time;
    this.#applied = applied;
  }

  /** Resolves with `true` once the entry, or a later one, is applied, with `false` after `forMs`. */
  wait(sequence: number, forMs: number): Promise<boolean> {
    if (this.#applied() >= sequence) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        sequence,
        resolve: (applied) => {
          stopTimer();
          this.#waiters.delete(waiter);
          resolve(applied);
        },
      };
      const stopTimer = this.#time.after(forMs, () => {
        waiter.resolve(false);
      });
      this.#waiters.add(waiter);
    });
  }

  /** To be called after entries were applied. */
  check(): void {
    if (this.#waiters.size === 0) return;
    const applied = this.#applied();
    for (const waiter of [...this.#waiters]) if (applied >= waiter.sequence) waiter.resolve(true);
  }
}
