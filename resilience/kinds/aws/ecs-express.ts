import { known, mapFact, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { count, number, text } from "../../reader";
import { usesOf, type Handed, type Mention } from "./dependencies";
import { ownEntry } from "./own-entry";
import { zonesOfSubnets } from "./subnets";
import { ECS_EXPRESS } from "./types";

/**
 * Services in Express Mode: ECS makes a Fargate service, a load balancer before it and its scaling by itself, none of which is in the
 * program (docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-overview.html). The way in is `URN#entry`.
 */
export const expressKinds: readonly Kind[] = [{ types: [ECS_EXPRESS], parts: partsOf }];

function partsOf(resource: Resource, around: Surroundings): Part[] {
  const subnets = count(resource, "networkConfigurations");
  const zones: Fact<string[]> =
    subnets.known && subnets.value === 0
      ? known([])
      : zonesOfSubnets(resource, "networkConfigurations[0].subnets", around.index);
  const place = { ...around.placeOf(resource), zones };
  const uses = usesOf([handedTo(resource)], place.region, around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: uses.needs,
    unit: "task",
    minimum: withDefault(number(resource, "scalingTargets[0].minTaskCount"), 1),
    maximum: number(resource, "scalingTargets[0].maxTaskCount"),
    dependencies: uses.dependencies,
    rollout: { minimumHealthyPercent: known(100), stopsByItself: known(true) },
    texts: uses.texts,
  };
  // Public subnets give an internet-facing load balancer, private ones an internal one; which they are is told by routes alone.
  const isPublic = known(true);
  const checks = [
    {
      urn: resource.urn,
      property: "healthCheckPath",
      path: mapFact(text(resource, "healthCheckPath"), (path) => path ?? "/"),
      matcher: known(undefined),
    },
  ];
  return [compute, ownEntry(resource, place, "the service", isPublic, checks)];
}

const CONTAINER = "primaryContainer";

function handedTo(service: Resource): Handed {
  const image = text(service, `${CONTAINER}.image`);
  return {
    resource: service,
    path: CONTAINER,
    images: [{ property: `${CONTAINER}.image`, text: withDefault(image, "") }],
    secrets: pairs(service, `${CONTAINER}.secrets`, "valueFrom"),
    texts: pairs(service, `${CONTAINER}.environments`, "value"),
    runsImage: true,
  };
}

function pairs(service: Resource, list: string, key: string): Mention[] {
  const length = count(service, list);
  return Array.from({ length: length.known ? length.value : 0 }, (_, place) => {
    const item = `${list}[${String(place)}]`;
    const name = text(service, `${item}.name`);
    return {
      property: `${list}[${name.known && name.value !== undefined ? name.value : String(place)}]`,
      text: withDefault(text(service, `${item}.${key}`), ""),
    };
  });
}
