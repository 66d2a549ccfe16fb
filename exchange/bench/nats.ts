/**
 * A node over five real NATS servers (R5, `sync_interval: always`) against a bare JetStream publisher that sends messages of the size, and as
 * many at a time, as the node's frames were: what the node adds is the machine, the tail and the answer to each command. All are on the same
 * processors, so where the clients fill the frames, the row says what a command costs the node's thread and not what the journal bears.
 */
import { randomUUID } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import { natsMissing, startCluster, type NatsCluster } from "../../test/exchange/support/nats";
import { openNatsJournal } from "../journal/nats/open";
import { commandSubject } from "../journal/nats/stream";
import { openEmbeddedJournal } from "../journal/embedded/embedded-journal";
import type { Journal } from "../journal/journal";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternately, median, ms, percentile, rate, type Row } from "./measure";
import { APPENDS_IN_FLIGHT_MAX } from "../node/submitter";
import { startNode, submitFor, type Submitted } from "./node";

const OVER_NATS = "node over NATS R5 always, against a bare publisher with the same batches";
const SECONDS = 3;
const ROUNDS = 3;
/** Clients that wait for an answer at the same time: a few, as many as share one frame, and as many as fill all that may be on their way. */
const CLIENTS = [8, 64, 4_000];

/** A journal that notes what goes through it. */
function watched(journal: Journal, sizes: number[]): Journal {
  return {
    payloadBytesMax: journal.payloadBytesMax,
    append: (entry, deadlineMs) => {
      sizes.push(entry.payload.byteLength);
      return journal.append(entry, deadlineMs);
    },
    read: (sequence, signal) => journal.read(sequence, signal),
    barrier: (deadlineMs) => journal.barrier(deadlineMs),
    status: () => journal.status(),
    close: () => journal.close(),
  };
}

/** Publishes messages of so many bytes for so long, so many at a time. */
async function bare(cluster: NatsCluster, bytes: number, inFlight: number): Promise<Submitted> {
  const connection = await cluster.connect("node", await cluster.leader());
  const stream = jetstream(connection, { checkAPI: false, timeout: 5_000 });
  const payload = new Uint8Array(bytes).fill(120);
  const since = performance.now();
  const end = since + SECONDS * 1000;
  const latencies: number[] = [];
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      await stream.publish(commandSubject(cluster.stream), payload, { msgID: randomUUID() });
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  const perSecond = latencies.length / ((performance.now() - since) / 1000);
  await connection.close();
  return { perSecond, latencies };
}

async function overNats(): Promise<Row[]> {
  const cluster = await startCluster({ voters: 5 });
  try {
    const leader = await cluster.leader();
    const settings = await cluster.settings("bench", leader.site);
    const sizes: number[] = [];
    const journal = watched(await openNatsJournal(settings), sizes);
    const node = await startNode(journal);
    const rows: Row[] = [];
    let seed = 0;
    for (const clients of CLIENTS) {
      sizes.length = 0;
      let commands = 0;
      const { a, b } = await alternately(
        ROUNDS,
        async () => {
          const submitted = await submitFor(node, SECONDS, clients, (seed += 1));
          commands += submitted.latencies.length;
          return submitted;
        },
        async () => {
          const bytes = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
          const batch = commands / sizes.length;
          const { perSecond, latencies } = await bare(cluster, Math.round(bytes), framesInFlight(clients, batch));
          return { perSecond: perSecond * batch, latencies };
        },
      );
      const batch = commands / sizes.length;
      const frames = framesInFlight(clients, batch);
      rows.push(rowOf(`${OVER_NATS}, ${String(clients)} clients, frames at a time: ${String(frames)}`, a, b, batch));
    }
    await node.close();
    await journal.close();
    return rows;
  } finally {
    await cluster.close();
  }
}

async function overEmbedded(): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), "exchange-bench-"));
  const sizes: number[] = [];
  const journal = watched(await openEmbeddedJournal({ directory }), sizes);
  const node = await startNode(journal);
  sizes.length = 0;
  const submitted = await submitFor(node, SECONDS, 1_000, 99);
  await node.close();
  await journal.close();
  await rm(directory, { recursive: true, force: true });
  const batch = submitted.latencies.length / sizes.length;
  return [
    {
      what: `node over the embedded journal, 1,000 clients (${batch.toFixed(0)} commands a frame)`,
      ours: told([submitted]),
    },
  ];
}

/** Each client waits for its answer, so no more frames are on their way than hold all clients. */
function framesInFlight(clients: number, batch: number): number {
  return Math.min(APPENDS_IN_FLIGHT_MAX, Math.max(1, Math.round(clients / batch)));
}

function told(runs: readonly Submitted[]): string {
  const latencies = runs.flatMap((run) => run.latencies);
  return `${rate(perSecondOf(runs))}, p50 ${ms(percentile(latencies, 50))}, p99 ${ms(percentile(latencies, 99))}`;
}

function perSecondOf(runs: readonly Submitted[]): number {
  return median(runs.map(({ perSecond }) => perSecond));
}

function rowOf(what: string, a: readonly Submitted[], b: readonly Submitted[], batch: number): Row {
  return {
    what: `${what} (${batch.toFixed(0)} commands a frame)`,
    ours: told(a),
    theirs: told(b),
    ratio: perSecondOf(a) / perSecondOf(b),
    goal: 0.6,
  };
}

/** Durable orders a second through `submit`. */
export async function benchNats(): Promise<Row[]> {
  const embedded = await overEmbedded();
  const missing = natsMissing();
  if (missing === undefined) return [...embedded, ...(await overNats())];
  return [...embedded, { what: `node over NATS: ${missing}`, ours: "not run" }];
}
