/** Judges what every voter says about its own copy of the journal. Pure. */
import type { StreamConfig } from "@nats-io/jetstream";
import type { Issue } from "../../issues";
import { streamProblems } from "../stream";
import type { VoterReport } from "./survey";

/** Entries by which a copy may be behind while entries are being written. */
const LAG_MAX = 10_000;
/** Oldest server whose known losses are mended (https://github.com/nats-io/nats-server/issues/7545). */
const VERSION_MIN = [2, 12, 3] as const;
/** Voters at the sites, most first, by number of voters: the loss of any site leaves a majority. */
const SPREADS: ReadonlyMap<number, string> = new Map([
  [1, "1"],
  [3, "1+1+1"],
  [5, "2+2+1"],
]);

function isOlder(version: string): boolean {
  const parts = version.split(/[.-]/).slice(0, 3).map(Number);
  for (const [index, wanted] of VERSION_MIN.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

/** What is wrong with one voter's own copy. An undamaged copy of a stream that forbids deletion has every entry between its ends. */
export function copyProblems(report: VoterReport, lastSequence: number): Issue[] {
  const path = `voter ${report.server}`;
  const repair =
    "while every other voter is whole: stop it, empty its disk, start it and let it copy; until then it may not lead";
  const { stream } = report;
  if (stream === undefined) {
    return [{ path, expected: "a copy of the stream", got: "none", fix: "wait until it has joined, or replace it" }];
  }
  const { messages, first_seq: first, last_seq: last, num_deleted: deleted } = stream.state;
  const due = last === 0 || last < first ? 0 : last - first + 1;
  const problems: Issue[] = [];
  if (messages !== due || deleted !== 0) {
    const missing = Math.max(due - messages, deleted);
    problems.push({
      path,
      expected: `${String(due)} entries, from ${String(first)} to ${String(last)}`,
      got: `${String(messages)}: ${String(missing)} are missing on this disk`,
      fix: repair,
    });
  }
  if (lastSequence - last > LAG_MAX) {
    problems.push({
      path,
      expected: `entries up to ${String(lastSequence)}`,
      got: `up to ${String(last)}`,
      fix: "see why it does not catch up: its disk, its links",
    });
  }
  return problems;
}

function spreadProblems(reports: readonly VoterReport[], voters: number): Issue[] {
  const counts = new Map<string, number>();
  for (const { site } of reports) counts.set(site, (counts.get(site) ?? 0) + 1);
  const got = [...counts.values()].sort((a, b) => b - a).join("+");
  const expected = SPREADS.get(voters) ?? "";
  const told = [...counts].map(([site, count]) => `${site === "" ? "no site" : site} ${String(count)}`).join(", ");
  if (reports.length !== voters || (got === expected && !counts.has(""))) return [];
  return [
    {
      path: "spread",
      expected: `voters ${expected} over the sites`,
      got: told,
      fix: "tag each server site:<site> and put the voters so that no site holds a majority",
    },
  ];
}

/** How the leader sees the others. */
function replicaProblems(reports: readonly VoterReport[]): Issue[] {
  const leader = reports.find((report) => report.stream?.cluster?.leader === report.server);
  if (leader === undefined) {
    const isAlone = reports.length === 1 && reports[0]?.stream?.cluster === undefined;
    return isAlone
      ? []
      : [
          {
            path: "leader",
            expected: "one voter that leads the stream",
            got: "none",
            fix: "a majority of the voters must reach each other",
          },
        ];
  }
  return (leader.stream?.cluster?.replicas ?? [])
    .filter((replica) => replica.offline || !replica.current)
    .map((replica) => ({
      path: `voter ${replica.name}`,
      expected: "current",
      got: replica.offline ? "offline" : `${String(replica.lag)} entries behind`,
      fix: "see whether it runs and reaches the others",
    }));
}

/**
 * Everything that is wrong with the journal's voters; empty when nothing is.
 *
 * @param reports - what answered.
 * @param voters - how many there are to be: 1, 3 or 5.
 */
export function auditProblems(reports: readonly VoterReport[], stream: string, voters: number): Issue[] {
  const problems: Issue[] = [];
  if (reports.length < voters) {
    problems.push({
      path: "voters",
      expected: `answers from ${String(voters)}`,
      got: `from ${reports.map((report) => report.server).join(", ")}`,
      fix: "a voter that does not answer is not audited: start it, and look again",
    });
  }
  const size = Math.max(reports.length, ...reports.map((report) => report.clusterSize));
  if (size > voters) {
    problems.push({
      path: "voters",
      expected: `${String(voters)} servers with JetStream in the cluster`,
      got: String(size),
      fix: "the voters' cluster holds the voters alone: every further server counts in its majority",
    });
  }
  const lastSequence = Math.max(0, ...reports.map((report) => report.stream?.state.last_seq ?? 0));
  for (const report of reports) {
    const path = `voter ${report.server}`;
    problems.push(...copyProblems(report, lastSequence));
    if (!report.hasSyncAlways)
      problems.push({
        path,
        expected: "sync_interval: always",
        got: "a longer one",
        fix: "a power loss takes acknowledged entries: set it and restart this voter",
      });
    if (isOlder(report.version))
      problems.push({
        path,
        expected: `a server from ${VERSION_MIN.join(".")} on`,
        got: report.version,
        fix: "upgrade it, one voter at a time",
      });
  }
  problems.push(...spreadProblems(reports, voters), ...replicaProblems(reports));
  const made = new Set(reports.flatMap((report) => (report.stream === undefined ? [] : [report.stream.created])));
  if (made.size > 1)
    problems.push({
      path: "stream",
      expected: "one stream",
      got: `copies made at ${[...made].join(" and ")}`,
      fix: "one of the voters holds another stream of that name: keep both disks, ask before repairing",
    });
  const config = reports.find((report) => report.stream !== undefined)?.stream?.config;
  if (config !== undefined)
    problems.push(
      ...streamProblems({ config: { ...config, name: stream } as StreamConfig }, voters).filter(
        ({ path }) => path !== "stream.cluster",
      ),
    );
  return problems;
}
