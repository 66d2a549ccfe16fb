/**
 * The WebSocket feed: accepts sockets on `/` and `/ws`, keeps each within its bounds, and ends them honestly: a node that goes away says so
 * first, one that has stopped or whose region is behind closes its feeds rather than go on with old data.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { afterAnswers } from "../http/pending-answers";
import type { Applied } from "../machine/events";
import { createKeyRing } from "../node/api-keys";
import type { Exchange } from "../node/exchange";
import type { Logger } from "../node/logger";
import type { Metrics } from "../node/metrics";
import type { Settings } from "../node/settings";
import { repeat, type Time, systemTime } from "../node/time";
import { Door, refuse } from "./door";
import { FEED_LIMITS, type FeedLimits } from "./limits";
import { type FeedMetrics, feedMetrics } from "./metrics";
import { asksForWebSocket, withoutUpgrade } from "./other-protocols";
import { encode, Publisher } from "./publisher";
import { parseRequest } from "./requests";
import { CLOSE_CODES, type CutReason, FeedSocket, serverOptions, textOf } from "./socket";
import { handleRequest, sendError, type SubscribeContext } from "./subscribe";
import { Topics } from "./topics";

/** What the feed needs. */
export interface FeedOptions {
  readonly exchange: Exchange;
  /** The server whose upgrades the feed takes. */
  readonly server: Server;
  readonly settings: Pick<Settings, "apiKeyMaster" | "isSandbox" | "clientAddressHeader">;
  readonly logger: Logger;
  /** Where the feed's own metrics are registered. */
  readonly metrics: Pick<Metrics, "registry">;
  readonly limits?: Partial<FeedLimits>;
  readonly time?: Time;
}

/** A feed that is attached. */
export interface Feed {
  /** Sockets, topics with a follower, and bytes that wait for all clients together. */
  counts(): { readonly sockets: number; readonly topics: number; readonly bufferedBytes: number };
  /** Says goodbye, if that was not done, and resolves when no socket is left. */
  close(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 250;
const GOODBYE = "this node is going away: connect again";

/** Attaches the feed to a server. It takes sockets until `close`, or until the exchange begins to go away. */
export function attachFeed(options: FeedOptions): Feed {
  return new FeedServer(options);
}

class FeedServer implements Feed {
  readonly #exchange: Exchange;
  readonly #options: FeedOptions;
  readonly #metrics: FeedMetrics;
  readonly #limits: FeedLimits;
  readonly #time: Time;
  readonly #topics = new Topics();
  readonly #publisher: Publisher;
  readonly #context: SubscribeContext;
  readonly #server: WebSocketServer;
  readonly #sockets = new Set<FeedSocket>();
  readonly #door: Door;
  readonly #stops: (() => void)[];
  #staleSinceMs: number | undefined;
  /** Whether so much waits for clients that no more are taken. */
  #isBusy = false;
  #closing = false;
  #emptied: (() => void)[] = [];

  constructor(options: FeedOptions) {
    const { exchange, settings, time = systemTime } = options;
    const limits = { ...FEED_LIMITS, ...options.limits };
    this.#options = options;
    this.#metrics = feedMetrics(options.metrics.registry);
    this.#exchange = exchange;
    this.#limits = limits;
    this.#time = time;
    this.#door = new Door(limits, settings.clientAddressHeader);
    const clock = (): number => exchange.clock();
    const { view } = exchange;
    this.#publisher = new Publisher(view, this.#topics, clock);
    this.#context = {
      view,
      topics: this.#topics,
      publisher: this.#publisher,
      limits,
      keys: createKeyRing(settings),
      clock,
    };
    this.#server = new WebSocketServer(serverOptions(limits));
    this.#server.on("wsClientError", ({ message }: Error, socket: Duplex) => {
      refuse(socket, { status: 400, message });
    });
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      // Nobody else listens while an order's answer is waited for
      socket.on("error", () => undefined);
      afterAnswers(socket, () => {
        this.#upgrade(request, socket, head);
      });
    };
    options.server.on("upgrade", upgrade);
    this.#stops = [
      () => options.server.off("upgrade", upgrade),
      exchange.onApplied((applied) => {
        this.#publish(applied);
      }),
      exchange.onClosing(() => {
        this.#goodbye();
      }),
      this.#every(limits.heartbeatIntervalMs, () => {
        this.#publisher.heartbeat();
        this.#judge();
      }),
      this.#every(limits.level2BatchIntervalMs, () => {
        this.#publisher.flushLevels();
      }),
      this.#every(limits.tickerBatchIntervalMs, () => {
        this.#publisher.flushTickers();
      }),
      this.#every(limits.pingIntervalMs, () => {
        this.#ping();
      }),
      this.#every(Math.min(SWEEP_INTERVAL_MS, limits.heartbeatIntervalMs), () => {
        this.#sweep();
      }),
    ];
    this.#metrics.observe(() => this.counts());
  }

  counts(): { sockets: number; topics: number; bufferedBytes: number } {
    let bufferedBytes = 0;
    for (const socket of this.#sockets) bufferedBytes += socket.bufferedBytes;
    return { sockets: this.#sockets.size, topics: this.#topics.size, bufferedBytes };
  }

  async close(): Promise<void> {
    this.#goodbye();
    if (this.#sockets.size > 0) await new Promise<void>((resolve) => this.#emptied.push(resolve));
    for (const stop of this.#stops.splice(0)) stop();
  }

  #every(intervalMs: number, call: () => void): () => void {
    return repeat(
      this.#time,
      () => intervalMs,
      call,
      (error) => {
        this.#options.logger.error({ err: error }, "a bug of ours in the feed's timers");
      },
    );
  }

  /** Clients that missed something must not go on as if they had not: after a bug of ours they begin anew. */
  #publish(applied: Applied): void {
    try {
      this.#publisher.publish(applied);
    } catch (error) {
      this.#options.logger.error({ err: error, sequence: applied.sequence }, "a bug of ours in the feed");
      this.#cutAll("bug", CLOSE_CODES.internalError, "a bug of ours: connect again");
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!asksForWebSocket(request)) {
      withoutUpgrade(this.#options.server, request, socket, head);
      return;
    }
    const isOpen = !this.#closing && this.#exchange.isServing() && !this.#isStale();
    const isFull = this.#sockets.size >= this.#limits.socketsMax || this.#isBusy;
    const address = this.#door.judge(request, isOpen, isFull, this.#time.monotonicMs());
    if (typeof address !== "string") {
      refuse(socket, address);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#accept(webSocket, address);
    });
  }

  #accept(webSocket: WebSocket, address: string): void {
    const nowMs = this.#time.monotonicMs();
    const socket = new FeedSocket(webSocket, address, this.#limits, nowMs, (reason) => {
      this.#metrics.cut(reason);
      this.#topics.removeAll(socket);
      this.#time.after(this.#limits.closeTimeoutMs, () => {
        socket.destroy();
      });
    });
    this.#sockets.add(socket);
    this.#door.entered(address);
    const cancel = this.#time.after(this.#limits.subscribeTimeoutMs, () => {
      if (!socket.subscribed) socket.cut("no-subscription", CLOSE_CODES.policy, "no subscription within 5 seconds");
    });
    socket.listen({
      message: (data, binary) => {
        this.#message(socket, data, binary);
      },
      ping: (data) => {
        if (this.#withinRate(socket)) socket.pong(data);
      },
      pong: () => {
        if (this.#withinRate(socket)) socket.alive = true;
      },
      // Frames that break the protocol: ws answers with the right close code by itself.
      error: () => {
        this.#metrics.cut("protocol");
      },
      close: () => {
        cancel();
        this.#forget(socket);
      },
    });
  }

  #message(socket: FeedSocket, data: RawData, binary: boolean): void {
    if (socket.isCut || !this.#withinRate(socket)) return;
    if (binary) {
      socket.cut("binary", CLOSE_CODES.unsupported, "text messages only");
      return;
    }
    const text = textOf(data);
    if (socket.waiting !== undefined) socket.waiting.push(text);
    else this.#handle(socket, text);
  }

  #handle(socket: FeedSocket, text: string): void {
    try {
      const parsed = parseRequest(text);
      if (!parsed.ok) sendError(socket, parsed.message, parsed.reason);
      else if (parsed.request.type === "subscribe" && socket.caughtUp === undefined) this.#catchUp(socket, text);
      else handleRequest(socket, parsed.request, this.#context);
    } catch (error) {
      this.#options.logger.error({ err: error }, "a bug of ours in the feed");
      sendError(socket, "Internal error", "a bug of ours: it was logged");
    }
  }

  /**
   * Before a client's first subscription the node waits until it has applied whatever was acknowledged anywhere: a client that comes from a node that
   * was ahead of this one is not shown again what it has seen. Where that cannot be learned, it is served what there is, and told so.
   */
  #catchUp(socket: FeedSocket, text: string): void {
    const waiting = [text];
    socket.waiting = waiting;
    socket.pause();
    const asked = this.#exchange.caughtUp().catch(() => false);
    void asked.then((caughtUp) => {
      socket.caughtUp = caughtUp;
      socket.waiting = undefined;
      if (socket.isCut || !this.#sockets.has(socket)) return;
      for (const one of waiting) this.#handle(socket, one);
      socket.resume();
    });
  }

  #withinRate(socket: FeedSocket): boolean {
    if (socket.takes(this.#time.monotonicMs())) return true;
    socket.cut("rate", CLOSE_CODES.policy, "too many messages a second");
    return false;
  }

  #forget(socket: FeedSocket): void {
    if (!this.#sockets.delete(socket)) return;
    this.#topics.removeAll(socket);
    this.#door.left(socket.address);
    if (this.#sockets.size === 0) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  /** Says that the node goes away, and closes its sockets one after another; at once where it has stopped, since what it shows may be wrong. */
  #goodbye(): void {
    if (this.#closing) return;
    this.#closing = true;
    if (!this.#exchange.isServing()) {
      this.#cutAll("stopped", CLOSE_CODES.tryAgainLater, "this node has stopped: connect again");
      return;
    }
    this.#publisher.status(GOODBYE);
    const message = encode({ type: "closing", message: GOODBYE, within_ms: this.#limits.closeSpreadMs });
    const sockets = [...this.#sockets];
    sockets.forEach((socket, index) => {
      socket.send(message);
      this.#time.after((index * this.#limits.closeSpreadMs) / sockets.length, () => {
        socket.cut("closing", CLOSE_CODES.goingAway, GOODBYE);
      });
    });
  }

  /** Ends the feeds of a region that is behind, and of keys that were revoked. */
  #judge(): void {
    if (this.#closing) return;
    const region = this.#exchange.region();
    this.#staleSinceMs = region.ok ? undefined : (this.#staleSinceMs ?? this.#time.monotonicMs());
    if (this.#isStale()) {
      this.#cutAll("stale", CLOSE_CODES.tryAgainLater, "this region is behind: connect again");
      return;
    }
    for (const socket of this.#sockets) {
      if (socket.identity !== undefined && this.#exchange.view.key(socket.identity.keyId)?.revoked !== false)
        socket.cut("key-revoked", CLOSE_CODES.policy, "the key was revoked");
    }
  }

  #isStale(): boolean {
    return (
      this.#staleSinceMs !== undefined && this.#time.monotonicMs() - this.#staleSinceMs >= this.#limits.staleTimeoutMs
    );
  }

  #cutAll(why: CutReason, code: number, reason: string): void {
    for (const socket of this.#sockets) socket.cut(why, code, reason);
  }

  #ping(): void {
    for (const socket of this.#sockets) {
      if (!socket.alive) {
        socket.cut("silent", CLOSE_CODES.policy, "no answer to a ping");
        continue;
      }
      socket.alive = false;
      socket.ping();
    }
  }

  /** While more waits for all clients than may, cuts the one furthest behind. */
  #sweep(): void {
    let { bufferedBytes } = this.counts();
    this.#isBusy = bufferedBytes > this.#limits.bufferedBytesAllMax / 2;
    if (bufferedBytes <= this.#limits.bufferedBytesAllMax) return;
    for (const socket of [...this.#sockets].sort((left, right) => right.bufferedBytes - left.bufferedBytes)) {
      if (bufferedBytes <= this.#limits.bufferedBytesAllMax) return;
      bufferedBytes -= socket.bufferedBytes;
      socket.cut("slow", CLOSE_CODES.policy, "too many messages wait: read faster, or follow fewer channels");
      socket.destroy();
    }
  }
}
