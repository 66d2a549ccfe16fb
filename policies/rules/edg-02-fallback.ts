import type { Design } from "../../resilience/design";
import type { Door, Pool } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { cloudName, cloudsOf, enabledPools, isUsable, serversOf } from "../serving";
import { listed } from "../../components/sizing/words";

/**
 * EDG-02. The fallback pool has to be able to answer, and where the pools are used in order, to outlive the cloud of the first one. Under
 * steering without an order (`random` and the others) no pool is first, and the fallback may stand in any cloud.
 */
export const edg02: Rule = {
  id: "EDG-02",
  title: "The fallback pool can answer, and in another cloud than the first pool",
  level: Level.Mandatory,
  severity: "high",
  why: "When no pool is healthy, by a fault of all of them or of the health check itself, every request goes to the fallback pool, whether it is healthy or not. Disabled or empty it answers with error 530; in the cloud of the first pool it is gone together with it.",
  outages: [outages.serviceControl],
  fix: "Name as fallback an enabled pool with an enabled origin, in another cloud than the first default pool.",
  references: ["https://developers.cloudflare.com/load-balancing/understand-basics/health-details/#fallback-pools"],
  otherTools: [],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const doors = design.of("door").filter(({ fallback }) => !fallback.known || fallback.value !== undefined);
  return doors.length === 0 ? undefined : doors.flatMap((door) => judgeDoor(design, door));
}

function judgeDoor(design: Design, door: Door): RuleFinding[] {
  const hostname = hostnameOf(door);
  const matters = `so nobody can say what answers ${hostname} when no pool is healthy`;
  if (!door.fallback.known) return [undecided(door.fallback, matters)];
  const pool = design.parts.get(door.fallback.value ?? "");
  if (pool?.role !== "pool") return [];
  if (!pool.isEnabled.known) return [undecided(pool.isEnabled, matters)];
  if (!pool.origins.known) return [undecided(pool.origins, matters)];
  const broken = brokenOf(pool);
  if (broken !== undefined) {
    return [
      violation(
        pool.urn,
        `${pool.label} is the fallback pool of ${hostname} and ${broken}: when no other pool is healthy, clients get error 530`,
        `enable ${pool.label} and an origin of it with a weight above 0, or name another fallback pool`,
      ),
    ];
  }
  return judgeCloud(design, door, pool);
}

/** Why a pool cannot answer as the last resort, as the end of a sentence; undefined where it can, or where that is not known. */
export function brokenOf({ isEnabled, origins }: Pool): string | undefined {
  if (isEnabled.known && !isEnabled.value) return "is disabled";
  return origins.known && !origins.value.some(isUsable) ? "has no origin that gets requests" : undefined;
}

/** Steering that uses pools in the order of their list. Geographic steering does so inside each list. */
const ORDERED = new Set(["off", "geo"]);

function judgeCloud(design: Design, door: Door, fallback: Pool): RuleFinding[] {
  const hostname = hostnameOf(door);
  const matters = `so nobody can say whether the fallback pool of ${hostname} outlives the first pool's cloud`;
  if (door.steering.known && !ORDERED.has(door.steering.value)) return [];
  const own = cloudsOf(serversOf(design, [fallback.id]));
  const candidates = firstPools(design, door).map((pool) => ({ pool, ...cloudsOf(serversOf(design, [pool.id])) }));
  const outlived = candidates.filter(({ clouds }) => isOutlived(own.clouds, clouds));
  const unknowns = [...own.unknowns, ...candidates.flatMap((candidate) => candidate.unknowns)];
  if (door.pools.known && unknowns.length === 0 && outlived.length === candidates.length) return [];
  const missing = [door.steering, door.pools].find((fact) => !fact.known) ?? unknowns[0];
  if (missing !== undefined) return [undecided(missing, matters)];
  if (outlived.length > 0) {
    return [
      {
        verdict: "undecided",
        urn: door.urn,
        message: `the order of the pools ${listed(candidates.map(({ pool }) => pool.label))} is not known, ${matters}`,
        fix: `declare the order under design.poolOrder in the settings, or judge the stack's state after an update`,
      },
    ];
  }
  const [cloud = ""] = own.clouds;
  return [
    violation(
      door.urn,
      `the fallback pool ${fallback.label} of ${hostname} stands in ${cloudName(cloud)}, as does the first pool ${listed(candidates.map(({ pool }) => pool.label))}: what takes the first pool takes the last resort with it`,
      `name a pool outside ${cloudName(cloud)} as the fallback pool`,
    ),
  ];
}

/** The pool that comes first; each that may be it, where the order is not known. */
function firstPools(design: Design, door: Door): Pool[] {
  if (!door.pools.known) return [];
  const pools = enabledPools(design, door.pools.value);
  return door.isOrdered ? pools.slice(0, 1) : pools;
}

/** Whether the fallback stands somewhere that the first pool's cloud does not take away. */
function isOutlived(fallback: readonly string[], first: readonly string[]): boolean {
  return first.length !== 1 || fallback.some((cloud) => cloud !== first[0]);
}
