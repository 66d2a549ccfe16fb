/**
 * The files of a journal's directory: `<first sequence, 16 digits>.seg`, each with a head and then groups, none of them empty but perhaps the
 * last. Beside them `*.torn`, what was cut off after a crash, and `owner-*`, the lock.
 *
 * Head of a segment: 8 bytes "TWODOORJ", 4 bytes version 1, 8 bytes first sequence, 16 bytes id of the journal, 4 bytes CRC-32 of what stands before.
 */
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { JournalDamaged } from "../journal";
import { bytesOf, readUint64, sameBytes, viewOf, writeUint64 } from "./bytes";
import { readUpTo, syncOrFail, writeAll, type JournalFile, type JournalFiles } from "./files";

/** Bytes before the first group. */
export const SEGMENT_HEAD_BYTES = 40;
/** Version of the layout of segments and groups. */
export const LAYOUT_VERSION = 1;

const MAGIC = bytesOf("TWODOORJ");
const NAME = /^(\d{16})\.seg$/;

/** Name of the segment that begins with `firstSequence`. */
export function segmentName(firstSequence: number): string {
  return `${String(firstSequence).padStart(16, "0")}.seg`;
}

/** First sequences of the segments in a directory, in order. */
export async function listSegments(files: JournalFiles, directory: string): Promise<number[]> {
  const names = await files.list(directory);
  return names
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Makes a segment and leaves it open for writing. Its head is on the disk before it has its name, so that a segment without a whole head is a
 * damaged one, and never one that a crash left half made.
 *
 * @throws SyncFailed when it has its name and nobody knows whether that will last; anything else when it was not made.
 */
export async function createSegment(
  files: JournalFiles,
  directory: string,
  firstSequence: number,
  journalId: Uint8Array,
): Promise<JournalFile> {
  const head = new Uint8Array(SEGMENT_HEAD_BYTES);
  const view = viewOf(head);
  head.set(MAGIC, 0);
  view.setUint32(8, LAYOUT_VERSION, true);
  writeUint64(view, 12, firstSequence);
  head.set(journalId, 20);
  view.setUint32(36, crc32(head.subarray(0, 36)), true);
  const path = join(directory, segmentName(firstSequence));
  const file = await files.open(`${path}.new`, "create");
  try {
    await writeAll(file, head, 0);
    await file.sync();
    await files.rename(`${path}.new`, path);
    await syncOrFail(() => files.syncDirectory(directory));
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

/**
 * Reads and checks the head of a segment.
 *
 * @returns the id of the journal.
 * @throws JournalDamaged with file and offset.
 */
export async function readSegmentHead(file: JournalFile, path: string, firstSequence: number): Promise<Uint8Array> {
  const head = await readUpTo(file, 0, SEGMENT_HEAD_BYTES);
  const view = viewOf(head);
  if (head.length < SEGMENT_HEAD_BYTES || crc32(head.subarray(0, 36)) !== view.getUint32(36, true)) {
    throw new JournalDamaged(`${path}, offset 0: the head of the segment is damaged`);
  }
  const version = view.getUint32(8, true);
  if (!sameBytes(head.subarray(0, 8), MAGIC) || version !== LAYOUT_VERSION) {
    throw new JournalDamaged(
      `${path}, offset 0: layout ${String(version)}, and this release reads layout ${String(LAYOUT_VERSION)}`,
    );
  }
  const first = readUint64(view, 12);
  if (first !== firstSequence) {
    throw new JournalDamaged(`${path}, offset 12: begins with sequence ${String(first)}, and its name says otherwise`);
  }
  return head.subarray(20, 36);
}
