import type { DeclaredCapacity } from "./declared";
import { known, mapFact, valueOr, type Fact, type Unknown } from "./fact";
import type { Door } from "./model";

/** One list of pools by which some requests of a door go: the default one, or one that replaces it for some clients. */
export interface Route {
  /** `defaultPools`, `regionPools.WNAM`: the property that holds it. */
  property: string;
  pools: Fact<string[]>;
  isOrdered: boolean;
  /** What decides between them, in Cloudflare's words. */
  steering: Fact<string>;
}

/**
 * The lists of a door. Lists for a region, a country or a data centre are used under geographic steering alone, and failover stays inside of
 * them, in order, until the fallback pool takes what is left
 * (developers.cloudflare.com/load-balancing/understand-basics/traffic-steering/steering-policies/geo-steering).
 */
export function routesOf(door: Door): Route[] {
  const isGeo = valueOr(door.steering, "geo") === "geo";
  const byDefault: Route = {
    property: "defaultPools",
    pools: door.pools,
    isOrdered: door.isOrdered,
    steering: inOrderUnderGeo(door.steering),
  };
  const others = door.overrides.flatMap(({ kind, property, pools, isOrdered }): Route[] => {
    if (kind === "rule") return [{ property, pools, isOrdered, steering: inOrderUnderGeo(door.steering) }];
    return isGeo ? [{ property, pools, isOrdered, steering: known("off") }] : [];
  });
  // An empty list of a rule answers by itself, and an empty one of a region is as if it were not there.
  return [byDefault, ...others.filter(({ pools }) => !pools.known || pools.value.length > 0)];
}

/** Each list is taken in order under geographic steering. */
function inOrderUnderGeo(steering: Fact<string>): Fact<string> {
  return mapFact(steering, (policy) => (policy === "geo" ? "off" : policy));
}

/** How much of the requests on one route each pool gets. */
export interface Shares {
  /** By pool id, 0 to 1: the share, or the most that it may be. Pools that get nothing are left out. */
  shares: ReadonlyMap<string, number>;
  /** Set where a share is the most that it may be because something is not known, and not because clients decide. */
  unknown: Unknown | undefined;
}

/**
 * The share of a route's requests that each pool gets while the edge takes exactly these for healthy, in the route's order. Shares add up
 * to 1 where the steering decides them; otherwise each is the most that the pool may get, so that nothing is called enough by luck: the
 * declared worst share where clients decide, and everything where nobody can tell.
 */
export function sharesOf(
  door: Door,
  route: Route,
  healthy: readonly string[],
  capacity: DeclaredCapacity | undefined,
): Shares {
  const all = (share: number, unknown?: Unknown): Shares => ({
    shares: new Map(healthy.map((id) => [id, share])),
    unknown,
  });
  const { steering } = route;
  const [first] = healthy;
  if (steering.known && steering.value === "random" && door.weights.known)
    return byWeight(door, healthy, door.weights.value);
  if (first === undefined || healthy.length === 1) return all(1);
  if (!steering.known) return all(1, steering);
  if (steering.value === "off") {
    if (route.isOrdered) return { shares: new Map([[first, 1]]), unknown: undefined };
    return all(1, { known: false, urn: door.urn ?? door.id, property: route.property, why: ORDER });
  }
  if (steering.value === "random" && !door.weights.known) return all(1, door.weights);
  // What is left shares evenly at best.
  return all(Math.max((capacity?.worstSharePercent ?? 100) / 100, 1 / healthy.length));
}

const ORDER = "has an order that cannot be told where its pools are known only after an update";

/**
 * What has no weight gets nothing while something else lives. As the last it gets everything from DNS
 * (docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html); Cloudflare documents nothing, so nothing is counted on.
 */
function byWeight({ kind }: Door, pools: readonly string[], weights: Record<string, number>): Shares {
  const own = pools.map((id): [string, number] => [
    id,
    Math.max(0, (Object.hasOwn(weights, id) ? weights[id] : undefined) ?? 1),
  ]);
  const sum = own.reduce((total, [, weight]) => total + weight, 0);
  const shares = own.flatMap(([id, weight]): [string, number][] => {
    if (sum === 0) return kind === "cloudflare" ? [] : [[id, 1 / pools.length]];
    return weight > 0 ? [[id, weight / sum]] : [];
  });
  return { shares: new Map(shares), unknown: undefined };
}
