import * as cloudflare from "@pulumi/cloudflare";
import { accountId, monitor, ohio } from "./around";

new cloudflare.LoadBalancerPool("us-east-2-pool", {
  accountId,
  name: "exchange-us-east-2",
  monitor: monitor.id,
  minimumOrigins: 1,
  origins: [{ name: "us-east-2", address: ohio.balancer.dnsName }],
});
