import type { Input } from "@pulumi/pulumi";
import { nearestCheckRegions } from "../sizing/check-regions";
import {
  cloudflarePlanLimits,
  DEFAULT_PROPAGATION_SECONDS,
  detectionWindow,
  type CloudflarePlan,
  type DetectionWindow,
} from "../sizing/monitor-timing";
import { Cloud, regionFacts } from "../sizing/regions";
import { SteeringPolicy } from "../sizing/steering";
import type { CloudflareLoadBalancerArgs, LoadBalancerPool, LoadBalancerMonitor } from "./load-balancer-args";

/** Everything that will be built, without defaults left open. */
export interface LoadBalancerPlan {
  hostname: string;
  monitor: MonitorPlan;
  /** In failover order, the ones that do not serve included. */
  pools: PoolPlan[];
  /** Names of the pools that the load balancer uses, in failover order. */
  servingPools: string[];
  fallbackPool: string;
  steeringPolicy: SteeringPolicy;
  /** Weight of each serving pool; nothing where the policy has no use for weights. */
  weights: Record<string, number> | undefined;
  checkRegions: string[];
  detection: DetectionWindow;
}

/** One pool as it will be built. */
export interface PoolPlan {
  name: string;
  /** Name of the pool in the account, which has one space of names for all zones. */
  physicalName: string;
  originAddress: Input<string>;
  coordinates: Coordinates | undefined;
}

/** Degrees north and east. */
export interface Coordinates {
  latitude: number;
  longitude: number;
}

/** A health check with nothing left open. */
export type MonitorPlan = Required<LoadBalancerMonitor>;

/** Decides every setting from arguments that have passed `cloudflareLoadBalancerIssues`. */
export function planLoadBalancer(args: CloudflareLoadBalancerArgs): LoadBalancerPlan {
  const monitor = planMonitor(args.plan, args.monitor);
  const serving = servingPools(args.pools);
  const steeringPolicy = args.steeringPolicy ?? SteeringPolicy.Off;
  return {
    hostname: args.hostname,
    monitor,
    pools: args.pools.map((pool) => ({
      name: pool.name,
      physicalName: poolPhysicalName(args.hostname, pool.name),
      originAddress: pool.originAddress,
      coordinates: poolCoordinates(pool),
    })),
    servingPools: serving.map(({ name }) => name),
    fallbackPool: args.fallbackPool ?? defaultFallback(serving),
    steeringPolicy,
    weights: usesWeights(steeringPolicy)
      ? Object.fromEntries(serving.map(({ name, weight }) => [name, weight ?? 1]))
      : undefined,
    checkRegions: plannedCheckRegions(args),
    detection: detectionWindow(monitor),
  };
}

/** The health check that these arguments mean on this plan. */
export function planMonitor(plan: CloudflarePlan, monitor: LoadBalancerMonitor = {}): MonitorPlan {
  return {
    path: monitor.path ?? "/healthz/region",
    expectedBody: monitor.expectedBody ?? "twodoor-ok",
    intervalSeconds: monitor.intervalSeconds ?? cloudflarePlanLimits(plan).minimumIntervalSeconds,
    timeoutSeconds: monitor.timeoutSeconds ?? 2,
    retries: monitor.retries ?? 1,
    consecutiveDown: monitor.consecutiveDown ?? 2,
    consecutiveUp: monitor.consecutiveUp ?? 3,
    propagationSeconds: monitor.propagationSeconds ?? DEFAULT_PROPAGATION_SECONDS,
  };
}

/** The pools that the load balancer uses, in failover order. */
export function servingPools(pools: LoadBalancerPool[]): LoadBalancerPool[] {
  return pools.filter(({ serving }) => serving !== false);
}

/**
 * Check regions as they will be set; empty when none were named and no pool is in the region table.
 * Pools that do not serve count too: taking a region out must not change how the others are probed.
 */
export function plannedCheckRegions(args: Pick<CloudflareLoadBalancerArgs, "checkRegions" | "pools">): string[] {
  return args.checkRegions ?? nearestCheckRegions(args.pools.map(({ cloud, name }) => ({ cloud, region: name })));
}

/** Where a pool's origins are: as given, or the place of the region that its name names. */
export function poolCoordinates(pool: LoadBalancerPool): Coordinates | undefined {
  if (pool.latitude !== undefined && pool.longitude !== undefined)
    return { latitude: pool.latitude, longitude: pool.longitude };
  if (pool.cloud !== Cloud.Aws && pool.cloud !== Cloud.Gcp) return undefined;
  const facts = regionFacts(pool.cloud, pool.name);
  if (facts === undefined || facts.latitude === null || facts.longitude === null) return undefined;
  return { latitude: facts.latitude, longitude: facts.longitude };
}

/** Whether Cloudflare divides requests by pool weights under this policy. */
function usesWeights(policy: SteeringPolicy): boolean {
  return policy === SteeringPolicy.Random || policy === SteeringPolicy.LeastOutstandingRequests;
}

/** The cloud of the first pool is the one whose death brings the fallback into play, so the fallback is in another where there is one. */
function defaultFallback(serving: LoadBalancerPool[]): string {
  const [first, second] = serving;
  return (serving.find(({ cloud }) => cloud !== first?.cloud) ?? second ?? first)?.name ?? "";
}

/**
 * A pool's name is unique in the account, so it carries the hostname. Its dots become `_`, which no hostname has: two hostnames never
 * give one name. Letters, digits, `-` and `_` are all that Cloudflare takes.
 */
function poolPhysicalName(hostname: string, pool: string): string {
  return `${hostname.replace(/\./g, "_")}-${pool}`;
}
