/** One reader of a journal that another process owns: what has come and was not taken yet. */
import { JournalDamaged, type JournalEntry } from "../journal";

/** Batches of a reader that may be on the way or held; the owner sends no more. */
export const WINDOW = 8;

/** Holds at most `WINDOW` batches. */
export class RemoteRead {
  /** Sequence of the entry that is to come next. */
  next: number;
  readonly #grant: () => void;
  readonly #batches: JournalEntry[][] = [];
  #error: Error | undefined;
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** `grant`: lets the owner send one more batch. */
  constructor(next: number, grant: () => void) {
    this.next = next;
    this.#grant = grant;
  }

  /** Batches that have come and were not taken. */
  get held(): number {
    return this.#batches.length;
  }

  put(entries: JournalEntry[]): void {
    const first = entries[0]?.sequence ?? 0;
    if (first !== this.next) {
      this.fail(new JournalDamaged(`sequence ${String(first)} follows ${String(this.next - 1)}`));
      return;
    }
    this.next += entries.length;
    this.#batches.push(entries);
    this.#wake?.();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** The next batch, as soon as there is one; `undefined` at the end or when the signal is given. @throws what `fail` was given, after the batches before it. */
  async take(signal: AbortSignal): Promise<JournalEntry[] | undefined> {
    for (;;) {
      if (signal.aborted || this.#isEnded) return undefined;
      const batch = this.#batches.shift();
      if (batch !== undefined) {
        this.#grant();
        return batch;
      }
      if (this.#error !== undefined) throw this.#error;
      await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake = undefined;
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#wake = done;
      signal.addEventListener("abort", done);
    });
  }
}
