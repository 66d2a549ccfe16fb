import { allFacts, chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { Part, Place, Surroundings } from "../../../model";
import { boolean, number, text } from "../../../reader";
import { linked, pointingTo } from "../links";
import { placeBy, spotOf } from "../locations";
import { isRecord } from "../records";
import { backupAt, copiesIf, dataOf, daysIf, guardedBy } from "./data-part";

/** Type token of a cluster of AlloyDB, primary or secondary. */
export const ALLOY_CLUSTER = "gcp:alloydb/cluster:Cluster";
const INSTANCE = "gcp:alloydb/instance:Instance";

/** A cluster of AlloyDB. A secondary one is a region of its primary, and takes no writes until it is promoted (docs.cloud.google.com/alloydb/docs/cross-region-replication/about-cross-region-replication). */
export function alloyCluster(resource: Resource, around: Surroundings): Part[] {
  const type = text(resource, "clusterType");
  if (!type.known || type.value === "SECONDARY") return [];
  const { account, ...place } = alloyPlace(resource, around);
  const home: Place = { ...place, account };
  return [
    dataOf(resource, home, {
      kind: "alloydb",
      isSystemOfRecord: isRecord(resource, true),
      isMultiZone: mapFact(home.zones, (zones) => zones.length === 0),
      regions: alloyRegions(resource, around),
      // On unless it is turned off, for 14 days (the provider's page of the cluster).
      pointInTimeDays: daysIf(
        withDefault(boolean(resource, "continuousBackupConfig.enabled"), true),
        withDefault(number(resource, "continuousBackupConfig.recoveryWindowDays"), 14),
      ),
      backups: copiesIf(
        withDefault(boolean(resource, "automatedBackupPolicy.enabled"), true),
        // "The only supported option is to store the backup in the same region as the cluster."
        backupAt(home.region, home),
      ),
      isDeletionProtected: guardedBy(resource, [withDefault(boolean(resource, "deletionProtection"), true)]),
    }),
  ];
}

/** The cluster that takes the writes; undefined where it is not in the design. */
export function alloyPrimary(resource: Resource, around: Surroundings): Resource | undefined {
  const type = text(resource, "clusterType");
  if (type.known && type.value !== "SECONDARY") return resource;
  const found = linked(resource, "secondaryConfig.primaryClusterName", [ALLOY_CLUSTER], around);
  return found.known ? found.value[0] : undefined;
}

function alloyRegions(resource: Resource, around: Surroundings): Fact<string[]> {
  const secondaries = around.index
    .dependants(resource.urn)
    .filter((each) => each.type === ALLOY_CLUSTER && alloyPrimary(each, around) === resource);
  const regions = [resource, ...secondaries].map((each) => placeBy(each, "location", around).region);
  return mapFact(allFacts(regions), (all) => [...new Set(all)].sort());
}

/** An instance is spread over zones unless it says ZONAL; then it stands in `gceZone`, or in one that Google picks. */
function alloyPlace(resource: Resource, around: Surroundings): Place {
  const zonal = pointingTo(resource, "cluster", [INSTANCE], around).filter((instance) => {
    const type = text(instance, "availabilityType");
    return type.known && type.value === "ZONAL";
  });
  const place = placeBy(resource, "location", around);
  const [only] = zonal;
  if (only === undefined) return place;
  const zones = chainFact(text(only, "gceZone"), (zone): Fact<string[]> =>
    zone === undefined
      ? unknown(only.urn, "gceZone", "is not set, so Google picks one zone")
      : known(spotOf(zone).zones),
  );
  return { ...place, zones };
}
