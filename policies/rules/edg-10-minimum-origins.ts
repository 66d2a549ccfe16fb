import type { Pool } from "../../resilience/model";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { enabledPools, steeredDoors } from "../serving";
import { counted } from "../../components/sizing/words";

/**
 * EDG-10. Pools of Cloudflare load balancers. A pool with one origin has nothing to lose and passes with a minimum of one; with several
 * the loss of one must leave it standing. A minimum above the number of enabled origins is a pool that is never healthy.
 */
export const edg10: Rule = {
  id: "EDG-10",
  title: "A pool outlives the loss of one of its origins",
  level: Level.Advisory,
  severity: "medium",
  why: "A pool with fewer healthy origins than minimumOrigins takes no requests at all. Where the minimum is the number of its origins, one flapping origin empties the pool and moves its whole load to the others.",
  outages: [outages.tokyoCooling],
  fix: "Set minimumOrigins below the number of enabled origins.",
  references: ["https://developers.cloudflare.com/load-balancing/understand-basics/health-details/"],
  otherTools: [],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const pools = new Map<string, Pool>();
  for (const door of steeredDoors(design)) {
    if (door.kind !== "cloudflare") continue;
    const lists = [door.pools, ...door.overrides.map((override) => override.pools)];
    const fallback = door.fallback.known && door.fallback.value !== undefined ? [door.fallback.value] : [];
    const ids = [...lists.flatMap((list) => (list.known ? list.value : [])), ...fallback];
    for (const pool of enabledPools(design, ids)) pools.set(pool.id, pool);
  }
  return pools.size === 0 ? undefined : [...pools.values()].flatMap(judgePool);
}

function judgePool({ urn, label, origins, minimumOrigins }: Pool): RuleFinding[] {
  const matters = `so nobody can say whether ${label} outlives the loss of an origin`;
  if (!origins.known) return [undecided(origins, matters)];
  if (!minimumOrigins.known) return [undecided(minimumOrigins, matters)];
  const surely = origins.value.filter(({ isEnabled }) => isEnabled.known && isEnabled.value).length;
  const hidden = origins.value.flatMap(({ isEnabled }) => (isEnabled.known ? [] : [isEnabled]));
  const atMost = surely + hidden.length;
  const minimum = Math.max(1, minimumOrigins.value);
  const answers = Array.from({ length: hidden.length + 1 }, (_, more) => holds(surely + more, minimum));
  if (answers.every(Boolean)) return [];
  const [missing] = hidden;
  if (answers.some(Boolean) && missing !== undefined) return [undecided(missing, matters)];
  const message =
    minimum > atMost
      ? `${label} needs ${counted(minimum, "healthy origin")} and has ${atMost === 0 ? "none" : String(atMost)}: it never takes a request`
      : `${label} needs all of its ${String(atMost)} origins healthy: the loss of one takes the requests of all away from it`;
  return [violation(urn, message, fixOf(atMost))];
}

function fixOf(enabled: number): string {
  if (enabled === 0) return "enable an origin";
  return `set minimumOrigins to ${enabled > 2 ? `${String(enabled - 1)} or less` : "1"}`;
}

function holds(enabled: number, minimum: number): boolean {
  return enabled < 2 ? enabled >= minimum : minimum < enabled;
}
