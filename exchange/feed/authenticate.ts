/** Whom a signed subscription speaks for. The secrets are derived by the key ring; nothing of what the client sent is kept or told. */
import { refusalOf } from "../http/auth";
import type { MachineView } from "../machine/view";
import type { KeyRing } from "../node/api-keys";
import type { FeedCredentials } from "./requests";
import type { FeedIdentity } from "./socket";

/** What is signed: https://docs.cdp.coinbase.com/exchange/websocket-feed/authentication. */
const SIGNED = { method: "GET", path: "/users/self/verify", body: "" } as const;

/**
 * Judges a subscription's signature. A key that does not exist costs the same time as one that does.
 *
 * @param nowMs - wall clock in milliseconds of the epoch.
 * @returns who it is, or the refusal in the words of Coinbase Exchange.
 */
export function authenticate(
  credentials: FeedCredentials,
  keys: KeyRing,
  view: MachineView,
  nowMs: number,
): FeedIdentity | { readonly refusal: string } {
  const { secret, passphrase } = keys.credentialsOf(credentials.key);
  const known = { secret: Uint8Array.from(Buffer.from(secret, "base64")), passphrase };
  const refusal = refusalOf(credentials, SIGNED, known, nowMs);
  const key = view.key(credentials.key);
  if (key === undefined || key.revoked) return { refusal: "Invalid API Key" };
  return refusal === undefined ? { accountId: key.accountId, keyId: key.keyId } : { refusal };
}
