import { JournalKind, type ExchangeApiArgs } from "./exchange-args";
import { steeringOf, type PlannedRegion } from "./exchange-plan";

/**
 * What an `ExchangeApi` declares about itself, for programs that judge designs: what was promised (load, steering) and what was computed from it
 * (floors, shares, detection). Fields may be added, never removed or renamed.
 */
export interface ExchangeManifest {
  /** Version of this shape: 1. */
  version: number;
  /** Hostname that clients call. */
  hostname: string;
  /** How traffic is spread: "off", "random" and so on. */
  steeringPolicy: string;
  /** Declared highest load of the whole API. */
  peakRequestsPerSecond: number;
  /** Declared load that one replica carries. */
  requestsPerSecondPerReplica: number;
  /** Seconds from a region's death to no new request there: best and worst. */
  detectionSeconds: number[];
  /** Region that takes everything when none is healthy. */
  fallbackRegion: string;
  /** The regions, in failover order. */
  regions: ExchangeManifestRegion[];
  /** How orders are kept. */
  journal: ExchangeManifestJournal;
}

/** One region of the manifest. */
export interface ExchangeManifestRegion {
  /** "aws" or "gcp". */
  cloud: string;
  /** The vendor's name: "us-east-2". */
  region: string;
  /** Ground, grid and weather: "ohio". */
  geography: string;
  /** AWS account id or Google project id: what is closed or throttled as one. */
  account: string;
  /** Name of the pool in the load balancer. */
  pool: string;
  /** Whether the load balancer uses the pool. */
  serving: boolean;
  /** Replicas that run at all times. */
  minimumReplicas: number;
  /** Replicas that autoscaling may reach. */
  maximumReplicas: number;
  /** Share of the peak while all is well, in percent. */
  sharePercent: number;
  /** Largest share of the peak after the loss of any one other region, cloud or geography, in percent. */
  worstSharePercent: number;
}

/** How orders are kept. */
export interface ExchangeManifestJournal {
  /** "sandbox" (a book of its own in each region, lost with it) or "nats". */
  kind: string;
  /** The voters. Empty for a sandbox. */
  voters: ExchangeManifestVoter[];
}

/** One voter of the journal. */
export interface ExchangeManifestVoter {
  /** Who runs the machine. */
  provider: string;
  /** Where it stands. */
  region: string;
}

/** What the edge decides, as far as the manifest tells it. */
export interface EdgeFacts {
  bestSeconds: number;
  worstSeconds: number;
  fallbackRegion: string;
}

/** The manifest of a planned API. */
export function manifestOf(args: ExchangeApiArgs, regions: PlannedRegion[], edge: EdgeFacts): ExchangeManifest {
  return {
    version: 1,
    hostname: args.hostname,
    steeringPolicy: steeringOf(args),
    peakRequestsPerSecond: args.capacity.peakRequestsPerSecond,
    requestsPerSecondPerReplica: args.capacity.requestsPerSecondPerReplica,
    detectionSeconds: [edge.bestSeconds, edge.worstSeconds],
    fallbackRegion: edge.fallbackRegion,
    regions: regions.map((region) => ({
      cloud: region.cloud,
      region: region.region,
      geography: region.facts.geography,
      account: region.args.aws?.accountId ?? region.args.gcp?.project ?? "",
      pool: region.region,
      serving: region.serving,
      minimumReplicas: region.minimumReplicas,
      maximumReplicas: region.maximumReplicas,
      sharePercent: region.sharePercent,
      worstSharePercent: region.worstSharePercent,
    })),
    journal: {
      kind: args.journal.kind,
      voters:
        args.journal.kind === JournalKind.Sandbox
          ? []
          : (args.journal.voters ?? []).map(({ provider, region }) => ({ provider, region })),
    },
  };
}
