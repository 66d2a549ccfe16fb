import { Cloud, regionFacts } from "./regions";

/**
 * The Cloudflare regions that can probe an origin.
 * Source: developers.cloudflare.com/load-balancing/understand-basics/regional-health; the same list is in the provider's schema.
 */
export const CHECK_REGIONS: readonly string[] = [
  "WNAM",
  "ENAM",
  "NSAM",
  "SSAM",
  "WEU",
  "EEU",
  "NAF",
  "SAF",
  "ME",
  "SAS",
  "SEAS",
  "NEAS",
  "OC",
];

/** Every region at once, as Cloudflare writes it. Enterprise only. */
export const ALL_CHECK_REGIONS = "ALL_REGIONS";

/** How many regions are chosen when nobody names them: the smallest number whose majority survives one region with a bad path to the origin. */
const CHOSEN_COUNT = 3;

/** The two regions nearest on the map, to fill up with. The choice is ours; Cloudflare publishes no distances. */
const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  WNAM: ["ENAM", "WEU"],
  ENAM: ["WNAM", "WEU"],
  NSAM: ["ENAM", "SSAM"],
  SSAM: ["NSAM", "ENAM"],
  WEU: ["EEU", "ENAM"],
  EEU: ["WEU", "ME"],
  NAF: ["WEU", "EEU"],
  SAF: ["WEU", "ME"],
  ME: ["EEU", "SAS"],
  SAS: ["SEAS", "ME"],
  SEAS: ["SAS", "NEAS"],
  NEAS: ["SEAS", "OC"],
  OC: ["SEAS", "NEAS"],
};

/**
 * Three Cloudflare regions that should probe these origins: the ones nearest to them in their order, filled up with neighbours.
 * Sorted, so that the order of the origins makes no difference. Empty when no origin is in the region table.
 *
 * An odd number is chosen since an origin is healthy only while more than half of the regions say so: with two, one bad path is enough.
 */
export function nearestCheckRegions(origins: readonly { cloud: string; region: string }[]): string[] {
  const nearest = origins.flatMap(({ cloud, region }) =>
    cloud === Cloud.Aws || cloud === Cloud.Gcp ? (regionFacts(cloud, region)?.cloudflareRegion ?? []) : [],
  );
  const filled = [...nearest, ...nearest.flatMap((region) => NEIGHBOURS[region] ?? [])];
  return [...new Set(filled)].slice(0, CHOSEN_COUNT).sort();
}
