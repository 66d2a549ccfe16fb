import { known, mapFact, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { number, object, text } from "../../reader";
import { pointed, together, type Pointed } from "./pointers";
import { LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE } from "./types";

const MIXED = "mixedInstancesPolicy";
const SPECIFICATION = `${MIXED}.launchTemplate.launchTemplateSpecification`;

/** The launch template or configuration of an Auto Scaling group, or the template of an instance. */
export function launchOf(resource: Resource, index: GraphIndex): Pointed {
  const templates = [
    "launchTemplate.id",
    "launchTemplate.name",
    `${SPECIFICATION}.launchTemplateId`,
    `${SPECIFICATION}.launchTemplateName`,
  ].map((path) => pointed(index, resource, path, [LAUNCH_TEMPLATE]));
  return together([...templates, pointed(index, resource, "launchConfiguration", [LAUNCH_CONFIGURATION])]);
}

/**
 * The share of a group's instances, in percent, that is not on Spot and so is taken back by nobody: by its mixed instances policy, otherwise
 * by what launches them. The policy's base counts as nothing here, see `onDemandMinimum`.
 */
export function onDemandShareOf(group: Resource, index: GraphIndex): Fact<number> {
  const mixed = object(group, MIXED);
  if (!mixed.known) return mixed;
  if (Object.keys(mixed.value).length === 0) return onDemandByLaunch(launchOf(group, index).resources);
  return withDefault(number(group, `${MIXED}.instancesDistribution.onDemandPercentageAboveBaseCapacity`), 100);
}

/** The share of on-demand instances by what launches them: none where the template asks for Spot. */
function onDemandByLaunch(launches: readonly Resource[]): Fact<number> {
  for (const launch of launches) {
    const isSpot =
      launch.type === LAUNCH_TEMPLATE
        ? mapFact(text(launch, "instanceMarketOptions.marketType"), (market) => market === "spot")
        : mapFact(text(launch, "spotPrice"), (price) => price !== undefined && price !== "");
    if (!isSpot.known) return isSpot;
    if (isSpot.value) return known(0);
  }
  return known(100);
}

/** Of a group of that size, the instances that are not on Spot (docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html). */
export function onDemandMinimum(group: Resource, size: number, percent: number): Fact<number> {
  return mapFact(
    withDefault(number(group, `${MIXED}.instancesDistribution.onDemandBaseCapacity`), 0),
    (base) => Math.min(size, base) + Math.floor((Math.max(0, size - base) * percent) / 100),
  );
}
