import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as twodoor from "twodoor";

const config = new pulumi.Config();
const accountId = config.require("awsAccountId");
const project = config.require("gcpProject");

// One provider for each cloud. Never change the AWS provider's region: a provider of another region replaces all that it made.
const providers = {
  aws: new aws.Provider("aws", { region: "us-east-2", allowedAccountIds: [accountId] }),
  gcp: new gcp.Provider("gcp"),
  cloudflare: new cloudflare.Provider("cloudflare"),
};

// First `up`: APIs and an image registry in each region. Push the image to both, by one digest, and set `imageDigest`.
const services = new twodoor.GcpProjectServices("exchange", { project }, { providers });
const ohio = new twodoor.AwsRegistry(
  "exchange-us-east-2",
  { region: "us-east-2", repositoryName: "exchange" },
  { providers },
);
const iowa = new twodoor.GcpRegistry(
  "exchange-us-central1",
  { project, region: "us-central1", repositoryId: "exchange" },
  { providers, dependsOn: services },
);
export const repositories = [ohio.repositoryUrl, iowa.repositoryUrl];

// Second `up`: the API in both regions, and the door in front of them.
const digest = config.get("imageDigest") ?? "";
const api = digest === "" ? undefined : exchange();
export const hostname = api?.hostname ?? "not yet: push an image to both repositories, then set imageDigest";

function exchange(): twodoor.ExchangeApi {
  return new twodoor.ExchangeApi(
    "exchange",
    {
      hostname: config.require("hostname"),
      edge: {
        accountId: config.require("cloudflareAccountId"),
        zoneId: config.require("zoneId"),
        zoneName: config.require("zoneName"),
        plan: twodoor.CloudflarePlan.Pro,
        checkRegions: ["ENAM", "WEU", "WNAM"],
      },
      regions: [
        {
          region: "us-east-2",
          cidrBlock: "10.16.0.0/16",
          image: pulumi.interpolate`${ohio.repositoryUrl}@${digest}`,
          aws: { accountId, availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2c"] },
        },
        {
          region: "us-central1",
          cidrBlock: "10.32.0.0/16",
          image: pulumi.interpolate`${iowa.repositoryUrl}@${digest}`,
          gcp: { project },
        },
      ],
      capacity: { peakRequestsPerSecond: 50, requestsPerSecondPerReplica: 100 },
      // Each region keeps a book of its own, which is lost with it. Name the voters of a journal before real orders come.
      journal: { kind: twodoor.JournalKind.Sandbox },
      deletionProtected: false,
    },
    { providers, dependsOn: [services] },
  );
}
