import { GLOBAL, type Data } from "../../resilience/model";
import { outages } from "../outages";
import { judgeRecords } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * DAT-01. Data that may not be lost: what is tagged `twodoor:data=system-of-record`, and databases that something serving uses. Caches, logs
 * and what a pipeline keeps are left alone unless somebody tags them. Regions are compared: a replica, or a bucket's copy, in the same
 * region is none.
 */
export const dat01: Rule = {
  id: "DAT-01",
  title: "Data of record is kept up to date in a second region",
  level: Level.Mandatory,
  severity: "critical",
  why: "Zones of a region have been lost together, for weeks. Whatever had its only copy there was out of reach, and some of it is gone.",
  outages: [outages.parisFlood, outages.middleEast],
  fix: "Add a replica in another region: a cross-region read replica or global database, table replicas, bucket replication to another region, a multi-region configuration.",
  references: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
    "https://cloud.google.com/sql/docs/postgres/replication/cross-region-replicas",
    "https://cloud.google.com/spanner/docs/instance-configurations",
  ],
  otherTools: [
    "Checkov CKV_AWS_144 (cross-region replication) passes a rule that replicates within the same region: it compares none",
    "AWS Config S3_BUCKET_CROSS_REGION_REPLICATION_ENABLED and Prowler s3_bucket_cross_region_replication judge live buckets",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  return judgeRecords(design, ({ data }) => judgeRegions(data));
}

function judgeRegions(data: Data): RuleFinding[] {
  const { urn, label, regions, place } = data;
  if (!regions.known) return [undecided(regions, `so nobody can say whether ${label} has a copy in another region`)];
  const names = [...new Set(regions.value)].sort();
  if (names.length > 1 || names.includes(GLOBAL)) return [];
  const home = `${place.cloud}:${names[0] ?? "one region"}`;
  const message = `${label} has its only copy in ${home}: when that region is lost, so is everything since the last backup, and nobody can go on from it elsewhere`;
  return [violation(urn, message, `${REPLICAS[data.kind] ?? "keep a replica"} in another region`)];
}

/** How each kind of store gets a second region. */
const REPLICAS: Record<string, string> = {
  rds: "add a read replica (replicateSourceDb)",
  aurora: "make it part of a global cluster with a second cluster",
  dynamodb: "add a replica (replicas[].regionName)",
  docdb: "make it part of a global cluster with a second cluster",
  s3: "add a bucketReplicationConfig whose destination bucket stands",
  efs: "add a replicationConfiguration",
  elasticache: "add a global replication group with a member",
  "cloud-sql": "add a replica (masterInstanceName)",
  alloydb: "add a secondary cluster",
  gcs: "make it a dual-region bucket, or replicate it to one",
  spanner: "choose an instance configuration with a replica",
  firestore: "create the database in a multi-region, or keep a copy",
  bigtable: "add a cluster",
};
