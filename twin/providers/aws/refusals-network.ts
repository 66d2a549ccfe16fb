import { cidrContains, cidrsOverlap, formatCidr, parseCidr } from "../../../components/sizing/cidr";
import { boolean, canonical, list, number, objects, text, texts } from "../../values";
import type { Thing } from "../../world";
import { others, refusal, type Refusal, type Subject, type Surroundings } from "../model";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const ROUTE = "aws:ec2/route:Route";
const EIP = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const SERVICE = "aws:ecs/service:Service";
const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
/** Rules of one direction and address family that a group holds unless the quota is raised: VPC quotas. */
const RULES_MAXIMUM = 60;
const write = ["create", "update"] as const;

/** Deletes of what others need: `DependencyViolation`, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. */
const inUse: readonly Refusal[] = [
  refusal("aws R75", [GROUP], ["delete"], "a security group that is attached or referenced", ({ id = "" }, around) => {
    const attached = [BALANCER, ENDPOINT].some((type) =>
      around.world
        .ofType(type)
        .some(({ inputs }) => [...texts(inputs, "securityGroups"), ...texts(inputs, "securityGroupIds")].includes(id)),
    );
    const service = around.world
      .ofType(SERVICE)
      .some(({ inputs }) => texts(inputs, "networkConfiguration.securityGroups").includes(id));
    const referenced = [INGRESS, EGRESS].some((type) =>
      around.world
        .ofType(type)
        .some(({ inputs }) => inputs["referencedSecurityGroupId"] === id && inputs["securityGroupId"] !== id),
    );
    return attached || service || referenced ? `DependencyViolation: resource ${id} has a dependent object` : undefined;
  }),
  refusal("aws delete vpc", [VPC], ["delete"], "a VPC with something in it", ({ id }, around) => {
    const types = [SUBNET, GATEWAY, GROUP, ENDPOINT, TARGETS, "aws:ec2/routeTable:RouteTable"];
    const full = types.some((type) => around.world.ofType(type).some(({ inputs }) => inputs["vpcId"] === id));
    return full ? `DependencyViolation: The vpc '${id ?? ""}' has dependencies and cannot be deleted.` : undefined;
  }),
  refusal(
    "aws delete subnet",
    [SUBNET],
    ["delete"],
    "a subnet with network interfaces in it",
    ({ id = "" }, around) => {
      const uses = ({ inputs }: Thing): boolean =>
        [
          ...texts(inputs, "subnets"),
          ...texts(inputs, "subnetIds"),
          ...texts(inputs, "networkConfiguration.subnets"),
          text(inputs, "subnetId"),
        ].includes(id);
      return [BALANCER, ENDPOINT, NAT, SERVICE].some((type) => around.world.ofType(type).some(uses))
        ? `DependencyViolation: The subnet '${id}' has dependencies and cannot be deleted.`
        : undefined;
    },
  ),
  refusal(
    "aws delete gateway",
    [GATEWAY],
    ["delete"],
    "an internet gateway while the VPC has public addresses",
    ({ inputs }, around) => {
      const vpc = text(inputs, "vpcId");
      const mapped = [NAT, BALANCER].some((type) =>
        around.world
          .ofType(type)
          .some((thing) =>
            [text(thing.inputs, "subnetId"), ...texts(thing.inputs, "subnets")].some(
              (subnet) => subnet !== undefined && vpcOfSubnet(subnet, around) === vpc,
            ),
          ),
      );
      return vpc !== undefined && mapped
        ? `DependencyViolation: Network ${vpc} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`
        : undefined;
    },
  ),
  refusal("aws delete address", [EIP], ["delete"], "an address that a NAT gateway holds", ({ id }, around) =>
    around.world.ofType(NAT).some(({ inputs }) => inputs["allocationId"] === id)
      ? `InvalidIPAddress.InUse: Address ${id ?? ""} is in use.`
      : undefined,
  ),
  refusal("aws delete list", [LIST], ["delete"], "a prefix list that a rule or route names", ({ id }, around) => {
    const named = [INGRESS, EGRESS, ROUTE].some((type) =>
      around.world
        .ofType(type)
        .some(({ inputs }) => [inputs["prefixListId"], inputs["destinationPrefixListId"]].includes(id ?? "")),
    );
    return named ? `DependencyViolation: The prefix list '${id ?? ""}' is referenced by other resources.` : undefined;
  }),
];

/** What Amazon VPC refuses. */
export const networkRefusals: readonly Refusal[] = [
  refusal("aws R66", [VPC], ["create"], "range of a VPC shorter than /16 or longer than /28", ({ inputs }) => {
    const range = parseCidr(text(inputs, "cidrBlock") ?? "");
    return range === undefined || (range.prefixLength >= 16 && range.prefixLength <= 28)
      ? undefined
      : `InvalidVpc.Range: The CIDR '${formatCidr(range)}' is invalid.`;
  }),
  refusal("aws R67", [VPC, SUBNET], ["check"], "host bits set in a range", ({ inputs }) => {
    const written = text(inputs, "cidrBlock");
    const canonicalForm = written === undefined ? undefined : withoutHostBits(written);
    return canonicalForm === undefined || canonicalForm === written
      ? undefined
      : `"${written ?? ""}" is not a valid IPv4 CIDR block; did you mean "${canonicalForm}"?`;
  }),
  refusal("aws R68", [SUBNET], ["create"], "a subnet outside its VPC", (subject, around) => {
    const vpc = around.world.find(VPC, text(subject.inputs, "vpcId") ?? "");
    const [outer, inner] = [
      vpc === undefined ? undefined : text(vpc.state, "cidrBlock"),
      text(subject.inputs, "cidrBlock"),
    ];
    return outer === undefined || inner === undefined || cidrContains(outer, inner)
      ? undefined
      : `InvalidSubnet.Range: The CIDR '${inner}' is invalid.`;
  }),
  refusal("aws R68 sibling", [SUBNET], ["create"], "a subnet that overlaps another of its VPC", (subject, around) => {
    const own = text(subject.inputs, "cidrBlock");
    const siblings = others(subject, around).filter(({ inputs }) => inputs["vpcId"] === subject.inputs["vpcId"]);
    const hit = siblings.some(({ inputs }) => own !== undefined && cidrsOverlap(text(inputs, "cidrBlock") ?? own, own));
    return hit ? `InvalidSubnet.Conflict: The CIDR '${own ?? ""}' conflicts with another subnet` : undefined;
  }),
  refusal("aws R69", [SUBNET], ["create"], "a zone of another region", ({ inputs, scope }) => {
    const zone = text(inputs, "availabilityZone");
    return zone === undefined || scope.region === undefined || zone.startsWith(scope.region)
      ? undefined
      : `InvalidParameterValue: Value (${zone}) for parameter availabilityZone is invalid.`;
  }),
  refusal("aws R70", [NAT], ["create"], "a public NAT gateway of one zone without an address", ({ inputs }) => {
    const zonal = text(inputs, "availabilityMode") !== "regional" && text(inputs, "connectivityType") !== "private";
    return zonal && inputs["allocationId"] === undefined
      ? 'InvalidParameterValue: allocation_id is required with connectivity_type = "public"'
      : undefined;
  }),
  refusal(
    "aws R71",
    [NAT],
    ["create"],
    "a public NAT gateway before its VPC has an internet gateway",
    ({ inputs }, around) => {
      const vpc = vpcOfSubnet(text(inputs, "subnetId"), around);
      if (vpc === undefined || text(inputs, "connectivityType") === "private" || hasGateway(vpc, around))
        return undefined;
      return `waiting for EC2 NAT Gateway create: unexpected state 'failed', wanted target 'available'. last error: Gateway.NotAttached: Network ${vpc} has no Internet gateway attached`;
    },
  ),
  refusal("aws R72", [ROUTE], ["create"], "a destination that its route table has already", (subject, around) => {
    const destination = destinationOf(subject.inputs);
    const taken = others(subject, around).some(
      ({ inputs }) =>
        inputs["routeTableId"] === subject.inputs["routeTableId"] && destinationOf(inputs) === destination,
    );
    return taken ? `RouteAlreadyExists: The route identified by ${destination} already exists.` : undefined;
  }),
  refusal("aws R73", [INGRESS, EGRESS], ["check"], "a rule without exactly one source or target", ({ inputs }) =>
    SOURCES.filter((source) => inputs[source] !== undefined).length === 1
      ? undefined
      : `Exactly one of these attributes must be configured: [${SOURCES.map(snake).join(",")}]`,
  ),
  refusal(
    "aws R74",
    [INGRESS, EGRESS],
    ["create"],
    "more than 60 rules in a direction, a prefix list counting as its maximum",
    (subject, around) => {
      const total = ["4", "6"].map((family) =>
        [subject, ...siblingRules(subject, around)].reduce((sum, rule) => sum + weight(rule.inputs, family, around), 0),
      );
      return Math.max(...total) > RULES_MAXIMUM
        ? "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached."
        : undefined;
    },
  ),
  refusal("aws R74 twice", [INGRESS, EGRESS], ["create"], "a rule that its group has already", (subject, around) => {
    const shape = (inputs: Subject["inputs"]): string =>
      canonical([...SOURCES, "ipProtocol", "fromPort", "toPort"].map((name) => inputs[name] ?? null));
    const twin = siblingRules(subject, around).some(({ inputs }) => shape(inputs) === shape(subject.inputs));
    return twin ? "InvalidPermission.Duplicate: the specified rule already exists" : undefined;
  }),
  refusal("aws R76", [LIST], write, "more entries in a prefix list than its maximum", ({ inputs }) =>
    list(inputs, "entries").length > (number(inputs, "maxEntries") ?? Infinity)
      ? "PrefixListMaxEntriesExceeded: You've reached the maximum number of entries for the prefix list."
      : undefined,
  ),
  refusal("aws R76 family", [LIST], write, "an entry of the other address family", ({ inputs }) => {
    const isV6 = text(inputs, "addressFamily") === "IPv6";
    const wrong = objects(inputs, "entries")
      .map((entry) => text(entry, "cidr") ?? "")
      .find((cidr) => cidr !== "" && cidr.includes(":") !== isV6);
    return wrong === undefined
      ? undefined
      : `InvalidParameterValue: The CIDR ${wrong} is not of the prefix list's address family.`;
  }),
  refusal(
    "aws R78",
    [ENDPOINT],
    ["create"],
    "a gateway endpoint for a service that has none, or a service of another region",
    ({ inputs, scope }) => {
      const service = text(inputs, "serviceName") ?? "";
      const gateway = (text(inputs, "vpcEndpointType") ?? "Gateway") === "Gateway";
      const foreign =
        inputs["serviceRegion"] === undefined &&
        service.startsWith("com.amazonaws.") &&
        service.split(".")[2] !== scope.region;
      return (gateway && !/\.(s3|dynamodb)$/.test(service)) || foreign
        ? `InvalidServiceName: The Vpc Endpoint Service '${service}' does not exist`
        : undefined;
    },
  ),
  refusal("aws R79", [ENDPOINT], write, "private DNS in a VPC without both DNS attributes", ({ inputs }, around) => {
    const vpc = around.world.find(VPC, text(inputs, "vpcId") ?? "");
    if (boolean(inputs, "privateDnsEnabled") !== true || vpc === undefined) return undefined;
    const both =
      boolean(vpc.inputs, "enableDnsHostnames") === true && boolean(vpc.inputs, "enableDnsSupport") !== false;
    return both
      ? undefined
      : "InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true";
  }),
  refusal(
    "aws R79 twice",
    [ENDPOINT],
    ["create"],
    "a second endpoint with private DNS for a service in a VPC",
    (subject, around) => {
      const { inputs } = subject;
      const same = others(subject, around).some(
        (other) =>
          ["vpcId", "serviceName"].every((name) => other.inputs[name] === inputs[name]) &&
          boolean(other.inputs, "privateDnsEnabled") === true,
      );
      return same && boolean(inputs, "privateDnsEnabled") === true
        ? "InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain in the VPC"
        : undefined;
    },
  ),
  ...inUse,
];

/** The VPC that a subnet is in; undefined where the twin does not know the subnet. */
export function vpcOfSubnet(subnet: string | undefined, around: Surroundings): string | undefined {
  const thing = subnet === undefined ? undefined : around.world.find(SUBNET, subnet);
  return thing === undefined ? undefined : text(thing.inputs, "vpcId");
}

/** Whether the twin knows the VPC and has an internet gateway for it; a VPC from elsewhere counts as having one. */
export function hasGateway(vpc: string, around: Surroundings): boolean {
  return (
    around.world.find(VPC, vpc) === undefined ||
    around.world.ofType(GATEWAY).some(({ inputs }) => inputs["vpcId"] === vpc)
  );
}

function siblingRules(subject: Subject, around: Surroundings): Thing[] {
  return others(subject, around).filter(
    ({ inputs }) => inputs["securityGroupId"] === subject.inputs["securityGroupId"],
  );
}

function weight(inputs: Subject["inputs"], family: string, around: Surroundings): number {
  const prefixList = around.world.find(LIST, text(inputs, "prefixListId") ?? "");
  if (prefixList !== undefined)
    return text(prefixList.inputs, "addressFamily") === `IPv${family}`
      ? (number(prefixList.inputs, "maxEntries") ?? 1)
      : 0;
  if (inputs["cidrIpv4"] !== undefined) return family === "4" ? 1 : 0;
  if (inputs["cidrIpv6"] !== undefined) return family === "6" ? 1 : 0;
  return 1;
}

function destinationOf(inputs: Subject["inputs"]): string {
  return ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"]
    .map((name) => text(inputs, name) ?? "")
    .join("");
}

function withoutHostBits(range: string): string | undefined {
  const [address = "", length = ""] = range.split("/");
  const octets = address.split(".").map(Number);
  if (octets.length !== 4 || octets.some(Number.isNaN) || !/^\d+$/.test(length)) return undefined;
  const size = 2 ** (32 - Number(length));
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return formatCidr({ first: first - (first % size), prefixLength: Number(length) });
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
