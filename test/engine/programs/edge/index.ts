// Everything of Cloudflare that the components make, in front of two addresses. Settings say which pools there are, which serve, and
// which generations of client certificates there are.
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import {
  CloudflareLoadBalancer,
  CloudflareOriginPulls,
  CloudflarePlan,
  CloudflareZone,
  OriginPullCertificates,
} from "../../../../components";

const config = new pulumi.Config("edge");
const list = (key: string, otherwise: string[]): string[] => config.get(key)?.split(" ") ?? otherwise;
const serving = list("serving", ["us-east-2", "us-central1"]);
const hostname = "api.example.com";
const zone = {
  accountId: "0123456789abcdef0123456789abcdef",
  zoneId: "fedcba9876543210fedcba9876543210",
  zoneName: "example.com",
};
const providers = {
  cloudflare: new cloudflare.Provider("cloudflare", { apiToken: "a-token-of-forty-characters-that-is-none" }),
  tls: new tls.Provider("tls", {}),
};
const pools = [
  { name: "us-east-2", cloud: "aws", originAddress: "ohio.elb.us-east-2.amazonaws.com" },
  { name: "us-central1", cloud: "gcp", originAddress: "34.120.0.7" },
].filter(({ name }) => list("pools", ["us-east-2", "us-central1"]).includes(name));

const made = new OriginPullCertificates(
  "client",
  { hostname, generations: list("generations", ["2026a"]).map((id) => ({ id })) },
  { providers },
);
new CloudflareOriginPulls(
  "pulls",
  {
    ...zone,
    hostname,
    certificates: Object.entries(made.nodes.generations).map(([id, { leafCertificate, leafKey }]) => ({
      id,
      certificate: leafCertificate.certPem,
      privateKey: leafKey.privateKeyPem,
    })),
    activeGeneration: config.get("active") ?? "2026a",
    notificationEmails: ["oncall@example.com"],
  },
  { providers },
);
new CloudflareLoadBalancer(
  "api",
  {
    ...zone,
    hostname,
    plan: CloudflarePlan.Business,
    pools: pools.map((pool) => ({ ...pool, serving: serving.includes(pool.name) })),
    notificationEmails: ["oncall@example.com"],
  },
  { providers },
);
new CloudflareZone(
  "zone",
  { zoneId: zone.zoneId, zoneName: zone.zoneName, plan: CloudflarePlan.Business, hostnames: [hostname] },
  { providers },
);

export const authorities = made.authorities;
