/** Style: a loop over regions, one provider for each AWS region, geo steering with lists for continents. */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import type * as pulumi from "@pulumi/pulumi";
import { awsService } from "../house/aws-service";
import { watchedPools } from "../house/edge";
import { googleService } from "../house/google-front";
import { domain, zoneId } from "../house/settings";

const hostname = `api.${domain}`;
const origins: Record<string, pulumi.Output<string>> = {};
let before: pulumi.Resource[] = [];

for (const region of ["us-east-2", "eu-central-1"]) {
  const provider = new aws.Provider(region, { region });
  const { balancer, service } = awsService(`api-${region}`, { region, provider, hostname, tasks: 20, after: before });
  origins[region] = balancer.dnsName;
  before = [service];
}
for (const region of ["us-central1", "europe-north1"]) {
  const here = { project: "house-prod", region };
  const { address, service } = googleService(`api-${region}`, here, hostname, { instances: 20, after: before });
  origins[region] = address;
  before = [service];
}

const pools = watchedPools(hostname, origins);
const [ohio, frankfurt, iowa, hamina] = pools.map(({ id }) => id) as [
  pulumi.Output<string>,
  pulumi.Output<string>,
  pulumi.Output<string>,
  pulumi.Output<string>,
];
new cloudflare.LoadBalancer("api", {
  zoneId,
  name: hostname,
  proxied: true,
  steeringPolicy: "geo",
  defaultPools: [ohio, iowa, frankfurt, hamina],
  fallbackPool: iowa,
  regionPools: {
    ENAM: [ohio, iowa],
    WNAM: [iowa, ohio],
    WEU: [frankfurt, hamina],
    EEU: [hamina, frankfurt],
  },
  adaptiveRouting: { failoverAcrossPools: true },
});
