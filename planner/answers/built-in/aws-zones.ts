import { Cloud, regionFacts, regionsOf } from "../../../components/sizing/regions";
import { isObject, type Json, type JsonObject } from "../../../resilience/values";
import type { Asked, BuiltIn } from "./asked";

/** Zones and regions of AWS. */
export const awsZones: Record<string, BuiltIn> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": availabilityZones,
  "aws:index/getAvailabilityZone:getAvailabilityZone": availabilityZone,
  "aws:index/getRegions:getRegions": regions,
};

/**
 * Letters where an account does not see the region's zones as a, b, c …: a name belongs to an account, and newer accounts do not get
 * every zone (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html names the zones of each
 * region by id). The provider's own tests and examples show these letters.
 */
const lettersOf: Record<string, string> = { "ap-northeast-1": "acd", "ca-central-1": "abd", "us-west-1": "ac" };

/** What an id of a zone begins with (the page above): `use2-az1`. */
const abbreviations: [RegExp, string][] = [
  [/^us-gov-/, "usg"],
  [/central/, "c"],
  [/northeast/, "ne"],
  [/northwest/, "nw"],
  [/southeast/, "se"],
  [/southwest/, "sw"],
  [/north/, "n"],
  [/east/, "e"],
  [/south/, "s"],
  [/west/, "w"],
];

interface Zone {
  name: string;
  id: string;
}

/** Names are what an account may see, the number is the region's own; which zone has which id is the account's, so ids are made up. */
function zonesOf(asked: Asked, region: string): Zone[] {
  const count = regionFacts(Cloud.Aws, region)?.zones ?? 3;
  const letters = lettersOf[region] ?? "abcdef".slice(0, count);
  return Array.from(letters, (letter, at) => ({
    name: `${region}${letter}`,
    id: asked.invent(`${abbreviated(region)}-az${String(at + 1)}`),
  }));
}

function abbreviated(region: string): string {
  const [area = "", ...rest] = region.split("-");
  const [direction = "", number = ""] = region.startsWith("us-gov-") ? rest.slice(1) : rest;
  const short = abbreviations.slice(1).find(([pattern]) => pattern.test(direction))?.[1] ?? direction;
  return `${region.startsWith("us-gov-") ? "usg" : area}${short}${number}`;
}

function availabilityZones(asked: Asked): JsonObject | undefined {
  const { region } = asked;
  if (region === undefined) return undefined;
  const [names, ids] = [new Set(asked.texts("excludeNames")), new Set(asked.texts("excludeZoneIds"))];
  const state = asked.text("state") ?? "available";
  const zones = zonesOf(asked, region).filter(
    (zone) => state === "available" && !names.has(zone.name) && !ids.has(zone.id) && passes(asked, region, zone),
  );
  return {
    ...asked.args,
    id: region,
    region,
    names: zones.map(({ name }) => name),
    zoneIds: zones.map(({ id }) => id),
    groupNames: [region],
  };
}

function availabilityZone(asked: Asked): JsonObject | undefined {
  const region = asked.region ?? asked.text("name")?.replace(/[a-z]$/, "");
  if (region === undefined) return undefined;
  const [named, numbered] = [asked.text("name"), asked.text("zoneId")];
  const zone = zonesOf(asked, region).find(
    ({ name, id }) =>
      (named === undefined || named === name) &&
      (numbered === undefined || numbered === id) &&
      passes(asked, region, { name, id }),
  );
  if (zone === undefined) return undefined;
  return {
    id: zone.name,
    name: zone.name,
    nameSuffix: zone.name.slice(region.length),
    zoneId: zone.id,
    region,
    groupName: region,
    networkBorderGroup: region,
    optInStatus: optInStatus(region),
    parentZoneId: "",
    parentZoneName: "",
    state: "available",
    zoneType: "availability-zone",
  };
}

/** The filters of `DescribeAvailabilityZones` whose answers are known (EC2's API reference names them). One that is not lets pass. */
function passes(asked: Asked, region: string, { name, id }: Zone): boolean {
  const known: Record<string, string> = {
    "group-name": region,
    "opt-in-status": optInStatus(region),
    "region-name": region,
    state: "available",
    "zone-id": id,
    "zone-name": name,
    "zone-type": "availability-zone",
  };
  return filtersOf(asked.args["filters"]).every(
    ([key, values]) => known[key] === undefined || values.includes(known[key]),
  );
}

/** The zones of a region that an account must enable itself say so. */
function optInStatus(region: string): string {
  return regionFacts(Cloud.Aws, region)?.optIn === true ? "opted-in" : "opt-in-not-required";
}

/** Filters as `[name, values]`. */
export function filtersOf(filters: Json | undefined): [string, string[]][] {
  if (!Array.isArray(filters)) return [];
  return filters.flatMap((filter): [string, string[]][] => {
    if (!isObject(filter) || typeof filter["name"] !== "string" || !Array.isArray(filter["values"])) return [];
    return [[filter["name"], filter["values"].filter((value) => typeof value === "string")]];
  });
}

/** Regions that are open to an account by default; all public ones of the partition with `allRegions`. */
function regions(asked: Asked): JsonObject {
  const names = regionsOf(Cloud.Aws)
    .filter(({ region, status }) => status === "public" && !/^(?:cn|us-gov|eusc)-/.test(region))
    .filter(({ optIn }) => asked.args["allRegions"] === true || !optIn)
    .map(({ region }) => region);
  return { ...asked.args, id: asked.partition, names: names.sort() };
}
