import { outages } from "../outages";
import { farFindings } from "../far-findings";
import { placeName } from "../queries";
import { Level, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * DEP-02. Secrets are read when a unit starts, so this bites where DEP-01 does: in growing and in replacing what died. A Google secret with
 * automatic replication, and one with copies in several regions, passes; an ARN names one region, whatever is replicated beside it.
 */
export const dep02: Rule = {
  id: "DEP-02",
  title: "Secrets are read in the region in which they are used",
  level: Level.Mandatory,
  severity: "high",
  why: "A unit that cannot read its secrets does not start. If they stand in the region that failed, every other region can only shrink until it is back.",
  outages: [outages.dynamoDb],
  fix: "Replicate each secret to every serving region, or keep one in each, and name that region's copy.",
  references: [
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
    "https://cloud.google.com/secret-manager/docs/choosing-replication",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
  ],
  otherTools: ["Nothing found: scanners ask whether secrets rotate and are encrypted, not who reads them from where"],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  return farFindings(design, "secret", {
    what: "secrets",
    consequence: ({ compute }) => `no new ${compute.unit} of it starts`,
    fix: ({ compute }) =>
      compute.place.cloud === "aws"
        ? `replicate the secret to ${placeName(compute.place)} (replicas) and name the replica's ARN for ${compute.label}`
        : `keep the secret in ${placeName(compute.place)} too (replication) and name that one for ${compute.label}`,
  });
}
