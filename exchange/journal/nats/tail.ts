/** Reads the stream by direct-get batches: any replica answers, and there is no consumer that could die with the server that hosts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager, type StoredMsg } from "@nats-io/jetstream";
import type { JournalEntry } from "../journal";
import type { OwnEntries } from "./own-entries";
import type { Progress } from "./progress";
import type { VoterLink, Voters } from "./voters";

/** Entries, and bytes, of one batch. */
const BATCH_ENTRIES = 1_000;
const BATCH_BYTES = 4 * 1024 * 1024;
/**
 * A server hands a request to any replica, also to one that is frozen or cut off and that nobody has missed yet: then no answer comes. So while
 * none has begun, the same is asked again each 100 ms, of the next server; the first answer counts. More than a way between clouds and back.
 */
const ASK_AGAIN_MS = 100;
/** A request of which nothing comes for this long is given up: at most six are open at a time. All of them, after `ASK_MS`. */
const FIRST_MS = 600;
const ASK_MS = 1_500;
/** A batch that stops in the middle for this long is taken as it is. */
const BATCH_IDLE_MS = 1_000;
/** While nothing is known to be missing: how often to look. Bounds how late another node's entry is seen. */
const POLL_MS = 20;
/** While an entry is known to exist that the answering replica has not applied yet; after this many tries another one is asked. */
const POLL_BEHIND_MS = 3;
const BEHIND_TRIES = 20;
/** How long, and how often at least, an entry may be missing while a majority of the voters is reached, before the journal counts as damaged. */
const MISSING_MS = 5_000;
const MISSING_TRIES = 30;

/** What one batch brought. */
interface Batch {
  /** Without a gap, from the sequence that was asked for. */
  readonly entries: JournalEntry[];
  /** Sequence of the entry that came where another was due. */
  readonly jumpedTo: number | undefined;
  /** Why the batch ended early; a stream that has nothing more is no failure. */
  readonly failure: string | undefined;
}

const NOT_FOUND = 404;

function isNothingThere(error: Error): boolean {
  return "code" in error && error.code === NOT_FOUND;
}

/** The library hands out Node's `Buffer`, whose JSON and equality are its own. */
function plain(data: Uint8Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Asks one voter for entries from `sequence` on. A repeated entry is dropped; one from further on ends the batch.
 *
 * The library's iterator form never ends its subscription, so that every poll would leave one behind on the server; the callback form does.
 */
async function fetchBatch(
  link: VoterLink,
  stream: string,
  sequence: number,
  signal: AbortSignal,
  onFirst: () => void,
): Promise<Batch> {
  const { connection } = link;
  if (connection === undefined) return { entries: [], jumpedTo: undefined, failure: "the connection is gone" };
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: BATCH_IDLE_MS });
  const entries: JournalEntry[] = [];
  let jumpedTo: number | undefined;
  return new Promise((resolve) => {
    let stop: (() => void) | undefined;
    let isDone = false;
    const finish = (failure: string | undefined): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      stopListening();
      resolve({ entries, jumpedTo, failure });
      stop?.();
    };
    const abort = (): void => {
      finish("ended");
    };
    const giveUp = (): void => {
      finish("no answer");
    };
    let timer = setTimeout(giveUp, FIRST_MS);
    const stopListening = link.onLost((error) => {
      finish(error.message);
    });
    signal.addEventListener("abort", abort, { once: true });
    const take = (message: StoredMsg): void => {
      if (isDone) return;
      if (entries.length === 0) {
        onFirst();
        clearTimeout(timer);
        timer = setTimeout(giveUp, BATCH_IDLE_MS);
      } else timer.refresh();
      const due = sequence + entries.length;
      if (jumpedTo !== undefined || message.seq < due) return;
      if (message.seq > due) jumpedTo = message.seq;
      else entries.push({ sequence: message.seq, payload: plain(message.data) });
    };
    manager.direct
      .getBatch(stream, {
        seq: sequence,
        batch: BATCH_ENTRIES,
        max_bytes: BATCH_BYTES,
        callback: (done, message) => {
          if (done === null) take(message);
          else finish(done.err === undefined || isNothingThere(done.err) ? undefined : done.err.message);
        },
      })
      .then(
        (iterator) => {
          stop = () => {
            iterator.stop();
          };
          if (isDone) stop();
        },
        (error: unknown) => {
          finish(error instanceof Error ? error.message : "unknown error");
        },
      );
  });
}

/** Whether the voters said something; that there is nothing more is an answer too. */
function isAnswer(batch: Batch): boolean {
  return batch.failure === undefined || batch.entries.length > 0 || batch.jumpedTo !== undefined;
}

/** A batch from whoever answers first; see `ASK_AGAIN_MS`. @param links - at least one; asked in this order, from `turn` on. */
function askAround(
  links: readonly VoterLink[],
  turn: number,
  stream: string,
  sequence: number,
  signal: AbortSignal,
): Promise<Batch> {
  return new Promise((resolve) => {
    const others = new AbortController();
    const endMs = performance.now() + ASK_MS;
    let timer: NodeJS.Timeout | undefined;
    let open = 0;
    let asked = 0;
    let hasBegun = false;
    let isDone = false;
    const finish = (batch: Batch): void => {
      isDone = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      others.abort();
      resolve(batch);
    };
    const abort = (): void => {
      if (!isDone) finish({ entries: [], jumpedTo: undefined, failure: "ended" });
    };
    const ask = (): void => {
      const link = links[(turn + asked) % links.length];
      if (link === undefined) return;
      asked += 1;
      open += 1;
      const begun = (): void => {
        hasBegun = true;
      };
      void fetchBatch(link, stream, sequence, others.signal, begun).then((batch) => {
        open -= 1;
        if (isDone) return;
        hasBegun = false;
        if (isAnswer(batch)) finish(batch);
        else if (open === 0 && (asked >= links.length || performance.now() >= endMs)) finish(batch);
        else if (open === 0) ask();
      });
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!isDone && !hasBegun && performance.now() < endMs) ask();
      }, ASK_AGAIN_MS);
    };
    signal.addEventListener("abort", abort, { once: true });
    ask();
  });
}

/** Decides when a missing entry is lost and not merely late. Pure but for the clock it is given. */
export class GapWatch {
  readonly #clock: () => number;
  #sequence = 0;
  #sinceMs = 0;
  #tries = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /**
   * A replica skipped `sequence`. Whether it is lost: missing for 5 s and 30 tries in a row while a majority of voters was reached, so that
   * at least one replica that has every acknowledged entry was asked.
   */
  skipped(sequence: number, isMajorityReached: boolean): boolean {
    if (sequence !== this.#sequence || !isMajorityReached) {
      this.#sequence = sequence;
      this.#sinceMs = this.#clock();
      this.#tries = 0;
    }
    this.#tries += 1;
    return this.#tries >= MISSING_TRIES && this.#clock() - this.#sinceMs >= MISSING_MS;
  }
}

/** What the reader needs of its journal. */
export interface ReaderContext {
  readonly voters: Voters;
  readonly stream: string;
  readonly progress: Progress;
  readonly own: OwnEntries;
  /** Where the stream was made to begin: above 1 for a later epoch. From its configuration, since a damaged replica may have lost its head. */
  readonly firstSequence: number;
  isClosed(): boolean;
}

/** Waits until the journal is known to reach `sequence`, the signal, or `milliseconds`. */
function advanced(context: ReaderContext, sequence: number, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      stop();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    const { progress } = context;
    const stop = progress.onAdvance(() => {
      if (progress.damage !== undefined || progress.lastSequence >= sequence) done();
    });
  });
}

/** As `Journal.read`. Ends quietly with the signal, and when the journal is closed. */
export async function* readStream(
  context: ReaderContext,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<readonly JournalEntry[]> {
  const { voters, progress, stream } = context;
  const gaps = new GapWatch(() => performance.now());
  let next = Math.max(context.firstSequence, from);
  let turn = 0;
  let behind = 0;
  const isOver = (): boolean => signal.aborted || context.isClosed();
  while (!isOver()) {
    if (progress.damage !== undefined) throw progress.damage;
    const own = context.own.take(next);
    if (own.length > 0) {
      next += own.length;
      progress.read(next - 1);
      yield own;
      // An entry of another node shows as a gap before our next one, or at the next look.
      if (progress.lastSequence < next) await advanced(context, next, POLL_MS, signal);
      continue;
    }
    const ranked = voters.ranked();
    if (ranked.length === 0) {
      await voters.changed(POLL_MS * 5);
      continue;
    }
    const batch = await askAround(ranked, turn, stream, next, signal);
    if (isOver()) return;
    if (batch.entries.length > 0) {
      next += batch.entries.length;
      progress.read(next - 1);
      yield batch.entries;
    }
    if (batch.jumpedTo !== undefined) {
      turn += 1;
      const isMajorityReached = voters.reached * 2 > voters.links.length;
      if (gaps.skipped(next, isMajorityReached)) {
        progress.damaged(
          `the stream ${stream} has no entry ${String(next)}, although it has ${String(batch.jumpedTo)}; no replica fills the gap`,
        );
      }
    }
    if (batch.failure !== undefined) turn += 1;
    if (batch.entries.length > 0 && batch.jumpedTo === undefined && batch.failure === undefined) continue;
    const isBehind = progress.lastSequence >= next && batch.failure === undefined;
    behind = isBehind ? behind + 1 : 0;
    if (behind % BEHIND_TRIES === BEHIND_TRIES - 1) turn += 1;
    if (isBehind) await sleep(POLL_BEHIND_MS);
    else await advanced(context, batch.failure === undefined ? next : Number.POSITIVE_INFINITY, POLL_MS, signal);
  }
}
