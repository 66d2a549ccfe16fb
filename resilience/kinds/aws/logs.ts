import { valueOr } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Kind, LogSink, Part, Place, Surroundings } from "../../model";
import { text } from "../../reader";
import { dependenciesAt } from "../../references";
import { isObject, own, type Json } from "../../values";
import { ofTypes, oncePerGraph, push } from "../once";
import { pointed } from "./pointers";
import {
  APP_RUNNER,
  BALANCERS,
  BUCKETS,
  CLASSIC_BALANCER,
  ECS_SERVICE,
  ECS_TASK_DEFINITION,
  FUNCTION,
  LOG_GROUP,
} from "./types";

/** Groups of CloudWatch Logs. Buckets for access logs are told with the buckets. */
export const logKinds: readonly Kind[] = [{ types: [LOG_GROUP], parts: logGroupOf }];

function logGroupOf(resource: Resource, around: Surroundings): Part[] {
  const watched = watchedBy(around.index).get(resource.urn) ?? [];
  return [sink(resource, resource.urn, around.placeOf(resource), watched)];
}

function sink(resource: Resource, id: string, place: Place, watches: readonly string[]): LogSink {
  return { role: "log", id, urn: resource.urn, label: resource.name, place, needs: [], watches: [...watches].sort() };
}

/** A bucket that takes the access logs of load balancers, as a sink of its own (`URN#log`). */
export function accessLogSink(bucket: Resource, around: Surroundings): Part[] {
  const watched = watchedBy(around.index).get(bucket.urn) ?? [];
  return watched.length === 0 ? [] : [sink(bucket, `${bucket.urn}#log`, around.placeOf(bucket), watched)];
}

/** Ids of the parts whose logs a group or bucket takes, by its URN. */
const watchedBy = oncePerGraph((index) => {
  const watched = new Map<string, string[]>();
  const byName = groupsByName(index);
  for (const service of index.ofType(ECS_SERVICE)) {
    for (const task of pointed(index, service, "taskDefinition", [ECS_TASK_DEFINITION]).resources) {
      for (const { urn } of groupsOfTask(task, index)) push(watched, urn, service.urn);
    }
  }
  for (const fn of index.ofType(FUNCTION)) {
    for (const { urn } of groupsOfFunction(fn, byName, index)) push(watched, urn, fn.urn);
  }
  for (const service of index.ofType(APP_RUNNER)) {
    for (const group of byName.get(`/aws/apprunner/${service.name}`) ?? []) push(watched, group.urn, service.urn);
  }
  for (const balancer of ofTypes(index, [...BALANCERS, CLASSIC_BALANCER])) {
    for (const { urn } of pointed(index, balancer, "accessLogs.bucket", BUCKETS).resources)
      push(watched, urn, balancer.urn);
  }
  return watched;
});

function groupsByName(index: GraphIndex): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const group of index.ofType(LOG_GROUP)) {
    const name = valueOr(text(group, "name"), undefined);
    if (name !== undefined) push(groups, name, group);
  }
  return groups;
}

/** The groups that a task definition names, or those that its containers depend on where their text is not known. */
function groupsOfTask(task: Resource, index: GraphIndex): Resource[] {
  const depended = dependenciesAt(task, "containerDefinitions")
    .urns.flatMap((urn) => index.byUrn.get(urn) ?? [])
    .filter(({ type }) => type === LOG_GROUP);
  if (depended.length > 0) return depended;
  const definitions = valueOr(text(task, "containerDefinitions"), undefined);
  return definitions === undefined ? [] : groupsNamed(definitions, task, index);
}

function groupsNamed(definitions: string, task: Resource, index: GraphIndex): Resource[] {
  const region = valueOr(text(task, "region"), undefined);
  return containers(definitions).flatMap((container) => {
    const options = at(at(container, "logConfiguration"), "options");
    const name = at(options, "awslogs-group");
    if (typeof name !== "string") return [];
    const named = index.named(name).filter(({ type }) => type === LOG_GROUP);
    const logRegion = at(options, "awslogs-region") ?? region;
    const here = named.filter((group) => valueOr(text(group, "region"), undefined) === logRegion);
    return here.length > 0 ? here : named;
  });
}

function containers(definitions: string): Json[] {
  try {
    const value = JSON.parse(definitions) as Json;
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function at(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? own(value, key) : undefined;
}

/** A function writes to the group that it is told, otherwise to the one of its name (`loggingConfig` of `aws.lambda.Function`). */
function groupsOfFunction(fn: Resource, byName: ReadonlyMap<string, Resource[]>, index: GraphIndex): Resource[] {
  const told = pointed(index, fn, "loggingConfig.logGroup", [LOG_GROUP]).resources;
  if (told.length > 0) return told;
  const name = valueOr(text(fn, "name"), undefined);
  return name === undefined ? [] : (byName.get(`/aws/lambda/${name}`) ?? []);
}
