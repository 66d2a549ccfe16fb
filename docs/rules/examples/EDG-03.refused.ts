import * as cloudflare from "@pulumi/cloudflare";
import { accountId, checkRegions, ohio } from "./around";

// Also: TOP-05
new cloudflare.LoadBalancerPool("us-east-2-pool", {
  accountId,
  name: "exchange-us-east-2",
  checkRegions,
  minimumOrigins: 1,
  origins: [{ name: "us-east-2", address: ohio.balancer.dnsName }],
});
