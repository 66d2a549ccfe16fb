import { cidrContains, parseCidr } from "../../../components/sizing/cidr";
import type { Json } from "../../../resilience/values";
import { number, text } from "../../values";
import { freeAddress, type Made, type ResourceModel } from "../model";
import { computeType, fingerprint, named, numericId } from "./names";

const lowered = named(63, "name", true);

/** VPC networks and the regional external Application Load Balancer. Replacements: the provider's `ForceNew` fields. */
export const network: Record<string, ResourceModel> = {
  "gcp:compute/network:Network": computeType("networks", "global", {
    ...lowered,
    replaceOn: ["name", "project", "autoCreateSubnetworks", "description"],
    computed: { networkId: numericId, numericId, gatewayIpv4: () => "" },
  }),
  "gcp:compute/subnetwork:Subnetwork": computeType("subnetworks", "regions", {
    ...lowered,
    replaceOn: ["name", "project", "region", "network"],
    replaceWhen: { ipCidrRange: (before, after) => !widens(before, after) },
    computed: { subnetworkId: numericId, gatewayAddress: (made) => gateway(made), fingerprint, state: () => "READY" },
  }),
  "gcp:compute/router:Router": computeType("routers", "regions", {
    ...lowered,
    replaceOn: ["name", "project", "region", "network"],
  }),
  "gcp:compute/routerNat:RouterNat": {
    ...lowered,
    replaceOn: ["name", "project", "region", "router", "type"],
    sets: ["natIps", "subnetworks"],
    id: ({ scope, inputs, name }) =>
      `${scope.project ?? ""}/${scope.region ?? ""}/${lastPart(text(inputs, "router"))}/${text(inputs, "name") ?? name}`,
  },
  "gcp:compute/address:Address": computeType("addresses", "regions", {
    replaceOn: ["*"],
    inPlace: ["labels"],
    computed: {
      address: (made) => freeAddress(made, "198.51.100", "address"),
      addressId: numericId,
      labelFingerprint: fingerprint,
      users: () => [],
    },
  }),
  "gcp:compute/firewall:Firewall": computeType("firewalls", "global", {
    replaceOn: ["name", "project", "network", "direction"],
    sets: ["sourceRanges", "destinationRanges", "allows", "denies", "allows[].ports"],
  }),
  "gcp:compute/forwardingRule:ForwardingRule": computeType("forwardingRules", "regions", {
    replaceOn: [
      ...["name", "project", "region", "description", "ipAddress", "ipProtocol", "portRange", "ports", "allPorts"],
      ...["loadBalancingScheme", "network", "networkTier", "ipVersion", "subnetwork"],
    ],
    sets: ["ports"],
    computed: {
      forwardingRuleId: numericId,
      labelFingerprint: fingerprint,
      baseForwardingRule: () => "",
      serviceName: () => "",
      pscConnectionId: () => "",
      pscConnectionStatus: () => "",
    },
  }),
  "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy": computeType("targetHttpsProxies", "regions", {
    replaceOn: ["name", "project", "region", "description", "httpKeepAliveTimeoutSec"],
    computed: { proxyId: numericId },
  }),
  "gcp:compute/regionUrlMap:RegionUrlMap": computeType("urlMaps", "regions", {
    replaceOn: ["name", "project"],
    sets: ["hostRules"],
    computed: { mapId: numericId, fingerprint },
  }),
  "gcp:compute/regionBackendService:RegionBackendService": computeType("backendServices", "regions", {
    replaceOn: ["name", "project", "loadBalancingScheme", "network"],
    sets: ["backends"],
    computed: { generatedId: numericId, fingerprint },
  }),
  "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup": computeType("networkEndpointGroups", "regions", {
    replaceOn: ["*"],
  }),
  "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": computeType("securityPolicies", "regions", {
    replaceOn: ["name", "project", "region", "type"],
    sets: ["rules"],
    computed: { policyId: numericId, fingerprint, selfLinkWithPolicyId: ({ id }) => id },
  }),
  "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule": {
    replaceOn: ["project", "region", "securityPolicy", "priority"],
    id: ({ scope, inputs }) =>
      `projects/${scope.project ?? ""}/regions/${scope.region ?? ""}/securityPolicies/${text(inputs, "securityPolicy") ?? ""}/priority/${String(number(inputs, "priority"))}`,
  },
  "gcp:compute/regionSslPolicy:RegionSslPolicy": computeType("sslPolicies", "regions", {
    replaceOn: ["name", "project", "region", "description"],
    sets: ["customFeatures"],
    computed: { fingerprint, enabledFeatures: () => [] },
  }),
};

/** A range grows in place; one that shrinks or moves replaces (`isShrinkageIpCidr` of the provider's resource_compute_subnetwork.go). */
function widens(before: Json | undefined, after: Json | undefined): boolean {
  return isRange(before) && isRange(after) && cidrContains(after, before);
}

function isRange(value: Json | undefined): value is string {
  return typeof value === "string" && parseCidr(value) !== undefined;
}

function gateway({ inputs }: Made): string {
  return (text(inputs, "ipCidrRange") ?? "").replace(/\d+\/\d+$/, "1");
}

/** The last part of a path or self link: the name. */
export function lastPart(reference: string | undefined): string {
  return reference?.split("/").at(-1) ?? "";
}
