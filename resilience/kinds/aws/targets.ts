import { mapFact, unknown, withDefault, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { BackendCheck, Need } from "../../model";
import { text } from "../../reader";
import { ofTypes, oncePerGraph, push } from "../once";
import { pointed, pointedByEach, together, uncertainty, type Pointed } from "./pointers";
import {
  BALANCERS,
  ECS_SERVICE,
  ECS_TASK_SET,
  EKS_NODE_GROUP,
  FUNCTION,
  FUNCTION_ALIAS,
  GROUP,
  GROUP_ATTACHMENT,
  INSTANCE,
  TARGET_ATTACHMENTS,
  TARGET_GROUPS,
  TRAFFIC_SOURCE_ATTACHMENT,
} from "./types";

/** What is registered with target groups, by the group's URN. */
interface Registered {
  /** Ids of parts. */
  targets: ReadonlyMap<string, string[]>;
  /** Set where it is known that there is a further target, and not which. */
  missing: ReadonlyMap<string, Unknown>;
}

/**
 * Everything that registers targets: ECS services and task sets, attachments, Auto Scaling groups. Pods register through a controller in
 * the cluster, which no resource of AWS shows.
 */
const registered = oncePerGraph((index): Registered => {
  const targets = new Map<string, string[]>();
  const missing = new Map<string, Unknown>();
  const register = (groups: Pointed, found: { ids: string[]; missing?: Unknown | undefined }): void => {
    for (const { urn } of groups.resources) {
      for (const id of found.ids) push(targets, urn, id);
      if (found.missing !== undefined && !missing.has(urn)) missing.set(urn, found.missing);
    }
  };
  for (const service of index.ofType(ECS_SERVICE)) register(groupsOfService(index, service), { ids: [service.urn] });
  for (const set of index.ofType(ECS_TASK_SET)) {
    register(groupsOfService(index, set), { ids: pointed(index, set, "service", [ECS_SERVICE]).resources.map(urnOf) });
  }
  for (const attachment of ofTypes(index, TARGET_ATTACHMENTS)) {
    register(pointed(index, attachment, "targetGroupArn", TARGET_GROUPS), targetOfAttachment(index, attachment));
  }
  for (const group of index.ofType(GROUP)) {
    register(pointed(index, group, "targetGroupArns", TARGET_GROUPS), { ids: [group.urn] });
    register(pointedByEach(index, group, "trafficSources", "identifier", TARGET_GROUPS), { ids: [group.urn] });
  }
  const attached: [string, string][] = [
    [GROUP_ATTACHMENT, "lbTargetGroupArn"],
    [TRAFFIC_SOURCE_ATTACHMENT, "trafficSource.identifier"],
  ];
  for (const [type, path] of attached) {
    for (const attachment of index.ofType(type)) {
      register(pointed(index, attachment, path, TARGET_GROUPS), groupOfAttachment(index, attachment));
    }
  }
  return { targets, missing };
});

function urnOf({ urn }: Resource): string {
  return urn;
}

/** The target groups of an ECS service or task set, the second group of a blue-green deployment among them. */
function groupsOfService(index: GraphIndex, service: Resource): Pointed {
  return together([
    pointedByEach(index, service, "loadBalancers", "targetGroupArn", TARGET_GROUPS),
    pointedByEach(index, service, "loadBalancers", "advancedConfiguration.alternateTargetGroupArn", TARGET_GROUPS),
  ]);
}

const TARGETS = [INSTANCE, FUNCTION, FUNCTION_ALIAS, ...BALANCERS];

function targetOfAttachment(index: GraphIndex, attachment: Resource): { ids: string[]; missing?: Unknown | undefined } {
  const found = pointed(index, attachment, "targetId", TARGETS);
  const ids = found.resources.flatMap((target) =>
    target.type === FUNCTION_ALIAS
      ? pointed(index, target, "functionName", [FUNCTION]).resources.map(urnOf)
      : [target.urn],
  );
  return { ids, missing: ids.length > 0 ? undefined : uncertainty(attachment, "targetId", found) };
}

/** A managed node group of EKS is an Auto Scaling group, and is attached by that group's name. */
export function groupOfAttachment(
  index: GraphIndex,
  attachment: Resource,
): { ids: string[]; missing?: Unknown | undefined } {
  const found = pointed(index, attachment, "autoscalingGroupName", [GROUP, EKS_NODE_GROUP]);
  const ids = found.resources.map(urnOf);
  return { ids, missing: ids.length > 0 ? undefined : uncertainty(attachment, "autoscalingGroupName", found) };
}

/** That something works only while a target group has a target. */
export function needOfTargets(index: GraphIndex, group: Resource): Need {
  const { targets, missing } = registered(index);
  const of = [...(targets.get(group.urn) ?? [])].sort();
  const unclear =
    missing.get(group.urn) ??
    (of.length > 0 ? undefined : unknown(group.urn, "targets", "are registered by nothing in this design"));
  return { what: `a target of ${group.name}`, atLeast: 1, of, ...(unclear === undefined ? {} : { unknown: unclear }) };
}

/**
 * The health check of a target group. Defaults are the provider's: path `/`, for gRPC `/AWS.ALB/healthcheck`; matcher 200, for gRPC 12,
 * for a group of a network load balancer 200-399 (`aws.lb.TargetGroup`, `healthCheck`).
 */
export function checkOfGroup(group: Resource): BackendCheck {
  const protocol = text(group, "protocol");
  const isGrpc = mapFact(text(group, "protocolVersion"), (version) => version === "GRPC");
  const asks = text(group, "healthCheck.protocol");
  const isNetwork = protocol.known && protocol.value !== undefined && !["HTTP", "HTTPS"].includes(protocol.value);
  const asksByHttp = !isNetwork || (asks.known && asks.value !== undefined && asks.value !== "TCP");
  const defaulted = (path: string, plain: string, grpc: string): Fact<string | undefined> =>
    isGrpc.known ? withDefault(text(group, path), isGrpc.value ? grpc : plain) : isGrpc;
  const nothing: Fact<string | undefined> = { known: true, value: undefined };
  return {
    urn: group.urn,
    property: "healthCheck.path",
    path: asksByHttp ? defaulted("healthCheck.path", "/", "/AWS.ALB/healthcheck") : nothing,
    matcher: asksByHttp ? defaulted("healthCheck.matcher", isNetwork ? "200-399" : "200", "12") : nothing,
  };
}
