/** The Google half of the raw two-cloud design of `designs.ts`, and what both halves share. */
import { ref, resource, type Literal } from "./graphs";

/** AWS regions of the design. */
export const AWS_REGIONS = ["us-east-2", "us-west-2"] as const;
/** Google regions of the design. */
export const GOOGLE_REGIONS = ["us-central1", "us-east4"] as const;
/** Digest of the image that every region runs. */
export const DIGEST = "@sha256:0000000000000000000000000000000000000000000000000000000000000000";
/** A few of the ranges of www.cloudflare.com/ips-v4. */
export const EDGE_RANGES = ["173.245.48.0/20", "103.21.244.0/22", "162.158.0.0/15", "104.16.0.0/13", "172.64.0.0/13"];

/** A region of Google: a regional balancer, Cloud Run, and a voter. */
export function googleRegion(region: string): Literal[] {
  return [...googleEntry(region), ...googleService(region)];
}

/** Project of a region. */
export function googleProject(region: string): string {
  return `example-${region}`;
}

function googleEntry(region: string): Literal[] {
  const here = { project: googleProject(region), region };
  const scheme = "EXTERNAL_MANAGED";
  return [
    resource("gcp:compute/network:Network", `${region}-network`, {
      project: here.project,
      autoCreateSubnetworks: false,
    }),
    resource("gcp:compute/subnetwork:Subnetwork", `${region}-subnetwork`, {
      ...here,
      network: ref(`${region}-network`),
      ipCidrRange: "10.8.0.0/20",
    }),
    resource(
      "gcp:compute/address:Address",
      `${region}-address`,
      { ...here, addressType: "EXTERNAL" },
      {
        answers: { address: region === "us-east4" ? "198.51.100.4" : "198.51.100.1" },
      },
    ),
    resource("gcp:compute/regionSecurityPolicy:RegionSecurityPolicy", `${region}-armor`, {
      ...here,
      type: "CLOUD_ARMOR",
      rules: [
        {
          action: "allow",
          priority: 1000,
          match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: EDGE_RANGES } },
        },
        {
          action: "deny(403)",
          priority: 2147483647,
          match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
        },
      ],
    }),
    resource("gcp:compute/regionSslPolicy:RegionSslPolicy", `${region}-tls`, {
      ...here,
      minTlsVersion: "TLS_1_2",
      profile: "RESTRICTED",
    }),
    resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", `${region}-neg`, {
      ...here,
      networkEndpointType: "SERVERLESS",
      cloudRun: { service: ref(`${region}-service`, "name") },
    }),
    resource("gcp:compute/regionBackendService:RegionBackendService", `${region}-backend`, {
      ...here,
      loadBalancingScheme: scheme,
      protocol: "HTTP",
      backends: [{ group: ref(`${region}-neg`), capacityScaler: 1 }],
      securityPolicy: ref(`${region}-armor`),
      logConfig: { enable: true, sampleRate: 1 },
    }),
    resource("gcp:compute/regionUrlMap:RegionUrlMap", `${region}-routes`, {
      ...here,
      defaultService: ref(`${region}-backend`),
    }),
    resource("gcp:certificatemanager/trustConfig:TrustConfig", `${region}-edge-ca`, {
      project: here.project,
      location: region,
      trustStores: [{ trustAnchors: [{ pemCertificate: "-----BEGIN CERTIFICATE-----" }] }],
    }),
    resource("gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy", `${region}-edge-only`, {
      project: here.project,
      location: region,
      mtlsPolicy: { clientValidationMode: "REJECT_INVALID", clientValidationTrustConfig: ref(`${region}-edge-ca`) },
    }),
    resource("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", `${region}-proxy`, {
      ...here,
      urlMap: ref(`${region}-routes`),
      sslPolicy: ref(`${region}-tls`),
      serverTlsPolicy: ref(`${region}-edge-only`),
    }),
    resource("gcp:compute/forwardingRule:ForwardingRule", `${region}-https`, {
      ...here,
      loadBalancingScheme: scheme,
      network: ref(`${region}-network`),
      ipAddress: ref(`${region}-address`, "address"),
      ipProtocol: "TCP",
      portRange: "443",
      target: ref(`${region}-proxy`),
    }),
  ];
}

function googleService(region: string): Literal[] {
  const project = googleProject(region);
  return [
    resource("gcp:kms/keyRing:KeyRing", `${region}-key-ring`, { project, location: region }),
    resource("gcp:kms/cryptoKey:CryptoKey", `${region}-key`, {
      keyRing: ref(`${region}-key-ring`),
      rotationPeriod: "7776000s",
    }),
    resource("gcp:artifactregistry/repository:Repository", `${region}-images`, {
      project,
      location: region,
      repositoryId: "exchange",
      format: "DOCKER",
    }),
    resource("gcp:secretmanager/secret:Secret", `${region}-credentials`, {
      project,
      secretId: `credentials-${region}`,
      replication: { userManaged: { replicas: [{ location: region }] } },
    }),
    resource("gcp:logging/projectBucketConfig:ProjectBucketConfig", `${region}-logs`, {
      project,
      location: region,
      bucketId: `logs-${region}`,
      retentionDays: 90,
    }),
    resource(
      "gcp:cloudrunv2/service:Service",
      `${region}-service`,
      {
        project,
        location: region,
        name: "exchange",
        ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
        invokerIamDisabled: true,
        deletionProtection: true,
        scaling: { minInstanceCount: 12, maxInstanceCount: 40 },
        template: {
          scaling: { maxInstanceCount: 40 },
          encryptionKey: ref(`${region}-key`),
          containers: [
            {
              image: `${region}-docker.pkg.dev/${project}/exchange/exchange${DIGEST}`,
              envs: [
                { name: "CLOUD", value: "gcp" },
                { name: "REGION", value: region },
                {
                  name: "JOURNAL_CREDENTIALS",
                  valueSource: { secretKeyRef: { secret: ref(`${region}-credentials`, "secretId"), version: "1" } },
                },
              ],
            },
          ],
        },
      },
      { dependsOn: [`${region}-images`, ...servicesBefore(region)] },
    ),
    resource("gcp:compute/instance:Instance", `${region}-journal`, {
      project,
      zone: `${region}-a`,
      machineType: "n2-standard-2",
      deletionProtection: true,
      bootDisk: { initializeParams: { image: "debian-cloud/debian-12" } },
      networkInterfaces: [{ subnetwork: ref(`${region}-subnetwork`) }],
      labels: { "twodoor-quorum": "journal" },
    }),
  ];
}

/** The regions change one after another. */
export function servicesBefore(region: string): string[] {
  const regions: string[] = [...AWS_REGIONS, ...GOOGLE_REGIONS];
  return regions
    .slice(0, regions.indexOf(region))
    .slice(-1)
    .map((before) => `${before}-service`);
}
