/** The newest entries in memory, from which readers that keep up are served. */
import type { JournalEntry } from "../journal";

/** Largest sum of payloads that is held. */
const TAIL_BYTES_MAX = 16_777_216;
/** Most groups that are held. */
const TAIL_GROUPS_MAX = 4_096;
/** A batch takes no further entry above this many bytes. */
export const BATCH_BYTES_MAX = 1_048_576;
/** Most entries of a batch. */
export const BATCH_ENTRIES_MAX = 1_000;

/** From the first entries of `entries` as many as a batch may hold; at least one. */
export function batchOf(entries: readonly JournalEntry[], from: number): JournalEntry[] {
  let bytes = 0;
  let end = from;
  while (end < entries.length && end - from < BATCH_ENTRIES_MAX) {
    bytes += entries[end]?.payload.length ?? 0;
    if (bytes > BATCH_BYTES_MAX && end > from) break;
    end += 1;
  }
  return entries.slice(from, end);
}

/** Groups in their order, the newest at most 16 MiB and 4,096 of them. */
export class Tail {
  readonly #groups: { readonly first: number; readonly entries: readonly JournalEntry[]; readonly bytes: number }[] =
    [];
  #bytes = 0;

  add(entries: readonly JournalEntry[]): void {
    const first = entries[0]?.sequence;
    if (first === undefined) return;
    const bytes = entries.reduce((sum, { payload }) => sum + payload.length, 0);
    this.#groups.push({ first, entries, bytes });
    this.#bytes += bytes;
    while (this.#bytes > TAIL_BYTES_MAX || this.#groups.length > TAIL_GROUPS_MAX) {
      this.#bytes -= this.#groups.shift()?.bytes ?? 0;
    }
  }

  /** A batch that begins with `sequence`; `undefined` where that is not held. */
  from(sequence: number): JournalEntry[] | undefined {
    let low = 0;
    let high = this.#groups.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const group = this.#groups[middle];
      if (group === undefined) return undefined;
      if (sequence < group.first) high = middle - 1;
      else if (sequence >= group.first + group.entries.length) low = middle + 1;
      else return batchOf(group.entries, sequence - group.first);
    }
    return undefined;
  }
}
