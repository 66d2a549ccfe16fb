/** The ids of the newest entries, by which an entry that is sent again is known. */

/** How many of the newest entries are known by their id. At 10,000 entries a second that is ten seconds; who sends again waits less. */
export const IDS_MAX = 100_000;

/** Ids of the newest entries, at most `max`. */
export class RecentIds {
  readonly #sequences = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#sequences.size;
  }

  /** Adds the id of an entry above all others; the oldest makes room. */
  add(id: string, sequence: number): void {
    this.#sequences.set(id, sequence);
    if (this.#sequences.size <= this.#max) return;
    for (const oldest of this.#sequences.keys()) {
      this.#sequences.delete(oldest);
      return;
    }
  }

  sequenceOf(id: string): number | undefined {
    return this.#sequences.get(id);
  }
}
