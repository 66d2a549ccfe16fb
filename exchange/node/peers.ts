/** Asks the other regions how they are: rarely while all is well, often while something is missing here. */
import { z } from "zod";
import type { PeerAnswer } from "./region-health";
import { type Time, repeat } from "./time";

const CALM_MS = 1_000;
const WORRIED_MS = 150;
const TIMEOUT_MS = 1_000;
/** Asks of one peer without an answer: one from the calm time, which may hang, and one from after. */
const IN_FLIGHT_MAX = 2;
const BODY_BYTES_MAX = 4_096;

const reportSchema = z.object({
  version: z.literal(1),
  votersReached: z.int().nonnegative(),
  voters: z.int().nonnegative(),
  sequence: z.int().nonnegative(),
  lacks: z.array(z.string().max(32)).max(16),
  appendedMsAgo: z.number().nonnegative().nullable(),
});

/** Gives the body of `GET url`, or throws; ends with the signal. */
export type Get = (url: string, signal: AbortSignal) => Promise<string>;

/** The latest answer of each of at most 16 peers. */
export class PeerWatch {
  readonly #urls: readonly string[];
  readonly #time: Time;
  readonly #get: Get;
  readonly #answers = new Map<string, PeerAnswer>();
  readonly #inFlight = new Map<string, number>();
  readonly #closing = new AbortController();
  #stop: () => void = () => undefined;

  constructor(urls: readonly string[], time: Time, get: Get = httpGet) {
    this.#urls = urls;
    this.#time = time;
    this.#get = get;
  }

  /** Begins to ask. @param isWorried - whether answers are needed soon. */
  start(isWorried: () => boolean, onFault: (error: unknown) => void): void {
    if (this.#urls.length === 0) return;
    let askedMs = Number.NEGATIVE_INFINITY;
    this.#stop = repeat(
      this.#time,
      () => WORRIED_MS,
      () => {
        const nowMs = this.#time.monotonicMs();
        if (!isWorried() && nowMs - askedMs < CALM_MS) return;
        askedMs = nowMs;
        for (const url of this.#urls) this.#ask(url);
      },
      onFault,
    );
  }

  answers(): readonly PeerAnswer[] {
    return [...this.#answers.values()];
  }

  close(): void {
    this.#stop();
    this.#closing.abort();
  }

  #ask(url: string): void {
    const inFlight = this.#inFlight.get(url) ?? 0;
    if (inFlight >= IN_FLIGHT_MAX) return;
    this.#inFlight.set(url, inFlight + 1);
    const askedMs = this.#time.monotonicMs();
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    void this.#get(`${url}/healthz/peer`, signal)
      .then((body) => {
        const report = reportSchema.parse(JSON.parse(body));
        const answeredMs = this.#time.monotonicMs();
        if ((this.#answers.get(url)?.askedMs ?? Number.NEGATIVE_INFINITY) < askedMs) {
          this.#answers.set(url, { url, askedMs, answeredMs, report });
        }
      })
      // A peer that is away or answers nonsense is a peer that does not answer.
      .catch(() => undefined)
      .finally(() => {
        this.#inFlight.set(url, (this.#inFlight.get(url) ?? 1) - 1);
      });
  }
}

async function httpGet(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal, redirect: "error", headers: { accept: "application/json" } });
  if (answer.status !== 200 || answer.body === null) throw new Error(`status ${String(answer.status)}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new Error("the answer is too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
