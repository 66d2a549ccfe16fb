/**
 * From a command to its outcome. Commands that wait together go into one frame, several frames are on their way at once, and a command
 * is answered when this node's own machine has applied its frame. Which frame comes first in the journal does not matter: nothing
 * in one depends on another that is not answered yet.
 */
import { randomUUID } from "node:crypto";
import { AppendRefused, type Journal, type NewEntry, OutcomeUnknown } from "../journal/journal";
import type { Command, Frame } from "../machine/commands";
import type { Applied, Outcome } from "../machine/events";
import { encodeFrame } from "../machine/frame";
import { Deadlines, type Timed } from "./deadlines";
import { NotTaken } from "./exchange";
import type { Time } from "./time";

/** Most commands in one frame. */
export const FRAME_COMMANDS_MAX = 500;
/** Most frames that the journal has not acknowledged yet. More would make them smaller, not faster. */
export const APPENDS_IN_FLIGHT_MAX = 8;
/** Most commands that no frame has taken yet; what comes above is refused. */
export const WAITING_COMMANDS_MAX = 10_000;
/** What only reduces risk is still taken when orders no longer are. */
const WAITING_ORDERS_MAX = 8_000;
/** Most commands without an answer, on their way or acknowledged and not yet applied here. */
export const UNANSWERED_COMMANDS_MAX = 20_000;
/** How long a command may take, in milliseconds: half of the 10 s after which ccxt gives up (`timeout` in its base class). */
export const COMMAND_DEADLINE_MS = 5_000;

interface Waiting extends Timed {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
  frameId: string | undefined;
}

/** What the submitter needs of its node. */
export interface SubmitterParts {
  readonly journal: Journal;
  readonly time: Time;
  /** The node's name, as frames carry it. */
  readonly node: string;
  /** What the journal answered in a way that nobody foresaw: a bug, ours or the journal's. */
  readonly onFault: (error: unknown) => void;
  readonly onFrame: (commands: number) => void;
}

/** Takes commands and answers them. At most `WAITING_COMMANDS_MAX` wait for a frame, at most `UNANSWERED_COMMANDS_MAX` for an answer. */
export class Submitter {
  readonly #parts: SubmitterParts;
  readonly #deadlines: Deadlines<Waiting>;
  #waiting: Waiting[] = [];
  readonly #frames = new Map<string, readonly Waiting[]>();
  #unanswered = 0;
  #inFlight = 0;
  #flushAsked = false;
  #closed: NotTaken | undefined;
  #acknowledgedMs: number | undefined;

  constructor(parts: SubmitterParts) {
    this.#parts = parts;
    this.#deadlines = new Deadlines(parts.time, (waiting) => {
      this.#expire(waiting);
    });
  }

  get waitingCommands(): number {
    return this.#waiting.length;
  }

  get appendsInFlight(): number {
    return this.#inFlight;
  }

  /** When the journal last acknowledged a frame, by the monotonic clock. */
  get acknowledgedMs(): number | undefined {
    return this.#acknowledgedMs;
  }

  /** Commands that have no answer yet. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** See `Exchange.submit`. */
  submit(command: Command): Promise<Outcome> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const max = command.type === "order-place" ? WAITING_ORDERS_MAX : WAITING_COMMANDS_MAX;
    if (this.#waiting.length >= max || this.#unanswered >= UNANSWERED_COMMANDS_MAX) {
      return Promise.reject(new NotTaken("overloaded", "too many commands are waiting; try again later"));
    }
    return new Promise((resolve, reject) => {
      const deadlineMs = this.#parts.time.monotonicMs() + COMMAND_DEADLINE_MS;
      const waiting: Waiting = { command, deadlineMs, resolve, reject, frameId: undefined, settled: false };
      this.#unanswered += 1;
      this.#waiting.push(waiting);
      this.#deadlines.add(waiting);
      this.#askFlush();
    });
  }

  /** Takes no more commands; those that are on their way are still answered. */
  refuse(error: NotTaken): void {
    this.#closed = error;
  }

  /** Answers everything that is still open: what no frame has taken is certainly not written, of the rest nobody knows. */
  abandon(): void {
    this.#closed ??= new NotTaken("closed", "this node is going away");
    for (const waiting of this.#waiting.splice(0)) this.#reject(waiting, this.#closed);
    for (const frame of [...this.#frames.values()]) this.#rejectAll(frame, unknownOutcome());
    this.#frames.clear();
  }

  /** To be called with each frame that the machine has applied. */
  applied({ frameId, duplicate, outcomes }: Applied): void {
    const frame = this.#frames.get(frameId);
    if (frame === undefined || duplicate) return;
    this.#frames.delete(frameId);
    frame.forEach((waiting, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) this.#reject(waiting, unknownOutcome());
      else if (this.#settle(waiting)) waiting.resolve(outcome);
    });
  }

  #expire(waiting: Waiting): void {
    if (waiting.frameId !== undefined) {
      this.#reject(waiting, unknownOutcome());
      // Once nobody waits for a frame any more, what becomes of it is of no interest here: the machine sees it in its order.
      const frame = this.#frames.get(waiting.frameId);
      if (frame?.every(({ settled }) => settled) === true) this.#frames.delete(waiting.frameId);
      return;
    }
    this.#reject(waiting, new NotTaken("overloaded", "the journal did not take this command in time; try again later"));
    // All wait equally long, so the first of the list is the first to expire.
    const firstOpen = this.#waiting.findIndex(({ settled }) => !settled);
    this.#waiting.splice(0, firstOpen < 0 ? this.#waiting.length : firstOpen);
  }

  #askFlush(): void {
    if (this.#flushAsked) return;
    this.#flushAsked = true;
    // After the events of this turn, so that requests that came in together go into one frame.
    setImmediate(() => {
      this.#flushAsked = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#inFlight < APPENDS_IN_FLIGHT_MAX) {
      this.#send(this.#waiting.splice(0, FRAME_COMMANDS_MAX));
    }
  }

  #send(members: readonly Waiting[]): void {
    const { node, time, journal } = this.#parts;
    const id = randomUUID();
    const frame: Frame = { v: 1, id, node, at: time.clock(), commands: members.map(({ command }) => command) };
    const payload = encodeFrame(frame);
    if (payload.byteLength > journal.payloadBytesMax) {
      this.#split(members);
      return;
    }
    for (const waiting of members) waiting.frameId = id;
    this.#frames.set(id, members);
    this.#inFlight += 1;
    this.#parts.onFrame(members.length);
    const deadlineMs = Math.max(...members.map((waiting) => waiting.deadlineMs)) - time.monotonicMs();
    const isUrgent = members.every(({ command }) => isUrgentCommand(command));
    void this.#append({ id, payload, ...(isUrgent && { isUrgent }) }, Math.max(1, deadlineMs));
  }

  #split(members: readonly Waiting[]): void {
    if (members.length === 1) {
      this.#rejectAll(members, new NotTaken("too-large", "the command is too large for the journal"));
      return;
    }
    const half = Math.ceil(members.length / 2);
    this.#send(members.slice(0, half));
    this.#send(members.slice(half));
  }

  async #append(entry: NewEntry, deadlineMs: number): Promise<void> {
    try {
      await this.#parts.journal.append(entry, deadlineMs);
      this.#acknowledgedMs = this.#parts.time.monotonicMs();
      // Answered by `applied`, or by the deadline when this node's tail is late.
    } catch (error) {
      if (error instanceof AppendRefused) {
        const members = (this.#frames.get(entry.id) ?? []).filter(({ settled }) => !settled);
        this.#frames.delete(entry.id);
        // A full journal keeps room back for what reduces risk: it goes again, without the orders that kept it company.
        const again = error.reason === "full" && entry.isUrgent !== true ? members.filter(isUrgentMember) : [];
        this.#rejectAll(
          members.filter((waiting) => !again.includes(waiting)),
          new NotTaken(error.reason, error.message),
        );
        if (again.length > 0) this.#send(again);
      } else if (!(error instanceof OutcomeUnknown)) {
        this.#parts.onFault(error);
      }
      // Unknown: the frame may still come by before the deadline, and then its outcome is known after all.
    } finally {
      this.#inFlight -= 1;
      this.#flush();
    }
  }

  #rejectAll(members: readonly Waiting[], error: Error): void {
    for (const waiting of members) this.#reject(waiting, error);
  }

  #reject(waiting: Waiting, error: Error): void {
    if (this.#settle(waiting)) waiting.reject(error);
  }

  #settle(waiting: Waiting): boolean {
    if (waiting.settled) return false;
    waiting.settled = true;
    this.#unanswered -= 1;
    this.#deadlines.settled();
    return true;
  }
}

/** What may use the room that a full journal keeps back: it reduces risk, or lets time pass. */
function isUrgentCommand({ type }: Command): boolean {
  return ["order-cancel", "orders-cancel-all", "cancel-after", "mode-set", "tick"].includes(type);
}

const isUrgentMember = ({ command }: Waiting): boolean => isUrgentCommand(command);

function unknownOutcome(): OutcomeUnknown {
  return new OutcomeUnknown("the journal did not say in time whether it has this command: outcome unknown");
}
