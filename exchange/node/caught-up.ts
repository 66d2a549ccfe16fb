/** Whether this node has seen everything that was acknowledged before somebody asked. One barrier serves all who wait for it. */
import { type Journal, OutcomeUnknown } from "../journal/journal";
import type { Time } from "./time";

/** How long a read waits to learn what there is, in milliseconds. */
export const CAUGHT_UP_MS = 1_000;
/** Barriers on their way at once: a read need not wait for the one before to come back. */
const ROUNDS_MAX = 4;

/** Resolves when an entry of that sequence, or a later one, was applied; `false` when that took too long. */
export type WaitApplied = (sequence: number, forMs: number) => Promise<boolean>;

/** Shares barriers among those who ask at the same time. */
export class CaughtUp {
  readonly #journal: Journal;
  readonly #time: Time;
  readonly #waitApplied: WaitApplied;
  readonly #onFault: (error: unknown) => void;
  #running = 0;
  #gathering: { promise: Promise<boolean>; resolve: (caughtUp: boolean) => void } | undefined;

  constructor(journal: Journal, time: Time, waitApplied: WaitApplied, onFault: (error: unknown) => void) {
    this.#journal = journal;
    this.#time = time;
    this.#waitApplied = waitApplied;
    this.#onFault = onFault;
  }

  /** See `Exchange.caughtUp`. Never rejects, and answers within `CAUGHT_UP_MS`. */
  ask(): Promise<boolean> {
    if (this.#gathering === undefined) {
      let resolve: (caughtUp: boolean) => void = () => undefined;
      const promise = new Promise<boolean>((settle) => {
        resolve = settle;
      });
      this.#gathering = { promise, resolve };
      setImmediate(() => {
        this.#begin();
      });
    }
    const { promise } = this.#gathering;
    return new Promise((resolve) => {
      const stopTimer = this.#time.after(CAUGHT_UP_MS, () => {
        resolve(false);
      });
      void promise.then((caughtUp) => {
        stopTimer();
        resolve(caughtUp);
      });
    });
  }

  #begin(): void {
    if (this.#gathering === undefined || this.#running >= ROUNDS_MAX) return;
    const { resolve } = this.#gathering;
    this.#gathering = undefined;
    this.#running += 1;
    void this.#round().then((caughtUp) => {
      this.#running -= 1;
      resolve(caughtUp);
      this.#begin();
    });
  }

  async #round(): Promise<boolean> {
    const startedMs = this.#time.monotonicMs();
    try {
      const sequence = await this.#journal.barrier(CAUGHT_UP_MS);
      const leftMs = CAUGHT_UP_MS - (this.#time.monotonicMs() - startedMs);
      return await this.#waitApplied(sequence, Math.max(0, leftMs));
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) this.#onFault(error);
      return false;
    }
  }
}
