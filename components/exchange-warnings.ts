import type { ExchangeApiArgs } from "./exchange-args";
import { cloudOf } from "./exchange-plan";
import { Cloud, regionFacts } from "./sizing/regions";

/**
 * What one outage can stop, of an API that can be built all the same: one cloud, one region, two regions on the same ground. Each warning names
 * the outage, the rules of `twodoor check` that refuse it, and the way out. The arguments must have passed `exchangeIssues`.
 */
export function exchangeWarnings({ regions }: Pick<ExchangeApiArgs, "regions">): string[] {
  const serving = regions.flatMap((region) => {
    const cloud = region.serving === false ? undefined : cloudOf(region);
    return cloud === undefined ? [] : [{ cloud, region: region.region }];
  });
  return [...aloneWarnings(serving), ...groundWarnings(serving)];
}

interface ServingRegion {
  cloud: Cloud;
  region: string;
}

const VENDORS: Record<Cloud, string> = { [Cloud.Aws]: "AWS", [Cloud.Gcp]: "Google Cloud" };

function aloneWarnings(serving: ServingRegion[]): string[] {
  const [first, ...others] = serving;
  if (first === undefined || others.some(({ cloud }) => cloud !== first.cloud)) return [];
  const vendor = VENDORS[first.cloud];
  const other = VENDORS[first.cloud === Cloud.Aws ? Cloud.Gcp : Cloud.Aws];
  if (others.length > 0) {
    const what = `All serving regions are in ${vendor}: what stops ${vendor} stops the API.`;
    return [`${what} \`twodoor check\` refuses it (TOP-01). Add a serving region of ${other}.`];
  }
  const what = `${first.region} of ${vendor} serves alone: what stops that region, or ${vendor}, stops the API.`;
  return [`${what} \`twodoor check\` refuses it (TOP-01, TOP-02). Add a serving region of ${other}.`];
}

function groundWarnings(serving: ServingRegion[]): string[] {
  const grounds = new Map<string, string[]>();
  for (const { cloud, region } of serving) {
    const geography = regionFacts(cloud, region)?.geography;
    if (geography !== undefined) grounds.set(geography, [...(grounds.get(geography) ?? []), region]);
  }
  return [...grounds]
    .filter(([, regions]) => regions.length > 1)
    .map(
      ([geography, regions]) =>
        `${regions.join(" and ")} share ground, grid and weather (${geography}): what strikes there stops them together. ` +
        "`twodoor check` refuses it (TOP-03). Choose regions of different geographies.",
    );
}
