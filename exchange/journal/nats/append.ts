/** Publishes an entry until it is acknowledged, it is certain that it will not be stored, or the time is up. */
import { jetstream } from "@nats-io/jetstream";
import { AppendRefused, JournalDamaged, OutcomeUnknown, type Appended, type NewEntry } from "../journal";
import type { Progress } from "./progress";
import { commandSubject } from "./stream";
import { verdictOf, type Verdict } from "./verdict";
import type { VoterLink, Voters } from "./voters";

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
  isClosed(): boolean;
}

/** Nothing was acknowledged for `SILENCE_MS`. */
class Silence extends Error {
  override readonly name = "Silence";
}

/** The answer, or `Silence`. While others are acknowledged a late answer means load, and asking again would only add to it. */
async function unlessSilent<T>(answer: Promise<T>, progress: Progress): Promise<T> {
  const sentMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    const look = (): void => {
      const quietMs = performance.now() - Math.max(sentMs, progress.acknowledgedAtMs);
      if (quietMs >= SILENCE_MS) reject(new Silence(`nothing was acknowledged for ${String(SILENCE_MS)} ms`));
      else timer = setTimeout(look, SILENCE_MS - quietMs + 1);
    };
    timer = setTimeout(look, SILENCE_MS);
  });
  try {
    return await Promise.race([answer, silent]);
  } finally {
    clearTimeout(timer);
  }
}

async function publishOnce(
  context: PublisherContext,
  link: VoterLink,
  entry: NewEntry,
  timeoutMs: number,
): Promise<Appended> {
  const { connection } = link;
  if (connection === undefined) throw new Error("the connection is gone");
  // The id is the only header. `Nats-Expected-Last-Msg-Id` above all is never sent: a wrong one stops a replicated stream for good on
  // servers 2.14 and 2.15, restarts included (a test here shows it on a real cluster).
  const publish = jetstream(connection, { checkAPI: false }).publish(commandSubject(context.stream), entry.payload, {
    msgID: entry.id,
    timeout: timeoutMs,
    retries: 1,
  });
  // When the link is lost or silent first, nobody waits for the library's own rejection any more.
  publish.catch(() => undefined);
  const ack = await unlessSilent(link.whileUp(publish), context.progress);
  if (ack.stream !== context.stream) {
    throw new AppendRefused(
      "misconfigured",
      `the entry was stored by the stream ${ack.stream}, not by ${context.stream}`,
    );
  }
  return { sequence: ack.seq, duplicate: ack.duplicate };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * As `Journal.append`. A refusal that comes after a try whose answer is missing proves nothing about that try, which may still be stored:
 * then it goes on asking with the same id, and at the end the outcome is unknown.
 */
export async function publish(context: PublisherContext, entry: NewEntry, deadlineMs: number): Promise<Appended> {
  const startMs = performance.now();
  const leftMs = (): number => deadlineMs - (performance.now() - startMs);
  const readBefore = context.progress.readSequence;
  const waiting = context.progress.begin(startMs);
  let isDoubtful = false;
  let last: Verdict = { kind: "unheard", message: "no voter is reached" };
  let pauseMs = PAUSE_FIRST_MS;
  try {
    while (leftMs() > 0) {
      if (context.isClosed()) {
        if (isDoubtful) throw new OutcomeUnknown("the journal was closed before the entry was acknowledged");
        throw new AppendRefused("closed", "this node's journal is closed");
      }
      const link = context.voters.ranked()[0];
      if (link === undefined) {
        await context.voters.changed(Math.min(PAUSE_MAX_MS, leftMs()));
        continue;
      }
      try {
        const appended = await publishOnce(context, link, entry, Math.max(1, Math.min(TRY_MS, leftMs())));
        context.progress.acknowledged(appended, readBefore);
        return appended;
      } catch (error) {
        if (error instanceof JournalDamaged || error instanceof AppendRefused) throw error;
        last = verdictOf(error);
      }
      if (last.kind === "refused" && !isDoubtful) {
        context.progress.refused();
        throw new AppendRefused(last.reason, last.message);
      }
      if (last.kind === "unknown") isDoubtful = true;
      link.demote();
      await pause(Math.max(0, Math.min(pauseMs, leftMs())));
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
    }
    throw new OutcomeUnknown(`no acknowledgement within ${String(deadlineMs)} ms: ${last.message}`);
  } finally {
    waiting.end();
  }
}
