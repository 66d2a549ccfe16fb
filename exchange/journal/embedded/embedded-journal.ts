/**
 * The journal of one machine: a directory of segments on its disk. An entry is acknowledged after its group is synced; all entries that wait
 * are written in one group with one sync, and the next group forms meanwhile.
 *
 * A full disk refuses appends and takes them again when there is room. A sync or a write that fails otherwise ends this journal: the page cache cannot
 * be trusted after it, so every later append is refused until the process starts anew; reads go on from what was acknowledged.
 */
import { getRandomValues } from "node:crypto";
import {
  AppendRefused,
  OutcomeUnknown,
  type Appended,
  type Journal,
  type JournalEntry,
  type JournalStatus,
  type NewEntry,
} from "../journal";
import { textOf } from "./bytes";
import { Commits } from "./commits";
import { DiskCursor } from "./disk-cursor";
import { errorText, localFiles, type JournalFiles } from "./files";
import { entryBytes, GROUP_BYTES_MAX, GROUP_ENTRIES_MAX, ID_BYTES_MAX, PAYLOAD_BYTES_MAX } from "./groups";
import { lockDirectory, type OwnerLock } from "./owner-lock";
import { IDS_MAX, type RecentIds } from "./recent-ids";
import { recover, type Recovered } from "./recovery";
import { openReserve, type Reserve } from "./reserve";
import { SegmentWriter } from "./segment-writer";
import { Tail } from "./tail";

/** A segment takes no further group above this many bytes. */
const SEGMENT_BYTES = 67_108_864;
/** Appends that wait for the disk, in bytes; more are refused. */
const WAITING_BYTES_MAX = 67_108_864;
/** A journal that is idle for so long notes that everything was acknowledged. */
const MARK_AFTER_MS = 20;
/** Room that is kept back for urgent entries: some ten thousand cancels. */
const RESERVE_BYTES = 4_194_304;
/** A full disk is looked at so often, also when nothing is appended. */
const PROBE_MS = 1_000;

/** How to open one. */
export interface EmbeddedOptions {
  /** Made when missing. On a disk of this machine, not NFS. */
  readonly directory: string;
  /** Default: this machine's. */
  readonly files?: JournalFiles;
  /** Default 64 MiB. */
  readonly segmentBytes?: number;
  /** How many of the newest entries are known by their id; default 100,000. */
  readonly idsMax?: number;
  /** Room kept back for urgent entries on a full disk; default 4 MiB. */
  readonly reserveBytes?: number;
  /** Milliseconds that only rise; default `performance.now`. */
  readonly now?: () => number;
}

interface Waiting {
  readonly entry: NewEntry;
  readonly bytes: number;
  readonly settle: (sequence: number) => void;
  readonly fail: (error: Error) => void;
}

/** An open one; made by `openEmbeddedJournal`. */
export class EmbeddedJournal implements Journal {
  readonly payloadBytesMax = PAYLOAD_BYTES_MAX;
  /** Random, made with the directory: 32 hexadecimal digits. */
  readonly journalId: string;
  readonly #directory: string;
  readonly #files: JournalFiles;
  readonly #id: Uint8Array;
  readonly #lock: OwnerLock;
  readonly #commits: Commits;
  readonly #ids: RecentIds;
  readonly #torn: string | undefined;
  readonly #now: () => number;
  readonly #tail = new Tail();
  /** Entries that are not durable yet, by id. */
  readonly #pending = new Map<string, Promise<number>>();
  /** Ids of the one group that the disk failed: they may be there after the next start. */
  readonly #unknown = new Set<string>();
  readonly #readers = new Set<() => void>();
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #lastSequence: number;
  #state: "appending" | "full" | "broken" | "closed" = "appending";
  #reason = "";
  #sinceMs: number;
  #running: Promise<void> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  /** Whether the last group is followed by a mark. */
  #isMarked = false;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(options: EmbeddedOptions, files: JournalFiles, lock: OwnerLock, start: Recovered, reserve: Reserve) {
    this.#directory = options.directory;
    this.#files = files;
    this.#id = start.journalId;
    this.journalId = textOf(start.journalId, "hex");
    this.#lock = lock;
    const writer = new SegmentWriter(files, options.directory, start, options.segmentBytes ?? SEGMENT_BYTES);
    this.#commits = new Commits(writer, reserve, reserve.held < (options.reserveBytes ?? RESERVE_BYTES));
    this.#ids = start.ids;
    this.#torn = start.torn;
    this.#lastSequence = start.lastSequence;
    this.#now = options.now ?? ((): number => performance.now());
    this.#sinceMs = this.#now();
    this.#afterWork();
  }

  async append(entry: NewEntry, deadlineMs: number): Promise<Appended> {
    checkEntry(entry);
    const known = this.#ids.sequenceOf(entry.id);
    if (known !== undefined) return { sequence: known, duplicate: true };
    const pending = this.#pending.get(entry.id);
    const sequence = pending ?? this.#enqueue(entry);
    return { sequence: await inTime(sequence, deadlineMs), duplicate: pending !== undefined };
  }

  async *read(sequence: number, signal: AbortSignal): AsyncGenerator<readonly JournalEntry[], void, undefined> {
    const cursor = new DiskCursor(this.#files, this.#directory, this.#id);
    let next = Math.max(1, sequence);
    try {
      while (!signal.aborted && this.#closing === undefined) {
        if (next > this.#lastSequence) {
          await this.#changed(signal);
          continue;
        }
        const batch = this.#tail.from(next) ?? (await cursor.batch(next));
        next += batch.length;
        yield batch;
      }
    } finally {
      await cursor.close();
    }
  }

  barrier(): Promise<number> {
    return this.#closing === undefined
      ? Promise.resolve(this.#lastSequence)
      : Promise.reject(new OutcomeUnknown("the journal is closed"));
  }

  status(): JournalStatus {
    const appending = this.#state === "appending";
    return {
      // A full disk still answers, and takes what is urgent; one that failed is no voter any more.
      votersReached: appending || this.#state === "full" ? 1 : 0,
      voters: 1,
      appending,
      sinceMs: this.#sinceMs,
      lastSequence: this.#lastSequence,
      detail: {
        journal: "embedded",
        directory: this.#directory,
        state: this.#state,
        waiting: this.#waiting.length,
        reserveBytes: this.#commits.reserveBytes,
        ...(this.#reason === "" ? {} : { reason: this.#reason }),
        ...(this.#torn === undefined ? {} : { torn: this.#torn }),
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #enqueue(entry: NewEntry): Promise<number> {
    if (this.#closing !== undefined) throw new AppendRefused("closed", "the journal is closed");
    const bytes = entryBytes(entry);
    if (this.#waitingBytes + bytes > WAITING_BYTES_MAX) {
      throw new AppendRefused("full", "too much is waiting for the disk");
    }
    const sequence = new Promise<number>((settle, fail) => {
      this.#waiting.push({ entry, bytes, settle, fail });
    });
    this.#waitingBytes += bytes;
    this.#pending.set(entry.id, sequence);
    clearTimeout(this.#idleTimer);
    this.#running ??= this.#run();
    return sequence;
  }

  async #run(): Promise<void> {
    // What is asked for in the same turn of the loop goes into the same group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      if (this.#state !== "broken") await this.#writeGroup(group);
      else for (const one of group) this.#fail([one], this.#refusal(one.entry.id));
    }
    this.#running = undefined;
    this.#afterWork();
  }

  /** What is to be done once nothing has been appended for a while. */
  #afterWork(): void {
    if (this.#state === "broken" || this.#closing !== undefined) return;
    this.#become(this.#commits.isFull ? "full" : "appending", this.#commits.reason);
    if (!this.#commits.isFull && this.#isMarked) return;
    this.#idleTimer = setTimeout(
      () => {
        this.#running ??= this.#commits.isFull ? this.#probe() : this.#mark();
      },
      this.#commits.isFull ? PROBE_MS : MARK_AFTER_MS,
    );
    this.#idleTimer.unref();
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let end = 0;
    while (end < this.#waiting.length && end < GROUP_ENTRIES_MAX && bytes < GROUP_BYTES_MAX) {
      bytes += this.#waiting[end]?.bytes ?? 0;
      end += 1;
    }
    const group = this.#waiting.slice(0, end);
    this.#waiting = this.#waiting.slice(end);
    this.#waitingBytes -= bytes;
    return group;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const { written, taken } = await this.#commits.commit(group.map(({ entry }) => entry));
      this.#become(this.#commits.isFull ? "full" : "appending", this.#commits.reason);
      this.#isMarked &&= written.length === 0;
      this.#tail.add(written);
      const rest = new Set(group);
      for (const [index, place] of taken.entries()) {
        const waiting = group[place];
        if (waiting === undefined) continue;
        rest.delete(waiting);
        const sequence = this.#lastSequence + 1 + index;
        this.#ids.add(waiting.entry.id, sequence);
        this.#pending.delete(waiting.entry.id);
        waiting.settle(sequence);
      }
      this.#lastSequence += written.length;
      this.#wake();
      this.#fail([...rest], new AppendRefused("full", `the disk has no room: ${this.#commits.reason}`));
    } catch (error) {
      this.#become("broken", errorText(error));
      for (const { entry } of group) this.#unknown.add(entry.id);
      this.#fail(group, new OutcomeUnknown(`the disk failed: ${errorText(error)}`));
    }
  }

  async #mark(): Promise<void> {
    try {
      await this.#commits.mark();
    } catch (error) {
      this.#become("broken", errorText(error));
    }
    this.#isMarked = true;
    await this.#run();
  }

  async #probe(): Promise<void> {
    await this.#commits.probe();
    await this.#run();
  }

  #fail(group: readonly Waiting[], error: Error): void {
    for (const { entry, fail } of group) {
      this.#pending.delete(entry.id);
      fail(error);
    }
  }

  #refusal(id: string): AppendRefused | OutcomeUnknown {
    const message = `the disk failed and this process must start anew: ${this.#reason}`;
    return this.#unknown.has(id) ? new OutcomeUnknown(message) : new AppendRefused("closed", message);
  }

  #become(state: "appending" | "full" | "broken" | "closed", reason: string): void {
    if (state !== this.#state) this.#sinceMs = this.#now();
    this.#state = state;
    this.#reason = reason;
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#readers.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#readers.add(done);
      signal.addEventListener("abort", done);
    });
  }

  #wake(): void {
    for (const done of [...this.#readers]) done();
  }

  async #close(): Promise<void> {
    // `close` has to have set `#closing` before anything here runs.
    await Promise.resolve();
    clearTimeout(this.#idleTimer);
    this.#wake();
    await this.#running;
    if (this.#state !== "broken" && !this.#isMarked) await this.#mark();
    this.#become("closed", this.#reason);
    await this.#commits.close();
    await this.#lock.release();
  }
}

function checkEntry({ id, payload }: NewEntry): void {
  if (payload.length > PAYLOAD_BYTES_MAX) {
    throw new AppendRefused(
      "too-large",
      `an entry of ${String(payload.length)} bytes; the journal takes ${String(PAYLOAD_BYTES_MAX)}`,
    );
  }
  const idBytes = Buffer.byteLength(id);
  if (idBytes < 1 || idBytes > ID_BYTES_MAX) {
    throw new AppendRefused(
      "misconfigured",
      `an id of ${String(idBytes)} bytes; the journal takes 1 to ${String(ID_BYTES_MAX)}`,
    );
  }
}

function inTime(sequence: Promise<number>, deadlineMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new OutcomeUnknown(`the disk did not answer within ${String(deadlineMs)} ms`));
    }, deadlineMs);
    const done = (): void => {
      clearTimeout(timer);
    };
    sequence.then(resolve, reject).finally(done).catch(done);
  });
}

/**
 * Owns and opens the journal of a directory, or makes one.
 *
 * @throws NotOwner when another process has it, JournalDamaged with file and offset, SyncFailed, or what the file system says.
 */
export async function openEmbeddedJournal(options: EmbeddedOptions): Promise<EmbeddedJournal> {
  const files = options.files ?? localFiles;
  await files.makeDirectory(options.directory);
  const lock = await lockDirectory(options.directory);
  try {
    const start = await recover(
      files,
      options.directory,
      getRandomValues(new Uint8Array(16)),
      options.idsMax ?? IDS_MAX,
    );
    const reserve = await openReserve(files, options.directory, options.reserveBytes ?? RESERVE_BYTES);
    return new EmbeddedJournal(options, files, lock, start, reserve);
  } catch (error) {
    await lock.release();
    throw error;
  }
}
