import type { Plant, Step } from "./planted";

/** A step that is not in the baseline. */
export const second = (name: string, type: string, inputs: Step["inputs"]): Step => ({ name, type, inputs });

/** One mistake for each row of the AWS network table. */
export const networkPlants: Plant[] = [
  {
    row: "aws R66",
    at: "vpc",
    change: () => ({ cidrBlock: "10.0.0.0/15" }),
    message: "InvalidVpc.Range: The CIDR '10.0.0.0/15' is invalid.",
  },
  {
    row: "aws R67",
    at: "vpc",
    change: () => ({ cidrBlock: "10.16.0.1/16" }),
    message: '"10.16.0.1/16" is not a valid IPv4 CIDR block; did you mean "10.16.0.0/16"?',
  },
  {
    row: "aws R68",
    at: "subnet-b",
    change: () => ({ cidrBlock: "10.17.1.0/24" }),
    message: "InvalidSubnet.Range: The CIDR '10.17.1.0/24' is invalid.",
  },
  {
    row: "aws R68 sibling",
    at: "subnet-b",
    change: () => ({ cidrBlock: "10.16.0.128/25" }),
    message: "InvalidSubnet.Conflict: The CIDR '10.16.0.128/25' conflicts with another subnet",
  },
  {
    row: "aws R69",
    at: "subnet-b",
    change: () => ({ availabilityZone: "us-west-2b" }),
    message: "InvalidParameterValue: Value (us-west-2b) for parameter availabilityZone is invalid.",
  },
  {
    row: "aws R70",
    at: "nat",
    change: () => ({ allocationId: null }),
    message: 'InvalidParameterValue: allocation_id is required with connectivity_type = "public"',
  },
  {
    row: "aws R72",
    at: "again",
    extra: [
      second("again", "aws:ec2/route:Route", (made) => ({
        routeTableId: made("routes.id"),
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: made("nat.id"),
      })),
    ],
    message: "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.",
  },
  {
    row: "aws R73",
    at: "entry-rule",
    change: () => ({ cidrIpv4: "0.0.0.0/0" }),
    message:
      "Exactly one of these attributes must be configured: [cidr_ipv4,cidr_ipv6,prefix_list_id,referenced_security_group_id]",
  },
  {
    row: "aws R74",
    at: "entry-rule",
    before: { "edge-ranges": { maxEntries: 100 } },
    message: "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.",
  },
  {
    row: "aws R74 twice",
    at: "again",
    extra: [
      second("again", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", (made) => ({
        securityGroupId: made("entry-group.id"),
        prefixListId: made("edge-ranges.id"),
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      })),
    ],
    message: "InvalidPermission.Duplicate: the specified rule already exists",
  },
  {
    row: "aws R76",
    at: "edge-ranges",
    change: () => ({ maxEntries: 0 }),
    message: "PrefixListMaxEntriesExceeded: You've reached the maximum number of entries for the prefix list.",
  },
  {
    row: "aws R76 family",
    at: "edge-ranges",
    change: () => ({ entries: [{ cidr: "2400:cb00::/32" }] }),
    message: "InvalidParameterValue: The CIDR 2400:cb00::/32 is not of the prefix list's address family.",
  },
  {
    row: "aws R78",
    at: "endpoint",
    change: () => ({ vpcEndpointType: null }),
    message: "InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-east-2.ecr.api' does not exist",
  },
  {
    row: "aws R78",
    at: "endpoint",
    change: () => ({ serviceName: "com.amazonaws.us-west-2.ecr.api" }),
    message: "InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.us-west-2.ecr.api' does not exist",
  },
  {
    row: "aws R79",
    at: "endpoint",
    before: { vpc: { enableDnsHostnames: false } },
    message:
      "InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true",
  },
  {
    row: "aws R79 twice",
    at: "again",
    extra: [
      second("again", "aws:ec2/vpcEndpoint:VpcEndpoint", (made) => ({
        vpcId: made("vpc.id"),
        serviceName: "com.amazonaws.us-east-2.ecr.api",
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
      })),
    ],
    message:
      "InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain in the VPC",
  },
];
