import type { Design } from "../../resilience/design";
import type { Unknown } from "../../resilience/fact";
import type { Door } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { alsoFrom, cloudName, cloudsOf, serversOf, steeredDoors } from "../serving";

/**
 * EDG-01. Counted are the pools that get requests while all is well or by failover: the default ones. A fallback pool alone in the other
 * cloud is not enough: it is the last resort, its health is not looked at, a request that failed is not tried there again, and it has
 * never carried anything on the day on which it has to carry everything.
 */
export const edg01: Rule = {
  id: "EDG-01",
  title: "The pools of each load balancer span two clouds",
  level: Level.Mandatory,
  severity: "critical",
  why: "A load balancer can only send requests to the pools that it has. When all of them lead into one cloud, its health checks watch that cloud die and have nowhere else to go.",
  outages: [outages.serviceControl, outages.dynamoDb],
  fix: "List a pool of the other cloud among the default pools.",
  references: [
    "https://developers.cloudflare.com/load-balancing/understand-basics/health-details/",
    "https://developers.cloudflare.com/load-balancing/understand-basics/adaptive-routing/",
  ],
  otherTools: [
    "Checkov CKV_AWS_310 and Prowler cloudfront_distributions_multiple_origin_failover_configured ask CloudFront for a second origin, in the same cloud too",
  ],
  subsumedBy: [
    {
      id: "TOP-05",
      stays:
        "it names the load balancer whose list is too short, where several rows of the survival table fall, and it also refuses a second cloud that is the fallback alone, with which every row survives",
    },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const doors = steeredDoors(design);
  return doors.length === 0 ? undefined : doors.flatMap((door) => judgeDoor(design, door));
}

function judgeDoor(design: Design, door: Door): RuleFinding[] {
  const hostname = hostnameOf(door);
  const { clouds, unknowns } = cloudsOfPools(design, door);
  if (clouds.length > 1) return [];
  const [missing] = unknowns;
  if (missing !== undefined) {
    return [undecided(missing, `so nobody can say whether the pools of ${hostname} span two clouds`)];
  }
  const [only] = clouds;
  const where = only === undefined ? "to nothing" : `into ${cloudName(only)} alone`;
  const fallback = fallbackCloud(design, door);
  const last =
    fallback === undefined || fallback === only
      ? ""
      : `; the fallback pool in ${cloudName(fallback)} is used without regard to its health, and only when no other is left`;
  return [
    violation(
      door.urn,
      `every default pool of ${hostname} leads ${where}${last}`,
      fallback === undefined || fallback === only
        ? alsoFrom(door, hostname, only === "aws" ? "Google Cloud" : "AWS")
        : `list the pool in ${cloudName(fallback)} among the default pools`,
    ),
  ];
}

function cloudsOfPools(design: Design, door: Door): { clouds: string[]; unknowns: Unknown[] } {
  if (!door.pools.known) return { clouds: [], unknowns: [door.pools] };
  return cloudsOf(serversOf(design, door.pools.value));
}

function fallbackCloud(design: Design, door: Door): string | undefined {
  const id = door.fallback.known ? door.fallback.value : undefined;
  return id === undefined ? undefined : cloudsOf(serversOf(design, [id])).clouds[0];
}
