/**
 * The NATS journal over five real servers, 2+2+1, while they die, freeze, are cut off and come back: every acknowledged entry is there once, at its
 * place; what is unknown resolves to one truth; readers are never deaf; the leader comes back from the witness. Every cut is silent. Longest gaps
 * are printed; the bound of 9 s is the server's longest election timeout, which is a constant of it. One machine: distances are not simulated.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OutcomeUnknown, type Journal } from "../../../../exchange/journal/journal";
import { openNatsJournal } from "../../../../exchange/journal/nats/open";
import { main } from "../../../../exchange/journal/nats/operate/main";
import { skipped } from "../../../support/skip";
import { natsMissing, startCluster, until, type NatsCluster } from "../../support/nats";

const ELECTION_MS = 9_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Writes one entry after the other through one journal and reads them through another, and knows the longest waits. */
class Load {
  readonly acknowledged = new Map<string, number>();
  readonly read = new Map<string, number[]>();
  duplicates = 0;
  readonly #reader: Journal;
  readonly #stop = new AbortController();
  readonly #writing: Promise<void>;
  readonly #reading: Promise<void>;
  #writeGapMs = 0;
  #readGapMs = 0;
  #ackAtMs = performance.now();
  #readAtMs = performance.now();
  #isOver = false;

  constructor(name: string, writer: Journal, reader: Journal, from: number) {
    this.#reader = reader;
    this.#writing = this.#write(name, writer);
    this.#reading = this.#readOn(from);
  }

  /** Longest times without an acknowledgement, and without an entry read, since the last call. */
  gaps(): { writeMs: number; readMs: number } {
    const now = performance.now();
    const gaps = {
      writeMs: Math.round(Math.max(this.#writeGapMs, now - this.#ackAtMs)),
      readMs: Math.round(Math.max(this.#readGapMs, now - this.#readAtMs)),
    };
    this.#writeGapMs = this.#readGapMs = 0;
    return gaps;
  }

  /** Waits for this many further acknowledgements. */
  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.size + count;
    await until(
      `${String(count)} acknowledgements`,
      () => (this.acknowledged.size >= wanted ? true : undefined),
      30_000,
    );
  }

  /** Ends the writer, waits until all it wrote was read, and holds that each entry was read once, where it was acknowledged. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
    const last = Math.max(...this.acknowledged.values());
    await until("all to be read", () =>
      this.#reader.status().lastSequence >= last && this.read.size >= this.acknowledged.size ? true : undefined,
    );
    this.#stop.abort();
    await this.#reading;
    expect(this.read).toEqual(new Map([...this.acknowledged].map(([text, sequence]) => [text, [sequence]])));
  }

  async #write(name: string, writer: Journal): Promise<void> {
    for (let index = 0; !this.#isOver; index += 1) {
      const text = `${name}-${String(index)}`;
      const { sequence } = await writer.append({ id: text, payload: bytes(text) }, 60_000);
      this.acknowledged.set(text, sequence);
      const now = performance.now();
      this.#writeGapMs = Math.max(this.#writeGapMs, now - this.#ackAtMs);
      this.#ackAtMs = now;
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  async #readOn(from: number): Promise<void> {
    let due = from;
    for await (const batch of this.#reader.read(from, this.#stop.signal)) {
      for (const { sequence, payload } of batch) {
        expect(sequence).toBe(due);
        due += 1;
        const text = new TextDecoder().decode(payload);
        // Empty frames of barriers and probes stand between.
        if (!text.startsWith("{")) this.read.set(text, [...(this.read.get(text) ?? []), sequence]);
      }
      const now = performance.now();
      this.#readGapMs = Math.max(this.#readGapMs, now - this.#readAtMs);
      this.#readAtMs = now;
    }
  }
}

describe.skipIf(skipped(natsMissing()))("five voters at three sites", () => {
  let cluster: NatsCluster;
  let aws: Journal;
  let gcp: Journal;
  beforeAll(async () => {
    cluster = await startCluster({ voters: 5 });
    aws = await openNatsJournal(await cluster.settings("node-aws", "aws", 0));
    gcp = await openNatsJournal(await cluster.settings("node-gcp", "gcp", 1));
  });
  afterAll(async () => {
    await aws.close();
    await gcp.close();
    await cluster.close();
  });

  /** A load that the aws node writes and the gcp node reads, or the reverse; `hurt` happens to it; then everything is whole again. */
  async function under(
    name: string,
    writer: Journal,
    reader: Journal,
    hurt: () => Promise<void>,
    heal: () => Promise<void>,
    count = 100,
  ): Promise<{ writeMs: number; readMs: number }> {
    const from = (await writer.barrier(20_000)) + 1;
    const load = new Load(name, writer, reader, from);
    await load.more(50);
    load.gaps();
    await hurt();
    await load.more(count);
    const gaps = load.gaps();
    console.log(
      `${name}: longest time without an acknowledgement ${String(gaps.writeMs)} ms, without an entry read ${String(gaps.readMs)} ms`,
    );
    await heal();
    await load.more(20);
    await load.end();
    await cluster.settled();
    return gaps;
  }

  test("a reader whose own server is killed hears the next entries at once", async () => {
    const own = cluster.server("aws-1");
    await cluster.lead(cluster.server("gcp-1"));
    const gaps = await under(
      "own server killed",
      gcp,
      aws,
      () => own.kill(),
      () => own.start(),
    );
    expect(gaps.readMs).toBeLessThan(1_000);
    expect(gaps.writeMs).toBeLessThan(1_000);
  });

  test("a reader whose own server is cut off silently, from it and from all, hears the next entries within 3 s", async () => {
    const own = cluster.server("aws-1");
    const gaps = await under(
      "own server cut off",
      gcp,
      aws,
      () => {
        cluster.isolate(own);
        return Promise.resolve();
      },
      () => {
        cluster.heal();
        return Promise.resolve();
      },
    );
    expect(gaps.readMs).toBeLessThan(3_000);
  });

  test("a writer whose own server is cut off from the others, but not from it, goes on through another", async () => {
    const own = cluster.server("aws-1");
    await cluster.lead(cluster.server("gcp-1"));
    const gaps = await under(
      "own server alone",
      aws,
      gcp,
      () => {
        cluster.isolate(own, false);
        return Promise.resolve();
      },
      () => {
        expect(aws.status().votersReached).toBe(5);
        cluster.heal();
        return Promise.resolve();
      },
    );
    expect(gaps.writeMs).toBeLessThan(2_500);
  });

  test("a reader goes on while two of five are frozen, although any replica may be asked", async () => {
    const frozen = ["gcp-2", "witness-1"].map((name) => cluster.server(name));
    await cluster.lead(cluster.server("gcp-1"));
    const gaps = await under(
      "two frozen",
      gcp,
      aws,
      () => {
        for (const server of frozen) server.pause();
        return Promise.resolve();
      },
      () => {
        for (const server of frozen) server.resume();
        return Promise.resolve();
      },
      400,
    );
    expect(gaps.readMs).toBeLessThan(1_500);
    expect(gaps.writeMs).toBeLessThan(1_000);
  });

  test("a writer whose site's own voters are both gone goes on through the others after one try, not after two", async () => {
    const own = ["gcp-1", "gcp-2"].map((name) => cluster.server(name));
    await cluster.lead(cluster.server("aws-1"));
    const gaps = await under(
      "both own servers frozen",
      gcp,
      aws,
      () => {
        for (const server of own) server.pause();
        return Promise.resolve();
      },
      () => {
        for (const server of own) server.resume();
        return Promise.resolve();
      },
    );
    expect(gaps.writeMs).toBeLessThan(2_200);
  });

  test("a killed leader costs an election, and nothing else", async () => {
    const leader = await cluster.leader();
    const gaps = await under(
      "leader killed",
      gcp,
      aws,
      () => leader.kill(),
      () => leader.start(),
    );
    expect(gaps.writeMs).toBeLessThan(ELECTION_MS);
  });

  test("a frozen leader costs an election, and nothing else", async () => {
    const leader = await cluster.leader();
    const gaps = await under(
      "leader frozen",
      gcp,
      aws,
      () => {
        leader.pause();
        return Promise.resolve();
      },
      () => {
        leader.resume();
        return Promise.resolve();
      },
    );
    expect(gaps.writeMs).toBeLessThan(ELECTION_MS + 1_500);
  });

  test("a site that is gone, leader included, costs an election; the node there knows that it reaches no majority within 2 s", async () => {
    const site = ["gcp-1", "gcp-2"].map((name) => cluster.server(name));
    await cluster.lead(cluster.server("gcp-1"));
    let flippedMs = 0;
    const gaps = await under(
      "site gcp cut off",
      aws,
      aws,
      async () => {
        for (const server of site)
          for (const other of cluster.servers) if (!site.includes(other)) cluster.cutBetween(server, other);
        for (const server of cluster.servers) {
          if (site.includes(server)) cluster.cutClient("node-aws", server);
          else cluster.cutClient("node-gcp", server);
        }
        const began = performance.now();
        await until(
          "the node at the lost site to know",
          () => (gcp.status().votersReached === 2 ? true : undefined),
          5_000,
        );
        flippedMs = performance.now() - began;
      },
      async () => {
        expect(aws.status().votersReached).toBe(3);
        const cutOff = gcp.append({ id: "from the lost site", payload: bytes("{}") }, 1_500);
        await expect(cutOff).rejects.toBeInstanceOf(OutcomeUnknown);
        cluster.heal();
      },
    );
    console.log(`the node at the lost site knew after ${String(Math.round(flippedMs))} ms`);
    expect(flippedMs).toBeLessThan(2_000);
    expect(gaps.writeMs).toBeLessThan(ELECTION_MS + 1_500);
    await until("both nodes to reach all", () =>
      aws.status().votersReached === 5 && gcp.status().votersReached === 5 ? true : undefined,
    );
  });

  test("a lost quorum: outcomes are unknown, and resolve to one truth without a hand", async () => {
    // The leader survives: it takes what it can no longer commit.
    await cluster.lead(cluster.server("aws-2"));
    const from = (await aws.barrier(20_000)) + 1;
    const dead = ["aws-1", "gcp-1", "witness-1"].map((name) => cluster.server(name));
    await Promise.all(dead.map((server) => server.kill()));
    const ids = Array.from({ length: 12 }, (_, index) => `quorum-${String(index)}`);
    const outcomes = await Promise.all(
      ids.map((id, index) =>
        (index % 2 === 0 ? aws : gcp).append({ id, payload: bytes(id) }, 3_000).then(
          () => "acknowledged",
          (error: unknown) => (error instanceof OutcomeUnknown ? "unknown" : "other"),
        ),
      ),
    );
    expect(outcomes).toEqual(ids.map(() => "unknown"));
    await expect(aws.barrier(1_000)).rejects.toBeInstanceOf(OutcomeUnknown);
    const { appending, votersReached } = aws.status();
    expect({ appending, votersReached }).toEqual({ appending: false, votersReached: 2 });
    await Promise.all(dead.map((server) => server.start()));
    const began = performance.now();
    const truth = await Promise.all(
      ids.map((id, index) => (index % 2 === 0 ? gcp : aws).append({ id, payload: bytes(id) }, 30_000)),
    );
    console.log(
      `quorum back: acknowledged after ${String(Math.round(performance.now() - began))} ms, ${String(truth.filter(({ duplicate }) => duplicate).length)} of 12 unknown ones had been stored`,
    );
    const last = await aws.barrier(20_000);
    for (const journal of [aws, gcp]) {
      const places = new Map<string, number[]>();
      const stop = new AbortController();
      for await (const batch of journal.read(from, stop.signal)) {
        for (const { sequence, payload } of batch) {
          const text = new TextDecoder().decode(payload);
          if (text.startsWith("quorum-")) places.set(text, [...(places.get(text) ?? []), sequence]);
        }
        if ((batch.at(-1)?.sequence ?? 0) >= last) stop.abort();
      }
      expect(places).toEqual(new Map([...places.keys()].map((text) => [text, [truth[ids.indexOf(text)]?.sequence]])));
      expect([...places.keys()].sort()).toEqual([...ids].sort());
    }
    expect(aws.status().appending).toBe(true);
    await cluster.settled();
  });

  const environment = async (): Promise<Record<string, string>> => ({
    JOURNAL_URL: (await cluster.urls("operator")).join(","),
    JOURNAL_CREDENTIALS: cluster.systemSeed,
    OPERATOR_CREDENTIALS: cluster.operatorSeed,
  });

  test("the supervisor moves a leader from the witness, at the second look", async () => {
    await cluster.lead(cluster.server("witness-1"));
    const said: string[] = [];
    const code = await main(
      ["supervise", "--sites", "gcp,aws", "--every", "1", "--once"],
      await environment(),
      () => undefined,
      (line) => said.push(line),
    );
    expect(code).toBe(0);
    expect(said).toEqual(["witness-1 leads, at witness: seen once", "witness-1 leads, at witness; gcp-1 takes over"]);
    await until("gcp-1 to lead", async () => ((await cluster.leader()).name === "gcp-1" ? true : undefined));
  });

  test("a voter that comes back with an empty disk copies everything, and the audit is clean again", async () => {
    const audit = async (...options: string[]): Promise<{ code: number; out: string }> => {
      let out = "";
      const code = await main(
        ["audit", ...options],
        await environment(),
        (text) => (out += text),
        () => undefined,
      );
      return { code, out };
    };
    const voter = cluster.server("aws-2");
    await voter.kill();
    const missing = await audit();
    expect(missing.code).toBe(1);
    expect(missing.out).toContain("voters: expected answers from 5, got from aws-1, gcp-1, gcp-2, witness-1");
    voter.wipe();
    await voter.start();
    const began = performance.now();
    // A copy that has just begun is empty, and for a moment the leader takes it for current: all ends must be one.
    await until(
      "five copies of one length and a clean audit",
      async () => {
        const { code, out } = await audit("--json");
        const ends = (JSON.parse(out) as { voters: { state?: { last_seq: number } }[] }).voters.map(
          ({ state }) => state?.last_seq,
        );
        return code === 0 && new Set(ends).size === 1 && (ends[0] ?? 0) > 0 ? true : undefined;
      },
      30_000,
    );
    console.log(`a voter with an empty disk was whole after ${String(Math.round(performance.now() - began))} ms`);
    expect(await audit()).toEqual({ code: 0, out: "5 voters, every copy whole\n" });
  });
});
