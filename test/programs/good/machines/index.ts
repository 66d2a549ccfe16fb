/** Style: component classes, regions from the stack's settings, a loop over them, one provider for each AWS region. */
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { AwsMachines } from "./aws-region";
import { GoogleMachines } from "./google-region";

interface Region {
  cloud: "aws" | "gcp";
  region: string;
  weight: number;
  machines: number;
}

const config = new pulumi.Config();
const regions = config.requireObject<Region[]>("regions");
const domain = config.require("domain");
const zoneId = config.require("zoneId");
const accountId = config.require("accountId");
const hostname = `trade.${domain}`;
const edgeRanges = ["173.245.48.0/20", "103.21.244.0/22", "162.158.0.0/15", "104.16.0.0/13", "172.64.0.0/13"];

const origins = regions.map(({ cloud, region, machines, weight }) => {
  const args = { region, machines, hostname, edgeRanges };
  const { address } =
    cloud === "aws"
      ? new AwsMachines(`api-${region}`, args)
      : new GoogleMachines(`api-${region}`, { ...args, project: "acme-trading" });
  return { cloud, region, weight, address };
});

const monitor = new cloudflare.LoadBalancerMonitor("region", {
  accountId,
  type: "https",
  path: "/region",
  expectedCodes: "200",
  interval: 10,
  timeout: 3,
  retries: 1,
  probeZone: domain,
  header: { Host: [hostname] },
});
const pools = origins.map(({ region, weight, cloud, address }) => ({
  cloud,
  weight,
  pool: new cloudflare.LoadBalancerPool(region, {
    accountId,
    name: region,
    monitor: monitor.id,
    minimumOrigins: 1,
    checkRegions: ["WEU", "ENAM", "SEAS"],
    origins: [{ name: region, address, weight: 1 }],
  }),
}));
const ids = pools.map(({ pool }) => pool.id);
new cloudflare.LoadBalancer("trade", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "random",
  randomSteering: {
    defaultWeight: 0.3,
    poolWeights: pulumi
      .all(pools.map(({ pool, weight }) => pool.id.apply((id) => [id, weight] as const)))
      .apply((weights) => Object.fromEntries(weights)),
  },
  defaultPools: ids,
  fallbackPool: pools.find(({ cloud }) => cloud === "gcp")?.pool.id ?? pulumi.output(""),
  adaptiveRouting: { failoverAcrossPools: true },
});
new cloudflare.ZoneSetting("ssl", { zoneId, settingId: "ssl", value: "strict" });
new cloudflare.ZoneSetting("tls", { zoneId, settingId: "min_tls_version", value: "1.2" });
