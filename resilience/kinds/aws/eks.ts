import { known, mapFact, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { boolean, number, text } from "../../reader";
import { zonesOfSubnets } from "./subnets";
import { EKS_CLUSTER, EKS_FARGATE_PROFILE, EKS_NODE_GROUP } from "./types";
import { untoldRollout } from "../defaults";

/**
 * Nodes of EKS. What runs on them, and the load balancers that a controller in the cluster makes, are no resources of AWS: they are told by
 * whoever reads Kubernetes.
 */
export const eksKinds: readonly Kind[] = [
  { types: [EKS_NODE_GROUP], parts: nodeGroupOf },
  { types: [EKS_FARGATE_PROFILE], parts: fargateOf },
  { types: [EKS_CLUSTER], parts: clusterOf },
];

function compute(
  resource: Resource,
  around: Surroundings,
  subnets: string,
  own: Pick<Compute, "unit" | "minimum" | "maximum" | "rollout">,
): Compute {
  return {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: { ...around.placeOf(resource), zones: zonesOfSubnets(resource, subnets, around.index) },
    needs: [],
    ...own,
    dependencies: [],
    texts: known([]),
  };
}

function nodeGroupOf(resource: Resource, around: Surroundings): Part[] {
  const isSpot = mapFact(text(resource, "capacityType"), (type) => type === "SPOT");
  const size = withDefault(number(resource, "scalingConfig.minSize"), 0);
  return [
    compute(resource, around, "subnetIds", {
      unit: "instance",
      minimum: !isSpot.known ? isSpot : isSpot.value ? known(0) : size,
      maximum: number(resource, "scalingConfig.maxSize"),
      rollout: {
        minimumHealthyPercent: mapFact(number(resource, "updateConfig.maxUnavailablePercentage"), (gone) =>
          gone === undefined ? undefined : 100 - gone,
        ),
        stopsByItself: known(undefined),
      },
    }),
  ];
}

const POD_COUNT = "is decided by the pods, which are not in this design";

function fargateOf(resource: Resource, around: Surroundings): Part[] {
  const minimum: Fact<number> = unknown(resource.urn, "selectors", POD_COUNT);
  return [
    compute(resource, around, "subnetIds", {
      unit: "task",
      minimum,
      maximum: known(undefined),
      rollout: untoldRollout,
    }),
  ];
}

/** A cluster is a control plane, and what runs goes on without it. In auto mode it starts the nodes itself. */
function clusterOf(resource: Resource, around: Surroundings): Part[] {
  const isAuto = boolean(resource, "computeConfig.enabled");
  if (isAuto.known && isAuto.value !== true) return [];
  const minimum: Fact<number> = unknown(resource.urn, "computeConfig", POD_COUNT);
  return [
    compute(resource, around, "vpcConfig.subnetIds", {
      unit: "instance",
      minimum,
      maximum: known(undefined),
      rollout: untoldRollout,
    }),
  ];
}
