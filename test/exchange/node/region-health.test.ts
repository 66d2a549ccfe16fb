/** Proves on virtual time when a region takes traffic: flips within 2 s of the truth, tolerates an election, one slow ping and what all share. Not: that the journal's own pings tell the truth; that is its tests' part. */
import { describe, expect, it } from "vitest";
import type { PeerReport } from "../../../exchange/node/exchange";
import {
  type PeerAnswer,
  type RegionFacts,
  type RegionMemory,
  judgeRegion,
  lacksOf,
  majorityOf,
  noMemory,
} from "../../../exchange/node/region-health";

type Journal = RegionFacts["journal"];
const well: Journal = { votersReached: 5, voters: 5, appending: true, sinceMs: 0, lastSequence: 100 };
const STEP_MS = 50;

/** What one peer says, `undefined` while it does not answer. */
type Peer = Partial<PeerReport> | undefined;

interface World {
  journal: Journal;
  applied?: number;
  isPausing?: boolean;
  ownFault?: string;
  peers?: Peer[];
}

/**
 * Judges each 50 ms, as a node that is looked at often; peers are asked at each look and answer at once. Gives the times at which the verdict changed.
 * While it `isStill` nothing runs.
 */
function flips(
  world: (nowMs: number) => World,
  untilMs: number,
  isStill: (nowMs: number) => boolean = () => false,
): { atMs: number; ok: boolean; reasons: readonly string[] }[] {
  let memory: RegionMemory = noMemory;
  let last: boolean | undefined;
  const answers = new Map<number, PeerAnswer>();
  const found: { atMs: number; ok: boolean; reasons: readonly string[] }[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += STEP_MS) {
    if (isStill(nowMs)) continue;
    const { journal, applied = 100, isPausing = false, ownFault, peers = [] } = world(nowMs);
    peers.forEach((peer, index) => {
      const report = {
        version: 1,
        votersReached: 5,
        voters: 5,
        sequence: 100,
        lacks: [],
        appendedMsAgo: null,
      } as const;
      const answer = { url: String(index), askedMs: nowMs, answeredMs: nowMs, report: { ...report, ...peer } };
      if (peer !== undefined) answers.set(index, answer);
    });
    const facts = { nowMs, journal, appliedSequence: applied, isPausing, ownFault, peers: [...answers.values()] };
    const judged = judgeRegion(memory, facts);
    memory = judged.memory;
    if (judged.report.ok !== last) found.push({ atMs: nowMs, ok: judged.report.ok, reasons: judged.report.reasons });
    last = judged.report.ok;
  }
  return found;
}

const times = (found: { atMs: number; ok: boolean }[]): [number, boolean][] => found.map(({ atMs, ok }) => [atMs, ok]);

/** Voters that are cut off at `cutMs`: the journal tells after 1.5 s of silence, the last ping having been up to 0.5 s before. */
const cut = (nowMs: number, cutMs: number, silenceMs = 1_500): Journal => ({
  ...well,
  votersReached: nowMs >= cutMs + silenceMs ? 2 : 5,
});

it.each([
  [1, 1],
  [3, 2],
  [5, 3],
])("of %i voters %i are a majority", (voters, majority) => {
  expect(majorityOf(voters)).toBe(majority);
});

describe("a majority of voters", () => {
  it("is missed within 2 s of the cut, whether a peer is better off or none answers", () => {
    for (const peers of [[{}], [undefined]]) {
      expect(
        times(
          flips(
            (now) => ({ journal: cut(now, 10_000), peers: now >= 11_000 && peers[0] === undefined ? peers : [{}] }),
            20_000,
          ),
        ),
      ).toEqual([
        [0, true],
        [11_950, false],
      ]);
    }
  });

  it("is missed without peers too", () => {
    const found = flips((now) => ({ journal: cut(now, 10_000) }), 20_000);
    expect(times(found)).toEqual([
      [0, true],
      [11_950, false],
    ]);
    expect(found[1]?.reasons).toEqual(["reaches 2 of 5 voters of the journal, and no other region can be reached"]);
  });

  it("names the region that is better off", () => {
    const found = flips((now) => ({ journal: cut(now, 0), peers: [{ lacks: ["voters"] }, {}] }), 5_000);
    expect(found[1]?.reasons).toEqual(["reaches 2 of 5 voters of the journal, and another region does not lack it"]);
  });

  it("that no region reaches is no reason, also when they notice half a second apart", () => {
    const peers = (now: number): Peer[] => [{ lacks: now >= 11_900 ? ["voters"] : [] }];
    expect(times(flips((now) => ({ journal: cut(now, 10_000, 1_500), peers: peers(now) }), 60_000))).toEqual([
      [0, true],
    ]);
  });

  it("that no region reaches becomes a reason when the others cannot be asked any more", () => {
    const world = (now: number): World => ({
      journal: cut(now, 10_000),
      peers: [now < 30_000 ? { lacks: now >= 11_500 ? ["voters"] : [] } : undefined],
    });
    // The last answer counts for 3 s, and what was shared is given 2 s.
    expect(times(flips(world, 60_000))).toEqual([
      [0, true],
      [34_950, false],
    ]);
  });

  it("is not excused by what another region said before it was missed here", () => {
    const world = (now: number): World => ({
      journal: cut(now, 1_500),
      peers: [now < 3_000 ? { lacks: ["voters"] } : undefined],
    });
    expect(times(flips(world, 10_000))).toEqual([
      [0, true],
      [3_450, false],
    ]);
  });

  it("comes back half a second after it is reached again, without flapping", () => {
    const journal = (now: number): Journal => ({ ...well, votersReached: now >= 3_000 && now < 9_000 ? 2 : 5 });
    expect(times(flips((now) => ({ journal: journal(now), peers: [{}] }), 20_000))).toEqual([
      [0, true],
      [3_450, false],
      [9_450, true],
    ]);
  });

  it("that comes back to the others up to 1.5 s earlier is no reason: it is the same healing", () => {
    const journal = (now: number): Journal => ({ ...well, votersReached: now >= 3_000 && now < 21_500 ? 2 : 5 });
    const peers = (now: number): Peer[] => [{ lacks: now >= 3_000 && now < 20_000 ? ["voters"] : [] }];
    expect(times(flips((now) => ({ journal: journal(now), peers: peers(now) }), 60_000))).toEqual([[0, true]]);
  });

  it("of which one voter is silent is still a majority", () => {
    expect(times(flips(() => ({ journal: { ...well, votersReached: 3 }, peers: [{}] }), 10_000))).toEqual([[0, true]]);
  });

  it("missed for less than the grace does not flip", () => {
    const journal = (now: number): Journal => ({ ...well, votersReached: now >= 3_000 && now < 3_400 ? 2 : 5 });
    expect(times(flips((now) => ({ journal: journal(now), peers: [{}] }), 10_000))).toEqual([[0, true]]);
  });
});

describe("appends", () => {
  const stalled = (now: number): Journal => (now < 5_000 ? well : { ...well, appending: false, sinceMs: 5_000 });

  it("that an election of 6 s holds up are no reason", () => {
    const journal = (now: number): Journal => (now < 11_000 ? stalled(now) : { ...well, sinceMs: 11_000 });
    expect(times(flips((now) => ({ journal: journal(now), peers: [{ appendedMsAgo: 0 }] }), 30_000))).toEqual([
      [0, true],
    ]);
  });

  it.each<[string, (now: number) => Peer[]]>([
    ["there is no peer", () => []],
    ["no peer answers", () => [undefined]],
    ["the peers have fallen silent", (now) => (now < 4_000 ? [{ appendedMsAgo: 0 }] : [undefined])],
  ])("that fail for a minute are no reason while %s: the journal is shared", (_, peers) => {
    expect(times(flips((now) => ({ journal: stalled(now), peers: peers(now) }), 65_000))).toEqual([[0, true]]);
  });

  it("that fail are one 2 s after a peer that was silent shows that it appends", () => {
    const peers = (now: number): Peer[] => (now < 30_000 ? [undefined] : [{ appendedMsAgo: 0 }]);
    expect(times(flips((now) => ({ journal: stalled(now), peers: peers(now) }), 60_000))).toEqual([
      [0, true],
      [31_950, false],
    ]);
  });

  it("that fail are no excuse for a majority that is missing, without a peer", () => {
    const journal = (now: number): Journal => ({ ...stalled(now), votersReached: now < 20_000 ? 5 : 2 });
    expect(times(flips((now) => ({ journal: journal(now) }), 60_000))).toEqual([
      [0, true],
      [20_450, false],
    ]);
  });

  it("that fail here and succeed elsewhere are one 2 s after an election's time", () => {
    const found = flips((now) => ({ journal: stalled(now), peers: [{ appendedMsAgo: 10 }] }), 30_000);
    expect(times(found)).toEqual([
      [0, true],
      [13_050, false],
    ]);
    expect(found[1]?.reasons).toEqual(["no append was acknowledged for 8 s, and another region does not lack it"]);
  });

  it("that no region has seen succeed since are shared, also with a quiet region that does not know", () => {
    const peers = (now: number): Peer[] => [{ lacks: ["appends"], appendedMsAgo: now }, { appendedMsAgo: null }];
    expect(times(flips((now) => ({ journal: stalled(now), peers: peers(now) }), 60_000))).toEqual([[0, true]]);
  });

  it.each([-50, 50, 1_500])("that a peer lost %i ms later than this region are shared", (laterMs) => {
    const peers = (now: number): Peer[] => [{ appendedMsAgo: Math.max(0, now - 5_000 - laterMs) }];
    expect(times(flips((now) => ({ journal: stalled(now), peers: peers(now) }), 60_000))).toEqual([[0, true]]);
  });

  it("that come back elsewhere 1.5 s earlier are no reason: it is the same healing", () => {
    const journal = (now: number): Journal => (now < 21_500 ? stalled(now) : { ...well, sinceMs: 21_500 });
    const peers = (now: number): Peer[] => [{ appendedMsAgo: now < 20_000 ? Math.max(0, now - 5_000) : 0 }];
    expect(times(flips((now) => ({ journal: journal(now), peers: peers(now) }), 60_000))).toEqual([[0, true]]);
  });

  it("that come back elsewhere and stay away here are one", () => {
    const peers = (now: number): Peer[] => [{ appendedMsAgo: now < 20_000 ? Math.max(0, now - 5_000) : 0 }];
    expect(times(flips((now) => ({ journal: stalled(now), peers: peers(now) }), 60_000))).toEqual([
      [0, true],
      [21_950, false],
    ]);
  });
});

describe("being behind", () => {
  it("does not begin while the state is written down, 0.8 s at most, and begins anew after it", () => {
    const world = (now: number): World => ({
      journal: { ...well, lastSequence: now >= 2_000 ? 101 : 100 },
      isPausing: now >= 3_000 && now < 3_800,
      applied: now < 5_300 ? 100 : 101,
      peers: [{}],
    });
    expect(times(flips(world, 10_000))).toEqual([[0, true]]);
  });

  it("is a reason once an entry is known for 1.5 s and not applied", () => {
    const world = (now: number): World => ({
      journal: { ...well, lastSequence: now >= 2_000 ? 101 : 100 },
      peers: [{}],
    });
    const found = flips(world, 10_000);
    expect(times(found)).toEqual([
      [0, true],
      [4_000, false],
    ]);
    expect(found[1]?.reasons).toEqual(["is behind: applied 100 of 101, and another region does not lack it"]);
  });

  it("is none while what was known is applied in time, however much comes in", () => {
    const world = (now: number): World => ({
      journal: { ...well, lastSequence: 1_000 + now },
      applied: 1_000 + now - 1_000,
      peers: [{}],
    });
    expect(times(flips(world, 30_000))).toEqual([[0, true]]);
  });

  it("is one when entries are applied ever later", () => {
    const world = (now: number): World => ({
      journal: { ...well, lastSequence: 1_000 + now },
      applied: 1_000 + Math.max(0, now - 2_500),
      peers: [{}],
    });
    expect(flips(world, 30_000)[1]).toMatchObject({ ok: false });
  });
});

describe("a node that stands still for 0.95 of each second", () => {
  const isStill = (now: number): boolean => now % 1_000 !== 0 && now % 1_000 !== 50;

  it("is not behind for what it could not apply: 0.25 s of each second count", () => {
    const world = (now: number): World => ({
      journal: { ...well, lastSequence: now >= 2_000 ? 101 : 100 },
      applied: now < 6_000 ? 100 : 101,
      peers: [{}],
    });
    expect(times(flips(world, 20_000, isStill))).toEqual([[0, true]]);
  });

  it("is behind at last when it applies nothing", () => {
    const world = (now: number): World => ({
      journal: { ...well, lastSequence: now >= 2_000 ? 101 : 100 },
      peers: [{}],
    });
    // 1.5 s and the 0.45 s of grace are over after eight seconds of this.
    expect(times(flips(world, 20_000, isStill))).toEqual([
      [0, true],
      [10_000, false],
    ]);
  });

  it("does not hold its voters' silence against them until it has listened for long enough", () => {
    const world = (now: number): World => ({ journal: cut(now, 2_000, 0), peers: [{}] });
    expect(times(flips(world, 20_000, isStill))).toEqual([
      [0, true],
      [4_000, false],
    ]);
  });
});

describe("the process's own fault", () => {
  it("counts at once, whatever the others say", () => {
    const world = (now: number): World => ({
      journal: well,
      ...(now >= 1_000 && { ownFault: "diverged" }),
      peers: [{ lacks: ["voters", "behind", "appends"] }],
    });
    expect(flips(world, 3_000)[1]).toEqual({ atMs: 1_000, ok: false, reasons: ["diverged"] });
  });
});

it("tells the others what it lacks, in an order that never changes, shared or not", () => {
  const journal = { ...well, votersReached: 2, appending: false, sinceMs: 0, lastSequence: 200 };
  let memory: RegionMemory = noMemory;
  for (let nowMs = 0; nowMs <= 10_000; nowMs += 100)
    memory = judgeRegion(memory, {
      ...{ nowMs, ownFault: undefined, appliedSequence: 100, isPausing: false, journal, peers: [] },
    }).memory;
  expect(lacksOf(memory)).toEqual(["voters", "behind", "appends"]);
});
