/** The journal over NATS JetStream: one replicated stream, one voter on each server of its cluster. */
import { randomUUID } from "node:crypto";
import { jetstreamManager, type StreamInfo } from "@nats-io/jetstream";
import {
  AppendRefused,
  OutcomeUnknown,
  type Appended,
  type Journal,
  type JournalEntry,
  type JournalStatus,
  type NewEntry,
} from "../journal";
import { publish, type PublisherContext } from "./append";
import { Barriers } from "./barriers";
import { JournalMisconfigured } from "../issues";
import { OwnEntries } from "./own-entries";
import { Progress } from "./progress";
import { identity, voterAddresses, type NatsSettings } from "./settings";
import { streamProblems } from "./stream";
import { readStream, type ReaderContext } from "./tail";
import { Voters, type VoterLink } from "./voters";
import { StreamWatch } from "./watch";

/** Room for the protocol line and the headers beside the payload in one message of the server's maximum. */
const OVERHEAD_BYTES = 1_024;
/** How often the stream's own description is looked at. */
const LOOK_MS = 2_000;
const INFO_MS = 1_500;
const OPEN_MS = 30_000;
/** Without any append for this long, an empty entry shows whether appends are acknowledged; sooner while they are not. */
const IDLE_PROBE_MS = 30_000;
const STALLED_PROBE_MS = 1_000;
/** From this share of the stream's bytes on, only urgent entries are taken. */
const FULL_SHARE = 0.97;

/** Asks for the stream's description over one link. */
async function streamInfo(link: VoterLink, stream: string): Promise<StreamInfo> {
  const { connection } = link;
  if (connection === undefined) throw new Error("the connection is gone");
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: INFO_MS });
  return manager.streams.info(stream);
}

class NatsJournal implements Journal {
  readonly payloadBytesMax: number;
  readonly #voters: Voters;
  readonly #stream: string;
  readonly #progress: Progress;
  readonly #own = new OwnEntries();
  readonly #barriers: Barriers;
  readonly #watch: StreamWatch;
  readonly #closing = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #made: string;
  readonly #firstSequence: number;
  #leader: string;
  #isLooking = false;
  #looks = 0;
  #isNearlyFull = false;

  constructor(voters: Voters, stream: string, info: StreamInfo, payloadBytesMax: number, node: string) {
    this.#voters = voters;
    this.#stream = stream;
    this.payloadBytesMax = payloadBytesMax;
    this.#progress = new Progress(stream, () => performance.now());
    this.#progress.known(info.state.last_seq);
    this.#watch = new StreamWatch(stream, info.created, () => performance.now());
    this.#made = info.created;
    // Servers leave it out when it is 0, whatever the type says.
    this.#firstSequence = info.config.first_seq || 1;
    this.#leader = info.cluster?.leader ?? "";
    this.#barriers = new Barriers(async (deadlineMs) => {
      const id = randomUUID();
      // A frame without commands: it changes no state, in any node.
      const frame = JSON.stringify({ v: 1, id, node, at: 0, commands: [] });
      return (await this.append({ id, payload: new TextEncoder().encode(frame), isUrgent: true }, deadlineMs)).sequence;
    });
    this.#timer = setInterval(() => {
      void this.#look();
    }, LOOK_MS / 4);
  }

  async append(entry: NewEntry, deadlineMs: number): Promise<Appended> {
    if (entry.payload.byteLength > this.payloadBytesMax) {
      throw new AppendRefused(
        "too-large",
        `an entry has at most ${String(this.payloadBytesMax)} bytes, this one ${String(entry.payload.byteLength)}`,
      );
    }
    if (this.#isNearlyFull && entry.isUrgent !== true) {
      throw new AppendRefused("full", "the stream has reached 97 % of its bytes; the rest is kept for cancels");
    }
    return publish(this.#context(), entry, deadlineMs);
  }

  read(sequence: number, signal: AbortSignal): AsyncIterable<readonly JournalEntry[]> {
    this.#watch.started(sequence);
    return readStream(this.#context(), sequence, AbortSignal.any([signal, this.#closing.signal]));
  }

  barrier(deadlineMs: number): Promise<number> {
    return this.#barriers.wait(deadlineMs);
  }

  status(): JournalStatus {
    const { appending, sinceMs } = this.#progress.state();
    const isClosed = this.#closing.signal.aborted;
    const failing = this.#voters.links.filter((link) => !link.isReached);
    return {
      votersReached: this.#voters.reached,
      voters: this.#voters.links.length,
      appending: appending && !isClosed,
      sinceMs,
      lastSequence: this.#progress.lastSequence,
      detail: {
        stream: this.#stream,
        made: this.#made,
        leader: this.#leader,
        notReached: failing
          .map((link) => (link.lastError === "" ? link.address : `${link.address} (${link.lastError})`))
          .join(", "),
        first: this.#voters.ranked()[0]?.address ?? "",
        damage: this.#progress.damage?.message ?? "",
        state: isClosed ? "closed" : this.#isNearlyFull ? "full" : appending ? "appending" : "stalled",
      },
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#voters.close();
  }

  #context(): PublisherContext & ReaderContext {
    return {
      voters: this.#voters,
      stream: this.#stream,
      progress: this.#progress,
      own: this.#own,
      firstSequence: this.#firstSequence,
      isClosed: () => this.#closing.signal.aborted,
    };
  }

  /** Looks whether it is still the same stream, gives voters that work again their place back, and writes an empty entry when nothing else shows whether entries are acknowledged. */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#closing.signal.aborted) return;
    this.#isLooking = true;
    try {
      this.#probe();
      if (this.#watch.isDue(LOOK_MS)) await this.#lookAtStream();
    } finally {
      this.#isLooking = false;
    }
  }

  /**
   * Asks through the link in use, through one other in turn (a voter that is cut off from the rest describes an old state), and through those
   * that failed.
   */
  async #lookAtStream(): Promise<void> {
    const [first, ...others] = this.#voters.ranked();
    if (first === undefined) return;
    this.#looks += 1;
    const other = others[this.#looks % Math.max(1, others.length)];
    const asked = [first, ...others.filter((link) => link === other || link.demotedAtMs !== undefined)];
    await Promise.all(asked.map((link) => this.#lookThrough(link)));
  }

  async #lookThrough(link: VoterLink): Promise<void> {
    let info: StreamInfo;
    try {
      info = await link.whileUp(streamInfo(link, this.#stream));
    } catch {
      // No leader is known to this voter. While there is none at all, the order among voters does not matter.
      link.demote();
      return;
    }
    link.promote();
    this.#leader = info.cluster?.leader ?? "";
    this.#progress.known(info.state.last_seq);
    this.#isNearlyFull = info.config.max_bytes > 0 && info.state.bytes >= info.config.max_bytes * FULL_SHARE;
    const damage = this.#watch.saw(info.created, info.state.last_seq, this.#progress.readSequence);
    if (damage !== undefined) this.#progress.damaged(damage);
  }

  #probe(): void {
    const { appending } = this.#progress.state();
    const quietMs = performance.now() - Math.max(this.#progress.acknowledgedAtMs, this.#barriers.startedAtMs);
    if (quietMs < (appending ? IDLE_PROBE_MS : STALLED_PROBE_MS)) return;
    this.#barriers.wait(STALLED_PROBE_MS * 4).catch(() => undefined);
  }
}

/** The stream's description, from whichever voter answers first. */
async function firstInfo(
  voters: Voters,
  stream: string,
  openMs: number,
): Promise<{ info: StreamInfo; link: VoterLink }> {
  const endMs = performance.now() + openMs;
  let last = "no voter is reached";
  for (let turn = 0; performance.now() < endMs; turn += 1) {
    const ranked = voters.ranked();
    const link = ranked[turn % Math.max(1, ranked.length)];
    if (link === undefined) {
      await voters.changed(100);
      continue;
    }
    try {
      return { info: await link.whileUp(streamInfo(link, stream)), link };
    } catch (error) {
      last = error instanceof Error ? error.message : "unknown error";
      if (error instanceof Error && error.name === "StreamNotFoundError") {
        throw new JournalMisconfigured([
          {
            path: "JOURNAL_STREAM",
            expected: "a stream that exists",
            got: stream,
            fix: 'make it once with "exchange-journal create"',
          },
        ]);
      }
      await voters.changed(100);
    }
  }
  const reasons = voters.links
    .map((link) => `${link.address}: ${link.lastError === "" ? last : link.lastError}`)
    .join("; ");
  throw new OutcomeUnknown(`the journal did not answer within ${String(openMs)} ms: ${reasons}`);
}

/**
 * Opens the journal.
 *
 * @param settings - how to reach it.
 * @param openMs - how long to wait for a first answer, in milliseconds. Defaults to 30,000.
 * @throws JournalMisconfigured with every problem of the settings or of the stream; OutcomeUnknown when nobody answered in time.
 */
export async function openNatsJournal(settings: NatsSettings, openMs = OPEN_MS): Promise<Journal> {
  const addresses = voterAddresses(settings.urls);
  const voters = new Voters(addresses, identity(settings.credentials), settings);
  try {
    const { info, link } = await firstInfo(voters, settings.stream, openMs);
    const problems = streamProblems(info, addresses.length);
    if (problems.length > 0) throw new JournalMisconfigured(problems);
    const serverMax = link.connection?.info?.max_payload ?? 1024 * 1024;
    const streamMax = info.config.max_msg_size > 0 ? info.config.max_msg_size : serverMax;
    return new NatsJournal(
      voters,
      settings.stream,
      info,
      Math.min(serverMax, streamMax) - OVERHEAD_BYTES,
      settings.name,
    );
  } catch (error) {
    await voters.close();
    throw error;
  }
}
