import { valueOr } from "../fact";
import type { Resource } from "../graph";
import type { Surroundings } from "../model";
import { text } from "../reader";
import { references } from "../references";

/** Types that are an entry themselves: an address of theirs is an address of a region's way in. */
const ENTRIES = new Set([
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/loadBalancer:LoadBalancer",
  "gcp:compute/forwardingRule:ForwardingRule",
]);

/** Types that stand between an address and the entry behind it, with the property of the entry that names them. */
const ADDRESSES: Record<string, readonly string[]> = {
  "gcp:compute/address:Address": ["gcp:compute/forwardingRule:ForwardingRule"],
};

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

/** Ids of the entries that an address in a pool leads to; for one outside the design, the id of the part that stands for it. */
export function originAt(resource: Resource, path: string, around: Surroundings): string[] {
  const found = references(around.index, resource, path);
  if (!found.known) return [];
  const entries = found.value.items.flatMap(({ resources }) => resources.flatMap((each) => entriesOf(each, around, 0)));
  if (entries.length > 0) return [...new Set(entries)];
  const address = valueOr(text(resource, path), undefined);
  return address === undefined ? [] : [externalId(address)];
}

/** The id of the part that stands for an address outside the design. */
export function externalId(address: string): string {
  return `external:${address}`;
}

/** A record may point to a record; more steps than this are no design. */
const STEPS_MAX = 5;

function entriesOf(resource: Resource, around: Surroundings, steps: number): string[] {
  if (steps > STEPS_MAX) return [];
  if (ENTRIES.has(resource.type)) return [resource.urn];
  const users = ADDRESSES[resource.type];
  if (users !== undefined) {
    return around.index
      .dependants(resource.urn)
      .filter(({ type }) => users.includes(type))
      .map(({ urn }) => urn);
  }
  if (resource.type !== RECORD) return [];
  const target = references(around.index, resource, "content");
  if (!target.known) return [];
  return target.value.items.flatMap(({ resources }) =>
    resources.filter(({ urn }) => urn !== resource.urn).flatMap((each) => entriesOf(each, around, steps + 1)),
  );
}
