/** A raw design over many regions of both clouds, each as small as one can be: for tests of size. */
import { designFrom, ref, resource, type DraftGraph, type Literal } from "./graphs";

const AWS = [
  "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1",
  "eu-north-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-south-1",
].flatMap((line) => line.split(" "));
const GOOGLE = [
  "us-central1 us-east1 us-east4 us-west1 us-west2 northamerica-northeast1 southamerica-east1 europe-west1 europe-west2",
  "europe-west3 europe-west4 europe-north1 asia-northeast1 asia-southeast1 asia-south1 australia-southeast1",
].flatMap((line) => line.split(" "));

/** `api.example.com` behind Cloudflare, over `count` regions, every other one of Google.  */
export function manyRegions(count: number): DraftGraph {
  const places = Array.from({ length: count }, (_, at) => ({
    isAws: at % 2 === 0,
    region: (at % 2 === 0 ? AWS : GOOGLE)[Math.floor(at / 2)] ?? "",
  }));
  const pools = places.map(({ region }) => ref(`${region}-pool`));
  return designFrom([
    ...places.flatMap(({ isAws, region }) => (isAws ? awsRegion(region) : googleRegion(region))),
    resource("cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor", "monitor", {
      accountId: "a",
      type: "https",
      path: "/healthz",
      expectedCodes: "200",
      interval: 15,
      timeout: 2,
      retries: 1,
    }),
    ...places.map(({ isAws, region }) =>
      resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", `${region}-pool`, {
        accountId: "a",
        name: region,
        monitor: ref("monitor"),
        checkRegions: ["ENAM", "WEU"],
        origins: [
          {
            name: region,
            enabled: true,
            address: isAws ? ref(`${region}-lb`, "dnsName") : ref(`${region}-address`, "address"),
          },
        ],
      }),
    ),
    resource("cloudflare:index/loadBalancer:LoadBalancer", "load-balancer", {
      zoneId: "z",
      name: "api.example.com",
      proxied: true,
      steeringPolicy: "random",
      defaultPools: pools,
      fallbackPool: pools[0] ?? "",
      adaptiveRouting: { failoverAcrossPools: true },
    }),
  ]);
}

function awsRegion(region: string): Literal[] {
  const zones = ["a", "b"].map((letter) => `${region}${letter}`);
  return [
    ...zones.map((availabilityZone) =>
      resource("aws:ec2/subnet:Subnet", `subnet-${availabilityZone}`, { region, availabilityZone }),
    ),
    resource("aws:lb/loadBalancer:LoadBalancer", `${region}-lb`, {
      region,
      internal: false,
      subnets: zones.map((zone) => ref(`subnet-${zone}`)),
    }),
    resource("aws:lb/targetGroup:TargetGroup", `${region}-targets`, { region, port: 8080, healthCheck: { path: "/" } }),
    resource("aws:lb/listener:Listener", `${region}-https`, {
      region,
      loadBalancerArn: ref(`${region}-lb`, "arn"),
      port: 443,
      protocol: "HTTPS",
      defaultActions: [{ type: "forward", targetGroupArn: ref(`${region}-targets`, "arn") }],
    }),
    resource("aws:ecs/service:Service", `${region}-service`, {
      region,
      launchType: "FARGATE",
      desiredCount: 4,
      networkConfiguration: { subnets: zones.map((zone) => ref(`subnet-${zone}`)) },
      loadBalancers: [{ targetGroupArn: ref(`${region}-targets`, "arn"), containerName: "api", containerPort: 8080 }],
    }),
  ];
}

function googleRegion(region: string): Literal[] {
  const here = { project: "example", region };
  return [
    resource("gcp:compute/address:Address", `${region}-address`, here),
    resource("gcp:cloudrunv2/service:Service", `${region}-service`, { project: "example", location: region }),
    resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", `${region}-neg`, {
      ...here,
      networkEndpointType: "SERVERLESS",
      cloudRun: { service: ref(`${region}-service`, "name") },
    }),
    resource("gcp:compute/regionBackendService:RegionBackendService", `${region}-backend`, {
      ...here,
      loadBalancingScheme: "EXTERNAL_MANAGED",
      backends: [{ group: ref(`${region}-neg`) }],
    }),
    resource("gcp:compute/regionUrlMap:RegionUrlMap", `${region}-map`, {
      ...here,
      defaultService: ref(`${region}-backend`),
    }),
    resource("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", `${region}-proxy`, {
      ...here,
      urlMap: ref(`${region}-map`),
    }),
    resource("gcp:compute/forwardingRule:ForwardingRule", `${region}-https`, {
      ...here,
      loadBalancingScheme: "EXTERNAL_MANAGED",
      ipAddress: ref(`${region}-address`, "address"),
      portRange: "443",
      target: ref(`${region}-proxy`),
    }),
  ];
}
