import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { oncePerGraph, push } from "../once";
import { pointed } from "./pointers";
import {
  BUCKETS,
  CACHE_CLUSTER,
  CACHE_GROUP,
  CACHE_SERVERLESS,
  DIRECTORY_BUCKET,
  DOCDB_CLUSTER,
  DOCDB_CLUSTER_INSTANCE,
  DSQL_CLUSTER,
  EXTERNAL_KEY,
  FILE_SYSTEM,
  FILE_SYSTEM_ACCESS_POINT,
  KEY,
  KEYSPACE_TABLE,
  KEY_ALIAS,
  MEMORYDB_CLUSTER,
  MOUNT_TARGET,
  MQ_BROKER,
  MSK_CLUSTER,
  MSK_SERVERLESS,
  NEPTUNE_CLUSTER,
  NEPTUNE_CLUSTER_INSTANCE,
  OPENSEARCH_DOMAIN,
  PARAMETER,
  QUEUE,
  RDS_CLUSTER,
  RDS_CLUSTER_ENDPOINT,
  RDS_CLUSTER_INSTANCE,
  RDS_GLOBAL_CLUSTER,
  RDS_INSTANCE,
  RDS_PROXY,
  RDS_PROXY_ENDPOINT,
  RDS_PROXY_TARGET,
  REPLICA_EXTERNAL_KEY,
  REPLICA_KEY,
  REPOSITORY,
  SECRET,
  SECRET_VERSION,
  STREAM,
  TABLE,
  TABLE_REPLICA,
  TOPIC,
} from "./types";

/** What a compute may have to read, by the type of the resource that is the part. */
const ROLES: ReadonlyMap<string, "image" | "secret" | "key" | "data"> = new Map([
  [REPOSITORY, "image"] as const,
  ...[SECRET, PARAMETER].map((type) => [type, "secret"] as const),
  ...[KEY, REPLICA_KEY, EXTERNAL_KEY, REPLICA_EXTERNAL_KEY].map((type) => [type, "key"] as const),
  ...[
    ...BUCKETS,
    CACHE_CLUSTER,
    CACHE_GROUP,
    CACHE_SERVERLESS,
    DIRECTORY_BUCKET,
    DOCDB_CLUSTER,
    DSQL_CLUSTER,
    FILE_SYSTEM,
    KEYSPACE_TABLE,
    MEMORYDB_CLUSTER,
    MQ_BROKER,
    MSK_CLUSTER,
    MSK_SERVERLESS,
    NEPTUNE_CLUSTER,
    OPENSEARCH_DOMAIN,
    QUEUE,
    RDS_CLUSTER,
    RDS_INSTANCE,
    STREAM,
    TABLE,
    TOPIC,
  ].map((type) => [type, "data"] as const),
]);

/** The role of a resource as something that a compute reads; undefined for everything else. */
export function roleOf({ type }: Resource): "image" | "secret" | "key" | "data" | undefined {
  return ROLES.get(type);
}

/** Types that stand for another: a secret's version for the secret, a cluster's instance for the cluster. */
const STANDS_FOR: ReadonlyMap<string, { path: string; types: readonly string[] }> = new Map([
  [SECRET_VERSION, { path: "secretId", types: [SECRET] }],
  [KEY_ALIAS, { path: "targetKeyId", types: [KEY, REPLICA_KEY, EXTERNAL_KEY, REPLICA_EXTERNAL_KEY] }],
  [RDS_CLUSTER_INSTANCE, { path: "clusterIdentifier", types: [RDS_CLUSTER] }],
  [RDS_CLUSTER_ENDPOINT, { path: "clusterIdentifier", types: [RDS_CLUSTER] }],
  [RDS_PROXY_ENDPOINT, { path: "dbProxyName", types: [RDS_PROXY] }],
  [DOCDB_CLUSTER_INSTANCE, { path: "clusterIdentifier", types: [DOCDB_CLUSTER] }],
  [NEPTUNE_CLUSTER_INSTANCE, { path: "clusterIdentifier", types: [NEPTUNE_CLUSTER] }],
  [TABLE_REPLICA, { path: "globalTableArn", types: [TABLE] }],
  [FILE_SYSTEM_ACCESS_POINT, { path: "fileSystemId", types: [FILE_SYSTEM] }],
  [MOUNT_TARGET, { path: "fileSystemId", types: [FILE_SYSTEM] }],
]);

/** Databases behind a proxy, and members of a global cluster: both are named by the other side. */
const behind = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const target of index.ofType(RDS_PROXY_TARGET)) {
    const databases = [
      ...pointed(index, target, "dbInstanceIdentifier", [RDS_INSTANCE]).resources,
      ...pointed(index, target, "dbClusterIdentifier", [RDS_CLUSTER]).resources,
    ];
    for (const { urn } of pointed(index, target, "dbProxyName", [RDS_PROXY]).resources) {
      for (const database of databases) push(found, urn, database);
    }
  }
  for (const cluster of index.ofType(RDS_CLUSTER)) {
    for (const { urn } of pointed(index, cluster, "globalClusterIdentifier", [RDS_GLOBAL_CLUSTER]).resources) {
      push(found, urn, cluster);
    }
  }
  return found;
});

/** A proxy in front of a proxy's endpoint in front of a cluster's instance: no design has more steps. */
const STEPS_MAX = 4;

/** The resources that are images, secrets, keys or data and that this one is, or stands for. Empty for everything else. */
export function homesOf(index: GraphIndex, resource: Resource, steps = 0): Resource[] {
  if (roleOf(resource) !== undefined) return [resource];
  if (steps > STEPS_MAX) return [];
  const standsFor = STANDS_FOR.get(resource.type);
  const next =
    standsFor === undefined
      ? (behind(index).get(resource.urn) ?? [])
      : pointed(index, resource, standsFor.path, standsFor.types).resources;
  return [...new Set(next.flatMap((each) => homesOf(index, each, steps + 1)))];
}
