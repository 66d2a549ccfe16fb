import * as cloudflare from "@pulumi/cloudflare";
import { hostname, ohio, virginia, zoneId } from "./around";

new cloudflare.LoadBalancer("load-balancer", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "random",
  randomSteering: { defaultWeight: 1 },
  defaultPools: [ohio.pool.id, virginia.pool.id],
  fallbackPool: virginia.pool.id,
  adaptiveRouting: { failoverAcrossPools: true },
});
