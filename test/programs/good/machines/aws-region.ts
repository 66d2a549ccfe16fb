import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface MachinesArgs {
  region: string;
  machines: number;
  hostname: string;
  edgeRanges: string[];
}

/** An ALB over an Auto Scaling group, in three zones of one region. */
export class AwsMachines extends pulumi.ComponentResource {
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: MachinesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("acme:aws:Machines", name, {}, opts);
    const provider = new aws.Provider(name, { region: args.region }, { parent: this });
    const inRegion = { parent: this, provider };
    const vpc = new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" }, inRegion);
    const subnets = ["a", "b", "c"].map((letter, place) => {
      const availabilityZone = `${args.region}${letter}`;
      return new aws.ec2.Subnet(
        `${name}-${letter}`,
        { vpcId: vpc.id, availabilityZone, cidrBlock: `10.0.${String(place)}.0/24` },
        inRegion,
      ).id;
    });
    const entry = new aws.ec2.SecurityGroup(
      `${name}-entry`,
      { vpcId: vpc.id, ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: args.edgeRanges }] },
      inRegion,
    );
    const inside = new aws.ec2.SecurityGroup(
      `${name}-machines`,
      { vpcId: vpc.id, ingress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: [entry.id] }] },
      inRegion,
    );
    const balancer = new aws.lb.LoadBalancer(name, { securityGroups: [entry.id], subnets }, inRegion);
    const targets = new aws.lb.TargetGroup(
      name,
      { vpcId: vpc.id, port: 8080, protocol: "HTTP", healthCheck: { path: "/ready", matcher: "200" } },
      inRegion,
    );
    new aws.lb.Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        certificateArn: new aws.acm.Certificate(name, { domainName: args.hostname, validationMethod: "DNS" }, inRegion)
          .arn,
        defaultActions: [{ type: "forward", forward: { targetGroups: [{ arn: targets.arn }] } }],
      },
      inRegion,
    );
    const template = new aws.ec2.LaunchTemplate(
      name,
      {
        imageId: "ami-0123456789abcdef0",
        instanceType: "c7g.large",
        updateDefaultVersion: true,
        vpcSecurityGroupIds: [inside.id],
        metadataOptions: { httpTokens: "required" },
      },
      inRegion,
    );
    new aws.autoscaling.Group(
      name,
      {
        minSize: args.machines,
        maxSize: args.machines * 3,
        vpcZoneIdentifiers: subnets,
        targetGroupArns: [targets.arn],
        healthCheckType: "ELB",
        launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
        instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 90, autoRollback: true } },
      },
      inRegion,
    );
    this.address = balancer.dnsName;
    this.registerOutputs({ address: this.address });
  }
}
