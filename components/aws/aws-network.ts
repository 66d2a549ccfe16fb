import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tagIssues } from "../checks";
import type { Child } from "../child";
import { refuse } from "../errors";
import type { Issue } from "../sizing/issues";
import type { AwsNetworkArgs } from "./aws-network-args";
import { accountIssues, cidrBlockIssues, flowLogRetentionIssues, regionIssues, zoneIssues } from "./checks";
import type { Place } from "./names";
import { buildEndpoints, type Endpoints } from "./network-endpoints";
import { buildFlowLog } from "./network-flow-log";
import { planSubnets, type ZoneSubnets } from "./network-plan";

/** The resources of an `AwsNetwork`. Records are keyed by zone. */
export interface AwsNetworkNodes {
  vpc: aws.ec2.Vpc;
  internetGateway: aws.ec2.InternetGateway;
  publicSubnets: Record<string, aws.ec2.Subnet>;
  privateSubnets: Record<string, aws.ec2.Subnet>;
  privateRouteTables: Record<string, aws.ec2.RouteTable>;
  natGateways: Record<string, aws.ec2.NatGateway>;
  endpoints: Endpoints;
  flowLog: aws.ec2.FlowLog;
}

const allNodes = new WeakMap<AwsNetwork, AwsNetworkNodes>();

/**
 * A VPC over three zones in which losing a zone takes nothing from the other two.
 *
 * It makes the VPC with an emptied default security group and flow logs, a public and a private subnet in each zone, a route
 * table for each private subnet, an internet gateway, endpoints for ECR, S3, CloudWatch Logs and Secrets Manager with policies that
 * allow no more than a task needs, and with `internetEgress` a NAT gateway in each zone.
 *
 * To leave running: four interface endpoints in three zones, about 88 USD a month and 0.01 USD/GB; with `internetEgress` three NAT
 * gateways and their addresses more, about 110 USD a month and 0.045 USD/GB; flow logs by volume.
 */
export class AwsNetwork extends pulumi.ComponentResource {
  static readonly __pulumiType = "twodoor:index:AwsNetwork";

  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Ids of the public subnets, in the order of `availabilityZones`. */
  readonly publicSubnetIds: pulumi.Output<string[]>;
  /** Ids of the private subnets, in the order of `availabilityZones`. */
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Addresses from which the private subnets reach the Internet, in the order of `availabilityZones`. Empty without `internetEgress`. */
  readonly egressAddresses: pulumi.Output<string[]>;
  /** Id of the security group of the interface endpoints. */
  readonly endpointSecurityGroupId: pulumi.Output<string>;
  /** Id of the prefix list of S3 in this region. */
  readonly s3PrefixListId: pulumi.Output<string>;

  /**
   * @param name - logical name; every child's name begins with it.
   * @param args - see `AwsNetworkArgs`.
   * @param opts - the standard options.
   */
  constructor(name: string, args: AwsNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`AwsNetwork "${name}"`, awsNetworkIssues(args));
    super(AwsNetwork.__pulumiType, name, {}, opts);
    const child = { parent: this };
    const place = { region: args.region, accountId: args.accountId, tags: args.tags ?? {} };
    const zones = planSubnets(args.cidrBlock, args.availabilityZones);

    const vpc = buildVpc(name, place, args.cidrBlock, child);
    const publicSide = buildPublicSide(name, place, zones, vpc, child);
    const privateSide = buildPrivateSide(name, place, zones, vpc, child);
    const nat = args.internetEgress === true ? buildNat(name, place, { publicSide, privateSide }, child) : noNat;
    const endpoints = buildEndpoints(
      name,
      place,
      {
        vpcId: vpc.id,
        subnets: privateSide.sites,
        routeTableIds: Object.values(privateSide.routeTables).map((table) => table.id),
      },
      child,
    );
    const flowLog = buildFlowLog(name, place, args, vpc, child);

    this.vpcId = vpc.id;
    this.publicSubnetIds = pulumi.all(Object.values(publicSide.subnets).map((subnet) => subnet.id));
    this.privateSubnetIds = pulumi.all(Object.values(privateSide.subnets).map((subnet) => subnet.id));
    this.egressAddresses = pulumi.all(nat.addresses);
    this.endpointSecurityGroupId = endpoints.securityGroup.id;
    this.s3PrefixListId = endpoints.s3.prefixListId;
    allNodes.set(this, {
      vpc,
      internetGateway: publicSide.internetGateway,
      publicSubnets: publicSide.subnets,
      privateSubnets: privateSide.subnets,
      privateRouteTables: privateSide.routeTables,
      natGateways: nat.gateways,
      endpoints,
      flowLog,
    });
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      egressAddresses: this.egressAddresses,
      endpointSecurityGroupId: this.endpointSecurityGroupId,
      s3PrefixListId: this.s3PrefixListId,
    });
  }

  /** The resources themselves, for what no argument covers. */
  get nodes(): AwsNetworkNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** What keeps an `AwsNetwork` from being built with these arguments. */
export function awsNetworkIssues(args: AwsNetworkArgs): Issue[] {
  return [
    ...regionIssues("region", args.region),
    ...accountIssues("accountId", args.accountId),
    ...zoneIssues(args.region, args.availabilityZones),
    ...cidrBlockIssues(args.cidrBlock),
    ...flowLogRetentionIssues(args.logRetentionDays ?? 90),
    ...tagIssues("tags", args.tags ?? {}),
  ];
}

function buildVpc(name: string, { region, tags }: Place, cidrBlock: string, child: Child): aws.ec2.Vpc {
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    {
      region,
      cidrBlock,
      // Both are needed for the endpoints' private DNS names (docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html).
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { ...tags, Name: name },
    },
    child,
  );
  // Every VPC comes with a group that lets its members talk to each other. Adopted with no rules, it lets nobody do anything.
  new aws.ec2.DefaultSecurityGroup(
    `${name}-default-group`,
    { region, vpcId: vpc.id, ingress: [], egress: [], tags: { ...tags, Name: `${name}-unused` } },
    child,
  );
  return vpc;
}

interface PublicSide {
  internetGateway: aws.ec2.InternetGateway;
  subnets: Record<string, aws.ec2.Subnet>;
}

function buildPublicSide(name: string, place: Place, zones: ZoneSubnets[], vpc: aws.ec2.Vpc, child: Child): PublicSide {
  const { region, tags } = place;
  const named = { ...tags, Name: `${name}-public` };
  const internetGateway = new aws.ec2.InternetGateway(
    `${name}-gateway`,
    { region, vpcId: vpc.id, tags: { ...tags, Name: name } },
    child,
  );
  const table = new aws.ec2.RouteTable(`${name}-public`, { region, vpcId: vpc.id, tags: named }, child);
  new aws.ec2.Route(
    `${name}-public-internet`,
    { region, routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: internetGateway.id },
    child,
  );
  const subnets = Object.fromEntries(
    zones.map(({ zone, publicCidrBlock }) => {
      const subnet = buildSubnet(`${name}-public-${zone}`, place, { zone, cidrBlock: publicCidrBlock, vpc }, child);
      new aws.ec2.RouteTableAssociation(
        `${name}-public-${zone}`,
        { region, routeTableId: table.id, subnetId: subnet.id },
        child,
      );
      return [zone, subnet];
    }),
  );
  return { internetGateway, subnets };
}

interface PrivateSide {
  subnets: Record<string, aws.ec2.Subnet>;
  sites: Record<string, { id: pulumi.Output<string>; cidrBlock: string }>;
  routeTables: Record<string, aws.ec2.RouteTable>;
}

/** A route table for each zone, so that a zone's way out can fail with the zone and with nothing else. */
function buildPrivateSide(
  name: string,
  place: Place,
  zones: ZoneSubnets[],
  vpc: aws.ec2.Vpc,
  child: Child,
): PrivateSide {
  const { region, tags } = place;
  const side: PrivateSide = { subnets: {}, sites: {}, routeTables: {} };
  for (const { zone, privateCidrBlock: cidrBlock } of zones) {
    const role = `${name}-private-${zone}`;
    const subnet = buildSubnet(role, place, { zone, cidrBlock, vpc }, child);
    const table = new aws.ec2.RouteTable(role, { region, vpcId: vpc.id, tags: { ...tags, Name: role } }, child);
    new aws.ec2.RouteTableAssociation(role, { region, routeTableId: table.id, subnetId: subnet.id }, child);
    side.subnets[zone] = subnet;
    side.sites[zone] = { id: subnet.id, cidrBlock };
    side.routeTables[zone] = table;
  }
  return side;
}

function buildSubnet(
  role: string,
  { region, tags }: Place,
  { zone, cidrBlock, vpc }: { zone: string; cidrBlock: string; vpc: aws.ec2.Vpc },
  child: Child,
): aws.ec2.Subnet {
  return new aws.ec2.Subnet(
    role,
    {
      region,
      vpcId: vpc.id,
      availabilityZone: zone,
      cidrBlock,
      // Load balancer and NAT bring their own public addresses; nothing else here is to have one.
      mapPublicIpOnLaunch: false,
      tags: { ...tags, Name: role },
    },
    child,
  );
}

interface Nat {
  gateways: Record<string, aws.ec2.NatGateway>;
  addresses: pulumi.Output<string>[];
}

const noNat: Nat = { gateways: {}, addresses: [] };

function buildNat(
  name: string,
  { region, tags }: Place,
  { publicSide, privateSide }: { publicSide: PublicSide; privateSide: PrivateSide },
  child: Child,
): Nat {
  const nat: Nat = { gateways: {}, addresses: [] };
  for (const [zone, subnet] of Object.entries(publicSide.subnets)) {
    const role = `${name}-nat-${zone}`;
    const attached = { ...child, dependsOn: [publicSide.internetGateway] };
    const address = new aws.ec2.Eip(role, { region, domain: "vpc", tags: { ...tags, Name: role } }, attached);
    const gateway = new aws.ec2.NatGateway(
      role,
      {
        region,
        subnetId: subnet.id,
        allocationId: address.allocationId,
        connectivityType: "public",
        tags: { ...tags, Name: role },
      },
      attached,
    );
    const routeTableId = privateSide.routeTables[zone]?.id;
    if (routeTableId === undefined) throw new Error(`zone ${zone} has no private route table`);
    new aws.ec2.Route(
      role,
      { region, routeTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
      child,
    );
    nat.gateways[zone] = gateway;
    nat.addresses.push(address.publicIp);
  }
  return nat;
}
