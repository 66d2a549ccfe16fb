import { allFacts, chainFact, known, mapFact, Reason, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import { GLOBAL, type Part, type Surroundings } from "../../../model";
import { boolean, list, property, text } from "../../../reader";
import { pointingTo } from "../links";
import { placeAt, placeBy, spotOf, type Spot } from "../locations";
import { isRecord } from "../records";
import { backupAt, copiesIf, dataOf, guardedBy } from "./data-part";

/** Type tokens of the databases of this file. */
export const FIRESTORE = "gcp:firestore/database:Database";
export const BIGTABLE = "gcp:bigtable/instance:Instance";
const SCHEDULE = "gcp:firestore/backupSchedule:BackupSchedule";
const TABLE = "gcp:bigtable/table:Table";

/**
 * A database of Firestore: in one region, over all of its zones, or in a multi-region that survives any one of its regions
 * (docs.cloud.google.com/firestore/docs/locations). Point-in-time recovery reaches back 7 days, or an hour where it is off (the provider's page).
 */
export function firestoreDatabase(resource: Resource, around: Surroundings): Part[] {
  const place = placeBy(resource, "locationId", around);
  const isBackedUp = pointingTo(resource, "database", [SCHEDULE], around).length > 0;
  return [
    dataOf(resource, place, {
      kind: "firestore",
      isSystemOfRecord: isRecord(resource, true),
      isMultiZone: known(true),
      pointInTimeDays: mapFact(text(resource, "pointInTimeRecoveryEnablement"), (state) =>
        state === "POINT_IN_TIME_RECOVERY_ENABLED" ? 7 : 0,
      ),
      backups: copiesIf(known(isBackedUp), backupAt(place.region, place)),
      isDeletionProtected: guardedBy(resource, [
        mapFact(text(resource, "deleteProtectionState"), (state) => state === "DELETE_PROTECTION_ENABLED"),
        mapFact(text(resource, "deletionPolicy"), (policy) => policy === "PREVENT"),
      ]),
    }),
  ];
}

/**
 * An instance of Bigtable. Each cluster is a full copy in one zone; requests go on to another where the application profile routes to
 * several (docs.cloud.google.com/bigtable/docs/replication-overview).
 */
export function bigtableInstance(resource: Resource, around: Surroundings): Part[] {
  const spots = clusterSpots(resource);
  const regions = mapFact(spots, (all) => [...new Set(all.map(({ region }) => region))].sort());
  const zones = mapFact(spots, (all) => [...new Set(all.flatMap((spot) => spot.zones))].sort());
  const home = chainFact(regions, (all): Fact<Spot> =>
    mapFact(zones, (names) =>
      all.length === 1 ? { region: all[0] ?? GLOBAL, zones: names } : { region: GLOBAL, zones: [] },
    ),
  );
  const place = placeAt(resource, home, around);
  const tables = pointingTo(resource, "instanceName", [TABLE], around);
  const isBackedUp = mapFact(
    allFacts(tables.map((table) => property(table, "automatedBackupPolicy"))),
    (policies) => policies.length > 0 && policies.every((policy) => policy !== undefined),
  );
  return [
    dataOf(resource, place, {
      kind: "bigtable",
      isSystemOfRecord: isRecord(resource, true),
      isMultiZone: mapFact(zones, (names) => names.length > 1),
      regions,
      backups: copiesIf(isBackedUp, backupAt(place.region, place)),
      isDeletionProtected: guardedBy(resource, [withDefault(boolean(resource, "deletionProtection"), true)]),
    }),
  ];
}

function clusterSpots(resource: Resource): Fact<Spot[]> {
  return chainFact(list(resource, "clusters"), (clusters) =>
    allFacts(
      clusters.map((_, at): Fact<Spot> => {
        const path = `clusters[${String(at)}].zone`;
        return chainFact(text(resource, path), (zone): Fact<Spot> => {
          if (zone === undefined) return unknown(resource.urn, path, "is not set");
          return spotOf(zone).zones.length === 0 ? unknown(resource.urn, path, Reason.Malformed) : known(spotOf(zone));
        });
      }),
    ),
  );
}
