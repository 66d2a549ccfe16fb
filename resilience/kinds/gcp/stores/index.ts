import { mapFact, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { CloudName, Data, Kind, Part, Surroundings } from "../../../model";
import { cloudOf } from "../../../places";
import { placeBy, regionalPlace } from "../locations";
import { ALLOY_CLUSTER, alloyCluster, alloyPrimary } from "./alloydb";
import { caches } from "./caches";
import { SQL_INSTANCE, sqlInstance, sqlPrimary } from "./cloud-sql";
import { BIGTABLE, bigtableInstance, FIRESTORE, firestoreDatabase } from "./documents";
import { BUCKET, bucket, FILESTORE, filestoreInstance, TOPIC, topic } from "./files";
import { SPANNER_INSTANCE, spannerInstance } from "./spanner";

type Reader = (resource: Resource, around: Surroundings) => Part[];

/** What is served from as long as a unit runs: databases and mounted files. Without a cache or a queue, and without a bucket, a unit goes on. */
const served: Readonly<Record<string, Reader>> = {
  [SQL_INSTANCE]: sqlInstance,
  [ALLOY_CLUSTER]: alloyCluster,
  [SPANNER_INSTANCE]: spannerInstance,
  [FIRESTORE]: firestoreDatabase,
  [BIGTABLE]: bigtableInstance,
  [FILESTORE]: filestoreInstance,
};

const besides: Readonly<Record<string, Reader>> = { ...caches, [BUCKET]: bucket, [TOPIC]: topic };

const readers: ReadonlyMap<string, Reader> = new Map(Object.entries({ ...served, ...besides }));

/** Stores of Google. */
export const storeKinds: readonly Kind[] = [...readers].map(([type, parts]) => ({ types: [type], parts }));

/** A store as a compute sees it that names one. */
export interface Store {
  /** Id of the part: of the primary, where the compute names a replica. */
  id: string;
  label: string;
  cloud: CloudName;
  /** Where this reference reads. */
  regions: Fact<string[]>;
  /** Whether a running unit is gone with it. */
  isNeeded: boolean;
}

/** How each type of store is seen. A label that calls a store a system of record makes it needed, whatever its kind. */
export const storesByType: ReadonlyMap<string, (resource: Resource, around: Surroundings) => Store[]> = new Map(
  [...readers].map(([type, parts]) => [
    type,
    (resource: Resource, around: Surroundings): Store[] => seen(resource, around, parts),
  ]),
);

function seen(resource: Resource, around: Surroundings, parts: Reader): Store[] {
  const primary = primaryOf(resource, around);
  if (primary === undefined) return [];
  const data = parts(primary, around).find(isData);
  if (data === undefined) return [];
  const isNeeded = Object.hasOwn(served, resource.type) || (data.isSystemOfRecord.known && data.isSystemOfRecord.value);
  const regions = primary === resource ? data.regions : ownRegion(resource, around);
  return [{ id: data.id, label: data.label, cloud: cloudOf(resource.type) ?? "other", regions, isNeeded }];
}

function isData(part: Part): part is Data {
  return part.role === "data";
}

function primaryOf(resource: Resource, around: Surroundings): Resource | undefined {
  if (resource.type === SQL_INSTANCE) return sqlPrimary(resource, around);
  return resource.type === ALLOY_CLUSTER ? alloyPrimary(resource, around) : resource;
}

function ownRegion(replica: Resource, around: Surroundings): Fact<string[]> {
  const place = replica.type === ALLOY_CLUSTER ? placeBy(replica, "location", around) : regionalPlace(replica, around);
  return mapFact(place.region, (region) => [region]);
}
