/** Publishes an entry until it is acknowledged, it is certain that it will not be stored, or the time is up. */
import { setTimeout as sleep } from "node:timers/promises";
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { AppendRefused, OutcomeUnknown, type Appended, type NewEntry } from "../journal";
import type { OwnEntries } from "./own-entries";
import type { Progress } from "./progress";
import { commandSubject } from "./stream";
import { verdictOf, type Verdict } from "./verdict";
import { LinkLost, type VoterLink, type Voters } from "./voters";

/** A try is given up when nothing at all was acknowledged for this long: longer than any healthy commit between clouds, shorter than an election. */
const SILENCE_MS = 1_200;
/** A try is given up after this long even while others are acknowledged: it may have gone to a leader that is no more. */
const TRY_MS = 3_000;
const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 250;

/** What the publisher needs of its journal. */
export interface PublisherContext {
  readonly voters: Voters;
  readonly stream: string;
  readonly progress: Progress;
  readonly own: OwnEntries;
  isClosed(): boolean;
}

/** Nothing was acknowledged for `SILENCE_MS`. */
class Silence extends Error {
  override readonly name = "Silence";
}

/** The answer, or `Silence`, also at the deadline. While others are acknowledged a late answer means load, and asking again would only add to it. */
async function unlessSilent<T>(answer: Promise<T>, progress: Progress, endMs: number): Promise<T> {
  const sentMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    const look = (): void => {
      const now = performance.now();
      const leftMs = Math.min(endMs, Math.max(sentMs, progress.acknowledgedAtMs) + SILENCE_MS) - now;
      if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs));
      else reject(new Silence(now >= endMs ? "no answer" : `nothing was acknowledged for ${String(SILENCE_MS)} ms`));
    };
    look();
  });
  try {
    return await Promise.race([answer, silent]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends the entry once. The promise settles with the voters' answer, or after `TRY_MS`. */
async function send(context: PublisherContext, connection: NatsConnection, entry: NewEntry): Promise<Appended> {
  // The id is the only header. `Nats-Expected-Last-Msg-Id` above all is never sent: a wrong one stops a replicated stream for good on
  // servers 2.14 and 2.15, restarts included (a test here shows it on a real cluster).
  const ack = await jetstream(connection, { checkAPI: false }).publish(commandSubject(context.stream), entry.payload, {
    msgID: entry.id,
    timeout: TRY_MS,
    retries: 1,
  });
  if (ack.stream !== context.stream) {
    throw new AppendRefused(
      "misconfigured",
      `the entry was stored by the stream ${ack.stream}, not by ${context.stream}`,
    );
  }
  return { sequence: ack.seq, duplicate: ack.duplicate };
}

/** The first acknowledgement of tries that were given up; never rejects. A leader that had lost its quorum answers when it has it back. */
function lateAnswer(tries: readonly Promise<Appended>[]): Promise<Appended> {
  return new Promise((resolve) => {
    for (const each of tries) each.then(resolve, () => undefined);
  });
}

/** One append, from its first try to its outcome. */
class Attempt {
  readonly #context: PublisherContext;
  readonly #entry: NewEntry;
  readonly #endMs: number;
  readonly #readBefore: number;
  /** Tries without an answer yet. Each ends by itself after `TRY_MS`, so that there are three at most. */
  #open: Promise<Appended>[] = [];
  /** Whether a try may have been stored although it was not acknowledged. */
  #isDoubtful = false;
  #last: Verdict = { kind: "unheard", message: "no voter is reached" };

  constructor(context: PublisherContext, entry: NewEntry, endMs: number) {
    this.#context = context;
    // A copy: each try sends the same bytes, and the reader is given these, whatever the caller does with its own.
    this.#entry = { ...entry, payload: new Uint8Array(entry.payload) };
    this.#endMs = endMs;
    this.#readBefore = context.progress.readSequence;
  }

  async run(): Promise<Appended> {
    let pauseMs = PAUSE_FIRST_MS;
    while (performance.now() < this.#endMs) {
      if (this.#context.isClosed()) {
        if (this.#isDoubtful) throw new OutcomeUnknown("the journal was closed before the entry was acknowledged");
        throw new AppendRefused("closed", "this node's journal is closed");
      }
      const link = this.#context.voters.ranked()[0];
      if (link?.connection === undefined) {
        await this.#context.voters.changed(Math.min(PAUSE_MAX_MS, this.#endMs - performance.now()));
        continue;
      }
      const appended = (await this.#try(link, link.connection)) ?? (await this.#wait(pauseMs));
      if (appended !== undefined) {
        this.#context.progress.acknowledged(appended, this.#readBefore);
        const { damage } = this.#context.progress;
        // It stands in a stream that this node cannot follow: nobody knows what it will have done.
        if (damage !== undefined) throw new OutcomeUnknown(damage.message);
        if (!appended.duplicate) this.#context.own.add(appended.sequence, this.#entry.payload);
        return appended;
      }
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
    }
    throw new OutcomeUnknown(`no acknowledgement in time: ${this.#last.message}`);
  }

  /** One try; `undefined` when it has to be followed by another. */
  async #try(link: VoterLink, connection: NatsConnection): Promise<Appended | undefined> {
    const sent = send(this.#context, connection, this.#entry);
    const older = [...this.#open];
    this.#open.push(sent);
    const settle = (): void => {
      this.#open = this.#open.filter((each) => each !== sent);
    };
    sent.then(settle, settle);
    const answer = unlessSilent(link.whileUp(sent), this.#context.progress, this.#endMs);
    try {
      return await Promise.race([answer, lateAnswer(older)]);
    } catch (error) {
      if (error instanceof AppendRefused) throw error;
      this.#last =
        error instanceof Silence || error instanceof LinkLost
          ? { kind: "unknown", message: error.message }
          : verdictOf(error);
    }
    if (this.#last.kind === "refused" && !this.#isDoubtful) {
      this.#context.progress.refused();
      throw new AppendRefused(this.#last.reason, this.#last.message);
    }
    if (this.#last.kind === "unknown") this.#isDoubtful = true;
    link.demote();
    return undefined;
  }

  /** The pause before the next try, unless an earlier one is answered meanwhile. */
  #wait(milliseconds: number): Promise<Appended | undefined> {
    return Promise.race([
      sleep(Math.max(0, Math.min(milliseconds, this.#endMs - performance.now())), undefined),
      lateAnswer(this.#open),
    ]);
  }
}

/**
 * As `Journal.append`. A refusal that comes after a try whose answer is missing proves nothing about that try, which may still be stored:
 * then it goes on asking with the same id, and at the end the outcome is unknown.
 */
export async function publish(context: PublisherContext, entry: NewEntry, deadlineMs: number): Promise<Appended> {
  const { damage } = context.progress;
  if (damage !== undefined) throw new AppendRefused("misconfigured", damage.message);
  const startMs = performance.now();
  const waiting = context.progress.begin(startMs);
  try {
    return await new Attempt(context, entry, startMs + deadlineMs).run();
  } finally {
    waiting.end();
  }
}
