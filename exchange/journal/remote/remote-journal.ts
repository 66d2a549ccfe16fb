/**
 * An embedded journal that another process owns, over TCP. What is under way when the connection breaks is sent again with the same ids, so that an
 * append whose answer was lost is answered with its first sequence; what has no answer by its deadline is unknown.
 */
import { JournalDamaged, AppendRefused, OutcomeUnknown } from "../journal";
import type { Appended, Journal, JournalEntry, JournalStatus, NewEntry } from "../journal";
import {
  appendBody,
  KIND,
  ProtocolError,
  toBatch,
  toJson,
  toUint64,
  uint32,
  uint64,
  type OwnerStatus,
  type RemoteFrame,
} from "./frames";
import { Link, toStatus, type LinkOptions, type LinkUser, type Welcome } from "./link";
import { RemoteRead, WINDOW } from "./remote-read";

/** Most bytes of payloads, and most requests, that are under way; more are refused. */
const BYTES_MAX = 67_108_864;
/** See `BYTES_MAX`; half of what the owner admits. */
const REQUESTS_MAX = 16_384;
/** `openRemoteJournal` waits so long for an owner that is not there yet. */
const OPEN_MS = 30_000;

interface Request {
  readonly kind: number;
  readonly body: (deadlineMs: number) => readonly Uint8Array[];
  readonly bytes: number;
  readonly deadlineAt: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (frame: RemoteFrame) => void;
  readonly reject: (error: Error) => void;
  isSent: boolean;
}

/** An open one; made by `openRemoteJournal`. */
export class RemoteJournal implements Journal, LinkUser {
  readonly #link: Link;
  readonly #requests = new Map<number, Request>();
  readonly #reads = new Map<number, RemoteRead>();
  readonly #address: string;
  #number = 0;
  #bytes = 0;
  #payloadBytesMax = 0;
  #journalId: string | undefined;
  #owner: OwnerStatus = { appending: false, votersReached: 0, lastSequence: 0, state: "" };
  /** Above every sequence that the owner ever told. */
  #lastSequence = 0;
  #appending = false;
  #sinceMs = performance.now();
  #reason = "the owner has not answered yet";
  /** Why this journal is over: it was closed, or what it read before is not there any more. */
  #over: Error | undefined;
  #opened: { resolve: () => void; reject: (error: Error) => void } | undefined;

  /** @internal */
  constructor(options: LinkOptions) {
    this.#address = `${options.host}:${String(options.port)}`;
    this.#link = new Link(options, this);
  }

  get payloadBytesMax(): number {
    return this.#payloadBytesMax;
  }

  /** @internal */
  open(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new OutcomeUnknown(`no owner of a journal at ${this.#address}: ${this.#reason}`));
      }, deadlineMs);
      this.#opened = {
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#link.start();
    });
  }

  async append(entry: NewEntry, deadlineMs: number): Promise<Appended> {
    if (this.#over !== undefined) throw new AppendRefused("closed", this.#over.message);
    if (entry.payload.length > this.#payloadBytesMax) {
      throw new AppendRefused(
        "too-large",
        `an entry of ${String(entry.payload.length)} bytes; the journal takes ${String(this.#payloadBytesMax)}`,
      );
    }
    if (this.#bytes + entry.payload.length > BYTES_MAX || this.#requests.size >= REQUESTS_MAX) {
      throw new AppendRefused("full", "too much is waiting for the owner of the journal");
    }
    const body = (leftMs: number): readonly Uint8Array[] => appendBody(leftMs, entry);
    const answer = await this.#ask(KIND.append, body, entry.payload.length, deadlineMs);
    const sequence = toUint64(answer.body);
    this.#know(sequence);
    return { sequence, duplicate: answer.body[8] === 1 };
  }

  async barrier(deadlineMs: number): Promise<number> {
    if (this.#over !== undefined) throw new OutcomeUnknown(this.#over.message);
    const answer = await this.#ask(KIND.barrier, (leftMs) => [uint32(leftMs)], 0, deadlineMs);
    const sequence = toUint64(answer.body);
    this.#know(sequence);
    return sequence;
  }

  async *read(sequence: number, signal: AbortSignal): AsyncGenerator<readonly JournalEntry[], void, undefined> {
    if (this.#over instanceof JournalDamaged) throw this.#over;
    if (this.#over !== undefined || signal.aborted) return;
    const number = this.#next();
    const read = new RemoteRead(Math.max(1, sequence), () => {
      this.#link.send(KIND.credit, number, uint32(1));
    });
    this.#reads.set(number, read);
    this.#startRead(number, read);
    try {
      for (;;) {
        const batch = await read.take(signal);
        if (batch === undefined) return;
        yield batch;
      }
    } finally {
      this.#reads.delete(number);
      this.#link.send(KIND.stop, number);
    }
  }

  status(): JournalStatus {
    this.#observe();
    const isAlive = this.#link.isAlive;
    return {
      votersReached: isAlive ? this.#owner.votersReached : 0,
      voters: 1,
      appending: this.#appending,
      sinceMs: this.#sinceMs,
      lastSequence: this.#lastSequence,
      detail: {
        journal: "remote",
        owner: this.#address,
        reached: isAlive,
        state: this.#owner.state,
        underWay: this.#requests.size,
        ...(isAlive || this.#reason === "" ? {} : { reason: this.#reason }),
      },
    };
  }

  close(): Promise<void> {
    this.#end(new AppendRefused("closed", "the journal is closed"));
    return Promise.resolve();
  }

  /** @internal */
  welcomed({ journalId, payloadBytesMax, status }: Welcome): void {
    if (this.#journalId !== undefined && this.#journalId !== journalId) {
      this.#end(new JournalDamaged(`the journal at ${this.#address} is another one than before: it was made anew`));
      return;
    }
    if (status.lastSequence < this.#lastSequence) {
      const [known, has] = [String(this.#lastSequence), String(status.lastSequence)];
      this.#end(
        new JournalDamaged(`the journal at ${this.#address} ends at sequence ${has}, and ${known} was acknowledged`),
      );
      return;
    }
    this.#journalId = journalId;
    this.#payloadBytesMax = payloadBytesMax;
    this.#reason = "";
    this.#take(status);
    for (const [number, request] of this.#requests) this.#send(number, request);
    for (const [number, read] of this.#reads) this.#startRead(number, read);
    this.#opened?.resolve();
    this.#opened = undefined;
  }

  /** @internal */
  received({ kind, request, body }: RemoteFrame): void {
    if (kind === KIND.status) this.#take(toStatus(toJson(body)));
    else if (kind === KIND.batch) {
      const entries = toBatch(body);
      this.#know(entries.at(-1)?.sequence ?? 0);
      this.#reads.get(request)?.put(entries);
    } else if (kind === KIND.failed) this.#fail(request, toError(body));
    else if (kind === KIND.appended || kind === KIND.sequence) {
      this.#settle(request)?.resolve({ kind, request, body });
    } else throw new ProtocolError(`a frame of kind ${String(kind)}`);
  }

  /** @internal */
  lost(reason: string, isFinal: boolean): void {
    if (this.#over === undefined) this.#reason = reason;
    this.#observe();
    if (isFinal) this.#opened?.reject(new AppendRefused("misconfigured", `the journal at ${this.#address}: ${reason}`));
  }

  #ask(
    kind: number,
    body: (leftMs: number) => readonly Uint8Array[],
    bytes: number,
    deadlineMs: number,
  ): Promise<RemoteFrame> {
    return new Promise((resolve, reject) => {
      const number = this.#next();
      const timer = setTimeout(() => {
        this.#settle(number)?.reject(
          new OutcomeUnknown(
            `the owner of the journal at ${this.#address} did not answer within ${String(deadlineMs)} ms`,
          ),
        );
      }, deadlineMs);
      const deadlineAt = performance.now() + deadlineMs;
      const request = { kind, body, bytes, deadlineAt, timer, resolve, reject, isSent: false };
      this.#requests.set(number, request);
      this.#bytes += bytes;
      this.#send(number, request);
    });
  }

  #send(number: number, request: Request): void {
    if (!this.#link.isAlive) return;
    request.isSent = true;
    const leftMs = Math.max(1, Math.ceil(request.deadlineAt - performance.now()));
    this.#link.send(request.kind, number, ...request.body(leftMs));
  }

  #startRead(number: number, read: RemoteRead): void {
    this.#link.send(KIND.read, number, uint64(read.next));
    this.#link.send(KIND.credit, number, uint32(Math.max(0, WINDOW - read.held)));
  }

  #settle(number: number): Request | undefined {
    const request = this.#requests.get(number);
    if (request === undefined) return undefined;
    clearTimeout(request.timer);
    this.#requests.delete(number);
    this.#bytes -= request.bytes;
    return request;
  }

  #fail(number: number, error: Error): void {
    this.#reads.get(number)?.fail(error);
    this.#settle(number)?.reject(error);
  }

  #next(): number {
    this.#number = (this.#number % 0xffff_ffff) + 1;
    return this.#number;
  }

  #know(sequence: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }

  #take(status: OwnerStatus): void {
    this.#owner = status;
    this.#know(status.lastSequence);
    this.#observe();
  }

  #observe(): void {
    const appending = this.#over === undefined && this.#link.isAlive && this.#owner.appending;
    if (appending !== this.#appending) this.#sinceMs = performance.now();
    this.#appending = appending;
  }

  #end(why: AppendRefused | JournalDamaged): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    this.#reason = why.message;
    this.#link.stop();
    for (const [number, request] of [...this.#requests]) {
      const isCertain = request.kind === KIND.append && !request.isSent;
      this.#settle(number)?.reject(
        isCertain ? new AppendRefused("closed", why.message) : new OutcomeUnknown(why.message),
      );
    }
    for (const read of this.#reads.values()) {
      if (why instanceof JournalDamaged) read.fail(why);
      else read.end();
    }
    this.#opened?.reject(why);
    this.#observe();
  }
}

function toError(body: Uint8Array): Error {
  const { error, reason, message } = toJson(body);
  const text = String(message);
  if (error === "JournalDamaged") return new JournalDamaged(text);
  if (error !== "AppendRefused") return new OutcomeUnknown(text);
  const reasons = ["full", "too-large", "closed", "misconfigured"] as const;
  return new AppendRefused(reasons.find((known) => known === reason) ?? "misconfigured", text);
}

/**
 * Opens the journal that another process serves; waits up to `openMs` (default 30,000) for that process.
 *
 * @throws OutcomeUnknown when nobody answers, AppendRefused `misconfigured` when the token or the version is not the owner's.
 */
export async function openRemoteJournal(options: LinkOptions & { readonly openMs?: number }): Promise<RemoteJournal> {
  const journal = new RemoteJournal(options);
  try {
    await journal.open(options.openMs ?? OPEN_MS);
    return journal;
  } catch (error) {
    await journal.close();
    throw error;
  }
}
