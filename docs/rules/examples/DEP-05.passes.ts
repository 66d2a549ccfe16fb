import * as cloudflare from "@pulumi/cloudflare";
import { accountId, checkRegions, monitor, virginia } from "./around";

new cloudflare.LoadBalancerPool("us-east4-pool", {
  accountId,
  name: "exchange-us-east4",
  enabled: true,
  monitor: monitor.id,
  checkRegions,
  minimumOrigins: 1,
  origins: [{ name: "us-east4", address: virginia.address.address }],
});
