/**
 * The embedded journal against the disk: entries through it, then the very same groups written and synced by a bare file handle, in turn.
 * What the journal adds is framing, checksums, ids, and the answer to each of those who wait.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedJournal } from "../journal/embedded/embedded-journal";
import { localFiles, type JournalFiles } from "../journal/embedded/files";
import { alternately, median, ms, percentile, rate, type Row } from "./measure";

const SECONDS = 2;
const ROUNDS = 3;
/**
 * How many wait for their entry at the same time, and how large one is: a single order; as a busy node appends (`APPENDS_IN_FLIGHT_MAX` frames, here of
 * about 100 orders each); many small entries, as no node sends them.
 */
const LOADS = [
  { inFlight: 1, bytes: 256 },
  { inFlight: 8, bytes: 32_768 },
  { inFlight: 64, bytes: 256 },
];

interface Run {
  readonly perSecond: number;
  readonly latencies: number[];
  /** Entries, and bytes of each group that was written and synced. */
  readonly entries: number;
  readonly groups: number[];
}

/** This machine's files, which note how much was written before each sync of a segment. */
function watched(groups: number[]): JournalFiles {
  return {
    ...localFiles,
    open: async (path, mode) => {
      const file = await localFiles.open(path, mode);
      let bytes = 0;
      return {
        read: (into, position) => file.read(into, position),
        truncate: (length) => file.truncate(length),
        size: () => file.size(),
        close: () => file.close(),
        write: async (from, position) => {
          const taken = await file.write(from, position);
          bytes += taken;
          return taken;
        },
        sync: async () => {
          await file.sync();
          if (bytes > 0 && path.includes(".seg")) groups.push(bytes);
          bytes = 0;
        },
      };
    },
  };
}

async function throughJournal(inFlight: number, bytes: number): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), "exchange-bench-"));
  const groups: number[] = [];
  const journal = await openEmbeddedJournal({ directory, files: watched(groups) });
  groups.length = 0;
  const payload = new Uint8Array(bytes).fill(120);
  const latencies: number[] = [];
  const since = performance.now();
  const end = since + SECONDS * 1000;
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      await journal.append({ id: randomUUID(), payload }, 5_000);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  const seconds = (performance.now() - since) / 1000;
  await journal.close();
  await rm(directory, { recursive: true, force: true });
  return { perSecond: latencies.length / seconds, latencies, entries: latencies.length, groups };
}

/** Writes groups of these sizes, one sync after each. Answers with seconds. */
async function bare(groups: readonly number[]): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "exchange-bench-"));
  const file = await open(join(directory, "bare"), "w");
  const bytes = new Uint8Array(Math.max(...groups)).fill(120);
  const since = performance.now();
  let position = 0;
  for (const length of groups) {
    await file.write(bytes, 0, length, position);
    await file.datasync();
    position += length;
  }
  const seconds = (performance.now() - since) / 1000;
  await file.close();
  await rm(directory, { recursive: true, force: true });
  return seconds;
}

/** A row for each number of waiting appenders. */
export async function benchEmbedded(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { inFlight, bytes } of LOADS) {
    let last: Run | undefined;
    const { a, b } = await alternately(
      ROUNDS,
      async () => (last = await throughJournal(inFlight, bytes)),
      async () => (last === undefined ? 0 : last.entries / (await bare(last.groups))),
    );
    const [mine, beside] = [median(a.map(({ perSecond }) => perSecond)), median(b)];
    const latencies = a.flatMap((run) => run.latencies);
    const size = median(a.map(({ entries, groups }) => entries / groups.length));
    rows.push({
      what: `embedded, ${String(inFlight)} x ${String(bytes)} bytes in flight (groups of ${size.toFixed(0)}), against bare fsync of the same groups`,
      ours: `${rate(mine)}, p50 ${ms(percentile(latencies, 50))}, p99 ${ms(percentile(latencies, 99))}`,
      theirs: rate(beside),
      ratio: mine / beside,
      goal: 0.6,
    });
  }
  return rows;
}
