import { valueOr } from "../../resilience/fact";
import { storesOf, type Store } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * SEC-01. The baseline that belongs to resilience, since a ransomed database is an outage: what holds data is encrypted, and no client outside
 * reaches it. Judged are data of record, every database, and whatever something serving works with; buckets that nothing serving uses are
 * left to scanners.
 */
export const sec01: Rule = {
  id: "SEC-01",
  title: "Data is encrypted and reached from inside alone",
  level: Level.Mandatory,
  severity: "high",
  why: "A database that the internet reaches is tried by everybody, and a disk that is not encrypted is read by whoever gets hold of it. Either ends in an outage that no second region helps against.",
  outages: [],
  fix: "Encrypt at rest, and give data no public address.",
  references: [
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    "https://cloud.google.com/sql/docs/postgres/configure-private-ip",
  ],
  otherTools: [
    "Checkov CKV_AWS_16, CKV_AWS_17 and CKV_GCP_60, Trivy, cdk-nag and Prowler: well covered, of every instance",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const stores = storesOf(design).stores.filter(isJudged);
  if (stores.length === 0) return undefined;
  return stores.flatMap(judgeStore);
}

function isJudged({ data, isRecord, isUsed }: Store): boolean {
  return isRecord || isUsed || valueOr(data.isSystemOfRecord, true);
}

function judgeStore({ data }: Store): RuleFinding[] {
  const { urn, label, isEncrypted, isPublic } = data;
  const findings: RuleFinding[] = [];
  if (!isEncrypted.known) findings.push(undecided(isEncrypted, `so nobody can say whether ${label} is encrypted`));
  else if (!isEncrypted.value) {
    const message = `${label} is kept without encryption: whoever gets a disk or a snapshot of it reads what it holds`;
    findings.push(
      violation(
        urn,
        message,
        `switch on encryption at rest of ${label}; for most stores that makes a new one from a snapshot`,
      ),
    );
  }
  if (!isPublic.known) findings.push(undecided(isPublic, `so nobody can say whether the internet reaches ${label}`));
  else if (isPublic.value) {
    const message = `${label} has a public address: one password or one flaw lies between the internet and what it holds`;
    findings.push(
      violation(urn, message, `give ${label} a private address alone, and let what serves reach it inside its network`),
    );
  }
  return findings;
}
