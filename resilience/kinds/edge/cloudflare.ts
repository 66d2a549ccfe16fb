import { known, mapFact, unknown, Reason, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Door, Kind, Monitor, Need, Origin, Part, Pool, PoolOverride, Surroundings } from "../../model";
import { boolean, list, number, object, text, texts } from "../../reader";
import { referenced, references } from "../../references";
import { originAt } from "../origins";

const BALANCER = "cloudflare:index/loadBalancer:LoadBalancer";
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor";

/** Cloudflare's load balancing. Defaults are those of the provider (registry page of each resource, 6.22.1). */
export const cloudflareKinds: readonly Kind[] = [
  { types: [BALANCER], parts: doorOf },
  { types: [POOL], parts: poolOf },
];

function doorOf(resource: Resource, around: Surroundings): Part[] {
  const { index } = around;
  const pools = references(index, resource, "defaultPools", [POOL]);
  const fallback = referenced(index, resource, "fallbackPool", [POOL]);
  const urns = mapFact(pools, ({ items }) => items.flatMap((item) => item.resources.map(({ urn }) => urn)));
  const fallbackId = mapFact(fallback, ([pool]) => pool?.urn);
  const steering = text(resource, "steeringPolicy");
  const usable = [...new Set([...valueOr(urns, []), ...[valueOr(fallbackId, undefined) ?? []].flat()])];
  const need: Need = { what: "a pool", atLeast: 1, of: usable, ...(urns.known ? {} : { unknown: urns }) };
  const door: Door = {
    role: "door",
    kind: "cloudflare",
    id: resource.urn,
    urn: resource.urn,
    label: valueOr(text(resource, "name"), resource.name) ?? resource.name,
    place: around.placeOf(resource),
    needs: [need],
    hostname: withDefault(text(resource, "name"), resource.name),
    isProxied: withDefault(boolean(resource, "proxied"), false),
    ttlSeconds: withDefault(number(resource, "ttl"), 30),
    steering: mapFact(steering, (policy) => (policy === undefined || policy === "" ? "off" : policy)),
    pools: urns,
    isOrdered: pools.known && pools.value.isOrdered,
    fallback: fallbackId,
    weights: weightsOf(resource, around),
    overrides: overridesOf(resource, around),
    triesOtherPools: withDefault(boolean(resource, "adaptiveRouting.failoverAcrossPools"), false),
    sessionAffinity: withDefault(text(resource, "sessionAffinity"), "none"),
    zeroDowntimeFailover: withDefault(text(resource, "sessionAffinityAttributes.zeroDowntimeFailover"), "none"),
  };
  return [door];
}

function weightsOf(resource: Resource, { index }: Surroundings): Fact<Record<string, number>> {
  return mapFact(object(resource, "randomSteering.poolWeights"), (weights) =>
    Object.fromEntries(
      Object.entries(weights).flatMap(([key, weight]): [string, number][] => {
        const pool = index.named(key).find(({ type }) => type === POOL);
        return pool !== undefined && typeof weight === "number" ? [[pool.urn, weight]] : [];
      }),
    ),
  );
}

const OVERRIDES = [
  ["region", "regionPools"],
  ["country", "countryPools"],
  ["data-centre", "popPools"],
] as const;

function overridesOf(resource: Resource, { index }: Surroundings): PoolOverride[] {
  return OVERRIDES.flatMap(([kind, property]) => {
    const map = object(resource, property);
    return Object.keys(valueOr(map, {})).map((key): PoolOverride => {
      const pools = references(index, resource, `${property}.${key}`, [POOL]);
      return {
        kind,
        key,
        property: `${property}.${key}`,
        pools: mapFact(pools, ({ items }) => items.flatMap((item) => item.resources.map(({ urn }) => urn))),
        isOrdered: pools.known && pools.value.isOrdered,
      };
    });
  });
}

function poolOf(resource: Resource, around: Surroundings): Part[] {
  const minimumOrigins = withDefault(number(resource, "minimumOrigins"), 1);
  const origins = originsOf(resource, around);
  const entries = valueOr(
    mapFact(origins, (all) =>
      all.filter(({ isEnabled }) => valueOr(isEnabled, true)).flatMap((origin) => origin.entries),
    ),
    [],
  );
  const pool: Pool = {
    role: "pool",
    id: resource.urn,
    urn: resource.urn,
    label: valueOr(text(resource, "name"), resource.name) ?? resource.name,
    place: around.placeOf(resource),
    needs: [
      {
        what: "an origin",
        atLeast: Math.max(1, valueOr(minimumOrigins, 1)),
        of: entries,
        ...(origins.known ? {} : { unknown: origins }),
      },
    ],
    name: withDefault(text(resource, "name"), resource.name),
    isEnabled: withDefault(boolean(resource, "enabled"), true),
    origins,
    minimumOrigins,
    monitor: monitorOf(resource, around),
    checkRegions: mapFact(texts(resource, "checkRegions"), (all) => all.flatMap((fact) => valueOr(fact, []))),
    isAnnounced: mapFact(object(resource, "notificationFilter"), (filter) => Object.keys(filter).length > 0),
  };
  return [pool];
}

function originsOf(resource: Resource, around: Surroundings): Fact<Origin[]> {
  return mapFact(list(resource, "origins"), (origins) =>
    origins.map((_, place): Origin => {
      const property = `origins[${String(place)}]`;
      return {
        property,
        address: withDefault(text(resource, `${property}.address`), ""),
        isEnabled: withDefault(boolean(resource, `${property}.enabled`), true),
        weight: withDefault(number(resource, `${property}.weight`), 1),
        entries: originAt(resource, `${property}.address`, around),
      };
    }),
  );
}

function monitorOf(resource: Resource, { index }: Surroundings): Fact<Monitor | undefined> {
  const found = referenced(index, resource, "monitor", [MONITOR]);
  if (!found.known) return found;
  const [monitor] = found.value;
  if (monitor !== undefined) return known(readMonitor(monitor));
  const written = text(resource, "monitor");
  return written.known && written.value !== undefined
    ? unknown(resource.urn, "monitor", Reason.Elsewhere)
    : known(undefined);
}

/** developers.cloudflare.com/load-balancing/monitors/create-monitor, and the defaults of the provider's schema. */
function readMonitor(resource: Resource): Monitor {
  return {
    urn: resource.urn,
    type: withDefault(text(resource, "type"), "http"),
    path: withDefault(text(resource, "path"), "/"),
    expectedCodes: withDefault(text(resource, "expectedCodes"), ""),
    expectedBody: withDefault(text(resource, "expectedBody"), ""),
    followsRedirects: withDefault(boolean(resource, "followRedirects"), false),
    allowsInsecure: withDefault(boolean(resource, "allowInsecure"), false),
    intervalSeconds: withDefault(number(resource, "interval"), 60),
    timeoutSeconds: withDefault(number(resource, "timeout"), 5),
    retries: withDefault(number(resource, "retries"), 2),
    consecutiveDown: withDefault(number(resource, "consecutiveDown"), 0),
  };
}
