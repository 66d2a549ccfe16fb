/** What a node does at some sequences beside applying them: tells the others what a span of entries did, and saves its state to start from. */
import type { JournalEntry, SnapshotStore } from "../journal/journal";
import type { Command } from "../machine/commands";
import type { Applied } from "../machine/events";
import type { Machine } from "../machine/machine";
import { Checkpoints, TIE_MS } from "./checkpoints";
import type { Logger } from "./logger";
import type { Metrics } from "./metrics";
import { footPiece } from "./saved-state";
import { inSlices } from "./slices";
import { PAUSE_MS_MAX, SnapshotPolicy } from "./snapshot-policy";
import { SpanDigest } from "./span-digest";
import type { Time } from "./time";

/** A clean stop saves what the last snapshot lacks, unless that is quickly read again. */
const LAST_SNAPSHOT_AFTER = 100;
/** How long the walk of a clean stop may take, in milliseconds: the stop in all has 9 s. */
export const LAST_SNAPSHOT_MS_MAX = 3_000;

/** What milestones need of their node. */
export interface MilestoneParts {
  readonly machine: Machine;
  readonly snapshots: SnapshotStore | undefined;
  readonly time: Time;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly node: string;
  readonly submit: (command: Command) => void;
  readonly onDiverged: (reason: string) => void;
}

/** Digests and snapshots of one node. */
export class Milestones {
  readonly #parts: MilestoneParts;
  readonly #checkpoints: Checkpoints;
  readonly #digest: SpanDigest;
  readonly #policy: SnapshotPolicy;
  #lastEntry: JournalEntry | undefined;
  #walking: Promise<void> | undefined;
  #saving: Promise<void> | undefined;
  #isDropped = false;

  constructor(parts: MilestoneParts) {
    this.#parts = parts;
    const { machine, time, random, node } = parts;
    this.#checkpoints = new Checkpoints(node);
    this.#digest = new SpanDigest(machine);
    this.#policy = new SnapshotPolicy({ time, random, lines: () => machine.snapshotLines }, machine.sequence);
  }

  /** Whether no entry may be applied because the state is being written down. */
  get isPausing(): boolean {
    return this.#walking !== undefined;
  }

  /** The entry that the machine's state stands on. */
  sawEntry(entry: JournalEntry): void {
    this.#lastEntry = entry;
  }

  /**
   * After each entry. While the node still reads what is old, it makes no digests.
   *
   * @returns what must end before the next entry is applied; `undefined` when nothing must. It never rejects.
   */
  applied(entry: JournalEntry, applied: Applied, isServing: boolean): Promise<void> | undefined {
    this.#lastEntry = entry;
    for (const event of applied.events) {
      if (event.type === "checkpoint") this.#compare(event);
    }
    const hash = isServing ? this.#digest.add(applied) : undefined;
    if (hash !== undefined) {
      this.#checkpoints.add(entry.sequence, hash);
      this.#parts.submit({ type: "checkpoint", atSequence: entry.sequence, hash });
    }
    if (this.#parts.snapshots === undefined || this.#saving !== undefined || this.#isDropped) return undefined;
    switch (this.#policy.judge(entry.sequence, isServing)) {
      case "later":
        return undefined;
      case "skipped":
        this.#parts.metrics.snapshots.inc({ result: "skipped" });
        this.#parts.logger.info({ sequence: entry.sequence }, "no snapshot: orders would wait too long for it");
        return undefined;
      case "now":
        return this.#walk(isServing ? PAUSE_MS_MAX : Infinity);
    }
  }

  /** Saves the state as it is, when that is worth it and quickly done, and waits for it. No entry is applied any more. */
  async saveLast(): Promise<void> {
    await this.#walking;
    await this.#saving;
    if (this.#policy.unsaved(this.#parts.machine.sequence) >= LAST_SNAPSHOT_AFTER)
      await this.#walk(LAST_SNAPSHOT_MS_MAX);
    await this.#saving;
  }

  /** Saves nothing any more: the state is not to be trusted, or nobody waits for it. A walk ends at its next slice. */
  drop(): void {
    this.#isDropped = true;
  }

  #compare({ atSequence, node, hash }: { atSequence: number; node: string; hash: string }): void {
    const what = `did another thing than most other nodes with the entries up to ${String(atSequence)}: diverged`;
    const reason = `${what}; remove its snapshots before it starts again`;
    const comparison = this.#checkpoints.compare(atSequence, node, hash);
    if (comparison === "diverged") this.#parts.onDiverged(reason);
    if (comparison !== "tie") return;
    this.#parts.logger.error({ atSequence, other: node }, "another node did another thing with the same entries");
    this.#parts.time.after(TIE_MS, () => {
      if (this.#checkpoints.verdict(atSequence) !== "agrees") this.#parts.onDiverged(reason);
    });
  }

  #walk(msMax: number): Promise<void> {
    const { logger, metrics } = this.#parts;
    this.#walking = this.#writeDown(msMax)
      .catch((error: unknown) => {
        metrics.snapshots.inc({ result: "failed" });
        logger.error({ err: error }, "the state cannot be written down: this is a bug of ours");
      })
      .finally(() => {
        this.#walking = undefined;
      });
    return this.#walking;
  }

  async #writeDown(msMax: number): Promise<void> {
    const { machine, snapshots, time, logger, metrics } = this.#parts;
    if (snapshots === undefined || this.#lastEntry === undefined || this.#isDropped) return;
    const { sequence } = machine;
    const startedMs = time.monotonicMs();
    const foot = footPiece(this.#lastEntry);
    const mayGoOn = (): boolean => !this.#isDropped && time.monotonicMs() - startedMs < msMax;
    const pieces = await inSlices(machine.snapshotPieces(), { time, mayGoOn });
    const tookMs = time.monotonicMs() - startedMs;
    metrics.snapshotPauseSeconds.observe(tookMs / 1000);
    if (pieces === undefined) {
      this.#policy.gaveUp(sequence);
      metrics.snapshots.inc({ result: "gave-up" });
      logger.info({ sequence, tookMs: Math.round(tookMs) }, "a snapshot took too long and was given up");
      return;
    }
    this.#policy.walked(sequence, tookMs);
    this.#saving = this.#store(snapshots, sequence, [foot, ...pieces]);
  }

  async #store(snapshots: SnapshotStore, sequence: number, pieces: readonly Uint8Array[]): Promise<void> {
    const { metrics, logger } = this.#parts;
    try {
      await snapshots.save({ sequence, pieces });
      metrics.snapshots.inc({ result: "ok" });
    } catch (error) {
      metrics.snapshots.inc({ result: "failed" });
      logger.warn(
        { err: error, sequence },
        "the snapshot could not be saved; the next start reads more of the journal",
      );
    } finally {
      this.#saving = undefined;
    }
  }
}
