/** What the failure of one try to publish says about the entry. Pure. */
import { JetStreamApiError } from "@nats-io/jetstream";
import {
  InvalidArgumentError,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
} from "@nats-io/transport-node";
import type { AppendRefused } from "../journal";

/**
 * `refused`: the voters will never store this try. `unheard`: nobody got it. `unknown`: it may be stored, now or later. Anything that is
 * not understood is `unknown`: a wrong refusal would be told to a client as a fact.
 */
export type Verdict =
  | { readonly kind: "refused"; readonly reason: AppendRefused["reason"]; readonly message: string }
  | { readonly kind: "unheard" | "unknown"; readonly message: string };

/** Error codes by which a leader refuses before it proposes the entry to the others (https://github.com/nats-io/nats-server, server/errors.json). */
const REFUSALS: ReadonlyMap<number, AppendRefused["reason"]> = new Map([
  [10002, "full"], // resource limits exceeded for account
  [10023, "full"], // insufficient resources
  [10047, "full"], // insufficient storage resources available
  [10054, "too-large"], // message size exceeds maximum allowed
  [10060, "misconfigured"], // expected stream does not match
  [10071, "misconfigured"], // wrong last sequence
  [10097, "too-large"], // header size exceeds maximum allowed of 64k
  [10109, "misconfigured"], // invalid operation on sealed stream
]);
/** "Store failed" says with its text alone whether the limit stopped the entry or a disk did, after the entry was agreed on. */
const STORE_FAILED = 10077;
const LIMIT_TEXT = /^maximum (?:messages|bytes) exceeded$/;
/** "JetStream system temporarily unavailable", "no suitable peers", "server is not current leader" and the like: asked again. */
const UNHEARD: ReadonlySet<number> = new Set([10008, 10009]);

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next instanceof Error && chain.length < 5; next = next.cause) chain.push(next);
  return chain;
}

/** Judges what a publish was rejected with. */
export function verdictOf(error: unknown): Verdict {
  const message = error instanceof Error ? error.message : "unknown error";
  for (const cause of causes(error)) {
    if (cause instanceof JetStreamApiError) {
      const text = `${cause.message} (${String(cause.code)})`;
      if (cause.code === STORE_FAILED && LIMIT_TEXT.test(cause.message))
        return { kind: "refused", reason: "full", message: text };
      const reason = REFUSALS.get(cause.code);
      if (reason !== undefined) return { kind: "refused", reason, message: text };
      return { kind: UNHEARD.has(cause.code) ? "unheard" : "unknown", message: text };
    }
    if (cause instanceof PermissionViolationError)
      return { kind: "refused", reason: "misconfigured", message: cause.message };
    if (cause instanceof InvalidArgumentError) {
      const reason = cause.message.includes("payload") ? "too-large" : "misconfigured";
      return { kind: "refused", reason, message: cause.message };
    }
    if (cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders())) {
      return { kind: "unheard", message: "no leader answers" };
    }
  }
  return { kind: "unknown", message };
}
