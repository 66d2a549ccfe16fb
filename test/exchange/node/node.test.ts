/** Proves what one node does with its journal: order of answers and listeners, stops for good, ticks, stale reads, going away. In memory, on time that the test moves. Not: real journals and processes. */
import { describe, expect, it } from "vitest";
import { JournalDamaged } from "../../../exchange/journal/journal";
import type { Applied } from "../../../exchange/machine/events";
import { settle } from "../support/manual-time";
import { MemoryJournal } from "../support/memory-journal";
import { type Made, makeNode, write, account, currency, cancelAfter, raw } from "./made";

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
      ({ journal }) => {
        write(journal, []);
        journal.entries.push({ sequence: 1, payload: raw("x") });
        journal.wake();
      },
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
