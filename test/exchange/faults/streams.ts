/**
 * Clients of the feed that stay: each follows `full` of one product, or an account's `user` stream, and goes to another door when its
 * connection ends, is refused, or says nothing for three heartbeats. What they saw is written down in the judge's words.
 */
import WebSocket from "ws";
import { sandboxKey, signed } from "../support/client";
import type { FeedEvent, SeenFill } from "./history";
import { units, type Door } from "./recorder";

/** Heartbeats come each second; a stream that misses three is given up, as a careful client does. */
const SILENCE_MS = 3_000;
const RETRY_MS = 50;
/** Events kept: far above what a test makes. */
const EVENTS_MAX = 2_000_000;

/** What the streams saw. */
export interface Seen {
  readonly events: FeedEvent[];
  readonly fills: SeenFill[];
  /** Connections that were made in all. */
  connections: number;
  readonly errors: string[];
}

/** Streams that run. */
export interface Streams {
  readonly seen: Seen;
  /** Waits until every stream is subscribed. */
  ready(): Promise<void>;
  stop(): void;
}

interface Wanted {
  readonly name: string;
  /** The account whose own fills are followed; without one, the public events of the product. */
  readonly account?: string;
  readonly doors: () => readonly Door[];
}

const PRODUCT = "BTC-USD";
const ORDER_EVENTS = new Set(["received", "open", "match", "change", "done", "mode"]);

function subscribeMessage(account: string | undefined, lastTradeId: number): string {
  const base = { type: "subscribe", product_ids: [PRODUCT] };
  if (account === undefined) return JSON.stringify({ ...base, channels: ["full", "heartbeat"] });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = signed(sandboxKey(account), "GET", "/users/self/verify", "", timestamp);
  return JSON.stringify({
    ...base,
    channels: ["user", "heartbeat"],
    key: headers["CB-ACCESS-KEY"],
    signature: headers["CB-ACCESS-SIGN"],
    passphrase: headers["CB-ACCESS-PASSPHRASE"],
    timestamp,
    after_trade_id: lastTradeId,
  });
}

/** One stream that goes from door to door. */
class Stream {
  readonly #wanted: Wanted;
  readonly #seen: Seen;
  #connection = 0;
  #turn = 0;
  #lastTradeId = 0;
  #socket: WebSocket | undefined;
  #silence: NodeJS.Timeout | undefined;
  #isStopped = false;
  isSubscribed = false;
  #isStale = false;

  constructor(wanted: Wanted, seen: Seen) {
    this.#wanted = wanted;
    this.#seen = seen;
    this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#silence);
    this.#socket?.terminate();
  }

  #open(): void {
    if (this.#isStopped) return;
    const doors = this.#wanted.doors();
    const door = doors[this.#turn++ % doors.length];
    if (door === undefined) {
      setTimeout(() => {
        this.#open();
      }, RETRY_MS);
      return;
    }
    this.isSubscribed = this.#isStale = false;
    this.#connection += 1;
    this.#seen.connections += 1;
    const connection = this.#connection;
    const socket = new WebSocket(door.url.replace(/^http/, "ws"), { handshakeTimeout: SILENCE_MS });
    this.#socket = socket;
    this.#listen(socket);
    socket.on("open", () => {
      socket.send(subscribeMessage(this.#wanted.account, this.#lastTradeId));
    });
    socket.on("message", (data: Buffer) => {
      this.#listen(socket);
      this.#take(JSON.parse(data.toString("utf8")), door, connection);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (socket !== this.#socket) return;
      this.isSubscribed = false;
      setTimeout(() => {
        this.#open();
      }, RETRY_MS);
    });
  }

  #listen(socket: WebSocket): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      socket.terminate();
    }, SILENCE_MS);
  }

  #take(message: Record<string, unknown>, door: Door, connection: number): void {
    const { type } = message;
    if (type === "subscriptions") {
      this.isSubscribed = true;
      this.#isStale = message["stale"] === true;
    }
    if (type === "error") this.#seen.errors.push(`${this.#wanted.name} from ${door.name}: ${JSON.stringify(message)}`);
    if (typeof type !== "string" || !ORDER_EVENTS.has(type)) return;
    if (this.#wanted.account !== undefined) {
      if (type === "match") this.#fill(message, this.#wanted.account);
      return;
    }
    if (this.#seen.events.length >= EVENTS_MAX) throw new Error("too many events for one test");
    this.#seen.events.push({
      client: this.#wanted.name,
      connection,
      node: door.name,
      product: String(message["product_id"]),
      sequence: Number(message["sequence"]),
      what: JSON.stringify(message),
      isStale: this.#isStale,
    });
  }

  #fill(message: Record<string, unknown>, account: string): void {
    const tradeId = Number(message["trade_id"]);
    this.#lastTradeId = Math.max(this.#lastTradeId, tradeId);
    for (const role of ["maker", "taker"]) {
      if (message[`${role}_user_id`] !== account) continue;
      const orderId = String(message[`${role}_order_id`]);
      this.#seen.fills.push({
        client: this.#wanted.name,
        account,
        product: PRODUCT,
        tradeId,
        orderId,
        size: units(message["size"]),
      });
    }
  }
}

/** Starts the streams. `stop` them, even when a test fails. */
export function startStreams(wanted: readonly Wanted[]): Streams {
  const seen: Seen = { events: [], fills: [], connections: 0, errors: [] };
  const streams = wanted.map((one) => new Stream(one, seen));
  return {
    seen,
    ready: async () => {
      while (!streams.every(({ isSubscribed }) => isSubscribed))
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
    stop: () => {
      for (const stream of streams) stream.stop();
    },
  };
}
