/**
 * How entries lie in a segment. The unit is the group: what one write and one sync made durable, with one checksum over all of it.
 *
 *     offset  bytes  content
 *          0      4  "TJG1"
 *          4      4  CRC-32 of the journal's id and of everything from offset 8 to the end of the group
 *          8      4  length of the entries in bytes
 *         12      4  number of entries; 0 is a mark: everything before it was acknowledged
 *         16      8  sequence of the first entry; of a mark, the next one to come
 *         24         entries: 4 bytes length of the payload, 2 bytes length of the id, id in UTF-8, payload
 *
 * All numbers are little-endian. The journal's id in the checksum keeps bytes that a client sent, or a group of another journal, from
 * being taken for a group of this one.
 */
import { crc32 } from "node:zlib";
import type { JournalEntry, NewEntry } from "../journal";

/** Bytes before the entries of a group. */
export const GROUP_HEAD_BYTES = 24;
/** Largest payload of one entry, as of a NATS server's default `max_payload` (1 MiB, docs.nats.io/running-a-nats-service/configuration) less room for headers. */
export const PAYLOAD_BYTES_MAX = 1_000_000;
/** Longest id of an entry in bytes of UTF-8. */
export const ID_BYTES_MAX = 256;
/** A group takes no further entry above this many bytes of entries, or of entries. */
export const GROUP_BYTES_MAX = 4_194_304;
/** Most entries of a group. */
export const GROUP_ENTRIES_MAX = 4_096;

const MAGIC = Buffer.from("TJG1", "latin1");
const ENTRY_HEAD_BYTES = 6;
/** A group below `GROUP_BYTES_MAX` may still take one entry of the largest size. */
const BODY_BYTES_MAX = GROUP_BYTES_MAX + PAYLOAD_BYTES_MAX + ID_BYTES_MAX + ENTRY_HEAD_BYTES;

/** Checksum of the journal's id, with which the checksum of each of its groups begins. */
export function saltOf(journalId: Uint8Array): number {
  return crc32(journalId);
}

/** Bytes that an entry takes in a group. */
export function entryBytes(entry: NewEntry): number {
  return ENTRY_HEAD_BYTES + Buffer.byteLength(entry.id) + entry.payload.length;
}

/** A whole group. No entries make a mark. */
export function encodeGroup(salt: number, firstSequence: number, entries: readonly NewEntry[]): Buffer {
  const bodyBytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  const bytes = Buffer.allocUnsafeSlow(GROUP_HEAD_BYTES + bodyBytes);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt32LE(bodyBytes, 8);
  bytes.writeUInt32LE(entries.length, 12);
  bytes.writeBigUInt64LE(BigInt(firstSequence), 16);
  let offset = GROUP_HEAD_BYTES;
  for (const { id, payload } of entries) {
    const idBytes = bytes.write(id, offset + ENTRY_HEAD_BYTES, "utf8");
    bytes.writeUInt32LE(payload.length, offset);
    bytes.writeUInt16LE(idBytes, offset + 4);
    bytes.set(payload, offset + ENTRY_HEAD_BYTES + idBytes);
    offset += ENTRY_HEAD_BYTES + idBytes + payload.length;
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(8), salt), 4);
  return bytes;
}

/** A group as read. Payloads are views of the bytes that were given. */
export interface Group {
  readonly firstSequence: number;
  readonly entries: readonly JournalEntry[];
  /** Ids of the entries, in their order. */
  readonly ids: readonly string[];
  /** Length in bytes, head included. */
  readonly bytes: number;
}

/** What stands at an offset: a group; the beginning of one, of which `bytes` are needed in all; or neither. */
export type Decoded =
  | { readonly kind: "group"; readonly group: Group }
  | { readonly kind: "incomplete"; readonly bytes: number }
  | { readonly kind: "bad" };

/** Reads the group at `offset`. `withIds` false leaves `ids` empty. */
export function decodeGroup(salt: number, bytes: Buffer, offset: number, withIds: boolean): Decoded {
  if (bytes.length - offset < GROUP_HEAD_BYTES) {
    const head = bytes.subarray(offset, offset + MAGIC.length);
    return MAGIC.subarray(0, head.length).equals(head)
      ? { kind: "incomplete", bytes: GROUP_HEAD_BYTES }
      : { kind: "bad" };
  }
  const bodyBytes = bytes.readUInt32LE(offset + 8);
  if (bytes.compare(MAGIC, 0, MAGIC.length, offset, offset + MAGIC.length) !== 0 || bodyBytes > BODY_BYTES_MAX) {
    return { kind: "bad" };
  }
  const end = offset + GROUP_HEAD_BYTES + bodyBytes;
  if (end > bytes.length) return { kind: "incomplete", bytes: end - offset };
  if (crc32(bytes.subarray(offset + 8, end), salt) !== bytes.readUInt32LE(offset + 4)) return { kind: "bad" };
  return { kind: "group", group: parseGroup(bytes, offset, end, withIds) };
}

/** Reads a group whose checksum is known to be right. */
export function parseGroup(bytes: Buffer, offset: number, end: number, withIds: boolean): Group {
  const firstSequence = Number(bytes.readBigUInt64LE(offset + 16));
  const entries: JournalEntry[] = [];
  const ids: string[] = [];
  let at = offset + GROUP_HEAD_BYTES;
  while (at < end) {
    const payloadAt = at + ENTRY_HEAD_BYTES + bytes.readUInt16LE(at + 4);
    const next = payloadAt + bytes.readUInt32LE(at);
    if (withIds) ids.push(bytes.toString("utf8", at + ENTRY_HEAD_BYTES, payloadAt));
    entries.push({ sequence: firstSequence + entries.length, payload: bytes.subarray(payloadAt, next) });
    at = next;
  }
  return { firstSequence, entries, ids, bytes: end - offset };
}

/** Offset of the first whole group or mark at or after `from`, `undefined` where there is none. */
export function findGroup(salt: number, bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    if (decodeGroup(salt, bytes, at, false).kind === "group") return at;
  }
  return undefined;
}
