/** The channels of the feed, named as Coinbase Exchange names them: https://docs.cdp.coinbase.com/exchange/websocket-feed/channels. */

/** Every channel that can be subscribed to. */
export const CHANNELS = [
  "heartbeat",
  "status",
  "ticker",
  "ticker_batch",
  "level2",
  "level2_batch",
  "matches",
  "full",
  "user",
] as const;

/** A channel. All but `status` are per product; `user` needs a signature. */
export type Channel = (typeof CHANNELS)[number];

// Older names of two channels, which the vendor's page still admits.
const ALIASES: ReadonlyMap<string, Channel> = new Map([
  ["level2_50", "level2_batch"],
  ["ticker_1000", "ticker_batch"],
]);

/** The channel of that name, an older name included; `undefined` where there is none. */
export function channelNamed(name: string): Channel | undefined {
  return CHANNELS.find((channel) => channel === name) ?? ALIASES.get(name);
}
