import { splitCidr } from "../sizing/cidr";

/** Blocks into which a network's range is split: seven for the private subnets of zones a to g, the last for all public ones. */
const BLOCKS_PREFIX_BITS = 3;
const PUBLIC_BLOCK = 2 ** BLOCKS_PREFIX_BITS - 1;
/** Letters of zones that have a place in the plan. AWS has used a to f so far. */
const ZONE_LETTERS = "abcdefg";
/** Addresses of each subnet that AWS keeps for itself (VPC user guide, subnet sizing). */
const RESERVED_ADDRESSES = 5;

/** The subnets of one zone. */
export interface ZoneSubnets {
  /** The zone: `us-east-2a`. */
  zone: string;
  /** For the load balancer and NAT: `10.16.224.0/22`. */
  publicCidrBlock: string;
  /** For tasks and endpoints: `10.16.0.0/19`. */
  privateCidrBlock: string;
}

/** Whether the text is a zone of that region with a place in the plan. */
export function isPlannableZone(region: string, zone: string): boolean {
  return zone.length === region.length + 1 && zone.startsWith(region) && ZONE_LETTERS.includes(zone.slice(-1));
}

/**
 * The subnets of each zone. A zone's subnets follow from its letter alone, so that adding, removing or reordering zones
 * renumbers nothing: a renumbered subnet is a replaced one, and with it everything that runs there.
 *
 * @param cidrBlock - the network's range, /16 to /20.
 */
export function planSubnets(cidrBlock: string, zones: readonly string[]): ZoneSubnets[] {
  const prefixLength = Number(cidrBlock.split("/")[1]);
  const blocks = splitCidr(cidrBlock, prefixLength + BLOCKS_PREFIX_BITS);
  const publicBlocks = splitCidr(blocks[PUBLIC_BLOCK] ?? cidrBlock, prefixLength + 2 * BLOCKS_PREFIX_BITS);
  return zones.map((zone) => {
    const index = ZONE_LETTERS.indexOf(zone.slice(-1));
    const [privateCidrBlock, publicCidrBlock] = [blocks[index], publicBlocks[index]];
    if (privateCidrBlock === undefined || publicCidrBlock === undefined) throw new RangeError(`no subnets for ${zone}`);
    return { zone, publicCidrBlock, privateCidrBlock };
  });
}

/** Addresses that one private subnet has for tasks and endpoints. */
export function privateAddresses(cidrBlock: string): number {
  const prefixLength = Number(cidrBlock.split("/")[1]) + BLOCKS_PREFIX_BITS;
  return 2 ** (32 - prefixLength) - RESERVED_ADDRESSES;
}
