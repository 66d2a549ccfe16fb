/** A journal in memory, for tests of what stands on it: several nodes can share one, and tests decide when and how it answers. */
import {
  type Appended,
  AppendRefused,
  type Journal,
  type JournalEntry,
  type JournalStatus,
  type NewEntry,
  OutcomeUnknown,
} from "../../../exchange/journal/journal";

/** What an append does next: is written and acknowledged; is written and not acknowledged; is neither; is refused; waits to be told. */
export type AppendMode = "ok" | "lost-answer" | "lost" | AppendRefused["reason"] | "hold";

/** One list of entries. */
export class MemoryJournal implements Journal {
  readonly payloadBytesMax: number;
  readonly entries: JournalEntry[] = [];
  /** Every append asked for, in order. */
  readonly asked: NewEntry[] = [];
  appendMode: AppendMode = "ok";
  /** Whether readers are given what is new, and barriers answered. */
  isReadable = true;
  isBarrierAnswered = true;
  statusOverride: Partial<JournalStatus> = {};
  readonly #ids = new Map<string, number>();
  readonly #wakers = new Set<() => void>();
  readonly #held: (() => void)[] = [];
  #isClosed = false;

  constructor(payloadBytesMax = 1_000_000) {
    this.payloadBytesMax = payloadBytesMax;
  }

  /** Lets go of appends that were held: they are written and acknowledged, the last first where `reversed`. */
  release({ reversed = false } = {}): void {
    const held = this.#held.splice(0);
    for (const go of reversed ? held.reverse() : held) go();
  }

  /** Wakes readers after `isReadable` was set. */
  wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }

  /** Writes an entry as another node would. */
  write(entry: NewEntry): Appended {
    const known = this.#ids.get(entry.id);
    if (known !== undefined) return { sequence: known, duplicate: true };
    const sequence = this.entries.length + 1;
    this.#ids.set(entry.id, sequence);
    this.entries.push({ sequence, payload: entry.payload });
    this.wake();
    return { sequence, duplicate: false };
  }

  async append(entry: NewEntry, deadlineMs: number): Promise<Appended> {
    this.asked.push(entry);
    const mode = this.appendMode;
    await Promise.resolve();
    if (this.#isClosed) throw new AppendRefused("closed", "closed");
    switch (mode) {
      case "ok":
        return this.write(entry);
      case "hold":
        return new Promise((resolve) => {
          this.#held.push(() => {
            resolve(this.write(entry));
          });
        });
      case "lost":
      case "lost-answer":
        if (mode === "lost-answer") this.write(entry);
        await new Promise((resolve) => setTimeout(resolve, Math.min(deadlineMs, 20)));
        throw new OutcomeUnknown("lost");
      default:
        throw new AppendRefused(mode, `refused: ${mode}`);
    }
  }

  async *read(sequence: number, signal: AbortSignal): AsyncIterable<readonly JournalEntry[]> {
    let next = sequence - 1;
    while (!signal.aborted) {
      if (this.isReadable && next < this.entries.length) {
        const batch = this.entries.slice(next, next + 1_000);
        next += batch.length;
        yield batch;
        continue;
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#wakers.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.#wakers.add(wake);
        signal.addEventListener("abort", wake);
      });
    }
  }

  async barrier(deadlineMs: number): Promise<number> {
    if (this.isBarrierAnswered) return Promise.resolve(this.entries.length);
    await new Promise((resolve) => setTimeout(resolve, Math.min(deadlineMs, 20)));
    throw new OutcomeUnknown("no barrier");
  }

  status(): JournalStatus {
    const whole = { votersReached: 1, voters: 1, appending: true, sinceMs: 0, lastSequence: this.entries.length };
    return { ...whole, detail: {}, ...this.statusOverride };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.wake();
    return Promise.resolve();
  }
}
