// Not `regions.json`: Node resolves the extensionless `./regions` to JSON before TypeScript.
import table from "./region-table.json";

/** The clouds that can hold a region of the API. */
export const Cloud = {
  /** Amazon Web Services. */
  Aws: "aws",
  /** Google Cloud. */
  Gcp: "gcp",
} as const;
/** See the members of `Cloud`. */
export type Cloud = (typeof Cloud)[keyof typeof Cloud];

/** What is publicly known about one AWS or Google region. The facts and their sources are described in `docs/regions.md`. */
export interface RegionFacts {
  /** `aws:us-east-2`: the name of the failure domain. */
  id: string;
  cloud: Cloud;
  /** The vendor's name: `us-east-2`. */
  region: string;
  /** The vendor's display name: `US East (Ohio)`. */
  name: string;
  /** `public`, `limited` (named by the vendor, not open to all) or `announced` (in an SDK's list, not open as far as seen). */
  status: string;
  /** Degrees, of the town or county as far as it is public; `null` where only the country is known. */
  latitude: number | null;
  longitude: number | null;
  /** Number of standard zones. */
  zones: number | null;
  /** Google: the zones' names, over which it spreads what it runs for a whole region. Empty for AWS, where a name belongs to one account. */
  zoneNames: readonly string[];
  /** AWS: the account must enable the region before it can be used. */
  optIn: boolean;
  /** The Cloudflare region that a health probe would be nearest in: `ENAM`. */
  cloudflareRegion: string;
  /** Ground, grid and weather shared with other regions: `ohio` holds AWS us-east-2 and Google us-east5. */
  geography: string;
}

const regions: ReadonlyMap<string, RegionFacts> = new Map(
  table.regions.map((row) => [
    row.id,
    {
      id: row.id,
      cloud: row.cloud as Cloud,
      region: row.region,
      name: row.name,
      status: row.status,
      latitude: row.latitude,
      longitude: row.longitude,
      zones: row.zones,
      zoneNames: row.zoneNames ?? [],
      optIn: row.optIn ?? false,
      cloudflareRegion: row.nearestCloudflareRegion,
      geography: row.geography,
    },
  ]),
);

/** The facts about one region, or nothing where the vendor has no region of that name. */
export function regionFacts(cloud: Cloud, region: string): RegionFacts | undefined {
  return regions.get(`${cloud}:${region}`);
}

/** Every region of one cloud that the table knows, in the table's order. */
export function regionsOf(cloud: Cloud): RegionFacts[] {
  return [...regions.values()].filter((facts) => facts.cloud === cloud);
}
