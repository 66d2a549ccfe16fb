import * as cloudflare from "@pulumi/cloudflare";
import { hostname, iowa, ohio, virginia, zoneId } from "./around";

new cloudflare.LoadBalancer("load-balancer", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "random",
  randomSteering: { defaultWeight: 1 },
  defaultPools: [ohio.pool.id, iowa.pool.id],
  fallbackPool: virginia.pool.id,
  adaptiveRouting: { failoverAcrossPools: true },
});
