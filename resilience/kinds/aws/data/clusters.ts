import { allFacts, chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Need, Surroundings } from "../../../model";
import { number, text } from "../../../reader";
import { own } from "../../../values";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import {
  DOCDB_CLUSTER,
  DOCDB_CLUSTER_INSTANCE,
  DOCDB_GLOBAL_CLUSTER,
  DOCDB_SUBNET_GROUP,
  NEPTUNE_CLUSTER,
  NEPTUNE_CLUSTER_INSTANCE,
  NEPTUNE_GLOBAL_CLUSTER,
  NEPTUNE_SUBNET_GROUP,
  RDS_CLUSTER,
  RDS_CLUSTER_INSTANCE,
  RDS_GLOBAL_CLUSTER,
  RDS_SUBNET_GROUP,
} from "../types";
import { regionsOf, zonesOfSubnetGroup } from "./rds";
import { anyOf, flag, storePart } from "./store";

/** Engines that keep data under a cluster with instances before it: Aurora, DocumentDB, Neptune. */
interface Family {
  kind: string;
  cluster: string;
  instance: string;
  global: string;
  subnetGroup: string;
  subnetGroupPath: string;
}

const FAMILIES: readonly Family[] = [
  {
    kind: "aurora",
    cluster: RDS_CLUSTER,
    instance: RDS_CLUSTER_INSTANCE,
    global: RDS_GLOBAL_CLUSTER,
    subnetGroup: RDS_SUBNET_GROUP,
    subnetGroupPath: "dbSubnetGroupName",
  },
  {
    kind: "docdb",
    cluster: DOCDB_CLUSTER,
    instance: DOCDB_CLUSTER_INSTANCE,
    global: DOCDB_GLOBAL_CLUSTER,
    subnetGroup: DOCDB_SUBNET_GROUP,
    subnetGroupPath: "dbSubnetGroupName",
  },
  {
    kind: "neptune",
    cluster: NEPTUNE_CLUSTER,
    instance: NEPTUNE_CLUSTER_INSTANCE,
    global: NEPTUNE_GLOBAL_CLUSTER,
    subnetGroup: NEPTUNE_SUBNET_GROUP,
    subnetGroupPath: "neptuneSubnetGroupName",
  },
];

/**
 * Clusters of Aurora, DocumentDB and Neptune, and Multi-AZ clusters of RDS. Defaults are the provider's: backups of 1 day, no encryption,
 * no protection.
 *
 * A global cluster's secondaries answer reads by themselves. Nobody makes one of them the primary by itself: that is a call
 * (docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html), so one that forwards writes needs
 * the primary.
 */
export function cluster(resource: Resource, around: Surroundings): Data[] {
  const family = FAMILIES.find((each) => each.cluster === resource.type);
  if (family === undefined) return [];
  const { index } = around;
  const spread = spreadOf(resource, family, index);
  const days = withDefault(number(resource, "backupRetentionPeriod"), 1);
  const members = membersOf(resource, family, index);
  return [
    storePart(resource, around, {
      kind: isMultiAzCluster(resource) ? "rds" : family.kind,
      isRecord: !isSecondary(resource, members),
      otherRegions: regionsOf(members, around),
      zones: spread.zones,
      isMultiZone: spread.isMultiZone,
      pointInTimeDays: days,
      backupRegions: chainFact(days, (kept) =>
        kept === 0 ? known([]) : mapFact(around.placeOf(resource).region, (region) => [region]),
      ),
      isDeletionProtected: flag(resource, "deletionProtection"),
      isEncrypted: flag(resource, "storageEncrypted"),
      isPublic: anyOf(instancesOf(resource, index).map((instance) => flag(instance, "publiclyAccessible"))),
      needs: needsOf(resource, members),
    }),
  ];
}

/** A cluster of RDS with its instances inside: two readers in two other zones (`dbClusterInstanceClass` of `aws.rds.Cluster`). */
function isMultiAzCluster(resource: Resource): boolean {
  return resource.type === RDS_CLUSTER && own(resource.inputs, "dbClusterInstanceClass") !== undefined;
}

const instancesByCluster = oncePerGraph((index) => {
  const instances = new Map<string, Resource[]>();
  for (const { instance: type, cluster: clusterType } of FAMILIES) {
    for (const instance of index.ofType(type)) {
      for (const { urn } of pointed(index, instance, "clusterIdentifier", [clusterType]).resources)
        push(instances, urn, instance);
    }
  }
  return instances;
});

function instancesOf(resource: Resource, index: GraphIndex): Resource[] {
  return instancesByCluster(index).get(resource.urn) ?? [];
}

interface Spread {
  zones: Fact<string[]>;
  isMultiZone: Fact<boolean>;
}

/** The storage lies in three zones; what answers stands where the instances do, and with one instance nothing answers until AWS has made another. */
function spreadOf(resource: Resource, family: Family, index: GraphIndex): Spread {
  const subnetZones = zonesOfSubnetGroup(resource, family.subnetGroupPath, family.subnetGroup, index);
  if (isMultiAzCluster(resource)) return { zones: subnetZones, isMultiZone: known(true) };
  const instances = instancesOf(resource, index);
  if (instances.length === 0) {
    const elsewhere = unknown(resource.urn, "instances", "are not in this design");
    return { zones: elsewhere, isMultiZone: elsewhere };
  }
  const named = allFacts(instances.map((instance) => text(instance, "availabilityZone")));
  if (!named.known) return { zones: named, isMultiZone: named };
  const zones = [...new Set(named.value.flatMap((zone) => zone ?? []))].sort();
  if (!named.value.includes(undefined)) return { zones: known(zones), isMultiZone: known(zones.length > 1) };
  // Instances without a zone are put into different ones.
  if (instances.length > 1) return { zones: subnetZones, isMultiZone: known(true) };
  const picked = unknown(
    instances[0]?.urn ?? resource.urn,
    "availabilityZone",
    "is not set, so that AWS picks the one zone",
  );
  return { zones: picked, isMultiZone: known(false) };
}

const membersByGlobal = oncePerGraph((index) => {
  const members = new Map<string, Resource[]>();
  for (const family of FAMILIES) {
    for (const each of index.ofType(family.cluster)) {
      for (const { urn } of globalsOf(each, family, index)) push(members, urn, each);
    }
  }
  return members;
});

/** A cluster names its global cluster, or the global cluster names the one that it was made from. */
function globalsOf(resource: Resource, family: Family, index: GraphIndex): Resource[] {
  const named = pointed(index, resource, "globalClusterIdentifier", [family.global]).resources;
  return [...new Set([...named, ...(globalsBySource(index).get(resource.urn) ?? [])])];
}

const globalsBySource = oncePerGraph((index) => {
  const globals = new Map<string, Resource[]>();
  for (const { global, cluster: type } of FAMILIES) {
    for (const each of index.ofType(global)) {
      for (const { urn } of pointed(index, each, "sourceDbClusterIdentifier", [type]).resources)
        push(globals, urn, each);
    }
  }
  return globals;
});

const copiesBySource = oncePerGraph((index) => {
  const copies = new Map<string, Resource[]>();
  for (const { cluster: type } of FAMILIES) {
    for (const each of index.ofType(type)) {
      for (const { urn } of pointed(index, each, "replicationSourceIdentifier", [type]).resources)
        push(copies, urn, each);
    }
  }
  return copies;
});

/** The other clusters that hold the same data. */
function membersOf(resource: Resource, family: Family, index: GraphIndex): Resource[] {
  const ofGlobal = globalsOf(resource, family, index).flatMap(({ urn }) => membersByGlobal(index).get(urn) ?? []);
  const copies = copiesBySource(index).get(resource.urn) ?? [];
  return [...new Set([...ofGlobal, ...copies])].filter((member) => member !== resource);
}

/** What only the cluster is given that the data came from: secondaries get their users from it. */
const OF_PRIMARY = [
  "masterUsername",
  "masterPassword",
  "masterPasswordWo",
  "manageMasterUserPassword",
  "snapshotIdentifier",
];

/** Whether a cluster is a copy of another: it has a source, or is the member of a global cluster that was given no users. */
function isSecondary(resource: Resource, members: readonly Resource[]): boolean {
  if (own(resource.inputs, "replicationSourceIdentifier") !== undefined) return true;
  return !isPrimary(resource) && members.some(isPrimary);
}

function isPrimary(resource: Resource): boolean {
  return OF_PRIMARY.some((path) => own(resource.inputs, path) !== undefined);
}

/** The clusters that others among them are copies of. */
export function primariesAmong(resource: Resource, index: GraphIndex): Resource[] {
  const family = FAMILIES.find((each) => each.cluster === resource.type);
  if (family === undefined) return [];
  const members = membersOf(resource, family, index);
  return isSecondary(resource, members) ? members.filter((member) => !isSecondary(member, [resource, ...members])) : [];
}

function needsOf(resource: Resource, members: readonly Resource[]): Need[] {
  const forwards = flag(resource, "enableGlobalWriteForwarding");
  if (!isSecondary(resource, members) || (forwards.known && !forwards.value)) return [];
  const of = members.filter(isPrimary).map(({ urn }) => urn);
  return of.length === 0
    ? []
    : [
        {
          what: "the cluster that takes its writes",
          atLeast: 1,
          of: of.sort(),
          ...(forwards.known ? {} : { unknown: forwards }),
        },
      ];
}

/** Type tokens of the clusters. */
export const CLUSTER_TYPES: readonly string[] = FAMILIES.map(({ cluster: type }) => type);
