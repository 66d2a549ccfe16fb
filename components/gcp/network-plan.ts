import { addressCount, isPrivateCidr, parseCidr, splitCidr } from "../sizing/cidr";
import { shown, type Issue } from "../sizing/issues";

/** Prefix of the load balancer's proxy-only subnet: /23 is Google's recommendation, /26 its minimum. */
const PROXY_PREFIX_LENGTH = 23;
/** A region's block may be from /16 to /20, so that half of it always holds the egress subnet. */
const PREFIX_LENGTH_MIN = 16;
const PREFIX_LENGTH_MAX = 20;
/** Addresses that Google keeps in each subnet for itself. */
const RESERVED_ADDRESSES = 4;
/** Direct VPC egress takes about two addresses an instance, in blocks of 16 (docs.cloud.google.com/run/docs/configuring/vpc-direct-vpc). */
const ADDRESSES_PER_INSTANCE = 2;
const BLOCK = 16;

/** Address ranges of one region's network. */
export interface GcpSubnetPlan {
  /** Range of the proxies of the load balancer. */
  proxy: string;
  /** Range from which replicas open connections. */
  egress: string;
}

/**
 * Divides a region's block: the first /23 for the load balancer's proxies, the upper half for egress.
 *
 * The division depends on the block alone, so that raising the number of replicas moves no subnet.
 */
export function planSubnets(cidrBlock: string): GcpSubnetPlan {
  const prefixLength = parseCidr(cidrBlock)?.prefixLength ?? PREFIX_LENGTH_MIN;
  const [proxy] = splitCidr(cidrBlock, PROXY_PREFIX_LENGTH);
  const [, egress] = splitCidr(cidrBlock, prefixLength + 1);
  if (proxy === undefined || egress === undefined) throw new RangeError(`${cidrBlock} is too small`);
  return { proxy, egress };
}

/**
 * Replicas for which the egress half of a block has addresses, while a new revision starts beside the old one.
 *
 * @param prefixLength - of the region's whole block.
 */
export function replicasMax(prefixLength: number): number {
  const usable = addressCount(prefixLength + 1) - RESERVED_ADDRESSES;
  const perRevision = Math.floor(usable / 2 / BLOCK) * BLOCK;
  return Math.floor(perRevision / ADDRESSES_PER_INSTANCE);
}

/** Issues of a region's block, and of more replicas than it has addresses for. */
export function blockIssues(path: string, cidrBlock: string, replicas?: { path: string; maximum: number }): Issue[] {
  const cidr = parseCidr(cidrBlock);
  const sized = cidr !== undefined && cidr.prefixLength >= PREFIX_LENGTH_MIN && cidr.prefixLength <= PREFIX_LENGTH_MAX;
  if (!sized || !isPrivateCidr(cidrBlock)) {
    return [
      {
        path,
        expected: "a private IPv4 range from /16 to /20, without bits behind its prefix",
        got: shown(cidrBlock),
        fix: 'take a block that no other region has, such as "10.32.0.0/16"',
      },
    ];
  }
  const max = replicasMax(cidr.prefixLength);
  if (replicas === undefined || replicas.maximum <= max) return [];
  return [
    {
      path: replicas.path,
      expected: `at most ${String(max)} replicas in a /${String(cidr.prefixLength)}, two addresses each and twice in a rollout`,
      got: shown(replicas.maximum),
      fix: `lower it or give ${path} a shorter prefix`,
    },
  ];
}
