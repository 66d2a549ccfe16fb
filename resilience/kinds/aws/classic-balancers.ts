import { mapFact, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { BackendCheck, Entry, Kind, Need, Part, Surroundings } from "../../model";
import { boolean, count, text, texts } from "../../reader";
import { oncePerGraph, push } from "../once";
import { pointed, uncertainty, pointedByEach } from "./pointers";
import { namedZones, zonesOfSubnets } from "./subnets";
import { groupOfAttachment } from "./targets";
import { CLASSIC_ATTACHMENT, CLASSIC_BALANCER, ECS_SERVICE, GROUP, GROUP_ATTACHMENT, INSTANCE } from "./types";

/** Load balancers of the first generation. */
export const classicBalancerKinds: readonly Kind[] = [{ types: [CLASSIC_BALANCER], parts: entryOf }];

function entryOf(resource: Resource, around: Surroundings): Part[] {
  const { index } = around;
  const hasSubnets = count(resource, "subnets");
  const usesSubnets = !hasSubnets.known || hasSubnets.value > 0;
  const entry: Entry = {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: {
      ...around.placeOf(resource),
      zones: usesSubnets
        ? zonesOfSubnets(resource, "subnets", index)
        : namedZones(texts(resource, "availabilityZones")),
    },
    needs: [needOf(resource, index)],
    isPublic: mapFact(withDefault(boolean(resource, "internal"), false), (isInternal) => !isInternal),
    checks: [checkOf(resource)],
  };
  return [entry];
}

/** What registers itself with a classic load balancer, by its URN. */
const registered = oncePerGraph((index) => {
  const targets = new Map<string, string[]>();
  const register = (user: Resource, path: string, ids: string[], inner?: string): void => {
    const found =
      inner === undefined
        ? pointed(index, user, path, [CLASSIC_BALANCER])
        : pointedByEach(index, user, path, inner, [CLASSIC_BALANCER]);
    for (const { urn } of found.resources) for (const id of ids) push(targets, urn, id);
  };
  for (const group of index.ofType(GROUP)) register(group, "loadBalancers", [group.urn]);
  for (const service of index.ofType(ECS_SERVICE)) register(service, "loadBalancers", [service.urn], "elbName");
  for (const each of index.ofType(GROUP_ATTACHMENT)) register(each, "elb", groupOfAttachment(index, each).ids);
  for (const each of index.ofType(CLASSIC_ATTACHMENT)) {
    register(
      each,
      "elb",
      pointed(index, each, "instance", [INSTANCE]).resources.map(({ urn }) => urn),
    );
  }
  return targets;
});

function needOf(resource: Resource, index: GraphIndex): Need {
  const written = pointed(index, resource, "instances", [INSTANCE]);
  const of = [...new Set([...written.resources.map(({ urn }) => urn), ...(registered(index).get(resource.urn) ?? [])])];
  // What an Auto Scaling group registers is listed in a state as well, by ids that no resource has.
  const unclear =
    of.length > 0
      ? undefined
      : (uncertainty(resource, "instances", written) ??
        unknown(resource.urn, "instances", "are registered by nothing in this design"));
  return { what: "an instance", atLeast: 1, of: of.sort(), ...(unclear === undefined ? {} : { unknown: unclear }) };
}

/** `HTTP:80/health` asks a path, `TCP:80` none; without a check AWS asks whether the first listener's port opens. */
function checkOf(resource: Resource): BackendCheck {
  const path: Fact<string | undefined> = mapFact(
    text(resource, "healthCheck.target"),
    (target) => /^HTTPS?:\d+(\/.*)$/i.exec(target ?? "")?.[1],
  );
  return { urn: resource.urn, property: "healthCheck.target", path, matcher: mapFact(path, (asked) => asked && "200") };
}
