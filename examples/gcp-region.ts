/**
 * One Google region alone: the API in Iowa, with its certificate and an image by digest, reachable from Cloudflare's addresses.
 *
 * Point a pool of a load balancer at `originAddress`; nothing else can reach it.
 */
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { GcpCertificates, GcpRegion } from "../components";

const config = new pulumi.Config("iowa");
const project = config.require("project");
const region = "us-central1";
const hostname = "api.example.com";
const providers = {
  gcp: new gcp.Provider("gcp", { project, region }),
  cloudflare: new cloudflare.Provider("cloudflare", { apiToken: config.requireSecret("cloudflareApiToken") }),
};

const certificates = new GcpCertificates(
  "api",
  { hostname, zoneId: config.require("zoneId"), regions: [{ region, project }] },
  { providers },
);

const iowa = new GcpRegion(
  "api-iowa",
  {
    project,
    region,
    hostname,
    image: config.require("image"),
    cidrBlock: "10.32.0.0/16",
    minimumReplicas: 4,
    maximumReplicas: 12,
    certificateId: certificates.nodes.regions[region]?.certificate.id ?? "",
    secrets: { DATABASE_PASSWORD: config.requireSecret("databasePassword") },
    internetEgress: true,
    alarmEmails: ["oncall@example.com"],
  },
  { providers },
);

export const originAddress = iowa.originAddress;
export const egressAddresses = iowa.egressAddresses;
