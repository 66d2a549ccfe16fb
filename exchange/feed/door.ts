/** Who may open a socket: paths, bounds for each client address and for the node, pace. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { originOf, TokenBuckets } from "../http/rates";
import type { FeedLimits } from "./limits";

/** Sockets of a client that comes and goes: 8 a second, 20 at once, as https://docs.cdp.coinbase.com/exchange/websocket-feed/rate-limits says. */
const UPGRADES_PER_SECOND = 8;
const UPGRADES_AT_ONCE = 20;

/** An upgrade that is not taken. */
export interface Refusal {
  readonly status: 400 | 404 | 429 | 503;
  readonly message: string;
}

const STATUS_TEXTS = {
  400: "Bad Request",
  404: "Not Found",
  429: "Too Many Requests",
  503: "Service Unavailable",
} as const;

/** Keeps one number for each address with a socket, and the paces of at most as many addresses as `TokenBuckets` holds. */
export class Door {
  readonly #limits: FeedLimits;
  readonly #clientAddressHeader: string | undefined;
  readonly #sockets = new Map<string, number>();
  readonly #pace = new TokenBuckets(UPGRADES_PER_SECOND, UPGRADES_AT_ONCE);

  /** @param clientAddressHeader - lower case; without it the socket's peer is the client. */
  constructor(limits: FeedLimits, clientAddressHeader: string | undefined) {
    this.#limits = limits;
    this.#clientAddressHeader = clientAddressHeader;
  }

  /**
   * Judges an upgrade.
   *
   * @param isOpen - whether the node serves feeds at all now; `isFull` - whether it has too many sockets, or too much waits for them.
   * @param nowMs - a clock that never goes back.
   * @returns the name of the client's address, to be handed to `entered` and `left`; or why not.
   */
  judge(request: IncomingMessage, isOpen: boolean, isFull: boolean, nowMs: number): string | Refusal {
    const path = request.url?.split("?", 1)[0];
    if (path !== "/" && path !== "/ws") return { status: 404, message: "NotFound" };
    if (!isOpen) return { status: 503, message: "this node serves no feed now: connect again" };
    const header = this.#clientAddressHeader === undefined ? undefined : request.headers[this.#clientAddressHeader];
    const { name, times } = originOf(request.socket.remoteAddress, typeof header === "string" ? header : undefined);
    const isWithin = (this.#sockets.get(name) ?? 0) < this.#limits.socketsPerAddressMax * times;
    if (!isWithin || !this.#pace.take(name, nowMs, times))
      return { status: 429, message: "Public rate limit exceeded" };
    if (isFull) return { status: 503, message: "too many clients on this node: connect again" };
    return name;
  }

  /** A socket of that address is open. */
  entered(address: string): void {
    this.#sockets.set(address, (this.#sockets.get(address) ?? 0) + 1);
  }

  /** It is closed. */
  left(address: string): void {
    const left = (this.#sockets.get(address) ?? 1) - 1;
    if (left > 0) this.#sockets.set(address, left);
    else this.#sockets.delete(address);
  }
}

/** Answers an upgrade that is not taken, in the exchange's own form. */
export function refuse(socket: Duplex, { status, message }: Refusal): void {
  const body = JSON.stringify({ message });
  socket.on("error", () => undefined);
  socket.end(
    [
      `HTTP/1.1 ${String(status)} ${STATUS_TEXTS[status]}`,
      "Connection: close",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${String(Buffer.byteLength(body))}`,
      ...(status === 400 ? ["Sec-WebSocket-Version: 13"] : []),
      ...(status === 429 || status === 503 ? ["Retry-After: 1"] : []),
      "",
      body,
    ].join("\r\n"),
    () => socket.destroy(),
  );
}
