import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { protectedIf, type Child } from "../child";
import { OriginPullMode } from "../region";
import { boundedName } from "../sizing/names";
import type { Place } from "./names";
import { buildGroups } from "./entry-groups";
import { buildPrivateBucket } from "./private-bucket";
import type { AwsRegionPlan, NetworkSite } from "./region-plan";

/** Names of load balancers, target groups and trust stores have at most 32 characters, of which Pulumi's suffix takes 8. */
const NAME_MAX = 24;
/**
 * Cloudflare keeps idle connections to an origin for 900 s. The load balancer has to keep them longer, or a request meets a closing
 * socket, which Cloudflare answers with an error and never tries again.
 */
const IDLE_TIMEOUT_SECONDS = 930;
/** Age at which a client's connection is closed after its next answer. It bounds how long Cloudflare stays with one zone's address after a zonal shift. */
const CLIENT_KEEP_ALIVE_SECONDS = 3600;
/** Recommended by AWS (security policies for Application Load Balancers): TLS 1.2 and 1.3, forward secrecy, hybrid post-quantum key exchange. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";
/** How long a task that is leaving keeps its open requests and WebSockets, which the load balancer then cuts. */
const DEREGISTRATION_DELAY_SECONDS = 300;

/** The way into a region. */
export interface Entry {
  loadBalancer: aws.lb.LoadBalancer;
  targetGroup: aws.lb.TargetGroup;
  listener: aws.lb.Listener;
  loadBalancerGroup: aws.ec2.SecurityGroup;
  taskGroup: aws.ec2.SecurityGroup;
  logBucket: aws.s3.Bucket;
  trustStore: aws.lb.TrustStore | undefined;
}

/** The load balancer with everything that decides who gets through it. */
export function buildEntry(name: string, place: Place, plan: AwsRegionPlan, site: NetworkSite, child: Child): Entry {
  const { region, tags } = place;
  const groups = buildGroups(name, place, plan, site, child);
  const logs = buildLogBucket(name, place, plan, child);
  const log = (prefix: string): { bucket: pulumi.Output<string>; enabled: true; prefix: string } => ({
    bucket: logs.bucket.bucket,
    enabled: true,
    prefix,
  });
  const loadBalancer = new aws.lb.LoadBalancer(
    boundedName(name, "lb", NAME_MAX),
    {
      region,
      internal: false,
      loadBalancerType: "application",
      ipAddressType: "ipv4",
      subnets: site.publicSubnetIds,
      securityGroups: [groups.loadBalancerGroup.id],
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      clientKeepAlive: CLIENT_KEEP_ALIVE_SECONDS,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      xffHeaderProcessingMode: "append",
      enableHttp2: true,
      enableZonalShift: true,
      enableDeletionProtection: plan.deletionProtected,
      accessLogs: log("access"),
      connectionLogs: log("connection"),
      healthCheckLogs: log("health"),
      tags,
    },
    // The bucket has to accept logs, and the internet gateway to be attached, before AWS takes the load balancer.
    { ...child, dependsOn: [...logs.ready, ...site.ready], ...protectedIf(plan.deletionProtected) },
  );
  const targetGroup = buildTargetGroup(name, place, plan, site, child);
  const trustStore = buildTrustStore(name, place, plan, child);
  const listener = buildListener(name, place, plan, { loadBalancer, targetGroup, trustStore }, child);
  return { ...groups, loadBalancer, targetGroup, listener, trustStore, logBucket: logs.bucket };
}

function buildLogBucket(
  name: string,
  place: Place,
  plan: AwsRegionPlan,
  child: Child,
): ReturnType<typeof buildPrivateBucket> {
  return buildPrivateBucket(
    name,
    place,
    {
      role: "entry-logs",
      deletionProtected: plan.deletionProtected,
      expirationDays: plan.logRetentionDays,
      noncurrentDays: 1,
      // The load balancer writes below its own prefix and our account alone (user guide, "Enable access logs").
      statements: (bucketArn) => [
        {
          Sid: "EntryLogs",
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: ["access", "connection", "health"].map(
            (prefix) => pulumi.interpolate`${bucketArn}/${prefix}/AWSLogs/${place.accountId}/*`,
          ),
        },
      ],
    },
    child,
  );
}

function buildTargetGroup(
  name: string,
  { region, tags }: Place,
  plan: AwsRegionPlan,
  site: NetworkSite,
  child: Child,
): aws.lb.TargetGroup {
  return new aws.lb.TargetGroup(
    boundedName(name, "tg", NAME_MAX),
    {
      region,
      vpcId: site.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      // WebSockets are an upgrade of HTTP/1.1; groups of other versions answer 464 to it.
      protocolVersion: "HTTP1",
      port: plan.containerPort,
      deregistrationDelay: DEREGISTRATION_DELAY_SECONDS,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: plan.readinessPath,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags,
    },
    child,
  );
}

/** The accepted authorities as a trust store that pins one version of its object: new bytes under an old key would go unseen. */
function buildTrustStore(name: string, place: Place, plan: AwsRegionPlan, child: Child): aws.lb.TrustStore | undefined {
  if (plan.originPullMode === OriginPullMode.Off || plan.originPullAuthorities === undefined) return undefined;
  const { region, tags } = place;
  const { bucket, ready } = buildPrivateBucket(
    name,
    place,
    {
      role: "origin-pull",
      // It holds nothing but what the program gives, and a protected one would stop the `up` that turns origin pulls off again.
      deletionProtected: false,
      noncurrentDays: 90,
      statements: () => [],
    },
    child,
  );
  const bundle = new aws.s3.BucketObjectv2(
    `${name}-origin-pull`,
    {
      region,
      bucket: bucket.bucket,
      key: "authorities.pem",
      content: plan.originPullAuthorities,
      contentType: "application/x-pem-file",
    },
    { ...child, dependsOn: ready },
  );
  return new aws.lb.TrustStore(
    boundedName(name, "ca", NAME_MAX),
    {
      region,
      caCertificatesBundleS3Bucket: bucket.bucket,
      caCertificatesBundleS3Key: bundle.key,
      caCertificatesBundleS3ObjectVersion: bundle.versionId,
      tags,
    },
    child,
  );
}

function buildListener(
  name: string,
  { region, tags }: Place,
  plan: AwsRegionPlan,
  { loadBalancer, targetGroup, trustStore }: Pick<Entry, "loadBalancer" | "targetGroup" | "trustStore">,
  child: Child,
): aws.lb.Listener {
  // Before enforcement the certificate is not asked for: `passthrough` would hand an unchecked chain to the API in a header that looks
  // like proof.
  const enforced = plan.originPullMode === OriginPullMode.Enforce && trustStore !== undefined;
  return new aws.lb.Listener(
    `${name}-https`,
    {
      region,
      loadBalancerArn: loadBalancer.arn,
      protocol: "HTTPS",
      port: 443,
      sslPolicy: TLS_POLICY,
      certificateArn: plan.certificateArn,
      mutualAuthentication: enforced
        ? { mode: "verify", trustStoreArn: trustStore.arn, ignoreClientCertificateExpiry: false }
        : { mode: "off" },
      defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      tags,
    },
    child,
  );
}
