/** A raw client of the feed for tests: keeps every message, waits for those that it is asked for, signs as customers do. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";

/** A message as it came: tests hold each of its members to an exact value. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wire data that nobody typed
export type Json = Record<string, any>;

/** Fields that sign a subscription for a sandbox account. */
export function signature(name: string, nowMs: number): Json {
  const timestamp = String(Math.floor(nowMs / 1000));
  const secret = Uint8Array.from(Buffer.from(`${name}-secret`));
  return {
    key: name,
    passphrase: name,
    timestamp,
    signature: createHmac("sha256", secret).update(`${timestamp}GET/users/self/verify`).digest("base64"),
  };
}

/** How a socket ended. */
export interface Ended {
  readonly code: number;
  readonly reason: string;
}

/** One socket. `messages` grows to the end of the test; `next` goes through it once. */
export class FeedClient {
  readonly messages: Json[] = [];
  readonly socket: WebSocket;
  readonly ended: Promise<Ended>;
  #read = 0;
  #waiting: (() => void)[] = [];
  #over: Ended | undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on("message", (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString("utf8")));
      this.#wake();
    });
    this.socket.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      this.socket.on("close", (code, reason) => {
        this.#over = { code, reason: reason.toString() };
        resolve(this.#over);
        this.#wake();
      });
    });
  }

  static async open(url: string): Promise<FeedClient> {
    const client = new FeedClient(url);
    await once(client.socket, "open");
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Subscribes, and waits for the answer. */
  async subscribe(channels: unknown[], productIds: string[] = ["BTC-USD"], more: Json = {}): Promise<Json> {
    this.send({ type: "subscribe", product_ids: productIds, channels, ...more });
    return this.next("subscriptions");
  }

  /** The next message of that type (of any without one), those before it are skipped. */
  async next(type?: string, fits: (message: Json) => boolean = () => true): Promise<Json> {
    for (;;) {
      const message = this.messages[this.#read];
      if (message === undefined) {
        if (this.#over !== undefined)
          throw new Error(`closed by ${JSON.stringify(this.#over)} while waiting for ${String(type)}`);
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        continue;
      }
      this.#read += 1;
      if ((type === undefined || message["type"] === type) && fits(message)) return message;
    }
  }

  /** Everything that came since the last `next`. */
  rest(): Json[] {
    const messages = this.messages.slice(this.#read);
    this.#read = this.messages.length;
    return messages;
  }

  /** Waits until the server has answered a message sent now: everything sent before it has then arrived. */
  async settled(): Promise<void> {
    const pong = once(this.socket, "pong");
    this.socket.ping();
    await pong;
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.ended;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
