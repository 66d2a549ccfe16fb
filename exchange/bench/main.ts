/**
 * `npm run bench --workspace exchange`: what the exchange costs beside what it is built on. Seconds are a machine's own, so read the
 * ratios, all of one run. With names behind it only these: `npm run bench --workspace exchange -- matching embedded`.
 */
import { benchEmbedded } from "./embedded";
import { measureFeed } from "./feed";
import { benchMatching } from "./matching";
import { machineLine, ms, rate, table, type Row } from "./measure";
import { benchNats } from "./nats";
import { benchReplay } from "./replay";

const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  matching: benchMatching,
  embedded: benchEmbedded,
  nats: benchNats,
  replay: benchReplay,
  feed: benchFeed,
};

async function benchFeed(): Promise<Row[]> {
  const { subscribers, residentBytesEach, heapBytesEach, ...figures } = await measureFeed();
  const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;
  return [
    {
      what: `feed, ${String(subscribers)} subscribers of level2: memory of each`,
      ours: `${kilobytes(residentBytesEach)} resident, ${kilobytes(heapBytesEach)} of heap`,
    },
    {
      what: "feed: from an applied frame to the last of them",
      ours: `p50 ${ms(figures.lastClientMsP50)}, p99 ${ms(figures.lastClientMsP99)}`,
    },
    { what: "feed: messages to all of them together", ours: rate(figures.messagesPerSecond) },
  ];
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    process.stderr.write(`there is no ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}\n`);
    process.exitCode = 2;
    return;
  }
  const rows: Row[] = [];
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`${name} ...\n`);
    const done = await bench();
    // A long run that is ended half-way has told what it knows.
    process.stderr.write(table(done));
    rows.push(...done);
  }
  process.stdout.write(`${machineLine()}\n\n${table(rows)}`);
}

void main(process.argv.slice(2));
