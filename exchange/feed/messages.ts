/**
 * The feed's messages, shaped as Coinbase Exchange documents them (https://docs.cdp.coinbase.com/exchange/websocket-feed/channels): decimals are
 * texts with the product's full number of digits, times are ISO 8601, sequences and trade ids are numbers. Pure: no clock, no sockets.
 */
import type { Side } from "../machine/commands";
import type { FillView, MachineEvent, OrderView } from "../machine/events";
import { currencyJson, iso, price, productJson, size } from "../http/format";
import { formatDecimal } from "../machine/money";
import type { LevelView, MachineView, ProductView, TradeView } from "../machine/view";

/** A message before it becomes JSON. */
export type Message = Readonly<Record<string, unknown>>;

/** A match as the machine tells it. */
export type MatchEvent = Extract<MachineEvent, { type: "match" }>;
/** An event of one order's life. */
export type OrderEvent = Extract<MachineEvent, { type: "received" | "open" | "change" | "done" }>;

/** Basis points as a rate: 60 is "0.0060". */
function rateText(basisPoints: number): string {
  return formatDecimal(BigInt(basisPoints), 4);
}

/** The fields that only the owner of an order is told. `user_id` and `profile_id` are both the account's id. */
function ownerFields(accountId: string): Message {
  return { user_id: accountId, profile_id: accountId };
}

/** `received`, `open`, `change` or `done`, as everybody sees it. */
export function orderMessage(event: OrderEvent, view: MachineView, product: ProductView): Message {
  const { order } = event;
  const base = {
    type: event.type,
    side: order.side,
    product_id: event.productId,
    time: iso(event.at),
    sequence: event.sequence,
    order_id: order.orderId,
  };
  const limit = order.price === undefined ? {} : { price: price(product, order.price) };
  switch (event.type) {
    case "received":
      return { ...base, order_type: order.orderType, ...sizeOrFunds(order, view, product), ...limit };
    case "open":
      return { ...base, ...limit, remaining_size: size(product, event.remainingSize) };
    case "change":
      return {
        ...base,
        reason: "STP",
        old_size: size(product, event.oldSize),
        new_size: size(product, event.newSize),
        price: order.price === undefined ? null : price(product, order.price),
      };
    case "done":
      // A market order has neither price nor remaining size: it was never on the book.
      return order.orderType === "market"
        ? { ...base, reason: event.reason }
        : { ...base, ...limit, reason: event.reason, remaining_size: size(product, event.remainingSize) };
  }
}

/** The same message as the order's owner sees it: with its account and, of `received`, the client's own id. */
export function ownOrderMessage(message: Message, order: OrderView): Message {
  const clientId = order.clientOrderId !== undefined && message["type"] === "received";
  return { ...message, ...ownerFields(order.accountId), ...(clientId ? { client_oid: order.clientOrderId } : {}) };
}

function sizeOrFunds(order: OrderView, view: MachineView, product: ProductView): Message {
  const scale = view.currency(product.quoteCurrency)?.scale ?? 0;
  return {
    ...(order.size === undefined ? {} : { size: size(product, order.size) }),
    ...(order.funds === undefined ? {} : { funds: formatDecimal(order.funds, scale) }),
  };
}

/** `match`, as everybody sees it. `side` is the maker's. */
export function matchMessage(event: MatchEvent, product: ProductView): Message {
  return {
    type: "match",
    trade_id: event.tradeId,
    maker_order_id: event.maker.orderId,
    taker_order_id: event.taker.orderId,
    side: event.side,
    size: size(product, event.size),
    price: price(product, event.price),
    product_id: event.productId,
    sequence: event.sequence,
    time: iso(event.at),
  };
}

/** The same match as its maker, or its taker, sees it. Clients tell the two apart by which `…_fee_rate` is there. */
export function ownMatchMessage(
  message: Message,
  accountId: string,
  role: "maker" | "taker",
  product: ProductView,
): Message {
  const basisPoints = role === "maker" ? product.makerFeeBasisPoints : product.takerFeeBasisPoints;
  return {
    ...message,
    ...ownerFields(accountId),
    [`${role}_user_id`]: accountId,
    [`${role}_profile_id`]: accountId,
    [`${role}_fee_rate`]: rateText(basisPoints),
  };
}

/** The first message of `matches`. `match`: the last one that this node saw; without one (it started from a snapshot since), the order ids are left out. */
export function lastMatchMessage(
  match: MatchEvent | undefined,
  trade: TradeView | undefined,
  product: ProductView,
): Message | undefined {
  if (match !== undefined) return { ...matchMessage(match, product), type: "last_match" };
  if (trade === undefined) return undefined;
  return {
    type: "last_match",
    trade_id: trade.tradeId,
    side: trade.side,
    size: size(product, trade.size),
    price: price(product, trade.price),
    product_id: product.id,
    sequence: product.sequence,
    time: iso(trade.at),
  };
}

/** A change of mode in the sequence of `full`, where a hole would look like a lost message. */
export function modeMessage(event: Extract<MachineEvent, { type: "mode" }>): Message {
  return {
    type: "mode",
    product_id: event.productId,
    sequence: event.sequence,
    time: iso(event.at),
    mode: event.mode,
    reason: event.reason,
  };
}

/** What became of an account's dead man's switch: our own addition to `user`, above all for `frozen`, when it waits for a book that is not in full mode. */
export function cancelAfterMessage(event: Extract<MachineEvent, { type: "cancel-after" }>): Message {
  return { type: "cancel_after", state: event.state, time: iso(event.at), ...ownerFields(event.accountId) };
}

/** Says that a client that subscribed to `user` was not told everything: our own addition, which others ignore. */
export function leftOutMessage(what: "orders" | "fills", product: ProductView): Message {
  return {
    type: "left_out",
    product_id: product.id,
    what,
    message: `older ${what} were left out: ask GET /${what}`,
  };
}

/** `heartbeat`: what a client that follows the product must have seen by `nowMs`. */
export function heartbeatMessage(product: ProductView, lastTradeId: number, nowMs: number): Message {
  return {
    type: "heartbeat",
    sequence: product.sequence,
    last_trade_id: lastTradeId,
    product_id: product.id,
    time: iso(nowMs),
  };
}

/** `ticker` after a trade; `undefined` before the first. The statistics are those of the machine's last 24 hours. */
export function tickerMessage(view: MachineView, product: ProductView): Message | undefined {
  const trade = view.trades(product.id, { limit: 1 })[0];
  if (trade === undefined) return undefined;
  const stats = view.stats(product.id);
  const bid = view.levels(product.id, "buy", 1)[0];
  const ask = view.levels(product.id, "sell", 1)[0];
  const orLast = (ticks: number | undefined): string => price(product, ticks ?? trade.price);
  return {
    type: "ticker",
    sequence: product.sequence,
    product_id: product.id,
    price: price(product, trade.price),
    open_24h: orLast(stats.open),
    volume_24h: size(product, stats.volume),
    low_24h: orLast(stats.low),
    high_24h: orLast(stats.high),
    volume_30d: size(product, stats.volume30Days),
    // An empty side has no best price: the vendor's clients read these as numbers, so it is a zero and not left out.
    best_bid: price(product, bid?.price ?? 0),
    best_bid_size: size(product, bid?.size ?? 0),
    best_ask: price(product, ask?.price ?? 0),
    best_ask_size: size(product, ask?.size ?? 0),
    // The taker's side, unlike that of a match.
    side: trade.side === "buy" ? "sell" : "buy",
    time: iso(trade.at),
    trade_id: trade.tradeId,
    last_size: size(product, trade.size),
  };
}

/** The whole book of a product: `level2`'s first message. */
export function snapshotMessage(view: MachineView, product: ProductView, nowMs: number): Message {
  const side = (name: Side): [string, string][] =>
    view
      .levels(product.id, name, Number.MAX_SAFE_INTEGER)
      .map((level: LevelView) => [price(product, level.price), size(product, level.size)]);
  return { type: "snapshot", product_id: product.id, bids: side("buy"), asks: side("sell"), time: iso(nowMs) };
}

/** Prices of a product whose size may have changed, by side. */
export type ChangedLevels = Readonly<Record<Side, ReadonlySet<number>>>;

/** `l2update`: each price with its size as it is now; a size of zero ends the level. */
export function l2updateMessage(
  view: MachineView,
  product: ProductView,
  changed: ChangedLevels,
  atMs: number,
): Message {
  const changes = (["buy", "sell"] as const).flatMap((side) =>
    [...changed[side]].map((ticks) => [
      side,
      price(product, ticks),
      size(product, view.levelSize(product.id, side, ticks)),
    ]),
  );
  return { type: "l2update", product_id: product.id, changes, time: iso(atMs) };
}

/** `status`: every product with its mode, and every currency. `message` is the node's own word, such as that it is going away. */
export function statusMessage(view: MachineView, message: string | undefined): Message {
  return {
    type: "status",
    products: view.products().map((product) => ({
      ...productJson(view, product),
      mode: product.mode,
      mode_since: iso(product.modeSince),
      mode_reason: product.modeReason,
      epoch: view.epoch,
    })),
    currencies: view.currencies().map(currencyJson),
    ...(message === undefined ? {} : { message }),
  };
}

/** An order as it stands, told to its owner who subscribes: `received` while it is open, else `done`. Marked `snapshot`; `sequence` is the product's now. */
export function orderSnapshotMessage(order: OrderView, view: MachineView, product: ProductView): Message {
  const done = order.status !== "open";
  const remaining = order.size === undefined ? {} : { remaining_size: size(product, order.size - order.filledSize) };
  return {
    type: done ? "done" : "received",
    snapshot: true,
    side: order.side,
    product_id: product.id,
    time: iso(done ? (order.doneAt ?? order.createdAt) : order.createdAt),
    sequence: product.sequence,
    order_id: order.orderId,
    order_type: order.orderType,
    ...sizeOrFunds(order, view, product),
    ...(order.price === undefined ? {} : { price: price(product, order.price) }),
    ...remaining,
    ...(done ? { reason: order.doneReason ?? "canceled" } : {}),
    ...(order.clientOrderId === undefined ? {} : { client_oid: order.clientOrderId }),
    ...ownerFields(order.accountId),
  };
}

/** A fill of the past, told again to its owner who asked for it. The other side's order is not named: the ledger does not hold it. */
export function fillSnapshotMessage(fill: FillView, product: ProductView): Message {
  // A match names the maker's side.
  const makerSide = fill.liquidity === "maker" ? fill.side : fill.side === "buy" ? "sell" : "buy";
  const message = {
    type: "match",
    snapshot: true,
    trade_id: fill.tradeId,
    [`${fill.liquidity}_order_id`]: fill.orderId,
    side: makerSide,
    size: size(product, fill.size),
    price: price(product, fill.price),
    product_id: product.id,
    sequence: product.sequence,
    time: iso(fill.at),
  };
  return ownMatchMessage(message, fill.accountId, fill.liquidity, product);
}
