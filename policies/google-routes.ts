import type { Design } from "../resilience/design";
import type { Unknown } from "../resilience/fact";
import type { Resource } from "../resilience/graph";
import { linked } from "../resilience/kinds/gcp/links";
import { destinationsOf, SERVICES } from "../resilience/kinds/gcp/routes";
import type { Surroundings } from "../resilience/model";
import { placeOf } from "../resilience/places";

const HTTPS = [
  "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
  "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy",
  "gcp:compute/targetSSLProxy:TargetSSLProxy",
];
const HTTP = ["gcp:compute/targetHttpProxy:TargetHttpProxy", "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy"];
const TCP = ["gcp:compute/targetTCPProxy:TargetTCPProxy", "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy"];

/** The way of requests through a Google load balancer. */
export interface Routes {
  /** What clients connect to, with how it speaks. None where packets are passed through to the machines. */
  proxies: { proxy: Resource; speaks: "tls" | "http" | "tcp" }[];
  /** The backend services that get requests. */
  backends: Resource[];
  unknowns: Unknown[];
}

/** What a query about Google's resources looks at beside one. */
export function aroundOf({ index, declared }: Design): Surroundings {
  return { index, declared, placeOf: (resource) => placeOf(index, resource) };
}

/** The way of requests from a forwarding rule. */
export function routesOf(rule: Resource, around: Surroundings): Routes {
  const proxies = linked(rule, "target", [...HTTPS, ...HTTP, ...TCP], around);
  const { resources, missing } = destinationsOf(rule, around);
  return {
    proxies: proxies.known ? proxies.value.map((proxy) => ({ proxy, speaks: languageOf(proxy) })) : [],
    backends: resources.filter(({ type }) => SERVICES.includes(type)),
    unknowns: missing === undefined ? [] : [missing],
  };
}

function languageOf({ type }: Resource): "tls" | "http" | "tcp" {
  if (HTTPS.includes(type)) return "tls";
  return HTTP.includes(type) ? "http" : "tcp";
}
