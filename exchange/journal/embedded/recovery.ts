/**
 * What a journal does when it starts: finds its end, cuts what a crash left half written, refuses what is damaged.
 *
 * How the two are told apart. A group is written only after the one before it is on the disk, and before anybody is told of it. So bytes at the
 * very end of the last segment that are no whole group can only be a group that nobody was told of, and are cut: kept beside as `*.torn`
 * and reported. Anywhere else, and wherever a whole group or a mark follows, they were acknowledged, and the journal stops: JournalDamaged.
 *
 * What this cannot see: damage to the very last group itself looks like a torn one, as long as nothing follows it. That is why a journal that falls
 * idle writes a mark (not synced, so that it costs nothing; a killed process leaves it in the page cache). Only damage to the last
 * group of all, together with a loss of power in the moment before its mark reached the disk, is taken for a torn tail. Nor can a
 * directory tell that its last segments were deleted as files; a node's snapshot that is ahead of its journal does.
 */
import { join } from "node:path";
import { JournalDamaged } from "../journal";
import { sameBytes } from "./bytes";
import { readUpTo, saysFull, syncOrFail, writeAll, type JournalFile, type JournalFiles } from "./files";
import { GroupReader } from "./group-reader";
import { findGroup, saltOf, type Group } from "./groups";
import { RecentIds } from "./recent-ids";
import { createSegment, listSegments, readSegmentHead, segmentName, SEGMENT_HEAD_BYTES } from "./segments";

/** Torn tails that are kept; older ones are removed. */
const TORN_KEPT = 8;

/** Where a journal stands after its start. */
export interface Recovered {
  readonly journalId: Uint8Array;
  /** The last segment, open for writing, its first sequence and where its next group goes. */
  readonly file: JournalFile;
  readonly segment: number;
  readonly offset: number;
  readonly lastSequence: number;
  readonly ids: RecentIds;
  /** What was cut, in a sentence; `undefined` where nothing was. */
  readonly torn: string | undefined;
}

/**
 * Opens the directory's journal, or makes one with `newId`.
 *
 * @param idsMax - how many of the newest entries to know by id.
 * @throws JournalDamaged with file and offset.
 */
export async function recover(
  files: JournalFiles,
  directory: string,
  newId: Uint8Array,
  idsMax: number,
): Promise<Recovered> {
  await dropUnfinished(files, directory);
  const segments = await listSegments(files, directory);
  const last = segments.at(-1);
  if (last === undefined) {
    const file = await createSegment(files, directory, 1, newId);
    const ids = new RecentIds(idsMax);
    const journalId = Uint8Array.from(newId);
    return { journalId, file, segment: 1, offset: SEGMENT_HEAD_BYTES, lastSequence: 0, ids, torn: undefined };
  }
  if (segments[0] !== 1) {
    throw new JournalDamaged(`${directory}: the segment with sequence 1 (${segmentName(1)}) is missing`);
  }
  const file = await files.open(join(directory, segmentName(last)), "write");
  try {
    return await recoverInto(files, directory, segments, file, idsMax);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function recoverInto(
  files: JournalFiles,
  directory: string,
  segments: readonly number[],
  file: JournalFile,
  idsMax: number,
): Promise<Recovered> {
  const segment = segments.at(-1) ?? 1;
  const path = join(directory, segmentName(segment));
  const journalId = await readSegmentHead(file, path, segment);
  const scanned = await scan(file, path, saltOf(journalId), segment);
  const torn = scanned.bad
    ? await cutTail(files, directory, file, segment, scanned.offset, saltOf(journalId))
    : undefined;
  await syncLastGroup(file, scanned);
  const known = [scanned.ids];
  let count = scanned.ids.length;
  for (let at = segments.length - 2; at >= 0 && count < idsMax; at -= 1) {
    const ids = await idsOfWhole(files, directory, segments[at] ?? 1, segments[at + 1] ?? 1, journalId);
    known.unshift(ids);
    count += ids.length;
  }
  const ids = new RecentIds(idsMax);
  let sequence = scanned.next - count;
  for (const some of known) for (const id of some) ids.add(id, sequence++);
  return { journalId, file, segment, offset: scanned.offset, lastSequence: scanned.next - 1, ids, torn };
}

async function dropUnfinished(files: JournalFiles, directory: string): Promise<void> {
  for (const name of await files.list(directory)) {
    if (name.endsWith(".seg.new")) await files.remove(join(directory, name));
  }
}

interface Scanned {
  readonly ids: string[];
  /** Where the last group that is no mark begins. */
  readonly lastGroup: number;
  /** Behind the last whole group. */
  readonly offset: number;
  /** Sequence of the entry to come. */
  readonly next: number;
  /** Whether something follows that is no group. */
  readonly bad: boolean;
}

async function scan(file: JournalFile, path: string, salt: number, firstSequence: number): Promise<Scanned> {
  const reader = new GroupReader(file, salt, SEGMENT_HEAD_BYTES, true);
  const ids: string[] = [];
  let next = firstSequence;
  let lastGroup = SEGMENT_HEAD_BYTES;
  for (;;) {
    const offset = reader.offset;
    const group = await reader.next();
    if (group === "end" || group === "bad") return { ids, lastGroup, offset, next, bad: group === "bad" };
    checkOrder(group, next, path, offset);
    next += group.entries.length;
    if (group.entries.length > 0) lastGroup = offset;
    for (const id of group.ids) ids.push(id);
  }
}

/**
 * What is here may never have been synced by the process that wrote it, and from now on it is told to readers. Written again, because after a failed
 * sync the page cache holds as clean what the disk does not have; only the last group can be such a one.
 */
async function syncLastGroup(file: JournalFile, { lastGroup, offset }: Scanned): Promise<void> {
  try {
    await writeAll(file, await readUpTo(file, lastGroup, offset - lastGroup), lastGroup);
  } catch (error) {
    // The same bytes in the same place need no room but on file systems that never write in place.
    if (!saysFull(error)) throw error;
  }
  await syncOrFail(() => file.sync());
}

/** @throws JournalDamaged when the group does not begin where the one before it ended. */
export function checkOrder(group: Group, expected: number, path: string, offset: number): void {
  if (group.firstSequence === expected) return;
  throw new JournalDamaged(
    `${path}, offset ${String(offset)}: sequence ${String(group.firstSequence)} follows ${String(expected - 1)}`,
  );
}

async function idsOfWhole(
  files: JournalFiles,
  directory: string,
  segment: number,
  following: number,
  journalId: Uint8Array,
): Promise<string[]> {
  const path = join(directory, segmentName(segment));
  const file = await files.open(path, "read");
  try {
    const id = await readSegmentHead(file, path, segment);
    if (!sameBytes(id, journalId)) throw new JournalDamaged(`${path}, offset 20: a segment of another journal`);
    const scanned = await scan(file, path, saltOf(journalId), segment);
    if (scanned.bad || scanned.next !== following) throw damagedBefore(path, scanned.offset, following);
    return scanned.ids;
  } finally {
    await file.close();
  }
}

/** Bytes that are no group where an acknowledged one must stand, or none at all. */
export function damagedBefore(path: string, offset: number, sequence: number): JournalDamaged {
  return new JournalDamaged(
    `${path}, offset ${String(offset)}: damaged, and sequence ${String(sequence)} was acknowledged after it`,
  );
}

async function cutTail(
  files: JournalFiles,
  directory: string,
  file: JournalFile,
  segment: number,
  offset: number,
  salt: number,
): Promise<string> {
  const name = segmentName(segment);
  const size = await file.size();
  const tail = await readUpTo(file, offset, size - offset);
  const follows = findGroup(salt, tail, 1);
  if (follows !== undefined) {
    throw new JournalDamaged(
      `${join(directory, name)}, offset ${String(offset)}: damaged, and a whole group follows at offset ${String(offset + follows)}`,
    );
  }
  const kept = `${name}.${String(offset)}.torn`;
  const cut = `${String(tail.length)} bytes at offset ${String(offset)} of ${name} were a group that nobody was told of, and were cut`;
  const isKept = await keepTorn(files, directory, kept, tail);
  await file.truncate(offset);
  return isKept ? `${cut}; they are in ${kept}` : `${cut}; there was no room to keep them`;
}

/** Whether there was room. Only for whoever wants to look at it later: no start fails for it. */
async function keepTorn(files: JournalFiles, directory: string, name: string, tail: Uint8Array): Promise<boolean> {
  try {
    const all = await files.list(directory);
    const older = all.filter((other) => other.endsWith(".torn") && other !== name).sort();
    for (const other of older.slice(0, Math.max(0, older.length - TORN_KEPT + 1))) {
      await files.remove(join(directory, other));
    }
    const file = await files.open(join(directory, name), "create");
    try {
      await writeAll(file, tail, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch {
    return false;
  }
}
