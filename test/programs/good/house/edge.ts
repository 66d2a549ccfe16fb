import * as cloudflare from "@pulumi/cloudflare";
import type * as pulumi from "@pulumi/pulumi";
import { accountId, domain, zoneId } from "./settings";

/** A monitor, a pool for each origin, alerts and the zone's TLS: what every load balancer of this house has. */
export function watchedPools(
  hostname: string,
  origins: Record<string, pulumi.Input<string>>,
  path = "/healthz/region",
) {
  const monitor = new cloudflare.LoadBalancerMonitor(hostname, {
    accountId,
    type: "https",
    path,
    expectedCodes: "200",
    interval: 15,
    timeout: 3,
    retries: 1,
    probeZone: domain,
    header: { Host: [hostname] },
  });
  const pools = Object.entries(origins).map(
    ([name, address]) =>
      new cloudflare.LoadBalancerPool(name, {
        accountId,
        name,
        monitor: monitor.id,
        checkRegions: ["ENAM", "WEU", "SEAS"],
        minimumOrigins: 1,
        origins: [{ name, address, header: { hosts: [hostname] } }],
      }),
  );
  new cloudflare.NotificationPolicy(hostname, {
    accountId,
    name: `${hostname} lost a pool`,
    alertType: "load_balancing_health_alert",
    enabled: true,
    filters: { poolIds: pools.map(({ id }) => id) },
    mechanisms: { webhooks: [{ id: "f174e90afafe4643bbbc4a0ed4fc8415" }] },
  });
  new cloudflare.ZoneSetting("ssl", { zoneId, settingId: "ssl", value: "strict" });
  new cloudflare.ZoneSetting("min-tls", { zoneId, settingId: "min_tls_version", value: "1.2" });
  return pools;
}

/** All traffic to the first pool that is well. */
export function failover(hostname: string, origins: Record<string, pulumi.Input<string>>) {
  const ids = watchedPools(hostname, origins).map(({ id }) => id);
  return new cloudflare.LoadBalancer(hostname, {
    zoneId,
    name: hostname,
    proxied: true,
    steeringPolicy: "off",
    defaultPools: ids,
    fallbackPool: ids[1] ?? "",
    adaptiveRouting: { failoverAcrossPools: true },
  });
}
