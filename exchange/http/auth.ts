/**
 * Signed requests: CB-ACCESS-KEY, -SIGN, -TIMESTAMP and, for customers, -PASSPHRASE. The signature is base64 of HMAC-SHA-256, with the
 * base64-decoded secret, over timestamp + method + path with query + body
 * (https://docs.cdp.coinbase.com/exchange/rest-api/authentication). The same request may come twice within its window: ccxt sends an
 * honest retry with the same timestamp, in whole seconds, and so the same signature.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Seconds that a timestamp may be off, either way. Coinbase Exchange documents 30. */
export const TIMESTAMP_WINDOW_SECONDS = 30;

/** What a client says about itself. */
export interface Credentials {
  readonly key: string;
  readonly signature: string;
  readonly timestamp: string;
  /** Customers have one, operators do not. */
  readonly passphrase: string | undefined;
}

/** What was signed. `path` is with the query, exactly as sent. */
export interface SignedContent {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array | string;
}

/** What the exchange knows about a key. `secret` is decoded. */
export interface KeySecret {
  readonly secret: Uint8Array;
  readonly passphrase: string | undefined;
}

/** Headers of a request as Node gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Reads the four headers.
 *
 * @returns the credentials, or the text of the refusal, in Coinbase Exchange's words.
 */
export function credentialsIn(headers: Headers, needsPassphrase: boolean): Credentials | { refusal: string } {
  const read = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const key = read("cb-access-key");
  if (key === undefined) return { refusal: "CB-ACCESS-KEY header is required" };
  const signature = read("cb-access-sign");
  if (signature === undefined) return { refusal: "CB-ACCESS-SIGN header is required" };
  const timestamp = read("cb-access-timestamp");
  if (timestamp === undefined) return { refusal: "CB-ACCESS-TIMESTAMP header is required" };
  const passphrase = read("cb-access-passphrase");
  if (needsPassphrase && passphrase === undefined) return { refusal: "CB-ACCESS-PASSPHRASE header is required" };
  return { key, signature, timestamp, passphrase };
}

/** Base64 of the signature over `timestamp + METHOD + path + body`. `secret` is decoded. */
export function signatureOf(secret: Uint8Array, timestamp: string, content: SignedContent): string {
  return createHmac("sha256", secret)
    .update(timestamp + content.method + content.path)
    .update(content.body)
    .digest("base64");
}

/**
 * Judges a signed request. Takes the same steps whether or not the key exists: the caller passes a secret for every key id, and asks for
 * the key itself afterwards.
 *
 * @param nowMs - wall clock in milliseconds of the epoch.
 * @returns the text of the refusal, or `undefined` when secret, passphrase and time are right.
 */
export function refusalOf(
  credentials: Credentials,
  content: SignedContent,
  known: KeySecret,
  nowMs: number,
): string | undefined {
  const isSigned = isSame(credentials.signature, signatureOf(known.secret, credentials.timestamp, content));
  const hasPassphrase = isSame(credentials.passphrase ?? "", known.passphrase ?? "");
  if (!/^\d{1,12}(?:\.\d{1,9})?$/.test(credentials.timestamp)) return "invalid timestamp";
  const offSeconds = Math.abs(nowMs / 1_000 - Number(credentials.timestamp));
  if (offSeconds > TIMESTAMP_WINDOW_SECONDS) return "request timestamp expired";
  if (!isSigned) return "invalid signature";
  if (known.passphrase !== undefined && !hasPassphrase) return "Invalid Passphrase";
  return undefined;
}

/** Compares in a time that depends on neither text: both are hashed to the same length first. */
function isSame(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
