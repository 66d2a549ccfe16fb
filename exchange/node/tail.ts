/** Reads the journal to its end and on, entry by entry, and goes on after failures that pass. */
import { type Journal, JournalDamaged, type JournalEntry } from "../journal/journal";
import { type Time, wait } from "./time";

/** Pause before the journal is read again. */
const READ_AGAIN_MS = 250;
/** How long entries are applied before the event loop gets its turn. */
const APPLY_MS_MAX = 20;

/** The machine refuses to go on: an unknown command, or a bug of ours. */
export class StopServing extends Error {
  override readonly name = "StopServing";
}

/** What the tail needs of its node. */
export interface TailParts {
  readonly journal: Journal;
  readonly time: Time;
  /** Ends it, quietly. */
  readonly signal: AbortSignal;
  /** The sequence to read next. */
  readonly nextSequence: () => number;
  /** Applies one. What it returns, and never rejects, ends before the next is applied. @throws StopServing, JournalDamaged */
  readonly onEntry: (entry: JournalEntry) => Promise<void> | undefined;
  /** After some entries, and before the event loop gets its turn. */
  readonly onTurn: () => void;
  /** A failure after which reading begins again. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Reads until the signal.
 *
 * @throws StopServing, JournalDamaged: there is nothing more to be read then.
 */
export async function followJournal(parts: TailParts): Promise<void> {
  const { time, signal, onFailure } = parts;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      await readOnce(parts);
    } catch (error) {
      if (error instanceof StopServing || error instanceof JournalDamaged) throw error;
      onFailure(error);
    }
    if (!isOver()) await wait(time, READ_AGAIN_MS);
  }
}

async function readOnce({ journal, time, signal, nextSequence, onEntry, onTurn }: TailParts): Promise<void> {
  let turnMs = time.monotonicMs();
  for await (const entries of journal.read(nextSequence(), signal)) {
    for (const entry of entries) {
      if (signal.aborted) return;
      const pause = onEntry(entry);
      if (pause !== undefined || time.monotonicMs() - turnMs > APPLY_MS_MAX) {
        onTurn();
        await (pause ?? new Promise((resolve) => setImmediate(resolve)));
        turnMs = time.monotonicMs();
      }
    }
    onTurn();
  }
}
