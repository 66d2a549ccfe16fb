import type { Design } from "../../resilience/design";
import type { Door, PoolOverride } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { cloudName, cloudsOf, enabledPools, serversOf, steeredDoors } from "../serving";
import { listed } from "../../components/sizing/words";

/**
 * EDG-08. Lists of pools for a Cloudflare region, a country or a data centre, where the steering uses them (`geo`). Failover stays inside
 * such a list and goes from there to the fallback pool alone, so each list has to span two clouds by itself. Lists that were left behind
 * after a change of policy are not used, and not judged; nor are Route 53's geographic answers, which fall back to wider places by
 * themselves. Lists in rules are EDG-09's.
 */
export const edg08: Rule = {
  id: "EDG-08",
  title: "Each list of pools for some clients spans two clouds",
  level: Level.Mandatory,
  severity: "high",
  why: "Geographic steering does not fail over to other regions' pools. A continent whose list leads into one cloud goes down with that cloud, or lands as a whole on the one fallback pool, whose health nobody looks at.",
  outages: [outages.dynamoDb, outages.serviceControl],
  fix: "List the other pools behind the near ones, in the order in which they shall take over.",
  references: [
    "https://developers.cloudflare.com/load-balancing/understand-basics/traffic-steering/steering-policies/geo-steering/",
    "https://developers.cloudflare.com/load-balancing/understand-basics/adaptive-routing/",
  ],
  otherTools: [],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const doors = steeredDoors(design).flatMap((door) => {
    const overrides = door.overrides.filter(({ kind }) => kind !== "rule");
    const isUsed = door.kind === "cloudflare" && (!door.steering.known || door.steering.value === "geo");
    return isUsed ? overrides.map((override) => ({ door, override })) : [];
  });
  return doors.length === 0 ? undefined : doors.flatMap(({ door, override }) => judgeOverride(design, door, override));
}

const CLIENTS: Record<PoolOverride["kind"], string> = {
  region: "clients in",
  country: "clients in",
  "data-centre": "clients of the data centre",
  rule: "requests that match",
};

function judgeOverride(design: Design, door: Door, override: PoolOverride): RuleFinding[] {
  const found = oneCloudOf(design, door, override);
  if (found === undefined) return [];
  if (found.finding !== undefined) return [found.finding];
  const who = `${CLIENTS[override.kind]} ${override.key}`;
  const pools = override.pools.known ? enabledPools(design, override.pools.value).map(({ label }) => label) : [];
  if (!door.steering.known) {
    return [
      undecided(
        door.steering,
        `so nobody can say whether ${who} get pools that lead ${found.where}, by ${override.property}`,
      ),
    ];
  }
  return [
    violation(
      door.urn,
      `${who} get ${hostnameOf(door)} from ${pools.length === 0 ? "no pool" : listed(pools)} by ${override.property}, and these lead ${found.where}: when it fails, they have the fallback pool alone`,
      `add a pool in ${found.cloud === "aws" ? "Google Cloud" : "AWS"} to ${override.property}`,
    ),
  ];
}

/**
 * What is wrong with a list of pools: that it leads into one cloud, or nowhere. Nothing where it spans two.
 *
 * @returns `finding` where that is not known.
 */
export function oneCloudOf(
  design: Design,
  door: Door,
  { pools, property }: PoolOverride,
): { where: string; cloud: string | undefined; finding?: RuleFinding } | undefined {
  const matters = `so nobody can say whether ${property} of ${hostnameOf(door)} spans two clouds`;
  if (!pools.known) return { where: "", cloud: undefined, finding: undecided(pools, matters) };
  const { clouds, unknowns } = cloudsOf(serversOf(design, pools.value));
  if (clouds.length > 1) return undefined;
  const [missing] = unknowns;
  if (missing !== undefined) return { where: "", cloud: undefined, finding: undecided(missing, matters) };
  const [cloud] = clouds;
  return { where: cloud === undefined ? "to nothing" : `into ${cloudName(cloud)} alone`, cloud };
}
