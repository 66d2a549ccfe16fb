import type { Resource } from "../../graph";
import type { Surroundings } from "../../model";
import { linked } from "./links";
import { openingOf } from "./openings";
import { addressId, elements } from "./paths";
import { isBalancer } from "./routes";

/** Types of forwarding rules. */
export const RULES: readonly string[] = [
  "gcp:compute/forwardingRule:ForwardingRule",
  "gcp:compute/globalForwardingRule:GlobalForwardingRule",
];
const ADDRESSES: readonly string[] = ["gcp:compute/address:Address", "gcp:compute/globalAddress:GlobalAddress"];
const INSTANCE = "gcp:compute/instance:Instance";
const WHOLE = new Set(["gcp:apigateway/gateway:Gateway", "gcp:cloudrun/domainMapping:DomainMapping"]);

/**
 * Ids of the entries that an address of this Google resource leads to; empty where it leads to none (a rule that only redirects, a service that takes no
 * requests from outside), undefined for a type that has no address.
 */
export function gcpEntriesAt(resource: Resource, around: Surroundings): string[] | undefined {
  if (WHOLE.has(resource.type)) return [resource.urn];
  if (RULES.includes(resource.type)) return isBalancer(resource, around) ? [resource.urn] : [];
  if (ADDRESSES.includes(resource.type)) return holdersOf(resource, around);
  const isOpen = openingOf(resource);
  if (isOpen === undefined) return undefined;
  return isOpen.known && !isOpen.value ? [] : [addressId(resource.urn)];
}

/** What a reserved address belongs to: forwarding rules, or a machine. */
function holdersOf(address: Resource, around: Surroundings): string[] {
  const named = around.index.dependants(address.urn);
  const rules = named.filter(
    (each) => RULES.includes(each.type) && names(each, "ipAddress", address, around) && isBalancer(each, around),
  );
  const machines = named.filter(
    (each) =>
      each.type === INSTANCE &&
      elements(each, "networkInterfaces")
        .flatMap((path) => elements(each, `${path}.accessConfigs`))
        .some((path) => names(each, `${path}.natIp`, address, around)),
  );
  return [...rules.map(({ urn }) => urn), ...machines.map(({ urn }) => addressId(urn))].sort();
}

function names(resource: Resource, path: string, address: Resource, around: Surroundings): boolean {
  const found = linked(resource, path, ADDRESSES, around);
  return found.known && found.value.includes(address);
}
