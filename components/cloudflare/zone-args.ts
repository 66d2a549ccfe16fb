import type { Input } from "@pulumi/pulumi";
import type { CloudflarePlan } from "../sizing/monitor-timing";

/** Oldest TLS version that clients may speak. */
export const MinimumTlsVersion = {
  /** What trading clients of the last ten years speak. */
  Tls12: "1.2",
  /** Shuts out clients that have not learnt TLS 1.3. */
  Tls13: "1.3",
} as const;
/** See the members of `MinimumTlsVersion`. */
export type MinimumTlsVersion = (typeof MinimumTlsVersion)[keyof typeof MinimumTlsVersion];

/** What `CloudflareZone` is told. */
export interface CloudflareZoneArgs {
  /** Id of the zone: 32 lower-case hexadecimal characters. Changing this moves the settings to another zone and leaves the old one as it is. */
  zoneId: Input<string>;
  /** Name of the zone: `example.com`. */
  zoneName: string;
  /** The zone's Cloudflare plan. It decides what a rate limit may be. */
  plan: CloudflarePlan;
  /** Hostnames of the API inside the zone, which the rate limit covers. Empty for none: the zone's rate limits are then somebody else's. */
  hostnames: string[];
  /** How many requests of one address are let through. Defaults to 300 in 10 seconds, then 10 seconds without. @default - 300 in 10 seconds, then 10 seconds without */
  rateLimit?: EdgeRateLimit;
  /** Oldest TLS version that clients may speak. Defaults to "1.2". @default "1.2" */
  minimumTlsVersion?: MinimumTlsVersion;
}

/** How many requests of one client address Cloudflare lets through. */
export interface EdgeRateLimit {
  /** Requests of one address in one period, counted in each data centre by itself. Keep it above what the API itself allows a client. Defaults to 300. @default 300 */
  requestsPerPeriod?: number;
  /** Seconds over which requests are counted: 10 or 60; on Business also 120, 300 or 600; on Enterprise also 3600. Defaults to 10. @default 10 */
  periodSeconds?: number;
  /** Seconds for which an address is blocked then: 10, 60, 120, 300, 600 or 3600; from Business also 86400; on Enterprise also 0, which only cuts what is too much. Defaults to 10. @default 10 */
  mitigationTimeoutSeconds?: number;
  /** Paths that are never counted or blocked. Defaults to the health check's, `/healthz/region`. @default - ["/healthz/region"] */
  exemptPaths?: string[];
}
