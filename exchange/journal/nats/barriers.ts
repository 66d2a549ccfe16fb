/** Barriers, many at a time: an empty entry that starts after the question stands above everything acknowledged before it, for all who asked until then. */
import { OutcomeUnknown } from "../journal";

/** One empty entry on its way, and one more that starts when it is there. */
export class Barriers {
  readonly #write: (deadlineMs: number) => Promise<number>;
  #running: Promise<number> | undefined;
  #next: Promise<number> | undefined;
  #startedAtMs = Number.NEGATIVE_INFINITY;

  /** @param write - appends an empty entry and answers with its sequence. */
  constructor(write: (deadlineMs: number) => Promise<number>) {
    this.#write = write;
  }

  /** When the last empty entry was sent (`performance.now()`). */
  get startedAtMs(): number {
    return this.#startedAtMs;
  }

  /** Sequence of an entry that was sent after the call. @throws OutcomeUnknown after `deadlineMs`, or at once when the empty entry is refused. */
  async wait(deadlineMs: number): Promise<number> {
    const endMs = performance.now() + deadlineMs;
    for (;;) {
      const leftMs = endMs - performance.now();
      try {
        return await within(this.#later(leftMs), leftMs);
      } catch (error) {
        const message = error instanceof Error ? error.message : "unknown error";
        // A refused empty entry (closed, full) tells nothing about what others wrote.
        if (!(error instanceof OutcomeUnknown)) throw new OutcomeUnknown(message, { cause: error });
        // The shared entry has the deadline of whoever asked first: ask again while there is time of one's own.
        if (endMs - performance.now() < 1) throw error;
      }
    }
  }

  /** One that is already under way may stand below an entry acknowledged meanwhile: whoever asks now waits for the one after it. */
  #later(deadlineMs: number): Promise<number> {
    if (this.#running === undefined) return this.#start(deadlineMs);
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start(deadlineMs);
      });
    return this.#next;
  }

  #start(deadlineMs: number): Promise<number> {
    this.#startedAtMs = performance.now();
    const running = this.#write(deadlineMs).finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}

async function within(answer: Promise<number>, milliseconds: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new OutcomeUnknown(`no barrier within ${String(milliseconds)} ms`));
    }, milliseconds);
  });
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
