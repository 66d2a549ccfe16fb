import type { Design } from "../resilience/design";
import type { Unknown } from "../resilience/fact";
import type { Resource } from "../resilience/graph";
import { dependedOn, linked } from "../resilience/kinds/gcp/links";
import type { Surroundings } from "../resilience/model";
import { placeOf } from "../resilience/places";

const HTTPS = [
  "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
  "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy",
  "gcp:compute/targetSSLProxy:TargetSSLProxy",
];
const PLAIN = [
  "gcp:compute/targetHttpProxy:TargetHttpProxy",
  "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy",
];
const URL_MAPS = ["gcp:compute/uRLMap:URLMap", "gcp:compute/regionUrlMap:RegionUrlMap"];
const BACKENDS = ["gcp:compute/backendService:BackendService", "gcp:compute/regionBackendService:RegionBackendService"];

/** Files, which a URL map may send requests to as well; nothing about them is asked here. */
const BUCKETS = ["gcp:compute/backendBucket:BackendBucket", "gcp:compute/regionBackendBucket:RegionBackendBucket"];

/** The way of requests through a Google load balancer, as far as its forwarding rule leads to proxies. */
export interface Routes {
  proxies: Route[];
  /** What is not known about the way to the proxies. */
  unknowns: Unknown[];
}

/** One proxy of a forwarding rule, and where it sends requests. */
export interface Route {
  proxy: Resource;
  /** Whether clients speak TLS to it. */
  isTls: boolean;
  urlMaps: Resource[];
  backends: Resource[];
  unknowns: Unknown[];
}

/** What a query about Google's resources looks at beside one. */
export function aroundOf({ index, declared }: Design): Surroundings {
  return { index, declared, placeOf: (resource) => placeOf(index, resource) };
}

/** The way of requests from a forwarding rule. Without proxies where packets are passed through to the machines. */
export function routesOf(design: Design, rule: Resource): Routes {
  const around = aroundOf(design);
  const proxies = linked(rule, "target", [...HTTPS, ...PLAIN], around);
  if (!proxies.known) return { proxies: [], unknowns: [proxies] };
  return { proxies: proxies.value.map((proxy) => routeOf(proxy, around)), unknowns: [] };
}

function routeOf(proxy: Resource, around: Surroundings): Route {
  const isTls = HTTPS.includes(proxy.type);
  const direct = linked(proxy, "backendService", BACKENDS, around);
  const maps = linked(proxy, "urlMap", URL_MAPS, around);
  if (!maps.known) return { proxy, isTls, urlMaps: [], backends: [], unknowns: [maps] };
  const found = maps.value.map((map) => {
    const first = linked(map, "defaultService", [...BACKENDS, ...BUCKETS], around);
    return { first, others: dependedOn(map, "pathMatchers", BACKENDS, around) };
  });
  const backends = [direct, ...found.map(({ first }) => first)].flatMap((fact) => (fact.known ? fact.value : []));
  return {
    proxy,
    isTls,
    urlMaps: maps.value,
    backends: [...new Set([...backends, ...found.flatMap(({ others }) => others)])].filter(isBackend),
    unknowns: found.flatMap(({ first }) => (first.known ? [] : [first])),
  };
}

function isBackend({ type }: Resource): boolean {
  return BACKENDS.includes(type);
}
