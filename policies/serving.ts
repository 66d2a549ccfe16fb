import type { Design } from "../resilience/design";
import { Reason, unknown, type Unknown } from "../resilience/fact";
import type { Compute, Door, Entry, Origin, Part, Pool } from "../resilience/model";

/** What answers requests, and what is not known about it. */
export interface Servers {
  /** Computes, and entries outside the design behind which nobody sees: by id. */
  found: (Compute | Entry)[];
  /** Why there may be others. */
  unknowns: Unknown[];
}

/**
 * What answers the requests that come to a part: by way of pools that are enabled, through entries, to the computes behind them. What a
 * compute needs in its turn does not answer. Each part is looked at once, so circles end.
 */
export function serversOf(design: Design, ids: Iterable<string>): Servers {
  const found = new Map<string, Compute | Entry>();
  const unknowns: Unknown[] = [];
  const seen = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = design.parts.get(id);
    if (part === undefined || seen.has(id)) continue;
    seen.add(id);
    if (part.role === "compute" || isOutside(part)) found.set(id, part);
    else if (part.role === "pool") {
      if (!part.isEnabled.known) unknowns.push(part.isEnabled);
      else if (part.isEnabled.value) open.push(...entriesOf(part, unknowns));
    } else {
      for (const need of part.needs) {
        if (need.unknown !== undefined) unknowns.push(need.unknown);
        open.push(...need.of);
      }
    }
  }
  return { found: [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), unknowns: distinct(unknowns) };
}

/** An entry that no resource of the design stands for: an address of somewhere else. */
function isOutside(part: Part): part is Entry {
  return part.role === "entry" && part.urn === null;
}

/** The entries through which requests to a door come to a compute: names of origins, and the ways in that they lead to. */
export function entriesBehind(design: Design, door: Door): Entry[] {
  const found = new Map<string, Entry>();
  const seen = new Set<string>();
  const open = [door.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = design.parts.get(id);
    if (part === undefined || seen.has(id)) continue;
    seen.add(id);
    if (part.role === "entry") found.set(id, part);
    if (part.role !== "compute") open.push(...part.needs.flatMap((need) => need.of));
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Ids of the entries to which a pool sends requests: behind origins that are enabled and weigh something. */
function entriesOf(pool: Pool, unknowns: Unknown[]): string[] {
  if (!pool.origins.known) {
    unknowns.push(pool.origins);
    return [];
  }
  return pool.origins.value.filter(isUsable).flatMap((origin) => {
    if (origin.entries.length > 0) return origin.entries;
    const { urn, id } = pool;
    unknowns.push(
      origin.address.known ? unknown(urn ?? id, `${origin.property}.address`, Reason.Elsewhere) : origin.address,
    );
    return [];
  });
}

/** Whether an origin may get requests. */
export function isUsable({ isEnabled, weight }: Origin): boolean {
  return (!isEnabled.known || isEnabled.value) && (!weight.known || weight.value > 0);
}

function distinct(unknowns: readonly Unknown[]): Unknown[] {
  const byText = new Map(unknowns.map((fact) => [`${fact.urn} ${fact.property}`, fact]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
}

/** The clouds in which servers stand. A place that nobody knows is among `unknowns`, in the form of a fact about its region. */
export function cloudsOf({ found, unknowns }: Servers): { clouds: string[]; unknowns: Unknown[] } {
  const clouds = new Set<string>();
  const missing = [...unknowns];
  for (const { place } of found) {
    if (place.cloud === "other" && !place.region.known) missing.push(place.region);
    else clouds.add(place.cloud);
  }
  return { clouds: [...clouds].sort(), unknowns: distinct(missing) };
}

/** The kinds of doors that choose among pools by themselves. A plain DNS answer or a bare address chooses nothing. */
const STEERED: ReadonlySet<Door["kind"]> = new Set([
  "cloudflare",
  "route53",
  "cloudfront",
  "global-accelerator",
  "gcp-global",
]);

/**
 * The doors that choose among pools: those to which the rules about pools, monitors and steering apply. A record of Route 53 with one
 * target alone chooses nothing.
 */
export function steeredDoors({ doors }: Design): Door[] {
  return doors.filter(({ kind, pools }) => {
    const least = kind === "route53" ? 2 : 1;
    return STEERED.has(kind) && (!pools.known || pools.value.length >= least);
  });
}

/**
 * The doors that clients can use when Cloudflare is gone: names that stand elsewhere. A bare address is told to nobody. The names of origins
 * are no doors at all.
 */
export function doorsOffCloudflare(design: Design): Door[] {
  return design.of("door").filter(({ kind, place }) => place.cloud !== "cloudflare" && kind !== "address");
}

/** The pools behind ids, those that are surely disabled left out. */
export function enabledPools(design: Design, ids: readonly string[]): Pool[] {
  return ids.flatMap((id) => {
    const part = design.parts.get(id);
    return part?.role === "pool" && (!part.isEnabled.known || part.isEnabled.value) ? [part] : [];
  });
}

/**
 * The enabled pools to which a door sends requests by their health: the default ones and those of overrides, each once. None for an edge
 * that fails over request by request instead (CloudFront's origin groups), or inside one cloud by itself (Google's global balancer).
 */
export function healthSteeredPools(design: Design, door: Door): Pool[] {
  if (door.kind === "cloudfront" || door.kind === "gcp-global") return [];
  const lists = [door.pools, ...door.overrides.map(({ pools }) => pools)];
  return enabledPools(design, [...new Set(lists.flatMap((list) => (list.known ? list.value : [])))]);
}

/** The change that serves a hostname from another place too, by what leads to it: `another region`, `Google Cloud`. */
export function alsoFrom(door: Door, hostname: string, where: string): string {
  switch (door.kind) {
    case "address":
      return `put ${hostname} behind a health-checked load balancer that has a pool in ${where} too, or tag it twodoor:serving=false if it serves no client`;
    case "dns":
    case "route53":
      return `add a health-checked record of ${hostname} that leads to an origin in ${where}, or put it behind a load balancer with pools`;
    case "cloudfront":
    case "global-accelerator":
    case "gcp-global":
      return `put a load balancer or DNS records with health checks before it, which lead to ${where} as well`;
    case "cloudflare":
      return `add a pool with an origin in ${where} to the load balancer of ${hostname}`;
  }
}

/** A cloud as people call it. */
export function cloudName(cloud: string): string {
  return NAMES[cloud] ?? "a third provider";
}

const NAMES: Record<string, string | undefined> = { aws: "AWS", gcp: "Google Cloud", cloudflare: "Cloudflare" };
