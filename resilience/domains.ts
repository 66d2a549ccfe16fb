import { Cloud, regionFacts, regionsOf } from "../components/sizing/regions";
import type { Design } from "./design";
import { valueOr } from "./fact";
import { GLOBAL, type CloudName, type Place } from "./model";
import { geographyOf } from "./places";

/** Something that fails as one. */
export interface Domain {
  /** `aws`, `aws:us-east-2`, `aws:us-east-2a`, `geography:ohio`, `account:aws:123456789012`, `edge`. */
  id: string;
  kind: "cloud" | "geography" | "region" | "zone" | "account" | "edge" | "pair";
  /** How much of a thing at that place goes with the domain: 1 all of it, 0 nothing, between them a part (a zone of several). */
  lost: (place: Place) => Loss;
}

/** How much of a thing goes with a domain. `unknown`: it may be all of it. */
export type Loss = number | "unknown";

/** Zones over which a vendor spreads one thing at most: it is counted as being in three, although a region may have more. */
const SPREAD_ZONES = 3;

/** Every single failure domain that something in a serving path stands in, the largest first, then by name. */
export function domainsOf(design: Design): Domain[] {
  const domains = new Map<string, Domain>();
  for (const id of design.serving) {
    const part = design.parts.get(id);
    if (part === undefined) continue;
    for (const domain of domainsAt(part.place)) domains.set(domain.id, domain);
  }
  return [...domains.values()].sort((a, b) => RANK[a.kind] - RANK[b.kind] || (a.id < b.id ? -1 : 1));
}

const RANK: Record<Domain["kind"], number> = {
  cloud: 0,
  account: 1,
  geography: 2,
  region: 3,
  zone: 4,
  edge: 5,
  pair: 6,
};

/** Two domains that go at once. */
export function bothOf(a: Domain, b: Domain): Domain {
  return {
    id: `${a.id} + ${b.id}`,
    kind: "pair",
    lost: (place) => {
      const losses = [a.lost(place), b.lost(place)];
      const sum = losses.reduce<number>((total, loss) => total + (loss === "unknown" ? 0 : loss), 0);
      return sum < 1 && losses.includes("unknown") ? "unknown" : Math.min(1, sum);
    },
  };
}

/** The domains in which a place is, as far as they are known. */
function domainsAt(place: Place): Domain[] {
  const { cloud } = place;
  if (cloud === "cloudflare") return [edge];
  if (cloud === "other") return [];
  const account = valueOr(place.account, "");
  const found: Domain[] = [cloudDomain(cloud), ...(account === "" ? [] : [accountDomain(cloud, account)])];
  const region = valueOr(place.region, GLOBAL);
  if (region === GLOBAL) return found;
  const geography = geographyOf(cloud, region);
  if (geography !== undefined) found.push(geographyDomain(geography));
  found.push(regionDomain(cloud, region));
  const zones = valueOr(place.zones, []);
  for (const zone of zones.length > 0 ? zones : googleZones(cloud, region)) found.push(zoneDomain(cloud, region, zone));
  return found;
}

/** Names of the zones of a Google region. A zone's name on AWS belongs to one account, so no table has them. */
function googleZones(cloud: CloudName, region: string): readonly string[] {
  return cloud === "gcp" ? (regionFacts(Cloud.Gcp, region)?.zoneNames ?? []) : [];
}

const edge: Domain = { id: "edge", kind: "edge", lost: ({ cloud }) => (cloud === "cloudflare" ? 1 : 0) };

/** Something outside the design of which nobody says where it stands: it may be in any domain of the big clouds. */
function isAnywhere({ cloud, region }: Place): boolean {
  return cloud === "other" && !region.known;
}

function cloudDomain(cloud: CloudName): Domain {
  return {
    id: cloud,
    kind: "cloud",
    lost: (place) => (isAnywhere(place) ? "unknown" : place.cloud === cloud ? 1 : 0),
  };
}

function accountDomain(cloud: CloudName, account: string): Domain {
  return {
    id: `account:${cloud}:${account}`,
    kind: "account",
    lost: (place) => {
      if (isAnywhere(place)) return "unknown";
      if (place.cloud !== cloud) return 0;
      // What names no account may be in this one.
      if (!place.account.known || place.account.value === "") return "unknown";
      return place.account.value === account ? 1 : 0;
    },
  };
}

function regionDomain(cloud: CloudName, region: string): Domain {
  return {
    id: `${cloud}:${region}`,
    kind: "region",
    lost: (place) => {
      if (isAnywhere(place)) return "unknown";
      if (place.cloud !== cloud) return 0;
      return !place.region.known ? "unknown" : place.region.value === region ? 1 : 0;
    },
  };
}

function geographyDomain(geography: string): Domain {
  const clouds = new Set(
    [...regionsOf(Cloud.Aws), ...regionsOf(Cloud.Gcp)].flatMap((facts) =>
      facts.geography === geography ? [facts.cloud as CloudName] : [],
    ),
  );
  return {
    id: `geography:${geography}`,
    kind: "geography",
    lost: (place) => {
      if (isAnywhere(place)) return "unknown";
      if (!clouds.has(place.cloud)) return 0;
      return !place.region.known ? "unknown" : geographyOf(place.cloud, place.region.value) === geography ? 1 : 0;
    },
  };
}

function zoneDomain(cloud: CloudName, region: string, zone: string): Domain {
  const ofSpread = 1 / Math.min(SPREAD_ZONES, zonesIn(cloud, region));
  return {
    id: `${cloud}:${zone}`,
    kind: "zone",
    lost: (place) => {
      if (isAnywhere(place)) return "unknown";
      if (place.cloud !== cloud) return 0;
      if (!place.region.known) return "unknown";
      if (place.region.value !== region) return 0;
      if (!place.zones.known) return "unknown";
      const zones = place.zones.value;
      // What the vendor spreads by itself has the same share in each zone that it uses, and it may use this one.
      if (zones.length === 0) return ofSpread;
      return zones.includes(zone) ? 1 / zones.length : 0;
    },
  };
}

function zonesIn(cloud: CloudName, region: string): number {
  return regionFacts(cloud === "aws" ? Cloud.Aws : Cloud.Gcp, region)?.zones ?? SPREAD_ZONES;
}
