import { known, mapFact, unknown, withDefault, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Entry, Kind, Need, Part, Surroundings } from "../../model";
import { boolean, count, number, text } from "../../reader";
import { ofTypes, oncePerGraph, push } from "../once";
import { pointed, uncertainty, type Pointed } from "./pointers";
import { zonesOfSubnets } from "./subnets";
import { checkOfGroup, needOfTargets } from "./targets";
import { BALANCERS, LISTENER_RULES, LISTENERS, TARGET_GROUPS } from "./types";

/** Application, network and gateway load balancers. */
export const balancerKinds: readonly Kind[] = [{ types: BALANCERS, parts: entryOf }];

function entryOf(resource: Resource, around: Surroundings): Part[] {
  const { index } = around;
  const routes = routesOf(resource, index);
  const entry: Entry = {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: { ...around.placeOf(resource), zones: zonesOfBalancer(resource, index) },
    needs: needsOf(resource, routes, index),
    isPublic: isPublic(resource),
    checks: routes.groups.map(checkOfGroup),
  };
  return [entry];
}

/** A gateway load balancer hands packets to appliances inside; nobody outside calls it. */
function isPublic(resource: Resource): Fact<boolean> {
  const type = text(resource, "loadBalancerType");
  if (type.known && type.value === "gateway") return known(false);
  return mapFact(withDefault(boolean(resource, "internal"), false), (isInternal) => !isInternal);
}

function zonesOfBalancer(resource: Resource, index: GraphIndex): Fact<string[]> {
  // A program writes one of the two; a state holds both.
  const subnets = count(resource, "subnets");
  const mappings = count(resource, "subnetMappings");
  const isMapped = subnets.known && subnets.value === 0 && !(mappings.known && mappings.value === 0);
  return isMapped
    ? zonesOfSubnets(resource, "subnetMappings", index, "subnetId")
    : zonesOfSubnets(resource, "subnets", index);
}

/** Where the listeners of a load balancer send requests. */
interface Routes {
  /** Groups that get requests, each once. */
  groups: Resource[];
  /** Set where a listener sends requests to something that is not known. */
  missing: Unknown | undefined;
  /** Whether some requests are answered by a redirect to another address. */
  redirects: boolean;
}

const listenersByBalancer = oncePerGraph((index) => {
  const listeners = new Map<string, Resource[]>();
  for (const listener of ofTypes(index, LISTENERS)) {
    for (const { urn } of pointed(index, listener, "loadBalancerArn", BALANCERS).resources)
      push(listeners, urn, listener);
  }
  return listeners;
});

const rulesByListener = oncePerGraph((index) => {
  const rules = new Map<string, Resource[]>();
  for (const rule of ofTypes(index, LISTENER_RULES)) {
    for (const { urn } of pointed(index, rule, "listenerArn", LISTENERS).resources) push(rules, urn, rule);
  }
  return rules;
});

/** The listeners of a load balancer in this design. */
export function listenersOf(balancer: Resource, index: GraphIndex): readonly Resource[] {
  return listenersByBalancer(index).get(balancer.urn) ?? [];
}

function routesOf(balancer: Resource, index: GraphIndex): Routes {
  const all = listenersOf(balancer, index).flatMap((listener) => [
    actionsOf(listener, "defaultActions", index),
    ...(rulesByListener(index).get(listener.urn) ?? []).map((rule) => actionsOf(rule, "actions", index)),
  ]);
  return {
    groups: [...new Set(all.flatMap(({ groups }) => groups))].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    missing: all.find(({ missing }) => missing !== undefined)?.missing,
    redirects: all.some(({ redirects }) => redirects),
  };
}

function actionsOf(resource: Resource, list: string, index: GraphIndex): Routes {
  const length = count(resource, list);
  if (!length.known) return forwardsTo(resource, list, pointed(index, resource, list, TARGET_GROUPS));
  const routes = Array.from({ length: length.value }, (_, place) =>
    actionOf(resource, `${list}[${String(place)}]`, index),
  );
  return {
    groups: routes.flatMap(({ groups }) => groups),
    missing: routes.find(({ missing }) => missing !== undefined)?.missing,
    redirects: routes.some(({ redirects }) => redirects),
  };
}

function actionOf(resource: Resource, path: string, index: GraphIndex): Routes {
  const type = text(resource, `${path}.type`);
  // Authentication comes before a further action; a fixed answer leads nowhere.
  if (type.known && type.value !== "forward") return { ...NOWHERE, redirects: type.value === "redirect" };
  const weighted = `${path}.forward.targetGroups`;
  const length = count(resource, weighted);
  if (length.known && length.value === 0) {
    const group = `${path}.targetGroupArn`;
    return forwardsTo(resource, group, pointed(index, resource, group, TARGET_GROUPS));
  }
  if (!length.known) return forwardsTo(resource, weighted, pointed(index, resource, weighted, TARGET_GROUPS));
  const each = Array.from({ length: length.value }, (_, place) => {
    const group = `${weighted}[${String(place)}]`;
    const weight = number(resource, `${group}.weight`);
    // A group of weight 0 gets nothing: the other colour of a blue-green deployment.
    if (weight.known && weight.value === 0) return NOWHERE;
    return forwardsTo(resource, `${group}.arn`, pointed(index, resource, `${group}.arn`, TARGET_GROUPS));
  });
  return {
    groups: each.flatMap(({ groups }) => groups),
    missing: each.find(({ missing }) => missing !== undefined)?.missing,
    redirects: false,
  };
}

const NOWHERE: Routes = { groups: [], missing: undefined, redirects: false };

function forwardsTo(resource: Resource, path: string, found: Pointed): Routes {
  return { groups: found.resources, missing: uncertainty(resource, path, found), redirects: false };
}

/**
 * Each group that gets requests is a need of its own: a load balancer does not send the requests of one group to another when it has no
 * healthy target (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html, target group health).
 */
function needsOf(balancer: Resource, { groups, missing, redirects }: Routes, index: GraphIndex): Need[] {
  const needs = groups.map((group) => needOfTargets(index, group));
  if (missing !== undefined) return [...needs, { what: "a target", atLeast: 1, of: [], unknown: missing }];
  // One that only redirects answers by itself. One that leads nowhere gets its listeners or rules from elsewhere.
  if (needs.length > 0 || redirects) return needs;
  const nowhere = unknown(balancer.urn, "listeners", "lead to no target group in this design");
  return [{ what: "a target", atLeast: 1, of: [], unknown: nowhere }];
}
