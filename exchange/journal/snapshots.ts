/**
 * Snapshots of a node's state on its own disk. They only shorten the start: whatever is wrong with one, it is skipped and the node replays more.
 * One process for each directory. A copy elsewhere (object storage) is not made here.
 *
 * File `<sequence, 16 digits>-v1.snap`: 8 bytes "TWODOORS", 4 bytes version 1, 8 bytes sequence, 8 bytes length, 32 bytes SHA-256 of the 20 bytes
 * before it and the state, then the state. Numbers are little-endian.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { bytesOf, readUint64, sameBytes, viewOf, writeUint64 } from "./embedded/bytes";
import { errorCode, errorText, localFiles, readUpTo, writeAll, type JournalFiles } from "./embedded/files";
import type { SnapshotStore, StoredSnapshot } from "./journal";

/** Snapshots that are kept. */
const KEPT = 3;
const HEAD_BYTES = 60;
const VERSION = 1;
const MAGIC = bytesOf("TWODOORS");
const NAME = /^(\d{16})-v1\.snap$/;
const TEMPORARY = ".snap.new";

function nameOf(sequence: number): string {
  return `${String(sequence).padStart(16, "0")}-v1.snap`;
}

function headOf({ sequence, bytes }: StoredSnapshot): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = viewOf(head);
  head.set(MAGIC, 0);
  view.setUint32(8, VERSION, true);
  writeUint64(view, 12, sequence);
  writeUint64(view, 20, bytes.length);
  head.set(hashOf(head, bytes), 28);
  return head;
}

function hashOf(head: Uint8Array, state: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash("sha256").update(head.subarray(8, 28)).update(state).digest());
}

/** @throws Error with what is wrong. */
async function readSnapshot(files: JournalFiles, directory: string, name: string): Promise<StoredSnapshot> {
  const file = await files.open(join(directory, name), "read");
  try {
    const head = await readUpTo(file, 0, HEAD_BYTES);
    if (head.length < HEAD_BYTES || !sameBytes(head.subarray(0, 8), MAGIC)) throw new Error("no head of a snapshot");
    const view = viewOf(head);
    const version = view.getUint32(8, true);
    if (version !== VERSION) throw new Error(`version ${String(version)}, and this release reads ${String(VERSION)}`);
    const [sequence, length] = [readUint64(view, 12), readUint64(view, 20)];
    const size = await file.size();
    if (size !== HEAD_BYTES + length) {
      throw new Error(`${String(size - HEAD_BYTES)} bytes, and its head says ${String(length)}`);
    }
    const bytes = await readUpTo(file, HEAD_BYTES, length);
    if (!sameBytes(hashOf(head, bytes), head.subarray(28))) throw new Error("its checksum is wrong");
    if (nameOf(sequence) !== name) throw new Error(`its head says sequence ${String(sequence)}`);
    return { sequence, bytes };
  } finally {
    await file.close();
  }
}

/** Names of snapshots, newest first. */
async function namesIn(files: JournalFiles, directory: string): Promise<string[]> {
  return (await files.list(directory))
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
}

/**
 * The snapshots in a directory, which is made at the first save; until then it holds none. One that cannot be read holds none either, and says so in `skipped`; `save` throws
 * what the file system says, and leaves what was there.
 */
export function openSnapshots(directory: string, files: JournalFiles = localFiles): SnapshotStore {
  return {
    async newest() {
      const skipped: string[] = [];
      try {
        for (const name of await namesIn(files, directory)) {
          try {
            return { snapshot: await readSnapshot(files, directory, name), skipped };
          } catch (error) {
            skipped.push(`${join(directory, name)}: ${errorText(error)}`);
          }
        }
      } catch (error) {
        if (errorCode(error) !== "ENOENT") skipped.push(`${directory}: ${errorText(error)}`);
      }
      return { snapshot: undefined, skipped };
    },
    async save(snapshot) {
      await files.makeDirectory(directory);
      for (const name of await files.list(directory)) {
        if (name.endsWith(TEMPORARY)) await files.remove(join(directory, name));
      }
      const path = join(directory, nameOf(snapshot.sequence));
      const temporary = join(directory, `${String(snapshot.sequence)}${TEMPORARY}`);
      const file = await files.open(temporary, "create");
      try {
        await writeAll(file, headOf(snapshot), 0);
        await writeAll(file, snapshot.bytes, HEAD_BYTES);
        await file.sync();
      } finally {
        await file.close();
      }
      await files.rename(temporary, path);
      await files.syncDirectory(directory);
      for (const name of (await namesIn(files, directory)).slice(KEPT)) await files.remove(join(directory, name));
    },
  };
}
