/** Whether entries are acknowledged: watched by their acknowledgements, since a stream can look healthy and take nothing. Pure but for the clock it is given. */
import { JournalDamaged, type Appended } from "../journal";

/** An entry that waits longer than this says that appends are not acknowledged. */
export const SLOW_MS = 1_500;

/** What is known about appends, and how high the journal is known to reach. */
export class Progress {
  readonly #clock: () => number;
  /** When each waiting append began; as many as the node lets wait. */
  readonly #waiting = new Set<{ readonly sinceMs: number }>();
  readonly #listeners = new Set<() => void>();
  #isAppending = true;
  #sinceMs: number;
  #acknowledgedAtMs: number;
  #lastSequence = 0;
  #readSequence = 0;
  #damage: JournalDamaged | undefined;
  readonly #stream: string;

  /** @param clock - `performance.now` or a test's own. */
  constructor(stream: string, clock: () => number) {
    this.#stream = stream;
    this.#clock = clock;
    this.#sinceMs = clock();
    this.#acknowledgedAtMs = clock();
  }

  /** An append waits from now on, until `end`. */
  begin(sinceMs: number): { end: () => void } {
    const entry = { sinceMs };
    this.#waiting.add(entry);
    return {
      end: () => {
        this.#judge();
        this.#waiting.delete(entry);
      },
    };
  }

  /**
   * An entry stands at this sequence.
   *
   * @param readBefore - what this node had read when it first sent the entry; a new one must stand above. When it does not, the stream was made
   * anew or has lost its end: see `damage`.
   */
  acknowledged(appended: Appended, readBefore: number): void {
    if (!appended.duplicate && appended.sequence <= readBefore) {
      this.damaged(
        `the stream ${this.#stream} gave a new entry the sequence ${String(appended.sequence)}, although ${String(readBefore)} had been read before it was sent: it was made anew or has lost its end`,
      );
    }
    this.#alive();
    this.known(appended.sequence);
  }

  /** The voters refused an entry: they answer, so entries that are not refused are acknowledged. */
  refused(): void {
    this.#alive();
  }

  /** The journal reaches at least this far. */
  known(sequence: number): void {
    if (sequence <= this.#lastSequence) return;
    this.#lastSequence = sequence;
    for (const listener of this.#listeners) listener();
  }

  /** This node has read up to here. */
  read(sequence: number): void {
    if (sequence > this.#readSequence) this.#readSequence = sequence;
    this.known(sequence);
  }

  /** The journal cannot be trusted from here on; readers learn it. The first finding stays. */
  damaged(message: string): void {
    this.#damage ??= new JournalDamaged(message);
    for (const listener of this.#listeners) listener();
  }

  get damage(): JournalDamaged | undefined {
    return this.#damage;
  }

  /** Highest sequence known to exist. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Highest sequence that a reader of this node was given. */
  get readSequence(): number {
    return this.#readSequence;
  }

  /** When an append was last acknowledged. */
  get acknowledgedAtMs(): number {
    return this.#acknowledgedAtMs;
  }

  /** Whether appends are acknowledged, and since when that holds. */
  state(): { readonly appending: boolean; readonly sinceMs: number } {
    this.#judge();
    return { appending: this.#isAppending, sinceMs: this.#sinceMs };
  }

  /** Called when the journal is known to reach further, or is found damaged. Returns how to stop. */
  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #alive(): void {
    this.#acknowledgedAtMs = this.#clock();
    if (this.#isAppending) return;
    this.#isAppending = true;
    this.#sinceMs = this.#acknowledgedAtMs;
  }

  /** An append that began after the last acknowledgement, or long before it, and still waits says that nothing is acknowledged. */
  #judge(): void {
    if (!this.#isAppending) return;
    const now = this.#clock();
    let oldest = Number.POSITIVE_INFINITY;
    for (const { sinceMs } of this.#waiting) oldest = Math.min(oldest, Math.max(sinceMs, this.#acknowledgedAtMs));
    if (now - oldest < SLOW_MS) return;
    this.#isAppending = false;
    this.#sinceMs = oldest;
  }
}
