/**
 * What stands around the examples: handles of a design over AWS (Ohio, Oregon) and Google Cloud (Iowa, Northern Virginia) behind Cloudflare.
 *
 * Each stands for a resource of the good design in `test/support/designs.ts`, by its type and name; here is only what a compiler asks for. The
 * test of the pages puts an example in the place of what has its name there, and judges the whole.
 */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";

/** Cloudflare's account and zone. */
export const accountId = "0123456789abcdef0123456789abcdef";
/** See `accountId`. */
export const zoneId = "fedcba9876543210fedcba9876543210";
/** What clients call. */
export const hostname = "api.example.com";
/** From where a plan below Enterprise may ask for health. */
export const checkRegions = ["ENAM", "WNAM", "WEU"];
/** What runs. */
export const digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

function poolOf(region: string): cloudflare.LoadBalancerPool {
  return new cloudflare.LoadBalancerPool(`${region}-pool`, { accountId, name: `exchange-${region}`, origins: [] });
}

function awsRegion(region: string) {
  const vpc = new aws.ec2.Vpc(`${region}-vpc`, { region, cidrBlock: "10.0.0.0/16" });
  const subnetsOf = (tier: string) =>
    ["a", "b", "c"].map((letter) => {
      return new aws.ec2.Subnet(`${region}-${tier}-${region}${letter}`, { region, vpcId: vpc.id }).id;
    });
  return {
    pool: poolOf(region),
    vpc,
    publicSubnets: subnetsOf("public"),
    privateSubnets: subnetsOf("private"),
    entryGroup: new aws.ec2.SecurityGroup(`${region}-lb-group`, { region }),
    taskGroup: new aws.ec2.SecurityGroup(`${region}-task-group`, { region }),
    edgeRanges: new aws.ec2.ManagedPrefixList(`${region}-edge-ranges`, {
      region,
      addressFamily: "IPv4",
      maxEntries: 20,
    }),
    accessLogs: new aws.s3.Bucket(`${region}-access-logs`, { region }),
    balancer: new aws.lb.LoadBalancer(`${region}-lb`, { region }),
    certificate: new aws.acm.Certificate(`${region}-certificate`, { region }),
    edgeAuthority: new aws.lb.TrustStore(`${region}-edge-ca`, {
      region,
      caCertificatesBundleS3Bucket: "",
      caCertificatesBundleS3Key: "",
    }),
    targets: new aws.lb.TargetGroup(`${region}-targets`, { region }),
    key: new aws.kms.Key(`${region}-key`, { region }),
    images: new aws.ecr.Repository(`${region}-images`, { region }),
    credentials: new aws.secretsmanager.Secret(`${region}-credentials`, { region }),
    logs: new aws.cloudwatch.LogGroup(`${region}-logs`, { region }),
    role: new aws.iam.Role(`${region}-task-role`, { assumeRolePolicy: "{}" }),
    cluster: new aws.ecs.Cluster(`${region}-cluster`, { region }),
    task: new aws.ecs.TaskDefinition(`${region}-task`, { region, family: "exchange", containerDefinitions: "[]" }),
    service: new aws.ecs.Service(`${region}-service`, { region }),
  };
}

function googleRegion(region: string) {
  const project = `example-${region}`;
  const here = { project, region };
  return {
    pool: poolOf(region),
    project,
    address: new gcp.compute.Address(`${region}-address`, here),
    group: new gcp.compute.RegionNetworkEndpointGroup(`${region}-neg`, here),
    key: new gcp.kms.CryptoKey(`${region}-key`, { keyRing: "" }),
    credentials: new gcp.secretmanager.Secret(`${region}-credentials`, { project, secretId: "", replication: {} }),
    service: new gcp.cloudrunv2.Service(`${region}-service`, { project, location: region, template: {} }),
  };
}

/** What AWS holds in us-east-2. */
export const ohio = awsRegion("us-east-2");
/** What AWS holds in us-west-2. */
export const oregon = awsRegion("us-west-2");
/** What Google holds in us-central1. */
export const iowa = googleRegion("us-central1");
/** What Google holds in us-east4. */
export const virginia = googleRegion("us-east4");
/** What asks for a region's health. */
export const monitor = new cloudflare.LoadBalancerMonitor("monitor", { accountId });
