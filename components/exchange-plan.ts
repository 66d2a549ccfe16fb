import { JournalKind, type ExchangeApiArgs, type ExchangeJournalVoter, type ExchangeRegion } from "./exchange-args";
import { CLOUD_RUN_INSTANCES_MAX } from "./gcp/quotas";
import { poolFloors, replicasFor, type Demand, type PoolFloor, type PoolShape } from "./sizing/capacity";
import { Cloud, regionFacts, type RegionFacts } from "./sizing/regions";
import { SteeringPolicy } from "./sizing/steering";
import { compareTexts } from "./sizing/words";

/** Zones over which a replica set is spread: three named ones on AWS, all of the region's (three or more) on Google. */
const ZONES = 3;

/** How far autoscaling may go beyond the replicas that carry the whole peak: twice, since a peak may be declared wrongly. */
const HEADROOM = 2;

/** One region with everything that planning decides about it. */
export interface PlannedRegion {
  cloud: Cloud;
  region: string;
  facts: RegionFacts;
  serving: boolean;
  /** Share in `random` steering as declared. */
  weight: number;
  /** Share of the peak while all is well, 0 to 100. 0 while the region does not serve. */
  sharePercent: number;
  /** Largest share after any single loss, 0 to 100. 0 while the region does not serve. */
  worstSharePercent: number;
  minimumReplicas: number;
  maximumReplicas: number;
  args: ExchangeRegion;
}

/** Which cloud a region is in: the one whose arguments it has. Nothing where it has none or both. */
export function cloudOf(region: ExchangeRegion): Cloud | undefined {
  if ((region.aws === undefined) === (region.gcp === undefined)) return undefined;
  return region.aws === undefined ? Cloud.Gcp : Cloud.Aws;
}

/** The declared load as the capacity arithmetic takes it. */
export function demandOf(args: ExchangeApiArgs): Demand {
  const { peakRequestsPerSecond, requestsPerSecondPerReplica, worstSharePercent } = args.capacity;
  return {
    peakRequestsPerSecond,
    requestsPerSecondPerReplica,
    ...(worstSharePercent === undefined ? {} : { worstSharePercent }),
  };
}

/** The policy in force. */
export function steeringOf(args: ExchangeApiArgs): SteeringPolicy {
  return args.steeringPolicy ?? SteeringPolicy.Random;
}

/** The regions that the capacity arithmetic can know: those in exactly one cloud that is known to have them. */
export function poolShapes(regions: ExchangeRegion[]): PoolShape[] {
  return regions.flatMap((region) => {
    const cloud = cloudOf(region);
    const facts = cloud === undefined ? undefined : regionFacts(cloud, region.region);
    if (cloud === undefined || facts === undefined) return [];
    return [
      {
        key: region.region,
        cloud,
        geography: facts.geography,
        weight: region.weight ?? 1,
        zones: ZONES,
        ...(region.gcp === undefined ? {} : { quotaGroup: region.gcp.project }),
      },
    ];
  });
}

/**
 * What each region has to run, in the order of `args.regions`. The arguments must have passed `exchangeIssues`.
 *
 * Serving regions are sized as if the others were all there is. A region that does not serve keeps the size that it will have (or had)
 * when it serves: it is ready before traffic comes, and still strong while the last of it goes.
 */
export function planRegions(args: ExchangeApiArgs): PlannedRegion[] {
  const serving = new Map(floorsOf(args, (region) => region.serving !== false).map((floor) => [floor.key, floor]));
  const whole = new Map(floorsOf(args, () => true).map((floor) => [floor.key, floor]));
  return args.regions.flatMap((region) => {
    const cloud = cloudOf(region);
    const facts = cloud === undefined ? undefined : regionFacts(cloud, region.region);
    const floor = serving.get(region.region) ?? whole.get(region.region);
    if (cloud === undefined || facts === undefined || floor === undefined) return [];
    const serves = serving.has(region.region);
    return [
      {
        cloud,
        region: region.region,
        facts,
        serving: serves,
        weight: region.weight ?? 1,
        sharePercent: serves ? floor.normalSharePercent : 0,
        worstSharePercent: serves ? floor.worstSharePercent : 0,
        ...replicaRange(args, floor, cloud),
        args: region,
      },
    ];
  });
}

/** The environment of a region's replicas, apart from what the region's component sets itself. */
export function replicaEnvironment(
  args: ExchangeApiArgs,
  place: Pick<PlannedRegion, "cloud" | "region">,
): Record<string, string> {
  const log = { LOG_LEVEL: args.container?.logLevel ?? "info" };
  if (args.journal.kind === JournalKind.Sandbox) {
    return { ...log, EXCHANGE_SANDBOX: "1", JOURNAL_URL: "embedded:/tmp/journal" };
  }
  return { ...log, NODE_ENV: "production", JOURNAL_URL: journalUrl(args.journal.voters ?? [], place) };
}

/**
 * The list of servers as the NATS client takes it: it prefers the first that works, so those beside the replicas stand first, or each order would cross
 * between the clouds once more. Otherwise sorted, so that the order in the settings changes nothing.
 */
function journalUrl(
  voters: ExchangeJournalVoter[],
  { cloud, region }: Pick<PlannedRegion, "cloud" | "region">,
): string {
  const distance = (voter: ExchangeJournalVoter): number => {
    if (voter.provider !== cloud) return 2;
    return voter.region === region ? 0 : 1;
  };
  return [...voters]
    .sort((one, other) => distance(one) - distance(other) || compareTexts(one.address, other.address))
    .map((voter) => voter.address)
    .join(",");
}

function floorsOf(args: ExchangeApiArgs, isCounted: (region: ExchangeRegion) => boolean): PoolFloor[] {
  const pools = poolShapes(args.regions.filter(isCounted));
  return pools.length === 0 ? [] : poolFloors(pools, steeringOf(args), demandOf(args));
}

function replicaRange(
  args: ExchangeApiArgs,
  { minimumReplicas }: PoolFloor,
  cloud: Cloud,
): { minimumReplicas: number; maximumReplicas: number } {
  // A sandbox book lives in one process: a second replica would answer from another book.
  if (args.journal.kind === JournalKind.Sandbox) return { minimumReplicas: 1, maximumReplicas: 1 };
  const wanted = HEADROOM * Math.max(minimumReplicas, replicasFor(1, demandOf(args)));
  // A ceiling beyond what Cloud Run grants would never be reached, and the alarm below it would never ring.
  const granted = cloud === Cloud.Gcp ? (args.capacity.cloudRunInstancesMax ?? CLOUD_RUN_INSTANCES_MAX) : wanted;
  return { minimumReplicas, maximumReplicas: Math.max(minimumReplicas, Math.min(wanted, granted)) };
}
