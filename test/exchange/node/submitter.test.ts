/** Proves how commands become frames and how each gets one answer: batching, bounds, deadlines, unknown outcomes, room for cancels. Not: real journals. */
import { describe, expect, it } from "vitest";
import { OutcomeUnknown } from "../../../exchange/journal/journal";
import type { Command } from "../../../exchange/machine/commands";
import type { Outcome } from "../../../exchange/machine/events";
import { decodeFrame } from "../../../exchange/machine/frame";
import { NotTaken } from "../../../exchange/node/exchange";
import {
  APPENDS_IN_FLIGHT_MAX,
  COMMAND_DEADLINE_MS,
  FRAME_COMMANDS_MAX,
  Submitter,
  WAITING_COMMANDS_MAX,
} from "../../../exchange/node/submitter";
import { ManualTime, settle } from "../support/manual-time";
import { MemoryJournal } from "../support/memory-journal";

const done: Outcome = { ok: true, kind: "done", duplicate: false };
const account = (number: number): Command => ({
  type: "account-create",
  operator: "o",
  accountId: `a${String(number)}`,
});
const order = (number: number, clientOrderId = `c${String(number)}`): Command => ({
  ...{ type: "order-place", orderId: String(number), accountId: "a", productId: "P", clientOrderId, side: "buy" },
  ...{ orderType: "limit", price: 1, size: 1, timeInForce: "GTC", postOnly: false, selfTradePrevention: "dc" },
});
const cancel: Command = { type: "order-cancel", accountId: "a", orderId: "1" };

function setUp(payloadBytesMax?: number) {
  const journal = new MemoryJournal(payloadBytesMax);
  const time = new ManualTime();
  const faults: unknown[] = [];
  const frames: number[] = [];
  const submitter = new Submitter({
    ...{ journal, time, node: "n1" },
    onFault: (error) => faults.push(error),
    onFrame: (commands) => frames.push(commands),
  });
  let applied = 0;
  /** Applies what is in the journal and was not applied yet, as the tail would; each command's outcome names its place. */
  const tail = (): void => {
    for (const entry of journal.entries.slice(applied)) {
      applied += 1;
      const frame = decodeFrame(entry.payload);
      if (frame === undefined) throw new Error("no frame");
      const outcomes = frame.commands.map((): Outcome => done);
      submitter.applied({
        ...{ sequence: entry.sequence, frameId: frame.id, duplicate: false, outcomes, events: [] },
        node: "n1",
        at: 0,
      });
    }
  };
  return { journal, time, faults, frames, submitter, tail };
}

/** What became of each promise so far. */
function watched(promises: Promise<Outcome>[]): string[] {
  const states = promises.map(() => "open");
  promises.forEach((promise, index) => {
    promise.then(
      () => (states[index] = "ok"),
      (error: unknown) =>
        (states[index] =
          error instanceof NotTaken
            ? `not taken: ${error.reason}`
            : error instanceof OutcomeUnknown
              ? "unknown"
              : "other"),
    );
  });
  return states;
}

const count = (states: string[], state: string): number => states.filter((one) => one === state).length;

describe("frames", () => {
  it("hold what was waiting together, stamped with the node's name and clock", async () => {
    const { submitter, journal, frames, tail, time } = setUp();
    const states = watched([1, 2, 3].map((number) => submitter.submit(account(number))));
    await settle();
    expect(frames).toEqual([3]);
    const frame = decodeFrame(journal.asked[0]?.payload ?? new Uint8Array());
    expect(frame).toMatchObject({ id: journal.asked[0]?.id, node: "n1", at: time.clock() });
    expect(states).toEqual(["open", "open", "open"]);
    tail();
    await settle();
    expect(states).toEqual(["ok", "ok", "ok"]);
    expect([submitter.unanswered, time.pending]).toEqual([0, 0]);
  });

  it("hold at most 500, and at most 8 are on their way; the rest goes when one comes back", async () => {
    const { submitter, journal, frames, tail } = setUp();
    journal.appendMode = "hold";
    const total = FRAME_COMMANDS_MAX * (APPENDS_IN_FLIGHT_MAX + 1) + 1;
    const states = watched(Array.from({ length: total }, (_, number) => submitter.submit(account(number))));
    await settle();
    expect(frames).toEqual(Array.from({ length: APPENDS_IN_FLIGHT_MAX }, () => FRAME_COMMANDS_MAX));
    expect([submitter.appendsInFlight, submitter.waitingCommands]).toEqual([
      APPENDS_IN_FLIGHT_MAX,
      FRAME_COMMANDS_MAX + 1,
    ]);
    // Acknowledged in the reverse order: frames do not depend on each other.
    journal.release({ reversed: true });
    await settle();
    expect(frames.slice(APPENDS_IN_FLIGHT_MAX)).toEqual([FRAME_COMMANDS_MAX, 1]);
    journal.release();
    await settle();
    tail();
    await settle();
    expect(count(states, "ok")).toBe(total);
    expect(new Set(journal.asked.map(({ id }) => id)).size).toBe(APPENDS_IN_FLIGHT_MAX + 2);
  });

  it("are halved until they fit into an entry; a command that fits into none is refused alone", async () => {
    const { submitter, journal, frames, tail } = setUp(1_000);
    const commands = [...Array.from({ length: 20 }, (_, number) => account(number)), order(1, "x".repeat(1_000))];
    const states = watched(commands.map((command) => submitter.submit(command)));
    await settle();
    tail();
    await settle();
    expect(frames.reduce((sum, size) => sum + size, 0)).toBe(20);
    expect(journal.asked.every(({ payload }) => payload.byteLength <= 1_000)).toBe(true);
    expect(states).toEqual([...Array.from({ length: 20 }, () => "ok"), "not taken: too-large"]);
  });
});

describe("answers", () => {
  it("are unknown when the journal does not say within 5 s, and nothing is left behind", async () => {
    const { submitter, journal, time } = setUp();
    journal.appendMode = "lost";
    const states = watched([submitter.submit(account(1))]);
    await settle();
    await time.advance(COMMAND_DEADLINE_MS - 1);
    expect(states).toEqual(["open"]);
    await time.advance(1);
    expect(states).toEqual(["unknown"]);
    expect([submitter.unanswered, time.pending]).toEqual([0, 0]);
  });

  it("are the machine's when only the acknowledgement was lost", async () => {
    const { submitter, journal, time, tail } = setUp();
    journal.appendMode = "lost-answer";
    const states = watched([submitter.submit(account(1))]);
    await settle();
    await time.advance(1_000);
    tail();
    await settle();
    expect(states).toEqual(["ok"]);
  });

  it("are unknown when the entry is durable and this node does not get to apply it", async () => {
    const { submitter, time, tail } = setUp();
    const states = watched([submitter.submit(account(1))]);
    await settle();
    await time.advance(COMMAND_DEADLINE_MS);
    expect(states).toEqual(["unknown"]);
    // Applied after all, later: nobody is answered twice.
    tail();
    await settle();
    expect(states).toEqual(["unknown"]);
  });

  it("tell a command that no frame took in time that it is certainly not written", async () => {
    const { submitter, journal, time } = setUp();
    journal.appendMode = "hold";
    const total = FRAME_COMMANDS_MAX * APPENDS_IN_FLIGHT_MAX + 10;
    const states = watched(Array.from({ length: total }, (_, number) => submitter.submit(account(number))));
    await settle();
    await time.advance(COMMAND_DEADLINE_MS);
    expect([count(states, "unknown"), count(states, "not taken: overloaded")]).toEqual([total - 10, 10]);
    expect([submitter.unanswered, submitter.waitingCommands]).toEqual([0, 0]);
    journal.release();
    await settle();
    // What was refused as not written does not go out afterwards.
    expect(journal.entries.length).toBe(APPENDS_IN_FLIGHT_MAX);
  });

  it.each(["misconfigured", "closed", "too-large"] as const)("pass the journal's refusal on: %s", async (reason) => {
    const { submitter, journal, time } = setUp();
    journal.appendMode = reason;
    const states = watched([submitter.submit(account(1)), submitter.submit(cancel)]);
    await settle();
    expect(states).toEqual([`not taken: ${reason}`, `not taken: ${reason}`]);
    expect([submitter.unanswered, time.pending]).toEqual([0, 0]);
  });

  it("are unknown, and told as a fault, after an error that no journal should throw", async () => {
    const { submitter, journal, time, faults } = setUp();
    journal.append = () => Promise.reject(new TypeError("planted"));
    const states = watched([submitter.submit(account(1))]);
    await settle();
    expect([states, faults.length]).toEqual([["open"], 1]);
    await time.advance(COMMAND_DEADLINE_MS);
    expect(states).toEqual(["unknown"]);
  });

  it("ignore a frame that the machine had applied before", async () => {
    const { submitter, journal } = setUp();
    const states = watched([submitter.submit(account(1))]);
    await settle();
    const frameId = journal.asked[0]?.id ?? "";
    submitter.applied({ sequence: 9, frameId, duplicate: true, outcomes: [], events: [], node: "n1", at: 0 });
    await settle();
    expect(states).toEqual(["open"]);
  });
});

describe("a full journal", () => {
  it("still gets the cancels of a mixed frame, marked as urgent, without the orders", async () => {
    const { submitter, journal, tail } = setUp();
    const append = journal.append.bind(journal);
    journal.append = (entry, deadlineMs) => {
      journal.appendMode = entry.isUrgent === true ? "ok" : "full";
      return append(entry, deadlineMs);
    };
    const states = watched(
      [order(1), cancel, order(2), { type: "tick" } as const].map((command) => submitter.submit(command)),
    );
    await settle();
    tail();
    await settle();
    expect(states).toEqual(["not taken: full", "ok", "not taken: full", "ok"]);
    expect(journal.asked.map(({ isUrgent }) => isUrgent)).toEqual([undefined, true]);
  });

  it("that has no room for cancels either refuses them once", async () => {
    const { submitter, journal } = setUp();
    journal.appendMode = "full";
    const states = watched([submitter.submit(order(1)), submitter.submit(cancel)]);
    await settle();
    expect(states).toEqual(["not taken: full", "not taken: full"]);
    expect(journal.asked.length).toBe(2);
  });
});

describe("bounds", () => {
  it("refuse orders first, and what reduces risk later", async () => {
    const { submitter, journal } = setUp();
    journal.appendMode = "hold";
    const fill = (to: number, command: Command): string[] =>
      watched(Array.from({ length: to }, () => submitter.submit(command)));
    const sent = fill(FRAME_COMMANDS_MAX * APPENDS_IN_FLIGHT_MAX, cancel);
    await settle();
    expect(submitter.waitingCommands).toBe(0);
    const orders = fill(8_001, order(1));
    const cancels = fill(2_001, cancel);
    await settle();
    expect([count(orders, "open"), count(orders, "not taken: overloaded")]).toEqual([8_000, 1]);
    expect([count(cancels, "open"), count(cancels, "not taken: overloaded")]).toEqual([2_000, 1]);
    expect(submitter.waitingCommands).toBe(WAITING_COMMANDS_MAX);
    submitter.abandon();
    await settle();
    expect([count(sent, "unknown"), count(orders, "not taken: closed"), count(cancels, "not taken: closed")]).toEqual([
      FRAME_COMMANDS_MAX * APPENDS_IN_FLIGHT_MAX,
      8_000,
      2_000,
    ]);
  });
});

describe("going away", () => {
  it("refuses what is new and still answers what is on its way", async () => {
    const { submitter, journal, tail } = setUp();
    journal.appendMode = "hold";
    const before = watched([submitter.submit(account(1))]);
    await settle();
    submitter.refuse(new NotTaken("closed", "going away"));
    const after = watched([submitter.submit(account(2))]);
    journal.release();
    await settle();
    tail();
    await settle();
    expect([before, after]).toEqual([["ok"], ["not taken: closed"]]);
  });
});
