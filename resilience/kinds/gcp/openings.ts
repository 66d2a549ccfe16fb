import { chainFact, known, mapFact, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import { boolean, count, property, text } from "../../reader";
import { annotation, ON_SERVICE } from "./annotations";
import { elements } from "./paths";

/**
 * For each type that answers by itself: whether its own address takes requests from outside, permissions apart. Where it does not, there is
 * no such entry.
 */
const openings: Readonly<Record<string, (resource: Resource) => Fact<boolean>>> = {
  "gcp:cloudrunv2/service:Service": (resource) =>
    both(
      mapFact(text(resource, "ingress"), (ingress) => OPEN_INGRESS.has(ingress ?? "")),
      mapFact(boolean(resource, "defaultUriDisabled"), (isOff) => isOff !== true),
    ),
  "gcp:cloudrun/service:Service": (resource) =>
    both(
      mapFact(annotation(resource, ON_SERVICE, "run.googleapis.com/ingress"), (value) => (value ?? "all") === "all"),
      mapFact(annotation(resource, ON_SERVICE, "run.googleapis.com/default-url-disabled"), (isOff) => isOff !== "true"),
    ),
  "gcp:cloudfunctions/function:Function": (resource) =>
    both(isOpenFunction(resource, "ingressSettings"), startsByRequest(resource)),
  "gcp:cloudfunctionsv2/function:Function": (resource) =>
    both(isOpenFunction(resource, "serviceConfig.ingressSettings"), startsByRequest(resource)),
  "gcp:appengine/flexibleAppVersion:FlexibleAppVersion": () => known(true),
  "gcp:appengine/standardAppVersion:StandardAppVersion": () => known(true),
  "gcp:compute/instance:Instance": hasExternalAddress,
  "gcp:compute/instanceFromTemplate:InstanceFromTemplate": hasExternalAddress,
};

/** Whether a resource's own address takes requests from outside; undefined for a type that has none. */
export function openingOf(resource: Resource): Fact<boolean> | undefined {
  return Object.hasOwn(openings, resource.type) ? openings[resource.type]?.(resource) : undefined;
}

/** Open unless it says otherwise (docs.cloud.google.com/run/docs/securing/ingress). */
const OPEN_INGRESS = new Set(["", "INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_UNSPECIFIED"]);

/** Known to be false where either is. */
function both(first: Fact<boolean>, second: Fact<boolean>): Fact<boolean> {
  if ((first.known && !first.value) || (second.known && !second.value)) return known(false);
  return first.known ? second : first;
}

function isOpenFunction(resource: Resource, path: string): Fact<boolean> {
  return mapFact(text(resource, path), (setting) => (setting ?? "ALLOW_ALL") === "ALLOW_ALL");
}

function startsByRequest(resource: Resource): Fact<boolean> {
  return chainFact(withDefault(boolean(resource, "triggerHttp"), false), (isHttp) =>
    isHttp ? known(true) : mapFact(property(resource, "eventTrigger"), (trigger) => trigger === undefined),
  );
}

/** An external address is an access configuration on any of its interfaces, an empty one too. */
function hasExternalAddress(resource: Resource): Fact<boolean> {
  const interfaces = property(resource, "networkInterfaces");
  if (!interfaces.known) return interfaces;
  let answer: Fact<boolean> = known(false);
  for (const path of elements(resource, "networkInterfaces")) {
    const configs = mapFact(count(resource, `${path}.accessConfigs`), (length) => length > 0);
    if (configs.known && configs.value) return configs;
    if (!configs.known) answer = configs;
  }
  return answer;
}
