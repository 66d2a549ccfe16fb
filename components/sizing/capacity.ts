import { SteeringPolicy } from "./steering";

/** One pool of the load balancer as the capacity arithmetic sees it. */
export interface PoolShape {
  /** Stable key: the region's name. */
  key: string;
  /** `aws` or `gcp`. */
  cloud: string;
  /** Ground, grid and weather: `ohio`. */
  geography: string;
  /** Share in `random` steering, 0 to 1, before it is divided by the sum of all. */
  weight: number;
  /** Zones over which the region spreads its replicas. At least 2. */
  zones: number;
  /** Billing and quota unit that the pool shares with others: a Google project. Left out where no such quota is known. */
  quotaGroup?: string;
}

/** What the API must carry, and what one replica carries. */
export interface Demand {
  /** Highest number of requests in one second that the whole API must answer. */
  peakRequestsPerSecond: number;
  /** What one replica answers in one second within its latency goal, measured. */
  requestsPerSecondPerReplica: number;
  /** The largest share of the peak, 1 to 100, that one pool can get under a policy whose shares depend on clients. Used by policies other than `off` and `random`. */
  worstSharePercent?: number;
}

/** How much one pool must be able to carry, and why. */
export interface PoolFloor {
  key: string;
  /** Share of the peak while everything is well, 0 to 100. */
  normalSharePercent: number;
  /** Largest share after the loss of any one other region, cloud or geography, 0 to 100. Not below the normal share. */
  worstSharePercent: number;
  /** Replicas that must run at all times: a multiple of the zones, so that each zone holds as many as the next. */
  minimumReplicas: number;
}

/**
 * The running minimum of each pool, so that after the loss of any one region, cloud, geography or zone the survivors carry the peak
 * with what already runs (static stability: nothing is launched during failover).
 *
 * - Loss of somebody else: the pool carries its new share with all of its replicas.
 * - Loss of one of its own zones: the pool carries its normal share with the replicas of its other zones.
 *
 * Two losses at once are not covered. A pool that no single loss brings into use keeps one replica a zone.
 *
 * @param pools - pools that take traffic, in failover order. At least one.
 */
export function poolFloors(pools: PoolShape[], policy: SteeringPolicy, demand: Demand): PoolFloor[] {
  const normal = shares(pools, policy, demand);
  const losses = singleLosses(pools).map((survivors) => shares(survivors, policy, demand));
  return pools.map((pool) => {
    const normalShare = normal.get(pool.key) ?? 0;
    const worstShare = Math.max(normalShare, ...losses.map((loss) => loss.get(pool.key) ?? 0));
    const perZone = Math.max(
      1,
      Math.ceil(replicasFor(normalShare, demand) / (pool.zones - 1)),
      Math.ceil(replicasFor(worstShare, demand) / pool.zones),
    );
    return {
      key: pool.key,
      normalSharePercent: percent(normalShare),
      worstSharePercent: percent(worstShare),
      minimumReplicas: perZone * pool.zones,
    };
  });
}

/** Replicas that carry one share (0 to 1) of the peak. */
export function replicasFor(share: number, demand: Demand): number {
  const exact = (share * demand.peakRequestsPerSecond) / demand.requestsPerSecondPerReplica;
  // Shares such as 1/3 are not exact in binary: without the tolerance 300 requests at 100 a replica would ask for 4.
  return Math.max(0, Math.ceil(exact - 1e-9));
}

/**
 * The most requests per second that each quota group gets at once, while all is well or after any single loss. Pools without a
 * quota group are left out.
 */
export function quotaGroupPeaks(pools: PoolShape[], policy: SteeringPolicy, demand: Demand): Map<string, number> {
  const peaks = new Map<string, number>();
  for (const survivors of [pools, ...singleLosses(pools)]) {
    const sums = new Map<string, number>();
    for (const [key, share] of shares(survivors, policy, demand)) {
      const group = pools.find((pool) => pool.key === key)?.quotaGroup;
      if (group !== undefined) sums.set(group, (sums.get(group) ?? 0) + share * demand.peakRequestsPerSecond);
    }
    for (const [group, sum] of sums) peaks.set(group, Math.max(peaks.get(group) ?? 0, Math.round(sum)));
  }
  return peaks;
}

/**
 * The least (0 to 1) that the largest share after a single loss can be, whatever the policy: what is left shares evenly. A pool that is
 * left alone is not counted, since it needs no declaration to get all.
 */
export function leastWorstShare(pools: PoolShape[]): number {
  const counts = [pools, ...singleLosses(pools)].map((survivors) => survivors.length).filter((count) => count > 1);
  return counts.length === 0 ? 0 : 1 / Math.min(...counts);
}

/** Share (0 to 1) of the peak that each of these pools gets, all of them being healthy. */
function shares(pools: PoolShape[], policy: SteeringPolicy, demand: Demand): Map<string, number> {
  if (policy === SteeringPolicy.Off) return new Map(pools.map((pool, order) => [pool.key, order === 0 ? 1 : 0]));
  if (policy === SteeringPolicy.Random) {
    const sum = pools.reduce((total, pool) => total + pool.weight, 0);
    return new Map(pools.map((pool) => [pool.key, sum === 0 ? 0 : pool.weight / sum]));
  }
  const worst = pools.length === 1 ? 1 : (demand.worstSharePercent ?? 100) / 100;
  return new Map(pools.map((pool) => [pool.key, worst]));
}

/** What is left after each single loss of a region, a cloud or a geography; losses that leave nothing are not listed. */
function singleLosses(pools: PoolShape[]): PoolShape[][] {
  const domains = (["key", "cloud", "geography"] as const).flatMap((domain) =>
    [...new Set(pools.map((pool) => pool[domain]))].map((lost) => pools.filter((pool) => pool[domain] !== lost)),
  );
  return domains.filter((survivors) => survivors.length > 0);
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}
