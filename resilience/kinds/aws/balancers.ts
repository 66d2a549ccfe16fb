import { mapFact, valueOr, withDefault } from "../../fact";
import type { Resource } from "../../graph";
import type { BackendCheck, Entry, Kind, Need, Part, Surroundings } from "../../model";
import { boolean, text } from "../../reader";
import { referenced } from "../../references";
import { zonesOfSubnets } from "./subnets";

const BALANCERS = ["aws:lb/loadBalancer:LoadBalancer"];
const LISTENER = "aws:lb/listener:Listener";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const TARGET_USERS = ["aws:ecs/service:Service"];

/** Application and network load balancers. */
export const balancerKinds: readonly Kind[] = [{ types: BALANCERS, parts: entryOf }];

function entryOf(resource: Resource, around: Surroundings): Part[] {
  const groups = targetGroupsOf(resource, around);
  const entry: Entry = {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: { ...around.placeOf(resource), zones: zonesOfSubnets(resource, "subnets", around) },
    needs: [needOf(groups, around)],
    isPublic: mapFact(withDefault(boolean(resource, "internal"), false), (isInternal) => !isInternal),
    checks: groups.map(checkOf),
  };
  return [entry];
}

function targetGroupsOf(balancer: Resource, { index }: Surroundings): Resource[] {
  const listeners = index.dependants(balancer.urn).filter(({ type }) => type === LISTENER);
  const groups = listeners.flatMap((listener) => valueOr(referenced(index, listener, "defaultActions", [TARGETS]), []));
  return [...new Set(groups)];
}

function needOf(groups: Resource[], { index }: Surroundings): Need {
  const targets = groups.flatMap((group) =>
    index.dependants(group.urn).filter(({ type }) => TARGET_USERS.includes(type)),
  );
  return { what: "a target", atLeast: 1, of: [...new Set(targets.map(({ urn }) => urn))] };
}

function checkOf(group: Resource): BackendCheck {
  return {
    urn: group.urn,
    property: "healthCheck.path",
    path: withDefault(text(group, "healthCheck.path"), "/"),
    matcher: withDefault(text(group, "healthCheck.matcher"), "200"),
  };
}
