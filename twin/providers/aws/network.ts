import type { Json } from "../../../resilience/values";
import { list, text } from "../../values";
import { freeAddress, type Made, type ResourceModel } from "../model";
import { ec2, named, nextNumber } from "./names";

const owner = { ownerId: ({ scope }: Made) => scope.account ?? "" };
/** A documentation address (RFC 5737) that is the same for the same resource: nobody on the Internet answers there. */
const publicAddress = (made: Made): string => freeAddress(made, "203.0.113", "publicIp");
const ruleId = (made: Made): string => made.id;
/** What a rule of a security group can be about, of which it names one. */
const RULE_SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
const comesOrGoes = (before: Json | undefined, after: Json | undefined): boolean =>
  (before === undefined) !== (after === undefined);

/** Amazon VPC: networks, routes, addresses, filters. Replacements: the providers' `ForceNew` attributes. */
export const network: Record<string, ResourceModel> = {
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", {
    replaceOn: ["region", "cidrBlock", "instanceTenancy"],
    computed: {
      ...owner,
      defaultSecurityGroupId: ({ hex }) => `sg-${hex(17, "default group")}`,
      defaultNetworkAclId: ({ hex }) => `acl-${hex(17, "default acl")}`,
      defaultRouteTableId: ({ hex }) => `rtb-${hex(17, "main table")}`,
      mainRouteTableId: ({ hex }) => `rtb-${hex(17, "main table")}`,
      dhcpOptionsId: ({ hex }) => `dopt-${hex(17, "dhcp")}`,
    },
  }),
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet", {
    replaceOn: ["region", "vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native"],
    computed: {
      ...owner,
      availabilityZoneId: ({ inputs, hex }) => `${text(inputs, "availabilityZone") ?? ""}-az${hex(1, "zone")}`,
    },
  }),
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway", { replaceOn: ["region"], computed: owner }),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table", {
    replaceOn: ["region", "vpcId"],
    sets: ["routes"],
    computed: owner,
  }),
  "aws:ec2/route:Route": {
    replaceOn: [
      "region",
      "routeTableId",
      "destinationCidrBlock",
      "destinationIpv6CidrBlock",
      "destinationPrefixListId",
    ],
    id: ({ inputs, digits }) => `r-${text(inputs, "routeTableId") ?? ""}${digits(10, "id")}`,
    computed: { state: () => "active", origin: () => "CreateRoute" },
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    replaceOn: ["region", "subnetId", "gatewayId"],
    id: ({ hex }) => `rtbassoc-${hex(17, "id")}`,
  },
  "aws:ec2/eip:Eip": ec2("eipalloc", "elastic-ip", {
    replaceOn: ["region", "domain"],
    computed: {
      allocationId: ruleId,
      publicIp: publicAddress,
      publicDns: (made) => `ec2-${publicAddress(made).replaceAll(".", "-")}.compute.amazonaws.com`,
    },
  }),
  "aws:ec2/natGateway:NatGateway": withoutArn(
    ec2("nat", "natgateway", {
      replaceOn: ["region", "subnetId", "allocationId", "connectivityType", "privateIp", "availabilityMode", "vpcId"],
      computed: {
        networkInterfaceId: ({ hex }) => `eni-${hex(17, "interface")}`,
        associationId: ({ hex }) => `eipassoc-${hex(17, "association")}`,
        publicIp: ({ inputs, around }) =>
          around.world.find("aws:ec2/eip:Eip", text(inputs, "allocationId") ?? "")?.state["publicIp"] ?? "",
      },
    }),
  ),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group", {
    ...named(255),
    replaceOn: ["region", "name", "namePrefix", "description", "vpcId"],
    sets: ["ingress", "egress"],
    computed: owner,
  }),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    replaceOn: ["region", "vpcId"],
    sets: ["ingress", "egress"],
    id: ({ inputs, around, hex }) => {
      const vpc = around.world.find("aws:ec2/vpc:Vpc", text(inputs, "vpcId") ?? "");
      return vpc === undefined ? `sg-${hex(17, "id")}` : (text(vpc.state, "defaultSecurityGroupId") ?? "");
    },
    computed: { ...owner, name: () => "default", description: () => "default VPC security group" },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule(),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule(),
  "aws:ec2/managedPrefixList:ManagedPrefixList": ec2("pl", "prefix-list", {
    ...named(255),
    replaceOn: ["region", "addressFamily"],
    sets: ["entries"],
    changedByUpdate: ["version"],
    computed: { ...owner, version: (made) => nextNumber(made, "version") },
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint", {
    replaceOn: ["region", "serviceName", "vpcEndpointType", "vpcId", "serviceRegion"],
    sets: ["subnetIds", "securityGroupIds", "routeTableIds"],
    computed: {
      ...owner,
      state: () => "available",
      requesterManaged: () => false,
      prefixListId: ({ hex }) => `pl-${hex(8, "prefix list")}`,
      cidrBlocks: () => [],
      networkInterfaceIds: ({ inputs, hex }) =>
        list(inputs, "subnetIds").map((_, index) => `eni-${hex(17, `interface ${String(index)}`)}`),
      dnsEntries: ({ inputs, id, hex, scope }) =>
        text(inputs, "vpcEndpointType") === "Interface"
          ? [
              {
                dnsName: `${id}-${hex(8, "dns")}.${(text(inputs, "serviceName") ?? "").split(".").slice(3).join(".")}.${scope.region ?? ""}.vpce.amazonaws.com`,
                hostedZoneId: `Z${hex(13, "zone").toUpperCase()}`,
              },
            ]
          : [],
    },
  }),
  "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log", { replaceOn: ["*"], inPlace: ["tags"] }),
  "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions": {},
};

/** The resource type has no ARN among its outputs. */
function withoutArn(model: ResourceModel): ResourceModel {
  const computed = Object.entries(model.computed ?? {}).filter(([name]) => name !== "arn");
  return { ...model, computed: Object.fromEntries(computed) };
}

function rule(): ResourceModel {
  return ec2("sgr", "security-group-rule", {
    replaceOn: ["region", "securityGroupId"],
    // A change of the kind of source replaces, a change of its value does not: the resource's `ModifyPlan`.
    replaceWhen: Object.fromEntries(RULE_SOURCES.map((source) => [source, comesOrGoes])),
    computed: { securityGroupRuleId: ruleId },
  });
}
