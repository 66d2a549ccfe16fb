/** An edge in front of two clouds whose regions are somebody else's. The tests change the line that lists the pools. */
import * as cloudflare from "@pulumi/cloudflare";

const accountId = "0123456789abcdef0123456789abcdef";
const monitor = new cloudflare.LoadBalancerMonitor("shop", {
  accountId,
  type: "https",
  path: "/healthz/region",
  expectedCodes: "200",
  interval: 10,
  timeout: 2,
  retries: 1,
});
const pool = (name: string, address: string): cloudflare.LoadBalancerPool =>
  new cloudflare.LoadBalancerPool(name, { accountId, name, monitor: monitor.id, origins: [{ name, address }] });
const aws = pool("aws", "shop.us-east-2.elb.amazonaws.com");
const gcp = pool("gcp", "shop-123456789012.us-west1.run.app");

new cloudflare.LoadBalancer("shop", {
  zoneId: "fedcba9876543210fedcba9876543210",
  name: "shop.example.com",
  proxied: true,
  defaultPools: [aws.id, gcp.id],
  fallbackPool: gcp.id,
});
