// Proves the arithmetic of IPv4 ranges: what is read, printed, split, contained. Does not prove that a cloud accepts a range.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cidrContains,
  cidrsOverlap,
  formatCidr,
  isCidrV6,
  isPrivateCidr,
  parseCidr,
  splitCidr,
} from "../../../components/sizing/cidr";

const ranges = fc
  .record({ prefixLength: fc.integer({ min: 8, max: 28 }), seed: fc.nat({ max: 2 ** 31 }) })
  .map(({ prefixLength, seed }) => {
    const size = 2 ** (32 - prefixLength);
    return formatCidr({ first: (Math.floor(seed / size) * size) % 2 ** 32, prefixLength });
  });

describe("parseCidr", () => {
  it.each([
    ["10.16.0.0/16", { first: 168820736, prefixLength: 16 }],
    ["0.0.0.0/0", { first: 0, prefixLength: 0 }],
    ["255.255.255.255/32", { first: 4294967295, prefixLength: 32 }],
  ])("reads %s", (text, expected) => {
    expect(parseCidr(text)).toEqual(expected);
  });

  it.each([
    "10.0.0.1/24",
    "10.0.0.0",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "010.0.0.0/8",
    "10.0.0.0/08",
    "::/0",
    "",
    "10.0.0/8",
  ])("rejects %j", (text) => {
    expect(parseCidr(text)).toBe(undefined);
  });

  it("reads back whatever it prints", () => {
    fc.assert(fc.property(ranges, (text) => formatCidr(parseCidr(text) ?? { first: 1, prefixLength: 32 }) === text));
  });
});

describe("splitCidr", () => {
  it("splits in order of address", () => {
    expect(splitCidr("10.16.0.0/16", 18)).toEqual([
      "10.16.0.0/18",
      "10.16.64.0/18",
      "10.16.128.0/18",
      "10.16.192.0/18",
    ]);
  });

  it("gives parts that are inside, apart from one another, and fill the whole", () => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 0, max: 4 }), (text, bits) => {
        const prefixLength = Number(text.split("/")[1]) + bits;
        const parts = splitCidr(text, prefixLength);
        expect(parts.length).toBe(2 ** bits);
        expect(parts.every((part) => cidrContains(text, part))).toBe(true);
        expect(parts.some((a, i) => parts.some((b, j) => i < j && cidrsOverlap(a, b)))).toBe(false);
      }),
    );
  });

  it("rejects a part that is larger than the whole", () => {
    expect(() => splitCidr("10.0.0.0/16", 8)).toThrow("10.0.0.0/16 cannot be split into /8");
  });
});

describe("cidrsOverlap and cidrContains", () => {
  it.each([
    ["10.0.0.0/16", "10.0.128.0/17", true, true],
    ["10.0.0.0/16", "10.1.0.0/16", false, false],
    ["10.0.128.0/17", "10.0.0.0/16", true, false],
    ["10.0.0.0/16", "10.0.0.0/16", true, true],
  ])("%s and %s", (one, other, overlap, contains) => {
    expect([cidrsOverlap(one, other), cidrContains(one, other)]).toEqual([overlap, contains]);
  });

  it("does not depend on the order of the two", () => {
    fc.assert(fc.property(ranges, ranges, (a, b) => cidrsOverlap(a, b) === cidrsOverlap(b, a)));
  });

  it("refuses to answer about what is no range", () => {
    expect(() => cidrsOverlap("10.0.0.0/16", "here")).toThrow('"here" is not an IPv4 range');
  });
});

describe("isPrivateCidr and isCidrV6", () => {
  it.each([
    ["10.16.0.0/16", true],
    ["172.31.0.0/16", true],
    ["172.32.0.0/16", false],
    ["192.168.0.0/15", false],
    ["nonsense", false],
  ])("private: %s is %s", (text, expected) => {
    expect(isPrivateCidr(text)).toBe(expected);
  });

  it.each([
    ["2606:4700::/32", true],
    ["2400:cb00:0:0:0:0:0:0/32", true],
    ["::/0", true],
    ["2606::4700::/32", false],
    ["2606:4700/32", false],
    ["2606:4700::/129", false],
    ["173.245.48.0/20", false],
    ["2606:47000::/32", false],
  ])("IPv6: %s is %s", (text, expected) => {
    expect(isCidrV6(text)).toBe(expected);
  });
});
