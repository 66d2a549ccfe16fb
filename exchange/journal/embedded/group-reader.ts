/** Reads the groups of one segment in their order. */
import { readUpTo, type JournalFile } from "./files";
import { decodeGroup, type Decoded, type Group } from "./groups";

const CHUNK_BYTES = 1_048_576;

/** Holds at most one chunk of 1 MiB, or one group. */
export class GroupReader {
  readonly #file: JournalFile;
  readonly #salt: number;
  readonly #withIds: boolean;
  #chunk: Uint8Array = new Uint8Array(0);
  #chunkAt: number;
  /** Where the next group begins. */
  offset: number;

  constructor(file: JournalFile, salt: number, offset: number, withIds: boolean) {
    this.#file = file;
    this.#salt = salt;
    this.#withIds = withIds;
    this.offset = offset;
    this.#chunkAt = offset;
  }

  /** The next group; `end` where the file ends before it; `bad` where something stands that is not a whole group: then `offset` is where. */
  async next(): Promise<Group | "end" | "bad"> {
    let decoded = this.#decode();
    if (decoded.kind !== "group") {
      // What was read ahead may be older than what stands there now: the writer goes on meanwhile.
      await this.#fill(CHUNK_BYTES);
      if (this.#chunk.length === 0) return "end";
      decoded = this.#decode();
    }
    if (decoded.kind === "incomplete" && decoded.bytes > this.#chunk.length) {
      await this.#fill(decoded.bytes);
      decoded = this.#decode();
    }
    if (decoded.kind !== "group") return "bad";
    this.offset += decoded.group.bytes;
    return decoded.group;
  }

  #decode(): Decoded {
    return decodeGroup(this.#salt, this.#chunk, this.offset - this.#chunkAt, this.#withIds);
  }

  async #fill(bytes: number): Promise<void> {
    this.#chunk = await readUpTo(this.#file, this.offset, bytes);
    this.#chunkAt = this.offset;
  }
}
