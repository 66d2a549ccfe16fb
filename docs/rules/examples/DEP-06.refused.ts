import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import { accountId, checkRegions, hostname, monitor, ohio, oregon, virginia, zoneId } from "./around";

// Without: us-central1-https, us-east4-https
// Also: EDG-12
const address = new gcp.compute.GlobalAddress("front", { project: virginia.project });
const backend = new gcp.compute.BackendService("front", {
  project: virginia.project,
  loadBalancingScheme: "EXTERNAL_MANAGED",
  backends: [{ group: virginia.group.id }],
  securityPolicy: new gcp.compute.SecurityPolicy("front", {
    project: virginia.project,
    rules: [
      {
        action: "allow",
        priority: 1000,
        match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["173.245.48.0/20", "103.21.244.0/22"] } },
      },
      {
        action: "deny(403)",
        priority: 2147483647,
        match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
      },
    ],
  }).id,
  logConfig: { enable: true, sampleRate: 1 },
});
const routes = new gcp.compute.URLMap("front", { project: virginia.project, defaultService: backend.id });
const proxy = new gcp.compute.TargetHttpsProxy("front", {
  project: virginia.project,
  urlMap: routes.id,
  sslPolicy: new gcp.compute.SSLPolicy("front", { project: virginia.project, minTlsVersion: "TLS_1_2" }).id,
});
new gcp.compute.GlobalForwardingRule("front", {
  project: virginia.project,
  loadBalancingScheme: "EXTERNAL_MANAGED",
  ipAddress: address.address,
  portRange: "443",
  target: proxy.id,
});
new cloudflare.LoadBalancerPool("us-east4-pool", {
  accountId,
  name: "exchange-us-east4",
  monitor: monitor.id,
  checkRegions,
  minimumOrigins: 1,
  origins: [{ name: "us-east4", address: address.address }],
});
new cloudflare.LoadBalancer("load-balancer", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "random",
  randomSteering: { defaultWeight: 1 },
  defaultPools: [ohio.pool.id, oregon.pool.id, virginia.pool.id],
  fallbackPool: ohio.pool.id,
  adaptiveRouting: { failoverAcrossPools: true },
});
