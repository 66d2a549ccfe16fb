/** Writes groups to the end of the journal, each synced, and begins a new segment when one is long enough. One write at a time: the caller waits. */
import { JournalDamaged } from "../journal";
import { errorText, saysFull, SyncFailed, syncOrFail, writeAll, type JournalFile, type JournalFiles } from "./files";
import { encodeGroup, parseGroup, saltOf } from "./groups";
import type { JournalEntry, NewEntry } from "../journal";
import { createSegment, SEGMENT_HEAD_BYTES } from "./segments";
import type { Recovered } from "./recovery";

/** There was no room; what was partly written is cut off again, and the next write may succeed. */
export class DiskFull extends Error {
  override readonly name = "DiskFull";
}

/** Nobody knows what is on the disk: nothing may be written until the process has started anew. */
export class DiskBroken extends Error {
  override readonly name = "DiskBroken";
}

/** The end of the journal. */
export class SegmentWriter {
  readonly #files: JournalFiles;
  readonly #directory: string;
  readonly #journalId: Uint8Array;
  readonly #salt: number;
  readonly #segmentBytes: number;
  #file: JournalFile;
  #offset: number;
  #next: number;

  constructor(files: JournalFiles, directory: string, start: Recovered, segmentBytes: number) {
    this.#files = files;
    this.#directory = directory;
    this.#journalId = start.journalId;
    this.#salt = saltOf(start.journalId);
    this.#segmentBytes = segmentBytes;
    this.#file = start.file;
    this.#offset = start.offset;
    this.#next = start.lastSequence + 1;
  }

  /**
   * Writes one group and syncs it. Answers with its entries as they were written.
   *
   * @throws DiskFull, DiskBroken
   */
  async write(entries: readonly NewEntry[]): Promise<readonly JournalEntry[]> {
    if (this.#offset >= this.#segmentBytes && this.#offset > SEGMENT_HEAD_BYTES) await this.#roll();
    const bytes = encodeGroup(this.#salt, this.#next, entries);
    await this.#put(bytes);
    try {
      await syncOrFail(() => this.#file.sync());
    } catch (error) {
      throw new DiskBroken(errorText(error), { cause: error });
    }
    this.#offset += bytes.length;
    this.#next += entries.length;
    return parseGroup(bytes, false).entries;
  }

  /** Notes, without a sync, that everything before was acknowledged (see `recovery.ts`). No room for it is no failure. @throws DiskBroken */
  async mark(): Promise<void> {
    const bytes = encodeGroup(this.#salt, this.#next, []);
    try {
      await this.#put(bytes);
      this.#offset += bytes.length;
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #put(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#file, bytes, this.#offset);
    } catch (error) {
      await this.#cut(error);
      throw this.#failure(error);
    }
  }

  /** Half a group must not stand in front of the next one. */
  async #cut(cause: unknown): Promise<void> {
    try {
      await this.#file.truncate(this.#offset);
    } catch (error) {
      throw new DiskBroken(
        `a write failed (${errorText(cause)}) and what it left could not be cut off: ${errorText(error)}`,
        { cause: error },
      );
    }
  }

  #failure(error: unknown): DiskFull | DiskBroken {
    return saysFull(error)
      ? new DiskFull(errorText(error), { cause: error })
      : new DiskBroken(errorText(error), { cause: error });
  }

  async #roll(): Promise<void> {
    let file: JournalFile;
    try {
      file = await createSegment(this.#files, this.#directory, this.#next, this.#journalId);
    } catch (error) {
      if (error instanceof SyncFailed || error instanceof JournalDamaged) {
        throw new DiskBroken(errorText(error), { cause: error });
      }
      throw this.#failure(error);
    }
    const full = this.#file;
    this.#file = file;
    this.#offset = SEGMENT_HEAD_BYTES;
    await full.close();
  }
}
