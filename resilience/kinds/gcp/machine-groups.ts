import { allFacts, chainFact, known, mapFact, unknown, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Place, Rollout, Surroundings } from "../../model";
import { number, property, text, texts } from "../../reader";
import { linkedByEach, pointingTo } from "./links";
import { regionalPlace, spotOf, zonalPlace } from "./locations";
import { machineTexts, machineWants, TEMPLATES } from "./machines";
import { untoldRollout } from "../defaults";

const ZONAL_GROUP = "gcp:compute/instanceGroupManager:InstanceGroupManager";
const REGIONAL_GROUP = "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager";
const AUTOSCALERS = ["gcp:compute/autoscaler:Autoscaler", "gcp:compute/regionAutoscaler:RegionAutoscaler"];

/** Types of managed groups: what a backend leads to. */
export const MANAGED_GROUPS: readonly string[] = [ZONAL_GROUP, REGIONAL_GROUP];

/** Types that say how large a group is, and are read where the group is. */
export const GROUP_NEIGHBOURS: readonly string[] = AUTOSCALERS;

/** Managed instance groups. */
export const machineGroupKinds: readonly Kind[] = [
  { types: [ZONAL_GROUP], parts: (resource, around) => groupOf(resource, zonalPlace(resource, around), around) },
  { types: [REGIONAL_GROUP], parts: (resource, around) => groupOf(resource, spreadPlace(resource, around), around) },
];

function groupOf(resource: Resource, place: Place, around: Surroundings): Part[] {
  const [autoscaler] = pointingTo(resource, "target", AUTOSCALERS, around);
  const templates = linkedByEach(resource, "versions", "instanceTemplate", TEMPLATES, around).resources;
  const wants = templates.map((template) => machineWants(template, around));
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: wants.flatMap(({ needs }) => needs),
    unit: "machine",
    ...sizeOf(resource, autoscaler),
    dependencies: wants.flatMap(({ dependencies }) => dependencies),
    rollout: rolloutOf(resource, place),
    texts: mapFact(allFacts(templates.map(machineTexts)), (all) => all.flat()),
  };
  return [compute];
}

/** Under an autoscaler its bounds, unless it is switched off; otherwise the size that is set, 0 by default (the provider's page). */
function sizeOf(resource: Resource, autoscaler: Resource | undefined): Pick<Compute, "minimum" | "maximum"> {
  const size = withDefault(number(resource, "targetSize"), 0);
  if (autoscaler === undefined) return { minimum: size, maximum: known(undefined) };
  const isOff = mapFact(text(autoscaler, "autoscalingPolicy.mode"), (mode) => mode === "OFF");
  return {
    minimum: chainFact(isOff, (off) =>
      off ? size : withDefault(number(autoscaler, "autoscalingPolicy.minReplicas"), 0),
    ),
    maximum: chainFact(isOff, (off): Fact<number | undefined> =>
      off ? known(undefined) : number(autoscaler, "autoscalingPolicy.maxReplicas"),
    ),
  };
}

/**
 * The zones of a regional group: those that it names, otherwise three that Google picks. Under `ANY` and `ANY_SINGLE_ZONE` all machines may
 * stand in one (docs.cloud.google.com/compute/docs/instance-groups/regional-mig-distribution-shape).
 */
function spreadPlace(resource: Resource, around: Surroundings): Place {
  const zones = chainFact(text(resource, "distributionPolicyTargetShape"), (shape): Fact<string[]> => {
    if (shape?.startsWith("ANY") === true) {
      return unknown(
        resource.urn,
        "distributionPolicyTargetShape",
        `is ${shape}, so Google may put all machines into one zone`,
      );
    }
    return chainFact(texts(resource, "distributionPolicyZones"), (names) =>
      mapFact(allFacts(names), (all) => [...new Set(all.flatMap((name) => spotOf(name).zones))].sort()),
    );
  });
  return { ...regionalPlace(resource, around), zones };
}

/** Zones over which Google spreads a regional group that names none (docs.cloud.google.com/compute/docs/instance-groups/regional-migs). */
const DEFAULT_ZONES = 3;

/**
 * A group replaces machines while as many may be missing as its policy says: one for each of its zones by default
 * (docs.cloud.google.com/sdk/gcloud/reference/compute/instance-groups/managed/rolling-action/replace). It waits for new ones to be healthy only
 * where a health check heals it.
 */
function rolloutOf(resource: Resource, place: Place): Rollout {
  const policy = property(resource, "updatePolicy");
  if (policy.known && policy.value === undefined) {
    return untoldRollout;
  }
  const isProactive = mapFact(text(resource, "updatePolicy.type"), (type) => type !== "OPPORTUNISTIC");
  const isHealed = mapFact(property(resource, "autoHealingPolicies"), (healing) => healing !== undefined);
  return {
    minimumHealthyPercent: chainFact(isProactive, (proactive) =>
      proactive ? healthyPercent(resource, place) : known(100),
    ),
    stopsByItself: chainFact(isProactive, (proactive) => (proactive ? isHealed : known(true))),
  };
}

function healthyPercent(resource: Resource, place: Place): Fact<number | undefined> {
  return chainFact(number(resource, "updatePolicy.maxUnavailablePercent"), (percent): Fact<number | undefined> => {
    if (percent !== undefined) return known(Math.max(0, 100 - percent));
    const zones = valueOr(place.zones, []).length;
    const missing = withDefault(
      number(resource, "updatePolicy.maxUnavailableFixed"),
      resource.type === ZONAL_GROUP ? 1 : zones === 0 ? DEFAULT_ZONES : zones,
    );
    return chainFact(missing, (fixed) => {
      if (fixed === 0) return known(100);
      return mapFact(number(resource, "targetSize"), (size) =>
        // Under an autoscaler nobody knows how many there are at that moment.
        size === undefined || size === 0 ? undefined : Math.max(0, Math.floor((100 * (size - fixed)) / size)),
      );
    });
  });
}
