/** One timer for many deadlines that all lie equally far ahead: a timer for each command costs more than the command. */
import type { Time } from "./time";

/** Something that has to be over in time. */
export interface Timed {
  readonly deadlineMs: number;
  settled: boolean;
}

/** What is over is dropped once everything before it is over too; so many that are kept are moved at once. */
const COMPACT_AT = 4_096;

/** Items in the order of their deadlines. Holds no more than are open, and those that were settled out of order. */
export class Deadlines<T extends Timed> {
  readonly #time: Time;
  readonly #onExpired: (item: T) => void;
  #items: T[] = [];
  #head = 0;
  #stopTimer: (() => void) | undefined;

  /** @param onExpired - is to settle the item. */
  constructor(time: Time, onExpired: (item: T) => void) {
    this.#time = time;
    this.#onExpired = onExpired;
  }

  /** @param item - with a deadline that is not before that of the item before. */
  add(item: T): void {
    this.#items.push(item);
    this.#arm();
  }

  /** To be called when an item was settled. */
  settled(): void {
    while (this.#items[this.#head]?.settled === true) this.#head += 1;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
      this.#stopTimer?.();
      this.#stopTimer = undefined;
    } else if (this.#head > COMPACT_AT && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
  }

  #arm(): void {
    const first = this.#items[this.#head];
    if (this.#stopTimer !== undefined || first === undefined) return;
    this.#stopTimer = this.#time.after(Math.max(0, first.deadlineMs - this.#time.monotonicMs()), () => {
      this.#stopTimer = undefined;
      this.#expire();
      this.#arm();
    });
  }

  #expire(): void {
    const nowMs = this.#time.monotonicMs();
    for (;;) {
      const first = this.#items[this.#head];
      // A timer may come a fraction of a millisecond early; what is due then is due.
      if (first === undefined || first.deadlineMs > nowMs + 1) return;
      if (first.settled) this.#head += 1;
      else this.#onExpired(first);
    }
  }
}
