import type { Design } from "../../resilience/design";
import type { Door, Pool } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";
import { placeName } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { healthSteeredPools, serversOf, steeredDoors } from "../serving";

/**
 * EDG-03. Judged is each enabled pool that requests are steered to: the default ones and those of overrides. The fallback pool needs no
 * monitor, since its health is not looked at. An edge that fails over request by request (CloudFront's origin groups) needs none either.
 */
export const edg03: Rule = {
  id: "EDG-03",
  title: "Each pool has a monitor",
  level: Level.Mandatory,
  severity: "critical",
  why: "Without a monitor nobody finds out that a pool is dead. Cloudflare then sends requests as if it were healthy, for as long as the outage lasts.",
  outages: [outages.dynamoDb],
  fix: "Give the pool a monitor.",
  references: [
    "https://developers.cloudflare.com/load-balancing/understand-basics/health-details/",
    "https://developers.cloudflare.com/load-balancing/understand-basics/traffic-steering/steering-policies/standard-options/",
  ],
  otherTools: [],
  subsumedBy: [
    { id: "TOP-05", stays: "it names the pool and the property, and finds pools that get no share while all is well" },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const used = new Map<string, { pool: Pool; door: Door }>();
  for (const door of steeredDoors(design)) {
    for (const pool of healthSteeredPools(design, door)) if (!used.has(pool.id)) used.set(pool.id, { pool, door });
  }
  return used.size === 0 ? undefined : [...used.values()].flatMap(({ pool, door }) => judgePool(design, pool, door));
}

function judgePool(design: Design, pool: Pool, door: Door): RuleFinding[] {
  const { monitor } = pool;
  const places = [...new Set(serversOf(design, [pool.id]).found.map(({ place }) => placeName(place)))].sort();
  if (!monitor.known)
    return [undecided(monitor, `so nobody can say whether somebody notices when ${pool.label} fails`)];
  if (monitor.value !== undefined) return [];
  const event = places.length === 1 ? `when ${places[0] ?? ""} fails` : "when it fails";
  return [
    violation(
      pool.urn,
      `the pool ${pool.label} has no monitor: ${event}, ${hostnameOf(door)} goes on sending requests there`,
      `set a monitor on ${pool.label}`,
    ),
  ];
}
