import { known, withDefault } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { number } from "../../reader";

/** Cloud Run services. */
export const runKinds: readonly Kind[] = [{ types: ["gcp:cloudrunv2/service:Service"], parts: serviceOf }];

function serviceOf(resource: Resource, around: Surroundings): Part[] {
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: around.placeOf(resource),
    needs: [],
    unit: "instance",
    minimum: withDefault(number(resource, "scaling.minInstanceCount"), 0),
    maximum: number(resource, "template.scaling.maxInstanceCount"),
    dependencies: [],
    rollout: { minimumHealthyPercent: known(undefined), stopsByItself: known(undefined) },
    texts: known([]),
  };
  return [compute];
}
