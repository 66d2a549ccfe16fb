import { chainFact, known, mapFact, Reason, unknown, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Compute, Kind, Part, Surroundings } from "../../model";
import { boolean, count, number, text } from "../../reader";
import { oncePerGraph, push } from "../once";
import { handedByTask } from "./containers";
import { usesOf, type Handed } from "./dependencies";
import { capacityOf, clusterNameOf, groupsAsOne, type Capacity } from "./ecs-capacity";
import { zonesOfGroup } from "./groups";
import { pointed, uncertainty } from "./pointers";
import { boundsOf, type Bounds } from "./scaling";
import { zonesOfSubnets } from "./subnets";
import { ECS_SERVICE, ECS_TASK_DEFINITION, ECS_TASK_SET } from "./types";
import { untoldRollout } from "../defaults";

/** Services of ECS, on Fargate or on instances. */
export const ecsKinds: readonly Kind[] = [{ types: [ECS_SERVICE], parts: serviceOf }];

function serviceOf(resource: Resource, around: Surroundings): Part[] {
  const { index } = around;
  const capacity = capacityOf(resource, index);
  const place = { ...around.placeOf(resource), zones: zonesOfService(resource, capacity, index) };
  const uses = usesOf(handedTo(resource, index), place.region, around);
  const bounds = boundsOfService(resource, around);
  const compute: Compute = {
    role: "compute",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: [...capacity.needs, ...uses.needs],
    unit: "task",
    minimum: minimumOf(resource, bounds, capacity),
    maximum: bounds?.maximum ?? known(undefined),
    dependencies: uses.dependencies,
    rollout: rolloutOf(resource),
    texts: uses.texts,
  };
  return [compute];
}

/** Tasks with a network interface of their own stand in the service's subnets, others where their instances do. */
function zonesOfService(service: Resource, { groups }: Capacity, index: GraphIndex): Fact<string[]> {
  const subnets = count(service, "networkConfiguration.subnets");
  return subnets.known && subnets.value === 0 && groups.length > 0
    ? groupsAsOne(groups.map((group) => zonesOfGroup(group, index)))
    : zonesOfSubnets(service, "networkConfiguration.subnets", index);
}

const taskSetsByService = oncePerGraph((index) => {
  const sets = new Map<string, Resource[]>();
  for (const set of index.ofType(ECS_TASK_SET)) {
    for (const { urn } of pointed(index, set, "service", [ECS_SERVICE]).resources) push(sets, urn, set);
  }
  return sets;
});

/** What the tasks of a service are handed, by its task definition or by those of its task sets. */
function handedTo(service: Resource, index: GraphIndex): Handed[] {
  const users = [service, ...(taskSetsByService(index).get(service.urn) ?? [])];
  const found = users.map((user) => ({ user, tasks: pointed(index, user, "taskDefinition", [ECS_TASK_DEFINITION]) }));
  const tasks = [...new Set(found.flatMap(({ tasks: { resources } }) => resources))];
  if (tasks.length > 0) return tasks.flatMap(handedByTask);
  const missing =
    found
      .map(({ user, tasks: pointedAt }) => uncertainty(user, "taskDefinition", pointedAt))
      .find((why) => why !== undefined) ?? unknown(service.urn, "taskDefinition", Reason.Elsewhere);
  return [{ resource: service, path: "taskDefinition", images: [], secrets: [], texts: [], missing, runsImage: true }];
}

function boundsOfService(service: Resource, { index, placeOf }: Surroundings): Bounds | undefined {
  const cluster = clusterNameOf(service, index);
  const name = valueOr(text(service, "name"), undefined);
  const here = valueOr(placeOf(service).region, undefined);
  const resourceId = cluster === undefined || name === undefined ? undefined : `service/${cluster}/${name}`;
  return boundsOf(index, service, resourceId, (target) => valueOr(placeOf(target).region, undefined) === here);
}

/** `desiredCount` left out means none (`aws.ecs.Service`). A daemon runs once on each instance. */
function minimumOf(service: Resource, bounds: Bounds | undefined, { steady, groups }: Capacity): Fact<number> {
  const strategy = text(service, "schedulingStrategy");
  if (!strategy.known) return strategy;
  if (strategy.value === "DAEMON") {
    const sizes = groups.map((group) => withDefault(number(group, "minSize"), 0));
    if (sizes.length === 0)
      return unknown(
        service.urn,
        "schedulingStrategy",
        "starts a task on each instance, of which this design has none",
      );
    return sizes.reduce((sum, size) => chainFact(sum, (before) => mapFact(size, (more) => before + more)));
  }
  return chainFact(bounds?.minimum ?? withDefault(number(service, "desiredCount"), 0), steady);
}

/** 100 percent stay unless another share is set; a daemon's tasks may all be replaced at once (API_DeploymentConfiguration of ECS). */
function rolloutOf(service: Resource): Compute["rollout"] {
  const controller = text(service, "deploymentController.type");
  // CodeDeploy or somebody else's tool decides; this design does not say how.
  if (controller.known && controller.value !== undefined && controller.value !== "ECS") {
    return untoldRollout;
  }
  const isDaemon = valueOr(text(service, "schedulingStrategy"), undefined) === "DAEMON";
  const breaker = boolean(service, "deploymentCircuitBreaker.enable");
  return {
    minimumHealthyPercent: withDefault(number(service, "deploymentMinimumHealthyPercent"), isDaemon ? 0 : 100),
    stopsByItself:
      breaker.known && breaker.value !== true ? withDefault(boolean(service, "alarms.enable"), false) : breaker,
  };
}
