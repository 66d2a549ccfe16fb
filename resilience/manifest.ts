import type { Graph } from "./graph";
import { isObject, own, type Json, type JsonObject } from "./values";

/** What an `ExchangeApi` says about itself, as far as a judge needs it. Whatever is missing or has another form is left out. */
export interface Manifest {
  hostname: string;
  peakRequestsPerSecond: number | undefined;
  requestsPerSecondPerUnit: number | undefined;
  /** The regions that serve, in failover order. */
  regions: ManifestRegion[];
  /** Voters of the journal. */
  voters: { provider: string; region: string }[];
}

/** One serving region of a manifest. */
export interface ManifestRegion {
  /** Name of the pool as the API's owner calls it. */
  pool: string;
  cloud: string;
  region: string;
  /** AWS account id or Google project id; undefined where it is not told. */
  account: string | undefined;
  /** Share in `random` steering, in any unit. */
  weight: number | undefined;
  /** Largest share of the peak after any single loss, in percent. */
  worstSharePercent: number | undefined;
}

/**
 * The manifests of all `ExchangeApi`s of a design, sorted by hostname: the components' own outputs, otherwise what the stack exports (a
 * recorder that does not see components' outputs sees that). Version 1; what has another version is not read.
 */
export function manifestsOf(graph: Graph): Manifest[] {
  const components = graph.resources
    .filter(({ type }) => type === "twodoor:index:ExchangeApi")
    .flatMap(({ outputs }) => manifestIn(own(outputs, "manifest")));
  const found = components.length > 0 ? components : exported(graph.outputs);
  return found.sort((a, b) => (a.hostname < b.hostname ? -1 : a.hostname > b.hostname ? 1 : 0));
}

/** A stack exports one manifest, or a list or map of them: it is looked for one level deep. */
function exported(outputs: JsonObject): Manifest[] {
  const found = Object.values(outputs).flatMap((value) => {
    if (manifestIn(value).length > 0) return manifestIn(value);
    const inner = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    return inner.flatMap(manifestIn);
  });
  // Two exports may hold the same manifest: each hostname counts once.
  return [...new Map(found.map((manifest) => [manifest.hostname, manifest])).values()];
}

function manifestIn(value: Json | undefined): Manifest[] {
  if (!isObject(value) || own(value, "version") !== 1) return [];
  const hostname = own(value, "hostname");
  const regions = own(value, "regions");
  if (typeof hostname !== "string" || hostname === "" || !Array.isArray(regions)) return [];
  return [
    {
      hostname,
      peakRequestsPerSecond: positive(own(value, "peakRequestsPerSecond")),
      requestsPerSecondPerUnit: positive(own(value, "requestsPerSecondPerReplica")),
      regions: regions.flatMap(regionIn),
      voters: votersIn(own(value, "journal")),
    },
  ];
}

function regionIn(value: Json): ManifestRegion[] {
  if (!isObject(value) || own(value, "serving") === false) return [];
  const [pool, cloud, region, account] = ["pool", "cloud", "region", "account"].map((key) => text(own(value, key)));
  if (pool === undefined || cloud === undefined || region === undefined) return [];
  const share = positive(own(value, "sharePercent"));
  return [
    {
      pool,
      cloud,
      region,
      account,
      weight: notNegative(own(value, "weight")) ?? share,
      worstSharePercent: positive(own(value, "worstSharePercent")),
    },
  ];
}

function votersIn(journal: Json | undefined): Manifest["voters"] {
  const voters = isObject(journal) ? own(journal, "voters") : undefined;
  return (Array.isArray(voters) ? voters : []).flatMap((voter) => {
    const [provider, region] = isObject(voter) ? [text(own(voter, "provider")), text(own(voter, "region"))] : [];
    return provider === undefined || region === undefined ? [] : [{ provider, region }];
  });
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function positive(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
}

function notNegative(value: Json | undefined): number | undefined {
  return value === 0 ? 0 : positive(value);
}
