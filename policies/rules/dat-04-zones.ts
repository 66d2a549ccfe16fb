import { outages } from "../outages";
import { storesOf, type Store } from "../queries";
import { advice, Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * DAT-04. Data of record, and everything that an answer needs, survives a zone of its region. A cache or a queue in a single zone is told
 * and stops nobody. Read replicas are not judged: they are the second copy themselves.
 */
export const dat04: Rule = {
  id: "DAT-04",
  title: "Data survives the loss of a zone",
  level: Level.Mandatory,
  severity: "high",
  why: "A database in one zone turns the loss of that zone into the loss of its region, and a promotion elsewhere into work at night.",
  outages: [outages.coinbase, outages.londonCooling],
  fix: "Switch on the standby in another zone: Multi-AZ, availabilityType REGIONAL, replicas with automatic failover.",
  references: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html",
    "https://cloud.google.com/sql/docs/postgres/high-availability",
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
  ],
  otherTools: [
    "Checkov CKV_AWS_157 and CKV2_AWS_50, cdk-nag AwsSolutions-RDS3, Regula FG_R00251 and AWSGuard ask the same of every instance, used or not",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const stores = storesOf(design).stores.filter(({ isRecord, isUsed }) => isRecord || isUsed);
  if (stores.length === 0) return undefined;
  return stores.flatMap((store) => judgeStore(store, store.isRecord || design.serving.has(store.data.id)));
}

function judgeStore({ data }: Store, isNeeded: boolean): RuleFinding[] {
  const { urn, label, isMultiZone, place } = data;
  if (!isMultiZone.known) return [undecided(isMultiZone, `so nobody can say whether ${label} survives a zone`)];
  if (isMultiZone.value) return [];
  const where = `${place.cloud}:${place.region.known ? place.region.value : "its region"}`;
  const message = `${label} stands in one zone of ${where}: when that zone is lost, ${isNeeded ? "it is gone for the whole region" : "it starts empty, and what uses it is slow or behind"}`;
  return [
    (isNeeded ? violation : advice)(
      urn,
      message,
      `let ${label} keep a standby in a second zone (${STANDBY[data.kind] ?? "its multi-zone setting"})`,
    ),
  ];
}

/** The setting of each kind of store. */
const STANDBY: Record<string, string> = {
  rds: "multiAz",
  aurora: "instances in two zones",
  elasticache: "multiAzEnabled and automaticFailoverEnabled",
  redis: "tier STANDARD_HA",
  "cloud-sql": "settings.availabilityType REGIONAL",
  alloydb: "availabilityType REGIONAL",
  filestore: "tier REGIONAL",
  efs: "a file system without availabilityZoneName",
  msk: "broker subnets in three zones",
};
