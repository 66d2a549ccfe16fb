/**
 * From what the machine did to what clients are told. Everything happens inside `onApplied`, while the state is the one right after the frame:
 * a snapshot and the deltas after it can have neither a gap nor an overlap. A message is built once and shared by all who get it.
 */
import type { Side } from "../machine/commands";
import type { Applied, MachineEvent } from "../machine/events";
import type { MachineView, ProductView } from "../machine/view";
import {
  cancelAfterMessage,
  heartbeatMessage,
  l2updateMessage,
  lastMatchMessage,
  matchMessage,
  type MatchEvent,
  type Message,
  modeMessage,
  orderMessage,
  type OrderEvent,
  ownMatchMessage,
  ownOrderMessage,
  snapshotMessage,
  statusMessage,
  tickerMessage,
} from "./messages";
import type { Channel } from "./channels";
import type { FeedSocket } from "./socket";
import { NO_PRODUCT, type Topics } from "./topics";

type Levels = Record<Side, Set<number>>;
const noLevels = (): Levels => ({ buy: new Set(), sell: new Set() });

/** A message as it is sent. */
export function encode(message: Message): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** Tells followers. Keeps, for each product, its last match, the levels of the running window, and whether a ticker is due: all bounded by the book. */
export class Publisher {
  readonly #view: MachineView;
  readonly #topics: Topics;
  readonly #clock: () => number;
  readonly #lastMatches = new Map<string, MatchEvent>();
  readonly #windows = new Map<string, { levels: Levels; atMs: number }>();
  readonly #tickersDue = new Set<string>();
  /** The whole book as text, for clients that subscribe in the same state of it. Emptied each second. */
  readonly #snapshots = new Map<string, { sequence: number; message: Buffer }>();
  #currencies: number;

  constructor(view: MachineView, topics: Topics, clock: () => number) {
    this.#view = view;
    this.#topics = topics;
    this.#clock = clock;
    this.#currencies = view.currencies().length;
  }

  /** To be called after each applied frame. */
  publish(applied: Applied): void {
    const touched = new Map<string, { levels: Levels; matched: boolean; atMs: number }>();
    let statusChanged = false;
    for (const event of applied.events) {
      if (event.type === "cancel-after") this.#switch(event);
      if (event.type === "cancel-after" || event.type === "checkpoint") continue;
      if (event.type === "product" || event.type === "mode") statusChanged = true;
      const product = this.#view.product(event.productId);
      if (product === undefined || event.type === "product") continue;
      const touch = touched.get(product.id) ?? { levels: noLevels(), matched: false, atMs: event.at };
      touched.set(product.id, touch);
      touch.atMs = event.at;
      addLevels(touch.levels, event);
      if (event.type === "match") {
        touch.matched = true;
        this.#match(event, product);
      } else if (event.type === "mode") this.#send("full", product.id, modeMessage(event));
      else this.#order(event, product);
    }
    for (const [productId, { levels, matched, atMs }] of touched) {
      const product = this.#view.product(productId);
      if (product === undefined) continue;
      if (levels.buy.size + levels.sell.size > 0) this.#levels(product, levels, atMs);
      if (matched) this.#ticker(product);
    }
    if (statusChanged) this.status(undefined);
  }

  /** `status` to all its followers. */
  status(message: string | undefined): void {
    const followers = this.#topics.followers("status", NO_PRODUCT);
    if (followers.size > 0) sendAll(followers, encode(statusMessage(this.#view, message)));
  }

  /** Each second: heartbeats, and `status` where a currency is new, which no event tells. */
  heartbeat(): void {
    this.#snapshots.clear();
    for (const product of this.#view.products()) {
      const followers = this.#topics.followers("heartbeat", product.id);
      if (followers.size === 0) continue;
      const lastTradeId = this.#view.trades(product.id, { limit: 1 })[0]?.tradeId ?? 0;
      sendAll(followers, encode(heartbeatMessage(product, lastTradeId, this.#clock())));
    }
    const currencies = this.#view.currencies().length;
    if (currencies !== this.#currencies) this.status(undefined);
    this.#currencies = currencies;
  }

  /** Ends the window of `level2_batch`. */
  flushLevels(): void {
    for (const [productId, { levels, atMs }] of this.#windows) {
      const product = this.#view.product(productId);
      const followers = this.#topics.followers("level2_batch", productId);
      if (product !== undefined && followers.size > 0)
        sendAll(followers, encode(l2updateMessage(this.#view, product, levels, atMs)));
    }
    this.#windows.clear();
  }

  /** Ends the window of `ticker_batch`. */
  flushTickers(): void {
    for (const productId of this.#tickersDue) {
      const product = this.#view.product(productId);
      const message = product === undefined ? undefined : tickerMessage(this.#view, product);
      if (message !== undefined) this.#send("ticker_batch", productId, message);
    }
    this.#tickersDue.clear();
  }

  /** What a client that begins to follow a public channel is told first; nothing for some. */
  first(channel: Channel, product: ProductView): Buffer | undefined {
    switch (channel) {
      case "level2":
      case "level2_batch":
        return this.#snapshot(product);
      case "ticker":
      case "ticker_batch":
        return encoded(tickerMessage(this.#view, product));
      case "matches": {
        const trade = this.#view.trades(product.id, { limit: 1 })[0];
        return encoded(lastMatchMessage(this.#lastMatches.get(product.id), trade, product));
      }
      default:
        return undefined;
    }
  }

  #snapshot(product: ProductView): Buffer {
    const kept = this.#snapshots.get(product.id);
    if (kept?.sequence === product.sequence) return kept.message;
    const message = encode(snapshotMessage(this.#view, product, this.#clock()));
    this.#snapshots.set(product.id, { sequence: product.sequence, message });
    return message;
  }

  #order(event: OrderEvent, product: ProductView): void {
    const full = this.#topics.followers("full", product.id);
    const users = this.#topics.users(product.id, event.order.accountId);
    if (full.size === 0 && users.size === 0) return;
    const message = orderMessage(event, this.#view, product);
    const own = new Shared(() => ownOrderMessage(message, event.order));
    sendAll(users, own);
    this.#sendPublic(full, "full", product.id, message, (accountId) =>
      accountId === event.order.accountId ? own : undefined,
    );
  }

  #match(event: MatchEvent, product: ProductView): void {
    this.#lastMatches.set(product.id, event);
    const full = this.#topics.followers("full", product.id);
    const matches = this.#topics.followers("matches", product.id);
    const takers = this.#topics.users(product.id, event.taker.accountId);
    const makers = this.#topics.users(product.id, event.maker.accountId);
    if (full.size + matches.size + takers.size + makers.size === 0) return;
    const message = matchMessage(event, product);
    const takersOwn = new Shared(() => ownMatchMessage(message, event.taker.accountId, "taker", product));
    const makersOwn = new Shared(() => ownMatchMessage(message, event.maker.accountId, "maker", product));
    sendAll(takers, takersOwn);
    sendAll(makers, makersOwn);
    const ownOf = (accountId: string): Shared | undefined => {
      if (accountId === event.maker.accountId) return makersOwn;
      return accountId === event.taker.accountId ? takersOwn : undefined;
    };
    this.#sendPublic(full, "full", product.id, message, ownOf);
    this.#sendPublic(matches, "matches", product.id, message, ownOf);
  }

  /** To whoever follows the account's orders, of whichever product. */
  #switch(event: Extract<MachineEvent, { type: "cancel-after" }>): void {
    const users = new Set<FeedSocket>();
    for (const { id } of this.#view.products())
      for (const socket of this.#topics.users(id, event.accountId)) users.add(socket);
    if (users.size > 0) sendAll(users, encode(cancelAfterMessage(event)));
  }

  #levels(product: ProductView, levels: Levels, atMs: number): void {
    if (this.#topics.followers("level2", product.id).size > 0)
      this.#send("level2", product.id, l2updateMessage(this.#view, product, levels, atMs));
    if (this.#topics.followers("level2_batch", product.id).size === 0) return;
    const window = this.#windows.get(product.id) ?? { levels: noLevels(), atMs };
    this.#windows.set(product.id, window);
    window.atMs = atMs;
    for (const side of ["buy", "sell"] as const) for (const price of levels[side]) window.levels[side].add(price);
  }

  #ticker(product: ProductView): void {
    if (this.#topics.followers("ticker_batch", product.id).size > 0) this.#tickersDue.add(product.id);
    if (this.#topics.followers("ticker", product.id).size === 0) return;
    const message = tickerMessage(this.#view, product);
    if (message !== undefined) this.#send("ticker", product.id, message);
  }

  #send(channel: "full" | "level2" | "ticker" | "ticker_batch", productId: string, message: Message): void {
    const followers = this.#topics.followers(channel, productId);
    if (followers.size > 0) sendAll(followers, encode(message));
  }

  /** The public form to all, but its own form to an owner whose subscription was signed. */
  #sendPublic(
    followers: ReadonlySet<FeedSocket>,
    channel: "full" | "matches",
    productId: string,
    message: Message,
    ownOf: (accountId: string) => Shared | undefined,
  ): void {
    if (followers.size === 0) return;
    const shared = new Shared(() => message);
    for (const socket of followers) {
      const signed = socket.subscriptions.get(channel)?.get(productId) === true;
      const own = signed && socket.identity !== undefined ? ownOf(socket.identity.accountId) : undefined;
      socket.send((own ?? shared).bytes);
    }
  }
}

/** A message that becomes bytes when, and if, the first client gets it. */
class Shared {
  readonly #build: () => Message;
  #bytes: Buffer | undefined;

  constructor(build: () => Message) {
    this.#build = build;
  }

  get bytes(): Buffer {
    this.#bytes ??= encode(this.#build());
    return this.#bytes;
  }
}

function encoded(message: Message | undefined): Buffer | undefined {
  return message === undefined ? undefined : encode(message);
}

function sendAll(sockets: ReadonlySet<FeedSocket>, message: Buffer | Shared): void {
  for (const socket of sockets) socket.send(message instanceof Shared ? message.bytes : message);
}

/** Prices whose size an event may have changed. Whoever reads them asks the book for the size. */
function addLevels(levels: Levels, event: MachineEvent): void {
  if (event.type === "match") levels[event.side].add(event.price);
  else if (event.type === "open" || event.type === "change" || (event.type === "done" && event.reason === "canceled")) {
    if (event.order.price !== undefined) levels[event.order.side].add(event.order.price);
  }
}
