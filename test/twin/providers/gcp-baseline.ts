import type { Step } from "./planted";

const PROJECT = "exchange-dev";
const REGION = "us-central1";
const text = (value: unknown): string => String(value);

/** A region that Google takes as a whole, in the order in which it must be made. */
export const baseline: Step[] = [
  { name: "network", type: "gcp:compute/network:Network", inputs: () => ({ autoCreateSubnetworks: false }) },
  {
    name: "proxies",
    type: "gcp:compute/subnetwork:Subnetwork",
    inputs: (made) => ({
      network: made("network.id"),
      region: REGION,
      ipCidrRange: "10.32.0.0/23",
      purpose: "REGIONAL_MANAGED_PROXY",
      role: "ACTIVE",
    }),
  },
  {
    name: "egress",
    type: "gcp:compute/subnetwork:Subnetwork",
    inputs: (made) => ({
      network: made("network.id"),
      region: REGION,
      ipCidrRange: "10.32.4.0/24",
      privateIpGoogleAccess: true,
    }),
  },
  {
    name: "router",
    type: "gcp:compute/router:Router",
    inputs: (made) => ({ network: made("network.id"), region: REGION }),
  },
  { name: "nat-address", type: "gcp:compute/address:Address", inputs: () => ({ region: REGION }) },
  {
    name: "nat",
    type: "gcp:compute/routerNat:RouterNat",
    inputs: (made) => ({
      router: made("router.name"),
      region: REGION,
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: [made("nat-address.selfLink")],
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
    }),
  },
  { name: "account", type: "gcp:serviceaccount/account:Account", inputs: () => ({ accountId: "exchange-run" }) },
  {
    name: "secret",
    type: "gcp:secretmanager/secret:Secret",
    inputs: () => ({ secretId: "journal-token", replication: { userManaged: { replicas: [{ location: REGION }] } } }),
  },
  {
    name: "secret-version",
    type: "gcp:secretmanager/secretVersion:SecretVersion",
    inputs: (made) => ({ secret: made("secret.id"), secretData: "hidden" }),
  },
  {
    name: "reader",
    type: "gcp:secretmanager/secretIamMember:SecretIamMember",
    inputs: (made) => ({
      secretId: made("secret.secretId"),
      role: "roles/secretmanager.secretAccessor",
      member: `serviceAccount:${text(made("account.email"))}`,
    }),
  },
  {
    name: "service",
    type: "gcp:cloudrunv2/service:Service",
    inputs: (made) => ({
      location: REGION,
      deletionProtection: false,
      scaling: { minInstanceCount: 3, maxInstanceCount: 9 },
      template: service(text(made("account.email")), text(made("egress.id"))),
    }),
  },
  {
    name: "group",
    type: "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
    inputs: (made) => ({
      region: REGION,
      networkEndpointType: "SERVERLESS",
      cloudRun: { service: made("service.name") },
    }),
  },
  {
    name: "policy",
    type: "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy",
    inputs: () => ({
      region: REGION,
      type: "CLOUD_ARMOR",
      rules: [
        { priority: 1000, action: "allow", match: { config: { srcIpRanges: ["173.245.48.0/20"] } } },
        { priority: 2147483647, action: "deny(403)" },
      ],
    }),
  },
  {
    name: "extra-rule",
    type: "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule",
    inputs: (made) => ({
      region: REGION,
      securityPolicy: made("policy.name"),
      priority: 2000,
      action: "allow",
      match: { config: { srcIpRanges: ["::/0"] } },
    }),
  },
  {
    name: "backend",
    type: "gcp:compute/regionBackendService:RegionBackendService",
    inputs: (made) => ({
      region: REGION,
      loadBalancingScheme: "EXTERNAL_MANAGED",
      protocol: "HTTP",
      backends: [{ group: made("group.id"), capacityScaler: 1 }],
      securityPolicy: made("policy.selfLink"),
    }),
  },
  {
    name: "map",
    type: "gcp:compute/regionUrlMap:RegionUrlMap",
    inputs: (made) => ({ region: REGION, defaultService: made("backend.id") }),
  },
  {
    name: "authorization",
    type: "gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
    inputs: () => ({ location: REGION, domain: "api.example.com" }),
  },
  {
    name: "certificate",
    type: "gcp:certificatemanager/certificate:Certificate",
    inputs: (made) => ({
      location: REGION,
      managed: { domains: ["api.example.com"], dnsAuthorizations: [made("authorization.id")] },
    }),
  },
  {
    name: "trust",
    type: "gcp:certificatemanager/trustConfig:TrustConfig",
    inputs: () => ({ location: REGION, trustStores: { trustAnchors: [] } }),
  },
  {
    name: "clients",
    type: "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy",
    inputs: (made) => ({
      location: REGION,
      mtlsPolicy: { clientValidationMode: "REJECT_INVALID", clientValidationTrustConfig: made("trust.id") },
    }),
  },
  {
    name: "ciphers",
    type: "gcp:compute/regionSslPolicy:RegionSslPolicy",
    inputs: () => ({ region: REGION, profile: "RESTRICTED" }),
  },
  {
    name: "proxy",
    type: "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy",
    inputs: (made) => ({
      region: REGION,
      urlMap: made("map.id"),
      certificateManagerCertificates: [made("certificate.id")],
      sslPolicy: made("ciphers.id"),
      serverTlsPolicy: made("clients.id"),
    }),
  },
  { name: "address", type: "gcp:compute/address:Address", inputs: () => ({ region: REGION, networkTier: "STANDARD" }) },
  {
    name: "rule",
    type: "gcp:compute/forwardingRule:ForwardingRule",
    inputs: (made) => ({
      region: REGION,
      loadBalancingScheme: "EXTERNAL_MANAGED",
      networkTier: "STANDARD",
      network: made("network.id"),
      ipAddress: made("address.address"),
      ipProtocol: "TCP",
      portRange: "443",
      target: made("proxy.id"),
    }),
  },
  {
    name: "api",
    type: "gcp:projects/service:Service",
    inputs: () => ({ service: "run.googleapis.com", project: PROJECT }),
  },
];

/** The template of the baseline's service, with other values where a plant asks for them. */
export function service(
  account: string,
  subnetwork: string,
  container: Record<string, unknown> = {},
  template: Record<string, unknown> = {},
) {
  const value = {
    serviceAccount: account,
    timeout: "3600s",
    maxInstanceRequestConcurrency: 500,
    vpcAccess: { networkInterfaces: [{ subnetwork }] },
    containers: [
      {
        image: `${REGION}-docker.pkg.dev/${PROJECT}/exchange/exchange@sha256:${"0".repeat(64)}`,
        envs: [
          { name: "REGION", value: REGION },
          { name: "JOURNAL_TOKEN", valueSource: { secretKeyRef: { secret: "journal-token", version: "1" } } },
        ],
        resources: { limits: { cpu: "1", memory: "2048Mi" }, cpuIdle: false },
        startupProbe: { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 48 },
        ...container,
      },
    ],
    ...template,
  };
  return JSON.parse(JSON.stringify(value)) as typeof value & { [name: string]: never };
}
