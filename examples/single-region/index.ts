/**
 * An API as many teams run it: one load balancer, one service, one region, Cloudflare in front. Each part of it is common advice. On
 * 20 October 2025 designs like this one were out with their region for most of a day.
 *
 * This is the counterexample of the documentation and of the tests: `twodoor check` has to refuse it.
 */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const zoneId = config.require("zoneId");
const accountId = config.require("cloudflareAccountId");
const zones = ["us-east-1a", "us-east-1b"];

const vpc = new aws.ec2.Vpc("api", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
const gateway = new aws.ec2.InternetGateway("api", { vpcId: vpc.id });
const routes = new aws.ec2.RouteTable("api", {
  vpcId: vpc.id,
  routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }],
});
const subnets = zones.map((zone, place) => {
  const subnet = new aws.ec2.Subnet(`api-${zone}`, {
    vpcId: vpc.id,
    availabilityZone: zone,
    cidrBlock: `10.0.${String(place)}.0/24`,
  });
  new aws.ec2.RouteTableAssociation(`api-${zone}`, { subnetId: subnet.id, routeTableId: routes.id });
  return subnet;
});

const entryGroup = new aws.ec2.SecurityGroup("entry", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});
const taskGroup = new aws.ec2.SecurityGroup("tasks", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: [entryGroup.id] }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});

const balancer = new aws.lb.LoadBalancer("api", {
  loadBalancerType: "application",
  securityGroups: [entryGroup.id],
  subnets: subnets.map(({ id }) => id),
});
const targets = new aws.lb.TargetGroup("api", {
  vpcId: vpc.id,
  port: 8080,
  protocol: "HTTP",
  targetType: "ip",
  healthCheck: { path: "/healthz/ready", matcher: "200" },
});
const certificate = new aws.acm.Certificate("api", { domainName: "api.example.com", validationMethod: "DNS" });
const asked = certificate.domainValidationOptions.apply(([first]) => {
  if (first === undefined) throw new Error("ACM asks for one record for each name of a certificate");
  return first;
});
const proof = new cloudflare.DnsRecord("api-certificate", {
  zoneId,
  name: asked.resourceRecordName,
  type: asked.resourceRecordType,
  content: asked.resourceRecordValue,
  ttl: 300,
});
const issued = new aws.acm.CertificateValidation("api", { certificateArn: certificate.arn }, { dependsOn: [proof] });
const listener = new aws.lb.Listener("api", {
  loadBalancerArn: balancer.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  certificateArn: issued.certificateArn,
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});

const images = new aws.ecr.Repository("api", { imageTagMutability: "IMMUTABLE" });
const role = new aws.iam.Role("execution", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
});
const cluster = new aws.ecs.Cluster("api", {});
const task = new aws.ecs.TaskDefinition("api", {
  family: "api",
  cpu: "512",
  memory: "1024",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  executionRoleArn: role.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "api",
      image: pulumi.interpolate`${images.repositoryUrl}:1.4.2`,
      essential: true,
      portMappings: [{ containerPort: 8080 }],
    },
  ]),
});
new aws.ecs.Service(
  "api",
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 4,
    launchType: "FARGATE",
    loadBalancers: [{ targetGroupArn: targets.arn, containerName: "api", containerPort: 8080 }],
    networkConfiguration: {
      subnets: subnets.map(({ id }) => id),
      securityGroups: [taskGroup.id],
      assignPublicIp: true,
    },
  },
  { dependsOn: [listener] },
);

const monitor = new cloudflare.LoadBalancerMonitor("api", {
  accountId,
  type: "https",
  path: "/healthz/ready",
  expectedCodes: "200",
});
const pool = new cloudflare.LoadBalancerPool("us-east-1", {
  accountId,
  name: "us-east-1",
  monitor: monitor.id,
  origins: [{ name: "us-east-1", address: balancer.dnsName }],
});
new cloudflare.LoadBalancer("api", {
  zoneId,
  name: "api.example.com",
  proxied: true,
  defaultPools: [pool.id],
  fallbackPool: pool.id,
});
