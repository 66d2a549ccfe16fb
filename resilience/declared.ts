import { DEFAULT_PROPAGATION_SECONDS } from "../components/sizing/monitor-timing";
import type { Graph } from "./graph";
import { manifestsOf, type Manifest, type ManifestRegion } from "./manifest";

/** What nobody can read off resources, and somebody declared: in `ExchangeApi`'s manifest or in the judge's settings, which win. */
export interface Declared {
  /** Load of each hostname that has none of its own: each is judged as if it got all of it. Undefined: no load was declared. */
  capacity: DeclaredCapacity | undefined;
  /** What was declared for one hostname. */
  hostnames: ReadonlyMap<string, DeclaredHostname>;
  /** Quorums whose voters no resource stands for, by group. */
  quorums: readonly DeclaredQuorum[];
  /** Longest time from a health decision to every data centre of the edge, in seconds. Defaults to 2: Cloudflare publishes none. */
  propagationSeconds: number;
  /** Places of addresses outside the design: `{ "api-1.example.net": "aws:us-east-2" }`. */
  origins: Record<string, string>;
}

/** The load that was promised, and what one unit of compute carries. */
export interface DeclaredCapacity {
  peakRequestsPerSecond: number;
  /** What one task or instance answers in a second, unless `perUnit` says otherwise. */
  requestsPerSecondPerUnit: number;
  /** The same for computes whose logical name or URN it is; for an address outside the design, what all that stands there answers. */
  perUnit: Record<string, number>;
  /** Largest share of the peak that one pool can get under steering by clients' place, 1 to 100. Undefined: all of it. */
  worstSharePercent: number | undefined;
}

/** What was declared for one hostname. */
export interface DeclaredHostname {
  /** Its own load; undefined where it has none. */
  capacity: DeclaredCapacity | undefined;
  /** Its pools in failover order: told where resources name pools by ids that are known only later. Undefined: not told. */
  pools: readonly DeclaredPool[] | undefined;
  /** Shares under `random` by the name of the pool, which win over those of `pools`. They tell no order. */
  weights: ReadonlyMap<string, number>;
}

/** One pool of a hostname. */
export interface DeclaredPool {
  /** Name of the pool or of its resource, or the end of one of them after a `-`. */
  name: string;
  /** Where it leads. */
  place: { cloud: string; region: string; account: string | undefined } | undefined;
  /** Share under `random`, in any unit; undefined where it is not told. */
  weight: number | undefined;
}

/** A quorum that no resource stands for. */
export interface DeclaredQuorum {
  /** `journal`. */
  group: string;
  /** The hostname that cannot be served without it; undefined: all of the design. */
  hostname: string | undefined;
  voters: readonly { provider: string; region: string }[];
}

/** The same as people write it in the judge's settings. Everything may be left out. */
export interface DeclaredSettings {
  /** Load of the whole design. It replaces what manifests promise. */
  capacity?: CapacitySettings | undefined;
  /** Load of one hostname, by its name: where several hostnames have each their own. */
  hostnames?: Record<string, { capacity?: CapacitySettings | undefined }> | undefined;
  /** Voters of each group. A group that a manifest names too is replaced. */
  quorums?: Record<string, { provider: string; region: string }[]> | undefined;
  propagationSeconds?: number | undefined;
  origins?: Record<string, string> | undefined;
  /** Names of pools in failover order, by hostname. */
  poolOrder?: Record<string, string[]> | undefined;
  /** Shares of pools under `random`, in any unit, by hostname and by the pool's name: a program writes them by ids that no plan knows. */
  poolWeights?: Record<string, Record<string, number>> | undefined;
}

/** A load as people write it. */
export interface CapacitySettings {
  peakRequestsPerSecond: number;
  requestsPerSecondPerUnit: number;
  perUnit?: Record<string, number> | undefined;
  worstSharePercent?: number | undefined;
}

/** All that is declared about a design. */
export function declaredOf(graph: Graph, settings: DeclaredSettings = {}): Declared {
  const manifests = manifestsOf(graph);
  const known = new Map(manifests.map((manifest) => [manifest.hostname, manifest]));
  const written = new Map(Object.entries(settings.hostnames ?? {}));
  const order = new Map(Object.entries(settings.poolOrder ?? {}));
  const weights = new Map(Object.entries(settings.poolWeights ?? {}));
  const hostnames = [...new Set([...known.keys(), ...written.keys(), ...order.keys(), ...weights.keys()])].sort();
  const common = settings.capacity === undefined ? undefined : capacityIn(settings.capacity);
  const ownCapacity = (hostname: string): DeclaredCapacity | undefined => {
    const own = written.get(hostname)?.capacity;
    if (own !== undefined) return capacityIn(own);
    return common === undefined ? promised(known.get(hostname)) : undefined;
  };
  return {
    capacity: common,
    hostnames: new Map(
      hostnames.map((hostname): [string, DeclaredHostname] => [
        hostname,
        {
          capacity: ownCapacity(hostname),
          pools: poolsIn(known.get(hostname), order.get(hostname)),
          weights: new Map(Object.entries(weights.get(hostname) ?? {})),
        },
      ]),
    ),
    quorums: quorumsOf(manifests, settings.quorums ?? {}),
    propagationSeconds: settings.propagationSeconds ?? DEFAULT_PROPAGATION_SECONDS,
    origins: settings.origins ?? {},
  };
}

/** The load of a hostname, and whether it is its own: then the loads of several hostnames on one compute add up. */
export function capacityOf(
  { capacity, hostnames }: Declared,
  hostname: string,
): { capacity: DeclaredCapacity; isOwn: boolean } | undefined {
  const own = hostnames.get(hostname)?.capacity;
  if (own !== undefined) return { capacity: own, isOwn: true };
  return capacity === undefined ? undefined : { capacity, isOwn: false };
}

function capacityIn(written: CapacitySettings): DeclaredCapacity {
  const { peakRequestsPerSecond, requestsPerSecondPerUnit, perUnit, worstSharePercent } = written;
  return { peakRequestsPerSecond, requestsPerSecondPerUnit, perUnit: perUnit ?? {}, worstSharePercent };
}

function promised(manifest: Manifest | undefined): DeclaredCapacity | undefined {
  const { peakRequestsPerSecond, requestsPerSecondPerUnit, regions } = manifest ?? { regions: [] };
  if (peakRequestsPerSecond === undefined || requestsPerSecondPerUnit === undefined) return undefined;
  const worst = regions.flatMap((region) => region.worstSharePercent ?? []);
  const worstSharePercent = worst.length === 0 ? undefined : Math.max(...worst);
  return { peakRequestsPerSecond, requestsPerSecondPerUnit, perUnit: {}, worstSharePercent };
}

function poolsIn(manifest: Manifest | undefined, order: string[] | undefined): DeclaredPool[] | undefined {
  const pools = manifest?.regions.map(poolOf);
  return (
    order?.map((name) => pools?.find((pool) => pool.name === name) ?? { name, place: undefined, weight: undefined }) ??
    pools
  );
}

function poolOf({ pool, cloud, region, account, weight }: ManifestRegion): DeclaredPool {
  return { name: pool, place: { cloud, region, account }, weight };
}

function quorumsOf(
  manifests: readonly Manifest[],
  settings: Record<string, { provider: string; region: string }[]>,
): DeclaredQuorum[] {
  const written = Object.entries(settings).map(([group, voters]) => ({ group, hostname: undefined, voters }));
  const journals = manifests.filter(({ voters }) => voters.length > 0);
  const promisedQuorums = journals.map(({ hostname, voters }) => ({
    group: journals.length === 1 ? "journal" : `journal of ${hostname}`,
    hostname,
    voters,
  }));
  const groups = new Set(written.map(({ group }) => group));
  return [...written, ...promisedQuorums.filter(({ group }) => !groups.has(group))].sort((a, b) =>
    a.group < b.group ? -1 : 1,
  );
}
