import type { Input } from "@pulumi/pulumi";
import type { AwsNetworkReference } from "./aws";
import type { GcpNetworkReference } from "./gcp";
import type { OriginPullMode } from "./region";
import type { CloudflarePlan } from "./sizing/monitor-timing";
import type { SteeringPolicy } from "./sizing/steering";
import type { LoadBalancerMonitor } from "./cloudflare";

/** Everything that an exchange-style API in two clouds needs to be told. */
export interface ExchangeApiArgs {
  /** Public hostname of the API, inside `edge.zoneName`: `api.example.com`. Changing this replaces certificates, and the old hostname stops answering. */
  hostname: string;
  /** The Cloudflare account, zone and plan in front of the API. */
  edge: ExchangeEdge;
  /** Regions in failover order, at least one that serves. Two that serve, in two clouds, on different ground, are what one outage cannot stop: with less there is a warning, and `twodoor check` refuses it. Changed one after another in this order. */
  regions: ExchangeRegion[];
  /** The declared load, from which each region's running minimum is computed. */
  capacity: ExchangeCapacity;
  /** Where orders are written before they are acknowledged. */
  journal: ExchangeJournal;
  /** The container. Defaults to 1 virtual CPU, 2048 MiB, port 8080 and no further variables. @default - 1 virtual CPU, 2048 MiB, port 8080 */
  container?: ExchangeContainer;
  /** How traffic is spread: "off" is active-passive in the order of `regions`, "random" active-active by weight. Defaults to "random". @default "random" */
  steeringPolicy?: SteeringPolicy;
  /** Client certificates that Cloudflare shows to the regions. Defaults to none: the regions then trust Cloudflare's addresses alone. @default - none */
  originPulls?: ExchangeOriginPulls;
  /** E-mail addresses for alarms of each cloud and for Cloudflare's notifications. Defaults to none: alarms then show in the consoles alone. @default - none */
  alarmEmails?: string[];
  /** Whether the clouds refuse to delete what clients and data depend on. Defaults to true. @default true */
  deletionProtected?: boolean;
  /** Tags (AWS) and labels (Google) on everything that can carry them. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** The Cloudflare side of the API. */
export interface ExchangeEdge {
  /** Cloudflare account id: 32 lower-case hexadecimal characters. */
  accountId: Input<string>;
  /** Id of the zone that holds the hostname: 32 lower-case hexadecimal characters. */
  zoneId: Input<string>;
  /** Name of that zone: `example.com`. */
  zoneName: string;
  /** The zone's Cloudflare plan. It decides how often a region may be probed, and so how soon its loss is seen. */
  plan: CloudflarePlan;
  /** Whether the account has the Traffic Steering add-on, which policies other than "off" and "random" need below Enterprise. Defaults to false. @default false */
  trafficSteeringEntitled?: boolean;
  /** Cloudflare regions that probe, three or five: `["WNAM", "ENAM", "WEU"]`. Defaults to three near the regions of the API. @default - three near the regions */
  checkRegions?: string[];
  /** The health monitor. Defaults to what the plan allows: as often as possible, down after two failures, up after three successes. @default - the plan's best */
  monitor?: LoadBalancerMonitor;
  /** Name of the region (as in `regions`) that takes everything when no region is healthy. Defaults to the first serving region of another cloud than the first region's. @default - first serving region of the second cloud */
  fallbackRegion?: string;
}

/** One region of the API. Exactly one of `aws` and `gcp` says in which cloud it is. */
export interface ExchangeRegion {
  /** The vendor's name of the region: `us-east-2`. It is the key of everything in it. */
  region: string;
  /** Container image by digest, in this region's own registry unless `externalImage` is set. */
  image: Input<string>;
  /** Address range of the region's network, /16 to /20, that overlaps with no other region's. Changing this replaces the network. */
  cidrBlock: string;
  /** The region takes traffic. Set it to false when you add a region (until it is steady) and before you remove one: it then stands without traffic and without protection against deletion, and the others carry the whole peak. Defaults to true. @default true */
  serving?: boolean;
  /** Share in "random" steering, from 0.01 to 1, before it is divided by the sum of all. Defaults to 1. @default 1 */
  weight?: number;
  /** What only an AWS region needs. Left out for a Google region. @default - a Google region */
  aws?: ExchangeAwsRegion;
  /** What only a Google region needs. Left out for an AWS region. @default - an AWS region */
  gcp?: ExchangeGcpRegion;
}

/** What only an AWS region needs. */
export interface ExchangeAwsRegion {
  /** Account id, 12 digits. */
  accountId: string;
  /** Three zones of the region, by name: they belong to one account and are never looked up. Changing one replaces its subnets. */
  availabilityZones: string[];
  /** ARN of an issued certificate of this region for the hostname. Defaults to none: one is made and validated. @default - one is made and validated */
  certificateArn?: Input<string>;
  /** A network that is already there. Defaults to none: one is made. @default - one is made */
  network?: AwsNetworkReference;
  /** The image may come from a registry that is not this region's ECR, by digest all the same. Starting a replica then depends on that registry, and replicas may open connections to port 443 of the Internet. Defaults to false. @default false */
  externalImage?: boolean;
  /** ARN of the policy that bounds what the region's roles may ever do, such as that of `AwsDeployIdentity`. Defaults to none. @default - none */
  permissionsBoundaryArn?: Input<string>;
}

/** What only a Google region needs. */
export interface ExchangeGcpRegion {
  /** Project id. Give each region a project of its own: request quotas and certificate records are a project's. */
  project: string;
  /** Id of an active regional certificate for the hostname. Defaults to none: one is made and validated. @default - one is made and validated */
  certificateId?: Input<string>;
  /** A network that is already there. Defaults to none: one is made. @default - one is made */
  network?: GcpNetworkReference;
  /** The image may come from a registry that is not this region's Artifact Registry, by digest all the same. Starting a replica then depends on that registry. Defaults to false. @default false */
  externalImage?: boolean;
}

/** The declared load. The figures are promises of whoever runs the API: measure the second one. */
export interface ExchangeCapacity {
  /** Highest number of requests in one second that the whole API must answer. From 1 to 1,000,000. */
  peakRequestsPerSecond: number;
  /** What one replica answers in one second within the latency goal. From 1 to 100,000. */
  requestsPerSecondPerReplica: number;
  /** Largest share of the peak, in percent, that one region can get. Needed by steering policies other than "off" and "random". Left out for those two. @default - computed from order or weights */
  worstSharePercent?: number;
  /** Requests per second that one Google project may send to serverless backends. Raise it only with Google's word. Defaults to 5000. @default 5000 */
  serverlessRequestsPerSecondMax?: number;
  /** Instances that one Cloud Run revision with VPC egress may have. Raise it only with Google's word. Defaults to 100. @default 100 */
  cloudRunInstancesMax?: number;
  /** Virtual CPUs that the AWS account may run on Fargate in one region (service quota "Fargate On-Demand vCPU resource count"). A deployment runs the largest number of replicas twice. Left out, the quota is not checked: a new account's is small and grows with use. @default - not checked */
  fargateVcpusMax?: number;
}

/** How the API keeps its journal. */
export const JournalKind = {
  /** One replica a region with a book of its own in memory: for laptops and `dev` stacks. Orders are lost with the replica, and regions know nothing of each other. */
  Sandbox: "sandbox",
  /** NATS JetStream on three or five voters in three places. */
  Nats: "nats",
} as const;
/** See the members of `JournalKind`. */
export type JournalKind = (typeof JournalKind)[keyof typeof JournalKind];

/** Where orders are written before they are acknowledged. */
export interface ExchangeJournal {
  /** "sandbox" or "nats". */
  kind: JournalKind;
  /** The voters of the NATS cluster: three in three places, or five as 2 + 2 + 1. Left out for "sandbox". @default - none */
  voters?: ExchangeJournalVoter[];
  /** Contents of the NATS credentials file with which the API appends and reads. Secret. Left out for "sandbox". @default - none */
  credentials?: Input<string>;
}

/** One voter of the journal. */
export interface ExchangeJournalVoter {
  /** Who runs the machine: `aws`, `gcp` or the name of a third provider. What fails together has one provider. */
  provider: string;
  /** Where it stands, in the provider's own words: `us-east-2`. */
  region: string;
  /** How replicas reach it: `tls://voter-1.example.net:4222`. */
  address: string;
}

/** The container that each replica runs. */
export interface ExchangeContainer {
  /** Port on which it serves HTTP. Defaults to 8080. @default 8080 */
  port?: number;
  /** Virtual CPUs: 1, 2, 4 or 8. Defaults to 1. @default 1 */
  vcpus?: number;
  /** Memory in MiB, in whole GiB. Defaults to 2048. @default 2048 */
  memoryMib?: number;
  /** Variables that are not secret. Defaults to none. @default - none */
  environment?: Record<string, Input<string>>;
  /** Secret variables by name. Defaults to none. @default - none */
  secrets?: Record<string, Input<string>>;
  /** Least severe level that is logged: "debug", "info", "warn" or "error". Defaults to "info". @default "info" */
  logLevel?: string;
}

/** Authenticated origin pulls: Cloudflare shows a certificate of ours, and the regions insist on it. */
export interface ExchangeOriginPulls {
  /** "accept" first; "enforce" in a later `up`, once every pool is healthy. */
  mode: OriginPullMode;
  /** Names of the certificate generations that the regions accept: one, or two during a rotation: `["2026a", "2026b"]`. */
  generations: string[];
  /** The generation that Cloudflare shows. One of `generations`. */
  activeGeneration: string;
}
