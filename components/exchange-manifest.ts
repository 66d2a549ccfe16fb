import * as pulumi from "@pulumi/pulumi";
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
  /** Declared share in "random" steering, from 0.01 to 1, before it is divided by the sum of all that serve. */
  weight: number;
  /** Zones in which replicas run, as the account names them. Empty where the vendor spreads them over the region. */
  zones: string[];
  /** Image by digest, with the registry's host. Left out where it is a secret, or is known only after an update. */
  image?: string;
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

/**
 * The images that a manifest may tell, by region. What cannot be told must not take the whole manifest with it: an Output with one unknown
 * or secret in it is unknown or secret as a whole.
 */
export async function tellableImages(regions: PlannedRegion[]): Promise<Record<string, string>> {
  const images = Object.fromEntries(regions.map(({ region, args }) => [region, args.image]));
  const told: Record<string, unknown> = await pulumi.runtime.serializeProperties("manifest", images);
  return Object.fromEntries(
    Object.entries(told).flatMap(([region, image]) =>
      typeof image === "string" && image !== pulumi.runtime.unknownValue ? [[region, image]] : [],
    ),
  );
}

/**
 * The manifest of a planned API.
 *
 * @param images - see `tellableImages`.
 */
export function manifestOf(
  args: ExchangeApiArgs,
  regions: PlannedRegion[],
  images: Record<string, string>,
  edge: EdgeFacts,
): ExchangeManifest {
  return {
    version: 1,
    hostname: args.hostname,
    steeringPolicy: steeringOf(args),
    peakRequestsPerSecond: args.capacity.peakRequestsPerSecond,
    requestsPerSecondPerReplica: args.capacity.requestsPerSecondPerReplica,
    detectionSeconds: [edge.bestSeconds, edge.worstSeconds],
    fallbackRegion: edge.fallbackRegion,
    regions: regions.map((region) => ({
      ...imageOf(images, region),
      cloud: region.cloud,
      region: region.region,
      geography: region.facts.geography,
      account: region.args.aws?.accountId ?? region.args.gcp?.project ?? "",
      pool: region.region,
      serving: region.serving,
      weight: region.weight,
      zones: region.args.aws?.availabilityZones ?? [],
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

function imageOf(images: Record<string, string>, { region }: PlannedRegion): { image?: string } {
  const image = images[region];
  return image === undefined ? {} : { image };
}
