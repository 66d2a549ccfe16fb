import type { DeclaredPool } from "../../declared";
import { chainFact, known, mapFact, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Door, Kind, Need, Part, Surroundings } from "../../model";
import { boolean, number, object, text } from "../../reader";
import { proxiedIn } from "./cloudflare-names";
import { hostOf } from "./hosts";
import { foreignPools, hasPlaces, overridesOf, poolAt, poolsAt, type PoolList } from "./pool-lists";
import { CLOUDFLARE_BALANCER, CLOUDFLARE_POOL } from "./types";

/**
 * Load balancers of Cloudflare. Defaults are the provider's (registry page of `cloudflare.LoadBalancer`, 6.22.1), steering is described at
 * developers.cloudflare.com/load-balancing/understand-basics/traffic-steering/steering-policies.
 */
export const cloudflareBalancerKinds: readonly Kind[] = [{ types: [CLOUDFLARE_BALANCER], parts: cloudflareDoorParts }];

/** The door that a load balancer is, with a stand-in for each of its pools that is made elsewhere. */
export function cloudflareDoorParts(resource: Resource, around: Surroundings): Part[] {
  const hostname = mapFact(withDefault(text(resource, "name"), resource.name), hostOf);
  const pools = inDeclaredOrder(poolsAt(resource, "defaultPools", around), hostname, around);
  const fallback = poolAt(resource, "fallbackPool", around);
  const overrides = overridesOf(resource, around);
  const ids = mapFact(pools, (list) => list.ids);
  const door: Door = {
    role: "door",
    kind: "cloudflare",
    id: resource.urn,
    urn: resource.urn,
    label: valueOr(hostname, resource.name),
    place: around.placeOf(resource),
    needs: [...enabledNeed(resource), poolNeed(ids, fallback)],
    hostname,
    isProxied: proxiedIn(around.index, resource),
    ttlSeconds: withDefault(number(resource, "ttl"), 30),
    steering: steeringOf(resource),
    pools: ids,
    isOrdered: pools.known && pools.value.isOrdered,
    fallback,
    weights: weightsOf(resource, valueOr(ids, []), hostname, around),
    overrides,
    triesOtherPools: withDefault(boolean(resource, "adaptiveRouting.failoverAcrossPools"), false),
    sessionAffinity: withDefault(text(resource, "sessionAffinity"), "none"),
    zeroDowntimeFailover: withDefault(text(resource, "sessionAffinityAttributes.zeroDowntimeFailover"), "none"),
  };
  const named = [ids, ...overrides.map((override) => override.pools)].flatMap((fact) => valueOr(fact, []));
  return [door, ...foreignPools(resource, [...named, valueOr(fallback, undefined) ?? ""], around)];
}

/** A balancer that is off answers nobody: records of its name do, or nothing (developers.cloudflare.com/load-balancing/load-balancers/dns-records). */
function enabledNeed(resource: Resource): Need[] {
  const isEnabled = withDefault(boolean(resource, "enabled"), true);
  if (isEnabled.known && isEnabled.value) return [];
  return [
    {
      what: "a load balancer that is enabled",
      atLeast: 1,
      of: [],
      ...(isEnabled.known ? {} : { unknown: isEnabled }),
    },
  ];
}

function poolNeed(pools: Fact<string[]>, fallback: Fact<string | undefined>): Need {
  const last = valueOr(fallback, undefined);
  const of = [...new Set([...valueOr(pools, []), ...(last === undefined ? [] : [last])])];
  const unknown = pools.known ? (fallback.known ? undefined : fallback) : pools;
  return { what: "a pool", atLeast: 1, of, ...(unknown === undefined ? {} : { unknown }) };
}

/** Without a policy it is `geo` where pools are named for places, otherwise `off`. */
function steeringOf(resource: Resource): Fact<string> {
  return chainFact(text(resource, "steeringPolicy"), (policy) =>
    policy === undefined || policy === ""
      ? mapFact(hasPlaces(resource), (isByPlace) => (isByPlace ? "geo" : "off"))
      : known(policy),
  );
}

/**
 * The order that somebody declared, where the recorder knows only which pools they are: ids are known after an update, and a property that
 * depends on four pools does not say which of them is first. It counts only if it names each pool.
 */
function inDeclaredOrder(pools: Fact<PoolList>, hostname: Fact<string>, around: Surroundings): Fact<PoolList> {
  if (!pools.known || pools.value.isOrdered) return pools;
  const { ids } = pools.value;
  const ordered = declaredPools(hostname, around).flatMap(({ name }) => poolNamed(ids, name, around) ?? []);
  const isWhole = new Set(ordered).size === ids.length && ordered.length === ids.length;
  return isWhole ? known({ ids: ordered, isOrdered: true }) : pools;
}

/**
 * Weights by pool, the default one for those that are not named. In a program the keys are ids, and the whole map is known only after an
 * update: then it is what was declared, if every pool has a declared weight.
 */
function weightsOf(
  resource: Resource,
  ids: readonly string[],
  hostname: Fact<string>,
  around: Surroundings,
): Fact<Record<string, number>> {
  const written = object(resource, "randomSteering.poolWeights");
  const byDefault = withDefault(number(resource, "randomSteering.defaultWeight"), 1);
  if (!written.known) {
    const settings = [...declaredWeights(hostname, around)].map(([name, weight]) => ({ name, weight }));
    const declared = [...declaredPools(hostname, around), ...settings].flatMap(
      ({ name, weight }): [string, number][] => {
        const id = poolNamed(ids, name, around);
        return id === undefined || weight === undefined ? [] : [[id, weight]];
      },
    );
    const known_ = new Map(declared);
    return ids.length > 0 && ids.every((id) => known_.has(id)) ? known(Object.fromEntries(declared)) : written;
  }
  const own = new Map<string, number>();
  for (const key of Object.keys(written.value)) {
    const weight = number(resource, `randomSteering.poolWeights.${key}`);
    if (!weight.known) return weight;
    const pool = around.index.named(key).find(({ type }) => type === CLOUDFLARE_POOL);
    if (pool !== undefined && weight.value !== undefined) own.set(pool.urn, weight.value);
  }
  return mapFact(byDefault, (weight) => Object.fromEntries(ids.map((id) => [id, own.get(id) ?? weight])));
}

function declaredPools(hostname: Fact<string>, { declared }: Surroundings): readonly DeclaredPool[] {
  return hostname.known ? (declared.hostnames.get(hostname.value)?.pools ?? []) : [];
}

function declaredWeights(hostname: Fact<string>, { declared }: Surroundings): ReadonlyMap<string, number> {
  return (hostname.known ? declared.hostnames.get(hostname.value)?.weights : undefined) ?? new Map();
}

/** The only pool of that name: its own, its resource's, or the end of one of them after a `-`. */
function poolNamed(ids: readonly string[], name: string, { index }: Surroundings): string | undefined {
  const namesOf = (id: string): string[] => {
    const resource = index.byUrn.get(id);
    if (resource === undefined) return [];
    const own = valueOr(text(resource, "name"), undefined);
    return own === undefined ? [resource.name] : [own, resource.name];
  };
  const exact = ids.filter((id) => namesOf(id).includes(name));
  const found = exact.length > 0 ? exact : ids.filter((id) => namesOf(id).some((own) => own.endsWith(`-${name}`)));
  return found.length === 1 ? found[0] : undefined;
}
