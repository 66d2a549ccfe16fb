import * as aws from "@pulumi/aws";
import { parseCidr } from "../sizing/cidr";
import type { Child } from "../child";
import type { Place } from "./names";
import type { AwsRegionPlan, NetworkSite } from "./region-plan";

/** A rule costs its list's `maxEntries`, used or not, of 60 rules a group; these leave room for Cloudflare to grow. */
const LIST_ENTRIES = { ipv4: 20, ipv6: 10 };

/** Who may open connections to the load balancer, and that only it may open them to tasks. */
export function buildGroups(
  name: string,
  place: Place,
  plan: AwsRegionPlan,
  site: NetworkSite,
  child: Child,
): { loadBalancerGroup: aws.ec2.SecurityGroup; taskGroup: aws.ec2.SecurityGroup } {
  const { region, tags } = place;
  const group = (role: string, description: string): aws.ec2.SecurityGroup =>
    new aws.ec2.SecurityGroup(
      `${name}-${role}`,
      { region, vpcId: site.vpcId, description, tags: { ...tags, Name: `${name}-${role}` } },
      child,
    );
  // Descriptions are frozen: changing one replaces the group.
  const loadBalancerGroup = group("lb", "Load balancer");
  const taskGroup = group("tasks", "Tasks");
  for (const [family, cidrs] of Object.entries(allowedByFamily(plan.allowedRanges))) {
    if (cidrs.length === 0) continue;
    const list = buildPrefixList(name, place, family === "ipv4" ? "ipv4" : "ipv6", cidrs, child);
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-lb-from-${family}`,
      {
        region,
        securityGroupId: loadBalancerGroup.id,
        prefixListId: list.id,
        ...tcp(443),
        description: `Allowed ranges ${family}`,
        tags,
      },
      child,
    );
  }
  const port = tcp(plan.containerPort);
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-lb-to-tasks`,
    {
      region,
      securityGroupId: loadBalancerGroup.id,
      referencedSecurityGroupId: taskGroup.id,
      ...port,
      description: "Tasks",
      tags,
    },
    child,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-tasks-from-lb`,
    {
      region,
      securityGroupId: taskGroup.id,
      referencedSecurityGroupId: loadBalancerGroup.id,
      ...port,
      description: "Load balancer",
      tags,
    },
    child,
  );
  return { loadBalancerGroup, taskGroup };
}

function tcp(port: number): { ipProtocol: string; fromPort: number; toPort: number } {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}

function allowedByFamily(ranges: readonly string[]): { ipv4: string[]; ipv6: string[] } {
  return {
    ipv4: ranges.filter((range) => parseCidr(range) !== undefined),
    ipv6: ranges.filter((range) => parseCidr(range) === undefined),
  };
}

function buildPrefixList(
  name: string,
  { region, tags }: Place,
  family: "ipv4" | "ipv6",
  cidrs: string[],
  child: Child,
): aws.ec2.ManagedPrefixList {
  return new aws.ec2.ManagedPrefixList(
    `${name}-allowed-${family}`,
    {
      region,
      addressFamily: family === "ipv4" ? "IPv4" : "IPv6",
      maxEntries: Math.max(LIST_ENTRIES[family], cidrs.length),
      entries: [...cidrs].sort().map((cidr) => ({ cidr })),
      tags: { ...tags, Name: `${name}-allowed-${family}` },
    },
    child,
  );
}

/** Opens what tasks may call: AWS's own services, and with `internetEgress` the named ports of the rest of the world. */
export function buildTaskEgress(
  name: string,
  place: Place,
  plan: AwsRegionPlan,
  { site, taskGroup }: { site: NetworkSite; taskGroup: aws.ec2.SecurityGroup },
  child: Child,
): aws.vpc.SecurityGroupEgressRule[] {
  const rule = (
    role: string,
    target: Partial<aws.vpc.SecurityGroupEgressRuleArgs>,
    ports = tcp(443),
  ): aws.vpc.SecurityGroupEgressRule =>
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-tasks-to-${role}`,
      { region: place.region, securityGroupId: taskGroup.id, ...ports, ...target, tags: place.tags },
      child,
    );
  const rules = [rule("endpoints", { ...site.endpointTarget, description: "Endpoints of AWS services" })];
  if (site.s3PrefixListId !== undefined) {
    rules.push(rule("s3", { prefixListId: site.s3PrefixListId, description: "Image layers in S3" }));
  }
  for (const port of plan.internetEgressPorts) {
    const description = `Internet on port ${port}`;
    rules.push(rule(`internet-${port}`, { cidrIpv4: "0.0.0.0/0", description }, tcp(port)));
  }
  return rules;
}
