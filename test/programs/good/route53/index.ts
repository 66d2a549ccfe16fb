/** Style: default providers from the stack's settings, one resource after another; a second hostname by Route 53 for the day on which the edge fails. */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const domain = config.require("domain");
const hostname = `rates.${domain}`;

const vpc = new aws.ec2.Vpc("rates", { cidrBlock: "10.4.0.0/16" });
const subnets = ["us-east-2a", "us-east-2b", "us-east-2c"].map(
  (zone, place) =>
    new aws.ec2.Subnet(zone, { vpcId: vpc.id, availabilityZone: zone, cidrBlock: `10.4.${String(place)}.0/24` }),
);
const everybody = new aws.ec2.SecurityGroup("everybody", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
});
const inside = new aws.ec2.SecurityGroup("inside", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, securityGroups: [everybody.id] }],
});
const balancer = new aws.lb.LoadBalancer("rates", {
  securityGroups: [everybody.id],
  subnets: subnets.map(({ id }) => id),
  enableDeletionProtection: true,
});
const targets = new aws.lb.TargetGroup("rates", {
  vpcId: vpc.id,
  port: 80,
  protocol: "HTTP",
  healthCheck: { path: "/up", matcher: "200" },
});
const certificate = new aws.acm.Certificate("rates", {
  domainName: hostname,
  subjectAlternativeNames: ["rates.example.net"],
  validationMethod: "DNS",
});
new aws.lb.Listener("rates", {
  loadBalancerArn: balancer.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  certificateArn: certificate.arn,
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});
const template = new aws.ec2.LaunchTemplate("rates", {
  imageId: "ami-0123456789abcdef0",
  instanceType: "m7i.large",
  vpcSecurityGroupIds: [inside.id],
});
const machines = new aws.autoscaling.Group("rates", {
  minSize: 6,
  maxSize: 12,
  vpcZoneIdentifiers: subnets.map(({ id }) => id),
  launchTemplate: { id: template.id },
  targetGroupArns: [targets.arn],
});

const images = new gcp.artifactregistry.Repository("rates", {
  repositoryId: "rates",
  format: "DOCKER",
  location: "us-central1",
});
const service = new gcp.cloudrunv2.Service(
  "rates",
  {
    location: "us-central1",
    ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    invokerIamDisabled: true,
    scaling: { minInstanceCount: 6 },
    template: { containers: [{ image: "us-central1-docker.pkg.dev/acme-rates/rates/api:3" }] },
  },
  { dependsOn: [images, machines] },
);
const group = new gcp.compute.RegionNetworkEndpointGroup("rates", {
  region: "us-central1",
  networkEndpointType: "SERVERLESS",
  cloudRun: { service: service.name },
});
const backend = new gcp.compute.RegionBackendService("rates", {
  loadBalancingScheme: "EXTERNAL_MANAGED",
  protocol: "HTTPS",
  backends: [{ group: group.id, capacityScaler: 1 }],
});
const routes = new gcp.compute.RegionUrlMap("rates", { defaultService: backend.id });
const proxy = new gcp.compute.RegionTargetHttpsProxy("rates", {
  urlMap: routes.id,
  sslPolicy: new gcp.compute.RegionSslPolicy("rates", { profile: "MODERN", minTlsVersion: "TLS_1_2" }).id,
  certificateManagerCertificates: [
    new gcp.certificatemanager.Certificate("rates", {
      location: "us-central1",
      managed: { domains: [hostname, "rates.example.net"] },
    }).id,
  ],
});
const address = new gcp.compute.Address("rates", {});
new gcp.compute.ForwardingRule("rates", {
  loadBalancingScheme: "EXTERNAL_MANAGED",
  network: "default",
  ipAddress: address.address,
  portRange: "443",
  target: proxy.id,
});

// The first hostname: Cloudflare.
const zoneId = config.require("zoneId");
const accountId = config.require("accountId");
const monitor = new cloudflare.LoadBalancerMonitor("rates", {
  accountId,
  type: "https",
  path: "/region",
  expectedCodes: "200",
  interval: 15,
  timeout: 3,
  probeZone: domain,
  header: { Host: [hostname] },
});
const [first, second] = [
  { name: "first", address: balancer.dnsName },
  { name: "second", address: address.address },
].map(
  (origin) =>
    new cloudflare.LoadBalancerPool(origin.name, {
      accountId,
      name: origin.name,
      monitor: monitor.id,
      checkRegions: ["ENAM", "WNAM", "WEU"],
      origins: [origin],
    }).id,
) as [pulumi.Output<string>, pulumi.Output<string>];
new cloudflare.LoadBalancer("rates", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "off",
  defaultPools: [first, second],
  fallbackPool: second,
  adaptiveRouting: { failoverAcrossPools: true },
});
new cloudflare.ZoneSetting("ssl", { zoneId, settingId: "ssl", value: "strict" });
new cloudflare.ZoneSetting("tls", { zoneId, settingId: "min_tls_version", value: "1.2" });

// The second, which API clients know as well: Route 53.
const direct = "rates.example.net";
const zone = new aws.route53.Zone("zone", { name: "example.net" });
const check = (name: string, args: Partial<aws.route53.HealthCheckArgs>) =>
  new aws.route53.HealthCheck(name, {
    type: "HTTPS",
    port: 443,
    resourcePath: "/region",
    requestInterval: 10,
    failureThreshold: 2,
    enableSni: true,
    ...args,
  });
const ohio = check("ohio", { fqdn: balancer.dnsName });
const iowa = check("iowa", { fqdn: direct, ipAddress: address.address });
new aws.route53.Record("ohio", {
  zoneId: zone.zoneId,
  name: direct,
  type: "A",
  setIdentifier: "ohio",
  failoverRoutingPolicies: [{ type: "PRIMARY" }],
  healthCheckId: ohio.id,
  aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
});
new aws.route53.Record("iowa", {
  zoneId: zone.zoneId,
  name: direct,
  type: "A",
  setIdentifier: "iowa",
  ttl: 10,
  failoverRoutingPolicies: [{ type: "SECONDARY" }],
  healthCheckId: iowa.id,
  records: [address.address],
});
new aws.cloudwatch.MetricAlarm("ohio-lost", {
  region: "us-east-1",
  namespace: "AWS/Route53",
  metricName: "HealthCheckStatus",
  dimensions: { HealthCheckId: ohio.id },
  comparisonOperator: "LessThanThreshold",
  threshold: 1,
  evaluationPeriods: 1,
  period: 60,
  statistic: "Minimum",
  alarmActions: [new aws.sns.Topic("on-call", { region: "us-east-1" }).arn],
});
