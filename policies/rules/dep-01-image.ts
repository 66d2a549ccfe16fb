import { outages } from "../outages";
import { farFindings } from "../far-findings";
import { placeName } from "../queries";
import { Level, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * DEP-01. What runs goes on running without its registry; what has to be started does not. A registry in several regions of the compute's
 * own cloud passes, somebody else's registry (Docker Hub, GitHub) does not, since it limits and fails by itself. The host of the reference
 * decides: a replicated repository helps only who names the replica.
 */
export const dep01: Rule = {
  id: "DEP-01",
  title: "Images are pulled from the region in which they run",
  level: Level.Mandatory,
  severity: "high",
  why: "When a region fails, the others have to replace what dies and to grow. If their image stands in the region that failed, they can do neither: the survivors shrink with every machine that is lost.",
  outages: [outages.dynamoDb, outages.s3],
  fix: "Keep the image in a repository of each serving region (ECR replication, one Artifact Registry repository a region) and name that region's host.",
  references: [
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html",
    "https://cloud.google.com/artifact-registry/docs/repositories/repo-locations",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html",
  ],
  otherTools: ["Nothing found: scanners ask whether ECR scans and encrypts, not who pulls from where"],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  return farFindings(design, "image", {
    what: "its image",
    consequence: ({ compute }) => `no new ${compute.unit} of it starts`,
    fix: ({ compute }) =>
      `push the image to a repository in ${placeName(compute.place)} as well, and name that repository's host for ${compute.label}`,
  });
}
