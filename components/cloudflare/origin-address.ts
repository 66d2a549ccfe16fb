import { BlockList, isIP } from "node:net";
import { isHostname } from "../checks";
import { shown, type Issue } from "../sizing/issues";

/**
 * Ranges that do not reach a host from the Internet: private, shared, loopback, link-local, documentation, benchmarking, multicast and reserved.
 * Source: IANA special-purpose address registries (RFC 6890). Cloudflare refuses such origins:
 * 1002 `Origin address is invalid or is not globally routable and has health monitoring enabled`.
 */
const UNROUTABLE: readonly (readonly [address: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["::", 127],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001:db8::", 32],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
];

const unroutable = new BlockList();
for (const [address, prefix] of UNROUTABLE) unroutable.addSubnet(address, prefix, family(address));

function family(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}

/** One issue unless the address can be a pool's origin. An address that is not known while planning is left to Cloudflare. */
export function originAddressIssues(path: string, address: unknown, hostname: string): Issue[] {
  if (typeof address !== "string") return [];
  if (address === hostname)
    return [
      {
        path,
        expected: "an address behind Cloudflare",
        got: `${shown(address)}, the load balancer's own hostname`,
        fix: "give the region's own entry: Cloudflare would call itself",
      },
    ];
  if (isIP(address) === 0) return isHostname(address) ? [] : [malformedIssue(path, address)];
  if (!unroutable.check(address, family(address))) return [];
  return [
    {
      path,
      expected: "an address that the Internet reaches",
      got: shown(address),
      fix: "give the public address of the region's entry",
    },
  ];
}

function malformedIssue(path: string, address: string): Issue {
  return {
    path,
    expected: "an IP address or a full DNS name in lower case without a dot at its end",
    got: shown(address),
    fix: "leave out scheme, port and path",
  };
}
