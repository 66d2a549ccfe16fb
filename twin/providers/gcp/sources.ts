const BETA = "hashicorp/terraform-provider-google-beta";
const ISSUE = "hashicorp/terraform-provider-google issue";
const RUN = "docs.cloud.google.com/run/docs";
const BALANCING = "docs.cloud.google.com/load-balancing/docs";
const COMPUTE = "docs.cloud.google.com/compute/docs/reference/rest/v1";
const CERTIFICATES = "docs.cloud.google.com/certificate-manager/docs";

/**
 * Where it is published that Google or its provider refuses it, by the first two words of a row. Where a page gives the condition
 * alone, the words of the refusal are ours.
 */
export const sources: Readonly<Record<string, string>> = {
  "gcp R2": `${COMPUTE}/forwardingRules; defaults: ${BETA}, resource_compute_region_backend_service.go`,
  "gcp R4": `${BALANCING}/forwarding-rule-concepts`,
  "gcp R5": `${BALANCING}/proxy-only-subnets`,
  "gcp R7": `${COMPUTE}/forwardingRules`,
  "gcp R9": `${BALANCING}/forwarding-rule-concepts`,
  "gcp R10": `${COMPUTE}/forwardingRules`,
  "gcp R11": `${ISSUE} 9372`,
  "gcp R12": "terraform-google-modules/terraform-google-lb-http issue 149",
  "gcp R13": "terraform-google-modules/terraform-google-lb-http issue 358",
  "gcp R14": "terraform-google-modules/terraform-google-lb-http issue 448",
  "gcp R15": `${ISSUE} 7167`,
  "gcp R16": "GoogleCloudPlatform/cloud-foundation-fabric pull request 1801",
  "gcp R17": `${BETA}, resource_compute_region_backend_service.go`,
  "gcp R19": "GoogleCloudPlatform/cloud-foundation-fabric issue 1783",
  "gcp R20": `${BALANCING}/negs/serverless-neg-concepts`,
  "gcp R22": `docs.cloud.google.com/armor/docs/security-policy-overview; ${BETA}, resource_compute_region_backend_service.go`,
  "gcp R30": `${ISSUE} 17802`,
  "gcp R31": `${BETA}, resource_compute_region_target_https_proxy.go`,
  "gcp R32": `${CERTIFICATES}/certificates; ${BALANCING}/mtls`,
  "gcp R40": "GoogleCloudPlatform/magic-modules pull request 3516",
  "gcp R41": "GoogleCloudPlatform/cloud-foundation-fabric issue 4182",
  "gcp R43": `${COMPUTE}/regionSecurityPolicies`,
  "gcp R47": "GoogleCloudPlatform/cloud-foundation-fabric issue 2832",
  "gcp R48": `${CERTIFICATES}/dns-authorizations`,
  "gcp R52": `${CERTIFICATES}/dns-authorizations`,
  "gcp R55": `${ISSUE} 19855`,
  "gcp R59": `registry.terraform.io, google: network_security_server_tls_policy; ${BALANCING}/mtls`,
  "gcp R60": `registry.terraform.io, google: network_security_server_tls_policy; ${BALANCING}/mtls`,
  "gcp R61": `${ISSUE} 13438`,
  "gcp R62": "terraform-google-modules/terraform-google-network issue 371",
  "gcp R63": `${BALANCING}/proxy-only-subnets`,
  "gcp R64": `${BALANCING}/proxy-only-subnets`,
  "gcp R65": "docs.cloud.google.com/vpc/docs/subnets",
  "gcp R70": `${COMPUTE}/routers`,
  "gcp R79": `${RUN}/configuring/request-timeout`,
  "gcp R80": `${ISSUE} 26877`,
  "gcp R81": `${RUN}/configuring/services/environment-variables`,
  "gcp R84": `${RUN}/troubleshooting`,
  "gcp R86": "world-federation-of-advertisers/cross-media-measurement issue 3832",
  "gcp R88": `${RUN}/configuring/services/memory-limits`,
  "gcp R90": `${RUN}/about-concurrency`,
  "gcp R92": "goblet/goblet issue 287",
  "gcp R93": `${RUN}/configuring/healthchecks`,
  "gcp R94": `${RUN}/configuring/healthchecks`,
  "gcp R96": `${RUN}/configuring/vpc-direct-vpc`,
  "gcp R99": "terraform-google-modules/terraform-docs-samples pull request 168",
  "gcp R100": `${RUN}/configuring/services/secrets`,
  "gcp R104":
    "GoogleCloudPlatform/cloud-run-release-manager issue 81; of a member: GoogleCloudPlatform/genai-for-marketing issue 139",
  "gcp R105": `${BETA}, resource_cloud_run_v2_service.go`,
  "gcp R113": `${BETA}, resource_secret_manager_secret_version.go`,
  "gcp R117": `${BETA}, resource_google_project_service.go`,
  "gcp R119": `${ISSUE}s 8214, 11023`,
  "gcp R123": "registry.terraform.io, google: deletion_policy",
  "gcp update": `${ISSUE} 15453`,
  "gcp delete": `resourceInUseByAnotherResource: ${ISSUE}s 7503, 20206`,
};
