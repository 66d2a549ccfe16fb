import { allFacts, chainFact, known, mapFact, valueOr, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import { GLOBAL, type Part, type Surroundings } from "../../../model";
import { boolean, text, texts } from "../../../reader";
import { linked } from "../links";
import { placeAt, placeBy, spotOf, zonalPlace } from "../locations";
import { isRecord } from "../records";
import { dataOf, guardedBy } from "./data-part";

/** Type tokens of the stores of this file. */
export const BUCKET = "gcp:storage/bucket:Bucket";
export const FILESTORE = "gcp:filestore/instance:Instance";
export const TOPIC = "gcp:pubsub/topic:Topic";

/**
 * A bucket: in one region over its zones, or in two or more regions, of which any one may go (docs.cloud.google.com/storage/docs/locations). It has no point in
 * time to go back to: versioning keeps what was overwritten, object by object.
 */
export function bucket(resource: Resource, around: Surroundings): Part[] {
  const listed = chainFact(texts(resource, "customPlacementConfig.dataLocations"), allFacts);
  const place = placeBy(resource, "location", around);
  const regions = chainFact(listed, (names): Fact<string[]> =>
    names.length === 0
      ? mapFact(place.region, (region) => [region])
      : known([...new Set(names.map((name) => spotOf(name).region))].sort()),
  );
  return [
    dataOf(resource, place, {
      kind: "gcs",
      isSystemOfRecord: isRecord(resource, false),
      isMultiZone: known(true),
      regions,
      // Objects that were made public are, unless the bucket refuses it; it inherits an organization's refusal, which no program shows.
      isPublic: mapFact(text(resource, "publicAccessPrevention"), () => false),
      isDeletionProtected: guardedBy(resource, [
        mapFact(boolean(resource, "forceDestroy"), (force) => force !== true),
        mapFact(text(resource, "deletionPolicy"), (policy) => policy === "PREVENT"),
      ]),
    }),
  ];
}

/** Tiers of Filestore that stand in every zone of a region; the others stand in one (docs.cloud.google.com/filestore/docs/service-tiers). */
const REGIONAL_TIERS = new Set(["REGIONAL", "ENTERPRISE"]);

/** An instance of Filestore. A replica in another region is a copy that somebody has to promote; it is a region of its source. */
export function filestoreInstance(resource: Resource, around: Surroundings): Part[] {
  const isRegional = mapFact(text(resource, "tier"), (tier) => REGIONAL_TIERS.has(tier ?? ""));
  const location = text(resource, "location");
  const place =
    location.known && location.value === undefined
      ? zonalPlace(resource, around)
      : placeBy(resource, "location", around);
  return [
    dataOf(resource, place, {
      kind: "filestore",
      isSystemOfRecord: isRecord(resource, false),
      isMultiZone: isRegional,
      isDeletionProtected: guardedBy(resource, [withDefault(boolean(resource, "deletionProtectionEnabled"), false)]),
    }),
  ];
}

/**
 * A topic of Pub/Sub. Its name is global, and a message is kept in the allowed region nearest to the publisher
 * (docs.cloud.google.com/pubsub/docs/resource-location-restriction): only a policy with a single region ties it to that one.
 */
export function topic(resource: Resource, around: Surroundings): Part[] {
  const allowed = chainFact(texts(resource, "messageStoragePolicy.allowedPersistenceRegions"), allFacts);
  const regions = mapFact(allowed, (names) =>
    names.length === 0 ? [GLOBAL] : [...new Set(names.map((name) => spotOf(name).region))].sort(),
  );
  const spot = mapFact(regions, (names) => ({ region: names.length === 1 ? (names[0] ?? GLOBAL) : GLOBAL, zones: [] }));
  return [
    dataOf(resource, placeAt(resource, spot, around), {
      kind: "pubsub",
      isSystemOfRecord: isRecord(resource, false),
      isMultiZone: known(true),
      regions,
    }),
  ];
}

/** The buckets behind a backend bucket. */
export function bucketsBehind(backend: Resource, around: Surroundings): Resource[] {
  return valueOr(linked(backend, "bucketName", [BUCKET], around), []);
}
