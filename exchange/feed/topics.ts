/** Who follows what. Every socket is in as many topics as it has subscriptions, and in none after `removeAll`. */
import type { Channel } from "./channels";
import type { FeedSocket } from "./socket";

const NOBODY: ReadonlySet<FeedSocket> = new Set();

/** The product of channels that have none. */
export const NO_PRODUCT = "";

/** Subscribers by channel and product; those of `user` by account as well. */
export class Topics {
  readonly #sockets = new Map<string, Set<FeedSocket>>();

  /** Adds the pair to the socket. A signed subscription stays signed; the other way round it stays as it was, as the vendor's page says. */
  add(socket: FeedSocket, channel: Channel, productId: string, signed: boolean): void {
    const products = socket.subscriptions.get(channel) ?? new Map<string, boolean>();
    socket.subscriptions.set(channel, products);
    if (products.has(productId)) return;
    products.set(productId, signed);
    const key = keyOf(channel, productId, socket);
    const followers = this.#sockets.get(key) ?? new Set();
    followers.add(socket);
    this.#sockets.set(key, followers);
  }

  remove(socket: FeedSocket, channel: Channel, productId: string): void {
    const products = socket.subscriptions.get(channel);
    if (products?.delete(productId) !== true) return;
    if (products.size === 0) socket.subscriptions.delete(channel);
    const key = keyOf(channel, productId, socket);
    const followers = this.#sockets.get(key);
    followers?.delete(socket);
    if (followers?.size === 0) this.#sockets.delete(key);
  }

  removeAll(socket: FeedSocket): void {
    for (const [channel, products] of [...socket.subscriptions])
      for (const productId of [...products.keys()]) this.remove(socket, channel, productId);
  }

  /** Followers of a channel other than `user`. */
  followers(channel: Channel, productId: string): ReadonlySet<FeedSocket> {
    return this.#sockets.get(`${channel} ${productId}`) ?? NOBODY;
  }

  /** Followers of an account's own orders. */
  users(productId: string, accountId: string): ReadonlySet<FeedSocket> {
    return this.#sockets.get(`user ${productId} ${accountId}`) ?? NOBODY;
  }

  /** How many topics have a follower. */
  get size(): number {
    return this.#sockets.size;
  }
}

// Product ids are those of the machine, which have no space.
function keyOf(channel: Channel, productId: string, socket: FeedSocket): string {
  return channel === "user" ? `user ${productId} ${socket.identity?.accountId ?? ""}` : `${channel} ${productId}`;
}
