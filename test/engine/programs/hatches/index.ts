// A whole API in a team's own component, with the standard resource options. Settings say which of them are in use.
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { CloudflarePlan, ExchangeApi, JournalKind } from "../../../../components";

const config = new pulumi.Config("hatches");
const uses = (option: string): boolean => config.get("uses")?.split(" ").includes(option) ?? false;
const digest = `sha256:${"0".repeat(64)}`;
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";

const team = new pulumi.ComponentResource("test:index:Team", "team");

new ExchangeApi(
  "exchange",
  {
    hostname: "api.example.com",
    edge: {
      accountId: "0123456789abcdef0123456789abcdef",
      zoneId: "fedcba9876543210fedcba9876543210",
      zoneName: "example.com",
      plan: CloudflarePlan.Business,
    },
    regions: [
      {
        region: "us-east-2",
        cidrBlock: "10.16.0.0/16",
        image: `123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange@${digest}`,
        aws: { accountId: "123456789012", availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2c"] },
      },
      {
        region: "us-central1",
        cidrBlock: "10.32.0.0/16",
        image: `us-central1-docker.pkg.dev/example-central/exchange/exchange@${digest}`,
        gcp: { project: "example-central" },
      },
    ],
    capacity: { peakRequestsPerSecond: 90, requestsPerSecondPerReplica: 100 },
    journal: { kind: JournalKind.Sandbox },
    deletionProtected: false,
  },
  {
    providers: {
      aws: new aws.Provider("aws", { region: "us-east-2", allowedAccountIds: ["123456789012"] }),
      gcp: new gcp.Provider("gcp"),
      cloudflare: new cloudflare.Provider("cloudflare", { apiToken: "a-token-of-forty-characters-that-is-none" }),
    },
    protect: uses("protect"),
    ...(uses("aliases") ? { parent: team, aliases: [{ parent: pulumi.rootStackResource }] } : {}),
    transforms: [
      ({ type, props, opts }) => {
        if (type !== POOL || !uses("transforms")) return undefined;
        const ignoreChanges = uses("ignoreChanges") ? ["description"] : [];
        const description = uses("ignoreChanges") ? "never written" : "written by a transform";
        return { props: { ...props, description }, opts: { ...opts, ignoreChanges } };
      },
    ],
  },
);
