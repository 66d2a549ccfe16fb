/**
 * Books as bytes. A book of thousands of orders costs milliseconds to write and a megabyte to hold: whoever asks while nothing has changed gets the same bytes,
 * and books of single orders are written only so many times a second, so that no number of askers stops the node.
 */
import { HttpError } from "./errors";
import { TokenBuckets } from "./rates";

/** Books that are kept, the last ones asked for: about 1 MB each at most. */
const KEPT_MAX = 16;
/** Books of single orders that are written anew each second, all products together; twice as many at once. */
const WRITTEN_PER_SECOND = 10;

/** Which book, in which state. */
export interface BookState {
  readonly productId: string;
  readonly level: "1" | "2" | "3";
  /** Anything that changes when the answer would. */
  readonly version: string;
}

/** Keeps the last books that were written. */
export class BookAnswers {
  readonly #monotonicMs: () => number;
  readonly #kept = new Map<string, { readonly version: string; readonly bytes: Buffer }>();
  readonly #written = new TokenBuckets(WRITTEN_PER_SECOND, 2 * WRITTEN_PER_SECOND);

  /** @param monotonicMs - a clock that never goes back. */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** The bytes of this state; `write` makes them when they are not kept. @throws HttpError 503 when too many were made. */
  bytesOf({ productId, level, version }: BookState, write: () => unknown): Buffer {
    const name = `${level} ${productId}`;
    const kept = this.#kept.get(name);
    if (kept?.version === version) return kept.bytes;
    if (level === "3" && !this.#written.take("3", this.#monotonicMs())) {
      throw new HttpError(503, "books of single orders are asked for too often; follow the feed, or ask for level 2", {
        "retry-after": "1",
      });
    }
    const bytes = Buffer.from(JSON.stringify(write()));
    this.#kept.delete(name);
    this.#kept.set(name, { version, bytes });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break;
      this.#kept.delete(oldest);
    }
    return bytes;
  }
}
