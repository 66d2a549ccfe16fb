/** Frames come out as they went in, wherever the network cuts them, and any bytes at all end in frames or in a ProtocolError. Bounds of what is held in memory. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { RecentIds } from "../../../exchange/journal/embedded/recent-ids";
import { batchOf, Tail } from "../../../exchange/journal/embedded/tail";
import {
  appendBody,
  batchBody,
  encodeFrame,
  FrameParser,
  ProtocolError,
  toAppend,
  toBatch,
  toJson,
  type RemoteFrame,
} from "../../../exchange/journal/remote/frames";

/** Replays the run whose seed fast-check printed. */
const SEED = process.env["EXCHANGE_SEED"];
const settings = SEED === undefined ? {} : { seed: Number(SEED) };

const bytes = fc.uint8Array({ maxLength: 300 });
const frames = fc.array(fc.record({ kind: fc.nat(255), request: fc.nat(2 ** 32 - 1), body: bytes }), { maxLength: 8 });

function parsed(pieces: Iterable<Uint8Array>): RemoteFrame[] {
  const parser = new FrameParser(1_000);
  const found: RemoteFrame[] = [];
  for (const piece of pieces) {
    for (const { kind, request, body } of parser.push(piece))
      found.push({ kind, request, body: Uint8Array.from(body) });
  }
  return found;
}

test("frames survive every way to be cut", () => {
  fc.assert(
    fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (sent, lengths) => {
      const all = Buffer.concat(sent.map(({ kind, request, body }) => encodeFrame(kind, request, body)));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < all.length;) {
        const length = Number(lengths.next().value);
        pieces.push(Uint8Array.from(all.subarray(at, at + length)));
        at += length;
      }
      expect(parsed(pieces)).toEqual(
        sent.map(({ kind, request, body }) => ({ kind, request, body: Uint8Array.from(body) })),
      );
    }),
    settings,
  );
});

test("any bytes end in frames or in a ProtocolError, and so does reading any body", () => {
  const readers = [toAppend, toBatch, toJson];
  let refused = 0;
  fc.assert(
    fc.property(fc.array(bytes), bytes, (pieces, body) => {
      for (const read of [(): unknown => parsed(pieces), ...readers.map((reader) => (): unknown => reader(body))]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          refused += 1;
        }
      }
    }),
    settings,
  );
  expect(refused).toBeGreaterThan(100);
});

test("entries and batches survive the way", () => {
  const id = fc.string({ unit: "grapheme", maxLength: 40 });
  const entries = fc.array(bytes, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(id, bytes, fc.boolean(), fc.nat(60_000), (id, payload, isUrgent, deadlineMs) => {
      const read = toAppend(Uint8Array.from(Buffer.concat(appendBody(deadlineMs, { id, payload, isUrgent }))));
      expect([read.deadlineMs, read.entry.id, read.entry.isUrgent, [...read.entry.payload]]).toEqual([
        deadlineMs,
        Buffer.from(id).toString(),
        isUrgent,
        [...payload],
      ]);
    }),
    settings,
  );
  fc.assert(
    fc.property(entries, fc.nat(2 ** 45), (payloads, first) => {
      const batch = payloads.map((payload, index) => ({ sequence: first + index, payload: Uint8Array.from(payload) }));
      const read = toBatch(Uint8Array.from(Buffer.concat(batchBody(batch))));
      expect(read.map(({ sequence, payload }) => [sequence, [...payload]])).toEqual(
        batch.map(({ sequence, payload }) => [sequence, [...payload]]),
      );
    }),
    settings,
  );
});

test("memory holds the newest 16 MiB and 4,096 groups, and batches 1 MiB and 1,000 entries", () => {
  const tail = new Tail();
  for (let sequence = 1; sequence <= 100; sequence += 1) tail.add([{ sequence, payload: new Uint8Array(1_000_000) }]);
  const held = Array.from({ length: 101 }, (_, index) => tail.from(index)).flatMap((batch) => batch ?? []);
  expect(held.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 16 }, (_, index) => 85 + index));
  const many = new Tail();
  for (let sequence = 1; sequence <= 5_000; sequence += 1) many.add([{ sequence, payload: new Uint8Array(1) }]);
  expect([many.from(904), many.from(905)?.[0]?.sequence, many.from(5_001)]).toEqual([undefined, 905, undefined]);
  const small = Array.from({ length: 1_500 }, (_, index) => ({ sequence: index + 1, payload: new Uint8Array(1) }));
  expect([batchOf(small, 0).length, batchOf(small, 1_200).length]).toEqual([1_000, 300]);
  const large = Array.from({ length: 5 }, (_, index) => ({ sequence: index + 1, payload: new Uint8Array(600_000) }));
  expect(batchOf(large, 0).map(({ sequence }) => sequence)).toEqual([1]);
  expect(batchOf([{ sequence: 1, payload: new Uint8Array(2_000_000) }], 0).length).toBe(1);
});

test("the newest ids are known, exactly as many as may be", () => {
  const ids = new RecentIds(3);
  for (let sequence = 1; sequence <= 7; sequence += 1) ids.add(`id ${String(sequence)}`, sequence);
  expect([4, 5, 6, 7, 8].map((sequence) => ids.sequenceOf(`id ${String(sequence)}`))).toEqual([
    undefined,
    5,
    6,
    7,
    undefined,
  ]);
});
