// Proves how a region's block is divided and how many replicas it has addresses for. It does not prove Google's own count of addresses.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockIssues, planSubnets, replicasMax } from "../../../components/gcp/network-plan";
import { addressCount, cidrContains, cidrsOverlap, formatCidr, parseCidr } from "../../../components/sizing/cidr";

describe("planSubnets", () => {
  it.each([
    ["10.32.0.0/16", { proxy: "10.32.0.0/23", egress: "10.32.128.0/17" }],
    ["10.32.16.0/20", { proxy: "10.32.16.0/23", egress: "10.32.24.0/21" }],
  ])("divides %s", (block, expected) => {
    expect(planSubnets(block)).toEqual(expected);
  });

  it("keeps both subnets inside the block and apart, whatever the block", () => {
    const blocks = fc
      .tuple(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 2 ** 24 - 1 }))
      .map(([prefixLength, host]) => {
        const size = addressCount(prefixLength);
        const first = 10 * 2 ** 24 + Math.floor(host / size) * size;
        return formatCidr({ first, prefixLength });
      });
    fc.assert(
      fc.property(blocks, (block) => {
        const { proxy, egress } = planSubnets(block);
        expect(cidrContains(block, proxy) && cidrContains(block, egress)).toBe(true);
        expect(cidrsOverlap(proxy, egress)).toBe(false);
        expect(parseCidr(proxy)?.prefixLength).toBe(23);
      }),
    );
  });
});

describe("replicasMax", () => {
  it.each([
    [16, 8184],
    [17, 4088],
    [20, 504],
  ])("in a /%i is %i", (prefixLength, expected) => {
    expect(replicasMax(prefixLength)).toBe(expected);
  });
});

describe("blockIssues", () => {
  it("takes a private block with room for all replicas", () => {
    expect(blockIssues("cidrBlock", "10.32.16.0/20", { path: "maximumReplicas", maximum: 504 })).toEqual([]);
  });

  it.each(["10.32.0.0/15", "10.32.0.0/21", "10.32.0.1/16", "8.8.0.0/16", "ten"])("rejects %s", (block) => {
    expect(blockIssues("cidrBlock", block)).toEqual([
      {
        path: "cidrBlock",
        expected: "a private IPv4 range from /16 to /20, without bits behind its prefix",
        got: `"${block}"`,
        fix: 'take a block that no other region has, such as "10.32.0.0/16"',
      },
    ]);
  });

  it("rejects more replicas than there are addresses for", () => {
    expect(blockIssues("cidrBlock", "10.32.16.0/20", { path: "maximumReplicas", maximum: 505 })).toEqual([
      {
        path: "maximumReplicas",
        expected: "at most 504 replicas in a /20, two addresses each and twice in a rollout",
        got: "505",
        fix: "lower it or give cidrBlock a shorter prefix",
      },
    ]);
  });
});
