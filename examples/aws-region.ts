/**
 * One AWS region alone: the API in Ohio, with its certificate and an image by digest, reachable from Cloudflare's addresses.
 *
 * Point a pool of a load balancer at `originAddress`; nothing else can reach it.
 */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { AwsCertificates, AwsRegion } from "../components";

const config = new pulumi.Config("ohio");
const accountId = config.require("accountId");
const region = "us-east-2";
const hostname = "api.example.com";
const providers = {
  aws: new aws.Provider("aws", { region, allowedAccountIds: [accountId] }),
  cloudflare: new cloudflare.Provider("cloudflare", { apiToken: config.requireSecret("cloudflareApiToken") }),
};

const certificates = new AwsCertificates(
  "api",
  { hostname, zoneId: config.require("zoneId"), regions: [region] },
  { providers },
);

const ohio = new AwsRegion(
  "api-us-east-2",
  {
    region,
    accountId,
    availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2c"],
    cidrBlock: "10.16.0.0/16",
    hostname,
    certificateArn: certificates.nodes.certificateArns[region] ?? "",
    image: config.require("image"),
    minimumReplicas: 6,
    maximumReplicas: 24,
    requestsPerSecondPerReplica: 250,
    environment: { LOG_LEVEL: "info" },
    secrets: { JOURNAL_CREDENTIALS: config.requireSecret("journalCredentials") },
    alarmEmails: ["oncall@example.com"],
    tags: { team: "exchange", environment: "production" },
  },
  { providers },
);

export const originAddress = ohio.originAddress;
export const logGroupName = ohio.logGroupName;
