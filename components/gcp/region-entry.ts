import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { protectedIf, type Child } from "../child";
import { OriginPullMode } from "../region";
import { splitPem, type GcpRegionPlan } from "./region-plan";

/**
 * Scheme of the regional external Application Load Balancer. Rule and backend both default to another one
 * (registry.terraform.io, google: `compute_forwarding_rule`, `compute_region_backend_service`).
 */
const SCHEME = "EXTERNAL_MANAGED";
/** Cloud Armor's rule for everything that no other rule matched. Left out, Google adds one that allows. */
const DEFAULT_RULE_PRIORITY = 2_147_483_647;
/** Before the rules that let Cloudflare in: its addresses are those of all its customers, whose zones can name this address too. */
const HOST_RULE_PRIORITY = 100;

/** Mutual TLS of the entry. */
export interface ClientTrust {
  trustConfig: gcp.certificatemanager.TrustConfig;
  policy: gcp.networksecurity.ServerTlsPolicy;
}

/** The region's public address. */
export function buildAddress(plan: GcpRegionPlan, child: Child): gcp.compute.Address {
  const { names, project, region, networkTier, labels } = plan;
  return new gcp.compute.Address(
    names.address,
    { project, region, addressType: "EXTERNAL", networkTier, labels },
    { ...child, ...protectedIf(plan.deletionProtected) },
  );
}

/** Cloud Armor: requests for the hostname are let in from Cloudflare's ranges, everything else gets 403. */
export function buildSecurityPolicy(
  { names, project, region, allowRules }: GcpRegionPlan,
  hostname: pulumi.Input<string>,
  child: Child,
): gcp.compute.RegionSecurityPolicy {
  const otherHost = {
    action: "deny(403)",
    priority: HOST_RULE_PRIORITY,
    description: "Another hostname",
    match: { expr: { expression: pulumi.output(hostname).apply(isOtherHost) } },
  };
  const allow = allowRules.map(({ priority, ranges }) => ({
    action: "allow",
    priority,
    description: "Cloudflare",
    match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ranges } },
  }));
  const deny = {
    action: "deny(403)",
    priority: DEFAULT_RULE_PRIORITY,
    description: "Everybody else",
    match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
  };
  return new gcp.compute.RegionSecurityPolicy(
    names.securityPolicy,
    { project, region, type: "CLOUD_ARMOR", rules: [otherHost, ...allow, deny] },
    child,
  );
}

/**
 * True of a request that asks for another host, in Cloud Armor's rules language: three of the five parts that an expression may have
 * (docs.cloud.google.com/armor/docs/rules-language-reference). One without the header is the load balancer's to refuse.
 */
function isOtherHost(hostname: string): string {
  const [header, host] = ["request.headers['host']", hostname.toLowerCase()];
  return `has(${header}) && ${header}.lower() != '${host}' && ${header}.lower() != '${host}:443'`;
}

/** The service as the load balancer's backend, closed by the security policy. */
export function buildBackend(
  { names, project, region }: GcpRegionPlan,
  service: gcp.cloudrunv2.Service,
  securityPolicy: gcp.compute.RegionSecurityPolicy,
  child: Child,
): gcp.compute.RegionBackendService {
  const endpointGroup = new gcp.compute.RegionNetworkEndpointGroup(
    names.endpointGroup,
    { project, region, networkEndpointType: "SERVERLESS", cloudRun: { service: service.name } },
    child,
  );
  return new gcp.compute.RegionBackendService(
    names.backend,
    {
      project,
      region,
      loadBalancingScheme: SCHEME,
      // A serverless backend is called by Google's own path, not by this protocol; this is the one of Google's examples.
      protocol: "HTTP",
      // No health check, timeout or port name: Google refuses each of them with a serverless backend
      // (terraform-google-modules/terraform-google-lb-http issues 149, 358, 448).
      backends: [{ group: endpointGroup.id, capacityScaler: 1 }],
      securityPolicy: securityPolicy.selfLink,
      // All are written; the region's log sink decides what is kept.
      logConfig: { enable: true, sampleRate: 1 },
    },
    // The provider does not replace it when the region changes and then calls the wrong address
    // (hashicorp/terraform-provider-google-beta, resource_compute_region_backend_service.go).
    { ...child, replaceOnChanges: ["region"] },
  );
}

/** Routes of the load balancer: everything to the one backend. */
export function buildUrlMap(
  { names, project, region }: GcpRegionPlan,
  backend: gcp.compute.RegionBackendService,
  child: Child,
): gcp.compute.RegionUrlMap {
  return new gcp.compute.RegionUrlMap(
    names.urlMap,
    { project, region, defaultService: backend.id },
    { ...child, replaceOnChanges: ["region"] },
  );
}

/** Which client certificates are accepted. Nothing while origin pulls are off. */
export function buildClientTrust(
  { names, project, region, originPullMode, labels }: GcpRegionPlan,
  authorities: pulumi.Input<string>,
  child: Child,
): ClientTrust | undefined {
  if (originPullMode === OriginPullMode.Off) return undefined;
  const trustConfig = new gcp.certificatemanager.TrustConfig(
    names.trustConfig,
    {
      project,
      location: region,
      labels,
      // One store with an anchor for each authority: during a rotation two are accepted, and the change is made in place.
      trustStores: [
        {
          trustAnchors: pulumi
            .output(authorities)
            .apply((text) => splitPem(text).map((pemCertificate) => ({ pemCertificate }))),
        },
      ],
    },
    child,
  );
  const policy = new gcp.networksecurity.ServerTlsPolicy(
    names.clientPolicy,
    {
      project,
      location: region,
      labels,
      allowOpen: false,
      mtlsPolicy: {
        clientValidationMode:
          originPullMode === OriginPullMode.Enforce ? "REJECT_INVALID" : "ALLOW_INVALID_OR_MISSING_CLIENT_CERT",
        clientValidationTrustConfig: trustConfig.id,
      },
    },
    {
      ...child,
      // Google updates nothing of a policy of a load balancer, its labels included (hashicorp/terraform-provider-google issue 15453):
      // a new one is made, the proxy moves to it in place, and the old one goes.
      replaceOnChanges: ["location", "labels"],
      // Google gives this reference back with the project's number in place of its id, and the provider would replace the
      // policy on every update (documentation of the provider's example, which writes the number).
      ignoreChanges: ["mtlsPolicy.clientValidationTrustConfig"],
    },
  );
  return { trustConfig, policy };
}

/** What the proxy of the load balancer needs. */
export interface ProxyNeeds {
  urlMap: gcp.compute.RegionUrlMap;
  certificateId: pulumi.Input<string>;
  clientTrust: ClientTrust | undefined;
}

/** The HTTPS proxy: TLS 1.2 and newer with forward secrecy, the public certificate and, if asked for, client certificates. */
export function buildProxy(
  { names, project, region }: GcpRegionPlan,
  { urlMap, certificateId, clientTrust }: ProxyNeeds,
  child: Child,
): gcp.compute.RegionTargetHttpsProxy {
  const sslPolicy = new gcp.compute.RegionSslPolicy(
    names.sslPolicy,
    { project, region, profile: "RESTRICTED", minTlsVersion: "TLS_1_2" },
    child,
  );
  return new gcp.compute.RegionTargetHttpsProxy(
    names.proxy,
    {
      project,
      region,
      urlMap: urlMap.id,
      certificateManagerCertificates: [certificateId],
      sslPolicy: sslPolicy.id,
      ...(clientTrust === undefined ? {} : { serverTlsPolicy: clientTrust.policy.id }),
    },
    child,
  );
}

/** What the forwarding rule needs. */
export interface RuleNeeds {
  proxy: gcp.compute.RegionTargetHttpsProxy;
  address: gcp.compute.Address;
  networkId: pulumi.Input<string>;
  /** The network component, whose proxy-only subnet no property of the rule names. */
  dependsOn: pulumi.Resource[];
}

/**
 * The forwarding rule, made last: Cloud Armor is attached to the backend only after that has been created
 * (hashicorp/terraform-provider-google issue 29240).
 */
export function buildRule(plan: GcpRegionPlan, needs: RuleNeeds, child: Child): gcp.compute.ForwardingRule {
  const { names, project, region, networkTier, labels } = plan;
  return new gcp.compute.ForwardingRule(
    names.rule,
    {
      project,
      region,
      labels,
      loadBalancingScheme: SCHEME,
      networkTier,
      network: needs.networkId,
      ipAddress: needs.address.address,
      ipProtocol: "TCP",
      portRange: "443",
      target: needs.proxy.id,
    },
    // Two rules cannot hold one address and port, so a new one can only follow the old one.
    { ...child, ...protectedIf(plan.deletionProtected), deleteBeforeReplace: true, dependsOn: needs.dependsOn },
  );
}
