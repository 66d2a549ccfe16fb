/**
 * Snapshots of a node's state on its own disk. They only shorten the start: whatever is wrong with one, it is skipped and the node replays more.
 * One process for each directory. A copy elsewhere (object storage) is not made here.
 *
 * File `<sequence, 16 digits>-v1.snap`: 8 bytes "TWODOORS", 4 bytes version 1, 8 bytes sequence, 8 bytes length, 32 bytes SHA-256 of the 20 bytes
 * before it and the state, then the state. Numbers are little-endian.
 */
import { createHash, type Hash } from "node:crypto";
import { join } from "node:path";
import { bytesOf, readUint64, sameBytes, viewOf, writeUint64 } from "./embedded/bytes";
import {
  errorCode,
  errorText,
  localFiles,
  readUpTo,
  writeAll,
  type JournalFile,
  type JournalFiles,
} from "./embedded/files";
import type { NewSnapshot, SnapshotStore, StoredSnapshot } from "./journal";

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

/** The head without its checksum. */
function headOf(sequence: number, length: number): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = viewOf(head);
  head.set(MAGIC, 0);
  view.setUint32(8, VERSION, true);
  writeUint64(view, 12, sequence);
  writeUint64(view, 20, length);
  return head;
}

function startHash(head: Uint8Array): Hash {
  return createHash("sha256").update(head.subarray(8, 28));
}

/** Writes the state piece by piece, each in a turn of its own, then the head, which needs their checksum. */
async function writeSnapshot(file: JournalFile, { sequence, pieces }: NewSnapshot): Promise<void> {
  const head = headOf(
    sequence,
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  const hash = startHash(head);
  let at = HEAD_BYTES;
  for (const piece of pieces) {
    hash.update(piece);
    await writeAll(file, piece, at);
    at += piece.length;
  }
  head.set(hash.digest(), 28);
  await writeAll(file, head, 0);
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
    const hash = Uint8Array.from(startHash(head).update(bytes).digest());
    if (!sameBytes(hash, head.subarray(28))) throw new Error("its checksum is wrong");
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
        await writeSnapshot(file, snapshot);
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
