/** Style: capacity providers, autoscaling with a floor, zonal groups under one backend, pools with coordinates. */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { network } from "../house/aws-network";
import { googleFront } from "../house/google-front";
import { accountId, domain, edgeRanges, zoneId } from "../house/settings";

const hostname = `match.${domain}`;
const pools: cloudflare.LoadBalancerPool[] = [];

const monitor = new cloudflare.LoadBalancerMonitor("match", {
  accountId,
  type: "https",
  path: "/deep",
  expectedCodes: "200",
  interval: 15,
  timeout: 2,
  retries: 2,
  probeZone: domain,
  header: { Host: [hostname] },
});
const pool = (name: string, address: pulumi.Input<string>, latitude: number, longitude: number) => {
  const made = new cloudflare.LoadBalancerPool(name, {
    accountId,
    name,
    latitude,
    longitude,
    monitor: monitor.id,
    checkRegions: ["WEU", "EEU", "ENAM"],
    origins: [{ name, address }],
  });
  pools.push(made);
};

let before: pulumi.Resource[] = [];
const places = [
  { region: "eu-central-1", latitude: 50.1, longitude: 8.7 },
  { region: "eu-south-2", latitude: 41.6, longitude: -0.9 },
];
for (const { region, latitude, longitude } of places) {
  const { vpcId, publicSubnetIds, privateSubnetIds } = network(region, [`${region}a`, `${region}b`, `${region}c`], {
    region,
  });
  const front = new aws.ec2.SecurityGroup(`${region}-front`, { region, vpcId });
  const ranges = new aws.ec2.ManagedPrefixList(`${region}-cloudflare`, {
    region,
    addressFamily: "IPv4",
    maxEntries: 20,
    entries: edgeRanges.map((cidr) => ({ cidr })),
  });
  new aws.ec2.SecurityGroupRule(`${region}-front`, {
    region,
    type: "ingress",
    securityGroupId: front.id,
    prefixListIds: [ranges.id],
    protocol: "tcp",
    fromPort: 443,
    toPort: 443,
  });
  const inside = new aws.ec2.SecurityGroup(`${region}-inside`, { region, vpcId });
  new aws.ec2.SecurityGroupRule(`${region}-inside`, {
    region,
    type: "ingress",
    securityGroupId: inside.id,
    sourceSecurityGroupId: front.id,
    protocol: "tcp",
    fromPort: 32768,
    toPort: 65535,
  });
  const balancer = new aws.alb.LoadBalancer(region, {
    region,
    subnets: publicSubnetIds,
    securityGroups: [front.id],
    enableDeletionProtection: true,
  });
  const targets = new aws.alb.TargetGroup(region, {
    region,
    vpcId,
    port: 8080,
    protocol: "HTTP",
    healthCheck: { path: "/shallow", matcher: "200-299" },
  });
  const listener = new aws.alb.Listener(region, {
    region,
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificateArn: new aws.acm.Certificate(region, { region, domainName: hostname, validationMethod: "DNS" }).arn,
    defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }],
  });
  new aws.alb.ListenerRule(region, {
    region,
    listenerArn: listener.arn,
    conditions: [{ hostHeader: { values: [hostname] } }],
    actions: [{ type: "forward", targetGroupArn: targets.arn }],
  });
  const template = new aws.ec2.LaunchTemplate(region, {
    region,
    imageId: "ami-0123456789abcdef0",
    instanceType: "m7i.2xlarge",
    vpcSecurityGroupIds: [inside.id],
    metadataOptions: { httpTokens: "required" },
  });
  const machines = new aws.autoscaling.Group(region, {
    region,
    minSize: 6,
    maxSize: 12,
    vpcZoneIdentifiers: privateSubnetIds,
    launchTemplate: { id: template.id, version: "$Latest" },
    tags: [{ key: "AmazonECSManaged", value: "true", propagateAtLaunch: true }],
  });
  const provider = new aws.ecs.CapacityProvider(region, {
    region,
    autoScalingGroupProvider: { autoScalingGroupArn: machines.arn, managedScaling: { status: "ENABLED" } },
  });
  const cluster = new aws.ecs.Cluster(region, { region });
  new aws.ecs.ClusterCapacityProviders(region, {
    region,
    clusterName: cluster.name,
    capacityProviders: [provider.name],
  });
  const images = new aws.ecr.Repository(region, { region, imageTagMutability: "IMMUTABLE" });
  const task = new aws.ecs.TaskDefinition(region, {
    region,
    family: "match",
    containerDefinitions: images.repositoryUrl.apply((url) =>
      JSON.stringify([
        { name: "match", image: `${url}:2.0.1`, memory: 2048, portMappings: [{ containerPort: 8080, hostPort: 0 }] },
      ]),
    ),
  });
  const service = new aws.ecs.Service(
    region,
    {
      region,
      cluster: cluster.id,
      taskDefinition: task.arn,
      desiredCount: 18,
      capacityProviderStrategies: [{ capacityProvider: provider.name, weight: 1, base: 18 }],
      loadBalancers: [{ targetGroupArn: targets.arn, containerName: "match", containerPort: 8080 }],
      deploymentCircuitBreaker: { enable: true, rollback: true },
      waitForSteadyState: true,
    },
    { dependsOn: [listener, ...before], ignoreChanges: ["desiredCount"] },
  );
  new aws.appautoscaling.Target(region, {
    region,
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
    minCapacity: 18,
    maxCapacity: 60,
  });
  before = [service];
  pool(region, balancer.dnsName, latitude, longitude);
}

const here = { project: "house-match", region: "europe-north1" };
const ready = new gcp.compute.RegionHealthCheck("match", {
  ...here,
  httpsHealthCheck: { port: 8443, requestPath: "/shallow" },
});
const template = new gcp.compute.InstanceTemplate("match", {
  project: here.project,
  machineType: "n2-standard-8",
  disks: [{ sourceImage: "projects/house-match/global/images/match-2", boot: true }],
  networkInterfaces: [{ network: "default" }],
});
const groups = ["a", "b", "c"].map(
  (letter) =>
    new gcp.compute.InstanceGroupManager(
      `match-${letter}`,
      {
        project: here.project,
        zone: `${here.region}-${letter}`,
        baseInstanceName: "match",
        targetSize: 8,
        namedPorts: [{ name: "https", port: 8443 }],
        versions: [{ instanceTemplate: template.selfLink }],
      },
      { dependsOn: before },
    ),
);
pool(
  "europe-north1",
  googleFront(
    "match",
    here,
    hostname,
    groups.map(({ instanceGroup }) => ({ group: instanceGroup, capacityScaler: 1 })),
    ready.id,
  ),
  60.6,
  27.2,
);

new cloudflare.LoadBalancer("match", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "proximity",
  defaultPools: pools.map(({ id }) => id),
  fallbackPool: pools[2]?.id ?? "",
  adaptiveRouting: { failoverAcrossPools: true },
});
for (const [settingId, value] of Object.entries({ ssl: "strict", min_tls_version: "1.2" }))
  new cloudflare.ZoneSetting(settingId, { zoneId, settingId, value });
