import { allFacts, chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Surroundings } from "../../../model";
import { number, text } from "../../../reader";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { zonesOfSubnets } from "../subnets";
import { RDS_BACKUP_REPLICATION, RDS_INSTANCE, RDS_SUBNET_GROUP } from "../types";
import { flag, storePart } from "./store";

/**
 * Instances of RDS. A read replica is a store of its own that answers reads, and no record: what it tells about safety is its source's.
 * Defaults are the provider's (`aws.rds.Instance`): one zone, no backups, no encryption, no protection.
 */
export function rdsInstance(resource: Resource, around: Surroundings): Data[] {
  const { index } = around;
  const isReplica = sourceOf(resource, index).length > 0 || isReplicaOfOutside(resource);
  const multiAz = flag(resource, "multiAz");
  const days = withDefault(number(resource, "backupRetentionPeriod"), 0);
  return [
    storePart(resource, around, {
      kind: "rds",
      isRecord: !isReplica,
      otherRegions: regionsOf(replicasBySource(index).get(resource.urn) ?? [], around),
      zones: zonesOfInstance(resource, multiAz, index),
      isMultiZone: multiAz,
      pointInTimeDays: days,
      backupRegions: backupRegions(resource, days, around),
      isDeletionProtected: flag(resource, "deletionProtection"),
      isEncrypted: flag(resource, "storageEncrypted"),
      isPublic: flag(resource, "publiclyAccessible"),
    }),
  ];
}

/** The databases that a read replica copies. */
export function sourceOf(replica: Resource, index: GraphIndex): Resource[] {
  return pointed(index, replica, "replicateSourceDb", [RDS_INSTANCE]).resources;
}

function isReplicaOfOutside(resource: Resource): boolean {
  const source = text(resource, "replicateSourceDb");
  return !source.known || source.value !== undefined;
}

const replicasBySource = oncePerGraph((index) => {
  const replicas = new Map<string, Resource[]>();
  for (const replica of index.ofType(RDS_INSTANCE)) {
    for (const { urn } of sourceOf(replica, index)) push(replicas, urn, replica);
  }
  return replicas;
});

/** The regions in which resources stand. */
export function regionsOf(resources: readonly Resource[], { placeOf }: Surroundings): Fact<string[]> {
  return allFacts(resources.map((each) => placeOf(each).region));
}

function zonesOfInstance(resource: Resource, multiAz: Fact<boolean>, index: GraphIndex): Fact<string[]> {
  return chainFact(multiAz, (isSpread): Fact<string[]> => {
    if (isSpread) return zonesOfSubnetGroup(resource, "dbSubnetGroupName", RDS_SUBNET_GROUP, index);
    return mapZone(resource);
  });
}

function mapZone(resource: Resource): Fact<string[]> {
  return chainFact(text(resource, "availabilityZone"), (zone): Fact<string[]> =>
    zone === undefined
      ? unknown(resource.urn, "availabilityZone", "is not set, so that AWS picks the one zone")
      : known([zone]),
  );
}

/** The zones of the subnet group of a store that AWS spreads; none named, which is the vendor's spread, where they are not known. */
export function zonesOfSubnetGroup(resource: Resource, path: string, type: string, index: GraphIndex): Fact<string[]> {
  const [group] = pointed(index, resource, path, [type]).resources;
  if (group === undefined) return known([]);
  const zones = zonesOfSubnets(group, "subnetIds", index);
  return zones.known ? zones : known([]);
}

const backupReplications = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const each of index.ofType(RDS_BACKUP_REPLICATION)) {
    for (const { urn } of pointed(index, each, "sourceDbInstanceArn", [RDS_INSTANCE]).resources) push(found, urn, each);
  }
  return found;
});

/** Automated backups stay in the region, unless they are replicated to another (`aws.rds.InstanceAutomatedBackupsReplication`). */
function backupRegions(resource: Resource, days: Fact<number>, around: Surroundings): Fact<string[]> {
  const replicated = regionsOf(backupReplications(around.index).get(resource.urn) ?? [], around);
  return chainFact(days, (kept) =>
    kept === 0
      ? replicated
      : chainFact(around.placeOf(resource).region, (own) => mapFact(replicated, (others) => [own, ...others])),
  );
}
