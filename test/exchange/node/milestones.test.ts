/** Proves what a node does at some entries: tells and compares what spans of them did, and saves its state while all else goes on. In memory, on time that the test moves. Not: real disks. */
import { describe, expect, it } from "vitest";
import type { Command } from "../../../exchange/machine/commands";
import { Machine } from "../../../exchange/machine/machine";
import { TIE_MS } from "../../../exchange/node/checkpoints";
import { SNAPSHOT_EVERY } from "../../../exchange/node/snapshot-policy";
import { SLICE_STEPS_MAX } from "../../../exchange/node/slices";
import { CHECKPOINT_EVERY, SpanDigest } from "../../../exchange/node/span-digest";
import { settle } from "../support/manual-time";
import { MemoryJournal } from "../support/memory-journal";
import { MemorySnapshots, type Made, open, makeNode, write, account, currency, raw, copyOf } from "./made";

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
