/**
 * Writes groups, and knows what to do when the disk is full: nothing but urgent entries is taken then, into room that was kept back for them. A full disk
 * is over when the reserve has all of its room again and a whole group could be written; both are tried with the next append, and each second.
 */
import type { JournalEntry, NewEntry } from "../journal";
import { errorText } from "./files";
import { entryBytes, GROUP_HEAD_BYTES } from "./groups";
import type { Reserve } from "./reserve";
import { DiskFull, type SegmentWriter } from "./segment-writer";

/** What became of a group. */
export interface Commit {
  /** What is durable now, in the order of the group. */
  readonly written: readonly JournalEntry[];
  /** Which of the group these are: `written[i]` is entry `taken[i]`. All others are refused, and nothing of them is on the disk. */
  readonly taken: readonly number[];
}

/** The end of a journal on a disk that may be full. One commit at a time: the caller waits. */
export class Commits {
  readonly #writer: SegmentWriter;
  readonly #reserve: Reserve;
  #isFull: boolean;
  #reason = "the disk has no room for the reserve";

  /** `isFull`: whether the reserve could not be filled. */
  constructor(writer: SegmentWriter, reserve: Reserve, isFull: boolean) {
    this.#writer = writer;
    this.#reserve = reserve;
    this.#isFull = isFull;
  }

  /** Whether only urgent entries are taken. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Why, for operators; empty while the disk is not full. */
  get reason(): string {
    return this.#isFull ? this.#reason : "";
  }

  /** Bytes that are kept back. */
  get reserveBytes(): number {
    return this.#reserve.held;
  }

  /** @throws DiskBroken */
  async commit(group: readonly NewEntry[]): Promise<Commit> {
    if (group.some((entry) => entry.isUrgent !== true)) await this.probe();
    if (!this.#isFull) {
      const written = await this.#write(group);
      if (written !== undefined) return { written, taken: group.map((_, index) => index) };
    }
    const taken = [...group.keys()].filter((index) => group[index]?.isUrgent === true);
    const urgent = group.filter((entry) => entry.isUrgent === true);
    const needed = urgent.reduce((sum, entry) => sum + entryBytes(entry), GROUP_HEAD_BYTES);
    while (urgent.length > 0) {
      const written = await this.#write(urgent);
      if (written !== undefined) return { written, taken };
      if (!(await this.#reserve.release(needed))) break;
    }
    return { written: [], taken: [] };
  }

  /** Looks whether there is room again. */
  async probe(): Promise<void> {
    if (this.#isFull && (await this.#reserve.fill())) this.#isFull = false;
  }

  /** @throws DiskBroken */
  async mark(): Promise<void> {
    await this.#writer.mark();
  }

  async close(): Promise<void> {
    await this.#reserve.close();
    await this.#writer.close();
  }

  async #write(entries: readonly NewEntry[]): Promise<readonly JournalEntry[] | undefined> {
    try {
      return await this.#writer.write(entries);
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      this.#isFull = true;
      this.#reason = errorText(error);
      return undefined;
    }
  }
}
