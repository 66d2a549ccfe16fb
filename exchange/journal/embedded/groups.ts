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
import { bytesOf, newBytes, readUint64, sameBytes, textOf, viewOf, writeUint64 } from "./bytes";

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

const MAGIC = bytesOf("TJG1");
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
export function encodeGroup(salt: number, firstSequence: number, entries: readonly NewEntry[]): Uint8Array {
  const bodyBytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  const bytes = newBytes(GROUP_HEAD_BYTES + bodyBytes);
  const view = viewOf(bytes);
  const text = new TextEncoder();
  bytes.set(MAGIC, 0);
  view.setUint32(8, bodyBytes, true);
  view.setUint32(12, entries.length, true);
  writeUint64(view, 16, firstSequence);
  let offset = GROUP_HEAD_BYTES;
  for (const { id, payload } of entries) {
    const idAt = offset + ENTRY_HEAD_BYTES;
    const idBytes = text.encodeInto(id, bytes.subarray(idAt)).written;
    view.setUint32(offset, payload.length, true);
    view.setUint16(offset + 4, idBytes, true);
    bytes.set(payload, idAt + idBytes);
    offset = idAt + idBytes + payload.length;
  }
  view.setUint32(4, crc32(bytes.subarray(8), salt), true);
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
export function decodeGroup(salt: number, bytes: Uint8Array, offset: number, withIds: boolean): Decoded {
  const magic = bytes.subarray(offset, offset + MAGIC.length);
  if (!sameBytes(magic, MAGIC.subarray(0, magic.length))) return { kind: "bad" };
  if (bytes.length - offset < GROUP_HEAD_BYTES) return { kind: "incomplete", bytes: GROUP_HEAD_BYTES };
  const view = viewOf(bytes);
  const bodyBytes = view.getUint32(offset + 8, true);
  if (bodyBytes > BODY_BYTES_MAX) return { kind: "bad" };
  const end = offset + GROUP_HEAD_BYTES + bodyBytes;
  if (end > bytes.length) return { kind: "incomplete", bytes: end - offset };
  if (crc32(bytes.subarray(offset + 8, end), salt) !== view.getUint32(offset + 4, true)) return { kind: "bad" };
  return { kind: "group", group: parseGroup(bytes.subarray(offset, end), withIds) };
}

/** Reads a group whose checksum is known to be right. */
export function parseGroup(bytes: Uint8Array, withIds: boolean): Group {
  const view = viewOf(bytes);
  const firstSequence = readUint64(view, 16);
  const entries: JournalEntry[] = [];
  const ids: string[] = [];
  let at = GROUP_HEAD_BYTES;
  while (at < bytes.length) {
    const payloadAt = at + ENTRY_HEAD_BYTES + view.getUint16(at + 4, true);
    const next = payloadAt + view.getUint32(at, true);
    if (withIds) ids.push(textOf(bytes.subarray(at + ENTRY_HEAD_BYTES, payloadAt)));
    entries.push({ sequence: firstSequence + entries.length, payload: bytes.subarray(payloadAt, next) });
    at = next;
  }
  return { firstSequence, entries, ids, bytes: bytes.length };
}

/** Offset of the first whole group or mark at or after `from`, `undefined` where there is none. */
export function findGroup(salt: number, bytes: Uint8Array, from: number): number | undefined {
  const first = MAGIC[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (decodeGroup(salt, bytes, at, false).kind === "group") return at;
  }
  return undefined;
}
