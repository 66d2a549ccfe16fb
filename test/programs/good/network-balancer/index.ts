/** Style: a class for each cloud in one file; NLB with a TLS listener over machines in zones, Google beside it. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { network } from "../house/aws-network";
import { failover } from "../house/edge";
import { googleService } from "../house/google-front";
import { domain, edgeRanges } from "../house/settings";

const hostname = `stream.${domain}`;

class Stream extends pulumi.ComponentResource {
  readonly dnsName: pulumi.Output<string>;
  readonly group: aws.autoscaling.Group;

  constructor(name: string, region: string, opts?: pulumi.ComponentResourceOptions) {
    super("house:index:Stream", name, {}, opts);
    const here = { parent: this };
    const { vpcId, publicSubnetIds, privateSubnetIds } = network(
      name,
      [`${region}a`, `${region}c`, `${region}d`],
      here,
    );
    const front = new aws.ec2.SecurityGroup(
      `${name}-front`,
      { vpcId, ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: edgeRanges }] },
      here,
    );
    const inside = new aws.ec2.SecurityGroup(
      `${name}-machines`,
      { vpcId, ingress: [{ protocol: "tcp", fromPort: 9000, toPort: 9000, securityGroups: [front.id] }] },
      here,
    );
    const balancer = new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "network",
        subnetMappings: publicSubnetIds.map((subnetId, place) => ({
          subnetId,
          allocationId: new aws.ec2.Eip(`${name}-${String(place)}`, { domain: "vpc" }, here).allocationId,
        })),
        securityGroups: [front.id],
        enableCrossZoneLoadBalancing: true,
        enableDeletionProtection: true,
      },
      here,
    );
    const targets = new aws.lb.TargetGroup(
      name,
      {
        vpcId,
        port: 9000,
        protocol: "TCP",
        healthCheck: { protocol: "HTTP", port: "9000", path: "/livez", matcher: "200" },
      },
      here,
    );
    const certificate = new aws.acm.Certificate(name, { domainName: hostname, validationMethod: "DNS" }, here);
    new aws.lb.Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "TLS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: certificate.arn,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
      },
      here,
    );
    const template = new aws.ec2.LaunchTemplate(
      name,
      {
        imageId: "ami-0fedcba9876543210",
        vpcSecurityGroupIds: [inside.id],
        metadataOptions: { httpTokens: "required" },
      },
      here,
    );
    this.group = new aws.autoscaling.Group(
      name,
      {
        minSize: 18,
        maxSize: 40,
        vpcZoneIdentifiers: privateSubnetIds,
        mixedInstancesPolicy: {
          instancesDistribution: { onDemandBaseCapacity: 18, onDemandPercentageAboveBaseCapacity: 0 },
          launchTemplate: {
            launchTemplateSpecification: { launchTemplateId: template.id, version: "$Latest" },
            overrides: [{ instanceType: "c7i.large" }, { instanceType: "c6i.large" }],
          },
        },
      },
      here,
    );
    new aws.autoscaling.Attachment(
      name,
      { autoscalingGroupName: this.group.name, lbTargetGroupArn: targets.arn },
      here,
    );
    this.dnsName = balancer.dnsName;
    this.registerOutputs({ dnsName: this.dnsName });
  }
}

const tokyo = new Stream("tokyo", "ap-northeast-1", {
  providers: { aws: new aws.Provider("tokyo", { region: "ap-northeast-1" }) },
});
const osaka = googleService("osaka", { project: "house-stream", region: "asia-northeast2" }, hostname, {
  instances: 18,
  after: [tokyo.group],
});
failover(hostname, { tokyo: tokyo.dnsName, osaka: osaka.address });
