import { allFacts, chainFact, known, mapFact, Reason, unknown, valueOr, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import { GLOBAL, type Part, type Surroundings } from "../../../model";
import { boolean, list, text } from "../../../reader";
import { linked, pointingTo } from "../links";
import { placeAt, spotOf } from "../locations";
import { isRecord } from "../records";
import { backupAt, copiesIf, dataOf, daysOf, guardedBy } from "./data-part";

/** Type token of an instance of Spanner. */
export const SPANNER_INSTANCE = "gcp:spanner/instance:Instance";
const CONFIG = "gcp:spanner/instanceConfig:InstanceConfig";
const DATABASE = "gcp:spanner/database:Database";
const SCHEDULE = "gcp:spanner/backupSchedule:BackupSchedule";

/**
 * An instance of Spanner. Its configuration says where: `regional-REGION` keeps three voters in three zones of it, everything else (`nam3`,
 * `dual-region-…`, one of the owner's own) spreads over regions and survives any one of them (docs.cloud.google.com/spanner/docs/instance-configurations).
 */
export function spannerInstance(resource: Resource, around: Surroundings): Part[] {
  const regions = spannerRegions(resource, around);
  const region = mapFact(regions, (all) => (all.length === 1 ? (all[0] ?? GLOBAL) : GLOBAL));
  const place = placeAt(
    resource,
    mapFact(region, (name) => ({ region: name, zones: [] })),
    around,
  );
  const databases = pointingTo(resource, "instance", [DATABASE], around);
  const schedules = pointingTo(resource, "instance", [SCHEDULE], around);
  const isBackedUp = mapFact(
    text(resource, "defaultBackupScheduleType"),
    (type) => type === "AUTOMATIC" || schedules.length > 0,
  );
  return [
    dataOf(resource, place, {
      kind: "spanner",
      isSystemOfRecord: isRecord(resource, true),
      isMultiZone: known(true),
      regions,
      pointInTimeDays: pointInTimeDays(databases),
      backups: copiesIf(isBackedUp, backupAt(region, place)),
      isDeletionProtected: isProtected(resource, databases),
    }),
  ];
}

function spannerRegions(resource: Resource, around: Surroundings): Fact<string[]> {
  const configs = valueOr(linked(resource, "config", [CONFIG], around), []);
  const [config] = configs;
  if (config !== undefined) return replicaRegions(config);
  return chainFact(text(resource, "config"), (name): Fact<string[]> => {
    if (name === undefined) return unknown(resource.urn, "config", Reason.Malformed);
    const last = name.slice(name.lastIndexOf("/") + 1);
    return known([last.startsWith("regional-") ? spotOf(last.slice("regional-".length)).region : GLOBAL]);
  });
}

/** The regions of a configuration of the owner's own. */
function replicaRegions(config: Resource): Fact<string[]> {
  return chainFact(list(config, "replicas"), (replicas) => {
    const places = replicas.map((_, at): Fact<string> => {
      const path = `replicas[${String(at)}].location`;
      return chainFact(text(config, path), (location): Fact<string> =>
        location === undefined ? unknown(config.urn, path, Reason.Malformed) : known(spotOf(location).region),
      );
    });
    return mapFact(allFacts(places), (names) => [...new Set(names)].sort());
  });
}

/** The shortest time of its databases: what is not kept longer than the default hour cannot be taken back a day. */
function pointInTimeDays(databases: readonly Resource[]): Fact<number> {
  const days = databases.map((database): Fact<number> =>
    chainFact(withDefault(text(database, "versionRetentionPeriod"), "1h"), (period): Fact<number> => {
      const whole = daysOf(period);
      return whole === undefined ? unknown(database.urn, "versionRetentionPeriod", Reason.Malformed) : known(whole);
    }),
  );
  return mapFact(allFacts(days), (all) => (all.length === 0 ? 0 : Math.min(...all)));
}

/** Dropping a database is refused by its own switch, which keeps the instance too; the provider's guard is on unless it is turned off. */
function isProtected(resource: Resource, databases: readonly Resource[]): Fact<boolean> {
  const guards = databases.map((database) =>
    guardedBy(database, [
      withDefault(boolean(database, "deletionProtection"), true),
      withDefault(boolean(database, "enableDropProtection"), false),
    ]),
  );
  if (resource.isProtected) return known(true);
  return mapFact(allFacts(guards), (all) => all.length > 0 && all.every(Boolean));
}
