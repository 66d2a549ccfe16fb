/**
 * Snapshots of the machine, tied to the journal that they came from: each carries the digest of the entry after which it was taken, and
 * the node reads that entry again at start. A snapshot of another journal, or of one that has lost its tail, is found out then.
 */
import { createHash } from "node:crypto";
import { JournalDamaged, type JournalEntry, type SnapshotStore } from "../journal/journal";
import { Machine } from "../machine/machine";
import type { Logger } from "./logger";

/** A SHA-256 in hexadecimal digits. */
const DIGEST_BYTES = 64;

/** Where a node begins. */
export interface Beginning {
  readonly machine: Machine;
  /** The entry that the snapshot stands on, to be read again and compared; `undefined` when the node begins with nothing. */
  readonly foot: { readonly sequence: number; readonly digest: string } | undefined;
}

/** Digest of an entry, as snapshots carry it. */
function entryDigest(payload: Uint8Array): string {
  return createHash("sha256").update(payload).digest("hex");
}

/** What stands before the state in what is stored: the digest of the machine's last entry. */
export function footPiece(lastEntry: JournalEntry): Uint8Array {
  return new TextEncoder().encode(entryDigest(lastEntry.payload));
}

/** The newest snapshot that this release understands, or nothing: a snapshot only shortens the start. */
export async function beginning(store: SnapshotStore | undefined, logger: Logger): Promise<Beginning> {
  const nothing: Beginning = { machine: Machine.empty(), foot: undefined };
  if (store === undefined) return nothing;
  try {
    const { snapshot, skipped } = await store.newest();
    if (skipped.length > 0) logger.warn({ skipped }, "damaged snapshots are passed over");
    if (snapshot === undefined) return nothing;
    const machine = Machine.restore(snapshot.bytes.subarray(DIGEST_BYTES));
    if (machine.sequence !== snapshot.sequence) throw new Error("it is not of the sequence that its name says");
    const digest = new TextDecoder().decode(snapshot.bytes.subarray(0, DIGEST_BYTES));
    return { machine, foot: { sequence: snapshot.sequence, digest } };
  } catch (error) {
    logger.warn({ err: error }, "the snapshot cannot be used; the whole journal is read");
    return nothing;
  }
}

/** @throws JournalDamaged when the entry is not the one that the snapshot was taken after. */
export function checkFoot({ sequence, digest }: { sequence: number; digest: string }, entry: JournalEntry): void {
  if (entry.sequence === sequence && entryDigest(entry.payload) === digest) return;
  throw new JournalDamaged(
    `the snapshot at ${String(sequence)} was not taken of this journal: entries were lost, or the journal was made anew. ` +
      "Bring the journal back; where it was made anew on purpose, remove the snapshots",
  );
}

/** @throws JournalDamaged when the journal ends before the snapshot. */
export function checkEnd(foot: Beginning["foot"], lastSequence: number): void {
  if (foot === undefined || lastSequence >= foot.sequence) return;
  throw new JournalDamaged(
    `the journal ends at ${String(lastSequence)}, and this node has a snapshot of ${String(foot.sequence)}: entries were lost, or ` +
      "the journal was made anew. Bring it back; where it was made anew on purpose, remove the snapshots",
  );
}
