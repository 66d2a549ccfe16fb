import type { Input, Output } from "@pulumi/pulumi";

/** How a region's entry treats the client certificate that Cloudflare sends with each request (authenticated origin pulls). */
export const OriginPullMode = {
  /** The certificate is not asked for. */
  Off: "off",
  /** The region knows which authorities it will accept, and takes every request. The step before `Enforce`. */
  Accept: "accept",
  /** A request without a certificate of an accepted authority is refused before it reaches the API. */
  Enforce: "enforce",
} as const;
/** See the members of `OriginPullMode`. */
export type OriginPullMode = (typeof OriginPullMode)[keyof typeof OriginPullMode];

/**
 * What every region is told, whichever cloud it is in. `AwsRegionArgs` and `GcpRegionArgs` extend it by what only their cloud
 * knows; one test suite runs over both.
 */
export interface RegionArgs {
  /** The vendor's name of the region: `us-east-2`. Changing this replaces everything in the region. */
  region: string;
  /** Public hostname of the API: `api.example.com`. */
  hostname: Input<string>;
  /** Container image by digest, in this region's own registry: `…/exchange@sha256:…`. */
  image: Input<string>;
  /** Address range of the region's network as CIDR: `10.16.0.0/16`, from /16 to /20. Changing this replaces the network, which Google refuses while the region stands: make another region, then take this one out. */
  cidrBlock: string;
  /** Replicas that run at all times, busy or not. It is the floor of autoscaling and carries the API through the loss of its peers. At least 1. */
  minimumReplicas: number;
  /** Replicas that autoscaling may reach. Not below `minimumReplicas`. */
  maximumReplicas: number;
  /** Port on which the container serves HTTP. Defaults to 8080. Changing this on AWS replaces the target group, and no traffic flows until tasks have registered. @default 8080 */
  containerPort?: number;
  /** Virtual CPUs of one replica: 1, 2, 4 or 8. Defaults to 1. @default 1 */
  vcpus?: number;
  /** Memory of one replica in MiB, in whole GiB. Defaults to 2048. @default 2048 */
  memoryMib?: number;
  /** Environment variables of the container that are not secret. Defaults to none. `PORT`, `CLOUD` and `REGION` are set by the component. @default - none */
  environment?: Record<string, Input<string>>;
  /** Secret environment variables by name. The value is kept in this region's own secret store and read from there when a replica starts. Defaults to none. @default - none */
  secrets?: Record<string, Input<string>>;
  /** Path that answers 200 when this process alone is fit to serve. Defaults to "/healthz/ready". @default "/healthz/ready" */
  readinessPath?: string;
  /** Path that answers 200 while the process runs. Defaults to "/healthz/live". @default "/healthz/live" */
  livenessPath?: string;
  /** Address ranges that may reach the region's entry, IPv4 and IPv6. Defaults to Cloudflare's published ranges. @default - Cloudflare's published ranges */
  allowedRanges?: string[];
  /** What the region's entry does about Cloudflare's client certificate. Defaults to "off". @default "off" */
  originPullMode?: OriginPullMode;
  /** PEM certificates of the authorities whose client certificates are accepted, one after another. Needed unless `originPullMode` is "off". Defaults to none. @default - none */
  originPullAuthorities?: Input<string>;
  /** Replicas may open connections to the Internet, through addresses of this region that do not depend on one zone. Defaults to false: only the cloud's own APIs can be reached. @default false */
  internetEgress?: boolean;
  /** TCP ports that replicas may open connections to on the Internet, at most 20. Of no effect without `internetEgress`. Defaults to 443 alone. @default [443] */
  internetEgressPorts?: number[];
  /** Whether the cloud refuses to delete what clients and data depend on. Turn it off in one `up`, remove the region in the next. Defaults to true. @default true */
  deletionProtected?: boolean;
  /** Days for which logs are kept: 1, 3, 5, 7, 14, 30, 60, 90, 180, 365 or 400. Defaults to 90. @default 90 */
  logRetentionDays?: number;
  /** E-mail addresses that this region's alarms are sent to. Each has to confirm once on AWS. Defaults to none: alarms then show in the console alone. @default - none */
  alarmEmails?: string[];
  /** Tags (AWS) or labels (Google) for everything that can carry them. Lower-case letters, digits, `-` and `_` only, so that both clouds accept them. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** What every region tells once it stands: enough for a pool of the load balancer, and nothing that only one cloud knows. */
export interface RegionOutputs {
  /** `aws` or `gcp`. */
  readonly cloud: Output<string>;
  /** The vendor's name of the region. */
  readonly region: Output<string>;
  /** Where Cloudflare reaches the region: a DNS name (AWS) or an IPv4 address (Google). It serves HTTPS on 443 with a publicly trusted certificate for `hostname`. */
  readonly originAddress: Output<string>;
  /** The image that the region runs. */
  readonly image: Output<string>;
  /** Replicas that run at all times. */
  readonly minimumReplicas: Output<number>;
  /** Addresses from which replicas reach the Internet, to be allowed by whoever they call. Empty without `internetEgress`. */
  readonly egressAddresses: Output<string[]>;
}
