import { known, unknown, valueOr, withDefault, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Door, Entry, Monitor, Need, Part, Pool, Surroundings } from "../../model";
import { property, text } from "../../reader";
import { isFilesAlone } from "../doors";
import { destinationsOf, SERVICES } from "./routes";
import { backingOf, monitorOf } from "./services";

const GLOBAL_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule";

/**
 * Makes a door of each public global balancer that nothing else leads to: clients ask its one address, and it picks the nearest region that it holds for
 * healthy. The regions behind it are pools. One that stands behind an edge or a DNS policy is an entry of that door and stays what it is. To be
 * called once all kinds and all other doors have spoken.
 */
export function addGlobalDoors(parts: Map<string, Part>, around: Surroundings): void {
  const all = [...parts.values()];
  // Where a door or a pool does not know what it leads to, it may lead here.
  const isOpen = all.some(
    ({ role, needs }) => (role === "door" || role === "pool") && needs.some((need) => need.unknown !== undefined),
  );
  if (isOpen) return;
  const ledTo = new Set(all.flatMap(({ needs }) => needs.flatMap(({ of }) => of)));
  for (const rule of around.index.ofType(GLOBAL_RULE)) {
    const entry = parts.get(rule.urn);
    if (entry?.role !== "entry" || ledTo.has(entry.id) || (entry.isPublic.known && !entry.isPublic.value)) continue;
    if (isFilesAlone(entry, parts)) continue;
    for (const part of doorWithPools(rule, entry, parts, around)) parts.set(part.id, part);
  }
}

function doorWithPools(rule: Resource, entry: Entry, parts: ReadonlyMap<string, Part>, around: Surroundings): Part[] {
  const services = destinationsOf(rule, around).resources.filter(({ type }) => SERVICES.includes(type));
  const monitor = watcherOf(services, around);
  const regions = regionsBehind(entry, parts);
  const pools = [...regions.keys()].sort().map((region): Pool => poolOf(entry, region, regions, monitor));
  const ids = pools.map(({ id }) => id);
  const missing = entry.needs.find((need) => need.unknown !== undefined)?.unknown;
  const needs: Need[] = [
    { what: "the load balancer", atLeast: 1, of: [entry.id] },
    { what: "a region", atLeast: 1, of: ids, ...(missing === undefined ? {} : { unknown: missing }) },
  ];
  const door: Door = {
    role: "door",
    kind: "gcp-global",
    id: `${entry.id}#door`,
    urn: entry.urn,
    label: entry.label,
    place: entry.place,
    needs,
    hostname: known(entry.label),
    // One anycast address that stays the same whichever region answers.
    isProxied: known(true),
    ttlSeconds: known(0),
    steering: known("proximity"),
    pools: missing ?? known(ids),
    isOrdered: false,
    fallback: known(undefined),
    weights: known({}),
    overrides: [],
    // A request that meets no answer is tried once more, at another backend (docs.cloud.google.com/load-balancing/docs/https/request-distribution).
    triesOtherPools: known(true),
    sessionAffinity: affinityOf(services),
    zeroDowntimeFailover: known("temporary"),
  };
  return [door, ...pools];
}

/** The computes behind an entry by their region; those of a region that is not known are together under its property. */
function regionsBehind(entry: Entry, parts: ReadonlyMap<string, Part>): Map<string, Compute[]> {
  const regions = new Map<string, Compute[]>();
  for (const id of new Set(entry.needs.flatMap(({ of }) => of))) {
    const part = parts.get(id);
    if (part?.role !== "compute") continue;
    const { region } = part.place;
    const name = region.known ? region.value : `${region.property} of ${part.label}`;
    regions.set(name, [...(regions.get(name) ?? []), part]);
  }
  return regions;
}

function poolOf(
  entry: Entry,
  region: string,
  regions: ReadonlyMap<string, Compute[]>,
  monitor: Fact<Monitor | undefined>,
): Pool {
  const here = new Set((regions.get(region) ?? []).map(({ id }) => id));
  const needs = entry.needs
    .map((need): Need => ({ what: need.what, atLeast: 1, of: need.of.filter((id) => here.has(id)) }))
    .filter(({ of }) => of.length > 0);
  return {
    role: "pool",
    id: `${entry.id}#${region}`,
    urn: entry.urn,
    label: region,
    place: entry.place,
    needs,
    name: known(region),
    isEnabled: known(true),
    origins: known([
      {
        property: "target",
        address: known(region),
        isEnabled: known(true),
        weight: known(1),
        entries: [...here].sort(),
      },
    ]),
    minimumOrigins: known(1),
    monitor,
    checkRegions: known([]),
    isAnnounced: known(false),
  };
}

/** The slowest eye over the services behind it; none where one of them is not watched. */
function watcherOf(services: readonly Resource[], around: Surroundings): Fact<Monitor | undefined> {
  let slowest: Monitor | undefined;
  for (const service of services) {
    if (!backingOf(service, around).isWatched) return known(undefined);
    const found = monitorOf(service, around);
    if (!found.known) return found;
    const monitor = found.value ?? passive(service);
    if (slowest === undefined || slownessOf(monitor) > slownessOf(slowest)) slowest = monitor;
  }
  return known(slowest);
}

/** Seconds until a silent region counts as gone; what is not known is slower than anything. */
function slownessOf({ intervalSeconds, timeoutSeconds, consecutiveDown }: Monitor): number {
  return (
    valueOr(intervalSeconds, Infinity) * Math.max(1, valueOr(consecutiveDown, Infinity)) +
    valueOr(timeoutSeconds, Infinity)
  );
}

/** Health that is told by answers (outlier detection) or by Cloud Run itself: how fast, Google does not promise. */
function passive(service: Resource): Monitor {
  const outliers = property(service, "outlierDetection");
  const path = outliers.known && outliers.value === undefined ? "backends" : "outlierDetection";
  const when: Unknown = unknown(
    service.urn,
    path,
    "tells a failing region by its answers, and nobody promises how fast",
  );
  return {
    urn: service.urn,
    type: known("passive"),
    path: known(""),
    expectedCodes: known(""),
    expectedBody: known(""),
    followsRedirects: known(false),
    allowsInsecure: known(true),
    intervalSeconds: when,
    timeoutSeconds: when,
    retries: known(0),
    consecutiveDown: known(0),
  };
}

/** In the edge's words: a cookie of the balancer, or the client's address. */
function affinityOf(services: readonly Resource[]): Fact<string> {
  for (const service of services) {
    const affinity = withDefault(text(service, "sessionAffinity"), "NONE");
    if (!affinity.known) return affinity;
    if (affinity.value !== "NONE" && affinity.value !== "") {
      return known(affinity.value.startsWith("CLIENT_IP") ? "ip_cookie" : "cookie");
    }
  }
  return known("none");
}
