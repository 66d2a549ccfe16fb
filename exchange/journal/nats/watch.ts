/** Notices that the stream is no longer the one that was opened. Pure but for the clock it is given. */

/** A description may come from an old leader that has not noticed yet (it looks every 10 s): a low end counts after this long only. */
const LOW_MS = 20_000;

/** Watches when the stream was made and how far it reaches. */
export class StreamWatch {
  readonly #stream: string;
  readonly #created: string;
  readonly #clock: () => number;
  #lookedAtMs: number;
  #lowSinceMs: number | undefined;
  #from = 0;

  constructor(stream: string, created: string, clock: () => number) {
    this.#stream = stream;
    this.#created = created;
    this.#clock = clock;
    this.#lookedAtMs = clock();
  }

  /** Whether the last look is `everyMs` ago; then this is one. */
  isDue(everyMs: number): boolean {
    if (this.#clock() - this.#lookedAtMs < everyMs) return false;
    this.#lookedAtMs = this.#clock();
    return true;
  }

  /** A reader starts at this sequence: what is below was already applied, from a snapshot. */
  started(sequence: number): void {
    this.#from = Math.max(this.#from, sequence - 1);
  }

  /** What a description shows to be wrong, in one sentence; `undefined` when nothing is. */
  saw(created: string, lastSequence: number, readSequence: number): string | undefined {
    if (created !== this.#created) {
      return `the stream ${this.#stream} was made anew at ${created}; the one that was read here is of ${this.#created}`;
    }
    const applied = Math.max(this.#from, readSequence);
    if (lastSequence >= applied) {
      this.#lowSinceMs = undefined;
      return undefined;
    }
    this.#lowSinceMs ??= this.#clock();
    if (this.#clock() - this.#lowSinceMs < LOW_MS) return undefined;
    return `the stream ${this.#stream} ends at ${String(lastSequence)}, although ${String(applied)} was already read: it was made anew or has lost its end`;
  }
}
