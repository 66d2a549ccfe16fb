import { allFacts, chainFact, known, mapFact, valueOr, withDefault, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { Entry, Kind, Need, Origin, Part, Pool, Surroundings } from "../../model";
import { boolean, list, number, property, text, texts } from "../../reader";
import { referenced } from "../../references";
import { oncePerGraph } from "../once";
import { originsAt } from "../origins";
import { monitorOf } from "./cloudflare-monitors";
import { CLOUDFLARE_POOL } from "./types";

const ALERT = "cloudflare:index/notificationPolicy:NotificationPolicy";

/**
 * Every region from which Cloudflare probes. `checkRegions` that is not set, and `ALL_REGIONS`, mean all of them: 'Null means every
 * Cloudflare data center' (registry page of `cloudflare.LoadBalancerPool`;
 * developers.cloudflare.com/load-balancing/reference/region-mapping-api).
 */
const CHECK_REGIONS = "WNAM ENAM WEU EEU NSAM SSAM OC ME NAF SAF SAS SEAS NEAS".split(" ");

/** Pools of Cloudflare's load balancing. Defaults are the provider's (registry page of `cloudflare.LoadBalancerPool`, 6.22.1). */
export const cloudflarePoolKinds: readonly Kind[] = [{ types: [CLOUDFLARE_POOL], parts: poolOf }];

function poolOf(resource: Resource, around: Surroundings): Part[] {
  const name = withDefault(text(resource, "name"), resource.name);
  const label = valueOr(name, resource.name);
  const minimumOrigins = withDefault(number(resource, "minimumOrigins"), 1);
  const groups: Entry[] = [];
  const origins = originsOf(resource, label, around, groups);
  const pool: Pool = {
    role: "pool",
    id: resource.urn,
    urn: resource.urn,
    label,
    place: around.placeOf(resource),
    needs: needsOf(origins, minimumOrigins),
    name,
    isEnabled: isEnabled(resource),
    origins,
    minimumOrigins,
    monitor: monitorOf(resource, around),
    checkRegions: checkRegionsOf(resource),
    isAnnounced: isAnnounced(resource, around),
  };
  return [pool, ...groups];
}

/** A pool that sheds everything takes no new request, like one that is off (developers.cloudflare.com/load-balancing/additional-options/load-shedding). */
function isEnabled(resource: Resource): Fact<boolean> {
  const shed = withDefault(number(resource, "loadShedding.defaultPercent"), 0);
  return chainFact(withDefault(boolean(resource, "enabled"), true), (enabled) =>
    enabled ? mapFact(shed, (percent) => percent < 100) : known(false),
  );
}

/** @param groups - takes an entry for each address that leads to several at once, all of which have to be there. */
function originsOf(resource: Resource, label: string, around: Surroundings, groups: Entry[]): Fact<Origin[]> {
  return mapFact(list(resource, "origins"), (written) => {
    const paths = written.map((_, place) => `origins[${String(place)}]`);
    const entries = originsAt(
      resource,
      paths.map((path) => `${path}.address`),
      around,
      [label],
    );
    return paths.map((path, place): Origin => ({
      property: path,
      address: withDefault(text(resource, `${path}.address`), ""),
      isEnabled: withDefault(boolean(resource, `${path}.enabled`), true),
      weight: withDefault(number(resource, `${path}.weight`), 1),
      entries: asOne(resource, path, entries[place] ?? [], around, groups),
    }));
  });
}

function asOne(resource: Resource, path: string, ids: string[], around: Surroundings, groups: Entry[]): string[] {
  if (ids.length < 2) return ids;
  const id = `${resource.urn}#${path}`;
  groups.push({
    role: "entry",
    id,
    urn: resource.urn,
    label: `${path} of ${resource.name}`,
    place: around.placeOf(resource),
    needs: ids.map((each) => ({ what: "each of its addresses", atLeast: 1, of: [each] })),
    isPublic: known(true),
    checks: [],
  });
  return [id];
}

/**
 * A pool is healthy while enough of its enabled origins are, and serves while one of them takes traffic: one with weight 0 is probed and
 * counts, and gets nothing (developers.cloudflare.com/load-balancing/understand-basics/traffic-steering/origin-level-steering).
 */
function needsOf(origins: Fact<Origin[]>, minimumOrigins: Fact<number>): Need[] {
  if (!origins.known) return [{ what: "an origin", atLeast: 1, of: [], unknown: origins }];
  const healthy = origins.value.filter((origin) => valueOr(origin.isEnabled, false));
  const taking = healthy.filter(({ weight }) => valueOr(weight, 0) > 0);
  const unsure = (facts: Fact<unknown>[]): { unknown?: Unknown } => {
    const missing = facts.find((fact) => !fact.known);
    return missing === undefined ? {} : { unknown: missing };
  };
  const enabled = origins.value.map((origin) => origin.isEnabled);
  const need: Need = {
    what: "an origin",
    atLeast: Math.max(1, valueOr(minimumOrigins, healthy.length)),
    of: healthy.flatMap(({ entries }) => entries),
    ...unsure([...enabled, minimumOrigins]),
  };
  if (taking.length === healthy.length) return [need];
  const weights = healthy.map(({ weight }) => weight);
  const of = taking.flatMap(({ entries }) => entries);
  return [need, { what: "an origin that gets traffic", atLeast: 1, of, ...unsure([...enabled, ...weights]) }];
}

function checkRegionsOf(resource: Resource): Fact<string[]> {
  return chainFact(texts(resource, "checkRegions"), (written) =>
    mapFact(allFacts(written), (regions) =>
      regions.length === 0 || regions.includes("ALL_REGIONS") ? [...CHECK_REGIONS] : regions,
    ),
  );
}

/**
 * Whether somebody is told when the pool goes down: by a notification policy for load balancing, which is for all pools unless it names
 * some, or in the older way by an e-mail address of the pool's own (developers.cloudflare.com/notifications/notification-available, Load
 * Balancing Health Alert).
 */
function isAnnounced(resource: Resource, { index }: Surroundings): Fact<boolean> {
  const email = text(resource, "notificationEmail");
  if (!email.known || (email.value !== undefined && email.value !== "")) return mapFact(email, () => true);
  const told = alertsOf(index).map(({ heard, pools }): Fact<boolean> => {
    if (!heard.known || !heard.value) return heard;
    return mapFact(pools, (named) => named === "all" || named.has(resource));
  });
  if (told.some((fact) => fact.known && fact.value)) return known(true);
  return told.find((fact) => !fact.known) ?? known(false);
}

/** What one notification policy for load balancing is about. */
interface PoolAlert {
  /** Whether it is on, and somebody hears of a pool that goes down. */
  heard: Fact<boolean>;
  pools: Fact<ReadonlySet<Resource> | "all">;
}

/** Read once for each graph: a policy may name thousands of pools, and each of them asks. */
const alertsOf = oncePerGraph((index): PoolAlert[] =>
  index.ofType(ALERT).flatMap((policy) => {
    const type = text(policy, "alertType");
    const isOn = withDefault(boolean(policy, "enabled"), true);
    if (!type.known || type.value !== "load_balancing_health_alert" || !valueOr(isOn, true)) return [];
    const filter = property(policy, "filters.poolIds");
    const named = mapFact(
      referenced(index, policy, "filters.poolIds", [CLOUDFLARE_POOL]),
      (pools): ReadonlySet<Resource> => new Set(pools),
    );
    return [
      {
        heard: isOn.known ? hears(policy) : isOn,
        pools: filter.known && filter.value === undefined ? known<"all">("all") : named,
      },
    ];
  }),
);

/** Whether a policy is about pools that go down, and reaches anybody: without a filter it is about every change. */
function hears(policy: Resource): Fact<boolean> {
  const mechanisms = ["emails", "pagerduties", "webhooks"].map((kind) => list(policy, `mechanisms.${kind}`));
  const hidden = mechanisms.find((way) => !way.known);
  if (mechanisms.every((way) => valueOr(way, []).length === 0)) return hidden ?? known(false);
  return chainFact(texts(policy, "filters.newHealths"), (healths) =>
    mapFact(allFacts(healths), (all) => all.length === 0 || all.includes("Unhealthy")),
  );
}
