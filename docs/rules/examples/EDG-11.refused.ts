import * as cloudflare from "@pulumi/cloudflare";
import { hostname, iowa, ohio, oregon, virginia, zoneId } from "./around";

// Also: EDG-04
new cloudflare.LoadBalancer("load-balancer", {
  zoneId,
  name: hostname,
  proxied: false,
  ttl: 300,
  steeringPolicy: "random",
  randomSteering: { defaultWeight: 1 },
  defaultPools: [ohio.pool.id, oregon.pool.id, iowa.pool.id, virginia.pool.id],
  fallbackPool: iowa.pool.id,
  adaptiveRouting: { failoverAcrossPools: true },
});
