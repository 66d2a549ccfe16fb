/**
 * What every journal promises, whatever it is made of. One suite, run over `embedded/`, `remote/` and `nats/`. It proves the promises between two
 * handles to one healthy journal; not what happens when disks, networks or voters fail: each implementation has its own tests for that.
 *
 * Entries of others may stand between one's own (NATS writes entries for its barriers), so nothing here expects two appends to be neighbours.
 */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AppendRefused, OutcomeUnknown, type Journal, type JournalEntry } from "../../../exchange/journal/journal";

/** One journal with handles to it. */
export interface OpenedJournal {
  readonly journal: Journal;
  /** Another handle to the same journal, where that is possible; else the same one. The suite closes neither: `close` does. */
  second(): Promise<Journal>;
  close(): Promise<void>;
}

const DEADLINE_MS = 20_000;

/** Bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Entries from `sequence` to `until`, both included; fails on a gap, on disorder, and on an empty batch. */
export async function readTo(journal: Journal, sequence: number, until: number): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, DEADLINE_MS);
  for await (const batch of journal.read(sequence, stop.signal)) {
    expect(batch.length).toBeGreaterThan(0);
    entries.push(...batch);
    if ((entries.at(-1)?.sequence ?? 0) >= until) stop.abort();
  }
  clearTimeout(timer);
  expect(entries.map((entry) => entry.sequence)).toEqual(entries.map((_, index) => sequence + index));
  return entries.filter((entry) => entry.sequence <= until);
}

/** Declares the suite. `open` is called for each test. */
export function journalContract(name: string, open: () => Promise<OpenedJournal>): void {
  describe(`the journal's contract: ${name}`, () => {
    let opened: OpenedJournal;
    let journal: Journal;
    beforeEach(async () => {
      opened = await open();
      journal = opened.journal;
    });
    afterEach(async () => {
      await opened.close();
    });
    const handles = { journal: () => journal, second: () => opened.second() };
    orderAndBytes(handles);
    duplicates(handles);
    liveReads(handles);
    barriersAndStatus(handles);
    ends(handles);
  });
}

interface Handles {
  journal(): Journal;
  second(): Promise<Journal>;
}

async function put(journal: Journal, text: string): Promise<number> {
  return (await journal.append({ id: randomUUID(), payload: bytes(text) }, DEADLINE_MS)).sequence;
}

function orderAndBytes(handles: Handles): void {
  test("gives rising sequences, and each entry back at its own, byte for byte", async () => {
    const journal = handles.journal();
    const payloads = [
      bytes("first"),
      new Uint8Array(0),
      Uint8Array.from({ length: 256 }, (_, index) => index),
      Uint8Array.from({ length: journal.payloadBytesMax }, (_, index) => (index * 7) % 251),
      bytes("last, with ü and 票"),
    ];
    const sequences: number[] = [];
    for (const payload of payloads) {
      sequences.push((await journal.append({ id: randomUUID(), payload }, DEADLINE_MS)).sequence);
    }
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(new Set(sequences).size).toBe(payloads.length);
    const read = await readTo(journal, 1, sequences.at(-1) ?? 0);
    for (const [index, payload] of payloads.entries()) {
      const there = read[(sequences[index] ?? 0) - 1]?.payload ?? bytes("nothing");
      expect(Buffer.compare(there, payload)).toBe(0);
    }
  });

  test("keeps what was appended when the caller's bytes change afterwards", async () => {
    const journal = handles.journal();
    const payload = bytes("as it was");
    const { sequence } = await journal.append({ id: randomUUID(), payload }, DEADLINE_MS);
    payload.fill(0);
    expect((await readTo(journal, sequence, sequence)).map((entry) => entry.payload)).toEqual([bytes("as it was")]);
  });

  test("reads from any sequence on, without a gap", async () => {
    const journal = handles.journal();
    const acknowledged: [number, string][] = [];
    for (let index = 0; index < 12; index += 1)
      acknowledged.push([await put(journal, `entry ${String(index)}`), `entry ${String(index)}`]);
    const last = acknowledged.at(-1)?.[0] ?? 0;
    for (const [from] of acknowledged) {
      const read = new Map((await readTo(journal, from, last)).map((entry) => [entry.sequence, entry.payload]));
      for (const [sequence, text] of acknowledged) {
        expect(read.get(sequence)).toEqual(sequence < from ? undefined : bytes(text));
      }
    }
  });

  test("takes appends of two handles at once, and loses, doubles and mixes none", async () => {
    const both = [handles.journal(), await handles.second()];
    const acknowledged = await Promise.all(
      Array.from({ length: 400 }, async (_, index): Promise<[number, string]> => {
        const journal = both[index % 2] ?? handles.journal();
        const text = `handle ${String(index % 2)} entry ${String(index)}`;
        return [await put(journal, text), text];
      }),
    );
    const last = Math.max(...acknowledged.map(([sequence]) => sequence));
    expect(new Set(acknowledged.map(([sequence]) => sequence)).size).toBe(400);
    for (const journal of both) {
      const read = await readTo(journal, 1, last);
      for (const [sequence, text] of acknowledged) expect(read[sequence - 1]?.payload).toEqual(bytes(text));
    }
  });

  test("refuses a payload above its maximum, and writes nothing of it", async () => {
    const journal = handles.journal();
    const before = await put(journal, "before");
    const tooLarge = new Uint8Array(journal.payloadBytesMax + 1);
    const refused = journal.append({ id: randomUUID(), payload: tooLarge }, DEADLINE_MS);
    await expect(refused).rejects.toBeInstanceOf(AppendRefused);
    await expect(refused).rejects.toMatchObject({ reason: "too-large" });
    const after = await put(journal, "after");
    const read = await readTo(journal, before, after);
    expect(read.filter((entry) => entry.payload.length > 1_000)).toEqual([]);
  });
}

function duplicates(handles: Handles): void {
  test("answers an id that it knows with the first sequence, from either handle, and keeps the first payload", async () => {
    const journal = handles.journal();
    const other = await handles.second();
    const id = randomUUID();
    const { sequence: first, duplicate } = await journal.append({ id, payload: bytes("first") }, DEADLINE_MS);
    expect(duplicate).toBe(false);
    await put(journal, "between");
    const again = { id, payload: bytes("second") };
    expect(await journal.append(again, DEADLINE_MS)).toEqual({ sequence: first, duplicate: true });
    expect(await other.append(again, DEADLINE_MS)).toEqual({ sequence: first, duplicate: true });
    const last = await put(other, "last");
    const read = await readTo(journal, 1, last);
    expect(read.filter((entry) => Buffer.compare(entry.payload, bytes("second")) === 0)).toEqual([]);
    expect(read[first - 1]?.payload).toEqual(bytes("first"));
  });

  test("writes one entry when one id is appended many times at once", async () => {
    const both = [handles.journal(), await handles.second()];
    const entry = { id: randomUUID(), payload: bytes("once") };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (both[index % 2] ?? handles.journal()).append(entry, DEADLINE_MS)),
    );
    expect(new Set(answers.map(({ sequence }) => sequence)).size).toBe(1);
    // None where the one that was first had to ask again and met its own earlier try.
    expect(answers.filter(({ duplicate }) => !duplicate).length).toBeLessThanOrEqual(1);
    const last = await put(handles.journal(), "last");
    const read = await readTo(handles.journal(), 1, last);
    expect(read.filter(({ payload }) => Buffer.compare(payload, entry.payload) === 0).length).toBe(1);
  });

  test("tells one truth about an append whose deadline was too short", async () => {
    const journal = handles.journal();
    const entries = Array.from({ length: 30 }, (_, index) => ({
      id: randomUUID(),
      payload: bytes(`hasty ${String(index)}`),
    }));
    const first = await Promise.all(
      entries.map((entry, index) =>
        journal.append(entry, index % 3).catch((error: unknown) => {
          expect(error).toBeInstanceOf(OutcomeUnknown);
          return undefined;
        }),
      ),
    );
    const later = await Promise.all(entries.map((entry) => journal.append(entry, DEADLINE_MS)));
    for (const [index, answer] of first.entries()) {
      if (answer !== undefined) expect(later[index]).toEqual({ sequence: answer.sequence, duplicate: true });
    }
    const last = Math.max(...later.map(({ sequence }) => sequence));
    const read = await readTo(journal, 1, last);
    for (const [index, { payload }] of entries.entries()) {
      const places = read.filter((entry) => Buffer.compare(entry.payload, payload) === 0);
      expect(places.map(({ sequence }) => sequence)).toEqual([later[index]?.sequence]);
    }
  });
}

function liveReads(handles: Handles): void {
  test("goes on with what either handle appends while it reads, and ends quietly with the signal", async () => {
    const journal = handles.journal();
    const other = await handles.second();
    const first = await put(journal, "0");
    const stop = new AbortController();
    const texts: string[] = [];
    const seen = (async (): Promise<void> => {
      for await (const batch of journal.read(first, stop.signal)) {
        for (const { payload } of batch) texts.push(new TextDecoder().decode(payload));
      }
    })();
    for (let index = 1; index <= 20; index += 1) {
      await put(index % 2 === 0 ? journal : other, String(index));
      // Each is seen before the next is appended: nothing waits for company.
      await expect.poll(() => texts.includes(String(index)), { timeout: DEADLINE_MS, interval: 2 }).toBe(true);
    }
    stop.abort();
    await seen;
    const own = texts.filter((text) => /^\d+$/.test(text));
    expect(own).toEqual(Array.from({ length: 21 }, (_, index) => String(index)));
  });

  test("ends at once where the signal was given before, and reads nothing", async () => {
    const journal = handles.journal();
    const first = await put(journal, "there");
    const batches: unknown[] = [];
    for await (const batch of journal.read(first, AbortSignal.abort())) batches.push(batch);
    expect(batches).toEqual([]);
  });

  test("serves a reader that is slow and one that is not, each completely", async () => {
    const journal = handles.journal();
    const sequences = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        journal
          .append({ id: randomUUID(), payload: new Uint8Array(100_000).fill(index) }, DEADLINE_MS)
          .then(({ sequence }) => sequence),
      ),
    );
    const last = Math.max(...sequences);
    const stop = new AbortController();
    const slow = journal.read(1, stop.signal)[Symbol.asyncIterator]();
    const some = await slow.next();
    const quick = await readTo(journal, 1, last);
    const entries: JournalEntry[] = [...(some.done === true ? [] : some.value)];
    while ((entries.at(-1)?.sequence ?? 0) < last) {
      const next = await slow.next();
      if (next.done === true) break;
      entries.push(...next.value);
    }
    stop.abort();
    expect(await slow.next()).toEqual({ done: true, value: undefined });
    const slowly = entries.filter(({ sequence }) => sequence <= last);
    expect(slowly.map(({ sequence }) => sequence)).toEqual(quick.map(({ sequence }) => sequence));
    const differing = slowly.filter(
      ({ payload }, index) => Buffer.compare(payload, quick[index]?.payload ?? bytes("")) !== 0,
    );
    expect(differing.map(({ sequence }) => sequence)).toEqual([]);
  });

  test("bounds its batches at 1,000 entries", async () => {
    const journal = handles.journal();
    const appended = await Promise.all(Array.from({ length: 2_500 }, (_, index) => put(journal, String(index))));
    const last = Math.max(...appended);
    const stop = new AbortController();
    const lengths: number[] = [];
    for await (const batch of journal.read(1, stop.signal)) {
      lengths.push(batch.length);
      if ((batch.at(-1)?.sequence ?? 0) >= last) stop.abort();
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_000);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeGreaterThanOrEqual(2_500);
  });
}

function barriersAndStatus(handles: Handles): void {
  test("has a barrier at or above everything that either handle acknowledged", async () => {
    const journal = handles.journal();
    const other = await handles.second();
    for (let round = 0; round < 10; round += 1) {
      const sequence = await put(round % 2 === 0 ? journal : other, String(round));
      const barriers = await Promise.all([journal.barrier(DEADLINE_MS), other.barrier(DEADLINE_MS)]);
      for (const barrier of barriers) {
        expect(barrier).toBeGreaterThanOrEqual(sequence);
        await readTo(other, barrier, barrier);
      }
    }
  });

  test("says that it appends, reaches a majority, and knows its last sequence", async () => {
    const journal = handles.journal();
    const sequence = await put(journal, "x");
    await expect.poll(() => journal.status().lastSequence, { timeout: DEADLINE_MS }).toBeGreaterThanOrEqual(sequence);
    const { appending, voters, votersReached, sinceMs } = journal.status();
    expect(appending).toBe(true);
    expect(votersReached).toBeGreaterThan(voters / 2);
    expect(sinceMs).toBeLessThanOrEqual(performance.now());
  });
}

function ends(handles: Handles): void {
  test("after close refuses appends as certainly not written, ends reads, and knows no barrier", async () => {
    const journal = handles.journal();
    const sequence = await put(journal, "x");
    const reading = readAll(journal, sequence);
    await journal.close();
    await journal.close();
    await reading;
    const refused = journal.append({ id: randomUUID(), payload: bytes("late") }, DEADLINE_MS);
    await expect(refused).rejects.toMatchObject({ name: "AppendRefused", reason: "closed" });
    await expect(journal.barrier(1_000)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(journal.status().appending).toBe(false);
  });

  test("settles every append that is under way when it is closed", async () => {
    const journal = handles.journal();
    await put(journal, "before");
    const settled = Array.from({ length: 50 }, (_, index) =>
      journal.append({ id: randomUUID(), payload: bytes(String(index)) }, DEADLINE_MS).then(
        () => "acknowledged",
        (error: unknown) => (error instanceof OutcomeUnknown || error instanceof AppendRefused ? "said so" : error),
      ),
    );
    await journal.close();
    for (const outcome of await Promise.all(settled)) expect(["acknowledged", "said so"]).toContain(outcome);
  });
}

async function readAll(journal: Journal, from: number): Promise<void> {
  for await (const batch of journal.read(from, new AbortController().signal)) expect(batch.length).toBeGreaterThan(0);
}
