/** Bounds of the feed: everything that a client can make grow has one. */

/** Bounds and intervals. Counts are positive integers, times are milliseconds. */
export interface FeedLimits {
  /** Sockets of one node. */
  readonly socketsMax: number;
  /** Sockets of one client address. Behind a load balancer without the client's own address, all share one: see `clientAddress` of `attachFeed`. */
  readonly socketsPerAddressMax: number;
  /** Pairs of channel and product of one socket. */
  readonly subscriptionsPerSocketMax: number;
  /** Bytes of one message from a client, all its fragments together. */
  readonly messageBytesMax: number;
  /** Fragments of one message from a client. */
  readonly fragmentsMax: number;
  /** Messages, pings and pongs that a client may send each second; twice as many at once. */
  readonly messagesPerSecondMax: number;
  /** Bytes that may wait for one client. A client that is further behind when the next message comes is cut. */
  readonly bufferedBytesMax: number;
  /** Bytes of first messages (whole books, own orders) that may wait beside that, for one client. */
  readonly firstBytesMax: number;
  /** Bytes that may wait for all clients together; beyond it those furthest behind are cut, and from half of it on new sockets are refused, so that a storm of clients who come back is paced. */
  readonly bufferedBytesAllMax: number;
  /** Within this time a client must have subscribed. */
  readonly subscribeTimeoutMs: number;
  /** Between two heartbeats. */
  readonly heartbeatIntervalMs: number;
  /** Between two pings; a client that did not answer the one before is cut. */
  readonly pingIntervalMs: number;
  /** Window of `level2_batch`. */
  readonly level2BatchIntervalMs: number;
  /** Window of `ticker_batch`. */
  readonly tickerBatchIntervalMs: number;
  /** Over this time the sockets of a node that goes away are closed, so that not all clients come back in one instant. */
  readonly closeSpreadMs: number;
  /** How long a client may take to answer a close before its socket is destroyed. */
  readonly closeTimeoutMs: number;
  /** How long a region may lack something before its feeds are closed rather than go on with old data. */
  readonly staleTimeoutMs: number;
  /** How far back `user` tells of orders that are done, to a client that subscribes. */
  readonly doneOrdersAgeMs: number;
  /** Orders that are done, and fills, told to a client that subscribes to `user`; each. */
  readonly recentMax: number;
}

/**
 * Defaults. The five seconds, the 100 messages a second, the batches of 50 and 5,000 milliseconds and the heartbeat of a second are Coinbase
 * Exchange's: https://docs.cdp.coinbase.com/exchange/websocket-feed/overview and /rate-limits.
 */
export const FEED_LIMITS: FeedLimits = {
  socketsMax: 5000,
  socketsPerAddressMax: 500,
  subscriptionsPerSocketMax: 1000,
  messageBytesMax: 16 * 1024,
  fragmentsMax: 64,
  messagesPerSecondMax: 100,
  bufferedBytesMax: 1024 * 1024,
  firstBytesMax: 32 * 1024 * 1024,
  bufferedBytesAllMax: 64 * 1024 * 1024,
  subscribeTimeoutMs: 5000,
  heartbeatIntervalMs: 1000,
  pingIntervalMs: 30_000,
  level2BatchIntervalMs: 50,
  tickerBatchIntervalMs: 5000,
  closeSpreadMs: 2000,
  closeTimeoutMs: 1000,
  staleTimeoutMs: 10_000,
  doneOrdersAgeMs: 300_000,
  recentMax: 1000,
};
