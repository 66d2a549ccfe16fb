/** Proves what one node does with its journal: order of answers and listeners, stops for good, ticks, checkpoints, snapshots, stale reads, going away. In memory, on time that the test moves. Not: real journals and processes. */
import { afterEach, describe, expect, it } from "vitest";
import {
  JournalDamaged,
  type NewSnapshot,
  type SnapshotStore,
  type StoredSnapshot,
} from "../../../exchange/journal/journal";
import type { Command } from "../../../exchange/machine/commands";
import type { Applied } from "../../../exchange/machine/events";
import { encodeFrame } from "../../../exchange/machine/frame";
import { Machine } from "../../../exchange/machine/machine";
import { TIE_MS } from "../../../exchange/node/checkpoints";
import { createLogger } from "../../../exchange/node/logger";
import { createMetrics } from "../../../exchange/node/metrics";
import { ExchangeNode } from "../../../exchange/node/node";
import { beginning } from "../../../exchange/node/saved-state";
import { SNAPSHOT_EVERY } from "../../../exchange/node/snapshot-policy";
import { SLICE_STEPS_MAX } from "../../../exchange/node/slices";
import { CHECKPOINT_EVERY, SpanDigest } from "../../../exchange/node/span-digest";
import { ManualTime, settle } from "../support/manual-time";
import { MemoryJournal } from "../support/memory-journal";

const open: ExchangeNode[] = [];
afterEach(async () => {
  for (const node of open.splice(0)) await node.close();
});

/** Keeps snapshots in memory. */
class MemorySnapshots implements SnapshotStore {
  readonly saved: StoredSnapshot[] = [];
  newest(): ReturnType<SnapshotStore["newest"]> {
    return Promise.resolve({ snapshot: this.saved.at(-1), skipped: [] });
  }
  save({ sequence, pieces }: NewSnapshot): Promise<void> {
    this.saved.push({ sequence, bytes: Uint8Array.from(Buffer.concat(pieces)) });
    return Promise.resolve();
  }
}

interface Made {
  node: ExchangeNode;
  journal: MemoryJournal;
  time: ManualTime;
  lines: string[];
  started: Promise<boolean>;
}

async function makeNode(
  options: { journal?: MemoryJournal; snapshots?: SnapshotStore; name?: string; time?: ManualTime } = {},
): Promise<Made> {
  const { journal = new MemoryJournal(), snapshots, name = "n1", time = new ManualTime() } = options;
  const lines: string[] = [];
  const settings = { logLevel: "trace", place: { cloud: "local", region: "local" }, peers: [] } as const;
  const logger = createLogger(settings, name, { write: (line: string) => void lines.push(line) });
  const start = await beginning(snapshots, logger);
  const parts = { journal, beginning: start, snapshots, settings, time, logger, name, random: () => 0.5 };
  const node = new ExchangeNode({ ...parts, metrics: createMetrics(false) });
  open.push(node);
  const started = node.start(5_000);
  await settle();
  return { node, journal, time, lines, started };
}

let frames = 0;
function write(journal: MemoryJournal, commands: Command[], frame: { at?: number; node?: string } = {}): void {
  frames += 1;
  const id = `frame-${String(frames)}`;
  const { at = 1, node = "other" } = frame;
  journal.write({ id, payload: encodeFrame({ v: 1, id, node, at, commands }) });
}

const account = (id: string): Command => ({ type: "account-create", operator: "o", accountId: id });
const currency: Command = { type: "currency-create", operator: "o", id: "USD", name: "Dollar", scale: 2 };
const cancelAfter: Command = { type: "cancel-after", accountId: "a", timeoutMs: 60_000 };
const raw = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("starting", () => {
  it("serves once it has applied what there was", async () => {
    const journal = new MemoryJournal();
    for (let number = 0; number < 2_500; number += 1) write(journal, [account(`a${String(number)}`)]);
    const { node, started } = await makeNode({ journal });
    expect(await started).toBe(true);
    expect([node.view.sequence, node.view.accountIds().length, node.ready().ok]).toEqual([2_500, 2_500, true]);
  });

  it("goes on trying while the journal does not say how far it goes, and takes nothing meanwhile", async () => {
    const journal = new MemoryJournal();
    journal.isBarrierAnswered = false;
    const { node, started, time } = await makeNode({ journal });
    await time.advance(5_000);
    expect(await started).toBe(false);
    expect(node.ready()).toMatchObject({ ok: false, reasons: ["has not caught up with the journal since it started"] });
    expect([node.region().ok, node.isServing()]).toEqual([false, false]);
    await expect(node.submit(currency)).rejects.toMatchObject({ name: "NotTaken", reason: "not-ready" });
    expect(await node.caughtUp()).toBe(false);
    journal.isBarrierAnswered = true;
    // The barrier in memory takes real milliseconds to fail.
    await expect.poll(async () => (await time.advance(300), node.ready().ok)).toBe(true);
    expect(await node.submit(currency)).toMatchObject({ ok: true });
  });
});

describe("applying", () => {
  it("tells listeners in order, synchronously, whatever one of them throws", async () => {
    const { node, lines } = await makeNode();
    const seen: [string, number, number][] = [];
    const listen = (name: string) => (applied: Applied) => void seen.push([name, applied.sequence, node.view.sequence]);
    const stop = node.onApplied(listen("first"));
    node.onApplied(() => {
      throw new Error("planted");
    });
    node.onApplied(listen("last"));
    await node.submit(currency);
    await node.submit(account("a"));
    stop();
    await node.submit(account("b"));
    expect(seen).toEqual([
      ["first", 1, 1],
      ["last", 1, 1],
      ["first", 2, 2],
      ["last", 2, 2],
      ["last", 3, 3],
    ]);
    expect(lines.filter((line) => line.includes("a listener failed")).length).toBe(3);
  });

  it("passes over bytes that are no frame", async () => {
    const { node, journal } = await makeNode();
    journal.write({ id: "x", payload: raw("not a frame") });
    await settle();
    expect(await node.submit(currency)).toMatchObject({ ok: true });
    expect(node.view.sequence).toBe(2);
  });

  it("reads on after a failure that passes", async () => {
    const journal = new MemoryJournal();
    const read = journal.read.bind(journal);
    const from: number[] = [];
    journal.read = (sequence, signal) => {
      from.push(sequence);
      if (from.length <= 2) throw new Error("planted");
      return read(sequence, signal);
    };
    const { node, time } = await makeNode({ journal });
    write(journal, [currency]);
    await time.advance(499);
    expect([from.length, node.view.sequence]).toEqual([2, 0]);
    await time.advance(1);
    expect([from, node.view.sequence, node.ready().ok]).toEqual([[1, 1, 1], 1, true]);
  });
});

describe("stopping for good", () => {
  const stops: [string, (made: Made) => void, RegExp][] = [
    [
      "an unknown command",
      ({ journal }) =>
        journal.write({
          id: "u",
          payload: raw('{"v":1,"id":"u","node":"n","at":1,"commands":[{"type":"new-thing"}]}'),
        }),
      /entry 1 cannot be applied/,
    ],
    [
      "a frame of a later release",
      ({ journal }) => journal.write({ id: "u", payload: raw('{"v":2,"id":"u","node":"n","at":1,"commands":[]}') }),
      /entry 1 cannot be applied/,
    ],
    [
      "an entry that came before",
      ({ journal }) => (write(journal, []), journal.entries.push({ sequence: 1, payload: raw("x") }), journal.wake()),
      /gave entry 1 after 1/,
    ],
  ];
  it.each(stops)("after %s", async (_, hurt, reason) => {
    const made = await makeNode();
    const { node, journal } = made;
    journal.appendMode = "hold";
    const waiting = node.submit(currency).catch((error: unknown) => error);
    await settle();
    let goodbyes = 0;
    node.onClosing(() => (goodbyes += 1));
    hurt(made);
    await settle();
    expect(node.ready()).toMatchObject({ ok: false, reasons: [expect.stringMatching(reason)] });
    expect([node.region().ok, node.isServing()]).toEqual([false, false]);
    expect(await waiting).toMatchObject({ name: "OutcomeUnknown" });
    await expect(node.submit(currency)).rejects.toMatchObject({ reason: "not-ready" });
    expect(await node.caughtUp()).toBe(false);
    expect(goodbyes).toBe(1);
    // Nothing is applied any more.
    const { sequence } = node.view;
    write(journal, [currency]);
    await settle();
    expect(node.view.sequence).toBe(sequence);
  });

  it("after a damaged journal, in the journal's words", async () => {
    const journal = new MemoryJournal();
    journal.read = () => {
      throw new JournalDamaged("segment 3 at byte 17");
    };
    journal.isBarrierAnswered = false;
    const { node } = await makeNode({ journal });
    expect(node.ready().reasons).toEqual(["segment 3 at byte 17"]);
  });
});

describe("caught up", () => {
  it("means that everything acknowledged before is applied", async () => {
    const { node, journal } = await makeNode();
    journal.isReadable = false;
    write(journal, [currency]);
    const asked = node.caughtUp();
    await settle();
    expect(node.view.sequence).toBe(0);
    journal.isReadable = true;
    journal.wake();
    expect(await asked).toBe(true);
    expect(node.view.currency("USD")?.name).toBe("Dollar");
  });

  it("is false after a second without an answer, or without the entry", async () => {
    const { node, journal, time } = await makeNode();
    journal.isReadable = false;
    write(journal, [currency]);
    const late = node.caughtUp();
    await time.advance(1_000);
    expect(await late).toBe(false);
    journal.barrier = () => new Promise(() => undefined);
    const silent = node.caughtUp();
    await time.advance(1_000);
    expect(await silent).toBe(false);
  });

  it("asks the journal once for all who ask together, and again for who comes later", async () => {
    const { node, journal } = await makeNode();
    let barriers = 0;
    const answers: ((sequence: number) => void)[] = [];
    journal.barrier = () => {
      barriers += 1;
      return new Promise((resolve) => answers.push(resolve));
    };
    const together = [1, 2, 3].map(() => node.caughtUp());
    await settle();
    expect(barriers).toBe(1);
    // Who asks now must not be answered by the barrier that began before.
    const later = [1, 2].map(() => node.caughtUp());
    await settle();
    expect(barriers).toBe(2);
    answers[0]?.(0);
    expect(await Promise.all(together)).toEqual([true, true, true]);
    answers[1]?.(0);
    expect(await Promise.all(later)).toEqual([true, true]);
  });

  it("has at most four barriers on their way", async () => {
    const { node, journal } = await makeNode();
    const answers: ((sequence: number) => void)[] = [];
    journal.barrier = () => new Promise((resolve) => answers.push(resolve));
    const asked: Promise<boolean>[] = [];
    for (let round = 0; round < 7; round += 1) {
      asked.push(node.caughtUp());
      await settle();
    }
    expect(answers.length).toBe(4);
    for (const answer of answers) answer(0);
    await settle();
    expect(answers.length).toBe(5);
    answers[4]?.(0);
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 7 }, () => true));
  });
});

describe("ticks", () => {
  it("let time pass each second while something waits for it, and only then", async () => {
    const { node, journal, time } = await makeNode();
    await time.advance(10_000);
    expect(journal.entries.length).toBe(0);
    await node.submit(account("a"));
    await node.submit(cancelAfter);
    expect(node.view.hasTimers).toBe(true);
    const before = journal.entries.length;
    await time.advance(13_000);
    // A second without a frame, up to 100 ms until that is seen, 150 ms of jitter.
    expect(journal.entries.length - before).toBe(10);
    // Another node's frames make them needless.
    for (let round = 0; round < 10; round += 1) {
      write(journal, []);
      await time.advance(900);
    }
    expect(journal.entries.length - before).toBe(20);
  });
});

describe("checkpoints", () => {
  const checkpoint = (hash: string): Command => ({ type: "checkpoint", atSequence: CHECKPOINT_EVERY, hash });

  async function atCheckpoint(): Promise<Made & { own: string }> {
    const made = await makeNode();
    await made.node.submit(currency);
    for (let number = 1; number < CHECKPOINT_EVERY; number += 1)
      made.journal.write({ id: String(number), payload: raw("-") });
    await expect.poll(() => made.node.view.sequence).toBe(CHECKPOINT_EVERY + 1);
    const machine = Machine.empty();
    const digest = new SpanDigest(machine);
    const told = made.journal.entries
      .slice(0, CHECKPOINT_EVERY)
      .map((entry) => digest.add(machine.apply(entry.sequence, entry.payload)));
    return { ...made, own: told.at(-1) ?? "" };
  }

  it("are written after each span of entries and compared", async () => {
    const { node, journal, own } = await atCheckpoint();
    expect(new TextDecoder().decode(journal.entries.at(-1)?.payload)).toContain(own);
    write(journal, [checkpoint(own)]);
    write(journal, [checkpoint("1:wrong")], { node: "third" });
    await settle();
    // Two of three agree.
    expect(node.ready().ok).toBe(true);
  });

  it("of nodes that began at different entries are the same, span by span", async () => {
    const { journal, time, started } = await makeNode();
    expect([await started, await (await makeNode({ journal, time, name: "n2" })).started]).toEqual([true, true]);
    for (let number = 1; number <= 1_500; number += 1) write(journal, [account(`a${String(number)}`)]);
    expect(await (await makeNode({ journal, time, name: "n3" })).started).toBe(true);
    for (let number = 1_501; number <= 3_100; number += 1) write(journal, [account(`a${String(number)}`)]);
    const told = new Map<string, string[]>();
    const look = (): number => {
      told.clear();
      for (const { payload } of journal.entries) {
        const frame = JSON.parse(new TextDecoder().decode(payload)) as { node: string; commands: Command[] };
        for (const command of frame.commands) {
          if (command.type !== "checkpoint") continue;
          const key = `${String(command.atSequence)} ${command.hash}`;
          told.set(key, [...(told.get(key) ?? []), frame.node].sort());
        }
      }
      return [...told.values()].flat().length;
    };
    // The third has not seen the first half of the second span.
    await expect.poll(look).toBe(7);
    expect([...told.values()]).toEqual([
      ["n1", "n2"],
      ["n1", "n2"],
      ["n1", "n2", "n3"],
    ]);
    expect(open.slice(-3).map((node) => node.ready().ok)).toEqual([true, true, true]);
  });

  it("stop the node that most others contradict, at once", async () => {
    const { node, journal } = await atCheckpoint();
    write(journal, [checkpoint("1:x")], { node: "second" });
    write(journal, [checkpoint("1:x")], { node: "third" });
    await settle();
    expect(node.ready().reasons).toEqual([
      `did another thing than most other nodes with the entries up to ${String(CHECKPOINT_EVERY)}: diverged; remove its snapshots before it starts again`,
    ]);
  });

  it("stop both of two that differ, unless a third decides within 5 s", async () => {
    const tied = await atCheckpoint();
    write(tied.journal, [checkpoint("1:x")], { node: "second" });
    await tied.time.advance(TIE_MS - 1);
    expect(tied.node.ready().ok).toBe(true);
    await tied.time.advance(1);
    expect(tied.node.ready().ok).toBe(false);
    const decided = await atCheckpoint();
    write(decided.journal, [checkpoint("1:x")], { node: "second" });
    write(decided.journal, [checkpoint(decided.own)], { node: "third" });
    await decided.time.advance(TIE_MS);
    expect(decided.node.ready().ok).toBe(true);
  });
});

describe("snapshots", () => {
  /** Where chance, which is a half here, lets the first one be due. */
  const DUE = SNAPSHOT_EVERY * 1.25;

  it("are taken every so many entries, and the next start reads only what came after", async () => {
    const snapshots = new MemorySnapshots();
    const { node, journal, time } = await makeNode({ snapshots });
    await node.submit(currency);
    await time.advance(1_000);
    for (let number = 1; number <= DUE + 10; number += 1) journal.write({ id: String(number), payload: raw("-") });
    await expect.poll(() => node.view.sequence, { timeout: 20_000 }).toBeGreaterThan(DUE + 10);
    expect(snapshots.saved.map(({ sequence }) => sequence)).toEqual([DUE]);
    const from: number[] = [];
    const read = journal.read.bind(journal);
    journal.read = (sequence, signal) => (from.push(sequence), read(sequence, signal));
    const again = await makeNode({ journal, snapshots, name: "n2" });
    expect(await again.started).toBe(true);
    expect(from).toEqual([DUE]);
    expect([again.node.view.sequence, again.node.view.currency("USD")?.id]).toEqual([node.view.sequence, "USD"]);
  });

  /** A node at the entry at which it begins to write down a state of 30,000 lines, with ten entries more to apply. */
  async function whileWritingDown(): Promise<Made & { snapshots: MemorySnapshots; turnsMin: number }> {
    const snapshots = new MemorySnapshots();
    const made = await makeNode({ snapshots });
    await made.time.advance(60_000);
    for (let frame = 0; frame < 20; frame += 1) {
      write(
        made.journal,
        Array.from({ length: 500 }, (_, index) => account(`a${String(500 * frame + index)}`)),
      );
    }
    for (let number = 21; number <= DUE + 10; number += 1)
      made.journal.write({ id: String(number), payload: raw("-") });
    while (made.node.view.sequence < DUE) await new Promise((resolve) => setImmediate(resolve));
    return { ...made, snapshots, turnsMin: Math.floor(30_000 / 512 / SLICE_STEPS_MAX) };
  }

  it("let everything else go on while they are written down: entries wait, and are applied then", async () => {
    const { node, snapshots, turnsMin } = await whileWritingDown();
    const answer = node.submit(currency);
    let turns = 0;
    for (; node.view.sequence === DUE; turns += 1) {
      expect([node.ready().ok, node.region().ok, node.isServing()]).toEqual([true, true, true]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(turnsMin).toBe(3);
    expect(turns).toBeGreaterThanOrEqual(turnsMin);
    expect(await answer).toMatchObject({ ok: true });
    await expect.poll(() => snapshots.saved.map(({ sequence }) => sequence)).toEqual([DUE]);
    const { bytes } = snapshots.saved[0] ?? { bytes: raw("") };
    const restored = Machine.restore(bytes.subarray(64));
    expect([restored.sequence, restored.accountIds().length, restored.currencies()]).toEqual([DUE, 10_000, []]);
  });

  it("are ended whole by a stop that comes meanwhile", async () => {
    const { node, snapshots } = await whileWritingDown();
    await node.close();
    expect([snapshots.saved.map(({ sequence }) => sequence), node.view.sequence]).toEqual([[DUE], DUE]);
  });

  it("are taken on a clean stop when 100 entries or more would be read again", async () => {
    const snapshots = new MemorySnapshots();
    const { node, journal } = await makeNode({ snapshots });
    for (let number = 0; number < 99; number += 1) journal.write({ id: String(number), payload: raw("-") });
    await settle();
    await node.close();
    expect(snapshots.saved.length).toBe(0);
    const again = await makeNode({ journal: copyOf(journal), snapshots });
    await again.node.submit(currency);
    await again.node.close();
    expect(snapshots.saved.map(({ sequence }) => sequence)).toEqual([100]);
  });

  it("of another journal, or of one that lost its tail, stop the node", async () => {
    const snapshots = new MemorySnapshots();
    const { node, journal } = await makeNode({ snapshots });
    for (let number = 0; number < 200; number += 1) journal.write({ id: String(number), payload: raw("-") });
    await settle();
    await node.close();
    const shorter = copyOf(journal, 150);
    const afterLoss = await makeNode({ journal: shorter, snapshots });
    expect(afterLoss.node.ready().reasons).toEqual([
      expect.stringMatching(/ends at 150, and this node has a snapshot of 200/),
    ]);
    const other = new MemoryJournal();
    for (let number = 0; number < 300; number += 1) other.write({ id: String(number), payload: raw("+") });
    const elsewhere = await makeNode({ journal: other, snapshots });
    expect(elsewhere.node.ready().reasons).toEqual([
      expect.stringMatching(/the snapshot at 200 was not taken of this journal/),
    ]);
  });

  it("that cannot be understood are passed over", async () => {
    const snapshots = new MemorySnapshots();
    await snapshots.save({ sequence: 7, pieces: [raw("x".repeat(200))] });
    const journal = new MemoryJournal();
    write(journal, [currency]);
    const { node, started, lines } = await makeNode({ journal, snapshots });
    expect(await started).toBe(true);
    expect([node.view.sequence, lines.some((line) => line.includes("the snapshot cannot be used"))]).toEqual([1, true]);
  });
});

describe("going away", () => {
  it("is not ready at once, works on, then refuses, then answers what is on its way", async () => {
    const { node, journal, time } = await makeNode();
    let goodbyes = 0;
    node.onClosing(() => (goodbyes += 1));
    node.beginClosing();
    node.beginClosing();
    expect([node.ready().reasons, node.region().ok, node.isServing(), goodbyes]).toEqual([
      ["going away"],
      true,
      true,
      1,
    ]);
    expect(await node.submit(currency)).toMatchObject({ ok: true });
    journal.appendMode = "hold";
    const onItsWay = node.submit(account("a"));
    await settle();
    const drained = node.drain(5_000);
    await expect(node.submit(account("b"))).rejects.toMatchObject({ reason: "closed" });
    await time.advance(100);
    journal.release();
    expect(await onItsWay).toMatchObject({ ok: true });
    await time.advance(100);
    await drained;
  });

  it("tells what is still open after the wait that its outcome is unknown", async () => {
    const { node, journal, time } = await makeNode();
    journal.appendMode = "hold";
    const open = node.submit(account("a")).catch((error: unknown) => error);
    await settle();
    const drained = node.drain(1_000);
    await time.advance(1_010);
    await drained;
    expect(await open).toMatchObject({ name: "OutcomeUnknown" });
  });
});

it("tells a clock that disagrees with the others'", async () => {
  const { node, journal, time } = await makeNode();
  write(journal, [], { at: time.clock() + 2_500 });
  await settle();
  expect(node.region()).toMatchObject({ ok: true, detail: { clockSkewMs: 2_500, clockIsRight: false } });
});

it("counts commands by result and shows no account in its metrics", async () => {
  const { node } = await makeNode();
  await node.submit(currency);
  await node.submit(currency);
  expect(node.peer()).toEqual({ version: 1, votersReached: 1, voters: 1, sequence: 2, lacks: [], appendedMsAgo: 0 });
});

function copyOf(journal: MemoryJournal, entries = Number.POSITIVE_INFINITY): MemoryJournal {
  const copy = new MemoryJournal();
  journal.entries
    .slice(0, entries)
    .forEach(({ payload }, index) => copy.write({ id: `copy-${String(index)}`, payload }));
  return copy;
}
