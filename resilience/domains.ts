import { Cloud, regionFacts } from "../components/sizing/regions";
import type { Design } from "./design";
import { valueOr } from "./fact";
import { GLOBAL, type Part, type Place } from "./model";
import { geographyOf } from "./places";

/** Something that fails as one. */
export interface Domain {
  /** `aws`, `aws:us-east-2`, `aws:us-east-2a`, `geography:ohio`, `account:aws:123456789012`, `edge`. */
  id: string;
  kind: "cloud" | "geography" | "region" | "zone" | "account" | "edge";
  /** How much of a thing at that place goes with the domain: 1 all of it, 0 nothing, between them a part (a zone of several). */
  lost: (place: Place) => Loss;
}

/** How much of a thing goes with a domain. `unknown`: it may be all of it. */
export type Loss = number | "unknown";

/** Every single failure domain that something in a serving path stands in, the largest first, then by name. */
export function domainsOf(design: Design): Domain[] {
  const domains = new Map<string, Domain>();
  const add = (domain: Domain): void => void domains.set(domain.id, domain);
  for (const id of design.serving) {
    const part = design.parts.get(id);
    if (part !== undefined) for (const domain of domainsOfPart(part)) add(domain);
  }
  return [...domains.values()].sort((a, b) => RANK[a.kind] - RANK[b.kind] || (a.id < b.id ? -1 : 1));
}

const RANK: Record<Domain["kind"], number> = { cloud: 0, account: 1, geography: 2, region: 3, zone: 4, edge: 5 };

function domainsOfPart({ place }: Part): Domain[] {
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
  for (const zone of zonesOf(place)) found.push(zoneDomain(cloud, region, zone));
  return found;
}

/** The zones of a place: the named ones, otherwise all of the region's where the vendor spreads a thing over them. */
function zonesOf({ cloud, region, zones }: Place): readonly string[] {
  if (!zones.known) return [];
  if (zones.value.length > 0 || !region.known) return zones.value;
  return spreadZones(cloud, region.value);
}

function spreadZones(cloud: string, region: string): readonly string[] {
  if (cloud !== "gcp" && cloud !== "aws") return [];
  return regionFacts(cloud === "aws" ? Cloud.Aws : Cloud.Gcp, region)?.zoneNames ?? [];
}

const edge: Domain = { id: "edge", kind: "edge", lost: ({ cloud }) => (cloud === "cloudflare" ? 1 : 0) };

function cloudDomain(cloud: string): Domain {
  return { id: cloud, kind: "cloud", lost: (place) => (place.cloud === cloud ? 1 : 0) };
}

function accountDomain(cloud: string, account: string): Domain {
  const isIn = (place: Place): Loss => (!place.account.known ? "unknown" : place.account.value === account ? 1 : 0);
  return {
    id: `account:${cloud}:${account}`,
    kind: "account",
    lost: (place) => (place.cloud === cloud ? isIn(place) : 0),
  };
}

function regionDomain(cloud: string, region: string): Domain {
  const isIn = (place: Place): Loss => (!place.region.known ? "unknown" : place.region.value === region ? 1 : 0);
  return { id: `${cloud}:${region}`, kind: "region", lost: (place) => (place.cloud === cloud ? isIn(place) : 0) };
}

function geographyDomain(geography: string): Domain {
  const isIn = ({ cloud, region }: Place): Loss =>
    !region.known ? "unknown" : geographyOf(cloud, region.value) === geography ? 1 : 0;
  return {
    id: `geography:${geography}`,
    kind: "geography",
    lost: (place) => (place.cloud === "cloudflare" || place.cloud === "other" ? 0 : isIn(place)),
  };
}

function zoneDomain(cloud: string, region: string, zone: string): Domain {
  return {
    id: `${cloud}:${zone}`,
    kind: "zone",
    lost: (place) => {
      if (place.cloud !== cloud) return 0;
      if (!place.region.known) return "unknown";
      if (place.region.value !== region) return 0;
      if (!place.zones.known) return "unknown";
      const zones = place.zones.value.length > 0 ? place.zones.value : spreadZones(cloud, region);
      return zones.includes(zone) ? 1 / zones.length : 0;
    },
  };
}
