/** Reads entries from the segments, for readers that are behind what is in memory. */
import { join } from "node:path";
import { JournalDamaged, type JournalEntry } from "../journal";
import { sameBytes } from "./bytes";
import type { JournalFile, JournalFiles } from "./files";
import { GroupReader } from "./group-reader";
import { saltOf } from "./groups";
import { checkOrder, damagedBefore } from "./recovery";
import { listSegments, readSegmentHead, segmentName, SEGMENT_HEAD_BYTES } from "./segments";
import { batchOf } from "./tail";

interface Position {
  readonly file: JournalFile;
  readonly path: string;
  readonly reader: GroupReader;
  /** First sequence of the segment after this one; infinite in the last. */
  readonly following: number;
  /** Sequence of the next group. */
  next: number;
}

/** One reader's place. Holds one open file and one group. */
export class DiskCursor {
  readonly #files: JournalFiles;
  readonly #directory: string;
  readonly #journalId: Uint8Array;
  #position: Position | undefined;
  #group: readonly JournalEntry[] = [];

  constructor(files: JournalFiles, directory: string, journalId: Uint8Array) {
    this.#files = files;
    this.#directory = directory;
    this.#journalId = journalId;
  }

  /**
   * A batch that begins with `sequence`, which must be durable.
   *
   * @throws JournalDamaged with file and offset.
   */
  async batch(sequence: number): Promise<JournalEntry[]> {
    const first = this.#group[0]?.sequence ?? 0;
    if (sequence < first || sequence >= first + this.#group.length) await this.#load(sequence);
    return batchOf(this.#group, sequence - (this.#group[0]?.sequence ?? sequence));
  }

  async close(): Promise<void> {
    const file = this.#position?.file;
    this.#position = undefined;
    this.#group = [];
    await file?.close();
  }

  async #load(sequence: number): Promise<void> {
    let position = this.#position;
    if (position === undefined || position.next > sequence || position.following <= sequence) {
      position = await this.#enter(sequence);
    }
    for (;;) {
      const { path, reader } = position;
      const offset = reader.offset;
      const group = await reader.next();
      if (group === "bad") throw damagedBefore(path, offset, position.next);
      if (group === "end") {
        position = await this.#enter(position.next);
        // The same file again: what is known to be durable is not in it.
        if (position.path === path) throw damagedBefore(path, offset, sequence);
        continue;
      }
      checkOrder(group, position.next, path, offset);
      position.next += group.entries.length;
      if (sequence < position.next) {
        this.#group = group.entries;
        return;
      }
    }
  }

  async #enter(sequence: number): Promise<Position> {
    await this.close();
    const segments = await listSegments(this.#files, this.#directory);
    const at = segments.filter((other) => other <= sequence).length - 1;
    const first = segments[at];
    if (first === undefined) {
      throw new JournalDamaged(`${this.#directory}: the segment with sequence ${String(sequence)} is missing`);
    }
    const path = join(this.#directory, segmentName(first));
    const file = await this.#files.open(path, "read");
    try {
      const id = await readSegmentHead(file, path, first);
      if (!sameBytes(id, this.#journalId)) {
        throw new JournalDamaged(`${path}, offset 20: a segment of another journal`);
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    const reader = new GroupReader(file, saltOf(this.#journalId), SEGMENT_HEAD_BYTES, false);
    this.#position = { file, path, reader, following: segments[at + 1] ?? Infinity, next: first };
    return this.#position;
  }
}
