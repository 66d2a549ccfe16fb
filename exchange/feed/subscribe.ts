/** What a subscription or its end does: judged as a whole first, so that a request that is refused changes nothing. */
import type { MachineView, ProductView } from "../machine/view";
import type { KeyRing } from "../node/api-keys";
import { authenticate } from "./authenticate";
import type { Channel } from "./channels";
import type { FeedLimits } from "./limits";
import { fillSnapshotMessage, leftOutMessage, type Message, orderSnapshotMessage, statusMessage } from "./messages";
import { encode, type Publisher } from "./publisher";
import { failed, type FeedRequest } from "./requests";
import type { FeedSocket } from "./socket";
import { NO_PRODUCT, type Topics } from "./topics";

/** What subscribing needs to know. */
export interface SubscribeContext {
  readonly view: MachineView;
  readonly topics: Topics;
  readonly publisher: Publisher;
  readonly limits: FeedLimits;
  readonly keys: KeyRing;
  readonly clock: () => number;
}

interface Pair {
  readonly channel: Channel;
  /** `undefined` for `status`. */
  readonly product: ProductView | undefined;
}

/** Tells a client what it did wrong, then what it is subscribed to: the vendor sends both. */
export function sendError(socket: FeedSocket, message: string, reason: string): void {
  socket.send(encode({ type: "error", message, reason }));
  socket.send(encode(subscriptionsMessage(socket)));
}

/** Does what a client asks for. */
export function handleRequest(socket: FeedSocket, request: FeedRequest, context: SubscribeContext): void {
  if (request.type === "unsubscribe") {
    unsubscribe(socket, request, context);
    return;
  }
  if (request.credentials !== undefined) {
    const identity = authenticate(request.credentials, context.keys, context.view, context.clock());
    if ("refusal" in identity) {
      sendError(socket, "Authentication Failed", JSON.stringify({ message: identity.refusal }));
      return;
    }
    if (socket.identity !== undefined && socket.identity.accountId !== identity.accountId) {
      sendError(socket, failed("subscribe"), "this socket already speaks for another account");
      return;
    }
    socket.identity = identity;
  }
  const pairs = pairsOf(request, context.view);
  if (typeof pairs === "string") {
    sendError(socket, failed("subscribe"), pairs);
    return;
  }
  const signed = request.credentials !== undefined;
  if (!signed && pairs.some(({ channel }) => channel === "user")) {
    sendError(socket, failed("subscribe"), "user channel requires authentication");
    return;
  }
  const fresh = pairs.filter(({ channel, product }) => !follows(socket, channel, product));
  if (socket.subscriptionCount + fresh.length > context.limits.subscriptionsPerSocketMax) {
    sendError(socket, failed("subscribe"), "too many subscriptions on one socket");
    return;
  }
  for (const { channel, product } of fresh) context.topics.add(socket, channel, product?.id ?? NO_PRODUCT, signed);
  socket.subscribed = true;
  socket.send(encode(subscriptionsMessage(socket)));
  for (const pair of pairs) sendFirst(socket, pair, fresh.includes(pair), request.afterTradeId, context);
}

function follows(socket: FeedSocket, channel: Channel, product: ProductView | undefined): boolean {
  return socket.subscriptions.get(channel)?.has(product?.id ?? NO_PRODUCT) === true;
}

/** The pairs of a request, each once, or why there are none. */
function pairsOf(request: FeedRequest, view: MachineView): Pair[] | string {
  const pairs = new Map<string, Pair>();
  for (const { channel, productIds } of request.channels) {
    if (channel === "status") {
      pairs.set(channel, { channel, product: undefined });
      continue;
    }
    if (productIds.length === 0) return `${channel} channel requires product_ids`;
    for (const id of productIds) {
      const product = view.product(id);
      if (product === undefined) return `${shown(id)} is not a valid product`;
      pairs.set(`${channel} ${id}`, { channel, product });
    }
  }
  return [...pairs.values()];
}

/** A client's text in an answer: short, and of harmless characters. */
function shown(text: string): string {
  return text.replace(/[^\w./-]/g, "?").slice(0, 32);
}

function unsubscribe(socket: FeedSocket, request: FeedRequest, { topics }: SubscribeContext): void {
  for (const { channel, productIds } of request.channels) {
    const all = channel === "status" || productIds.length === 0;
    const ids = all ? [...(socket.subscriptions.get(channel)?.keys() ?? [])] : productIds;
    for (const id of ids) topics.remove(socket, channel, id);
  }
  socket.send(encode(subscriptionsMessage(socket)));
}

/** The answer to every request: all that the socket follows now. */
function subscriptionsMessage(socket: FeedSocket): Message {
  const channels = [...socket.subscriptions].map(([name, products]) => ({
    name,
    product_ids: [...products.keys()].filter((id) => id !== NO_PRODUCT),
  }));
  // Our own addition, as REST's `exchange-stale` header: what follows may be old.
  return { type: "subscriptions", channels, ...(socket.caughtUp === false ? { stale: true } : {}) };
}

/** The state from which a client goes on. A book is sent again whenever it is asked for; the account's own orders only once, so that their sequences rise. */
function sendFirst(
  socket: FeedSocket,
  { channel, product }: Pair,
  fresh: boolean,
  afterTradeId: number | undefined,
  context: SubscribeContext,
): void {
  if (product === undefined) {
    socket.sendFirst(encode(statusMessage(context.view, undefined)));
    return;
  }
  if (channel === "user") {
    if (fresh) sendOwnOrders(socket, product, context);
    if (afterTradeId !== undefined) sendOwnFills(socket, product, afterTradeId, context);
    return;
  }
  const message = context.publisher.first(channel, product);
  if (message !== undefined) socket.sendFirst(message);
}

/**
 * Our own addition to the vendor's `user` channel: a client that comes back, perhaps to another node, is told how its orders stand, so that no
 * fill is missed in the time between. Open orders, and those that were done within `doneOrdersAgeMs`, oldest first.
 */
function sendOwnOrders(socket: FeedSocket, product: ProductView, { view, limits }: SubscribeContext): void {
  const accountId = socket.identity?.accountId;
  if (accountId === undefined) return;
  const filter = { productId: product.id, limit: limits.recentMax };
  const since = view.now - limits.doneOrdersAgeMs;
  const done = view.orders(accountId, { ...filter, statuses: ["done"] }).filter(({ doneAt }) => (doneAt ?? 0) >= since);
  const open = view.orders(accountId, { ...filter, statuses: ["open"] });
  if (done.length === limits.recentMax) socket.sendFirst(encode(leftOutMessage("orders", product)));
  for (const order of [...done.reverse(), ...open.reverse()])
    socket.sendFirst(encode(orderSnapshotMessage(order, view, product)));
}

function sendOwnFills(socket: FeedSocket, product: ProductView, afterTradeId: number, context: SubscribeContext): void {
  const accountId = socket.identity?.accountId;
  if (accountId === undefined) return;
  const { recentMax } = context.limits;
  const fills = context.view.fills(accountId, { productId: product.id }, { limit: recentMax });
  const missed = fills.filter(({ tradeId }) => tradeId > afterTradeId).reverse();
  if (missed.length === recentMax) socket.sendFirst(encode(leftOutMessage("fills", product)));
  for (const fill of missed) socket.sendFirst(encode(fillSnapshotMessage(fill, product)));
}
