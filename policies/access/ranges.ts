/** Most addresses that a list may hold and still be one of known callers: a /8 of IPv4, a /16 of IPv6. Cloudflare's largest are /13 and /29. */
const PREFIX_MIN = { v4: 8, v6: 16 };

/**
 * Whether a range of addresses is so wide that it names nobody: `0.0.0.0/0`, `::/0`, `*`, and the halves and quarters into which they can
 * be cut to look like something else. Private ranges are never as wide.
 */
export function isWide(range: string): boolean {
  if (range === "*") return true;
  const [address = "", prefix] = range.trim().split("/");
  if (prefix === undefined || !/^\d+$/.test(prefix)) return false;
  return Number(prefix) < (address.includes(":") ? PREFIX_MIN.v6 : PREFIX_MIN.v4);
}
