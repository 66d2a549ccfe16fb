/** One node: the journal's entries go through the machine, and the surfaces read from there. */
import { randomUUID } from "node:crypto";
import {
  type Journal,
  JournalDamaged,
  type JournalEntry,
  OutcomeUnknown,
  type SnapshotStore,
} from "../journal/journal";
import type { Command } from "../machine/commands";
import type { Applied, Outcome } from "../machine/events";
import type { Machine } from "../machine/machine";
import type { MachineView } from "../machine/view";
import { AppliedWaiters } from "./applied-waiters";
import { CaughtUp } from "./caught-up";
import { type Exchange, type HealthReport, NotTaken, type PeerReport } from "./exchange";
import type { Logger } from "./logger";
import { type Metrics, addGauges } from "./metrics";
import { Milestones } from "./milestones";
import { RegionWatch } from "./region-watch";
import { type Beginning, checkEnd, checkFoot } from "./saved-state";
import type { Settings } from "./settings";
import { Submitter } from "./submitter";
import { StopServing, followJournal } from "./tail";
import { startTicker } from "./ticker";
import { type Time, wait } from "./time";

/** Pause before the journal is asked again how far it goes. */
const ASK_AGAIN_MS = 250;

/** What a node is made of. */
export interface NodeParts {
  readonly journal: Journal;
  readonly beginning: Beginning;
  /** Without one nothing is saved. */
  readonly snapshots: SnapshotStore | undefined;
  readonly settings: Pick<Settings, "place" | "peers">;
  readonly time: Time;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Unique name: frames carry it. */
  readonly name: string;
  /** Chance for jitter, from 0 to 1. */
  readonly random?: () => number;
}

/** The node. Made, started, drained, closed; each once. */
export class ExchangeNode implements Exchange {
  readonly place: { readonly cloud: string; readonly region: string };
  readonly #parts: NodeParts;
  readonly #machine: Machine;
  readonly #submitter: Submitter;
  readonly #caughtUp: CaughtUp;
  readonly #waiters: AppliedWaiters;
  readonly #milestones: Milestones;
  readonly #regionWatch: RegionWatch;
  readonly #onFault: (error: unknown) => void;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<(applied: Applied) => void>();
  readonly #closingListeners = new Set<() => void>();
  #foot: Beginning["foot"];
  #state: "starting" | "serving" | "stopped" = "starting";
  #stopReason = "";
  #reached: Promise<void> = Promise.resolve();
  #isClosing = false;
  #isGone = false;
  #lastAppliedMs: number;
  #stopTicker: () => void = () => undefined;

  constructor(parts: NodeParts) {
    const { journal, time, logger, metrics, name, settings, random = Math.random } = parts;
    const onFault = (error: unknown): void => {
      logger.error({ err: error }, "this is a bug of ours");
    };
    this.#onFault = onFault;
    this.#parts = parts;
    this.place = settings.place;
    this.#machine = parts.beginning.machine;
    this.#foot = parts.beginning.foot;
    this.#lastAppliedMs = time.monotonicMs();
    this.#waiters = new AppliedWaiters(time, () => this.#machine.sequence);
    const onFrame = (commands: number): void => {
      metrics.commandsPerFrame.observe(commands);
    };
    this.#submitter = new Submitter({ journal, time, node: name, onFault, onFrame });
    this.#caughtUp = new CaughtUp(journal, time, (sequence, forMs) => this.#waiters.wait(sequence, forMs), onFault);
    this.#regionWatch = new RegionWatch({
      ...{ journal, peers: settings.peers, time, logger, node: name, ownFault: () => this.#ownFault },
      appliedSequence: () => this.#machine.sequence,
      isPausing: () => this.#milestones.isPausing,
    });
    this.#milestones = new Milestones({
      ...{ machine: this.#machine, snapshots: parts.snapshots, time, random, logger, metrics, node: name },
      submit: (command) => void this.#submitQuietly(command),
      onDiverged: (reason) => {
        this.#stopForGood(reason);
      },
    });
    this.#addGauges();
  }

  get view(): MachineView {
    return this.#machine;
  }

  /**
   * Reads the journal until this node has applied what there was when it began, then serves.
   *
   * @returns `true` once it serves; `false` when it has stopped for good, or after `waitMs`; it goes on trying then.
   */
  async start(waitMs: number): Promise<boolean> {
    const { time, random = Math.random } = this.#parts;
    const onFault = this.#onFault;
    void this.#follow().catch(onFault);
    const ticker = {
      ...{ time, random, lastFrameMs: () => this.#lastAppliedMs },
      isNeeded: () => this.#state === "serving" && !this.#isClosing && this.#machine.hasTimers,
      tick: () => this.#submitQuietly({ type: "tick" }),
    };
    this.#stopTicker = startTicker(ticker, onFault);
    this.#regionWatch.start(onFault);
    this.#reached = this.#reachTheEnd().catch(onFault);
    let stopTimer = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      stopTimer = time.after(waitMs, resolve);
    });
    await Promise.race([this.#reached, late]);
    stopTimer();
    return this.#state === "serving";
  }

  /** After `start`: resolves with `true` once it serves, with `false` when it has stopped for good or is closed first. */
  async whenServing(): Promise<boolean> {
    await this.#reached;
    return this.#state === "serving";
  }

  async submit(command: Command): Promise<Outcome> {
    const { metrics, time } = this.#parts;
    const startedMs = time.monotonicMs();
    const count = (result: string): void => {
      metrics.commands.inc({ type: command.type, result });
      metrics.commandSeconds.observe((time.monotonicMs() - startedMs) / 1000);
    };
    try {
      if (this.#state !== "serving") throw new NotTaken("not-ready", "this node does not serve");
      const outcome = await this.#submitter.submit(command);
      count(outcome.ok ? "ok" : "rejected");
      return outcome;
    } catch (error) {
      count(error instanceof OutcomeUnknown ? "unknown" : "not-taken");
      throw error;
    }
  }

  caughtUp(): Promise<boolean> {
    return this.#state === "serving" ? this.#caughtUp.ask() : Promise.resolve(false);
  }

  onApplied(listener: (applied: Applied) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onClosing(listener: () => void): () => void {
    this.#closingListeners.add(listener);
    return () => {
      this.#closingListeners.delete(listener);
    };
  }

  isServing(): boolean {
    return this.#state === "serving";
  }

  ready(): HealthReport {
    const reasons = [
      ...(this.#ownFault === undefined ? [] : [this.#ownFault]),
      ...(this.#isClosing ? ["going away"] : []),
    ];
    return {
      ok: reasons.length === 0,
      reasons,
      detail: { appliedSequence: this.#machine.sequence, state: this.#state },
    };
  }

  region(): HealthReport {
    return this.#regionWatch.report();
  }

  peer(): PeerReport {
    const { votersReached, voters } = this.#parts.journal.status();
    const { acknowledgedMs } = this.#submitter;
    return {
      ...{ version: 1, votersReached, voters, sequence: this.#machine.sequence, lacks: this.#regionWatch.lacks() },
      appendedMsAgo: acknowledgedMs === undefined ? null : Math.round(this.#parts.time.monotonicMs() - acknowledgedMs),
    };
  }

  clock(): number {
    return this.#parts.time.clock();
  }

  newId(): string {
    return randomUUID();
  }

  /** The first step away: not ready any more, feeds say goodbye; everything still works. */
  beginClosing(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#tellClosing();
  }

  /** The second: takes no more commands, and waits, at most `waitMs`, until those on their way are answered. */
  async drain(waitMs: number): Promise<void> {
    const { time } = this.#parts;
    this.#submitter.refuse(new NotTaken("closed", "this node is going away"));
    const endMs = time.monotonicMs() + waitMs;
    while (this.#submitter.unanswered > 0 && time.monotonicMs() < endMs) await wait(time, 10);
    this.#submitter.abandon();
  }

  /** The last: saves the state and lets go of the journal. */
  async close(): Promise<void> {
    if (this.#isGone) return;
    this.#isGone = true;
    this.beginClosing();
    this.#submitter.abandon();
    this.#ending.abort();
    this.#stopTicker();
    this.#regionWatch.close();
    if (this.#state !== "serving") this.#milestones.drop();
    await this.#milestones.saveLast();
    await this.#parts.journal.close();
  }

  get #ownFault(): string | undefined {
    if (this.#state === "starting") return "has not caught up with the journal since it started";
    return this.#state === "stopped" ? this.#stopReason : undefined;
  }

  async #reachTheEnd(): Promise<void> {
    const { journal, time, logger } = this.#parts;
    while (this.#state === "starting" && !this.#isGone) {
      try {
        const sequence = await journal.barrier(1_000);
        checkEnd(this.#foot, sequence);
        while (!(await this.#waiters.wait(sequence, 1_000))) if (!this.#mayServe()) return;
        if (this.#mayServe()) this.#state = "serving";
        return;
      } catch (error) {
        if (error instanceof JournalDamaged) {
          this.#stopForGood(error.message);
          return;
        }
        logger.warn({ err: error }, "the journal does not say yet how far it goes");
        await wait(time, ASK_AGAIN_MS);
      }
    }
  }

  #mayServe(): boolean {
    return this.#state === "starting" && !this.#isGone;
  }

  async #follow(): Promise<void> {
    const { journal, time, logger } = this.#parts;
    try {
      await followJournal({
        ...{ journal, time, signal: this.#ending.signal },
        // The entry under a snapshot is read again, to see that it is the same one.
        nextSequence: () => this.#foot?.sequence ?? this.#machine.sequence + 1,
        onEntry: (entry) => this.#apply(entry),
        onTurn: () => {
          this.#waiters.check();
        },
        onFailure: (error) => {
          logger.warn({ err: error }, "reading the journal failed; it is read again");
        },
      });
    } catch (error) {
      if (!(error instanceof StopServing || error instanceof JournalDamaged)) throw error;
      this.#stopForGood(error.message);
    }
  }

  #apply(entry: JournalEntry): Promise<void> | undefined {
    if (this.#foot !== undefined) {
      checkFoot(this.#foot, entry);
      this.#milestones.sawEntry(entry);
      this.#foot = undefined;
      return undefined;
    }
    if (entry.sequence <= this.#machine.sequence) {
      throw new JournalDamaged(
        `the journal gave entry ${String(entry.sequence)} after ${String(this.#machine.sequence)}`,
      );
    }
    const applied = this.#applyToMachine(entry);
    const { time, metrics } = this.#parts;
    this.#lastAppliedMs = time.monotonicMs();
    metrics.entriesApplied.inc();
    this.#submitter.applied(applied);
    if (this.#state === "serving") this.#regionWatch.sawFrame(applied);
    for (const listener of this.#listeners)
      this.#guarded(() => {
        listener(applied);
      });
    return this.#milestones.applied(entry, applied, this.#state === "serving");
  }

  #applyToMachine(entry: JournalEntry): Applied {
    try {
      return this.#machine.apply(entry.sequence, entry.payload);
    } catch (error) {
      this.#parts.logger.error({ err: error, sequence: entry.sequence }, "an entry cannot be applied");
      const why = error instanceof Error ? error.message : String(error);
      throw new StopServing(`entry ${String(entry.sequence)} cannot be applied: ${why}`);
    }
  }

  #stopForGood(reason: string): void {
    if (this.#state === "stopped") return;
    this.#state = "stopped";
    this.#stopReason = reason;
    this.#parts.logger.fatal(
      { reason },
      "this node has stopped serving for good; it stays up so that operators can ask it why",
    );
    this.#submitter.abandon();
    this.#ending.abort();
    this.#milestones.drop();
    this.#tellClosing();
  }

  #tellClosing(): void {
    const listeners = [...this.#closingListeners];
    this.#closingListeners.clear();
    for (const listener of listeners) this.#guarded(listener);
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#parts.metrics.listenerErrors.inc();
      this.#parts.logger.error({ err: error }, "a listener failed: this is a bug of ours");
    }
  }

  /** For what nobody waits for: when it is not written, the next one will be. */
  async #submitQuietly(command: Command): Promise<void> {
    await this.#submitter.submit(command).catch(() => undefined);
  }

  #addGauges(): void {
    const { metrics, journal } = this.#parts;
    addGauges(metrics, {
      appliedSequence: () => this.#machine.sequence,
      journalSequence: () => journal.status().lastSequence,
      waitingCommands: () => this.#submitter.waitingCommands,
      appendsInFlight: () => this.#submitter.appendsInFlight,
      votersReached: () => journal.status().votersReached,
      voters: () => journal.status().voters,
      isAppending: () => journal.status().appending,
      isReady: () => this.ready().ok,
      isRegionOk: () => this.region().ok,
    });
  }
}
