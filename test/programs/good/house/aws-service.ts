import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { network } from "./aws-network";
import { edgeRanges } from "./settings";

export interface ServiceArgs {
  region: string;
  hostname: string;
  tasks: number;
  provider?: aws.Provider;
  environment?: Record<string, pulumi.Input<string>>;
  after?: pulumi.Resource[];
}

/** Fargate behind an ALB; the region is said to the provider, or with each resource where there is none. */
export function awsService(name: string, args: ServiceArgs) {
  const { region, provider, hostname, tasks } = args;
  const opts: pulumi.CustomResourceOptions = provider === undefined ? {} : { provider };
  const here = provider === undefined ? { region } : {};
  const zones = ["a", "b", "c"].map((letter) => `${region}${letter}`);
  const { vpcId, publicSubnetIds, privateSubnetIds } = network(name, zones, { ...opts, ...here });
  const open = new aws.ec2.SecurityGroup(`${name}-lb`, { ...here, vpcId, description: "Cloudflare alone" }, opts);
  edgeRanges.forEach((cidrIpv4) => {
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-${cidrIpv4}`,
      { ...here, securityGroupId: open.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4 },
      opts,
    );
  });
  const inside = new aws.ec2.SecurityGroup(
    `${name}-tasks`,
    {
      ...here,
      vpcId,
      ingress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: [open.id] }],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    },
    opts,
  );
  const balancer = new aws.lb.LoadBalancer(
    name,
    { ...here, securityGroups: [open.id], subnets: publicSubnetIds, enableDeletionProtection: true },
    opts,
  );
  const targets = new aws.lb.TargetGroup(
    name,
    {
      ...here,
      vpcId,
      targetType: "ip",
      port: 8080,
      protocol: "HTTP",
      deregistrationDelay: 30,
      healthCheck: { path: "/livez", matcher: "200", interval: 10 },
    },
    opts,
  );
  const certificate = new aws.acm.Certificate(name, { ...here, domainName: hostname, validationMethod: "DNS" }, opts);
  const listener = new aws.lb.Listener(
    name,
    {
      ...here,
      loadBalancerArn: balancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn: certificate.arn,
      defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
    },
    opts,
  );
  const repository = new aws.ecr.Repository(name, { ...here, imageTagMutability: "IMMUTABLE" }, opts);
  const cluster = new aws.ecs.Cluster(name, { ...here }, opts);
  const task = new aws.ecs.TaskDefinition(
    name,
    {
      ...here,
      family: name,
      cpu: "1024",
      memory: "2048",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      containerDefinitions: pulumi.jsonStringify([
        {
          name: "api",
          image: pulumi.interpolate`${repository.repositoryUrl}:v42`,
          portMappings: [{ containerPort: 8080 }],
          environment: Object.entries({ REGION: region, ...args.environment }).map(([key, value]) => ({
            name: key,
            value,
          })),
        },
      ]),
    },
    opts,
  );
  const service = new aws.ecs.Service(
    name,
    {
      ...here,
      cluster: cluster.arn,
      taskDefinition: task.arn,
      launchType: "FARGATE",
      desiredCount: tasks,
      loadBalancers: [{ targetGroupArn: targets.arn, containerName: "api", containerPort: 8080 }],
      networkConfiguration: { subnets: privateSubnetIds, securityGroups: [inside.id] },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      waitForSteadyState: true,
    },
    { ...opts, dependsOn: [listener, ...(args.after ?? [])] },
  );
  return { balancer, service };
}
