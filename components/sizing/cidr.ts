/** An IPv4 address range as numbers. */
export interface Cidr {
  /** First address, as an unsigned 32-bit number. */
  first: number;
  /** Bits that all addresses share: 0 to 32. */
  prefixLength: number;
}

/** Ranges that RFC 1918 sets aside for private networks. */
const PRIVATE_RANGES: readonly string[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * An IPv4 range in canonical form: four decimal numbers without leading zeros, a prefix length, and no bit set behind it.
 * Nothing where the text is not such a range: `10.0.0.1/24` has a host bit, which AWS and Google both refuse.
 */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  if (match.slice(1).some((part, index) => part !== String(numbers[index]))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefixLength = 0] = numbers;
  if ([a, b, c, d].some((octet) => octet > 255) || prefixLength > 32) return undefined;
  const first = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return first % addressCount(prefixLength) === 0 ? { first, prefixLength } : undefined;
}

/** The canonical text of a range. */
export function formatCidr({ first, prefixLength }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join(".")}/${String(prefixLength)}`;
}

/** Number of addresses behind a prefix of this length. */
export function addressCount(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}

/** Whether every address of `inner` is in `outer`. */
export function cidrContains(outer: string, inner: string): boolean {
  const [a, b] = [required(outer), required(inner)];
  return a.first <= b.first && lastOf(b) <= lastOf(a);
}

/** Whether the two ranges share an address. */
export function cidrsOverlap(one: string, other: string): boolean {
  const [a, b] = [required(one), required(other)];
  return a.first <= lastOf(b) && b.first <= lastOf(a);
}

/** All ranges of `prefixLength` inside `cidr`, in order of address. */
export function splitCidr(cidr: string, prefixLength: number): string[] {
  const { first, prefixLength: own } = required(cidr);
  if (prefixLength < own || prefixLength > 32) {
    throw new RangeError(`${cidr} cannot be split into /${String(prefixLength)}`);
  }
  const size = addressCount(prefixLength);
  return Array.from({ length: 2 ** (prefixLength - own) }, (_, index) =>
    formatCidr({ first: first + index * size, prefixLength }),
  );
}

/** Whether the text is a range inside RFC 1918. */
export function isPrivateCidr(text: string): boolean {
  return parseCidr(text) !== undefined && PRIVATE_RANGES.some((range) => cidrContains(range, text));
}

/** Whether the text is an IPv6 range such as `2606:4700::/32`. Judges the form alone, not host bits. */
export function isCidrV6(text: string): boolean {
  const match = /^([0-9a-fA-F:]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] ?? "";
  if (match === null || Number(match[2]) > 128 || !address.includes(":")) return false;
  const halves = address.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const complete = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  return complete && groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
}

function lastOf({ first, prefixLength }: Cidr): number {
  return first + addressCount(prefixLength) - 1;
}

function required(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new RangeError(`${JSON.stringify(text)} is not an IPv4 range`);
  return cidr;
}
