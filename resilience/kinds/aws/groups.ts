import { chainFact, mapFact, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { boolean, count, number, text, texts } from "../../reader";
import { usesOf } from "./dependencies";
import { launchOf, onDemandMinimum, onDemandShareOf } from "./launch";
import { handedByLaunch, machineImageOf } from "./machine-launch";
import { oncePerGraph, push } from "../once";
import { pointed } from "./pointers";
import { lowest } from "./scaling";
import { namedZones, zonesOfSubnets } from "./subnets";
import { GROUP, GROUP_SCHEDULE } from "./types";
import { untoldRollout } from "../defaults";

/** Auto Scaling groups. */
export const groupKinds: readonly Kind[] = [{ types: [GROUP], parts: computeOf }];

function computeOf(resource: Resource, around: Surroundings): Part[] {
  const { index } = around;
  const place = { ...around.placeOf(resource), zones: zonesOfGroup(resource, index) };
  const launches = launchOf(resource, index).resources;
  const uses = usesOf(launches.map(handedByLaunch), place.region, around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: uses.needs,
    unit: "instance",
    minimum: minimumOf(resource, index),
    maximum: number(resource, "maxSize"),
    dependencies: [...launches.map((launch) => machineImageOf(launch, place.region)), ...uses.dependencies],
    rollout: rolloutOf(resource),
    texts: uses.texts,
  };
  return [compute];
}

/** The zones in which a group starts instances. */
export function zonesOfGroup(group: Resource, index: GraphIndex): Fact<string[]> {
  const subnets = count(group, "vpcZoneIdentifiers");
  return subnets.known && subnets.value === 0
    ? namedZones(texts(group, "availabilityZones"))
    : zonesOfSubnets(group, "vpcZoneIdentifiers", index);
}

const schedulesByGroup = oncePerGraph((index) => {
  const schedules = new Map<string, Resource[]>();
  for (const schedule of index.ofType(GROUP_SCHEDULE)) {
    for (const { urn } of pointed(index, schedule, "autoscalingGroupName", [GROUP]).resources)
      push(schedules, urn, schedule);
  }
  return schedules;
});

function minimumOf(group: Resource, index: GraphIndex): Fact<number> {
  const unit = text(group, "desiredCapacityType");
  if (unit.known && unit.value !== undefined && unit.value !== "units") {
    return unknown(group.urn, "minSize", `counts ${unit.value} and no instances`);
  }
  const floors = (schedulesByGroup(index).get(group.urn) ?? []).map((schedule) =>
    // `aws.autoscaling.Schedule`: -1 leaves the size as it is, and left out means 0.
    mapFact(number(schedule, "minSize"), (size) => (size === -1 ? undefined : (size ?? 0))),
  );
  const size = lowest(withDefault(number(group, "minSize"), 0), floors);
  const percent = onDemandShareOf(group, index);
  return chainFact(size, (instances) => chainFact(percent, (share) => onDemandMinimum(group, instances, share)));
}

/** Instance refresh: 90 percent stay unless another share is set (`instanceRefresh.preferences` of `aws.autoscaling.Group`). */
function rolloutOf(group: Resource): Compute["rollout"] {
  const strategy = text(group, "instanceRefresh.strategy");
  if (!strategy.known) return { minimumHealthyPercent: strategy, stopsByItself: strategy };
  if (strategy.value === undefined) return untoldRollout;
  return {
    minimumHealthyPercent: withDefault(number(group, "instanceRefresh.preferences.minHealthyPercentage"), 90),
    stopsByItself: withDefault(boolean(group, "instanceRefresh.preferences.autoRollback"), false),
  };
}
