// The program of the other languages once more, with the components in its own process: what each of them has to come out as.
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as twodoor from "../../../../components";

const config = new pulumi.Config();
const accountId = config.require("awsAccountId");
const project = config.require("gcpProject");
const digest = config.require("imageDigest");

const providers = {
  aws: new aws.Provider("aws", { region: "us-east-2", allowedAccountIds: [accountId] }),
  gcp: new gcp.Provider("gcp"),
  cloudflare: new cloudflare.Provider("cloudflare", { apiToken: config.requireSecret("cloudflareApiToken") }),
};

const registry = new twodoor.AwsRegistry(
  "exchange-us-east-2",
  { region: "us-east-2", repositoryName: "exchange" },
  { providers },
);

new twodoor.ExchangeApi(
  "exchange",
  {
    hostname: config.require("hostname"),
    edge: {
      accountId: config.require("cloudflareAccountId"),
      zoneId: config.require("zoneId"),
      zoneName: config.require("zoneName"),
      plan: twodoor.CloudflarePlan.Business,
      checkRegions: ["ENAM", "WEU", "WNAM"],
      monitor: { intervalSeconds: 15 },
    },
    regions: [
      {
        region: "us-east-2",
        cidrBlock: "10.16.0.0/16",
        image: pulumi.interpolate`${registry.repositoryUrl}@${digest}`,
        aws: { accountId, availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2c"] },
      },
      {
        region: "us-central1",
        cidrBlock: "10.32.0.0/16",
        image: `us-central1-docker.pkg.dev/${project}/exchange/exchange@${digest}`,
        gcp: { project },
      },
    ],
    capacity: { peakRequestsPerSecond: 50, requestsPerSecondPerReplica: 100 },
    journal: {
      kind: twodoor.JournalKind.Nats,
      voters: [
        { provider: "aws", region: "us-east-2", address: "tls://a.example.net:4222" },
        { provider: "gcp", region: "us-central1", address: "tls://b.example.net:4222" },
        { provider: "other", region: "chicago", address: "tls://c.example.net:4222" },
      ],
      credentials: config.requireSecret("journalCredentials"),
    },
    container: { secrets: { API_KEY_MASTER: config.requireSecret("apiKeyMaster") } },
    deletionProtected: false,
  },
  { providers },
);
