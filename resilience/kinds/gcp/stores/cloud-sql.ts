import { allFacts, chainFact, known, mapFact, unknown, valueOr, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import { GLOBAL, type Data, type Part, type Place, type Surroundings } from "../../../model";
import { boolean, number, object, text } from "../../../reader";
import { linked, pointingTo } from "../links";
import { regionalPlace, spotOf } from "../locations";
import { isRecord } from "../records";
import { backupAt, copiesIf, dataOf, daysIf, guardedBy } from "./data-part";

/** Type token of an instance of Cloud SQL, primary or replica. */
export const SQL_INSTANCE = "gcp:sql/databaseInstance:DatabaseInstance";

/**
 * An instance of Cloud SQL. A read replica is no part of its own: it is one of the regions of its source, and serves no writes until somebody promotes
 * it (docs.cloud.google.com/sql/docs/postgres/replication/cross-region-replicas), so that whoever needs it is gone with the source.
 */
export function sqlInstance(resource: Resource, around: Surroundings): Part[] {
  if (isReplica(resource)) return [];
  const place = sqlPlace(resource, around);
  const data: Data = dataOf(resource, place, {
    kind: "cloud-sql",
    isSystemOfRecord: isRecord(resource, true),
    isMultiZone: isRegional(resource),
    regions: sqlRegions(resource, around),
    pointInTimeDays: pointInTimeDays(resource),
    backups: copiesIf(
      withDefault(boolean(resource, "settings.backupConfiguration.enabled"), false),
      backupAt(backupRegion(resource), place),
    ),
    isDeletionProtected: guardedBy(resource, [
      withDefault(boolean(resource, "deletionProtection"), true),
      withDefault(boolean(resource, "settings.deletionProtectionEnabled"), false),
    ]),
    isPublic: withDefault(boolean(resource, "settings.ipConfiguration.ipv4Enabled"), true),
  });
  return [data];
}

/** The instance that takes the writes: the source of a replica, otherwise the instance itself. Undefined where the source is not in the design. */
export function sqlPrimary(resource: Resource, around: Surroundings): Resource | undefined {
  if (!isReplica(resource)) return resource;
  return valueOr(linked(resource, "masterInstanceName", [SQL_INSTANCE], around), [])[0];
}

function isReplica(resource: Resource): boolean {
  const source = text(resource, "masterInstanceName");
  return !source.known || source.value !== undefined;
}

/** The region of the primary, then those of its replicas; sorted. */
function sqlRegions(resource: Resource, around: Surroundings): Fact<string[]> {
  const replicas = pointingTo(resource, "masterInstanceName", [SQL_INSTANCE], around);
  const regions = [resource, ...replicas].map((each) => regionalPlace(each, around).region);
  return mapFact(allFacts(regions), (all) => [...new Set(all)].sort());
}

/** ZONAL unless it says otherwise (the provider's page). */
function isRegional(resource: Resource): Fact<boolean> {
  return mapFact(text(resource, "settings.availabilityType"), (type) => type === "REGIONAL");
}

/** Where it stands: in one zone, which Google picks where none is preferred, or with a standby in a second one. */
function sqlPlace(resource: Resource, around: Surroundings): Place {
  const zones = chainFact(isRegional(resource), (regional): Fact<string[]> => {
    if (regional) return known([]);
    return chainFact(text(resource, "settings.locationPreference.zone"), (zone): Fact<string[]> =>
      zone === undefined
        ? unknown(resource.urn, "settings.locationPreference.zone", "is not set, so Google picks one zone")
        : known(spotOf(zone).zones),
    );
  });
  return { ...regionalPlace(resource, around), zones };
}

/** Where backups land without a location: in the multi-region that is closest (docs.cloud.google.com/sql/docs/postgres/backup-recovery/backups). */
function backupRegion(resource: Resource): Fact<string> {
  return mapFact(text(resource, "settings.backupConfiguration.location"), (location) =>
    location === undefined ? GLOBAL : spotOf(location).region,
  );
}

const LOGS = "settings.backupConfiguration.transactionLogRetentionDays";

/**
 * MySQL goes back by its binary log, the others by a switch of their own; both need backups. Logs are kept for 7 days, in Enterprise Plus for 14
 * (docs.cloud.google.com/sql/docs/postgres/backup-recovery/pitr).
 */
function pointInTimeDays(resource: Resource): Fact<number> {
  const path = "settings.backupConfiguration";
  const configured = object(resource, path);
  if (!configured.known) return configured;
  const isMySql = mapFact(text(resource, "databaseVersion"), (version) => version?.startsWith("MYSQL") === true);
  const isPlus = mapFact(text(resource, "settings.edition"), (edition) => edition === "ENTERPRISE_PLUS");
  const isOn = chainFact(isMySql, (mySql) =>
    withDefault(boolean(resource, mySql ? `${path}.binaryLogEnabled` : `${path}.pointInTimeRecoveryEnabled`), false),
  );
  const days = chainFact(isPlus, (plus) => withDefault(number(resource, LOGS), plus ? 14 : 7));
  return daysIf(isOn, days);
}
