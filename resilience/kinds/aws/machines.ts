import { chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Compute, Kind, Part, Place, Surroundings } from "../../model";
import { boolean, property, text } from "../../reader";
import { oncePerGraph, push } from "../once";
import { usesOf } from "./dependencies";
import { launchOf } from "./launch";
import { handedByLaunch, machineImageOf } from "./machine-launch";
import { isOpenToClients } from "./open-ports";
import { pointed } from "./pointers";
import { zonesOfSubnets } from "./subnets";
import { EIP, EIP_ASSOCIATION, INSTANCE, SPOT_INSTANCE, SUBNETS } from "./types";
import { untoldRollout } from "../defaults";
import { ownEntry } from "./own-entry";

/** Single machines. Each is what answers, and the way in to it (`URN#entry`). */
export const machineKinds: readonly Kind[] = [{ types: [INSTANCE, SPOT_INSTANCE], parts: partsOf }];

function partsOf(resource: Resource, around: Surroundings): Part[] {
  const { index } = around;
  const place: Place = { ...around.placeOf(resource), zones: zoneOfMachine(resource, index) };
  const uses = usesOf([handedByLaunch(resource)], place.region, around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: uses.needs,
    unit: "machine",
    minimum: mapFact(isSpot(resource), (spot) => (spot ? 0 : 1)),
    maximum: known(undefined),
    dependencies: [machineImageOf(resource, place.region), ...uses.dependencies],
    rollout: untoldRollout,
    texts: uses.texts,
  };
  return [compute, ownEntry(resource, place, "the machine", isPublic(resource, index), [])];
}

function isSpot(machine: Resource): Fact<boolean> {
  if (machine.type === SPOT_INSTANCE) return known(true);
  return mapFact(text(machine, "instanceMarketOptions.marketType"), (market) => market === "spot");
}

function zoneOfMachine(machine: Resource, index: GraphIndex): Fact<string[]> {
  const zone = text(machine, "availabilityZone");
  if (zone.known && zone.value !== undefined) return known([zone.value]);
  const subnet = pointed(index, machine, "subnetId", SUBNETS);
  if (subnet.resources.length > 0 || subnet.missing !== undefined || subnet.outside.length > 0) {
    return chainFact(zonesOfSubnets(machine, "subnetId", index), (zones): Fact<string[]> =>
      zones.length > 1
        ? unknown(machine.urn, "subnetId", "is one of several subnets, so that its zone is not known")
        : known(zones),
    );
  }
  const placed = launchOf(machine, index).resources[0];
  const placement = placed === undefined ? known(undefined) : text(placed, "placement.availabilityZone");
  return chainFact(placement, (name): Fact<string[]> =>
    name === undefined ? unknown(machine.urn, "subnetId", "is not set, so that AWS picks the zone") : known([name]),
  );
}

const addressed = oncePerGraph((index) => {
  const addresses = new Map<string, Resource[]>();
  for (const address of index.ofType(EIP)) {
    for (const { urn } of pointed(index, address, "instance", [INSTANCE]).resources) push(addresses, urn, address);
  }
  for (const association of index.ofType(EIP_ASSOCIATION)) {
    for (const { urn } of pointed(index, association, "instanceId", [INSTANCE]).resources)
      push(addresses, urn, association);
  }
  return addresses;
});

/** Whether clients outside reach ports of it that are for clients: it has a public address, and its security groups let them in. */
function isPublic(machine: Resource, index: GraphIndex): Fact<boolean> {
  const hasAddress = addressed(index).has(machine.urn) ? known(true) : getsAddress(machine, index);
  if (!hasAddress.known || !hasAddress.value) return hasAddress;
  return isOpenToClients(machine, index);
}

/**
 * A machine gets a public address where it asks for one, otherwise where its subnet gives one to everything. One without a subnet is put into
 * a default subnet of the region, and these give public addresses unless somebody has changed them
 * (docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html).
 */
function getsAddress(machine: Resource, index: GraphIndex): Fact<boolean> {
  return chainFact(boolean(machine, "associatePublicIpAddress"), (asked): Fact<boolean> => {
    if (asked !== undefined) return known(asked);
    const { resources, missing, outside } = pointed(index, machine, "subnetId", SUBNETS);
    const [subnet] = resources;
    if (subnet !== undefined) {
      const isDefault = subnet.type === "aws:ec2/defaultSubnet:DefaultSubnet";
      return withDefault(boolean(subnet, "mapPublicIpOnLaunch"), isDefault);
    }
    if (missing !== undefined) return missing;
    if (outside.length > 0) return unknown(machine.urn, "subnetId", "is outside this design");
    if (!isPlacedElsewhere(machine)) return known(true);
    return unknown(machine.urn, "subnetId", "is not set, so that its launch template or interface decides");
  });
}

/** Whether something else than the machine may name its subnet. */
function isPlacedElsewhere(machine: Resource): boolean {
  return ["launchTemplate", "primaryNetworkInterface", "networkInterfaces"].some((path) => {
    const fact = property(machine, path);
    return !fact.known || fact.value !== undefined;
  });
}
