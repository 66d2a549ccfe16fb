/**
 * What `pulumi up` of this program may do in a region's project, one line for each kind of resource.
 *
 * Not among them: projects, their policies and APIs, registries and this identity itself, which a person sets up. Names are those of
 * https://docs.cloud.google.com/iam/docs/roles-permissions.
 */
export const DEPLOY_PERMISSIONS: readonly string[] = [
  ...each("compute.networks", ["create", "delete", "get", "updatePolicy", "use"]),
  ...each("compute.subnetworks", ["create", "delete", "get", "setPrivateIpGoogleAccess", "update", "use"]),
  ...each("compute.firewalls", ["create", "delete", "get", "update"]),
  ...each("compute.routers", ["create", "delete", "get", "update", "use"]),
  ...each("compute.addresses", ["create", "delete", "get", "setLabels", "use"]),
  ...each("compute.forwardingRules", ["create", "delete", "get", "setLabels", "setTarget", "update", "use"]),
  ...each("compute.regionTargetHttpsProxies", [
    "create",
    "delete",
    "get",
    "setSslCertificates",
    "setUrlMap",
    "update",
    "use",
  ]),
  ...each("compute.regionUrlMaps", ["create", "delete", "get", "update", "use", "validate"]),
  ...each("compute.regionBackendServices", ["create", "delete", "get", "setSecurityPolicy", "update", "use"]),
  ...each("compute.regionNetworkEndpointGroups", ["create", "delete", "get", "use"]),
  ...each("compute.regionSecurityPolicies", ["create", "delete", "get", "update", "use"]),
  ...each("compute.regionSslPolicies", ["create", "delete", "get", "update", "use"]),
  ...each("compute.regionOperations", ["get"]),
  ...each("compute.globalOperations", ["get"]),
  ...each("certificatemanager.certs", ["create", "delete", "get", "update", "use"]),
  ...each("certificatemanager.dnsauthorizations", ["create", "delete", "get", "update", "use"]),
  ...each("certificatemanager.trustconfigs", ["create", "delete", "get", "update", "use"]),
  ...each("certificatemanager.operations", ["get"]),
  ...each("networksecurity.serverTlsPolicies", ["create", "delete", "get", "update", "use"]),
  ...each("networksecurity.operations", ["get"]),
  // setIamPolicy is what Google asks of whoever turns the invoker check off (docs.cloud.google.com/run/docs/authenticating/public).
  ...each("run.services", ["create", "delete", "get", "getIamPolicy", "setIamPolicy", "update"]),
  ...each("run.operations", ["get"]),
  ...each("iam.serviceAccounts", ["actAs", "create", "delete", "get", "update"]),
  ...each("secretmanager.secrets", ["create", "delete", "get", "getIamPolicy", "setIamPolicy", "update"]),
  // access: the provider reads a version back to see whether it still holds what the program says.
  ...each("secretmanager.versions", ["access", "add", "destroy", "disable", "enable", "get"]),
  ...each("logging.buckets", ["create", "get", "update"]),
  ...each("logging.sinks", ["create", "delete", "get", "update"]),
  ...each("logging.exclusions", ["create", "delete", "get", "update"]),
  // An alarm on a log is also a rule of Cloud Logging, made with the policy; without the right to it the policy is refused
  // (docs.cloud.google.com/iam/docs/roles-permissions/logging: roles/logging.configWriter).
  ...each("logging.notificationRules", ["create", "delete", "get", "update"]),
  ...each("monitoring.alertPolicies", ["create", "delete", "get", "update"]),
  ...each("monitoring.notificationChannels", ["create", "delete", "get", "update"]),
  ...each("resourcemanager.projects", ["get"]),
];

function each(kind: string, verbs: readonly string[]): string[] {
  return verbs.map((verb) => `${kind}.${verb}`);
}
