/**
 * A raw two-cloud design, without components of ours, that breaks no rule: the baseline from which tests take one thing away.
 *
 * `api.example.com` behind Cloudflare; AWS us-east-2 and us-west-2 (ALB, Fargate), Google us-central1 and us-east4 (regional balancer,
 * Cloud Run); a journal of five voters, 2 + 2 + 1. Names are `<region>-<role>`: `us-east-2-lb`. Grow it where a rule asks for more.
 */
import type { Declared } from "../../resilience/declared";
import {
  AWS_REGIONS,
  DIGEST,
  EDGE_RANGES,
  GOOGLE_REGIONS,
  googleProject,
  googleRegion,
  servicesBefore,
} from "./designs-google";
import { designFrom, join, json, ref, resource, type DraftGraph, type Literal } from "./graphs";

export * from "./graphs";

/** The hostname of the good design. */
export const HOSTNAME = "api.example.com";

/** The baseline. Each call gives the same. */
export function goodDesign(): DraftGraph {
  return designFrom([
    ...AWS_REGIONS.flatMap(awsRegion),
    ...GOOGLE_REGIONS.flatMap(googleRegion),
    ...witness(),
    ...edge(),
  ]);
}

/** What its owners declare in the settings: it carries 4,000 requests in a second, 200 with each task or instance. */
export function goodDeclared(): Declared {
  return {
    ...nothingDeclared(),
    capacity: { peakRequestsPerSecond: 4000, requestsPerSecondPerUnit: 200, perUnit: {}, worstSharePercent: undefined },
  };
}

/** What holds where nobody declares anything. */
export function nothingDeclared(): Declared {
  return { capacity: undefined, hostnames: new Map(), quorums: [], propagationSeconds: 2, origins: {} };
}

function awsRegion(region: string): Literal[] {
  return [...awsNetwork(region), ...awsEntry(region), ...awsService(region), ...awsJournal(region)];
}

function awsZones(region: string): string[] {
  return ["a", "b", "c"].map((letter) => `${region}${letter}`);
}

function awsNetwork(region: string): Literal[] {
  const vpcId = ref(`${region}-vpc`);
  const subnets = awsZones(region).flatMap((availabilityZone, place) =>
    ["public", "private"].map((tier, offset) =>
      resource("aws:ec2/subnet:Subnet", `${region}-${tier}-${availabilityZone}`, {
        region,
        vpcId,
        availabilityZone,
        cidrBlock: `10.0.${String(place * 2 + offset)}.0/24`,
        mapPublicIpOnLaunch: false,
      }),
    ),
  );
  const group = (role: string, description: string): Literal =>
    resource("aws:ec2/securityGroup:SecurityGroup", `${region}-${role}-group`, { region, vpcId, description });
  return [
    resource("aws:ec2/vpc:Vpc", `${region}-vpc`, { region, cidrBlock: "10.0.0.0/16" }),
    ...subnets,
    resource("aws:ec2/managedPrefixList:ManagedPrefixList", `${region}-edge-ranges`, {
      region,
      addressFamily: "IPv4",
      maxEntries: 20,
      entries: EDGE_RANGES.map((cidr) => ({ cidr, description: "Cloudflare" })),
    }),
    group("lb", "Load balancer"),
    group("task", "Tasks"),
    resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `${region}-lb-from-edge`, {
      region,
      securityGroupId: ref(`${region}-lb-group`),
      prefixListId: ref(`${region}-edge-ranges`),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    }),
    resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `${region}-task-from-lb`, {
      region,
      securityGroupId: ref(`${region}-task-group`),
      referencedSecurityGroupId: ref(`${region}-lb-group`),
      ipProtocol: "tcp",
      fromPort: 8080,
      toPort: 8080,
    }),
  ];
}

function awsEntry(region: string): Literal[] {
  return [
    ...privateBucket(region, "access-logs"),
    resource(
      "aws:lb/loadBalancer:LoadBalancer",
      `${region}-lb`,
      {
        region,
        loadBalancerType: "application",
        internal: false,
        subnets: awsZones(region).map((zone) => ref(`${region}-public-${zone}`)),
        securityGroups: [ref(`${region}-lb-group`)],
        enableDeletionProtection: true,
        dropInvalidHeaderFields: true,
        accessLogs: { bucket: ref(`${region}-access-logs`, "bucket"), enabled: true },
      },
      { answers: { dnsName: `lb-0123456789.${region}.elb.amazonaws.com` } },
    ),
    resource("aws:acm/certificate:Certificate", `${region}-certificate`, {
      region,
      domainName: HOSTNAME,
      validationMethod: "DNS",
    }),
    resource("aws:lb/trustStore:TrustStore", `${region}-edge-ca`, {
      region,
      caCertificatesBundleS3Bucket: "example-origin-pull",
      caCertificatesBundleS3Key: "authorities.pem",
    }),
    resource("aws:lb/targetGroup:TargetGroup", `${region}-targets`, {
      region,
      vpcId: ref(`${region}-vpc`),
      targetType: "ip",
      port: 8080,
      protocol: "HTTP",
      healthCheck: { path: "/healthz/ready", matcher: "200", interval: 10, timeout: 5, unhealthyThreshold: 3 },
    }),
    resource("aws:lb/listener:Listener", `${region}-https`, {
      region,
      loadBalancerArn: ref(`${region}-lb`, "arn"),
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificateArn: ref(`${region}-certificate`, "arn"),
      mutualAuthentication: { mode: "verify", trustStoreArn: ref(`${region}-edge-ca`, "arn") },
      defaultActions: [{ type: "forward", targetGroupArn: ref(`${region}-targets`, "arn") }],
    }),
  ];
}

function privateBucket(region: string, role: string): Literal[] {
  const bucket = ref(`${region}-${role}`, "bucket");
  return [
    resource("aws:s3/bucket:Bucket", `${region}-${role}`, { region, forceDestroy: false }),
    resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", `${region}-${role}-private`, {
      region,
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
    resource("aws:s3/bucketVersioning:BucketVersioning", `${region}-${role}-versions`, {
      region,
      bucket,
      versioningConfiguration: { status: "Enabled" },
    }),
  ];
}

function awsService(region: string): Literal[] {
  const subnets = awsZones(region).map((zone) => ref(`${region}-private-${zone}`));
  return [
    resource("aws:kms/key:Key", `${region}-key`, { region, enableKeyRotation: true, deletionWindowInDays: 30 }),
    resource(
      "aws:ecr/repository:Repository",
      `${region}-images`,
      { region, name: "exchange", forceDelete: false },
      {
        answers: { repositoryUrl: `123456789012.dkr.ecr.${region}.amazonaws.com/exchange` },
      },
    ),
    resource("aws:secretsmanager/secret:Secret", `${region}-credentials`, {
      region,
      kmsKeyId: ref(`${region}-key`, "arn"),
      recoveryWindowInDays: 30,
    }),
    resource("aws:cloudwatch/logGroup:LogGroup", `${region}-logs`, {
      region,
      name: `/exchange/${region}`,
      retentionInDays: 90,
      kmsKeyId: ref(`${region}-key`, "arn"),
    }),
    resource("aws:iam/role:Role", `${region}-task-role`, { assumeRolePolicy: "{}" }),
    resource("aws:ecs/cluster:Cluster", `${region}-cluster`, { region, name: "exchange" }),
    resource("aws:ecs/taskDefinition:TaskDefinition", `${region}-task`, {
      region,
      family: "exchange",
      cpu: "2048",
      memory: "4096",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      executionRoleArn: ref(`${region}-task-role`, "arn"),
      containerDefinitions: json([awsContainer(region)]),
    }),
    resource(
      "aws:ecs/service:Service",
      `${region}-service`,
      {
        region,
        name: "exchange",
        cluster: ref(`${region}-cluster`, "arn"),
        taskDefinition: ref(`${region}-task`, "arn"),
        launchType: "FARGATE",
        desiredCount: 12,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        waitForSteadyState: true,
        networkConfiguration: { subnets, securityGroups: [ref(`${region}-task-group`)], assignPublicIp: false },
        loadBalancers: [{ targetGroupArn: ref(`${region}-targets`, "arn"), containerName: "api", containerPort: 8080 }],
      },
      { dependsOn: servicesBefore(region) },
    ),
    resource("aws:appautoscaling/target:Target", `${region}-scaling`, {
      region,
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: join("service/", ref(`${region}-cluster`, "name"), "/", ref(`${region}-service`, "name")),
      minCapacity: 12,
      maxCapacity: 40,
    }),
  ];
}

function awsContainer(region: string) {
  return {
    name: "api",
    image: join(ref(`${region}-images`, "repositoryUrl"), DIGEST),
    portMappings: [{ containerPort: 8080 }],
    environment: [
      { name: "CLOUD", value: "aws" },
      { name: "REGION", value: region },
    ],
    secrets: [{ name: "JOURNAL_CREDENTIALS", valueFrom: ref(`${region}-credentials`, "arn") }],
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": ref(`${region}-logs`, "name"), "awslogs-region": region },
    },
  };
}

function awsJournal(region: string): Literal[] {
  return [
    resource("aws:ec2/instance:Instance", `${region}-journal`, {
      region,
      ami: "ami-0123456789abcdef0",
      instanceType: "m7g.large",
      subnetId: ref(`${region}-private-${region}a`),
      rootBlockDevice: { encrypted: true, volumeSize: 200 },
      disableApiTermination: true,
      tags: { "twodoor:quorum": "journal" },
    }),
  ];
}

/** The fifth voter, at a third provider: no cloud holds a majority. */
function witness(): Literal[] {
  return [
    resource("hcloud:index/server:Server", "witness-journal", {
      serverType: "cpx31",
      location: "ash",
      image: "debian-12",
      labels: { "twodoor-quorum": "journal" },
    }),
  ];
}

const ZONE = "fedcba9876543210fedcba9876543210";
const ACCOUNT = "0123456789abcdef0123456789abcdef";

function edge(): Literal[] {
  const regions = [...AWS_REGIONS, ...GOOGLE_REGIONS];
  const pools = regions.map((region) => ref(`${region}-pool`));
  return [
    resource("cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor", "monitor", {
      accountId: ACCOUNT,
      type: "https",
      method: "GET",
      path: "/healthz/region",
      expectedCodes: "200",
      expectedBody: "exchange-ok",
      interval: 15,
      timeout: 2,
      retries: 1,
      consecutiveDown: 2,
      consecutiveUp: 3,
      followRedirects: false,
      allowInsecure: false,
      probeZone: "example.com",
      header: { Host: [HOSTNAME] },
    }),
    ...regions.map(pool),
    resource("cloudflare:index/loadBalancer:LoadBalancer", "load-balancer", {
      zoneId: ZONE,
      name: HOSTNAME,
      enabled: true,
      proxied: true,
      steeringPolicy: "random",
      randomSteering: { defaultWeight: 1 },
      defaultPools: pools,
      fallbackPool: ref("us-central1-pool"),
      adaptiveRouting: { failoverAcrossPools: true },
      sessionAffinity: "none",
    }),
    resource("cloudflare:index/notificationPolicy:NotificationPolicy", "pool-alerts", {
      accountId: ACCOUNT,
      name: "A pool changed its health",
      alertType: "load_balancing_health_alert",
      enabled: true,
      filters: { poolIds: pools, newHealths: ["Unhealthy", "Healthy"], eventSources: ["pool"] },
      mechanisms: { emails: [{ id: "oncall@example.com" }] },
    }),
    // The edge fails as well: somebody outside of it watches.
    resource("gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", "watch-from-outside", {
      project: googleProject("us-central1"),
      displayName: HOSTNAME,
      timeout: "10s",
      period: "60s",
      httpCheck: { path: "/healthz/region", port: 443, useSsl: true, validateSsl: true },
      monitoredResource: { type: "uptime_url", labels: { host: HOSTNAME } },
    }),
    resource("cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls", "origin-pulls", {
      zoneId: ZONE,
      configs: [{ hostname: HOSTNAME, enabled: true, certId: "2458ce5a-0c35-4c7f-82c7-8e9487d3ff60" }],
    }),
    ...["ssl:strict", "min_tls_version:1.2", "always_use_https:on"].map((setting) => {
      const [settingId = "", value = ""] = setting.split(":");
      return resource("cloudflare:index/zoneSetting:ZoneSetting", `zone-${settingId}`, {
        zoneId: ZONE,
        settingId,
        value,
      });
    }),
  ];
}

function pool(region: string): Literal {
  const isAws = region === "us-east-2" || region === "us-west-2";
  return resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", `${region}-pool`, {
    accountId: ACCOUNT,
    name: `exchange-${region}`,
    enabled: true,
    minimumOrigins: 1,
    monitor: ref("monitor"),
    checkRegions: ["ENAM", "WNAM", "WEU"],
    origins: [
      {
        name: region,
        enabled: true,
        weight: 1,
        address: isAws ? ref(`${region}-lb`, "dnsName") : ref(`${region}-address`, "address"),
      },
    ],
  });
}
