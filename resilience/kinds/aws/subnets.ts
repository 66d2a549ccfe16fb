import { allFacts, chainFact, mapFact, Reason, unknown, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Surroundings } from "../../model";
import { text } from "../../reader";
import { referenced } from "../../references";

const SUBNET = "aws:ec2/subnet:Subnet";

/** The zones of the subnets that a property names, sorted. */
export function zonesOfSubnets(resource: Resource, path: string, { index }: Surroundings): Fact<string[]> {
  return chainFact(referenced(index, resource, path, [SUBNET]), (subnets): Fact<string[]> => {
    if (subnets.length === 0) return unknown(resource.urn, path, Reason.Elsewhere);
    const zones = subnets.map((subnet) =>
      chainFact(text(subnet, "availabilityZone"), (zone) =>
        zone === undefined ? unknown(subnet.urn, "availabilityZone", "is not set") : { known: true, value: zone },
      ),
    );
    return mapFact(allFacts(zones), (names) => [...new Set(names)].sort());
  });
}
