import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { MachinesArgs } from "./aws-region";

/** A regional balancer over a regional managed instance group. */
export class GoogleMachines extends pulumi.ComponentResource {
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: MachinesArgs & { project: string }, opts?: pulumi.ComponentResourceOptions) {
    super("acme:gcp:Machines", name, {}, opts);
    const { region, project } = args;
    const child = { parent: this };
    const network = new gcp.compute.Network(name, { project, autoCreateSubnetworks: false }, child);
    const subnetwork = new gcp.compute.Subnetwork(
      name,
      { project, region, network: network.id, ipCidrRange: "10.8.0.0/20", privateIpGoogleAccess: true },
      child,
    );
    const proxies = new gcp.compute.Subnetwork(
      `${name}-proxies`,
      {
        project,
        region,
        network: network.id,
        ipCidrRange: "10.9.0.0/23",
        purpose: "REGIONAL_MANAGED_PROXY",
        role: "ACTIVE",
      },
      child,
    );
    new gcp.compute.Firewall(
      `${name}-balancer`,
      {
        project,
        network: network.id,
        sourceRanges: ["10.9.0.0/23", "130.211.0.0/22", "35.191.0.0/16"],
        targetTags: ["api"],
        allows: [{ protocol: "tcp", ports: ["8080"] }],
      },
      child,
    );
    const template = new gcp.compute.InstanceTemplate(
      name,
      {
        project,
        region,
        machineType: "c3-standard-4",
        tags: ["api"],
        disks: [{ sourceImage: `projects/${project}/global/images/api-20260901`, boot: true }],
        networkInterfaces: [{ subnetwork: subnetwork.id }],
      },
      child,
    );
    const ready = new gcp.compute.RegionHealthCheck(
      name,
      { project, region, httpHealthCheck: { port: 8080, requestPath: "/ready" } },
      child,
    );
    const machines = new gcp.compute.RegionInstanceGroupManager(
      name,
      {
        project,
        region,
        baseInstanceName: "api",
        targetSize: args.machines,
        namedPorts: [{ name: "http", port: 8080 }],
        versions: [{ instanceTemplate: template.selfLinkUnique }],
        autoHealingPolicies: { healthCheck: ready.id, initialDelaySec: 120 },
        updatePolicy: { type: "PROACTIVE", minimalAction: "REPLACE", maxSurgeFixed: 4, maxUnavailableFixed: 0 },
      },
      child,
    );
    const armor = new gcp.compute.RegionSecurityPolicy(
      name,
      {
        project,
        region,
        type: "CLOUD_ARMOR",
        rules: [rule(1000, "allow", args.edgeRanges), rule(2147483647, "deny(403)", ["*"])],
      },
      child,
    );
    const backend = new gcp.compute.RegionBackendService(
      name,
      {
        project,
        region,
        loadBalancingScheme: "EXTERNAL_MANAGED",
        protocol: "HTTP",
        portName: "http",
        healthChecks: ready.id,
        backends: [{ group: machines.instanceGroup, balancingMode: "UTILIZATION", capacityScaler: 1 }],
        securityPolicy: armor.selfLink,
        logConfig: { enable: true, sampleRate: 0.1 },
      },
      child,
    );
    const urls = new gcp.compute.RegionUrlMap(name, { project, region, defaultService: backend.selfLink }, child);
    const certificate = new gcp.certificatemanager.Certificate(
      name,
      { project, location: region, managed: { domains: [args.hostname] } },
      child,
    );
    const policy = new gcp.compute.RegionSslPolicy(
      name,
      { project, region, profile: "RESTRICTED", minTlsVersion: "TLS_1_2" },
      child,
    );
    const proxy = new gcp.compute.RegionTargetHttpsProxy(
      name,
      {
        project,
        region,
        urlMap: urls.selfLink,
        sslPolicy: policy.selfLink,
        certificateManagerCertificates: [certificate.id],
      },
      child,
    );
    const address = new gcp.compute.Address(name, { project, region, networkTier: "STANDARD" }, child);
    new gcp.compute.ForwardingRule(
      name,
      {
        project,
        region,
        loadBalancingScheme: "EXTERNAL_MANAGED",
        networkTier: "STANDARD",
        network: network.id,
        ipAddress: address.id,
        portRange: "443-443",
        target: proxy.selfLink,
      },
      { parent: this, dependsOn: [proxies] },
    );
    this.address = address.address;
    this.registerOutputs({ address: this.address });
  }
}

function rule(priority: number, action: string, srcIpRanges: string[]) {
  return { priority, action, match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges } } };
}
