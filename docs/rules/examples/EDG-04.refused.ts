import * as cloudflare from "@pulumi/cloudflare";
import { accountId, hostname } from "./around";

new cloudflare.LoadBalancerMonitor("monitor", {
  accountId,
  type: "https",
  path: "/healthz/region",
  expectedCodes: "200",
  followRedirects: false,
  allowInsecure: false,
  probeZone: "example.com",
  header: { Host: [hostname] },
  interval: 60,
  timeout: 5,
  retries: 2,
  consecutiveDown: 2,
  consecutiveUp: 3,
});
