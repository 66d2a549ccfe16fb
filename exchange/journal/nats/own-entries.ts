/** This node's own entries, acknowledged and not yet read: their reader takes them from here and saves the way to a voter and back. Pure. */
import type { JournalEntry } from "../journal";

/** Most entries that are kept; the oldest go first, and are then read from a voter as all others are. */
export const OWN_ENTRIES_MAX = 1_000;
/** Most bytes of payload that are kept; likewise. */
export const OWN_BYTES_MAX = 4 * 1024 * 1024;

/** Payloads by sequence. */
export class OwnEntries {
  readonly #payloads = new Map<number, Uint8Array>();
  #bytes = 0;

  /** The journal acknowledged this entry at this sequence, as a new one: nothing else can stand there. */
  add(sequence: number, payload: Uint8Array): void {
    this.#drop(sequence);
    this.#payloads.set(sequence, payload);
    this.#bytes += payload.byteLength;
    for (const oldest of this.#payloads.keys()) {
      if (this.#payloads.size <= OWN_ENTRIES_MAX && this.#bytes <= OWN_BYTES_MAX) return;
      this.#drop(oldest);
    }
  }

  /** Those from `sequence` on, up to the first that is not ours. They are not kept any longer, and neither is what stands below. */
  take(sequence: number): JournalEntry[] {
    const entries: JournalEntry[] = [];
    for (let next = sequence; ; next += 1) {
      const payload = this.#payloads.get(next);
      if (payload === undefined) break;
      entries.push({ sequence: next, payload });
      this.#drop(next);
    }
    for (const below of this.#payloads.keys()) if (below < sequence) this.#drop(below);
    return entries;
  }

  #drop(sequence: number): void {
    this.#bytes -= this.#payloads.get(sequence)?.byteLength ?? 0;
    this.#payloads.delete(sequence);
  }
}
