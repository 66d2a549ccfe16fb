import { allFacts, chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Surroundings } from "../../../model";
import { count, number, text, texts } from "../../../reader";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { namedZones, zonesOfSubnets } from "../subnets";
import { CACHE_GLOBAL_GROUP, CACHE_GROUP, MEMORYDB_CLUSTER, MEMORYDB_MULTI_REGION } from "../types";
import { regionsOf } from "./rds";
import { flag, storePart } from "./store";

/** Valkey and Redis with copies. It survives a zone with a copy in another and with a failover that nobody has to start. */
export function cacheGroup(resource: Resource, around: Surroundings): Data[] {
  const { index } = around;
  const conditions = allFacts([
    flag(resource, "multiAzEnabled"),
    flag(resource, "automaticFailoverEnabled"),
    mapFact(copiesOf(resource), (copies) => copies > 1),
  ]);
  const isMultiZone = mapFact(conditions, (all) => all.every((is) => is));
  const preferred = namedZones(texts(resource, "preferredCacheClusterAzs"));
  return [
    storePart(resource, around, {
      kind: "elasticache",
      isRecord: false,
      otherRegions: regionsOf(globalMembers(resource, index), around),
      zones: chainFact(preferred, (zones): Fact<string[]> => {
        if (zones.length > 0) return known(zones);
        return spreadUnless(resource, isMultiZone, "preferredCacheClusterAzs");
      }),
      isMultiZone,
      backupRegions: snapshotsIn(resource, around),
      isDeletionProtected: known(false),
      isEncrypted: chainFact(text(resource, "engine"), (engine) =>
        flag(resource, "atRestEncryptionEnabled", engine === "valkey"),
      ),
      isPublic: known(false),
    }),
  ];
}

/** Nodes that hold each piece of data: the primary and its copies. */
function copiesOf(resource: Resource): Fact<number> {
  return chainFact(number(resource, "replicasPerNodeGroup"), (replicas): Fact<number> => {
    if (replicas !== undefined) return known(replicas + 1);
    return chainFact(number(resource, "nodeGroupConfigurations[0].replicaCount"), (inGroup): Fact<number> => {
      if (inGroup !== undefined) return known(inGroup + 1);
      return withDefault(number(resource, "numCacheClusters"), 1);
    });
  });
}

/** A store that is spread stands nowhere in particular; another in one zone, which is not known where it is not named. */
function spreadUnless(resource: Resource, isSpread: Fact<boolean>, path: string): Fact<string[]> {
  return chainFact(isSpread, (is): Fact<string[]> =>
    is ? known([]) : unknown(resource.urn, path, "is not set, so that AWS picks the zones"),
  );
}

function snapshotsIn(resource: Resource, { placeOf }: Surroundings): Fact<string[]> {
  return chainFact(withDefault(number(resource, "snapshotRetentionLimit"), 0), (days) =>
    days === 0 ? known([]) : mapFact(placeOf(resource).region, (region) => [region]),
  );
}

const membersByGlobal = oncePerGraph((index) => {
  const members = new Map<string, Resource[]>();
  for (const global of index.ofType(CACHE_GLOBAL_GROUP)) {
    for (const primary of pointed(index, global, "primaryReplicationGroupId", [CACHE_GROUP]).resources) {
      push(members, global.urn, primary);
    }
  }
  for (const group of index.ofType(CACHE_GROUP)) {
    for (const { urn } of pointed(index, group, "globalReplicationGroupId", [CACHE_GLOBAL_GROUP]).resources) {
      push(members, urn, group);
    }
  }
  return members;
});

const globalsByMember = oncePerGraph((index) => {
  const globals = new Map<string, string[]>();
  for (const [urn, members] of membersByGlobal(index)) for (const member of members) push(globals, member.urn, urn);
  return globals;
});

function globalMembers(resource: Resource, index: GraphIndex): Resource[] {
  const globals = globalsByMember(index).get(resource.urn) ?? [];
  const members = globals.flatMap((urn) => membersByGlobal(index).get(urn) ?? []);
  return [...new Set(members)].filter((member) => member !== resource);
}

/** Memcached, or a single node: nothing is copied. One that belongs to a replication group is told by the group. */
export function cacheCluster(resource: Resource, around: Surroundings): Data[] {
  const group = text(resource, "replicationGroupId");
  if (!group.known || group.value !== undefined) return [];
  const nodes = withDefault(number(resource, "numCacheNodes"), 1);
  const mode = text(resource, "azMode");
  const isMultiZone = chainFact(nodes, (many) => mapFact(mode, (spread) => many > 1 && spread === "cross-az"));
  const named = namedZones(texts(resource, "preferredAvailabilityZones"));
  const zone = text(resource, "availabilityZone");
  const zones = chainFact(named, (all): Fact<string[]> => {
    if (all.length > 0) return known(all);
    return chainFact(zone, (one): Fact<string[]> =>
      one === undefined ? spreadUnless(resource, isMultiZone, "availabilityZone") : known([one]),
    );
  });
  return [
    storePart(resource, around, {
      kind: "elasticache",
      isRecord: false,
      zones,
      isMultiZone,
      backupRegions: snapshotsIn(resource, around),
      isDeletionProtected: known(false),
      // Nodes without a replication group cannot be encrypted at rest (docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html).
      isEncrypted: known(false),
      isPublic: known(false),
    }),
  ];
}

/** Serverless caches lie in several zones and are encrypted by themselves (docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.html). */
export function serverlessCache(resource: Resource, around: Surroundings): Data[] {
  const subnets = count(resource, "subnetIds");
  return [
    storePart(resource, around, {
      kind: "elasticache",
      isRecord: false,
      zones: subnets.known && subnets.value === 0 ? known([]) : zonesOfSubnets(resource, "subnetIds", around.index),
      isMultiZone: known(true),
      backupRegions: snapshotsIn(resource, around),
      isDeletionProtected: known(false),
      isEncrypted: known(true),
      isPublic: known(false),
    }),
  ];
}

const multiRegionMembers = oncePerGraph((index) => {
  const members = new Map<string, Resource[]>();
  for (const each of index.ofType(MEMORYDB_CLUSTER)) {
    for (const { urn } of pointed(index, each, "multiRegionClusterName", [MEMORYDB_MULTI_REGION]).resources)
      push(members, urn, each);
  }
  return members;
});

/** MemoryDB keeps a log over several zones, so that a copy in another zone is all that it takes (docs.aws.amazon.com/memorydb/latest/devguide/what-is-memorydb.html). */
export function memoryDb(resource: Resource, around: Surroundings): Data[] {
  const { index } = around;
  const isMultiZone = mapFact(withDefault(number(resource, "numReplicasPerShard"), 1), (replicas) => replicas > 0);
  const joined = pointed(index, resource, "multiRegionClusterName", [MEMORYDB_MULTI_REGION]).resources;
  const members = joined.flatMap(({ urn }) => multiRegionMembers(index).get(urn) ?? []);
  return [
    storePart(resource, around, {
      kind: "memorydb",
      isRecord: true,
      otherRegions: regionsOf(members, around),
      zones: spreadUnless(resource, isMultiZone, "numReplicasPerShard"),
      isMultiZone,
      backupRegions: snapshotsIn(resource, around),
      isDeletionProtected: known(false),
      isEncrypted: known(true),
      isPublic: known(false),
    }),
  ];
}
