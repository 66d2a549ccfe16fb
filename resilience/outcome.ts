import { capacityOf } from "./declared";
import { computesBehind, type Lane } from "./capacity";
import type { Design } from "./design";
import { valueOr, type Unknown } from "./fact";
import { isMet, type Liveness, type Stance } from "./liveness";
import type { Door, Origin, Pool } from "./model";
import { routesOf, sharesOf, type Route } from "./traffic";

/** What becomes of the requests of one door. */
export interface DoorOutcome {
  door: Door;
  /** Why some of them are not answered; undefined where all are. */
  failure: Failure | undefined;
  /** Where they go. */
  lanes: Lane[];
}

/** Why requests of a door are not answered. */
export interface Failure {
  door: Door;
  /** `gone`: nothing is left that would take them. `trapped`: the edge goes on sending them to what is dead. */
  kind: "gone" | "trapped";
  /** Ids of the parts that would take them and do not work: pools in order, a dead origin's entry, otherwise the door itself. */
  parts: string[];
  /** Id of the pool that goes on sending to it; undefined where nothing does. */
  by: string | undefined;
  /** Set where it is not known whether it is so. */
  unknown: Unknown | undefined;
}

/** Follows the requests of a door through what is left. */
export function outcomeAt(design: Design, door: Door, liveness: Liveness): DoorOutcome {
  if (liveness.causeOf(door.id)?.kind === "stood-there") return aroundTheEdge(design, door, liveness);
  if (hasPools(door))
    return lacks(design, door, liveness) ? gone(door, [door.id]) : throughPools(design, door, liveness);
  if (!liveness.isAlive(door.id)) return gone(door, [door.id]);
  const entries = door.needs.flatMap(({ of }) => of);
  const lanes = entries.map((entry): Lane => {
    return { door, pool: entry, property: "", entries: [entry], share: 1 / entries.length, unknown: undefined };
  });
  return { door, failure: undefined, lanes };
}

function hasPools({ pools, fallback }: Door): boolean {
  return !pools.known || pools.value.length > 0 || valueOr(fallback, undefined) !== undefined;
}

/** Whether a door lacks what it needs beside pools: to be switched on, the name that it stands for. */
function lacks(design: Design, door: Door, liveness: Liveness): boolean {
  return door.needs.some(
    (need) => !need.of.some((id) => design.parts.get(id)?.role === "pool") && !isMet(need, liveness),
  );
}

function gone(door: Door, parts: string[], unknown?: Unknown): DoorOutcome {
  return { door, failure: { door, kind: "gone", parts, by: undefined, unknown }, lanes: [] };
}

/**
 * When what answers for a hostname is gone (Cloudflare with its proxy, its DNS and its API; AWS with Route 53), its clients are served where
 * another hostname, outside of it, leads to some of the same computes: they are programs, and can be told of both. Whether the entry lets
 * anybody in but the edge is EDG-14's question.
 */
function aroundTheEdge(design: Design, door: Door, liveness: Liveness): DoorOutcome {
  const own = new Set(computesBehind(design.parts, [door.id], () => true).map(({ id }) => id));
  for (const other of door.place.cloud === "cloudflare" || hasPools(door) ? design.of("door") : []) {
    if (other.place.cloud === door.place.cloud || !liveness.isAlive(other.id)) continue;
    const outcome = outcomeAt(design, other, liveness);
    const entries = outcome.lanes.flatMap((lane) => lane.entries);
    const isSame = computesBehind(design.parts, entries, liveness.isAlive).some(({ id }) => own.has(id));
    if (outcome.failure === undefined && isSame) {
      return { door, failure: undefined, lanes: outcome.lanes.map((lane) => ({ ...lane, door })) };
    }
  }
  return gone(door, [door.id]);
}

function throughPools(design: Design, door: Door, liveness: Liveness): DoorOutcome {
  const [only, ...others] = routesOf(door);
  if (only !== undefined && others.length === 0) return onRoute(design, door, only, liveness);
  const most = new Map<string, Lane>();
  for (const route of routesOf(door)) {
    const { failure, lanes } = onRoute(design, door, route, liveness);
    if (failure !== undefined) return { door, failure, lanes: [] };
    // A pool may be on several routes: together they send it no more than all.
    for (const lane of lanes) {
      const key = `${lane.pool} ${lane.property}`;
      const before = most.get(key);
      if (before === undefined || before.share < lane.share) most.set(key, lane);
    }
  }
  const share = worstShare(design, door, new Set([...most.values()].map(({ pool }) => pool)).size);
  return {
    door,
    failure: undefined,
    lanes: [...most.values()].map((lane) => ({ ...lane, share: lane.share * share })),
  };
}

/** The most that one of so many pools gets where lists of places part the clients: what was declared, and no less than an even share. */
function worstShare(design: Design, door: Door, pools: number): number {
  const isByPlace = valueOr(door.steering, "") === "geo" && door.overrides.every(({ kind }) => kind !== "rule");
  const declared = capacityOf(design.declared, hostnameOf(door))?.capacity.worstSharePercent;
  return isByPlace && declared !== undefined ? Math.max(declared / 100, 1 / Math.max(1, pools)) : 1;
}

/** Where the requests of one route go. What Cloudflare takes for healthy is sure to be so only in a pool that is watched. */
function onRoute(design: Design, door: Door, route: Route, liveness: Liveness): DoorOutcome {
  const { stance } = liveness;
  if (!route.pools.known) {
    return stance === "hopeful" ? { door, failure: undefined, lanes: [] } : gone(door, [door.id], route.pools);
  }
  const pools = enabledPools(design, route.pools.value, stance);
  const healthy = takenForHealthy(door, pools, route, liveness).map(({ id }) => id);
  const { shares, unknown } = sharesOf(door, route, healthy, capacityOf(design.declared, hostnameOf(door))?.capacity);
  if (shares.size === 0) return throughFallback(design, door, route.pools.value, liveness);
  const lanes: Lane[] = [];
  for (const pool of pools) {
    const share = shares.get(pool.id);
    if (share === undefined) continue;
    const { dead, lanes: own } = lanesOf(door, pool, { share, unknown }, isWatched(pool, stance), liveness);
    if (dead !== undefined) {
      const failure: Failure = { door, kind: "trapped", parts: [dead], by: pool.id, unknown: doubtOf(pool, stance) };
      return { door, failure, lanes: [] };
    }
    for (const lane of own) lanes.push(lane);
  }
  return { door, failure: undefined, lanes };
}

/**
 * Without any monitor Cloudflare sends everything to the first pool, dead or alive; elsewhere, and beside others, a pool without one is
 * always taken for healthy (developers.cloudflare.com/load-balancing/understand-basics/health-details).
 */
function takenForHealthy(door: Door, pools: readonly Pool[], { isOrdered }: Route, liveness: Liveness): Pool[] {
  const { isAlive, stance } = liveness;
  if (door.kind !== "cloudflare" || pools.some((pool) => isWatched(pool, stance))) {
    return pools.filter((pool) => isAlive(pool.id) || !isWatched(pool, stance));
  }
  if (isOrdered) return pools.slice(0, 1);
  const alive = pools.filter(({ id }) => isAlive(id));
  return stance === "hopeful" && alive.length > 0 ? alive : [...pools];
}

/** When no pool is taken for healthy the fallback gets everything, and its own health is ignored: each of its origins has to work. */
function throughFallback(design: Design, door: Door, pools: readonly string[], liveness: Liveness): DoorOutcome {
  if (!door.fallback.known) {
    if (liveness.stance === "hopeful") return { door, failure: undefined, lanes: [] };
    return gone(door, [...pools], door.fallback);
  }
  const fallback =
    door.fallback.value === undefined ? [] : enabledPools(design, [door.fallback.value], liveness.stance);
  const [pool] = fallback;
  const taken = pool === undefined ? undefined : lanesOf(door, pool, { share: 1, unknown: undefined }, false, liveness);
  if (taken !== undefined && taken.dead === undefined) return { door, failure: undefined, lanes: taken.lanes };
  const parts = [...new Set([...pools, ...fallback.map(({ id }) => id)])];
  return gone(door, parts.length > 0 ? parts : [door.id]);
}

function enabledPools(design: Design, ids: readonly string[], stance: Stance): Pool[] {
  return [...new Set(ids)].flatMap((id) => {
    const pool = design.parts.get(id);
    return pool?.role === "pool" && valueOr(pool.isEnabled, stance === "hopeful") ? [pool] : [];
  });
}

function isWatched({ monitor }: Pool, stance: Stance): boolean {
  return monitor.known ? monitor.value !== undefined : stance === "hopeful";
}

function doubtOf({ monitor }: Pool, stance: Stance): Unknown | undefined {
  return stance === "fearful" && !monitor.known ? monitor : undefined;
}

/**
 * The origins that take a pool's requests, by weight: in a watched pool those that work, otherwise all of them, and then the first of
 * them that is dead is told.
 */
function lanesOf(
  door: Door,
  { id: pool, origins }: Pool,
  { share, unknown }: Pick<Lane, "share" | "unknown">,
  isHealthKnown: boolean,
  { isAlive, stance }: Liveness,
): { dead: string | undefined; lanes: Lane[] } {
  const isHopeful = stance === "hopeful";
  if (!origins.known) {
    return isHopeful
      ? { dead: undefined, lanes: [{ door, pool, property: "origins", entries: [], share, unknown }] }
      : { dead: pool, lanes: [] };
  }
  const deadOf = ({ entries }: Origin): string | undefined =>
    entries.length === 0 ? (isHopeful ? undefined : pool) : entries.find((id) => !isAlive(id));
  const taking: Origin[] = [];
  let sum = 0;
  for (const origin of origins.value) {
    const weight = weightOf(origin, isHopeful);
    const dead = weight > 0 ? deadOf(origin) : undefined;
    if (weight === 0 || (dead !== undefined && isHealthKnown)) continue;
    if (dead !== undefined) return { dead, lanes: [] };
    taking.push(origin);
    sum += weight;
  }
  const lanes = taking.map((origin): Lane => {
    const { property, entries } = origin;
    return { door, pool, property, entries, share: (share * weightOf(origin, isHopeful)) / sum, unknown };
  });
  return { dead: lanes.length === 0 ? pool : undefined, lanes };
}

/** The weight of an origin that is enabled; 0 for one that is not. What is not known is taken by the stance. */
function weightOf({ isEnabled, weight }: Origin, isHopeful: boolean): number {
  return valueOr(isEnabled, isHopeful) ? Math.max(0, valueOr(weight, isHopeful ? 1 : 0)) : 0;
}

/** The hostname of a door as a person knows it. */
export function hostnameOf(door: Door): string {
  return valueOr(door.hostname, door.label);
}
