import type { Input } from "@pulumi/pulumi";
import type { RegionArgs } from "../region";
import type { GcpNetworkReference } from "./gcp-network";

/** Google's network service tiers. */
export const GcpNetworkTier = {
  /** Traffic enters Google's network near Cloudflare. */
  Premium: "PREMIUM",
  /** Traffic enters Google's network in the region. Cheaper, with a lower service level. */
  Standard: "STANDARD",
} as const;
/** See the members of `GcpNetworkTier`. */
export type GcpNetworkTier = (typeof GcpNetworkTier)[keyof typeof GcpNetworkTier];

/** What a region on Google Cloud is told beyond what every region is told. */
export interface GcpRegionArgs extends RegionArgs {
  /** Project id. Give each region a project of its own: 5,000 requests per second to serverless backends are all that one project may send. Changing this replaces everything. */
  project: string;
  /** Id of a regional Certificate Manager certificate for the hostname: `projects/PROJECT/locations/REGION/certificates/NAME`. It is exchanged in place; the new one has to be active before. */
  certificateId: Input<string>;
  /** A network that is already there. `cidrBlock` and `internetEgress` then build nothing. Defaults to none: one is made. @default - one is made */
  network?: GcpNetworkReference;
  /** The image may come from a registry that is not this region's Artifact Registry, named by digest all the same. Starting a replica then depends on that registry. Defaults to false. @default false */
  externalImage?: boolean;
  /** Tier of the region's address. Changing this replaces the address. Defaults to "PREMIUM". @default "PREMIUM" */
  networkTier?: GcpNetworkTier;
  /** Requests that one replica takes at the same time, 1 to 1000. An open WebSocket is one of them for as long as it lives. Defaults to 1000. @default 1000 */
  maximumConcurrency?: number;
  /** Share of requests below status 500 that are kept in the log, from 0 to 1; 5xx are all kept. Defaults to 0.05. @default 0.05 */
  requestLogSampleRate?: number;
  /** Requests per second that the project may send to serverless backends; the alarm rings at four fifths. Raise it only with Google's word. Defaults to 5000. @default 5000 */
  serverlessRequestsPerSecondMax?: number;
}
