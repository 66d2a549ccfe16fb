import * as cloudflare from "@pulumi/cloudflare";
import { hostname, iowa, ohio, zoneId } from "./around";

new cloudflare.LoadBalancer("load-balancer", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "off",
  defaultPools: [ohio.pool.id, iowa.pool.id],
  fallbackPool: iowa.pool.id,
  adaptiveRouting: { failoverAcrossPools: true },
});
