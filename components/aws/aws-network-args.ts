import type * as pulumi from "@pulumi/pulumi";

/** What the network of one AWS region is told. */
export interface AwsNetworkArgs {
  /** The vendor's name of the region: `us-east-2`. Changing this replaces the network. */
  region: string;
  /** Account id, 12 digits. Policies name it. */
  accountId: string;
  /** Exactly three zones of the region, by name: `us-east-2a`. They are never looked up. Changing one replaces its subnets and nothing of the other two. */
  availabilityZones: string[];
  /** Address range as CIDR, from /16 to /20, out of RFC 1918: `10.16.0.0/16`. Changing this replaces the network. */
  cidrBlock: string;
  /** Private subnets reach the Internet, each through a NAT gateway in its own zone. Defaults to false. @default false */
  internetEgress?: boolean;
  /** Days for which flow logs are kept: one of CloudWatch's steps from 1 to 3653. Defaults to 90. @default 90 */
  logRetentionDays?: number;
  /** ARN of a KMS key for the flow logs, whose policy lets CloudWatch Logs use it. Defaults to none: CloudWatch's own key. @default - CloudWatch's own key */
  logKeyArn?: pulumi.Input<string>;
  /** Whether AWS refuses to delete the flow logs. Defaults to true. @default true */
  deletionProtected?: boolean;
  /** ARN of the policy that bounds what the flow logs' role may ever do. Defaults to none. @default - none */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags for everything that can carry them. Defaults to none. @default - none */
  tags?: Record<string, string>;
}

/** A network that is already there, brought instead of made. */
export interface AwsNetworkReference {
  /** Id of the VPC. Both its DNS attributes have to be on. Changing this replaces load balancer and service. */
  vpcId: pulumi.Input<string>;
  /** One public subnet in each of the region's three zones, /27 or larger, routed to an internet gateway. */
  publicSubnetIds: pulumi.Input<string>[];
  /** One private subnet in each of the same zones, from which ECR, S3, CloudWatch Logs and Secrets Manager can be reached. */
  privateSubnetIds: pulumi.Input<string>[];
  /** Id of the managed prefix list of the VPC's S3 gateway endpoint, for image layers. Needed unless `internetEgress`. Defaults to none. @default - none */
  s3PrefixListId?: pulumi.Input<string>;
  /** Addresses from which the private subnets reach the Internet. Defaults to none. @default - none */
  egressAddresses?: pulumi.Input<string>[];
}
