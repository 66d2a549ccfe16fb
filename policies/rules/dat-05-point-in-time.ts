import { judgeRecords, type Store } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { counted } from "../../components/sizing/words";

/**
 * DAT-05. How far data of record can be taken back. A replica is no backup: what a bad change deletes is deleted in every replica within a
 * second. Stores whose engine has no point in time to go back to (buckets, file systems) are judged by DAT-06.
 */
export const dat05: Rule = {
  id: "DAT-05",
  title: "Data of record can be taken back to a point in time",
  level: Level.Mandatory,
  severity: "high",
  why: "A change of one's own that destroys data is replicated as faithfully as any other, and days may pass before it is noticed. Only a point in time before it leads back.",
  outages: [],
  fix: "Switch on point-in-time recovery and keep at least a week.",
  references: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
    "https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr",
  ],
  otherTools: [
    "Checkov CKV_AWS_28, CKV_AWS_133, CKV_GCP_14 and CKV2_GCP_20 ask whether it is on, mostly without a number of days",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design, settings }: Judged): RuleFinding[] | undefined {
  return judgeRecords(design, (store) => judgeStore(store, settings.backupDaysMin));
}

function judgeStore({ data }: Store, daysMin: number): RuleFinding[] {
  const { urn, label, pointInTimeDays } = data;
  if (!pointInTimeDays.known)
    return [undecided(pointInTimeDays, `so nobody can say how far ${label} can be taken back`)];
  const days = pointInTimeDays.value;
  if (days === undefined || days >= daysMin) return [];
  const message =
    days <= 0
      ? `${label} cannot be taken back to a point in time: what a bad change deletes is gone, and any replica loses it too`
      : `${label} can be taken back ${counted(days, "day")}, and ${String(daysMin)} are asked for: a loss that is noticed later stays one`;
  return [violation(urn, message, `keep point-in-time recovery of ${label} for at least ${counted(daysMin, "day")}`)];
}
