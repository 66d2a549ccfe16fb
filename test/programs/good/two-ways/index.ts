/** Style: functions of the house, one Cloud Run service behind a global and a regional balancer, both pools of the same hostname. */
import * as gcp from "@pulumi/gcp";
import { awsService } from "../house/aws-service";
import { failover } from "../house/edge";
import { googleService } from "../house/google-front";
import { domain, edgeRanges } from "../house/settings";

const hostname = `pay.${domain}`;
const project = "house-pay";
const region = "europe-west4";

const dublin = awsService("pay", { region: "eu-west-1", hostname, tasks: 12 });
const regional = googleService("pay", { project, region }, hostname, { instances: 12, after: [dublin.service] });

const group = new gcp.compute.RegionNetworkEndpointGroup("pay-global", {
  project,
  region,
  networkEndpointType: "SERVERLESS",
  cloudRun: { service: regional.service.name },
});
const armor = new gcp.compute.SecurityPolicy("pay", {
  project,
  rules: [
    ...[edgeRanges.slice(0, 10), edgeRanges.slice(10)].map((srcIpRanges, priority) => ({
      priority,
      action: "allow",
      match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges } },
    })),
    {
      priority: 2147483647,
      action: "deny(403)",
      match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
    },
  ],
});
const backend = new gcp.compute.BackendService("pay", {
  project,
  loadBalancingScheme: "EXTERNAL_MANAGED",
  protocol: "HTTPS",
  backends: [{ group: group.id }],
  securityPolicy: armor.id,
  logConfig: { enable: true },
});
const routes = new gcp.compute.URLMap("pay", { project, defaultService: backend.id });
const policy = new gcp.compute.SSLPolicy("pay", { project, profile: "MODERN", minTlsVersion: "TLS_1_2" });
const certificate = new gcp.compute.ManagedSslCertificate("pay", { project, managed: { domains: [hostname] } });
const proxy = new gcp.compute.TargetHttpsProxy("pay", {
  project,
  urlMap: routes.id,
  sslPolicy: policy.id,
  sslCertificates: [certificate.id],
});
const address = new gcp.compute.GlobalAddress("pay", { project });
new gcp.compute.GlobalForwardingRule("pay", {
  project,
  loadBalancingScheme: "EXTERNAL_MANAGED",
  ipAddress: address.address,
  portRange: "443",
  target: proxy.id,
});

failover(hostname, { dublin: dublin.balancer.dnsName, google: address.address, eemshaven: regional.address });
