/** A node as the surfaces know it: the REST routes, the feed and the operators' routes are written against this and nothing else. */
import type { Command } from "../machine/commands";
import type { Applied, Outcome } from "../machine/events";
import type { MachineView } from "../machine/view";

/** The command was certainly not taken. `reason` as in `journal/journal.ts`, or this node is not ready, or is going away, or too much is waiting. */
export class NotTaken extends Error {
  override readonly name = "NotTaken";
  readonly reason: "full" | "too-large" | "closed" | "misconfigured" | "not-ready" | "overloaded";
  constructor(reason: NotTaken["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Why a region does not take traffic, for operators. */
export interface HealthReport {
  readonly ok: boolean;
  /** Each reason in one sentence; empty when `ok`. */
  readonly reasons: readonly string[];
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** What a region tells the others about itself: counts, no names. Public, as the JSON body of `/healthz/peer`. */
export interface PeerReport {
  readonly version: 1;
  readonly votersReached: number;
  readonly voters: number;
  readonly sequence: number;
  /** `voters`, `behind`, `appends`: what this region lacks by its own observation, whether others lack it too or not. */
  readonly lacks: readonly string[];
  /** Milliseconds since this node's journal last acknowledged something to it; `null` when it never did. */
  readonly appendedMsAgo: number | null;
}

/** One API node. */
export interface Exchange {
  readonly view: MachineView;
  /** Cloud and region, as the environment names them; `local` without. */
  readonly place: { readonly cloud: string; readonly region: string };
  /**
   * Writes the command to the journal, waits until this node has applied it, and tells what it did.
   * @throws OutcomeUnknown (`journal/journal.ts`) when nobody knows; NotTaken when it is certainly not written.
   */
  submit(command: Command): Promise<Outcome>;
  /** Waits until this node has applied everything acknowledged before the call. `false` when that could not be learned within a second: what is read then may be old. */
  caughtUp(): Promise<boolean>;
  /** Called after each applied frame, in order, synchronously: reads see the state right after it. Returns how to stop. */
  onApplied(listener: (applied: Applied) => void): () => void;
  /** Called once, when the node begins to go away, or has stopped for good: feeds say goodbye. */
  onClosing(listener: () => void): () => void;
  /** Whether this node's state may be shown: not before it has caught up with the journal, nor after it stopped for good. Still so while it goes away. */
  isServing(): boolean;
  /** This process alone: started, applied what there was, not closing, not stopped by an error. */
  ready(): HealthReport;
  /** This region: see DESIGN, decision 10. */
  region(): HealthReport;
  /** What other regions ask. */
  peer(): PeerReport;
  /** Wall clock in milliseconds of the epoch. One for all surfaces, so that tests can set it. */
  clock(): number;
  /** A new random id (UUID). */
  newId(): string;
}
