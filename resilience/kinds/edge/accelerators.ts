import { known, mapFact, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Door, Kind, Monitor, Need, Part, Pool, PoolOverride, Surroundings } from "../../model";
import { boolean, list, number, text } from "../../reader";
import { referenced } from "../../references";
import { oncePerGraph, push } from "../once";
import { originsAt } from "../origins";
import { lists, neverAlive } from "./door-parts";
import { hostOf } from "./hosts";
import { CHECKING_REGIONS, targetsOwn } from "./route53-health";
import { ACCELERATOR } from "./types";
import { withoutAffinity } from "../defaults";

const LISTENER = "aws:globalaccelerator/listener:Listener";
const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
/** The highest weight of an endpoint; the default is 128 (docs.aws.amazon.com/global-accelerator/latest/api/API_EndpointConfiguration.html). */
const WEIGHT_MAX = 255;

/** Standard accelerators of Global Accelerator. Custom routing leads each client to one machine, and is not understood. */
export const acceleratorKinds: readonly Kind[] = [
  { types: [ACCELERATOR], parts: acceleratorParts },
  { types: [LISTENER, GROUP], parts: () => [] },
];

/**
 * The door that an accelerator is, with a pool for each endpoint group. Clients keep two addresses for ever, and each is led to the nearest
 * group that is healthy (docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups.html). Listeners have groups of their own:
 * the one for HTTPS is the door, the others are overrides.
 */
export function acceleratorParts(resource: Resource, around: Surroundings): Part[] {
  const listeners = (listenersOf(around.index).get(resource.urn) ?? []).map((listener) => ({
    listener,
    pools: (groupsOf(around.index).get(listener.urn) ?? []).map((group) => poolOf(group, around)),
  }));
  const main = listeners.find(({ listener }) => listensTo(listener, 443)) ?? listeners[0];
  if (main === undefined) return [];
  const others = listeners.filter((each) => each !== main);
  const hostname = mapFact(withDefault(text(resource, "dnsName"), resource.name), hostOf);
  const door: Door = {
    role: "door",
    kind: "global-accelerator",
    id: resource.urn,
    urn: resource.urn,
    label: valueOr(hostname, resource.name),
    place: around.placeOf(resource),
    needs: [
      ...neverAlive(withDefault(boolean(resource, "enabled"), true), "an accelerator that is enabled"),
      ...listeners.flatMap(({ pools }): Need[] => lists(pools, "proximity")),
    ],
    hostname,
    isProxied: known(true),
    ttlSeconds: known(0),
    steering: known("proximity"),
    pools: known(main.pools.map(({ id }) => id)),
    isOrdered: false,
    fallback: known(undefined),
    weights: known({}),
    overrides: others.map(({ listener, pools }): PoolOverride => ({
      kind: "rule",
      key: listener.name,
      property: "portRanges",
      pools: known(pools.map(({ id }) => id)),
      isOrdered: false,
    })),
    triesOtherPools: known(false),
    ...withoutAffinity,
  };
  return [door, ...listeners.flatMap(({ pools }) => pools)];
}

const listenersOf = oncePerGraph((index) => usersOf(index, LISTENER, "acceleratorArn", ACCELERATOR));
const groupsOf = oncePerGraph((index) => usersOf(index, GROUP, "listenerArn", LISTENER));

function usersOf(index: GraphIndex, type: string, property: string, of: string): Map<string, Resource[]> {
  const users = new Map<string, Resource[]>();
  for (const user of index.ofType(type)) {
    for (const { urn } of valueOr(referenced(index, user, property, [of]), [])) push(users, urn, user);
  }
  return users;
}

function listensTo(listener: Resource, port: number): boolean {
  return valueOr(list(listener, "portRanges"), []).some((_, place) => {
    const from = number(listener, `portRanges[${String(place)}].fromPort`);
    const to = number(listener, `portRanges[${String(place)}].toPort`);
    return from.known && to.known && (from.value ?? 0) <= port && port <= (to.value ?? 0);
  });
}

function poolOf(group: Resource, around: Surroundings): Pool {
  const endpoints = list(group, "endpointConfigurations");
  const paths = valueOr(endpoints, []).map((_, place) => `endpointConfigurations[${String(place)}]`);
  const entries = originsAt(
    group,
    paths.map((path) => `${path}.endpointId`),
    around,
    [group.name],
  );
  const origins = paths.map((path, place) => ({
    property: path,
    address: withDefault(text(group, `${path}.endpointId`), ""),
    isEnabled: known(true),
    weight: mapFact(withDefault(number(group, `${path}.weight`), 128), (weight) => weight / WEIGHT_MAX),
    entries: entries[place] ?? [],
  }));
  const taking = origins.filter(({ weight }) => valueOr(weight, 1) > 0).flatMap((origin) => origin.entries);
  const dial = withDefault(number(group, "trafficDialPercentage"), 100);
  return {
    role: "pool",
    id: group.urn,
    urn: group.urn,
    label: group.name,
    place: around.placeOf(group),
    needs: [{ what: "an endpoint", atLeast: 1, of: taking, ...(endpoints.known ? {} : { unknown: endpoints }) }],
    name: known(group.name),
    isEnabled: mapFact(dial, (percent) => percent > 0),
    origins: endpoints.known ? known(origins) : endpoints,
    minimumOrigins: known(1),
    monitor: known(monitorOf(group, taking, around.index)),
    checkRegions: known([...CHECKING_REGIONS]),
    isAnnounced: known(false),
  };
}

/**
 * docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups-health-check-options.html: behind a balancer its own checks decide,
 * otherwise the group's, made by Route 53's checkers; defaults of API_EndpointGroup.
 */
function monitorOf(group: Resource, entries: readonly string[], index: GraphIndex): Monitor {
  const isBalancer = entries.some((id) => /\/loadBalancer:/.test(index.byUrn.get(id)?.type ?? ""));
  if (isBalancer) return targetsOwn(group.urn, "endpointConfigurations");
  const type: Fact<string> = mapFact(withDefault(text(group, "healthCheckProtocol"), "TCP"), (each) =>
    each.toLowerCase(),
  );
  return {
    urn: group.urn,
    type,
    path: withDefault(text(group, "healthCheckPath"), "/"),
    expectedCodes: known("200-399"),
    expectedBody: known(""),
    followsRedirects: known(false),
    allowsInsecure: known(true),
    intervalSeconds: withDefault(number(group, "healthCheckIntervalSeconds"), 30),
    timeoutSeconds: mapFact(type, (each) => (each === "tcp" ? 10 : 6)),
    retries: known(0),
    consecutiveDown: withDefault(number(group, "thresholdCount"), 3),
  };
}
