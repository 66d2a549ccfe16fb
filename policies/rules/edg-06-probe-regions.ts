import type { Design } from "../../resilience/design";
import type { Pool } from "../../resilience/model";
import { count } from "../../resilience/reader";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { healthSteeredPools, steeredDoors } from "../serving";
import type { RuleSettings } from "../settings";
import { counted } from "../../components/sizing/words";

/**
 * EDG-06. Pools of Cloudflare load balancers whose health a monitor decides. Left out, the list means every data centre: below Enterprise
 * that is refused, and with it one data centre steers by its own result alone. `ALL_REGIONS` is all thirteen.
 */
export const edg06: Rule = {
  id: "EDG-06",
  title: "Health is asked from several places",
  level: Level.Advisory,
  severity: "medium",
  why: "A probe sees the network between itself and the origin too. When one place alone asks, a fault on its way takes a healthy region out of rotation, and a fault that it does not see leaves a dead one in; with several the majority decides.",
  outages: [outages.edgeLink],
  fix: "Name three or five Cloudflare regions near the clients and the origin in checkRegions.",
  references: [
    "https://developers.cloudflare.com/load-balancing/monitors/#health-monitor-regions",
    "https://developers.cloudflare.com/load-balancing/troubleshooting/load-balancing-faq/",
  ],
  otherTools: [],
  subsumedBy: [],
  judge,
};

function judge({ design, settings }: Judged): RuleFinding[] | undefined {
  const pools = new Map<string, Pool>();
  for (const door of steeredDoors(design)) {
    if (door.kind !== "cloudflare") continue;
    for (const pool of healthSteeredPools(design, door)) {
      if (!pool.monitor.known || pool.monitor.value !== undefined) pools.set(pool.id, pool);
    }
  }
  return pools.size === 0 ? undefined : [...pools.values()].flatMap((pool) => judgePool(design, pool, settings));
}

function judgePool(design: Design, pool: Pool, { checkRegionsMin }: RuleSettings): RuleFinding[] {
  const { urn, label, checkRegions } = pool;
  if (!checkRegions.known) {
    return [undecided(checkRegions, `so nobody can say from where the health of ${label} is asked`)];
  }
  const fix = `set checkRegions of ${label} to ${counted(checkRegionsMin, "region")} or more`;
  if (isUnset(design, pool)) {
    return [
      violation(
        urn,
        `${label} names no checkRegions, which means every data centre: a plan below Enterprise refuses it, and each data centre steers by its own result alone`,
        fix,
      ),
    ];
  }
  const regions = new Set(checkRegions.value);
  if (regions.size >= checkRegionsMin) return [];
  return [
    violation(
      urn,
      `the health of ${label} is asked from ${counted(regions.size, "region")}: a fault on the way there counts as a dead region`,
      fix,
    ),
  ];
}

/** Whether the program leaves the list out. The model fills in what that means: every place there is. */
function isUnset({ index }: Design, { urn }: Pool): boolean {
  const resource = urn === null ? undefined : index.byUrn.get(urn);
  const written = resource === undefined ? undefined : count(resource, "checkRegions");
  return written?.known === true && written.value === 0;
}
