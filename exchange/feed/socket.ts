/** One client's connection: what it follows, how much it may send, and how far behind it may be. */
import type { RawData, ServerOptions, WebSocket } from "ws";
import { TokenBucket } from "../http/token-bucket";
import type { Channel } from "./channels";
import type { FeedLimits } from "./limits";

/** Close codes of RFC 6455 §7.4.1 (1001, 1003, 1008, 1011) and of its registry (1013), as the feed uses them. */
export const CLOSE_CODES = {
  goingAway: 1001,
  unsupported: 1003,
  policy: 1008,
  internalError: 1011,
  tryAgainLater: 1013,
} as const;

/** Why a socket was closed by this side; also the label of the metric. */
export type CutReason =
  "slow" | "rate" | "silent" | "no-subscription" | "binary" | "key-revoked" | "closing" | "stopped" | "stale" | "bug";

/** Who a socket speaks for. */
export interface FeedIdentity {
  readonly accountId: string;
  readonly keyId: string;
}

const SEND_OPTIONS = { binary: false, compress: false } as const;

/** Wraps a `ws` socket. Messages come as shared buffers, so that a message to 2,000 clients is in memory once. */
export class FeedSocket {
  readonly address: string;
  /** Channel to products, with whether the subscription was signed. Bounded by `subscriptionsPerSocketMax`. */
  readonly subscriptions = new Map<Channel, Map<string, boolean>>();
  identity: FeedIdentity | undefined;
  /** Whether the last ping was answered. */
  alive = true;
  subscribed = false;
  /** Messages that wait until the node has caught up: no more than one read of the socket, 64 KiB, since it is paused meanwhile. `undefined` when none need to. */
  waiting: string[] | undefined;
  /** Whether the node had caught up when the client first subscribed; `undefined` before. */
  caughtUp: boolean | undefined;
  readonly #socket: WebSocket;
  readonly #limits: FeedLimits;
  readonly #bucket: TokenBucket;
  readonly #onCut: (reason: CutReason) => void;
  /** Bytes of first messages that may still wait, beside the bound. */
  #allowance = 0;
  #cut = false;

  constructor(
    socket: WebSocket,
    address: string,
    limits: FeedLimits,
    nowMs: number,
    onCut: (reason: CutReason) => void,
  ) {
    this.address = address;
    this.#socket = socket;
    this.#limits = limits;
    this.#bucket = new TokenBucket(limits.messagesPerSecondMax, 2 * limits.messagesPerSecondMax, nowMs);
    this.#onCut = onCut;
  }

  /** Bytes that wait for the client, in this process. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** How many pairs of channel and product it follows. */
  get subscriptionCount(): number {
    let count = 0;
    for (const products of this.subscriptions.values()) count += products.size;
    return count;
  }

  /** Whether one more message is within the client's rate. */
  takes(nowMs: number, cost = 1): boolean {
    return this.#bucket.take(nowMs, cost);
  }

  /** Sends a message, or cuts the client that is too far behind. */
  send(message: Buffer): void {
    this.#send(message, 0);
  }

  /** Sends what the client asked for, such as a whole book: until it has drained, so many bytes more may wait. */
  sendFirst(message: Buffer): void {
    this.#send(message, message.length);
  }

  #send(message: Buffer, allowed: number): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const { bufferedBytesMax, firstBytesMax } = this.#limits;
    const waiting = this.#socket.bufferedAmount;
    if (waiting > bufferedBytesMax + this.#allowance) {
      this.cut("slow", CLOSE_CODES.policy, "too many messages wait: read faster, or follow fewer channels");
      return;
    }
    if (waiting < bufferedBytesMax / 2) this.#allowance = 0;
    this.#allowance = Math.min(firstBytesMax, this.#allowance + allowed);
    this.#socket.send(message, SEND_OPTIONS);
  }

  /** Whether it was cut: nothing that it says counts any more. */
  get isCut(): boolean {
    return this.#cut;
  }

  /** Stops reading from the client. */
  pause(): void {
    this.#socket.pause();
  }

  /** Reads again. */
  resume(): void {
    this.#socket.resume();
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  pong(data: Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount <= this.#limits.bufferedBytesMax)
      this.#socket.pong(data);
  }

  /** Says why, and closes; a second call changes nothing. `reason` has at most 123 bytes, which is all that a close frame holds. */
  cut(why: CutReason, code: number, reason: string): void {
    if (this.#cut) return;
    this.#cut = true;
    this.#onCut(why);
    this.#socket.close(code, reason);
  }

  /** Ends the connection without a word: for one that does not answer. */
  destroy(): void {
    this.#socket.terminate();
  }

  /** Hands on what the client sends. */
  listen(handlers: {
    message: (data: RawData, binary: boolean) => void;
    ping: (data: Buffer) => void;
    pong: () => void;
    close: () => void;
    error: (error: Error) => void;
  }): void {
    this.#socket.on("message", handlers.message);
    this.#socket.on("ping", handlers.ping);
    this.#socket.on("pong", handlers.pong);
    this.#socket.on("close", handlers.close);
    this.#socket.on("error", handlers.error);
  }
}

/** A text message as a text. */
export function textOf(data: RawData): string {
  // ws hands text messages on as one Buffer, after it has checked that they are UTF-8.
  return Buffer.isBuffer(data) ? data.toString("utf8") : "";
}

/** How `ws` is bounded. Two of its bounds are not in its published types yet. */
export function serverOptions(limits: FeedLimits): ServerOptions & { maxFragments: number; maxBufferedChunks: number } {
  return {
    noServer: true,
    clientTracking: false,
    // Compression would keep a window of 32 KiB and more for each of thousands of clients.
    perMessageDeflate: false,
    maxPayload: limits.messageBytesMax,
    maxFragments: limits.fragmentsMax,
    maxBufferedChunks: 2048,
    // Pongs count as messages of the client's rate.
    autoPong: false,
  };
}
