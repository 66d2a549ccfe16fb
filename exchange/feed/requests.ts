/** What clients send: parsed and bounded before anything is done with it. */
import { z } from "zod";
import { channelNamed, type Channel } from "./channels";

/** Signature over `timestamp + "GET" + "/users/self/verify"`, as https://docs.cdp.coinbase.com/exchange/websocket-feed/authentication says. Texts as the client sent them. */
export interface FeedCredentials {
  readonly key: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly passphrase: string;
}

/** What a client asks for. `productIds` is empty for `status`, and, of an `unsubscribe`, where all of the channel's products are meant. */
export interface FeedRequest {
  readonly type: "subscribe" | "unsubscribe";
  readonly channels: readonly { readonly channel: Channel; readonly productIds: readonly string[] }[];
  /** `undefined` when the message carries no signature. */
  readonly credentials: FeedCredentials | undefined;
  /** Our own addition: with `user`, fills of later trades are told again before the stream begins. */
  readonly afterTradeId: number | undefined;
}

/** A request, or what to tell the client instead. */
export type ParsedRequest =
  | { readonly ok: true; readonly request: FeedRequest }
  | { readonly ok: false; readonly message: string; readonly reason: string };

const text = z.string().max(256);
const productIds = z.array(z.string().max(64)).max(1000);
const channelEntry = z.union([
  z.string().max(64),
  z.object({ name: z.string().max(64), product_ids: productIds.optional() }),
]);
const frame = z.object({
  type: z.enum(["subscribe", "unsubscribe"]),
  product_ids: productIds.optional(),
  channels: z.array(channelEntry).min(1).max(64),
  key: text.optional(),
  signature: text.optional(),
  passphrase: text.optional(),
  timestamp: z.union([text, z.number()]).optional(),
  after_trade_id: z.number().int().nonnegative().optional(),
});

/** Reads one text message. Unknown fields are ignored, as the vendor does; nothing of the client's text but names of channels is ever sent back. */
export function parseRequest(message: string): ParsedRequest {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return refused("Malformed JSON", "the message is not JSON");
  }
  const parsed = frame.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue === undefined ? "" : issue.path.map(String).join(".");
    return refused("Invalid message", `${path === "" ? "message" : path}: ${issue?.message ?? "not understood"}`);
  }
  const { type, channels, after_trade_id: afterTradeId } = parsed.data;
  const wanted: { channel: Channel; productIds: string[] }[] = [];
  for (const entry of channels) {
    const name = typeof entry === "string" ? entry : entry.name;
    const channel = channelNamed(name);
    if (channel === undefined) return refused(failed(type), `${name} is not a valid channel`);
    const own = typeof entry === "string" ? [] : (entry.product_ids ?? []);
    const ids = channel === "status" ? [] : [...new Set([...(parsed.data.product_ids ?? []), ...own])];
    wanted.push({ channel, productIds: ids });
  }
  return { ok: true, request: { type, channels: wanted, credentials: credentialsOf(parsed.data), afterTradeId } };
}

/** What the error's `message` says when a request as a whole is refused. */
export function failed(type: FeedRequest["type"]): string {
  return type === "subscribe" ? "Failed to subscribe" : "Failed to unsubscribe";
}

function credentialsOf(data: z.infer<typeof frame>): FeedCredentials | undefined {
  const { key, signature, timestamp, passphrase } = data;
  if (key === undefined && signature === undefined) return undefined;
  return {
    key: key ?? "",
    signature: signature ?? "",
    timestamp: String(timestamp ?? ""),
    passphrase: passphrase ?? "",
  };
}

function refused(message: string, reason: string): ParsedRequest {
  return { ok: false, message, reason };
}
