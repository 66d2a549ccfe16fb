/**
 * Rates: lazily filled token buckets, one for each account and one for each client address, as Coinbase Exchange has them
 * (https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits: public 10 a second and 15 at once for each address, private 15 and 30
 * for each profile, fills 10 and 20).
 */
import { BlockList, isIP, isIPv6 } from "node:net";
import { TokenBucket } from "./token-bucket";

/** Buckets that are kept; the least recently used goes first. One costs about 200 bytes. */
const BUCKETS_MAX = 20_000;
/**
 * A peer in a private network is a load balancer, or this machine itself: behind it stand many clients, who share one bucket of this many
 * times the rate until `CLIENT_ADDRESS_HEADER` tells them apart.
 */
const SHARED_TIMES = 500;

/** Token buckets by name. Bounded: at most 20,000, the least recently used is forgotten (and is full again when it comes back). */
export class TokenBuckets {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param perSecond - tokens that come back each second. @param burst - tokens of a full bucket. */
  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Number of buckets now kept. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes a token out of the bucket of this name. `false` when it is empty.
   *
   * @param nowMs - a clock that never goes back, in milliseconds.
   * @param times - how many ordinary buckets this one stands for, the same each time.
   */
  take(name: string, nowMs: number, times = 1): boolean {
    const bucket = this.#buckets.get(name) ?? new TokenBucket(this.#perSecond * times, this.#burst * times, nowMs);
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    if (this.#buckets.size > BUCKETS_MAX) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return bucket.take(nowMs);
  }
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv4");
}
PRIVATE.addAddress("::1", "ipv6");
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

/** Where a request comes from: the name of its bucket, and how many ordinary buckets that is. */
export interface Origin {
  readonly name: string;
  readonly times: number;
}

/**
 * The client's address, as a bucket: one IPv4 address, or one IPv6 network of 64 bits, which is what one customer of a provider has.
 *
 * @param peer - the socket's other end.
 * @param header - the value of the header that the settings name; `undefined` without such a setting, and then no header is believed. Of a list, as
 * `X-Forwarded-For` is, the last counts: the proxy in front added it, and what stands before it came from the client.
 */
export function originOf(peer: string | undefined, header: string | undefined): Origin {
  const said = header?.split(",").at(-1)?.trim() ?? "";
  const address = isIP(said) !== 0 ? said : plain(peer ?? "");
  if (isIP(address) === 0) return { name: "unknown", times: 1 };
  if (PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4")) return { name: "private", times: SHARED_TIMES };
  return { name: isIPv6(address) ? networkOf(address) : address, times: 1 };
}

/** Whether the socket's other end is this machine. */
export function isLoopback(peer: string | undefined): boolean {
  const address = plain(peer ?? "");
  return address === "::1" || address.startsWith("127.");
}

/** IPv4 in IPv6's form, as a socket that listens on both shows it, becomes IPv4. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
}

/** The first 64 bits of an IPv6 address, written out. */
function networkOf(address: string): string {
  const [head = "", tail = ""] = address.split("%")[0]?.split("::") ?? [];
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Math.max(0, 8 - left.length - right.length) : 0;
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
