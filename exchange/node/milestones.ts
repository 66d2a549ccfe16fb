/** What a node does at some sequences beside applying them: hashes its state for the others to compare, and saves it to start from. */
import { performance } from "node:perf_hooks";
import type { JournalEntry, SnapshotStore } from "../journal/journal";
import type { Command } from "../machine/commands";
import type { Applied } from "../machine/events";
import type { Machine } from "../machine/machine";
import { Checkpoints, TIE_MS } from "./checkpoints";
import type { Logger } from "./logger";
import type { Metrics } from "./metrics";
import { entryDigest, savedBytes } from "./saved-state";
import type { Time } from "./time";

/** Entries between two snapshots, at least: reading so many again takes about a second. */
export const SNAPSHOT_EVERY = 50_000;
/** A clean stop saves what the last snapshot lacks, unless that is quickly read again. */
const LAST_SNAPSHOT_AFTER = 100;

/** What milestones need of their node. */
export interface MilestoneParts {
  readonly machine: Machine;
  readonly snapshots: SnapshotStore | undefined;
  readonly time: Time;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly node: string;
  readonly submit: (command: Command) => void;
  readonly onDiverged: (reason: string) => void;
}

/** Hashes and snapshots of one node. Both stall it while the state is walked through: see `Checkpoints` for how that is bounded. */
export class Milestones {
  readonly #parts: MilestoneParts;
  readonly #checkpoints: Checkpoints;
  #savedSequence: number;
  #lastEntry: JournalEntry | undefined;
  #saving: Promise<void> | undefined;

  constructor(parts: MilestoneParts) {
    this.#parts = parts;
    this.#checkpoints = new Checkpoints(parts.node);
    this.#savedSequence = parts.machine.sequence;
  }

  /** The entry that the machine's state stands on. */
  sawEntry(entry: JournalEntry): void {
    this.#lastEntry = entry;
  }

  /** After each entry. @param isServing - while the node still reads what is old, it neither hashes nor saves. */
  applied(entry: JournalEntry, { events }: Applied, isServing: boolean): void {
    this.#lastEntry = entry;
    for (const event of events) {
      if (event.type === "checkpoint") this.#compare(event);
    }
    if (!isServing || !this.#checkpoints.isDue(entry.sequence)) return;
    const startedMs = performance.now();
    const hash = this.#parts.machine.hash();
    this.#checkpoints.add(entry.sequence, hash, performance.now() - startedMs);
    this.#parts.submit({ type: "checkpoint", atSequence: entry.sequence, hash });
    if (entry.sequence - this.#savedSequence >= SNAPSHOT_EVERY) this.#save();
  }

  /** Saves the state as it is, when that is worth it, and waits for it. */
  async saveLast(): Promise<void> {
    await this.#saving;
    if (this.#parts.machine.sequence - this.#savedSequence >= LAST_SNAPSHOT_AFTER) this.#save();
    await this.#saving;
  }

  #compare({ atSequence, node, hash }: { atSequence: number; node: string; hash: string }): void {
    const reason = `another state than most other nodes after entry ${String(atSequence)}: diverged`;
    const comparison = this.#checkpoints.compare(atSequence, node, hash);
    if (comparison === "diverged") this.#parts.onDiverged(reason);
    if (comparison !== "tie") return;
    this.#parts.logger.error({ atSequence, other: node }, "another node has another state");
    this.#parts.time.after(TIE_MS, () => {
      if (this.#checkpoints.verdict(atSequence) !== "agrees") this.#parts.onDiverged(reason);
    });
  }

  #save(): void {
    const { snapshots, machine, logger, metrics } = this.#parts;
    if (snapshots === undefined || this.#lastEntry === undefined || this.#saving !== undefined) return;
    const { sequence } = machine;
    const bytes = savedBytes(machine, entryDigest(this.#lastEntry.payload));
    this.#savedSequence = sequence;
    this.#saving = snapshots
      .save({ sequence, bytes })
      .then(() => {
        metrics.snapshots.inc({ result: "ok" });
      })
      .catch((error: unknown) => {
        metrics.snapshots.inc({ result: "failed" });
        logger.warn(
          { err: error, sequence },
          "the snapshot could not be saved; the next start reads more of the journal",
        );
      })
      .finally(() => {
        this.#saving = undefined;
      });
  }
}
