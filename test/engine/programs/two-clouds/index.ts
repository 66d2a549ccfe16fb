// An API in two clouds behind Cloudflare, without components of ours: plain resources, a loop, providers that say the region, a secret. What one way of
// recording it knows and another does not is in `test/engine/sources.test.ts`.
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

// A stack would keep it encrypted in its settings; what matters here is that the engine knows it for a secret.
const password = pulumi.secret("a-secret-that-nobody-prints");
const digest = `sha256:${"0".repeat(64)}`;
const hostname = "api.example.com";
const ohio = "us-east-2";
const iowa = "us-central1";
const project = "two-clouds";
const cloudflareAccount = { accountId: "0123456789abcdef0123456789abcdef" };
const zoneId = "fedcba9876543210fedcba9876543210";
const onAws = { provider: new aws.Provider("aws", { region: ohio, allowedAccountIds: ["123456789012"] }) };
const onGoogle = { provider: new gcp.Provider("gcp", { project, region: iowa }) };
const onEdge = {
  provider: new cloudflare.Provider("cloudflare", {
    apiToken: pulumi.secret("0123456789012345678901234567890123456789"),
  }),
};

// AWS: a balancer over three zones in front of Fargate.
const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" }, onAws);
const gateway = new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id }, onAws);
const routes = new aws.ec2.RouteTable("routes", { vpcId: vpc.id }, onAws);
new aws.ec2.Route("out", { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id }, onAws);
const subnets = ["a", "b", "c"].map((letter, place) => {
  const zone = `${ohio}${letter}`;
  const cidrBlock = `10.0.${String(place)}.0/24`;
  const subnet = new aws.ec2.Subnet(zone, { vpcId: vpc.id, cidrBlock, availabilityZone: zone }, onAws);
  new aws.ec2.RouteTableAssociation(zone, { subnetId: subnet.id, routeTableId: routes.id }, onAws);
  return subnet.id;
});
const group = new aws.ec2.SecurityGroup("api", { vpcId: vpc.id, description: "The API" }, onAws);
const fromEdge = {
  securityGroupId: group.id,
  cidrIpv4: "173.245.48.0/20",
  ipProtocol: "tcp",
  fromPort: 80,
  toPort: 80,
};
new aws.vpc.SecurityGroupIngressRule("from-edge", fromEdge, onAws);
const balancer = new aws.lb.LoadBalancer(
  "api",
  { subnets, securityGroups: [group.id] },
  { ...onAws, dependsOn: [gateway] },
);
const target = new aws.lb.TargetGroup(
  "api",
  {
    vpcId: vpc.id,
    targetType: "ip",
    port: 8080,
    protocol: "HTTP",
    healthCheck: { path: "/healthz/ready", matcher: "200" },
  },
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
const role = new aws.iam.Role(
  "api",
  { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }) },
  onAws,
);
const images = new aws.ecr.Repository("api", { name: "api" }, onAws);
const vault = new aws.secretsmanager.Secret("password", { name: "api-password" }, onAws);
new aws.secretsmanager.SecretVersion("password", { secretId: vault.id, secretString: password }, onAws);
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
    containerDefinitions: pulumi.jsonStringify([
      {
        name: "api",
        image: pulumi.interpolate`${images.repositoryUrl}@${digest}`,
        portMappings: [{ containerPort: 8080 }],
        secrets: [{ name: "PASSWORD", valueFrom: vault.arn }],
      },
    ]),
  },
  onAws,
);
new aws.ecs.Service(
  "api",
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 6,
    launchType: "FARGATE",
    networkConfiguration: { subnets, securityGroups: [group.id], assignPublicIp: true },
    loadBalancers: [{ targetGroupArn: target.arn, containerName: "api", containerPort: 8080 }],
  },
  { ...onAws, dependsOn: [listener] },
);

// Google: a regional balancer in front of Cloud Run.
const network = new gcp.compute.Network("network", { autoCreateSubnetworks: false }, onGoogle);
const proxies = new gcp.compute.Subnetwork(
  "proxies",
  { network: network.id, region: iowa, ipCidrRange: "10.1.0.0/23", purpose: "REGIONAL_MANAGED_PROXY", role: "ACTIVE" },
  onGoogle,
);
const service = new gcp.cloudrunv2.Service(
  "api",
  {
    location: iowa,
    ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    scaling: { minInstanceCount: 6 },
    template: { containers: [{ image: `${iowa}-docker.pkg.dev/${project}/api/api@${digest}` }] },
  },
  onGoogle,
);
const endpoints = new gcp.compute.RegionNetworkEndpointGroup(
  "api",
  { region: iowa, networkEndpointType: "SERVERLESS", cloudRun: { service: service.name } },
  onGoogle,
);
const scheme = { loadBalancingScheme: "EXTERNAL_MANAGED" };
const backend = new gcp.compute.RegionBackendService(
  "api",
  { region: iowa, ...scheme, protocol: "HTTP", backends: [{ group: endpoints.id, capacityScaler: 1 }] },
  onGoogle,
);
const urls = new gcp.compute.RegionUrlMap("api", { region: iowa, defaultService: backend.id }, onGoogle);
const authorization = new gcp.certificatemanager.DnsAuthorization(
  "api",
  { location: iowa, domain: hostname, type: "PER_PROJECT_RECORD" },
  onGoogle,
);
const certificate = new gcp.certificatemanager.Certificate(
  "api",
  { location: iowa, managed: { domains: [hostname], dnsAuthorizations: [authorization.id] } },
  onGoogle,
);
const proxy = new gcp.compute.RegionTargetHttpsProxy(
  "api",
  { region: iowa, urlMap: urls.id, certificateManagerCertificates: [certificate.id] },
  onGoogle,
);
const address = new gcp.compute.Address("api", { region: iowa, networkTier: "STANDARD" }, onGoogle);
new gcp.compute.ForwardingRule(
  "api",
  {
    region: iowa,
    ...scheme,
    networkTier: "STANDARD",
    network: network.id,
    ipAddress: address.address,
    portRange: "443",
    target: proxy.id,
  },
  { ...onGoogle, dependsOn: [proxies] },
);

// Cloudflare: a pool for each cloud, AWS first.
const monitor = new cloudflare.LoadBalancerMonitor(
  "api",
  {
    ...cloudflareAccount,
    type: "https",
    path: "/healthz/region",
    expectedCodes: "200",
    interval: 15,
    timeout: 2,
    retries: 1,
    consecutiveDown: 1,
  },
  onEdge,
);
const pools = Object.entries({ [ohio]: balancer.dnsName, [iowa]: address.address }).map(
  ([region, origin]) =>
    new cloudflare.LoadBalancerPool(
      region,
      {
        ...cloudflareAccount,
        name: region,
        origins: [{ name: region, address: origin, enabled: true }],
        monitor: monitor.id,
        checkRegions: ["WNAM", "ENAM", "WEU"],
        minimumOrigins: 1,
      },
      onEdge,
    ),
);
const ids = pools.map(({ id }) => id);
new cloudflare.LoadBalancer(
  "api",
  { zoneId, name: hostname, steeringPolicy: "off", defaultPools: ids, fallbackPool: ids[1] ?? "", proxied: true },
  onEdge,
);

export const token = password;
