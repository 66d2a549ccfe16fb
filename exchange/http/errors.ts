/** Answers that are not what the client asked for: one class, and how everything that can be thrown becomes one. */
import { AppendRefused, OutcomeUnknown } from "../journal/journal";
import type { Rejection } from "../machine/events";
import { NotTaken } from "../node/exchange";
import type { Issue } from "../node/issues";
import { COMMAND_DEADLINE_MS } from "../node/submitter";

/** An answer with a 4xx or 5xx status whose body is `{"message": "…"}`, and `problems` where an operator asked. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly Issue[];
  constructor(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    problems: readonly Issue[] = [],
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.problems = problems;
  }
}

/** Seconds after which a client may send again what was certainly not taken. */
const RETRY_AFTER_SECONDS = "1";
/** A wait of this many milliseconds was ended by the node's deadline, not by a journal that gave up early. */
const DEADLINE_MS = COMMAND_DEADLINE_MS - 100;

const STATUS_OF_REJECTION: Record<Rejection["code"], number> = {
  invalid: 400,
  "not-found": 404,
  "insufficient-funds": 400,
  mode: 400,
  limit: 400,
  // 409 would be read by ccxt as "the exchange is not available", which it retries (ccxt 4.5, `httpExceptions`)
  exists: 400,
  "already-done": 400,
};

/** The machine's no, with the exchange's own text. */
export function rejected(rejection: Rejection): HttpError {
  return new HttpError(STATUS_OF_REJECTION[rejection.code], rejection.message);
}

/**
 * What `Exchange.submit` threw, as an answer. A command whose outcome nobody knows is never told as a refusal: 503, or 504 where the
 * deadline passed. One that is certainly not taken may be sent again: 503 with `retry-after`.
 *
 * @param what - what the client asked for, such as "order".
 * @param ask - how the client learns the outcome, such as "ask by client_oid 7".
 * @param waitedMs - milliseconds since the command was submitted.
 */
export function submitFailure(error: unknown, what: string, ask: string, waitedMs: number): Error {
  if (error instanceof OutcomeUnknown) {
    return new HttpError(waitedMs >= DEADLINE_MS ? 504 : 503, `${what} outcome unknown, ${ask}`);
  }
  if (error instanceof NotTaken || error instanceof AppendRefused) {
    return new HttpError(503, `${what} not taken: ${REASONS[error.reason]}`, { "retry-after": RETRY_AFTER_SECONDS });
  }
  return error instanceof Error ? error : new Error(`submit threw ${String(error)}`);
}

/** For the public: what the reason means to a client, without what it says about our machines. */
const REASONS: Record<NotTaken["reason"], string> = {
  full: "the exchange takes no new commands at the moment",
  "too-large": "the request is too large",
  closed: "this node is going away, send it again",
  misconfigured: "the exchange takes no new commands at the moment",
  "not-ready": "this node is not ready, send it again",
  overloaded: "too many requests are waiting, send it again",
};
