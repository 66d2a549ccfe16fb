import { allFacts, chainFact, known, mapFact, Reason, unknown, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { text } from "../../reader";
import { pointed, pointedByEach, type Pointed } from "./pointers";
import { SUBNETS } from "./types";

/**
 * The zones of the subnets that a property names, sorted.
 *
 * @param inner - the property of each element that names the subnet, where the list holds objects.
 */
export function zonesOfSubnets(resource: Resource, path: string, index: GraphIndex, inner?: string): Fact<string[]> {
  const found =
    inner === undefined
      ? pointed(index, resource, path, SUBNETS)
      : pointedByEach(index, resource, path, inner, SUBNETS);
  return zonesOfPointed(resource, path, found);
}

/** The zones of subnets that were looked up already; see `zonesOfSubnets`. */
export function zonesOfPointed(
  resource: Resource,
  path: string,
  { resources, outside, missing }: Pointed,
): Fact<string[]> {
  if (missing !== undefined) {
    return missing.why === Reason.Later ? unknown(missing.urn, missing.property, Reason.Subnets) : missing;
  }
  if (outside.length > 0) {
    return unknown(resource.urn, path, Reason.Subnets);
  }
  if (resources.length === 0) return unknown(resource.urn, path, "names no subnet, so that the zones are not known");
  const named = allFacts(resources.map((subnet) => zoneOfSubnet(subnet)));
  return chainFact(named, (zones): Fact<string[]> => {
    // `use2-az1` and `us-east-2a` may be the same zone: only names of one sort can be compared.
    if (new Set(zones.map(({ isId }) => isId)).size > 1) {
      return unknown(
        resource.urn,
        path,
        "names subnets of which some tell their zone by name and some by id, which cannot be compared",
      );
    }
    return known([...new Set(zones.map(({ zone }) => zone))].sort());
  });
}

interface NamedZone {
  zone: string;
  /** Whether it is a zone's id (`use2-az1`), which is the same in every account, rather than its name (`us-east-2a`). */
  isId: boolean;
}

/** The zone of one subnet, by the name that the account has for it, otherwise by its id. */
export function zoneOfSubnet(subnet: Resource): Fact<NamedZone> {
  const name = text(subnet, "availabilityZone");
  if (name.known && name.value !== undefined) return known({ zone: name.value, isId: false });
  const id = text(subnet, "availabilityZoneId");
  if (id.known && id.value !== undefined) return known({ zone: id.value, isId: true });
  if (!name.known) return name;
  if (!id.known) return id;
  const why = subnet.isExternal ? Reason.Read : "is not set, so that AWS picks the zone";
  return unknown(subnet.urn, "availabilityZone", why);
}

/** The names of zones that a list holds itself, sorted; empty where it is absent. */
export function namedZones(zones: Fact<Fact<string>[]>): Fact<string[]> {
  return chainFact(zones, (all) => mapFact(allFacts(all), (names) => [...new Set(names)].sort()));
}
