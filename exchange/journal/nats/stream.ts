/** How the stream that is the journal must be configured, and what is wrong with one that is not. Pure. */
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig, type StreamInfo } from "@nats-io/jetstream";
import type { Issue } from "../issues";

/** Two minutes, in nanoseconds: within them the same id is answered with the first sequence. The machine recognises a repeated frame after that. */
export const DUPLICATE_WINDOW_NANOS = 120_000_000_000;

/** The one subject on which entries are written. */
export function commandSubject(stream: string): string {
  return `${stream}.cmd`;
}

/** What an operator decides about the stream. */
export interface StreamChoice {
  readonly stream: string;
  /** 1, 3 or 5: one on each voter. */
  readonly replicas: number;
  /** Bytes after which new entries are refused; -1 leaves the voters' own limit. Keep it below 75 % of a voter's disk. */
  readonly bytesMax: number;
  /** Sequence of the first entry; above 1 for an epoch that follows another stream. Defaults to 1. */
  readonly firstSequence?: number;
}

/** Configuration of a stream that may be the journal. */
export function requiredConfig(choice: StreamChoice): Partial<StreamConfig> & { name: string } {
  return {
    name: choice.stream,
    description: "Twodoor's journal: never trimmed, never updated",
    subjects: [commandSubject(choice.stream)],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: choice.replicas,
    discard: DiscardPolicy.New,
    max_age: 0,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_bytes: choice.bytesMax,
    duplicate_window: DUPLICATE_WINDOW_NANOS,
    allow_direct: true,
    allow_rollup_hdrs: false,
    deny_delete: true,
    deny_purge: true,
    ...(choice.firstSequence === undefined ? {} : { first_seq: choice.firstSequence }),
  };
}

/** A rule about one field: what it must be, told in words, and whether a value is that. */
interface FieldRule {
  readonly field: keyof StreamConfig;
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  readonly why: string;
}

const isUnset = (value: unknown): boolean => value === undefined || value === null || value === false || value === "";

function fieldRules(stream: string, voters: number): FieldRule[] {
  const must = (field: keyof StreamConfig, wanted: unknown, why: string): FieldRule => ({
    field,
    expected: JSON.stringify(wanted),
    holds: (value) => value === wanted,
    why,
  });
  const unset = (field: keyof StreamConfig, why: string): FieldRule => ({
    field,
    expected: "nothing",
    holds: isUnset,
    why,
  });
  const unlimited = (field: keyof StreamConfig): FieldRule => ({
    field,
    expected: "-1 (no limit)",
    holds: (value) => value === undefined || value === -1,
    why: "a limit refuses entries or forgets them",
  });
  return [
    must(
      "num_replicas",
      voters,
      "one replica on each voter of JOURNAL_URL, so that a majority of them is a majority of the stream",
    ),
    must("storage", "file", "memory is gone with the process"),
    must("retention", "limits", "entries may not go when somebody has read them"),
    must("discard", "new", "a full stream must refuse new entries, not eat the oldest"),
    must("deny_delete", true, "no entry may be deleted"),
    must("deny_purge", true, "the stream may not be purged"),
    must("allow_direct", true, "nodes read by direct get, which needs no consumer"),
    must("max_age", 0, "no entry may grow too old"),
    unlimited("max_msgs"),
    unlimited("max_msgs_per_subject"),
    unset("allow_rollup_hdrs", "a roll-up removes everything before it"),
    unset("allow_msg_ttl", "no entry may expire"),
    unset("no_ack", "an append waits for its acknowledgement"),
    unset("sealed", "a sealed stream takes no entries: it is an epoch that has ended"),
    unset("mirror", "a mirror takes no entries of its own"),
    {
      field: "sources",
      expected: "nothing",
      holds: (value) => isUnset(value) || (Array.isArray(value) && value.length === 0),
      why: "entries come from nodes alone",
    },
    {
      field: "persist_mode",
      expected: "default",
      holds: (value) => isUnset(value) || value === "default",
      why: "async acknowledges before the disk has it",
    },
    {
      field: "subjects",
      expected: JSON.stringify([commandSubject(stream)]),
      holds: (value) => JSON.stringify(value) === JSON.stringify([commandSubject(stream)]),
      why: "nodes write on this subject",
    },
    {
      field: "duplicate_window",
      expected: `at least ${String(DUPLICATE_WINDOW_NANOS)} (two minutes)`,
      holds: (value) => typeof value === "number" && value >= DUPLICATE_WINDOW_NANOS,
      why: "a retry must be recognised for longer than anybody retries",
    },
  ];
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/**
 * Everything that makes a stream unfit to be the journal; empty when nothing does. `sync_interval` is a setting of the servers and is not
 * visible through a stream: the configuration that `exchange-journal config` writes has it, and `exchange-journal audit` reads it back.
 *
 * @param info - as the voters tell it.
 * @param voters - how many voters `JOURNAL_URL` names.
 */
export function streamProblems(info: Pick<StreamInfo, "config" | "cluster">, voters: number): Issue[] {
  const { config } = info;
  const problems: Issue[] = [];
  for (const { field, expected, holds, why } of fieldRules(config.name, voters)) {
    const value: unknown = config[field];
    if (!holds(value))
      problems.push({
        path: `stream.${field}`,
        expected,
        got: shown(value),
        fix: `${why}; make a new stream with "exchange-journal create"`,
      });
  }
  // While a leader is being elected, whoever answers may count itself among the replicas.
  const names = new Set([info.cluster?.leader ?? "", ...(info.cluster?.replicas ?? []).map((replica) => replica.name)]);
  names.delete("");
  const peers = names.size;
  if (config.num_replicas === voters && voters > 1 && peers !== voters) {
    problems.push({
      path: "stream.cluster",
      expected: `${String(voters)} members`,
      got: String(peers),
      fix: "wait until every voter has joined, or name the voters that there are",
    });
  }
  return problems;
}
