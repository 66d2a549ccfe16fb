import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { refuse } from "../errors";
import type { CloudflareLoadBalancerArgs } from "./load-balancer-args";
import { cloudflareLoadBalancerIssues } from "./load-balancer-issues";
import { planLoadBalancer, type LoadBalancerPlan, type PoolPlan } from "./load-balancer-plan";
import { buildNotification } from "./notifications";

/** The resources that a `CloudflareLoadBalancer` is made of. */
export interface CloudflareLoadBalancerNodes {
  /** The health check of every pool. */
  monitor: cloudflare.LoadBalancerMonitor;
  /** Pools by the name that the arguments give them. */
  pools: Record<string, cloudflare.LoadBalancerPool>;
  /** The hostname's load balancer. */
  loadBalancer: cloudflare.LoadBalancer;
  /** Tells when a pool becomes unhealthy or healthy. Nothing where nobody is named to hear it. */
  healthNotification: cloudflare.NotificationPolicy | undefined;
  /** Tells when a pool is switched off or on. Nothing where nobody is named to hear it. */
  enablementNotification: cloudflare.NotificationPolicy | undefined;
}

const allNodes = new WeakMap<CloudflareLoadBalancer, CloudflareLoadBalancerNodes>();

/**
 * Cloudflare's health-checked load balancing in front of one pool for each region.
 *
 * Makes a monitor, a pool for each region with one origin, a proxied load balancer for the hostname and, where recipients are
 * named, two notification policies. Load Balancing has to be bought for the account; the price goes by origins and by how often they are
 * probed. It fails with Cloudflare itself: keep a way around it that does not pass its proxy.
 *
 * A region that refuses or drops connections is retried once on the next pool; one that answers 5xx is not, so
 * clients see its errors until the monitor has taken it out (`detectionBestSeconds` to `detectionWorstSeconds`).
 * A new pool takes no traffic before its first good checks: add it with `serving: false`, let it serve in the next `up`.
 */
export class CloudflareLoadBalancer extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:CloudflareLoadBalancer";

  /** Hostname that clients call. It answers once this is known. */
  readonly hostname: pulumi.Output<string>;
  /** Cloudflare's id of the load balancer. */
  readonly loadBalancerId: pulumi.Output<string>;
  /** Cloudflare's id of the monitor. */
  readonly monitorId: pulumi.Output<string>;
  /** Cloudflare's ids of the pools, by the name that the arguments give them. */
  readonly poolIds: pulumi.Output<Record<string, string>>;
  /** Name of the pool that takes everything when no pool is healthy. */
  readonly fallbackPool: pulumi.Output<string>;
  /** Cloudflare regions that probe, sorted unless they were named. */
  readonly checkRegions: pulumi.Output<string[]>;
  /** Seconds from a region's death to no new request there, at best. */
  readonly detectionBestSeconds: pulumi.Output<number>;
  /** Seconds from a region's death to no new request there, at worst: it hangs, and the declared propagation is used up. */
  readonly detectionWorstSeconds: pulumi.Output<number>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to build.
   * @param opts - the standard options. `dependsOn` the certificates of the origins: probes fail without them.
   */
  constructor(name: string, args: CloudflareLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`CloudflareLoadBalancer "${name}"`, cloudflareLoadBalancerIssues(args));
    super(CloudflareLoadBalancer.__pulumiType, name, {}, opts);
    const plan = planLoadBalancer(args);
    const child = { parent: this };

    const monitor = buildMonitor(name, args, plan, child);
    const pools = Object.fromEntries(
      plan.pools.map((pool) => [pool.name, buildPool(name, args, plan, pool, monitor, child)]),
    );
    const loadBalancer = buildLoadBalancer(name, args, plan, pools, child);
    const notifications = buildNotifications(name, args, plan, pools, child);
    allNodes.set(this, { monitor, pools, loadBalancer, ...notifications });

    this.hostname = loadBalancer.name;
    this.loadBalancerId = loadBalancer.id;
    this.monitorId = monitor.id;
    this.poolIds = poolIds(pools);
    this.fallbackPool = pulumi.output(plan.fallbackPool);
    this.checkRegions = pulumi.output(plan.checkRegions);
    this.detectionBestSeconds = pulumi.output(plan.detection.bestSeconds);
    this.detectionWorstSeconds = pulumi.output(plan.detection.worstSeconds);
    this.registerOutputs({
      hostname: this.hostname,
      loadBalancerId: this.loadBalancerId,
      monitorId: this.monitorId,
      poolIds: this.poolIds,
      fallbackPool: this.fallbackPool,
      checkRegions: this.checkRegions,
      detectionBestSeconds: this.detectionBestSeconds,
      detectionWorstSeconds: this.detectionWorstSeconds,
    });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): CloudflareLoadBalancerNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

type Pools = Record<string, cloudflare.LoadBalancerPool>;

function buildMonitor(
  name: string,
  args: CloudflareLoadBalancerArgs,
  { hostname, monitor }: LoadBalancerPlan,
  child: Child,
): cloudflare.LoadBalancerMonitor {
  return new cloudflare.LoadBalancerMonitor(
    `${name}-monitor`,
    {
      accountId: args.accountId,
      description: `Health of each region behind ${hostname}`,
      type: "https",
      method: "GET",
      path: monitor.path,
      expectedCodes: "200",
      expectedBody: monitor.expectedBody,
      // The probe's Host is also its SNI; without it no SNI is sent, and the origin's certificate is not found.
      header: { Host: [hostname] },
      // Probes present the client certificate of authenticated origin pulls only under the zone that has it.
      probeZone: args.zoneName,
      interval: monitor.intervalSeconds,
      timeout: monitor.timeoutSeconds,
      retries: monitor.retries,
      consecutiveDown: monitor.consecutiveDown,
      consecutiveUp: monitor.consecutiveUp,
      followRedirects: false,
      allowInsecure: false,
    },
    child,
  );
}

function buildPool(
  name: string,
  args: CloudflareLoadBalancerArgs,
  plan: LoadBalancerPlan,
  pool: PoolPlan,
  monitor: cloudflare.LoadBalancerMonitor,
  child: Child,
): cloudflare.LoadBalancerPool {
  return new cloudflare.LoadBalancerPool(
    `${name}-pool-${pool.name}`,
    {
      accountId: args.accountId,
      name: pool.physicalName,
      description: `${pool.name} behind ${plan.hostname}`,
      enabled: true,
      minimumOrigins: 1,
      monitor: monitor.id,
      checkRegions: plan.checkRegions,
      // The port is left out: 0 and its default differ on every preview (cloudflare/terraform-provider-cloudflare issue 7329).
      origins: [{ name: pool.name, address: pool.originAddress, enabled: true, weight: 1 }],
      originSteering: { policy: "random" },
      // All four, since the API answers with all four (cloudflare/terraform-provider-cloudflare pull request 7137).
      loadShedding: { defaultPercent: 0, defaultPolicy: "random", sessionPercent: 0, sessionPolicy: "hash" },
      ...pool.coordinates,
    },
    child,
  );
}

function buildLoadBalancer(
  name: string,
  args: CloudflareLoadBalancerArgs,
  plan: LoadBalancerPlan,
  pools: Pools,
  child: Child,
): cloudflare.LoadBalancer {
  const serving = servingNodes(plan, pools);
  const fallback = pools[plan.fallbackPool];
  if (fallback === undefined) throw new Error(`the plan's fallback pool ${plan.fallbackPool} is not among its pools`);
  return new cloudflare.LoadBalancer(
    `${name}-load-balancer`,
    {
      zoneId: args.zoneId,
      name: plan.hostname,
      description: `Sends ${plan.hostname} to a healthy region`,
      enabled: true,
      // Without the proxy, Cloudflare only answers DNS: failover then waits for clients' caches. No ttl: it is for that case alone.
      proxied: true,
      steeringPolicy: plan.steeringPolicy,
      defaultPools: serving.map(([, pool]) => pool.id),
      fallbackPool: fallback.id,
      // A pool has one origin, so a retry has nowhere to go unless it may leave the pool.
      adaptiveRouting: { failoverAcrossPools: true },
      randomSteering: { defaultWeight: 1, ...poolWeights(plan, serving) },
      sessionAffinity: "none",
      // The API's own defaults, written out: what is left open here turns unknown whenever anything changes (issue 7339).
      sessionAffinityAttributes: { drainDuration: 0, samesite: "Auto", secure: "Auto", zeroDowntimeFailover: "none" },
      locationStrategy: { mode: "pop", preferEcs: "proximity" },
    },
    child,
  );
}

/** Weights by pool id, which is how Cloudflare wants them; nothing where the policy has no use for them. */
function poolWeights(
  { weights }: LoadBalancerPlan,
  serving: [string, cloudflare.LoadBalancerPool][],
): { poolWeights?: pulumi.Output<Record<string, number>> } {
  if (weights === undefined) return {};
  const pairs = serving.map(([key, pool]) => pulumi.all([pool.id, weights[key] ?? 1]));
  return { poolWeights: pulumi.all(pairs).apply((entries) => Object.fromEntries(entries)) };
}

/** In failover order, taken from the plan: an object puts keys that look like numbers first. */
function servingNodes(plan: LoadBalancerPlan, pools: Pools): [string, cloudflare.LoadBalancerPool][] {
  return plan.servingPools.flatMap((key): [string, cloudflare.LoadBalancerPool][] => {
    const pool = pools[key];
    return pool === undefined ? [] : [[key, pool]];
  });
}

function poolIds(pools: Pools): pulumi.Output<Record<string, string>> {
  return pulumi.all(Object.fromEntries(Object.entries(pools).map(([key, pool]) => [key, pool.id])));
}

function buildNotifications(
  name: string,
  args: CloudflareLoadBalancerArgs,
  { hostname }: LoadBalancerPlan,
  pools: Pools,
  child: Child,
): Pick<CloudflareLoadBalancerNodes, "healthNotification" | "enablementNotification"> {
  const ids = Object.values(pools).map(({ id }) => id);
  return {
    healthNotification: buildNotification(
      `${name}-health-notification`,
      {
        accountId: args.accountId,
        alertType: "load_balancing_health_alert",
        displayName: `${hostname}: health of a region`,
        description: `A region behind ${hostname} has become unhealthy or healthy`,
        // Pool events only: a pool has one origin, so the origin's events would say the same twice.
        filters: { poolIds: ids, newHealths: ["Unhealthy", "Healthy"], eventSources: ["pool"] },
      },
      args,
      child,
    ),
    enablementNotification: buildNotification(
      `${name}-enablement-notification`,
      {
        accountId: args.accountId,
        alertType: "load_balancing_pool_enablement_alert",
        displayName: `${hostname}: a region switched off or on`,
        description: `Somebody has switched a region behind ${hostname} off or on`,
        filters: { poolIds: ids, enableds: ["true", "false"] },
      },
      args,
      child,
    ),
  };
}
