/** Proves what a node makes of others: their clocks, their hashes, the answers of other regions. Not: that routes answer them. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Checkpoints } from "../../../exchange/node/checkpoints";
import { ClockWatch } from "../../../exchange/node/clock-watch";
import { PeerWatch } from "../../../exchange/node/peers";
import { CHECKPOINT_EVERY } from "../../../exchange/node/span-digest";
import { repeat, systemTime } from "../../../exchange/node/time";
import { ManualTime, settle } from "../support/manual-time";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0)) await one();
});

describe("clocks", () => {
  const frame = (at: number, node = "other") => ({ node, at });

  it("say nothing while no other node wrote, and nothing of own frames and barriers", () => {
    const watch = new ClockWatch("n1");
    watch.observe(frame(99_000, "n1"), 1, 0);
    watch.observe(frame(0), 1, 0);
    expect([watch.skewMs(0), watch.isRight(0)]).toEqual([undefined, true]);
  });

  it.each([
    [2_000, true],
    [2_001, false],
  ])("of others that are %i ms ahead: right %s", (ahead, right) => {
    const watch = new ClockWatch("n1");
    watch.observe(frame(10_000 + ahead), 10_000, 0);
    expect([watch.skewMs(0), watch.isRight(0)]).toEqual([ahead, right]);
  });

  it("that are behind are believed after 20 frames: one alone may have been late", () => {
    const watch = new ClockWatch("n1");
    for (let number = 1; number <= 19; number += 1) watch.observe(frame(10_000), 15_000 + number, number);
    expect([watch.skewMs(20), watch.isRight(20)]).toEqual([undefined, true]);
    watch.observe(frame(10_000), 14_000, 20);
    // The largest difference is the one that was shortest on its way.
    expect([watch.skewMs(20), watch.isRight(20)]).toEqual([-4_000, false]);
  });

  it("are forgotten after two minutes", () => {
    const watch = new ClockWatch("n1");
    watch.observe(frame(19_000), 10_000, 0);
    expect(watch.isRight(120_000)).toBe(false);
    expect([watch.skewMs(120_001), watch.isRight(120_001)]).toEqual([undefined, true]);
  });
});

describe("digests", () => {
  const at = CHECKPOINT_EVERY;

  it.each<[string[], string]>([
    [[], "agrees"],
    [["same"], "agrees"],
    [["other"], "tie"],
    [["other", "same"], "agrees"],
    [["other", "other"], "diverged"],
    [["other", "same", "other"], "tie"],
    [["other", "third", "same"], "tie"],
    [["other", "third"], "diverged"],
  ])("of the others %j: %s", (hashes, verdict) => {
    const checkpoints = new Checkpoints("n1");
    checkpoints.add(at, "same");
    hashes.forEach((hash, index) => checkpoints.compare(at, `n${String(index + 2)}`, hash));
    expect(checkpoints.verdict(at)).toBe(verdict);
  });

  it("of one node count once, and the own one comes back without counting", () => {
    const checkpoints = new Checkpoints("n1");
    checkpoints.add(at, "same");
    expect([1, 2, 3].map(() => checkpoints.compare(at, "n2", "other"))).toEqual(["tie", "tie", "tie"]);
    expect(checkpoints.compare(at, "n1", "other")).toBe("agrees");
  });

  it("of entries of which this node has none say nothing; the last 128 of its own are kept", () => {
    const checkpoints = new Checkpoints("n1");
    expect(checkpoints.compare(at, "n2", "x")).toBe("agrees");
    for (let number = 1; number <= 129; number += 1) checkpoints.add(number * at, "same");
    expect([1, 2].map((number) => checkpoints.compare(number * at, "n2", "x"))).toEqual(["agrees", "tie"]);
  });

  it("of a release that takes in something else say nothing", () => {
    const checkpoints = new Checkpoints("n1");
    checkpoints.add(at, "1:same");
    expect(["2:other", "other", "1:other"].map((hash) => checkpoints.compare(at, "n2", hash))).toEqual([
      "agrees",
      "agrees",
      "tie",
    ]);
  });
});

describe("other regions", () => {
  const report = {
    version: 1,
    votersReached: 3,
    voters: 5,
    sequence: 7,
    lacks: ["behind"],
    appendedMsAgo: 12,
  } as const;
  const never = (error: unknown): never => {
    throw error;
  };

  function watch(urls: string[], get: ConstructorParameters<typeof PeerWatch>[2]) {
    const time = new ManualTime();
    const peers = new PeerWatch(urls, time, get);
    undo.push(() => {
      peers.close();
    });
    return { time, peers };
  }

  it("are asked each second or so, and each 150 ms while something is missing here", async () => {
    const asked: string[] = [];
    const { time, peers } = watch(["http://b", "http://c"], (url) => {
      asked.push(url);
      return Promise.resolve(JSON.stringify(report));
    });
    let isWorried = false;
    peers.start(() => isWorried, never);
    await time.advance(3_000);
    const calm = asked.length;
    expect([calm, new Set(asked)]).toEqual([6, new Set(["http://b/healthz/peer", "http://c/healthz/peer"])]);
    isWorried = true;
    await time.advance(1_500);
    expect(asked.length - calm).toBe(20);
    expect(peers.answers().map(({ url, report: got }) => [url, got])).toEqual([
      ["http://b", report],
      ["http://c", report],
    ]);
  });

  it("that hang are asked twice at most, and an old answer never replaces a later one", async () => {
    const answers: ((body: string) => void)[] = [];
    const { time, peers } = watch(["http://b"], () => new Promise((resolve) => answers.push(resolve)));
    peers.start(() => true, never);
    await time.advance(10_000);
    expect(answers.length).toBe(2);
    answers[1]?.(JSON.stringify({ ...report, sequence: 9 }));
    await settle();
    answers[0]?.(JSON.stringify({ ...report, sequence: 8 }));
    await settle();
    expect(peers.answers()).toEqual([
      { url: "http://b", askedMs: 300, answeredMs: 10_000, report: { ...report, sequence: 9 } },
    ]);
  });

  it.each([
    "",
    "no json",
    "[]",
    '{"version":2}',
    JSON.stringify({ ...report, voters: -1 }),
    JSON.stringify({ ...report, lacks: ["x".repeat(40)] }),
  ])("that answer nonsense do not answer: %s", async (body) => {
    const { time, peers } = watch(["http://b"], () => Promise.resolve(body));
    peers.start(() => false, never);
    await time.advance(2_000);
    expect(peers.answers()).toEqual([]);
  });

  it("are asked over HTTP, without following where they point, and a body of any size is cut", async () => {
    const bodies: Record<string, () => string> = {
      "/a": () => JSON.stringify(report),
      "/b": () => JSON.stringify({ ...report, padding: "x".repeat(5_000) }),
    };
    const server = createServer((request, response) => {
      const body = bodies[(request.url ?? "").replace("/healthz/peer", "")];
      if (body === undefined) response.writeHead(302, { location: "/a/healthz/peer" }).end();
      else response.end(body());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    undo.push(
      () => new Promise((resolve) => server.close(resolve)),
      () => {
        server.closeAllConnections();
      },
    );
    const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const peers = new PeerWatch([`${base}/a`, `${base}/b`, `${base}/c`], systemTime);
    undo.unshift(() => {
      peers.close();
    });
    peers.start(() => true, never);
    await expect.poll(() => peers.answers().length).toBe(1);
    const again = peers.answers()[0]?.askedMs ?? 0;
    await expect.poll(() => peers.answers()[0]?.askedMs).toBeGreaterThan(again);
    expect(peers.answers().map(({ url }) => url)).toEqual([`${base}/a`]);
  });
});

it("what is repeated goes on after a failure, and stops when told", async () => {
  const time = new ManualTime();
  const errors: unknown[] = [];
  let calls = 0;
  const stop = repeat(
    time,
    () => 100,
    () => {
      calls += 1;
      if (calls === 2) throw new Error("planted");
      if (calls === 5) stop();
    },
    (error) => errors.push(error),
  );
  await time.advance(1_000);
  expect([calls, errors.length, time.pending]).toEqual([5, 1, 0]);
});
