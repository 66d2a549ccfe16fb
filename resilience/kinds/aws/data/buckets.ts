import { allFacts, chainFact, known, mapFact, unknown, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Surroundings } from "../../../model";
import { count, property, text } from "../../../reader";
import { ofTypes, oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { BUCKET_PUBLIC_ACCESS, BUCKET_REPLICATION, BUCKETS } from "../types";
import { flag, storePart } from "./store";

/**
 * Buckets of S3. They lie in three zones, are encrypted since 2023 whatever is asked for
 * (docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html), and what they hold is no record unless a tag says so.
 */
export function bucket(resource: Resource, around: Surroundings): Data[] {
  return [
    storePart(resource, around, {
      kind: "s3",
      isRecord: false,
      otherRegions: replicatedTo(resource, around),
      isMultiZone: known(true),
      // A bucket that is not empty cannot be deleted, unless Pulumi empties it.
      isDeletionProtected: mapFact(flag(resource, "forceDestroy"), (isForced) => !isForced),
      isEncrypted: known(true),
      isPublic: isPublic(resource, around.index),
    }),
  ];
}

/** Directory buckets lie in one zone (S3 Express One Zone). */
export function directoryBucket(resource: Resource, around: Surroundings): Data[] {
  return [
    storePart(resource, around, {
      kind: "s3",
      isRecord: false,
      zones: mapFact(text(resource, "location.name"), (zone) => (zone === undefined ? [] : [zone])),
      isMultiZone: known(false),
      isDeletionProtected: mapFact(flag(resource, "forceDestroy"), (isForced) => !isForced),
      isEncrypted: known(true),
      isPublic: known(false),
    }),
  ];
}

function byBucket(type: string): (index: GraphIndex) => ReadonlyMap<string, Resource[]> {
  return oncePerGraph((index) => {
    const found = new Map<string, Resource[]>();
    for (const each of ofTypes(index, [type])) {
      for (const { urn } of pointed(index, each, "bucket", BUCKETS).resources) push(found, urn, each);
    }
    return found;
  });
}

const replications = byBucket(BUCKET_REPLICATION);
const accessBlocks = byBucket(BUCKET_PUBLIC_ACCESS);

/** The regions to which a bucket is replicated as a whole; the same region as its own counts as no other. */
function replicatedTo(resource: Resource, around: Surroundings): Fact<string[]> {
  const rules = [
    ...(replications(around.index).get(resource.urn) ?? []).map((holder) => ({ holder, list: "rules" })),
    { holder: resource, list: "replicationConfiguration.rules" },
  ];
  const regions = rules.map(({ holder, list }) =>
    chainFact(count(holder, list), (length) =>
      mapFact(
        allFacts(Array.from({ length }, (_, place) => destinationOf(holder, `${list}[${String(place)}]`, around))),
        (all) => all.flat(),
      ),
    ),
  );
  return mapFact(allFacts(regions), (all) => [...new Set(all.flat())]);
}

function destinationOf(holder: Resource, rule: string, { index, placeOf }: Surroundings): Fact<string[]> {
  const status = text(holder, `${rule}.status`);
  if (!status.known) return status;
  if (status.value !== "Enabled") return known([]);
  const whole = isWhole(holder, rule);
  if (!whole.known) return whole;
  if (!whole.value) return unknown(holder.urn, `${rule}.filter`, "replicates a part of the bucket only");
  const path = `${rule}.destination.bucket`;
  const { resources, missing } = pointed(index, holder, path, BUCKETS);
  const [destination] = resources;
  if (destination !== undefined) return mapFact(placeOf(destination).region, (region) => [region]);
  // The ARN of a bucket names no region.
  return missing ?? unknown(holder.urn, path, "names a bucket outside this design, whose region is not known");
}

/** A rule without a filter, or with an empty one, copies everything. */
function isWhole(holder: Resource, rule: string): Fact<boolean> {
  const filters = ["filter.prefix", "filter.tag", "filter.and", "prefix"].map((path) =>
    property(holder, `${rule}.${path}`),
  );
  return mapFact(allFacts(filters), (values) => values.every((value) => value === undefined || value === ""));
}

/**
 * New buckets have been private since April 2023 (docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html): one is public
 * only where an access list says so, or where a block is lifted, and then its policy decides.
 */
function isPublic(resource: Resource, index: GraphIndex): Fact<boolean> {
  const acl = text(resource, "acl");
  if (!acl.known) return acl;
  if (acl.value === "public-read" || acl.value === "public-read-write") return known(true);
  for (const block of accessBlocks(index).get(resource.urn) ?? []) {
    const blocks = allFacts(["blockPublicPolicy", "restrictPublicBuckets"].map((path) => flag(block, path)));
    if (!blocks.known) return blocks;
    if (blocks.value.includes(false))
      return unknown(block.urn, "blockPublicPolicy", "lets the bucket's policy decide who reads it");
  }
  return known(false);
}
