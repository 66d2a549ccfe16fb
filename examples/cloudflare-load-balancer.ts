/**
 * Cloudflare's load balancing alone, in front of two entries that are there already: one in AWS, one in Google Cloud.
 *
 * The first takes everything; when it is down, the second does within 15 to 36 seconds on the Business plan.
 */
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { CloudflareLoadBalancer, CloudflarePlan } from "../components";

const config = new pulumi.Config("edge");
const provider = new cloudflare.Provider("cloudflare", { apiToken: config.requireSecret("apiToken") });

const edge = new CloudflareLoadBalancer(
  "api",
  {
    accountId: config.require("accountId"),
    zoneId: config.require("zoneId"),
    zoneName: "example.com",
    hostname: "api.example.com",
    plan: CloudflarePlan.Business,
    pools: [
      { name: "us-east-2", cloud: "aws", originAddress: config.require("ohioAddress") },
      { name: "us-central1", cloud: "gcp", originAddress: config.require("iowaAddress") },
    ],
    notificationEmails: ["oncall@example.com"],
  },
  { providers: { cloudflare: provider } },
);

export const url = pulumi.interpolate`https://${edge.hostname}`;
export const detectionSeconds = [edge.detectionBestSeconds, edge.detectionWorstSeconds];
