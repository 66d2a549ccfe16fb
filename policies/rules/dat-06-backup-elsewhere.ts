import { valueOr, type Fact, type Unknown } from "../../resilience/fact";
import { GLOBAL, type BackupCopy, type Data } from "../../resilience/model";
import { outages } from "../outages";
import { judgeRecords, type Store } from "../queries";
import { advice, Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { listed } from "../../components/sizing/words";

/**
 * DAT-06. A backup in the region of the data is lost with it; one in another region is asked of every record. What is tagged
 * `twodoor:data=system-of-record` (the ledger) is advised to have one in another account or cloud besides: an account is closed, or taken
 * over, as a whole. For buckets a replicated bucket counts as the copy, since versions stay there.
 */
export const dat06: Rule = {
  id: "DAT-06",
  title: "A backup of the data of record lies in another region",
  level: Level.Mandatory,
  severity: "high",
  why: "When a region is gone for weeks, backups elsewhere are the only way back; when an account is closed, those outside of it are.",
  outages: [outages.middleEast, outages.parisFlood, outages.railway],
  fix: "Copy backups to another region: automated backup replication, a backup plan with a copy action, a backup location elsewhere.",
  references: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html",
    "https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
    "https://cloud.google.com/sql/docs/postgres/backup-recovery/backups",
  ],
  otherTools: [
    "AWS Config BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK asks for a plan; nothing found that compares the regions of a backup and of its data",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  return judgeRecords(design, judgeStore);
}

function judgeStore({ data, isTagged }: Store): RuleFinding[] {
  const { label, backups } = data;
  if (!backups.known) return [undecided(backups, `so nobody can say where backups of ${label} lie`)];
  const copies = [...backups.value, ...bucketCopies(data)];
  const elsewhere = anyOf(copies.map((copy) => isElsewhere(copy, data)));
  if (elsewhere === false) return [inOneRegion(data, backups.value.length > 0)];
  if (elsewhere !== true)
    return [undecided(elsewhere, `so nobody can say whether a backup of ${label} lies in another region`)];
  return isTagged ? judgeLedger(data, copies) : [];
}

/** A bucket's copies in other regions: each keeps the versions that are deleted in the first. */
function bucketCopies({ kind, place, regions }: Data): BackupCopy[] {
  if (kind !== "s3" && kind !== "gcs") return [];
  return valueOr(regions, []).map((region) => ({
    cloud: place.cloud,
    region: { known: true, value: region },
    account: place.account,
  }));
}

function isElsewhere({ cloud, region }: BackupCopy, { place }: Data): Fact<boolean> {
  if (cloud !== place.cloud) return { known: true, value: true };
  if (!region.known) return region;
  if (!place.region.known) return place.region;
  return { known: true, value: region.value === GLOBAL || region.value !== place.region.value };
}

/** True where one is, false where all are known not to be; otherwise what is not known. */
function anyOf(facts: readonly Fact<boolean>[]): boolean | Unknown {
  if (facts.some((fact) => fact.known && fact.value)) return true;
  return facts.find((fact) => !fact.known) ?? false;
}

function inOneRegion({ urn, label, place }: Data, hasBackup: boolean): RuleFinding {
  const home = `${place.cloud}:${valueOr(place.region, "its region")}`;
  const message = hasBackup
    ? `every backup of ${label} lies in ${home}, where ${label} itself stands: what takes the region takes both`
    : `nothing backs ${label} up: any replica follows every deletion, and ${home} may be lost for weeks`;
  return violation(urn, message, `let backups of ${label} be copied to a region other than ${home}`);
}

function judgeLedger(data: Data, copies: readonly BackupCopy[]): RuleFinding[] {
  const apart = anyOf(copies.map((copy) => isApart(copy, data)));
  if (apart === true) return [];
  const { urn, label, place } = data;
  if (apart !== false) {
    return [
      {
        ...undecided(apart, `so nobody can say whether a backup of ${label} lies in another account`),
        level: Level.Advisory,
      },
    ];
  }
  const where = listed([...new Set(copies.map(({ cloud }) => cloud))].sort());
  const message = `every backup of ${label} lies in the ${where} account that holds ${label} itself: if that account is closed or taken over, both are gone`;
  return [advice(urn, message, `keep a copy of ${label} in another ${place.cloud} account, or in another cloud`)];
}

function isApart({ cloud, account }: BackupCopy, { place }: Data): Fact<boolean> {
  if (cloud !== place.cloud) return { known: true, value: true };
  if (!account.known) return account;
  if (!place.account.known) return place.account;
  return { known: true, value: account.value !== place.account.value };
}
