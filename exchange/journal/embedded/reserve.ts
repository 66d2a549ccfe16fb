/** A file that only takes up room, given back piece by piece when the disk is full, so that what is urgent can still be written. */
import { getRandomValues } from "node:crypto";
import { join } from "node:path";
import { writeAll, type JournalFile, type JournalFiles } from "./files";

/** Name of the file in the journal's directory. */
export const RESERVE_NAME = "reserve";
const PIECE_BYTES = 65_536;

/** The file, and how much of its room it has. */
export class Reserve {
  readonly #file: JournalFile;
  readonly #bytes: number;
  /** Random, so that no file system stores it in less. */
  readonly #piece = getRandomValues(new Uint8Array(PIECE_BYTES));
  #held: number;

  /** @internal */
  constructor(file: JournalFile, bytes: number, held: number) {
    this.#file = file;
    this.#bytes = bytes;
    this.#held = held;
  }

  /** Bytes that can be given back. */
  get held(): number {
    return this.#held;
  }

  /** Takes what is missing; whether it is whole now. Not synced: what a crash takes of it is taken again at the next start. */
  async fill(): Promise<boolean> {
    try {
      while (this.#held < this.#bytes) {
        const piece = this.#piece.subarray(0, Math.min(PIECE_BYTES, this.#bytes - this.#held));
        await writeAll(this.#file, piece, this.#held);
        this.#held += piece.length;
      }
      return true;
    } catch {
      await this.#cutTo(this.#held);
      return false;
    }
  }

  /** Gives back at least `bytes`, or what there is; whether that was anything. */
  async release(bytes: number): Promise<boolean> {
    if (this.#held === 0) return false;
    return this.#cutTo(Math.max(0, this.#held - Math.ceil(bytes / PIECE_BYTES) * PIECE_BYTES));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #cutTo(bytes: number): Promise<boolean> {
    try {
      await this.#file.truncate(bytes);
      this.#held = bytes;
      return true;
    } catch {
      return false;
    }
  }
}

/** Opens the directory's reserve of `bytes`, and fills it as far as there is room. */
export async function openReserve(files: JournalFiles, directory: string, bytes: number): Promise<Reserve> {
  const isThere = (await files.list(directory)).includes(RESERVE_NAME);
  const file = await files.open(join(directory, RESERVE_NAME), isThere ? "write" : "create");
  const reserve = new Reserve(file, bytes, isThere ? Math.min(bytes, await file.size()) : 0);
  await reserve.fill();
  return reserve;
}
