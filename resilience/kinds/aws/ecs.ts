import { chainFact, known, mapFact, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { boolean, number } from "../../reader";
import { zonesOfSubnets } from "./subnets";

const TARGET = "aws:appautoscaling/target:Target";

/** ECS services. */
export const ecsKinds: readonly Kind[] = [{ types: ["aws:ecs/service:Service"], parts: serviceOf }];

function serviceOf(resource: Resource, around: Surroundings): Part[] {
  const scaling = around.index.dependants(resource.urn).find(({ type }) => type === TARGET);
  const desired = withDefault(number(resource, "desiredCount"), 0);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: {
      ...around.placeOf(resource),
      zones: zonesOfSubnets(resource, "networkConfiguration.subnets", around),
    },
    needs: [],
    unit: "task",
    minimum: scaling === undefined ? desired : minimumOf(scaling),
    maximum: scaling === undefined ? known(undefined) : number(scaling, "maxCapacity"),
    dependencies: [],
    rollout: {
      minimumHealthyPercent: withDefault(number(resource, "deploymentMinimumHealthyPercent"), 100),
      stopsByItself: mapFact(boolean(resource, "deploymentCircuitBreaker.enable"), (enabled) => enabled ?? false),
    },
    texts: known([]),
  };
  return [compute];
}

function minimumOf(scaling: Resource): Fact<number> {
  return chainFact(number(scaling, "minCapacity"), (minimum) => known(valueOr(known(minimum), 0) ?? 0));
}
