/** The ids of the newest entries, by which an entry that is sent again is known. */

/** How many of the newest entries are known by their id. At 10,000 entries a second that is ten seconds; who sends again waits less. */
export const IDS_MAX = 100_000;

/** Ids of the newest entries, at most `max`. */
export class RecentIds {
  readonly #sequences = new Map<string, number>();
  /** The same ids in a ring: a map's own oldest key is slow to find once many before it were deleted. */
  readonly #ring: string[] = [];
  readonly #max: number;
  #next = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Adds the id of an entry above all others; the oldest makes room. */
  add(id: string, sequence: number): void {
    const oldest = this.#ring[this.#next];
    if (oldest !== undefined) this.#sequences.delete(oldest);
    this.#ring[this.#next] = id;
    this.#next = (this.#next + 1) % this.#max;
    this.#sequences.set(id, sequence);
  }

  sequenceOf(id: string): number | undefined {
    return this.#sequences.get(id);
  }
}
