import { known, unknown, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { count, number, text, texts } from "../../reader";
import { ofTypes, oncePerGraph, push } from "../once";
import { holdsClientPort } from "../ports";
import { pointed, together, uncertainty } from "./pointers";
import { INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE } from "./types";

const DEFAULT_GROUP = "names no group, so that the network's default one holds, whose rules are not in this design";

/** Where a machine names its security groups: by id, or, in the default network, by name. */
export const MACHINE_GROUPS: readonly string[] = ["vpcSecurityGroupIds", "securityGroups"];

const rulesByGroup = oncePerGraph((index) => {
  const rules = new Map<string, Resource[]>();
  for (const rule of ofTypes(index, [INGRESS_RULE, SECURITY_GROUP_RULE])) {
    for (const { urn } of pointed(index, rule, "securityGroupId", [SECURITY_GROUP]).resources) push(rules, urn, rule);
  }
  return rules;
});

/** Whether the security groups of a machine let anybody from outside in at a port for clients. */
export function isOpenToClients(machine: Resource, index: GraphIndex): Fact<boolean> {
  const groups = together(MACHINE_GROUPS.map((path) => pointed(index, machine, path, [SECURITY_GROUP])));
  const facts = groups.resources.flatMap((group) => [
    ...inlineRules(group),
    ...(rulesByGroup(index).get(group.urn) ?? []).map((rule) => ruleOpens(rule, "", ruleSources(rule))),
  ]);
  if (facts.some((fact) => fact.known && fact.value)) return known(true);
  const open =
    facts.find((fact): fact is Unknown => !fact.known) ?? uncertainty(machine, "vpcSecurityGroupIds", groups);
  if (open !== undefined) return open;
  // Without groups it is in the network's default group, whose rules are not in the program.
  return groups.resources.length > 0 ? known(false) : unknown(machine.urn, "vpcSecurityGroupIds", DEFAULT_GROUP);
}

function inlineRules(group: Resource): Fact<boolean>[] {
  const length = count(group, "ingress");
  if (!length.known) return [length];
  return Array.from({ length: length.value }, (_, place) => {
    const path = `ingress[${String(place)}].`;
    const lists = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"].flatMap((list) =>
      eachText(group, `${path}${list}`),
    );
    return ruleOpens(group, path, lists);
  });
}

function ruleSources(rule: Resource): Fact<string | undefined>[] {
  if (rule.type === SECURITY_GROUP_RULE) {
    const direction = text(rule, "type");
    if (direction.known && direction.value !== "ingress") return [];
    return ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"].flatMap((list) => eachText(rule, list));
  }
  return ["cidrIpv4", "cidrIpv6", "prefixListId"].map((path) => text(rule, path));
}

function eachText(resource: Resource, path: string): Fact<string | undefined>[] {
  const all = texts(resource, path);
  return all.known ? all.value : [all];
}

/** Whether a rule lets a source from outside in at a port for clients. A prefix list holds addresses of others: an edge's, a partner's. */
function ruleOpens(resource: Resource, path: string, sources: readonly Fact<string | undefined>[]): Fact<boolean> {
  const isMet = coversClientPort(resource, path);
  if (isMet.known && !isMet.value) return isMet;
  const outside = sources.find((source) => source.known && source.value !== undefined && !isPrivateRange(source.value));
  const open = sources.find((source): source is Unknown => !source.known);
  if (outside !== undefined) return isMet;
  return open ?? known(false);
}

function coversClientPort(resource: Resource, path: string): Fact<boolean> {
  const protocol = text(resource, `${path}${resource.type === INGRESS_RULE ? "ipProtocol" : "protocol"}`);
  if (!protocol.known) return protocol;
  if (protocol.value === "-1" || protocol.value === "all") return known(true);
  if (protocol.value !== "tcp" && protocol.value !== "6") return known(false);
  const from = number(resource, `${path}fromPort`);
  const to = number(resource, `${path}toPort`);
  if (!from.known) return from;
  if (!to.known) return to;
  const first = from.value ?? 0;
  const last = to.value ?? first;
  return known(holdsClientPort(first, last));
}

/** Ranges that no client on the Internet has (RFC 1918, RFC 6598, RFC 4193). */
function isPrivateRange(range: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)/i.test(
    range,
  );
}
