import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { arnOf, logGroupPrefix, partitionOf, type Place } from "./names";
import { policyDocument, type Statement } from "./policy";

/** What endpoints are attached to. */
export interface EndpointSite {
  vpcId: pulumi.Input<string>;
  /** Private subnets by zone. */
  subnets: Record<string, { id: pulumi.Output<string>; cidrBlock: string }>;
  routeTableIds: pulumi.Input<string>[];
}

/** The doors through which tasks reach AWS without any way to the Internet. */
export interface Endpoints {
  securityGroup: aws.ec2.SecurityGroup;
  interfaces: Record<string, aws.ec2.VpcEndpoint>;
  s3: aws.ec2.VpcEndpoint;
}

/**
 * Endpoints for what a Fargate task of platform 1.4.0 asks for when it starts and runs: images (ECR's API and registry, and the S3
 * bucket of its layers), logs, secrets. ECS itself needs none (Amazon ECS and ECR guides, "VPC endpoints").
 */
export function buildEndpoints(name: string, place: Place, site: EndpointSite, child: Child): Endpoints {
  const { region } = place;
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      region,
      vpcId: site.vpcId,
      description: "Endpoints of AWS services for tasks",
      tags: { ...place.tags, Name: `${name}-endpoints` },
    },
    child,
  );
  const rules = Object.entries(site.subnets).map(([zone, subnet]) =>
    buildRule(name, place, zone, { subnet, securityGroup }, child),
  );
  const interfaces = Object.fromEntries(
    interfaceEndpoints(place).map(({ service, statement }) => [
      service,
      new aws.ec2.VpcEndpoint(
        `${name}-${service.replace(".", "-")}`,
        {
          region,
          vpcId: site.vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: Object.values(site.subnets).map((subnet) => subnet.id),
          securityGroupIds: [securityGroup.id],
          policy: policyDocument([statement]),
          tags: { ...place.tags, Name: `${name}-${service}` },
        },
        // Two endpoints of one service cannot both own its private DNS name, so the old one has to go first.
        { ...child, deleteBeforeReplace: true, dependsOn: rules },
      ),
    ]),
  );
  return { securityGroup, interfaces, s3: buildS3(name, place, site, child) };
}

function buildRule(
  name: string,
  place: Place,
  zone: string,
  { subnet, securityGroup }: { subnet: { cidrBlock: string }; securityGroup: aws.ec2.SecurityGroup },
  child: Child,
): aws.vpc.SecurityGroupIngressRule {
  return new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-from-${zone}`,
    {
      region: place.region,
      securityGroupId: securityGroup.id,
      cidrIpv4: subnet.cidrBlock,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: `Tasks in ${zone}`,
      tags: place.tags,
    },
    child,
  );
}

function buildS3(name: string, place: Place, site: EndpointSite, child: Child): aws.ec2.VpcEndpoint {
  const { region } = place;
  // ECR keeps image layers in this bucket (Amazon ECR guide, "Minimum Amazon S3 bucket permissions"). The requests are signed by ECR.
  const layers = `arn:${partitionOf(region)}:s3:::prod-${region}-starport-layer-bucket/*`;
  return new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      region,
      vpcId: site.vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: site.routeTableIds,
      policy: policyDocument([
        { Sid: "ImageLayers", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: layers },
      ]),
      tags: { ...place.tags, Name: `${name}-s3` },
    },
    child,
  );
}

/** Each interface endpoint with the one thing that may be done through it, by principals of this account. */
function interfaceEndpoints(place: Place): { service: string; statement: Statement }[] {
  const allow = (Sid: string, Action: string[], Resource: string): Statement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action,
    Resource,
    Condition: { StringEquals: { "aws:PrincipalAccount": place.accountId } },
  });
  const pull = allow(
    "PullImages",
    ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    "*",
  );
  const groups = arnOf(place, "logs", `log-group:${logGroupPrefix("*")}`);
  return [
    { service: "ecr.api", statement: pull },
    { service: "ecr.dkr", statement: pull },
    { service: "logs", statement: allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], groups) },
    {
      service: "secretsmanager",
      statement: allow("ReadSecrets", ["secretsmanager:GetSecretValue"], arnOf(place, "secretsmanager", "secret:*")),
    },
  ];
}
