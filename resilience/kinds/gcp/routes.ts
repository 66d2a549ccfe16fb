import { known, valueOr, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Surroundings } from "../../model";
import { list, number, property, text } from "../../reader";
import { referenced } from "../../references";
import { linked, together, type Links } from "./links";
import { elements } from "./paths";

/** Proxies and passthrough targets by scope, with the property by which each goes on. */
const BY_MAP: readonly string[] = [
  "gcp:compute/targetHttpProxy:TargetHttpProxy",
  "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
  "gcp:compute/targetGrpcProxy:TargetGrpcProxy",
  "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy",
  "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy",
];
const BY_SERVICE: readonly string[] = [
  "gcp:compute/targetSSLProxy:TargetSSLProxy",
  "gcp:compute/targetTCPProxy:TargetTCPProxy",
  "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy",
];
const MAPS = ["gcp:compute/uRLMap:URLMap", "gcp:compute/regionUrlMap:RegionUrlMap"];
/** Type token of a pool of machines behind a passthrough balancer of the old kind. */
export const TARGET_POOL = "gcp:compute/targetPool:TargetPool";
/** Type token of a single machine as a target. */
export const TARGET_INSTANCE = "gcp:compute/targetInstance:TargetInstance";
/** Type token of what Private Service Connect offers to others. */
export const ATTACHMENT = "gcp:compute/serviceAttachment:ServiceAttachment";
/** Types of backend services, which share requests out over groups. */
export const SERVICES: readonly string[] = [
  "gcp:compute/backendService:BackendService",
  "gcp:compute/regionBackendService:RegionBackendService",
];
/** Types of backend buckets. */
export const BUCKET_BACKENDS: readonly string[] = [
  "gcp:compute/backendBucket:BackendBucket",
  "gcp:compute/regionBackendBucket:RegionBackendBucket",
];
const TARGETS = [...BY_MAP, ...BY_SERVICE, TARGET_POOL, TARGET_INSTANCE, ATTACHMENT];
const DESTINATIONS = [...SERVICES, ...BUCKET_BACKENDS];

/** Types on the way from a forwarding rule to what answers, which are read on that way. */
export const ROUTE_TYPES: readonly string[] = [...TARGETS, ...MAPS, ...DESTINATIONS];

/** Where a forwarding rule leads: backend services, backend buckets, or a target that stands for machines. */
export function destinationsOf(rule: Resource, around: Surroundings): Links {
  const direct = linked(rule, "backendService", SERVICES, around);
  if (!direct.known || direct.value.length > 0) return together([direct]);
  const targets = linked(rule, "target", TARGETS, around);
  if (!targets.known) return together([targets]);
  return joined(targets.value.map((target) => beyondTarget(target, around)));
}

function beyondTarget(target: Resource, around: Surroundings): Links {
  if (BY_SERVICE.includes(target.type)) return together([linked(target, "backendService", SERVICES, around)]);
  if (!BY_MAP.includes(target.type)) return { resources: [target], missing: undefined };
  const maps = linked(target, "urlMap", MAPS, around);
  if (!maps.known) return together([maps]);
  return joined(maps.value.map((map) => throughMap(map, around)));
}

function joined(all: readonly Links[]): Links {
  return {
    resources: [...new Set(all.flatMap(({ resources }) => resources))],
    missing: all.find((each) => each.missing !== undefined)?.missing,
  };
}

/**
 * Everything that a map sends requests to: its default, each matcher's default, each rule. A redirect leads nowhere, a mirror is not waited for. Where
 * matchers are not known, all that they depend on counts.
 */
function throughMap(map: Resource, around: Surroundings): Links {
  const matchers = list(map, "pathMatchers");
  if (!matchers.known) {
    return joined([
      action(map, "default", around),
      together([referenced(around.index, map, "pathMatchers", DESTINATIONS)]),
    ]);
  }
  const within = elements(map, "pathMatchers").flatMap((matcher) => [
    action(map, `${matcher}.default`, around),
    ...["pathRules", "routeRules"].flatMap((kind) =>
      elements(map, `${matcher}.${kind}`).map((rule) => action(map, `${rule}.`, around)),
    ),
  ]);
  return joined([action(map, "default", around), ...within]);
}

/** What one action does: `defaultService`, `pathMatchers[0].defaultRouteAction…`, `pathMatchers[0].pathRules[1].service`. */
function action(map: Resource, prefix: string, around: Surroundings): Links {
  const at = (name: string): string =>
    prefix.endsWith("default") ? `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}` : `${prefix}${name}`;
  const services = linked(map, at("service"), DESTINATIONS, around);
  const path = `${at("routeAction")}.weightedBackendServices`;
  const weighted = elements(map, path).map((element) => weightedService(map, element, around));
  const whole = property(map, path);
  const hidden: Fact<Resource[]>[] = whole.known ? [] : [referenced(around.index, map, path, DESTINATIONS)];
  return together([services, ...weighted, ...hidden]);
}

/** A service with weight 0 gets nothing. The API's default weight is 0 too, but the provider asks for one. */
function weightedService(map: Resource, element: string, around: Surroundings): Fact<Resource[]> {
  const weight = valueOr(number(map, `${element}.weight`), undefined);
  return weight === 0 ? known([]) : linked(map, `${element}.backendService`, DESTINATIONS, around);
}

/**
 * Whether a rule leads requests to something that answers. One that only redirects does not, nor one that belongs to a VPN or to Google's own APIs;
 * where it is not known, it does.
 */
export function isBalancer(rule: Resource, around: Surroundings): boolean {
  const { resources, missing } = destinationsOf(rule, around);
  if (resources.length > 0) return true;
  if (missing === undefined) return false;
  const target = text(rule, "target");
  return !(target.known && missing.urn === rule.urn && NO_BALANCER.test(target.value ?? ""));
}

/** Targets by text that stand for no balancer: bundles of Google's APIs, and gateways of a VPN. */
const NO_BALANCER = /^(?:all-apis|vpc-sc)$|\/targetVpnGateways\//;
