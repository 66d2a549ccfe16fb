import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Kind, Part, Surroundings } from "../../../model";
import { oncePerGraph } from "../../once";
import { accessLogSink } from "../logs";
import {
  BUCKETS,
  CACHE_CLUSTER,
  CACHE_GROUP,
  CACHE_SERVERLESS,
  DIRECTORY_BUCKET,
  DSQL_CLUSTER,
  FILE_SYSTEM,
  KEYSPACE_TABLE,
  MEMORYDB_CLUSTER,
  MQ_BROKER,
  MSK_CLUSTER,
  MSK_SERVERLESS,
  OPENSEARCH_DOMAIN,
  QUEUE,
  RDS_INSTANCE,
  STREAM,
  TABLE,
  TOPIC,
  VOLUME,
} from "../types";
import { bucket, directoryBucket } from "./buckets";
import { cacheCluster, cacheGroup, memoryDb, serverlessCache } from "./caches";
import { cluster, CLUSTER_TYPES, primariesAmong } from "./clusters";
import { table, tableQuorum } from "./dynamodb";
import { fileSystem } from "./files";
import { broker, kafka, queue, searchDomain, serverlessKafka, stream, topic } from "./messaging";
import { rdsInstance, sourceOf } from "./rds";
import { volume } from "./volumes";
import { dsqlCluster, dsqlQuorum, keyspaceTable } from "./spread";

type Reader<P extends Part> = (resource: Resource, around: Surroundings) => P[];

const STORES: ReadonlyMap<string, Reader<Data>> = new Map([
  [RDS_INSTANCE, rdsInstance],
  ...CLUSTER_TYPES.map((type): [string, Reader<Data>] => [type, cluster]),
  [TABLE, table],
  [KEYSPACE_TABLE, keyspaceTable],
  [DSQL_CLUSTER, dsqlCluster],
  ...BUCKETS.map((type): [string, Reader<Data>] => [type, bucket]),
  [DIRECTORY_BUCKET, directoryBucket],
  [CACHE_GROUP, cacheGroup],
  [CACHE_CLUSTER, cacheCluster],
  [CACHE_SERVERLESS, serverlessCache],
  [MEMORYDB_CLUSTER, memoryDb],
  [MSK_CLUSTER, kafka],
  [MSK_SERVERLESS, serverlessKafka],
  [MQ_BROKER, broker],
  [OPENSEARCH_DOMAIN, searchDomain],
  [FILE_SYSTEM, fileSystem],
  [QUEUE, queue],
  [TOPIC, topic],
  [STREAM, stream],
  [VOLUME, volume],
]);

/** What some stores are besides: a quorum of their regions, a place for logs. */
const BESIDES: ReadonlyMap<string, Reader<Part>> = new Map([
  [TABLE, tableQuorum],
  [DSQL_CLUSTER, dsqlQuorum],
  ...BUCKETS.map((type): [string, Reader<Part>] => [type, accessLogSink]),
]);

/** Stores without which a compute that uses them does not answer. Caches, topics, buckets and search may be in the way of no answer. */
const NEEDED: ReadonlySet<string> = new Set([
  RDS_INSTANCE,
  ...CLUSTER_TYPES,
  TABLE,
  KEYSPACE_TABLE,
  DSQL_CLUSTER,
  MEMORYDB_CLUSTER,
  MSK_CLUSTER,
  MSK_SERVERLESS,
  MQ_BROKER,
  FILE_SYSTEM,
  QUEUE,
  STREAM,
]);

/** Everything that keeps data. */
export const dataKinds: readonly Kind[] = [
  {
    types: [...STORES.keys()],
    parts: (resource, around) => [
      ...dataPartsOf(resource, around),
      ...(BESIDES.get(resource.type)?.(resource, around) ?? []),
    ],
  },
];

const partsByUrn = oncePerGraph(() => new Map<string, Data[]>());

/** The parts of a store: the store itself, then its copies in other regions where these are no resources of their own. */
export function dataPartsOf(resource: Resource, around: Surroundings): Data[] {
  const made = partsByUrn(around.index);
  const known = made.get(resource.urn);
  if (known !== undefined) return known;
  const parts = STORES.get(resource.type)?.(resource, around) ?? [];
  made.set(resource.urn, parts);
  return parts;
}

/** Whether what uses a store dies with it. */
export function isNeeded({ type }: Resource): boolean {
  return NEEDED.has(type);
}

/** The stores without those that are copies of others among them: whoever names both writes to the one that takes writes. */
export function withoutCopies(stores: readonly Resource[], { index }: { index: GraphIndex }): Resource[] {
  const named = new Set(stores);
  return stores.filter(
    (store) => ![...sourceOf(store, index), ...primariesAmong(store, index)].some((source) => named.has(source)),
  );
}
