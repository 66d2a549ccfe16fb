/**
 * What goes over the connection between a node and the owner of an embedded journal. A frame is 4 bytes length of the rest, 1 byte kind, 4 bytes
 * number of the request (0 where it belongs to none), then the body. Numbers are little-endian.
 *
 * ```text
 * owner -> node  challenge   JSON { version, nonce }
 * node -> owner  hello       JSON { version, nonce, proof, node }
 * owner -> node  welcome     JSON { version, proof, journalId, payloadBytesMax }, then status
 * node -> owner  append      4 bytes deadline in ms, 1 byte urgent, 2 bytes length of the id, id, payload
 * owner -> node  appended    8 bytes sequence, 1 byte duplicate
 * node -> owner  barrier     4 bytes deadline in ms
 * owner -> node  sequence    8 bytes
 * node -> owner  read        8 bytes sequence; the owner then sends `batch` while it has credit, at first 0
 * node -> owner  credit      4 bytes: so many more batches
 * node -> owner  stop        ends a read
 * owner -> node  batch       8 bytes first sequence, then entries: 4 bytes length, payload
 * owner -> node  failed      JSON { error, reason, message }: ends the request
 * node -> owner  ping        answered with `status`: JSON, see `OwnerStatus`
 * ```
 *
 * The shared token never crosses the connection: each side proves to the other that it knows it, by an HMAC-SHA-256 of both nonces. What crosses is
 * neither encrypted nor authenticated after that: this is for one machine or a private network, as DESIGN says of it.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { JournalEntry, NewEntry } from "../journal";
import { bytesOf, newBytes, readUint64, textOf, viewOf, writeUint64 } from "../embedded/bytes";

/** Version of the protocol. Both sides must speak the same. */
export const PROTOCOL_VERSION = 1;
/** Largest frame that is accepted: a batch of 1 MiB and one entry of the largest size more. */
export const FRAME_BYTES_MAX = 2_621_440;
/** Largest frame before the other side has proved that it knows the token. */
export const HELLO_BYTES_MAX = 2_048;

/** Kinds of frames. */
export const KIND = {
  challenge: 1,
  hello: 2,
  welcome: 3,
  append: 4,
  appended: 5,
  barrier: 6,
  sequence: 7,
  read: 8,
  credit: 9,
  stop: 10,
  batch: 11,
  failed: 12,
  ping: 13,
  status: 14,
} as const;

/** One frame. */
export interface RemoteFrame {
  readonly kind: number;
  readonly request: number;
  readonly body: Uint8Array;
}

/** What the owner says of itself at each ping. */
export interface OwnerStatus {
  readonly appending: boolean;
  readonly votersReached: number;
  readonly lastSequence: number;
  readonly state: string;
}

/** The other side does not keep to the protocol. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

const HEAD_BYTES = 9;
const APPEND_HEAD_BYTES = 7;

/** Bytes of a frame; `parts` are its body. */
export function encodeFrame(kind: number, request: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const bodyBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = newBytes(HEAD_BYTES + bodyBytes);
  const view = viewOf(bytes);
  view.setUint32(0, HEAD_BYTES - 4 + bodyBytes, true);
  bytes[4] = kind;
  view.setUint32(5, request, true);
  let offset = HEAD_BYTES;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Takes bytes as they come and gives whole frames. Holds at most one frame that is not whole yet. */
export class FrameParser {
  #parts: Uint8Array[] = [];
  #length = 0;
  #needed = 4;
  /** Largest frame that is accepted. */
  bytesMax: number;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** @throws ProtocolError when a frame is larger than `bytesMax` or too small to be one. */
  *push(bytes: Uint8Array): Generator<RemoteFrame, void, undefined> {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    while (this.#length >= this.#needed) {
      const all = this.#joined();
      const length = viewOf(all).getUint32(0, true);
      if (length < HEAD_BYTES - 4 || length > this.bytesMax) {
        throw new ProtocolError(`a frame of ${String(length)} bytes`);
      }
      if (all.length < 4 + length) {
        this.#needed = 4 + length;
        return;
      }
      this.#parts = [all.subarray(4 + length)];
      this.#length = all.length - 4 - length;
      this.#needed = 4;
      yield { kind: all[4] ?? 0, request: viewOf(all).getUint32(5, true), body: all.subarray(HEAD_BYTES, 4 + length) };
    }
  }

  #joined(): Uint8Array {
    const only = this.#parts.length === 1 ? this.#parts[0] : undefined;
    if (only !== undefined) return only;
    const all = newBytes(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      all.set(part, offset);
      offset += part.length;
    }
    this.#parts = [all];
    return all;
  }
}

/** A number of 4 bytes. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

/** A whole number of 8 bytes, below 2^53. */
export function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  writeUint64(viewOf(bytes), 0, value);
  return bytes;
}

/** Reads what `uint32` wrote. @throws ProtocolError */
export function toUint32(body: Uint8Array): number {
  if (body.length < 4) throw new ProtocolError("a body that is too short");
  return viewOf(body).getUint32(0, true);
}

/** Reads what `uint64` wrote. @throws ProtocolError */
export function toUint64(body: Uint8Array): number {
  if (body.length < 8) throw new ProtocolError("a body that is too short");
  return readUint64(viewOf(body), 0);
}

/** A body of JSON. */
export function json(value: unknown): Uint8Array {
  return bytesOf(JSON.stringify(value));
}

/** Reads a body of JSON that must be an object. @throws ProtocolError */
export function toJson(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(textOf(body));
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Told below, with everything else that is no object.
  }
  throw new ProtocolError("a body that is no JSON object");
}

/** Body of `append`. */
export function appendBody(deadlineMs: number, { id, payload, isUrgent }: NewEntry): Uint8Array[] {
  const idBytes = bytesOf(id);
  const head = new Uint8Array(APPEND_HEAD_BYTES);
  viewOf(head).setUint32(0, deadlineMs, true);
  head[4] = isUrgent === true ? 1 : 0;
  viewOf(head).setUint16(5, idBytes.length, true);
  return [head, idBytes, payload];
}

/** Reads the body of `append`. @throws ProtocolError */
export function toAppend(body: Uint8Array): { deadlineMs: number; entry: NewEntry } {
  const deadlineMs = toUint32(body);
  const idBytes = body.length < APPEND_HEAD_BYTES ? Infinity : viewOf(body).getUint16(5, true);
  const payloadAt = APPEND_HEAD_BYTES + idBytes;
  if (payloadAt > body.length) throw new ProtocolError("an append that is too short");
  const id = textOf(body.subarray(APPEND_HEAD_BYTES, payloadAt));
  return { deadlineMs, entry: { id, payload: body.subarray(payloadAt), isUrgent: body[4] === 1 } };
}

/** Body of `batch`. */
export function batchBody(batch: readonly JournalEntry[]): Uint8Array[] {
  const parts = [uint64(batch[0]?.sequence ?? 0)];
  for (const { payload } of batch) parts.push(uint32(payload.length), payload);
  return parts;
}

/** Reads the body of `batch`. @throws ProtocolError */
export function toBatch(body: Uint8Array): JournalEntry[] {
  const first = toUint64(body);
  const entries: JournalEntry[] = [];
  let at = 8;
  while (at < body.length) {
    const end = at + 4 + toUint32(body.subarray(at, at + 4));
    if (end > body.length) throw new ProtocolError("a batch that is too short");
    entries.push({ sequence: first + entries.length, payload: body.subarray(at + 4, end) });
    at = end;
  }
  if (entries.length === 0) throw new ProtocolError("an empty batch");
  return entries;
}

/** Proof of knowing the token, for one connection and one side. */
export function proofOf(token: string, side: "node" | "owner", ownerNonce: string, nodeNonce: string): string {
  return createHmac("sha256", token).update(`twodoor-journal ${side} ${ownerNonce} ${nodeNonce}`).digest("base64");
}

/** Compares in a time that does not depend on where they differ. */
export function sameProof(expected: string, got: unknown): boolean {
  if (typeof got !== "string") return false;
  const [a, b] = [bytesOf(expected), bytesOf(got)];
  return a.length === b.length && timingSafeEqual(a, b);
}
