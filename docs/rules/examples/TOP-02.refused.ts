import * as cloudflare from "@pulumi/cloudflare";
import { hostname, ohio, zoneId } from "./around";

// Also: EDG-01, TOP-01, TOP-05
new cloudflare.LoadBalancer("load-balancer", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "random",
  randomSteering: { defaultWeight: 1 },
  defaultPools: [ohio.pool.id],
  fallbackPool: ohio.pool.id,
  adaptiveRouting: { failoverAcrossPools: true },
});
