// An API behind Cloudflare that stands in one region of one cloud: what the rules are for.
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

const region = "us-east-2";
const zones = [`${region}a`, `${region}b`];
const image = `123456789012.dkr.ecr.${region}.amazonaws.com/api@sha256:${"0".repeat(64)}`;
const cloudflareAccount = { accountId: "0123456789abcdef0123456789abcdef" };
const zoneId = "fedcba9876543210fedcba9876543210";
const provider = {
  aws: new aws.Provider("aws", { region, allowedAccountIds: ["123456789012"], skipCredentialsValidation: true }),
  cloudflare: new cloudflare.Provider("cloudflare", { apiToken: "0123456789012345678901234567890123456789" }),
};
const onAws = { provider: provider.aws };
const onEdge = { provider: provider.cloudflare };

const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" }, onAws);
const gateway = new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id }, onAws);
const routes = new aws.ec2.RouteTable("routes", { vpcId: vpc.id }, onAws);
new aws.ec2.Route("out", { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id }, onAws);
const subnets = zones.map((zone, place) => {
  const cidrBlock = `10.0.${String(place)}.0/24`;
  const subnet = new aws.ec2.Subnet(zone, { vpcId: vpc.id, cidrBlock, availabilityZone: zone }, onAws);
  new aws.ec2.RouteTableAssociation(zone, { subnetId: subnet.id, routeTableId: routes.id }, onAws);
  return subnet.id;
});
const group = new aws.ec2.SecurityGroup("api", { vpcId: vpc.id, description: "The API" }, onAws);
const open = { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 80, toPort: 80 };
new aws.vpc.SecurityGroupIngressRule("from-anywhere", open, onAws);
const balancer = new aws.lb.LoadBalancer(
  "api",
  { subnets, securityGroups: [group.id] },
  { ...onAws, dependsOn: [gateway] },
);
const target = new aws.lb.TargetGroup(
  "api",
  { vpcId: vpc.id, targetType: "ip", port: 8080, protocol: "HTTP", healthCheck: { path: "/healthz" } },
  onAws,
);
const listener = new aws.lb.Listener(
  "http",
  {
    loadBalancerArn: balancer.arn,
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "forward", targetGroupArn: target.arn }],
  },
  onAws,
);
const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" });
const role = new aws.iam.Role("api", { assumeRolePolicy }, onAws);
const cluster = new aws.ecs.Cluster("api", {}, onAws);
const task = new aws.ecs.TaskDefinition(
  "api",
  {
    family: "api",
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    executionRoleArn: role.arn,
    containerDefinitions: JSON.stringify([{ name: "api", image, portMappings: [{ containerPort: 8080 }] }]),
  },
  onAws,
);
new aws.ecs.Service(
  "api",
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 2,
    launchType: "FARGATE",
    networkConfiguration: { subnets, securityGroups: [group.id], assignPublicIp: true },
    loadBalancers: [{ targetGroupArn: target.arn, containerName: "api", containerPort: 8080 }],
  },
  { ...onAws, dependsOn: [listener] },
);

const monitor = new cloudflare.LoadBalancerMonitor(
  "api",
  { ...cloudflareAccount, type: "http", path: "/healthz", expectedCodes: "200", interval: 60 },
  onEdge,
);
const pool = new cloudflare.LoadBalancerPool(
  "ohio",
  {
    ...cloudflareAccount,
    name: "ohio",
    origins: [{ name: "ohio", address: balancer.dnsName, enabled: true }],
    monitor: monitor.id,
    checkRegions: ["ENAM"],
  },
  onEdge,
);
new cloudflare.LoadBalancer(
  "api",
  { zoneId, name: "api.example.com", defaultPools: [pool.id], fallbackPool: pool.id, proxied: true },
  onEdge,
);

export const token = pulumi.secret("a-secret-that-nobody-prints");
