/** Publishes an entry until it is acknowledged, it is certain that it will not be stored, or the time is up. */
import { jetstream } from "@nats-io/jetstream";
import { AppendRefused, JournalDamaged, OutcomeUnknown, type Appended, type NewEntry } from "../journal";
import type { Progress } from "./progress";
import { commandSubject } from "./stream";
import { verdictOf, type Verdict } from "./verdict";
import type { VoterLink, Voters } from "./voters";

/** One try waits this long for its acknowledgement: longer than any healthy commit between clouds, shorter than an election. */
const TRY_MS = 1_200;
const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 250;

/** What the publisher needs of its journal. */
export interface PublisherContext {
  readonly voters: Voters;
  readonly stream: string;
  readonly progress: Progress;
  isClosed(): boolean;
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
  // servers 2.14 and 2.15, restarts included (measured by a test here).
  const publish = jetstream(connection, { checkAPI: false }).publish(commandSubject(context.stream), entry.payload, {
    msgID: entry.id,
    timeout: timeoutMs,
    retries: 1,
  });
  // When the link is lost first, nobody waits for the library's own rejection any more.
  publish.catch(() => undefined);
  const ack = await link.whileUp(publish);
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
