import type { Design } from "../../resilience/design";
import { valueOr } from "../../resilience/fact";
import { boolean } from "../../resilience/reader";
import { outages } from "../outages";
import { judgeRecords, placeName, servingParts, type Store } from "../queries";
import { advice, Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * DAT-07. Deleting data of record takes two deliberate steps: the cloud's own protection, or the engine's `protect`, has to be taken off
 * first. A last snapshot that is skipped, and a load balancer that one command removes, are told and stop nobody.
 *
 * `retainOnDelete` would help as well, and is not written down anywhere that a judge could read.
 */
export const dat07: Rule = {
  id: "DAT-07",
  title: "Deleting data of record takes two steps",
  level: Level.Mandatory,
  severity: "high",
  why: "A renamed resource, a wrong stack or a refactored loop is enough for an update to delete a database. With protection the update fails instead.",
  outages: [outages.s3],
  fix: "Switch on the store's deletion protection, or set `protect` on the resource.",
  references: [
    "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    "https://cloud.google.com/sql/docs/postgres/deletion-protection",
  ],
  otherTools: [
    "Checkov CKV_AWS_293 and CKV_AWS_150, AWSGuard elb-deletion-protection-enabled: the cloud's own flags, without the engine's protect",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const records = judgeRecords(design, (store) => judgeStore(design, store));
  const balancers = judgeBalancers(design);
  if (records === undefined && balancers === undefined) return undefined;
  return [...(records ?? []), ...(balancers ?? [])];
}

function judgeStore(design: Design, { data }: Store): RuleFinding[] {
  const { urn, label, isDeletionProtected } = data;
  const resource = design.index.byUrn.get(urn ?? "");
  if (resource?.isProtected !== true) {
    if (!isDeletionProtected.known)
      return [undecided(isDeletionProtected, `so nobody can say what deleting ${label} takes`)];
    if (!isDeletionProtected.value) {
      const message = `one update deletes ${label} and what it holds: nothing has to be taken off first`;
      return [
        violation(urn, message, `switch on deletion protection of ${label}, or set protect: true in its options`),
      ];
    }
  }
  if (resource === undefined || valueOr(boolean(resource, "skipFinalSnapshot"), false) !== true) return [];
  const message = `once its protection is off, deleting ${label} leaves nothing behind: skipFinalSnapshot is true`;
  return [advice(urn, message, `set skipFinalSnapshot of ${label} to false and name a final snapshot`)];
}

const BALANCERS = new Set(["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]);

/** Off unless it is switched on (registry page of `aws.lb.LoadBalancer`). */
function judgeBalancers(design: Design): RuleFinding[] | undefined {
  const found = servingParts(design, "entry").flatMap((entry) => {
    const resource = design.index.byUrn.get(entry.urn ?? "");
    return resource !== undefined && BALANCERS.has(resource.type) ? [{ entry, resource }] : [];
  });
  if (found.length === 0) return undefined;
  return found.flatMap(({ entry, resource }) => {
    const guarded = boolean(resource, "enableDeletionProtection");
    if (resource.isProtected || !guarded.known || guarded.value === true) return [];
    const message = `one update deletes ${entry.label}, the way into ${placeName(entry.place)}: a new one has another address`;
    return [advice(entry.urn, message, `set enableDeletionProtection of ${entry.label} to true`)];
  });
}
