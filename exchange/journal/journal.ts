/**
 * The journal: one totally ordered, append-only list of entries that every node reads from its beginning. Sequences are 1, 2, 3 … without
 * a gap (a NATS stream of a later epoch may start higher). An acknowledged entry is durable: on disk of this machine (embedded), in the
 * Raft logs of a majority of voters (NATS).
 */

/** What a node wants written. */
export interface NewEntry {
  /** Globally unique; the same id again within the journal's window is answered with the first sequence. */
  readonly id: string;
  readonly payload: Uint8Array;
  /** May use the room that the embedded journal keeps back for a full disk: cancels, and what operators do about it. Default false; NATS keeps no such room. */
  readonly isUrgent?: boolean;
}

/** What a node reads. */
export interface JournalEntry {
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Where an entry stands. */
export interface Appended {
  readonly sequence: number;
  /** Whether the journal had the id already: from an earlier append, or from an earlier try of this one whose answer was lost. */
  readonly duplicate: boolean;
}

/** Nobody knows whether the entry is, or ever will be, in the journal: a timeout, a lost leader. Never to be told as a refusal. */
export class OutcomeUnknown extends Error {
  override readonly name = "OutcomeUnknown";
}

/** The entry is certainly not in the journal and never will be. `full`: the disk or the stream has no room; `too-large`; `closed`: this side is going away, or its disk failed and the process must start anew; `misconfigured`: wrong stream, rights, settings. */
export class AppendRefused extends Error {
  override readonly name = "AppendRefused";
  readonly reason: "full" | "too-large" | "closed" | "misconfigured";
  constructor(reason: AppendRefused["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What is stored cannot be trusted: a damaged middle, a gap that no replica fills, a stream that was made anew. The node stops serving; the message names file and offset, or stream and sequence. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
}

/** What the region's health asks of the journal. Kept up to date by the journal itself, read without waiting. */
export interface JournalStatus {
  /** Voters that this node reached within the last 1.5 s, and how many there are. The embedded journal is one voter, which a full disk leaves standing and a failed one does not. */
  readonly votersReached: number;
  readonly voters: number;
  /** Whether appends are acknowledged, as far as is known; with the time (`performance.now()` milliseconds) since when this holds. */
  readonly appending: boolean;
  readonly sinceMs: number;
  /** Highest sequence that this node knows to exist. */
  readonly lastSequence: number;
  /** For operators, never for the public; no secrets. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** A journal. Implementations: `embedded/` (one directory), `remote/` (an embedded one served by another process), `nats/`. */
export interface Journal {
  /**
   * Resolves once the entry is durable. Tries again, with the same id, until `deadlineMs` milliseconds have passed.
   * @throws OutcomeUnknown when they have and nothing is known, AppendRefused when the entry is certainly not written.
   */
  append(entry: NewEntry, deadlineMs: number): Promise<Appended>;
  /** Batches from `sequence` on, in order, without gaps, then what is appended as it comes, until the signal. @throws JournalDamaged */
  read(sequence: number, signal: AbortSignal): AsyncIterable<readonly JournalEntry[]>;
  /** A sequence at or above that of every entry acknowledged, to anybody, before the call. @throws OutcomeUnknown after `deadlineMs`. */
  barrier(deadlineMs: number): Promise<number>;
  status(): JournalStatus;
  /** Largest payload of one entry in bytes. */
  readonly payloadBytesMax: number;
  close(): Promise<void>;
}

/** A node's own copies of the state: they only shorten the start, and are never the only copy of anything. */
export interface SnapshotStore {
  /** Newest first, whole and with a right checksum; damaged ones are skipped and reported in `skipped`. */
  newest(): Promise<{ snapshot: StoredSnapshot | undefined; skipped: readonly string[] }>;
  /** Writes to a temporary name, syncs, renames; keeps the last three. */
  save(snapshot: NewSnapshot): Promise<void>;
}

/** State to store, as pieces that make it up in this order: in one, writing and hashing it would stall the process. */
export interface NewSnapshot {
  readonly sequence: number;
  readonly pieces: readonly Uint8Array[];
}

/** State after the entry `sequence`. */
export interface StoredSnapshot {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}
