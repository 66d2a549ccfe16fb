/** Style: one file from top to bottom, one provider a cloud, two regions. ALB and Fargate; regional balancer and Cloud Run. */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const domain = config.require("domain");
const zoneId = config.require("zoneId");
const accountId = config.require("accountId");
const digest = config.require("digest");
const hostname = `api.${domain}`;
const cloudflareRanges = ["173.245.48.0/20", "103.21.244.0/22", "162.158.0.0/15", "104.16.0.0/13", "172.64.0.0/13"];

// --- AWS, Ohio -----------------------------------------------------------------------------------------------------------------
const ohio = new aws.Provider("ohio", { region: "us-east-2" });
const inOhio = { provider: ohio };

const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }, inOhio);
const gateway = new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id }, inOhio);
const routes = new aws.ec2.RouteTable(
  "public",
  { vpcId: vpc.id, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }] },
  inOhio,
);
const subnets = ["us-east-2a", "us-east-2b", "us-east-2c"].map((availabilityZone, place) => {
  const subnet = new aws.ec2.Subnet(
    availabilityZone,
    { vpcId: vpc.id, availabilityZone, cidrBlock: `10.0.${String(place)}.0/24` },
    inOhio,
  );
  new aws.ec2.RouteTableAssociation(availabilityZone, { subnetId: subnet.id, routeTableId: routes.id }, inOhio);
  return subnet.id;
});

const entry = new aws.ec2.SecurityGroup(
  "entry",
  { vpcId: vpc.id, ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: cloudflareRanges }] },
  inOhio,
);
const tasks = new aws.ec2.SecurityGroup(
  "tasks",
  {
    vpcId: vpc.id,
    ingress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: [entry.id] }],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  },
  inOhio,
);
new aws.vpc.SecurityGroupEgressRule(
  "entry-to-tasks",
  {
    securityGroupId: entry.id,
    referencedSecurityGroupId: tasks.id,
    ipProtocol: "tcp",
    fromPort: 8080,
    toPort: 8080,
  },
  inOhio,
);

const balancer = new aws.lb.LoadBalancer(
  "api",
  { securityGroups: [entry.id], subnets, enableDeletionProtection: true },
  inOhio,
);
const targets = new aws.lb.TargetGroup(
  "api",
  {
    vpcId: vpc.id,
    targetType: "ip",
    port: 8080,
    protocol: "HTTP",
    healthCheck: { path: "/healthz/ready", matcher: "200" },
  },
  inOhio,
);
const certificate = new aws.acm.Certificate("api", { domainName: hostname, validationMethod: "DNS" }, inOhio);
const listener = new aws.lb.Listener(
  "https",
  {
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificateArn: certificate.arn,
    defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
  },
  inOhio,
);

const images = new aws.ecr.Repository("api", { imageTagMutability: "IMMUTABLE" }, inOhio);
const logs = new aws.cloudwatch.LogGroup("api", { retentionInDays: 90 }, inOhio);
const secret = new aws.secretsmanager.Secret("signing-key", {}, inOhio);
const role = new aws.iam.Role(
  "execution",
  {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
    managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"],
  },
  inOhio,
);
const cluster = new aws.ecs.Cluster("api", {}, inOhio);
const task = new aws.ecs.TaskDefinition(
  "api",
  {
    family: "api",
    cpu: "1024",
    memory: "2048",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    executionRoleArn: role.arn,
    containerDefinitions: pulumi.jsonStringify([
      {
        name: "api",
        image: pulumi.interpolate`${images.repositoryUrl}@${digest}`,
        essential: true,
        portMappings: [{ containerPort: 8080 }],
        secrets: [{ name: "SIGNING_KEY", valueFrom: secret.arn }],
        logConfiguration: {
          logDriver: "awslogs",
          options: { "awslogs-group": logs.name, "awslogs-region": "us-east-2", "awslogs-stream-prefix": "api" },
        },
      },
    ]),
  },
  inOhio,
);
const service = new aws.ecs.Service(
  "api",
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 9,
    launchType: "FARGATE",
    loadBalancers: [{ targetGroupArn: targets.arn, containerName: "api", containerPort: 8080 }],
    networkConfiguration: { subnets, securityGroups: [tasks.id], assignPublicIp: true },
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
  { ...inOhio, dependsOn: [listener] },
);

// --- Google, Iowa --------------------------------------------------------------------------------------------------------------
const region = "us-central1";
const google = new gcp.Provider("google", { project: config.require("project"), region });
const inIowa = { provider: google };

const network = new gcp.compute.Network("api", { autoCreateSubnetworks: false }, inIowa);
new gcp.compute.Subnetwork(
  "proxies",
  {
    network: network.id,
    region,
    ipCidrRange: "10.9.0.0/23",
    purpose: "REGIONAL_MANAGED_PROXY",
    role: "ACTIVE",
  },
  inIowa,
);
const repository = new gcp.artifactregistry.Repository(
  "api",
  { location: region, repositoryId: "api", format: "DOCKER" },
  inIowa,
);
const googleSecret = new gcp.secretmanager.Secret(
  "signing-key",
  { secretId: "signing-key", replication: { userManaged: { replicas: [{ location: region }] } } },
  inIowa,
);
const run = new gcp.cloudrunv2.Service(
  "api",
  {
    location: region,
    ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    invokerIamDisabled: true,
    scaling: { minInstanceCount: 9 },
    template: {
      containers: [
        {
          image: pulumi.interpolate`${repository.registryUri}/api@${digest}`,
          envs: [
            { name: "SIGNING_KEY", valueSource: { secretKeyRef: { secret: googleSecret.secretId, version: "1" } } },
          ],
        },
      ],
    },
  },
  // One region after the other: a bad image stops in the first.
  { ...inIowa, dependsOn: [service] },
);
const group = new gcp.compute.RegionNetworkEndpointGroup(
  "api",
  { region, networkEndpointType: "SERVERLESS", cloudRun: { service: run.name } },
  inIowa,
);
const armor = new gcp.compute.RegionSecurityPolicy(
  "cloudflare-only",
  {
    region,
    type: "CLOUD_ARMOR",
    rules: [
      {
        priority: 1000,
        action: "allow",
        match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: cloudflareRanges } },
      },
      {
        priority: 2147483647,
        action: "deny(403)",
        match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
      },
    ],
  },
  inIowa,
);
const backend = new gcp.compute.RegionBackendService(
  "api",
  {
    region,
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTPS",
    backends: [{ group: group.id, capacityScaler: 1, balancingMode: "UTILIZATION" }],
    securityPolicy: armor.id,
  },
  inIowa,
);
const googleCertificate = new gcp.certificatemanager.Certificate(
  "api",
  { location: region, managed: { domains: [hostname] } },
  inIowa,
);
const proxy = new gcp.compute.RegionTargetHttpsProxy(
  "api",
  {
    region,
    urlMap: new gcp.compute.RegionUrlMap("api", { region, defaultService: backend.id }, inIowa).id,
    sslPolicy: new gcp.compute.RegionSslPolicy(
      "modern",
      { region, profile: "MODERN", minTlsVersion: "TLS_1_2" },
      inIowa,
    ).id,
    certificateManagerCertificates: [googleCertificate.id],
  },
  inIowa,
);
const address = new gcp.compute.Address("api", { region }, inIowa);
new gcp.compute.ForwardingRule(
  "https",
  {
    region,
    loadBalancingScheme: "EXTERNAL_MANAGED",
    network: network.id,
    ipAddress: address.address,
    portRange: "443",
    target: proxy.id,
  },
  inIowa,
);

// --- Cloudflare ----------------------------------------------------------------------------------------------------------------
const monitor = new cloudflare.LoadBalancerMonitor("deep", {
  accountId,
  type: "https",
  method: "GET",
  path: "/healthz/region",
  expectedCodes: "200",
  interval: 15,
  timeout: 2,
  retries: 1,
  probeZone: domain,
  header: { Host: [hostname] },
});
const pools = Object.entries({ ohio: balancer.dnsName, iowa: address.address }).map(
  ([name, origin]) =>
    new cloudflare.LoadBalancerPool(name, {
      accountId,
      name,
      monitor: monitor.id,
      checkRegions: ["ENAM", "WNAM", "WEU"],
      origins: [{ name, address: origin, header: { hosts: [hostname] } }],
    }),
);
new cloudflare.LoadBalancer("api", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "off",
  defaultPools: pools.map(({ id }) => id),
  fallbackPool: pools[1]?.id ?? "",
  adaptiveRouting: { failoverAcrossPools: true },
});
new cloudflare.NotificationPolicy("pools", {
  accountId,
  name: "A pool changed its health",
  alertType: "load_balancing_health_alert",
  enabled: true,
  filters: { poolIds: pools.map(({ id }) => id) },
  mechanisms: { emails: [{ id: "oncall@example.com" }] },
});
for (const [settingId, value] of [
  ["ssl", "strict"],
  ["min_tls_version", "1.2"],
] as const)
  new cloudflare.ZoneSetting(settingId, { zoneId, settingId, value });
