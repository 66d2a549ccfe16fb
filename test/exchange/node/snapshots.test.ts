/** Proves that writing the state down stalls nothing but the journal's next entry, in bounded slices, and when it is done at all. On a clock that the test moves, and by counts. Not: how long a slice takes on a real machine; `npm run bench` shows that. */
import { describe, expect, it } from "vitest";
import type { NewSnapshot } from "../../../exchange/journal/journal";
import { Machine } from "../../../exchange/machine/machine";
import { CAUGHT_UP_MS } from "../../../exchange/node/caught-up";
import { createLogger } from "../../../exchange/node/logger";
import { createMetrics } from "../../../exchange/node/metrics";
import { Milestones } from "../../../exchange/node/milestones";
import { BEHIND_MS } from "../../../exchange/node/region-health";
import { SLICE_MS, SLICE_STEPS_MAX, inSlices } from "../../../exchange/node/slices";
import {
  PAUSE_MS_MAX,
  SERVING_SHARE,
  SNAPSHOT_EVERY,
  STARTING_SHARE,
  SnapshotPolicy,
} from "../../../exchange/node/snapshot-policy";
import type { Time } from "../../../exchange/node/time";
import { Scene, operator, placed } from "../machine/scene";

/** A clock that each step moves. */
function clockOf(stepMs: number): { time: { monotonicMs: () => number }; work: (steps: number) => Generator<number> } {
  let nowMs = 0;
  function* work(steps: number): Generator<number> {
    for (let step = 1; step <= steps; step += 1) {
      nowMs += stepMs;
      yield step;
    }
  }
  return { time: { monotonicMs: () => nowMs }, work };
}

/** Steps between turns, and what came of them. */
async function slicesOf(steps: number, stepMs: number, turnsMax = Infinity): Promise<[number[], number | undefined]> {
  const { time, work } = clockOf(stepMs);
  let taken = 0;
  const slices: number[] = [];
  function* counted(): Generator<number> {
    for (const step of work(steps)) {
      taken += 1;
      yield step;
    }
  }
  const turn = (): Promise<void> => {
    slices.push(taken);
    taken = 0;
    return Promise.resolve();
  };
  const found = await inSlices(counted(), { time, turn, mayGoOn: () => slices.length < turnsMax });
  if (taken > 0) slices.push(taken);
  return [slices, found?.length];
}

/** Accounts in no order, keys, orders, fills. */
function busyState(): Uint8Array {
  const scene = new Scene();
  for (let number = 0; number < 3_000; number += 1) {
    const accountId = `account-${String((number * 7_919) % 3_000)}`;
    scene.do({ type: "account-create", operator, accountId });
  }
  scene.do({
    type: "credit",
    operator,
    accountId: "account-1",
    currency: "USD",
    amount: "1000000000",
    reference: "r",
  });
  for (let number = 0; number < 1_500; number += 1) {
    const accountId = "account-1";
    const orderId = `order-${String(number)}`;
    scene.do({ ...placed, orderId, accountId, side: "buy", price: 1 + (number % 50), size: 1 });
    if (number % 2 === 0) scene.do({ type: "order-cancel", accountId, orderId });
  }
  return scene.machine.snapshot();
}

const state = busyState();
const busy = (): Machine => Machine.restore(state);

describe("slices", () => {
  it.each<[string, number, number, number[]]>([
    ["end after 10 ms", 12, 2, [5, 5, 2]],
    ["hold one step at least, however long it is", 3, 50, [1, 1, 1]],
    ["hold 16 steps at most, on a clock that stands still too", 40, 0, [16, 16, 8]],
    ["that take no work are none", 0, 1, []],
  ])("%s", async (_, steps, stepMs, slices) => {
    expect([SLICE_MS, SLICE_STEPS_MAX]).toEqual([10, 16]);
    expect(await slicesOf(steps, stepMs)).toEqual([slices, steps]);
  });

  it("end early when they are told to, with nothing", async () => {
    expect(await slicesOf(100, 2, 3)).toEqual([[5, 5, 5], undefined]);
  });
});

describe("pieces of a snapshot", () => {
  it("are small, and make up the very bytes of the whole", () => {
    const machine = busy();
    const pieces = [...machine.snapshotPieces()];
    expect(Buffer.concat(pieces).equals(machine.snapshot())).toBe(true);
    const lines = pieces.map((piece) => Buffer.from(piece).toString().split("\n").length - 1);
    const all = lines.reduce((sum, count) => sum + count, 0);
    expect([Math.max(...lines), lines.includes(0)]).toEqual([512, true]);
    // Each piece is cut at 64 KiB, after the line that reaches it; frame ids come a thousand a line.
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(65_536 + 40_000);
    expect(machine.snapshotLines / all).toBeGreaterThan(0.9);
    expect(machine.snapshotLines / all).toBeLessThan(1.1);
    expect(Machine.restore(machine.snapshot()).hash()).toBe(machine.hash());
  });

  it("refuse to go on when an entry was applied between two of them", () => {
    const machine = busy();
    const pieces = machine.snapshotPieces();
    expect(pieces.next().done).toBe(false);
    machine.apply(machine.sequence + 1, new TextEncoder().encode("-"));
    expect(() => pieces.next()).toThrow("an entry was applied while the state was written down");
  });
});

describe("the policy", () => {
  interface Made {
    policy: SnapshotPolicy;
    state: { nowMs: number; lines: number };
  }
  /** A walk over 100,000 lines is expected to take 400 ms at first. */
  function made({ chance = 0, lines = 100_000, sequence = 0 } = {}): Made {
    const state = { nowMs: 0, lines };
    const time = { monotonicMs: () => state.nowMs };
    return { policy: new SnapshotPolicy({ time, random: () => chance, lines: () => state.lines }, sequence), state };
  }

  it("keeps a pause shorter than what reads and healths bear", () => {
    expect(PAUSE_MS_MAX).toBeLessThan(CAUGHT_UP_MS);
    expect(PAUSE_MS_MAX + 450).toBeLessThan(BEHIND_MS);
  });

  it.each([
    [0, SNAPSHOT_EVERY],
    [0.5, SNAPSHOT_EVERY * 1.25],
    [0.999999, SNAPSHOT_EVERY * 1.5 - 1],
  ])("spreads the nodes by chance: %d lets it be due after %i entries", (chance, due) => {
    const { policy, state } = made({ chance, sequence: 7 });
    state.nowMs = 1e9;
    expect([policy.judge(7 + due - 1, true), policy.judge(7 + due, true)]).toEqual(["later", "now"]);
  });

  it.each([
    [true, SERVING_SHARE, 100],
    [false, STARTING_SHARE, 10],
  ])("spends a small share of the time: serving %s, 1 of %i", (isServing, share, expected) => {
    expect(share).toBe(expected);
    const { policy, state } = made();
    state.nowMs = 400 * share - 1;
    expect(policy.judge(SNAPSHOT_EVERY, isServing)).toBe("later");
    state.nowMs += 1;
    // Looked at again a thousand entries later.
    expect(policy.judge(SNAPSHOT_EVERY + 999, isServing)).toBe("later");
    expect(policy.judge(SNAPSHOT_EVERY + 1_000, isServing)).toBe("now");
    policy.walked(SNAPSHOT_EVERY + 1_000, 300);
    expect([policy.unsaved(SNAPSHOT_EVERY + 1_005), policy.judge(2 * SNAPSHOT_EVERY + 999, isServing)]).toEqual([
      5,
      "later",
    ]);
    // Learned: 300 ms for as many lines.
    state.nowMs += 300 * share - 1;
    expect(policy.judge(2 * SNAPSHOT_EVERY + 1_000, isServing)).toBe("later");
    state.nowMs += 1;
    expect(policy.judge(2 * SNAPSHOT_EVERY + 2_000, isServing)).toBe("now");
  });

  it("skips what would take too long while it serves, and takes it while it starts", () => {
    const { policy, state } = made({ lines: 150_001 });
    state.nowMs = 1e9;
    expect(policy.judge(SNAPSHOT_EVERY, true)).toBe("skipped");
    expect(policy.judge(2 * SNAPSHOT_EVERY - 1, true)).toBe("later");
    const starting = made({ lines: 10_000_000 });
    starting.state.nowMs = 1e9;
    expect(starting.policy.judge(SNAPSHOT_EVERY, false)).toBe("now");
  });

  it("doubts its expectations: a walk given up doubles them, each skip takes a tenth off, down to 1.5 µs a line", () => {
    const { policy, state } = made({ lines: 150_000 });
    state.nowMs = 1e9;
    let sequence = SNAPSHOT_EVERY;
    expect(policy.judge(sequence, true)).toBe("now");
    policy.gaveUp(sequence);
    expect(policy.unsaved(sequence)).toBe(sequence);
    state.nowMs = 2e9;
    const verdicts: string[] = [];
    while (verdicts.at(-1) !== "now") verdicts.push(policy.judge((sequence += SNAPSHOT_EVERY), true));
    expect(verdicts).toEqual([...Array.from({ length: 7 }, () => "skipped"), "now"]);
    state.lines = 400_001;
    for (let time = 0; time < 100; time += 1) expect(policy.judge((sequence += SNAPSHOT_EVERY), true)).toBe("skipped");
  });
});

describe("a walk", () => {
  interface Walk {
    milestones: Milestones;
    /** Moves time. */
    pass: (ms: number) => void;
    saved: NewSnapshot[];
    counted: () => Promise<Record<string, number>>;
    ended: Promise<void> | undefined;
    machine: Machine;
  }

  /** Begins one over the state of `busy`, at the first entry at which it may; its first slice is done then. */
  function begin(isServing: boolean): Walk {
    const machine = busy();
    let nowMs = 0;
    const time: Time = { clock: () => 1, monotonicMs: () => nowMs, after: () => () => undefined };
    const saved: NewSnapshot[] = [];
    const save = (snapshot: NewSnapshot): Promise<void> => Promise.resolve(void saved.push(snapshot));
    const metrics = createMetrics(false);
    const logger = createLogger({ logLevel: "fatal", place: { cloud: "local", region: "local" } }, "n1");
    const never = (): never => {
      throw new Error("not here");
    };
    const milestones = new Milestones({
      ...{ machine, time, logger, metrics, node: "n1", random: () => 0, submit: never, onDiverged: never },
      snapshots: { save, newest: never },
    });
    nowMs = 1e6;
    const sequence = SNAPSHOT_EVERY + machine.sequence;
    const applied = { sequence, frameId: "", duplicate: false, outcomes: [], events: [], node: "", at: 0 };
    const ended = milestones.applied({ sequence, payload: new Uint8Array() }, applied, isServing);
    expect(milestones.isPausing).toBe(true);
    const counted = async (): Promise<Record<string, number>> => {
      const { values } = await metrics.snapshots.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.result), value]));
    };
    return { milestones, pass: (ms) => (nowMs += ms), saved, counted, ended, machine };
  }

  it("gives the very state", async () => {
    const { milestones, saved, ended, counted, machine } = begin(true);
    await ended;
    await milestones.saveLast();
    expect(saved.map(({ sequence }) => sequence)).toEqual([machine.sequence]);
    expect(Buffer.concat(saved[0]?.pieces.slice(1) ?? []).equals(machine.snapshot())).toBe(true);
    expect([await counted(), milestones.isPausing]).toEqual([{ ok: 1 }, false]);
  });

  it.each([
    ["800 ms while the node serves", true, PAUSE_MS_MAX, "gave-up"],
    ["no less while it serves", true, PAUSE_MS_MAX - 1, "ok"],
    ["not at all while it starts", false, 1e9, "ok"],
  ])("ends after %s", async (_, isServing, ms, result) => {
    const { pass, ended, counted, milestones } = begin(isServing);
    pass(ms);
    await ended;
    expect([await counted(), milestones.isPausing]).toEqual([{ [result]: 1 }, false]);
  });

  it("that is dropped saves nothing, nor does what comes after it", async () => {
    const { milestones, saved, ended, counted } = begin(true);
    milestones.drop();
    await ended;
    await milestones.saveLast();
    expect([saved, milestones.isPausing, await counted()]).toEqual([[], false, { "gave-up": 1 }]);
  });

  it("under which an entry is applied is a bug that is counted, and stops no node", async () => {
    const { machine, ended, saved, counted } = begin(true);
    machine.apply(machine.sequence + 1, new TextEncoder().encode("-"));
    await ended;
    expect([saved, await counted()]).toEqual([[], { failed: 1 }]);
  });
});
