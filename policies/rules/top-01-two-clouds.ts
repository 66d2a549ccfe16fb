import type { Design } from "../../resilience/design";
import type { Door } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { alsoFrom, cloudName, cloudsOf, serversOf } from "../serving";

/**
 * TOP-01. Each hostname is judged by itself, by the computes that its requests can reach: a bucket, a replica or a registry in the other
 * cloud answers nobody. A third provider counts as a second cloud. What stands outside the design counts where its place is declared.
 */
export const top01: Rule = {
  id: "TOP-01",
  title: "A serving path exists in at least two clouds",
  level: Level.Mandatory,
  severity: "critical",
  why: "A cloud fails as a whole: its control plane, its identity service or its network is shared by all of its regions, and it can close an account. A second region of the same cloud is behind the same door.",
  outages: [outages.serviceControl, outages.dynamoDb, outages.railway],
  fix: "Serve the hostname from an origin in a second cloud, in a pool of the same load balancer.",
  references: [
    "https://developers.cloudflare.com/load-balancing/understand-basics/load-balancing-components/",
    "https://status.cloud.google.com/incidents/ow5i3PPK96RduMcb1SsW",
  ],
  otherTools: [
    "Checkov, Trivy, Prowler and cdk-nag judge one resource of one cloud at a time: none asks where else a hostname is served",
  ],
  subsumedBy: [
    { id: "TOP-05", stays: "it says in one line what several rows of the survival table say" },
    {
      id: "EDG-01",
      stays:
        "it judges hostnames without a load balancer too, and those whose second cloud is the fallback alone pass here",
    },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const judged = design.doors.map((door) => judgeDoor(design, door));
  return judged.every((found) => found === undefined) ? undefined : judged.flatMap((found) => found ?? []);
}

/** Nothing where the door leads to nothing that answers: a site of files has no serving path to double. */
function judgeDoor(design: Design, door: Door): RuleFinding[] | undefined {
  const { clouds, unknowns } = cloudsOf(serversOf(design, [door.id]));
  const [only] = clouds;
  const [missing] = unknowns;
  const hostname = hostnameOf(door);
  if (clouds.length > 1) return [];
  if (missing !== undefined) return [undecided(missing, `so nobody can say whether two clouds serve ${hostname}`)];
  if (only === undefined) return undefined;
  const other = only === "aws" ? "Google Cloud" : "AWS";
  return [
    violation(
      door.urn,
      `${hostname} is served from ${cloudName(only)} alone: when ${cloudName(only)} fails, it answers nobody`,
      alsoFrom(door, hostname, other),
    ),
  ];
}
