import * as aws from "@pulumi/aws";
import type { Child } from "../child";
import { boundedName } from "../sizing/names";
import type { AwsNetworkArgs } from "./aws-network-args";
import { arnOf, logGroupName, type Place } from "./names";
import { policyDocument, serviceTrust } from "./policy";

/** The role's name has at most 64 characters, of which Pulumi's suffix takes 8. */
const ROLE_NAME_MAX = 56;

/** What is accepted and refused in the VPC, kept in a log group of its own. */
export function buildFlowLog(
  name: string,
  place: Place,
  args: AwsNetworkArgs,
  vpc: aws.ec2.Vpc,
  child: Child,
): aws.ec2.FlowLog {
  const { region, accountId, tags } = place;
  const groupName = logGroupName(name, "flow");
  const groupArn = arnOf(place, "logs", `log-group:${groupName}`);
  const group = new aws.cloudwatch.LogGroup(
    `${name}-flow`,
    {
      region,
      name: groupName,
      retentionInDays: args.logRetentionDays ?? 90,
      deletionProtectionEnabled: args.deletionProtected ?? true,
      ...(args.logKeyArn === undefined ? {} : { kmsKeyId: args.logKeyArn }),
      tags,
    },
    child,
  );
  const role = new aws.iam.Role(
    boundedName(name, "flow", ROLE_NAME_MAX),
    {
      description: `Writes flow logs of ${name}`,
      assumeRolePolicy: serviceTrust("vpc-flow-logs.amazonaws.com", {
        accountId,
        sourceArn: arnOf(place, "ec2", "vpc-flow-log/*"),
      }),
      ...(args.permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: args.permissionsBoundaryArn }),
      tags,
    },
    child,
  );
  const rights = new aws.iam.RolePolicy(
    `${name}-flow`,
    {
      role: role.id,
      policy: policyDocument([
        {
          Sid: "WriteFlowLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [groupArn, `${groupArn}:*`],
        },
        { Sid: "FindGroup", Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
      ]),
    },
    child,
  );
  return new aws.ec2.FlowLog(
    `${name}-flow`,
    {
      region,
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: { ...tags, Name: `${name}-flow` },
    },
    { ...child, dependsOn: [rights] },
  );
}
