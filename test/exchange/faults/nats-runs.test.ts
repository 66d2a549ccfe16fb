/**
 * Proves, on five real NATS servers in three sites (2+2+1, `sync_interval: always`) with nodes of two clouds under load, that any one and any two of them may be
 * killed, frozen or cut off, a whole site included: orders stop for no longer than a leader election, no region's health
 * flips, no acknowledged order is lost or doubled; that without a quorum orders and cancels get an honest 503 or 504 while reads go on; and that healing needs
 * no hand. Does not prove anything about power loss, real distance or slow disks.
 *
 * By default three faults that hit the leader and one more; `EXCHANGE_FAULT_RUNS` sets how many, these three first, then of all 45 (15 of one server,
 * 30 of two; the leader is wherever it then is): 48 for all. `EXCHANGE_FAULT_SEED` sets the seed.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipped } from "../../support/skip";
import { createClient, sandboxKey } from "../support/client";
import { natsMissing, type NatsServer } from "../support/nats";
import type { History } from "./history";
import { ACCOUNTS } from "./load";
import { below, chanceOf, type Chance } from "./model";
import {
  barePublisher,
  heal,
  hurt,
  startNatsWorld,
  watchRegions,
  type Hurt,
  type NatsWorld,
  type RegionSeen,
} from "./nats-world";
import { followThroughKills } from "./pro-follow";
import { runsOr, seedOr, Trial, until, type Judgement } from "./world";

/**
 * A voter that hears nothing stands for election after 4 to 9 s, constants of the server and not settings (`minElectionTimeout`, `maxElectionTimeout`:
 * https://github.com/nats-io/nats-server/blob/main/server/raft.go).
 */
const ELECTION_MS_MAX = 9_000;
/**
 * What nodes may add to it: a try that is given up after 1.2 s of silence, the pause before the next, and a client's next call. Where this machine is so
 * busy that elections themselves take longer, a publisher without our code says so.
 */
const NODES_ADD_MS = 3_000;
/** A look at three healths takes some milliseconds, and one is taken each 50: when it takes this long, processes here are starved. */
const STALL_MS = 600;
/** How long a fault is held at least: past the moment at which a slow victim would be missed. */
const HOLD_MS = 1_500;

interface Fault {
  readonly name: string;
  readonly how: Hurt;
  readonly victims: (world: NatsWorld, chance: Chance) => Promise<readonly NatsServer[]>;
}

const HURTS: readonly Hurt[] = ["kill", "pause", "cut"];

const leaderAndAnother = (how: Hurt): Fault => ({
  name: `${how} the leader and another`,
  how,
  victims: async ({ cluster }, chance) => {
    const leader = await cluster.leader();
    const rest = cluster.servers.filter((server) => server !== leader);
    const other = rest[below(chance, rest.length)];
    return other === undefined ? [leader] : [leader, other];
  },
});

/** A whole site with two voters, made to lead first: the worst loss of one cloud. */
const site = (how: Hurt, name: string): Fault => ({
  name: `${how} the site ${name}, which leads`,
  how,
  victims: async ({ cluster }) => {
    const victims = cluster.servers.filter((server) => server.site === name);
    if (victims[0] !== undefined) await cluster.lead(victims[0]);
    return victims;
  },
});

/** The worst of each kind: the leader with one more. The leader alone is `five-voters.test.ts`, any alone the long form. */
const few: readonly Fault[] = [site("kill", "aws"), site("cut", "gcp"), leaderAndAnother("pause")];

function everyFault(world: NatsWorld): Fault[] {
  const { servers } = world.cluster;
  const sets = servers.flatMap((one, index) => [[one], ...servers.slice(index + 1).map((other) => [one, other])]);
  return sets.flatMap((set) =>
    HURTS.map((how) => ({
      name: `${how} ${set.map(({ name }) => name).join(" and ")}`,
      how,
      victims: () => Promise.resolve(set),
    })),
  );
}

describe.skipIf(skipped(natsMissing()))("five voters in three sites, nodes in two clouds", () => {
  let world: NatsWorld;
  let earlier: History | undefined;
  const seed = seedOr(6);

  beforeAll(async () => {
    world = await startNatsWorld();
  });

  afterAll(async () => {
    await (world as NatsWorld | undefined)?.close();
  });

  /** Changes of health that count. Where this machine stood still around one, it is told and not judged. */
  function judged(changes: readonly RegionSeen[]): RegionSeen[] {
    const idle = changes.filter(({ stallMs }) => stallMs >= STALL_MS);
    if (idle.length > 0) console.log(`not judged, since this machine stood still: ${JSON.stringify(idle)}`);
    return changes.filter(({ stallMs }) => stallMs < STALL_MS);
  }

  function expectRight(result: Judgement): void {
    // A node that was cut off may tell a client that comes to it what another has told it already; it is counted, and told.
    const wrong = result.findings.filter(({ rule }) => rule !== "event-replayed");
    expect(wrong.slice(0, 10), `seed ${String(seed)}`).toEqual([]);
    expect(result.oddities.slice(0, 10), `seed ${String(seed)}`).toEqual([]);
    const { acknowledged, unknown, resolved, connections, history } = result;
    const replayed = result.findings.length - wrong.length;
    console.log(
      `seed ${String(seed)}: ${JSON.stringify({ ...acknowledged, unknown, ...resolved, connections, replayed, fills: history.nodes[0]?.fills.length, events: history.events.length })}`,
    );
  }

  it("go on through the loss of any one and any two voters", async () => {
    const chance = chanceOf(seed);
    const wanted = runsOr(few.length);
    const all = everyFault(world);
    const faults =
      wanted <= few.length ? few.slice(0, wanted) : [...few, ...all.sort(() => chance() - 0.5)].slice(0, wanted);
    const trial = new Trial(world.nodes, { seed, clients: 9, pauseMs: 10, earlier });
    const health = watchRegions(world.nodes);
    const gaps: Record<string, { nodesMs: number; bareMs: number }> = {};
    try {
      await trial.acknowledged(50);
      for (const fault of faults) {
        const victims = await fault.victims(world, chance);
        const witness = world.cluster.servers.find((server) => !victims.includes(server));
        if (witness === undefined) throw new Error("nobody is left");
        const bare = await barePublisher(world.cluster, witness);
        const fromMs = performance.now();
        for (const victim of victims) await hurt(world.cluster, victim, fault.how);
        await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
        for (const { name } of world.nodes.doors()) {
          const startMs = performance.now();
          await until(`${name} to acknowledge again after ${fault.name}`, () =>
            trial.acknowledgements.some(({ node, atMs }) => node === name && atMs > startMs) ? true : undefined,
          );
        }
        const nodesMs = Math.round(trial.longestGapMs(fromMs, performance.now()));
        gaps[`${fault.name} (${victims.map(({ name }) => name).join(", ")})`] = { nodesMs, bareMs: await bare.stop() };
        await heal(world.cluster, victims);
        await world.cluster.settled();
        await trial.acknowledged(20);
      }
      const result = await trial.judged();
      earlier = result.history;
      console.log(
        `longest time without an acknowledgement, by nodes and by a bare publisher, seed ${String(seed)}: ${JSON.stringify(gaps, undefined, 1)}`,
      );
      expectRight(result);
      for (const [name, { nodesMs, bareMs }] of Object.entries(gaps)) {
        expect(nodesMs, name).toBeLessThanOrEqual(Math.max(ELECTION_MS_MAX, bareMs + NODES_ADD_MS));
      }
      expect(judged(health.changes), health.why()).toEqual([]);
    } finally {
      await health.stop();
      await trial.close();
      await heal(world.cluster, world.cluster.servers);
    }
  }, 3_600_000);

  it("tell the truth without a quorum, and heal by themselves", async () => {
    const trial = new Trial(world.nodes, { seed: seed + 1, clients: 6, pauseMs: 20, earlier });
    const health = watchRegions(world.nodes);
    try {
      await trial.acknowledged(60);
      const known = trial.recorder.calls.find((call) => call.kind === "place" && call.result.outcome === "ok");
      // The leader lives on: what it is given now it keeps, and commits when the others are back, long after clients were told that nobody knows.
      const leader = await world.cluster.leader();
      const victims = world.cluster.servers.filter((server) => server !== leader).slice(0, 3);
      for (const victim of victims) await victim.kill();
      const lostMs = performance.now();
      // What was sent before the loss is answered within its deadline; after that nothing is acknowledged.
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      const late = trial.acknowledgements.filter(({ atMs }) => atMs > lostMs + 6_000);
      const answers = await Promise.all(
        world.nodes
          .doors()
          .map((door) =>
            answersWithoutQuorum(
              trial,
              door.url,
              known?.kind === "place" ? known.clientOrderId : "",
              known?.account ?? "",
            ),
          ),
      );
      const answersSeen = answers;
      await heal(world.cluster, victims);
      const healedMs = performance.now();
      await trial.acknowledged(30);
      const backMs = Math.round(performance.now() - healedMs);
      await world.cluster.settled();
      const result = await trial.judged();
      earlier = result.history;
      console.log(
        `without a quorum: ${JSON.stringify(answersSeen[0])}; 30 acknowledgements ${String(backMs)} ms after the servers were started`,
      );
      expect(late).toEqual([]);
      for (const answer of answersSeen)
        expect(answer).toEqual({
          place: true,
          cancel: true,
          found: "200 stale",
          missing: "503",
          book: "200",
          time: "200",
        });
      expectRight(result);
      expect(result.unknown).toBeGreaterThan(0);
      // What all regions lack fails none of them.
      expect(judged(health.changes), health.why()).toEqual([]);
    } finally {
      await health.stop();
      await trial.close();
      await heal(world.cluster, world.cluster.servers);
    }
  }, 300_000);

  it("lose nothing when nodes themselves are killed and started anew", async () => {
    const trial = new Trial(world.nodes, { seed: seed + 2, clients: 6, pauseMs: 10, earlier });
    const chance = chanceOf(seed + 2);
    try {
      for (const victim of world.nodes.names) {
        await trial.acknowledged(5 + below(chance, 20));
        await world.nodes.kill(victim);
        await trial.acknowledged(5);
        await world.nodes.start(victim);
      }
      await trial.acknowledged(10);
      const result = await trial.judged();
      earlier = result.history;
      expectRight(result);
    } finally {
      await trial.close();
    }
  }, 120_000);

  it("show ccxt pro every fill, while the node it is connected to is killed and a voter with it", async () => {
    const client = createClient();
    const { url } = world.nodes.door("aws-a");
    const dead: NatsServer[] = [];
    try {
      for (const account of ACCOUNTS) {
        const answer = await client.call(url, "DELETE", "/orders?product_id=BTC-USD", undefined, sandboxKey(account));
        expect(answer).toMatchObject({ status: 200 });
      }
      const followed = await followThroughKills({
        ...{ nodes: world.nodes, seed: seed + 3, kills: 3, placer: "aws-a", watched: ["gcp-a", "gcp-b"] },
        ...{ buyer: "sandbox-3", seller: "sandbox-7" },
        meanwhile: async (kill) => {
          // The leader once, which stops orders for an election; then any other, which must stop nothing.
          const leader = await world.cluster.leader();
          const victim = kill === 0 ? leader : world.cluster.servers.find((server) => server !== leader);
          if (kill > 1 || victim === undefined) return;
          dead.push(victim);
          await victim.kill();
        },
      });
      console.log(`ccxt pro over NATS, seed ${String(seed + 3)}: ${JSON.stringify(followed)}`);
    } finally {
      client.close();
      await heal(world.cluster, dead);
      await world.cluster.settled();
    }
  }, 180_000);

  it("know within 2 s that they are cut off from the voters, and only then", async () => {
    const health = watchRegions(world.nodes);
    try {
      const others = ["gcp-a", "gcp-b"];
      // Two of five voters out of reach: a majority is left.
      for (const server of world.cluster.servers.slice(0, 2)) world.cluster.cutClient("aws-a", server);
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      expect(health.changes).toEqual([]);
      world.cluster.heal();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const cutMs = performance.now();
      world.cluster.cutClient("aws-a");
      const flipped = await until("the region to fail", () => health.changes.find(({ isOk }) => !isOk), 10_000);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const healMs = performance.now();
      world.cluster.heal();
      const back = await until("the region to be well again", () => health.changes.find(({ isOk }) => isOk), 20_000);
      console.log(
        `cut off from all voters: failing after ${(flipped.atMs - cutMs).toFixed(0)} ms, well again ${(back.atMs - healMs).toFixed(0)} ms after healing`,
      );
      expect(health.changes.map(({ node, isOk }) => [node, isOk])).toEqual([
        ["aws-a", false],
        ["aws-a", true],
      ]);
      expect(health.changes.some(({ node }) => others.includes(node))).toBe(false);
      // It may have changed at any moment since the look before, which came late by so much.
      expect(flipped.atMs - cutMs).toBeLessThanOrEqual(2_000 + flipped.stallMs);
    } finally {
      await health.stop();
      world.cluster.heal();
    }
  }, 120_000);
});

/** What one node answers while no quorum exists. */
async function answersWithoutQuorum(
  trial: Trial,
  url: string,
  clientOrderId: string,
  account: string,
): Promise<Record<string, unknown>> {
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    as?: string,
  ): Promise<{ status: number; text: string; stale: boolean }> => {
    const answer = await trial.client.call(url, method, path, body, as === undefined ? undefined : sandboxKey(as));
    return answer.kind === "answer" ? answer : { status: 0, text: answer.reason, stale: false };
  };
  const order = {
    product_id: "BTC-USD",
    client_oid: `quorumless-${url.slice(-5)}`,
    side: "buy",
    type: "limit",
    price: "1",
    size: "0.01",
  };
  const [place, cancel, found, missing, book, time] = await Promise.all([
    ask("POST", "/orders", order, "sandbox-9"),
    ask("DELETE", `/orders/client:${clientOrderId}`, undefined, account),
    ask("GET", `/orders/client:${clientOrderId}`, undefined, account),
    ask("GET", "/orders/client:never-placed", undefined, ACCOUNTS[0]),
    ask("GET", "/products/BTC-USD/book?level=2"),
    ask("GET", "/time"),
  ]);
  const isHonest = ({ status, text }: { status: number; text: string }): boolean | string =>
    [503, 504].includes(status) && /"message":"[^"]*(?:unknown|not taken)/.test(text)
      ? true
      : `${String(status)} ${text}`;
  const shown = ({ status, stale }: { status: number; stale: boolean }): string =>
    `${String(status)}${stale ? " stale" : ""}`;
  return {
    place: isHonest(place),
    cancel: isHonest(cancel),
    found: shown(found),
    missing: shown(missing),
    book: shown(book),
    time: shown(time),
  };
}
