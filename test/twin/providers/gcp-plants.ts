import { service } from "./gcp-baseline";
import { asText, type Made, type Plant, type Step } from "./planted";
import type { JsonObject } from "../../../resilience/values";

const second = (name: string, type: string, inputs: Step["inputs"]): Step => ({ name, type, inputs });
const template =
  (container: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  (made: Made): JsonObject => ({
    template: service(asText(made("account.email")), asText(made("egress.id")), container, rest),
  });
const reference = "Error 400: Invalid value for field 'resource.backends'. ";
const held = (kind: string, what: string, by: string): string =>
  `Error 400: The ${kind} resource '{${what}.id}' is already being used by '{${by}.id}', resourceInUseByAnotherResource`;

const network: Plant[] = [
  {
    row: "gcp R61",
    at: "proxies",
    change: () => ({ role: null }),
    message:
      "Error 400: Invalid value for field 'resource.role': ''. Subnetwork role must be specified when purpose set to REGIONAL_MANAGED_PROXY, invalid",
  },
  {
    row: "gcp R62",
    at: "proxies",
    change: () => ({ privateIpGoogleAccess: true }),
    message: "Error 400: Invalid field set in subnetwork with purpose REGIONAL_MANAGED_PROXY, badRequest",
  },
  {
    row: "gcp R63",
    at: "proxies",
    change: () => ({ ipCidrRange: "10.32.0.0/27" }),
    message:
      "Error 400: Invalid value for field 'resource.ipCidrRange': '10.32.0.0/27'. The range is too small for a proxy-only subnet, invalid",
  },
  {
    row: "gcp R64",
    at: "again",
    extra: [
      second("again", "gcp:compute/subnetwork:Subnetwork", (made) => ({
        network: made("network.id"),
        region: "us-central1",
        ipCidrRange: "10.40.0.0/23",
        purpose: "REGIONAL_MANAGED_PROXY",
        role: "ACTIVE",
      })),
    ],
    message:
      "Error 400: There already exists an active subnetwork '{proxies.id}' with purpose REGIONAL_MANAGED_PROXY in the same region and network, invalid",
  },
  {
    row: "gcp R65",
    at: "egress",
    change: () => ({ ipCidrRange: "10.32.1.0/24" }),
    message:
      "Error 400: Invalid IPCidrRange: 10.32.1.0/24 conflicts with existing subnetwork '{proxies.name}' in region 'us-central1'., invalid",
  },
  {
    row: "gcp R65 bits",
    at: "egress",
    change: () => ({ ipCidrRange: "10.32.4.1/24" }),
    message:
      "Error 400: Invalid value for field 'resource.ipCidrRange': '10.32.4.1/24'. Must be a valid CIDR range without host bits, invalid",
  },
  {
    row: "gcp R70",
    at: "nat",
    change: () => ({ natIps: [] }),
    message:
      "Error 400: Invalid value for field 'resource.nats[0].natIps': ''. The option MANUAL_ONLY does not allow this list of addresses, invalid",
  },
  {
    row: "gcp R2",
    at: "rule",
    change: () => ({ loadBalancingScheme: null }),
    message:
      "Error 400: Invalid value for field 'resource.target': '{proxy.id}'. load balancing scheme mismatch, invalid",
  },
  {
    row: "gcp R4",
    at: "rule",
    change: () => ({ portRange: "80-443" }),
    message:
      "Error 400: Invalid value for field 'resource.portRange': '80-443'. The port range must be one port, invalid",
  },
  {
    row: "gcp R5",
    at: "rule",
    without: ["proxies"],
    message:
      "Error 400: Invalid value for field 'resource.target'. An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule., invalid",
  },
  {
    row: "gcp R7",
    at: "rule",
    change: () => ({ networkTier: null }),
    message:
      "Error 400: The network tier of the forwarding rule (PREMIUM) must match the network tier of its IP address (STANDARD), badRequest",
  },
  {
    row: "gcp R9",
    at: "again",
    extra: [
      second("again", "gcp:compute/forwardingRule:ForwardingRule", (made) => ({
        region: "us-central1",
        loadBalancingScheme: "EXTERNAL_MANAGED",
        networkTier: "STANDARD",
        network: made("network.id"),
        ipAddress: made("address.address"),
        ipProtocol: "TCP",
        portRange: "443",
        target: made("proxy.id"),
      })),
    ],
    message:
      "Error 400: Invalid value for field 'resource.IPAddress': '{address.address}'. Specified IP address is in-use and would result in a conflict., invalid",
  },
  {
    row: "gcp R10",
    at: "rule",
    before: { address: { region: "us-east4" } },
    message:
      "Error 400: Invalid value for field 'resource.IPAddress': '{address.address}'. The address is in another region, invalid",
  },
];

const balancing: Plant[] = [
  {
    row: "gcp R11",
    at: "backend",
    change: (made) => ({ loadBalancingScheme: null, backends: [{ group: made("group.id") }] }),
    message: `${reference}Invalid load balancing scheme for regional backend service with Serverless network endpoint group, invalid`,
  },
  {
    row: "gcp R12",
    at: "backend",
    change: () => ({ healthChecks: "check" }),
    message: `${reference}A backend service cannot have a healthcheck with Serverless network endpoint group backends, invalid`,
  },
  {
    row: "gcp R13",
    at: "backend",
    change: () => ({ timeoutSec: 30 }),
    message: `${reference}Timeout sec is not supported for a backend service with Serverless network endpoint groups, invalid`,
  },
  {
    row: "gcp R14",
    at: "backend",
    change: () => ({ portName: "http" }),
    message: `${reference}Port name is not supported for a backend service with Serverless network endpoint groups, invalid`,
  },
  {
    row: "gcp R15",
    at: "backend",
    change: (made) => ({ backends: [{ group: made("group.id"), capacityScaler: 1, maxUtilization: 0.8 }] }),
    message: `${reference}Max utilization is not supported for Serverless network endpoint groups, invalid`,
  },
  {
    row: "gcp R16",
    at: "backend",
    change: (made) => ({ backends: [{ group: made("group.id"), capacityScaler: 1, balancingMode: "RATE" }] }),
    message: `${reference}Balancing mode is not supported for Serverless network endpoint groups, invalid`,
  },
  {
    row: "gcp R17",
    at: "backend",
    change: (made) => ({ backends: [{ group: made("group.id") }] }),
    message: "capacity_scaler is required for each backend in managed backend service",
  },
  {
    row: "gcp R19",
    at: "backend",
    change: () => ({ outlierDetection: { consecutiveErrors: 5 } }),
    message: "Error 400: Outlier detection is not supported, invalid",
  },
  {
    row: "gcp R20",
    at: "backend",
    before: { group: { region: "us-east4" } },
    message: `${reference}A regional backend service takes one serverless network endpoint group of its own region, invalid`,
  },
  {
    row: "gcp R22",
    at: "backend",
    before: { policy: { type: "CLOUD_ARMOR_EDGE" } },
    change: () => ({ name: "backend" }),
    message:
      "Error adding SecurityPolicy to RegionBackendService 'backend': Error 400: Invalid value for field 'resource.securityPolicy', invalid",
  },
  {
    row: "gcp R30",
    at: "proxy",
    change: () => ({ certificateManagerCertificates: null }),
    message:
      "Error 400: Invalid value for field 'resource.sslCertificates'. At least 1 SSL certificate must be specified for setting sslCertificates., invalid",
  },
  {
    row: "gcp R31",
    at: "proxy",
    change: () => ({ certificateManagerCertificates: ["certificate"] }),
    message: "certificate is an invalid format for a certificateManagerCertificate resource",
  },
  {
    row: "gcp R32",
    at: "proxy",
    change: () => ({ certificateManagerCertificates: ["projects/exchange-dev/locations/us-east4/certificates/api"] }),
    message:
      "Error 400: Invalid value for field 'resource.certificateManagerCertificates': 'projects/exchange-dev/locations/us-east4/certificates/api'. The certificate is in another location than the proxy, invalid",
  },
  {
    row: "gcp R32 policy",
    at: "proxy",
    before: { clients: { location: "global" }, trust: { location: "global" } },
    message:
      "Error 400: Invalid value for field 'resource.serverTlsPolicy': '{clients.id}'. The resource is in another location than the proxy, invalid",
  },
  {
    row: "gcp R32 missing",
    at: "proxy",
    change: () => ({
      certificateManagerCertificates: ["projects/exchange-dev/locations/us-central1/certificates/other"],
    }),
    message:
      "Error 404: The resource 'projects/exchange-dev/locations/us-central1/certificates/other' was not found, notFound",
  },
  {
    row: "gcp R40",
    at: "policy",
    change: () => ({
      rules: [
        {
          priority: 1,
          match: { config: { srcIpRanges: Array.from({ length: 11 }, (_, index) => `10.0.${String(index)}.0/24`) } },
        },
      ],
    }),
    message: "Too many list items: src_ip_ranges takes at most 10",
  },
  {
    row: "gcp R41",
    at: "extra-rule",
    change: () => ({
      match: { config: { srcIpRanges: Array.from({ length: 11 }, (_, index) => `10.0.${String(index)}.0/24`) } },
    }),
    message:
      "Error 400: Invalid value for field 'resource.match.config.srcIpRanges'. The number of IP ranges exceeds 10, invalid",
  },
  {
    row: "gcp R43",
    at: "policy",
    change: () => ({ rules: [{ priority: 1 }, { priority: 1 }] }),
    message:
      "Error 400: Invalid value for field 'resource.rules'. Cannot have rules with the same priorities., invalid",
  },
  {
    row: "gcp R43 rule",
    at: "again",
    extra: [
      second("again", "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule", (made) => ({
        region: "us-central1",
        securityPolicy: made("policy.name"),
        priority: 2000,
        action: "allow",
      })),
    ],
    message: "Error 400: Invalid value for field 'priority'. Cannot have rules with the same priorities., invalid",
  },
];

const run: Plant[] = [
  {
    row: "gcp R79",
    at: "service",
    change: template({}, { timeout: "3601s" }),
    message: "Error 400: Violation in template.timeout: must be between 1 and 3600 seconds",
  },
  {
    row: "gcp R80",
    at: "service",
    change: template({ envs: [{ name: "PORT", value: "8080" }] }),
    message:
      "Error 400: The following reserved env names were provided: PORT. These values are automatically set by the system.",
  },
  {
    row: "gcp R81",
    at: "service",
    change: template({
      envs: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    }),
    message: "Error 400: Violation in template.containers.env: names must be unique, and each takes one value",
  },
  {
    row: "gcp R84",
    at: "service",
    settings: { missingImages: [`us-central1-docker.pkg.dev/exchange-dev/exchange/exchange@sha256:${"0".repeat(64)}`] },
    message: `Error 5: Image 'us-central1-docker.pkg.dev/exchange-dev/exchange/exchange@sha256:${"0".repeat(64)}' not found.`,
  },
  {
    row: "gcp R86",
    at: "service",
    change: template({ resources: { limits: { cpu: "0.5", memory: "512Mi" }, cpuIdle: false } }),
    message: "Error 400: Total cpu < 1 is not supported with cpu always allocated (unthrottled).",
  },
  {
    row: "gcp R88",
    at: "service",
    change: template({ resources: { limits: { cpu: "1", memory: "8Gi" } } }),
    message:
      "Error 400: Invalid value specified for memory. For 1 CPU, memory must be between 512Mi and 4096Mi inclusive.",
  },
  {
    row: "gcp R90",
    at: "service",
    change: template({}, { maxInstanceRequestConcurrency: 1001 }),
    message: "Error 400: Violation in template.max_instance_request_concurrency: must be between 1 and 1000",
  },
  {
    row: "gcp R92",
    at: "service",
    change: () => ({ scaling: { minInstanceCount: 3, maxInstanceCount: 2 } }),
    message: "Error 400: max_instance_count must be greater or equal than min_instance_count.",
  },
  {
    row: "gcp R93",
    at: "service",
    change: template({ startupProbe: { periodSeconds: 5, timeoutSeconds: 6 } }),
    message: "Error 400: Violation in probe.timeout_seconds: must not be above period_seconds",
  },
  {
    row: "gcp R94",
    at: "service",
    change: template({ startupProbe: { periodSeconds: 5, failureThreshold: 49 } }),
    message: "Error 400: Violation in startup_probe: failure_threshold times period_seconds must not be above 240",
  },
  {
    row: "gcp R96",
    at: "service",
    before: { egress: { region: "us-east4" } },
    message:
      "Error 400: Violation in template.vpc_access.network_interfaces: the subnetwork '{egress.id}' is in another region",
  },
  {
    row: "gcp R99",
    at: "service",
    without: ["reader"],
    message:
      "Error 7: Permission denied on secret: journal-token for Revision service account exchange-run@exchange-dev.iam.gserviceaccount.com. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.",
  },
  {
    row: "gcp R100",
    at: "service",
    change: template({
      envs: [{ name: "TOKEN", valueSource: { secretKeyRef: { secret: "journal-token", version: "2" } } }],
    }),
    message: "Error 400: Secret journal-token/versions/2 was not found",
  },
  {
    row: "gcp R104",
    at: "service",
    change: (made) => ({
      template: service("other@exchange-dev.iam.gserviceaccount.com", asText(made("egress.id")), { envs: [] }),
    }),
    message:
      "Error 403: Permission 'iam.serviceaccounts.actAs' denied on service account other@exchange-dev.iam.gserviceaccount.com (or it may not exist).",
  },
  {
    row: "gcp R104 member",
    at: "reader",
    change: () => ({ member: "serviceAccount:other@exchange-dev.iam.gserviceaccount.com" }),
    message: "Error 400: Service account other@exchange-dev.iam.gserviceaccount.com does not exist., badRequest",
  },
  {
    row: "gcp R113",
    at: "secret-version",
    change: () => ({ secret: "journal-token" }),
    message: "secret journal-token does not fit any of the expected formats",
  },
  {
    row: "gcp R113 missing",
    at: "secret-version",
    change: () => ({ secret: "projects/exchange-dev/secrets/other" }),
    message: "Error 404: Secret [projects/exchange-dev/secrets/other] not found.",
  },
  {
    row: "gcp R117",
    at: "api",
    change: () => ({ service: "run" }),
    message: "expected service to be a domain like serviceusage.googleapis.com, got run",
  },
  {
    row: "gcp R119",
    at: "network",
    settings: { emptyProjects: ["exchange-dev"] },
    message:
      "Error 403: compute.googleapis.com has not been used in project 206257582986 before or it is disabled. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry., accessNotConfigured",
  },
];

const certificates: Plant[] = [
  {
    row: "gcp R47",
    at: "certificate",
    change: () => ({ managed: { domains: ["api.example.com"], dnsAuthorizations: ["authorization"] } }),
    message: "Error 400: invalid resource name: authorization",
  },
  {
    row: "gcp R48",
    at: "certificate",
    before: { authorization: { location: "us-east4" } },
    message: "Error 400: a regional managed certificate needs DNS authorizations of its own location",
  },
  {
    row: "gcp R48",
    at: "certificate",
    change: () => ({ managed: { domains: ["api.example.com"] } }),
    message: "Error 400: a regional managed certificate needs DNS authorizations of its own location",
  },
  {
    row: "gcp R52",
    at: "authorization",
    change: () => ({ domain: "*.example.com" }),
    message: "Error 400: invalid domain: *.example.com",
  },
  {
    row: "gcp R59",
    at: "clients",
    change: () => ({ allowOpen: true }),
    message: "Error 400: allow_open and a policy without mtls_policy are not supported for application load balancers",
  },
  {
    row: "gcp R60",
    at: "clients",
    before: { trust: { location: "us-east4" } },
    message: "Error 400: the trust config '{trust.id}' is not in the policy's location",
  },
];

const deletes: Plant[] = [
  {
    row: "gcp R105",
    at: "service",
    before: { service: { deletionProtection: null } },
    deleted: true,
    message: "cannot destroy service without setting deletion_protection=false and running `pulumi up`",
  },
  {
    row: "gcp R123",
    at: "rule",
    before: { rule: { deletionPolicy: "PREVENT" } },
    deleted: true,
    message:
      'cannot destroy gcp:compute/forwardingRule:ForwardingRule without setting deletion_policy="DELETE" and running `pulumi up`',
  },
  {
    row: "gcp R55",
    at: "certificate",
    deleted: true,
    message: "Error 400: can't delete certificate that is referenced by a CertificateMapEntry or other resources",
  },
  {
    row: "gcp R55 authorization",
    at: "authorization",
    deleted: true,
    message: "Error 400: can't delete dns authorization that is referenced by a certificate",
  },
  { row: "gcp R55 trust", at: "trust", deleted: true, message: held("trust config", "trust", "clients") },
  { row: "gcp delete network", at: "network", deleted: true, message: held("network", "network", "proxies") },
  { row: "gcp delete router", at: "router", deleted: true, message: held("router", "router", "nat") },
  { row: "gcp delete proxy", at: "proxy", deleted: true, message: held("target https proxy", "proxy", "rule") },
  { row: "gcp delete url map", at: "map", deleted: true, message: held("url map", "map", "proxy") },
  { row: "gcp delete backend", at: "backend", deleted: true, message: held("backend service", "backend", "map") },
  { row: "gcp delete group", at: "group", deleted: true, message: held("network endpoint group", "group", "backend") },
  {
    row: "gcp delete security policy",
    at: "policy",
    deleted: true,
    message: held("security policy", "policy", "backend"),
  },
  { row: "gcp delete ssl policy", at: "ciphers", deleted: true, message: held("ssl policy", "ciphers", "proxy") },
  {
    row: "gcp delete tls policy",
    at: "clients",
    deleted: true,
    message: held("server tls policy", "clients", "proxy"),
  },
  { row: "gcp delete subnetwork", at: "egress", deleted: true, message: held("subnetwork", "egress", "service") },
  { row: "gcp delete proxy subnetwork", at: "proxies", deleted: true, message: held("subnetwork", "proxies", "rule") },
  { row: "gcp delete address", at: "address", deleted: true, message: held("address", "address", "rule") },
  { row: "gcp delete address", at: "nat-address", deleted: true, message: held("address", "nat-address", "nat") },
];

/** One mistake for each row of the Google table, some rows with two. */
export const plants: Plant[] = [...network, ...balancing, ...run, ...certificates, ...deletes];
