import { allFacts, chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { Part, Place, Surroundings } from "../../../model";
import { boolean, number, property, text, texts } from "../../../reader";
import { placeBy, regionalPlace, spotOf } from "../locations";
import { isRecord } from "../records";
import { backupAt, copiesIf, dataOf, guardedBy } from "./data-part";

/** Caches of Google by type token, with what they are to the model. They are no system of record unless a label says so. */
export const caches: Readonly<Record<string, (resource: Resource, around: Surroundings) => Part[]>> = {
  "gcp:redis/instance:Instance": redisInstance,
  "gcp:redis/cluster:Cluster": (resource, around) => shards(resource, "redis-cluster", regionalPlace(resource, around)),
  "gcp:memorystore/instance:Instance": (resource, around) =>
    shards(resource, "valkey", placeBy(resource, "location", around)),
  "gcp:memcache/instance:Instance": (resource, around) =>
    cache(resource, "memcached", listed(resource, "zones", regionalPlace(resource, around)), known(false)),
};

/** One node in one zone (BASIC, the default), or a standby in a second zone (docs.cloud.google.com/memorystore/docs/redis/redis-tiers). */
function redisInstance(resource: Resource, around: Surroundings): Part[] {
  const isHighlyAvailable = mapFact(text(resource, "tier"), (tier) => tier === "STANDARD_HA");
  const place = regionalPlace(resource, around);
  const zones = chainFact(isHighlyAvailable, (spread) =>
    spread ? known<string[]>([]) : oneZone(resource, "locationId"),
  );
  return cache(resource, "redis", { ...place, zones }, isHighlyAvailable);
}

/** Shards over zones: without a replica of each shard, a zone takes part of the data with it. */
function shards(resource: Resource, kind: string, place: Place): Part[] {
  const isSingle = mapFact(text(resource, "zoneDistributionConfig.mode"), (mode) => mode === "SINGLE_ZONE");
  const zones = chainFact(isSingle, (single) =>
    single ? oneZone(resource, "zoneDistributionConfig.zone") : known<string[]>([]),
  );
  const replicas = withDefault(number(resource, "replicaCount"), 0);
  const isMultiZone = chainFact(isSingle, (single) => mapFact(replicas, (replicaCount) => !single && replicaCount > 0));
  const home = { ...place, zones };
  const isBackedUp = mapFact(property(resource, "automatedBackupConfig"), (config) => config !== undefined);
  return cache(resource, kind, home, isMultiZone, isBackedUp);
}

function cache(
  resource: Resource,
  kind: string,
  place: Place,
  isMultiZone: Fact<boolean>,
  isBackedUp: Fact<boolean> = known(false),
): Part[] {
  return [
    dataOf(resource, place, {
      kind,
      isSystemOfRecord: isRecord(resource, false),
      isMultiZone,
      backups: copiesIf(isBackedUp, backupAt(place.region, place)),
      isDeletionProtected: guardedBy(resource, [
        withDefault(boolean(resource, "deletionProtectionEnabled"), true),
        withDefault(boolean(resource, "deletionProtection"), false),
      ]),
    }),
  ];
}

function oneZone(resource: Resource, path: string): Fact<string[]> {
  return chainFact(text(resource, path), (zone): Fact<string[]> =>
    zone === undefined
      ? unknown(resource.urn, path, "is not set, so Google picks one zone")
      : known(spotOf(zone).zones),
  );
}

/** A place with the zones of a list; nothing listed leaves them to Google. */
function listed(resource: Resource, path: string, place: Place): Place {
  const zones = chainFact(texts(resource, path), (names) =>
    mapFact(allFacts(names), (all) => [...new Set(all.flatMap((name) => spotOf(name).zones))].sort()),
  );
  return { ...place, zones };
}
