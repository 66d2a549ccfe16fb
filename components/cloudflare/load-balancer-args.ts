import type { Input } from "@pulumi/pulumi";
import type { CloudflarePlan } from "../sizing/monitor-timing";
import type { SteeringPolicy } from "../sizing/steering";

/** What `CloudflareLoadBalancer` is told. */
export interface CloudflareLoadBalancerArgs {
  /** Cloudflare account id: 32 lower-case hexadecimal characters. Changing this replaces monitor, pools and notifications. */
  accountId: Input<string>;
  /** Id of the zone that holds the hostname: 32 lower-case hexadecimal characters. Changing this replaces the load balancer. */
  zoneId: Input<string>;
  /** Name of that zone: `example.com`. Health checks take on its settings, so that they carry the client certificate of authenticated origin pulls. */
  zoneName: string;
  /** Hostname that clients call, inside the zone: `api.example.com`. It takes over an A or CNAME record of the same name at once. Changing this is done in place: the old hostname stops answering. */
  hostname: string;
  /** The zone's Cloudflare plan. It decides how often origins may be probed and how many pools there may be. */
  plan: CloudflarePlan;
  /** One pool for each region, in failover order. At least one, and at least one that serves. */
  pools: LoadBalancerPool[];
  /** How a pool is picked. Defaults to "off": the first healthy pool in order takes everything. @default "off" */
  steeringPolicy?: SteeringPolicy;
  /** The account has the Traffic Steering add-on, which policies other than "off" and "random" need below Enterprise. Defaults to false. @default false */
  trafficSteeringEntitled?: boolean;
  /** Name of the serving pool that takes everything, healthy or not, when no pool is healthy. Defaults to the first serving pool of another cloud than the first one. @default - the first serving pool of another cloud */
  fallbackPool?: string;
  /** The health check of every pool. Defaults to what the plan allows: as often as possible, down after two failures, up after three successes. @default - as often as the plan allows */
  monitor?: LoadBalancerMonitor;
  /** Cloudflare regions that probe, an odd number from 3: `["ENAM", "WEU", "WNAM"]`, or `["ALL_REGIONS"]` on Enterprise. Defaults to three near the pools. @default - three near the pools */
  checkRegions?: string[];
  /** E-mail addresses that hear when a pool becomes unhealthy or healthy, or is switched off or on. Defaults to none. @default - none */
  notificationEmails?: string[];
  /** Ids of PagerDuty services, linked to the account by hand before, that hear the same. Not on Pro. Defaults to none. @default - none */
  pagerdutyIds?: Input<string>[];
  /** Ids of notification webhooks that hear the same. Defaults to none. @default - none */
  webhookIds?: Input<string>[];
}

/** One pool: one region's entry. */
export interface LoadBalancerPool {
  /** Stable key of the pool, normally the region's name: `us-east-2`. Letters, digits, `-` and `_`. Changing this replaces the pool. */
  name: string;
  /** Cloud that the origin is in: `aws`, `gcp` or the name of another. The fallback pool is taken from another one than the first pool's. */
  cloud: string;
  /** Public address or DNS name of the region's entry, not proxied by Cloudflare. It serves HTTPS on 443 with a publicly trusted certificate for the hostname. */
  originAddress: Input<string>;
  /** Degrees north, -90 to 90, for "proximity". Given together with `longitude`. Defaults to the place of the AWS or Google region that `name` names. @default - the region's place */
  latitude?: number;
  /** Degrees east, -180 to 180, for "proximity". Given together with `latitude`. Defaults to the place of the AWS or Google region that `name` names. @default - the region's place */
  longitude?: number;
  /** Share under "random" and "least_outstanding_requests", from 0.01 to 1 in hundredths, before it is divided by the sum of all. Defaults to 1. @default 1 */
  weight?: number;
  /** The load balancer uses the pool. With false the pool stands and is probed, without traffic: the first step to remove a region and the last before a new one takes traffic. Defaults to true. @default true */
  serving?: boolean;
}

/** The health check of every pool. */
export interface LoadBalancerMonitor {
  /** Path that answers 200 while the region can serve. Defaults to "/healthz/region". @default "/healthz/region" */
  path?: string;
  /** Text that the first 10 KB of the answer must hold, in any case, so that another server's 200 does not count. Defaults to "twodoor-ok". @default "twodoor-ok" */
  expectedBody?: string;
  /** Seconds between two checks of one data centre, up to 3600. Defaults to the plan's minimum: 60 on Pro, 15 on Business, 10 on Enterprise. @default - the plan's minimum */
  intervalSeconds?: number;
  /** Seconds after which one attempt fails, 1 to 10. All attempts of a check have to fit into the interval. Defaults to 2. @default 2 */
  timeoutSeconds?: number;
  /** Further attempts after a timeout, made at once, 1 to 5. Defaults to 1. @default 1 */
  retries?: number;
  /** Failed checks in a row that take a pool out, from 1. Defaults to 2. @default 2 */
  consecutiveDown?: number;
  /** Good checks in a row that take a pool in again, from 1. Nothing else damps a flapping origin. Defaults to 3. @default 3 */
  consecutiveUp?: number;
  /** Longest that a decision is taken to need to every data centre, 0 to 10 seconds. It goes into the detection window and changes nothing at Cloudflare, which publishes no figure. Defaults to 2. @default 2 */
  propagationSeconds?: number;
}
