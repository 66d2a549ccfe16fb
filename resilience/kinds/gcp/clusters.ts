import { allFacts, chainFact, known, mapFact, unknown, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Place, Surroundings } from "../../model";
import { boolean, number, property, texts } from "../../reader";
import { keyAt } from "./dependencies";
import { linked } from "./links";
import { placeBy, spotOf } from "./locations";
import { untoldRollout } from "../defaults";

const CLUSTER = "gcp:container/cluster:Cluster";
/** Type token of a node pool. */
export const NODE_POOL = "gcp:container/nodePool:NodePool";

/**
 * Nodes of GKE. What runs keeps running while the cluster's control plane is gone, so that nodes do not need it. A cluster is a part only where it brings
 * nodes of its own: Autopilot, or a first pool that is not removed.
 */
export const clusterKinds: readonly Kind[] = [
  { types: [NODE_POOL], parts: poolOf },
  { types: [CLUSTER], parts: clusterOf },
];

function poolOf(resource: Resource, around: Surroundings): Part[] {
  const cluster = valueOr(linked(resource, "cluster", [CLUSTER], around), [])[0];
  const place = nodePlace([resource, ...(cluster === undefined ? [] : [cluster])], around);
  return [nodes(resource, place, sizeOf(resource, place, ""), around)];
}

function clusterOf(resource: Resource, around: Surroundings): Part[] {
  const place = nodePlace([resource], around);
  const isAutopilot = valueOr(withDefault(boolean(resource, "enableAutopilot"), false), true);
  if (isAutopilot) {
    const minimum = unknown(
      resource.urn,
      "enableAutopilot",
      "is on: how many run is written in the cluster, not in this design",
    );
    return [nodes(resource, place, { minimum, maximum: minimum }, around)];
  }
  if (valueOr(withDefault(boolean(resource, "removeDefaultNodePool"), false), false)) return [];
  const pools = property(resource, "nodePools");
  // Pools that stand in the cluster itself are added up by nobody but the cluster: the first is what it begins with.
  const prefix = pools.known && pools.value !== undefined ? "nodePools[0]." : "";
  return [nodes(resource, place, sizeOf(resource, place, prefix), around)];
}

function nodes(
  resource: Resource,
  place: Place,
  size: Pick<Compute, "minimum" | "maximum">,
  around: Surroundings,
): Compute {
  return {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: [],
    unit: "node",
    ...size,
    dependencies: keyAt(resource, "nodeConfig.bootDiskKmsKey", around),
    rollout: untoldRollout,
    texts: known([]),
  };
}

/** The zones of nodes: of the pool, else of its cluster, else the zone that is the location; a region alone leaves three of its zones to Google. */
function nodePlace(sources: readonly Resource[], around: Surroundings): Place {
  const [first, second] = sources;
  if (first === undefined) throw new Error("a place is that of something");
  const holder = second !== undefined && isUnset(first, "location") ? second : first;
  const place = placeBy(holder, "location", around);
  for (const source of sources) {
    if (isUnset(source, "nodeLocations")) continue;
    const zones = chainFact(texts(source, "nodeLocations"), (names) =>
      mapFact(allFacts(names), (all) => [...new Set(all.flatMap((name) => spotOf(name).zones))].sort()),
    );
    // A zonal cluster names its further zones beside that of its control plane; a pool names all of its own.
    const besides = source.type === CLUSTER ? valueOr(place.zones, []) : [];
    return { ...place, zones: mapFact(zones, (all) => [...new Set([...all, ...besides])].sort()) };
  }
  return place;
}

function isUnset(resource: Resource, path: string): boolean {
  const found = property(resource, path);
  return found.known && found.value === undefined;
}

/** Zones that a regional pool takes where none is named (docs.cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters). */
const DEFAULT_ZONES = 3;

/** Counts are for each zone, except those called total (the provider's page). */
function sizeOf(resource: Resource, place: Place, prefix: string): Pick<Compute, "minimum" | "maximum"> {
  const scaling = property(resource, `${prefix}autoscaling`);
  const zones = mapFact(place.zones, (names) => (names.length === 0 ? DEFAULT_ZONES : names.length));
  const perZone = (path: string): Fact<number | undefined> =>
    chainFact(number(resource, `${prefix}${path}`), (each) =>
      mapFact(zones, (count) => (each === undefined ? undefined : each * count)),
    );
  const either = (total: string, each: string): Fact<number | undefined> =>
    chainFact(number(resource, `${prefix}autoscaling.${total}`), (all) =>
      all === undefined ? perZone(`autoscaling.${each}`) : known<number | undefined>(all),
    );
  if (!scaling.known) return { minimum: scaling, maximum: scaling };
  if (scaling.value !== undefined) {
    return {
      minimum: withDefault(either("totalMinNodeCount", "minNodeCount"), 0),
      maximum: either("totalMaxNodeCount", "maxNodeCount"),
    };
  }
  const set = chainFact(perZone("nodeCount"), (count) =>
    count === undefined ? perZone("initialNodeCount") : known<number | undefined>(count),
  );
  return { minimum: withDefault(set, 0), maximum: known(undefined) };
}
