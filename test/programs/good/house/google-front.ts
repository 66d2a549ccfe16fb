import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { edgeRanges } from "./settings";

export interface Regional {
  project: string;
  region: string;
}

/** A regional external Application Load Balancer in front of a backend; its address. */
export function googleFront(
  name: string,
  here: Regional,
  hostname: string,
  backends: gcp.types.input.compute.RegionBackendServiceBackend[],
  healthCheck?: pulumi.Input<string>,
) {
  const rule = (priority: number, action: string, srcIpRanges: string[]) => ({
    priority,
    action,
    match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges } },
  });
  const armor = new gcp.compute.RegionSecurityPolicy(name, {
    ...here,
    type: "CLOUD_ARMOR",
    rules: [
      rule(1, "allow", edgeRanges.slice(0, 10)),
      rule(2, "allow", edgeRanges.slice(10)),
      rule(2147483647, "deny(403)", ["*"]),
    ],
  });
  const network = new gcp.compute.Network(name, { project: here.project, autoCreateSubnetworks: false });
  new gcp.compute.Subnetwork(`${name}-proxies`, {
    ...here,
    network: network.id,
    ipCidrRange: "10.9.0.0/23",
    purpose: "REGIONAL_MANAGED_PROXY",
    role: "ACTIVE",
  });
  const backend = new gcp.compute.RegionBackendService(name, {
    ...here,
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTPS",
    backends,
    ...(healthCheck === undefined ? {} : { healthChecks: healthCheck }),
    securityPolicy: armor.id,
    logConfig: { enable: true },
  });
  const routes = new gcp.compute.RegionUrlMap(name, {
    ...here,
    defaultService: backend.id,
    hostRules: [{ hosts: [hostname], pathMatcher: "api" }],
    pathMatchers: [{ name: "api", defaultService: backend.id }],
  });
  const certificate = new gcp.certificatemanager.Certificate(name, {
    project: here.project,
    location: here.region,
    managed: { domains: [hostname] },
  });
  const policy = new gcp.compute.RegionSslPolicy(name, { ...here, profile: "MODERN", minTlsVersion: "TLS_1_2" });
  const proxy = new gcp.compute.RegionTargetHttpsProxy(name, {
    ...here,
    urlMap: routes.id,
    sslPolicy: policy.id,
    certificateManagerCertificates: [certificate.id],
  });
  const address = new gcp.compute.Address(name, here);
  new gcp.compute.ForwardingRule(name, {
    ...here,
    loadBalancingScheme: "EXTERNAL_MANAGED",
    network: network.id,
    ipAddress: address.address,
    portRange: "443",
    target: proxy.id,
  });
  return address.address;
}

/** Cloud Run behind such a balancer. */
export function googleService(
  name: string,
  here: Regional,
  hostname: string,
  args: { instances: number; environment?: Record<string, pulumi.Input<string>>; after?: pulumi.Resource[] },
) {
  const { project, region } = here;
  const images = new gcp.artifactregistry.Repository(name, {
    project,
    location: region,
    repositoryId: "api",
    format: "DOCKER",
  });
  const service = new gcp.cloudrunv2.Service(
    name,
    {
      project,
      location: region,
      ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      invokerIamDisabled: true,
      scaling: { minInstanceCount: args.instances },
      template: {
        containers: [
          {
            image: `${region}-docker.pkg.dev/${project}/api/api:v42`,
            envs: Object.entries({ REGION: region, ...args.environment }).map(([key, value]) => ({ name: key, value })),
            startupProbe: { httpGet: { path: "/livez" } },
          },
        ],
      },
    },
    { dependsOn: [images, ...(args.after ?? [])] },
  );
  const group = new gcp.compute.RegionNetworkEndpointGroup(name, {
    ...here,
    networkEndpointType: "SERVERLESS",
    cloudRun: { service: service.name },
  });
  return { service, address: googleFront(name, here, hostname, [{ group: group.id, capacityScaler: 1 }]) };
}
