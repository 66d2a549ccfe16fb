import * as cloudflare from "@pulumi/cloudflare";
import { accountId, checkRegions, monitor, ohio, oregon } from "./around";

new cloudflare.LoadBalancerPool("us-east-2-pool", {
  accountId,
  name: "exchange-us-east-2",
  monitor: monitor.id,
  checkRegions,
  minimumOrigins: 1,
  origins: [
    { name: "us-east-2", address: ohio.balancer.dnsName },
    { name: "us-west-2", address: oregon.balancer.dnsName },
  ],
});
