import * as cloudflare from "@pulumi/cloudflare";
import { accountId, checkRegions, hostname, monitor, virginia, zoneId } from "./around";

// Also: CAP-02, CAP-03, OBS-01, TOP-05
// In Northern Virginia, as is Google's us-east4: the settings say so of this address, under design.origins.
const pool = new cloudflare.LoadBalancerPool("us-east-1-pool", {
  accountId,
  name: "exchange-us-east-1",
  monitor: monitor.id,
  checkRegions,
  minimumOrigins: 1,
  origins: [{ name: "us-east-1", address: "us-east-1.example.net" }],
});
new cloudflare.LoadBalancer("load-balancer", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "random",
  randomSteering: { defaultWeight: 1 },
  defaultPools: [pool.id, virginia.pool.id],
  fallbackPool: virginia.pool.id,
  adaptiveRouting: { failoverAcrossPools: true },
});
