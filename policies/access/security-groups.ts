import { Reason, unknown, type Unknown } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { GraphIndex } from "../../resilience/index-of";
import { pointed } from "../../resilience/kinds/aws/pointers";
import { INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE } from "../../resilience/kinds/aws/types";
import { count, text, texts } from "../../resilience/reader";
import { doubted, opened, together, type Access } from "./access";
import { isWide } from "./ranges";

const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const PREFIX_LIST_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

/**
 * Who gets through the security groups that a property of a resource names. A prefix list of this design is opened and read; one from
 * elsewhere is taken for what it is, a list that somebody made to let few in.
 */
export function throughGroups(index: GraphIndex, resource: Resource, path: string): Access {
  const { resources, outside, missing } = pointed(index, resource, path, [SECURITY_GROUP]);
  const unknowns: Unknown[] = missing === undefined ? [] : [missing];
  if (outside.length > 0) {
    unknowns.push(unknown(resource.urn, path, Reason.Elsewhere));
  }
  return together([...resources.map((group) => throughGroup(index, group)), doubted(...unknowns)]);
}

function throughGroup(index: GraphIndex, group: Resource): Access {
  const rules = index.dependants(group.urn).filter((rule) => {
    if (rule.type !== INGRESS_RULE && rule.type !== SECURITY_GROUP_RULE) return false;
    return pointed(index, rule, "securityGroupId", [SECURITY_GROUP]).resources.includes(group);
  });
  const inline = count(group, "ingress");
  const paths = Array.from({ length: inline.known ? inline.value : 0 }, (_, place) => `ingress[${String(place)}].`);
  return together([
    ...(inline.known ? [] : [doubted(inline)]),
    ...paths.map((path) => ofRule(index, group, group, path)),
    ...rules.map((rule) => ofSeparateRule(index, group, rule)),
  ]);
}

function ofSeparateRule(index: GraphIndex, group: Resource, rule: Resource): Access {
  if (rule.type === INGRESS_RULE) return ofRule(index, group, rule, "");
  const type = text(rule, "type");
  if (!type.known) return doubted(type);
  return type.value === "ingress" ? ofRule(index, group, rule, "") : together([]);
}

/** Properties that hold one range, lists of them, and lists of lists, over the three ways in which a rule is written. */
const SINGLE = ["cidrIpv4", "cidrIpv6"];
const LISTS = ["cidrBlocks", "ipv6CidrBlocks"];
const PREFIXES = ["prefixListId", "prefixListIds"];

function ofRule(index: GraphIndex, group: Resource, rule: Resource, prefix: string): Access {
  const ranges = [
    ...SINGLE.map((property) => text(rule, `${prefix}${property}`)),
    ...LISTS.flatMap((property) => {
      const list = texts(rule, `${prefix}${property}`);
      return list.known ? list.value : [list];
    }),
  ];
  const lists = PREFIXES.flatMap((property) => pointed(index, rule, `${prefix}${property}`, [PREFIX_LIST]).resources);
  const facts = [...ranges, ...lists.flatMap((list) => rangesOf(index, list))];
  if (facts.some((fact) => fact.known && fact.value !== undefined && isWide(fact.value))) {
    return opened(rule.urn, `the security group ${group.name} lets in every address`, "let in the edge's ranges alone");
  }
  return doubted(...facts.flatMap((fact) => (fact.known ? [] : [fact])));
}

function rangesOf(index: GraphIndex, list: Resource) {
  const inline = count(list, "entries");
  const paths = Array.from({ length: inline.known ? inline.value : 0 }, (_, place) => `entries[${String(place)}].cidr`);
  const entries = index.dependants(list.urn).filter(({ type }) => type === PREFIX_LIST_ENTRY);
  return [
    ...(inline.known ? [] : [inline]),
    ...paths.map((path) => text(list, path)),
    ...entries.map((entry) => text(entry, "cidr")),
  ];
}
