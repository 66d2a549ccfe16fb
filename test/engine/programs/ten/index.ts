import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

const config = new pulumi.Config();
const provider = {
  aws: new aws.Provider("aws", { region: "us-east-2", skipCredentialsValidation: true, skipRequestingAccountId: true }),
  gcp: new gcp.Provider("gcp", { project: "exchange-dev", region: "us-central1" }),
  cloudflare: new cloudflare.Provider("cloudflare", { apiToken: "0123456789012345678901234567890123456789" }),
};
const aw = { provider: provider.aws };
const go = { provider: provider.gcp };
const edge = { provider: provider.cloudflare };
const cidr = config.require("cidr");
const zones = ["us-east-2a", "us-east-2b"];

const vpc = new aws.ec2.Vpc("network", { cidrBlock: cidr, region: "us-east-2" }, aw);
const subnets = zones.map(
  (zone, index) =>
    new aws.ec2.Subnet(
      `network-${zone}`,
      {
        vpcId: vpc.id,
        cidrBlock: cidr.replace("0.0/16", `${String(index)}.0/24`),
        availabilityZone: zone,
        region: "us-east-2",
      },
      aw,
    ),
);
const gateway = new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id, region: "us-east-2" }, aw);
const balancer = new aws.lb.LoadBalancer(
  "entry",
  { subnets: subnets.map(({ id }) => id), region: "us-east-2", idleTimeout: config.getNumber("idleTimeout") ?? 60 },
  { ...aw, dependsOn: [gateway] },
);
const address = new gcp.compute.Address("entry", { project: "exchange-dev", region: "us-central1" }, go);
const monitor = new cloudflare.LoadBalancerMonitor(
  "monitor",
  { accountId: "0".repeat(32), type: "https", expectedCodes: "200", interval: config.getNumber("interval") ?? 60 },
  edge,
);
const pools = { aws: balancer.dnsName, gcp: address.address };
for (const [cloud, origin] of Object.entries(pools)) {
  new cloudflare.LoadBalancerPool(
    `pool-${cloud}`,
    {
      accountId: "0".repeat(32),
      name: `pool-${cloud}`,
      origins: [{ name: cloud, address: origin, enabled: true }],
      monitor: monitor.id,
      checkRegions: ["WNAM"],
    },
    edge,
  );
}
const key = new tls.PrivateKey("authority", { algorithm: "ECDSA", ecdsaCurve: "P256" });
new tls.SelfSignedCert("authority", {
  privateKeyPem: key.privateKeyPem,
  subject: { commonName: "twodoor test" },
  isCaCertificate: true,
  validityPeriodHours: 24,
  allowedUses: ["cert_signing"],
});

export const originAddress = balancer.dnsName;
