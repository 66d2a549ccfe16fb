import type { ExchangeApiArgs, ExchangeRegion } from "../../components/exchange-args";
import { JournalKind } from "../../components/exchange-args";
import { CloudflarePlan } from "../../components/sizing/monitor-timing";

const DIGEST = `sha256:${"0".repeat(64)}`;

/** An AWS region of the API that nobody objects to. */
export function awsRegion(region: string, cidrBlock: string, more: Partial<ExchangeRegion> = {}): ExchangeRegion {
  return {
    region,
    cidrBlock,
    image: `123456789012.dkr.ecr.${region}.amazonaws.com/exchange@${DIGEST}`,
    aws: { accountId: "123456789012", availabilityZones: ["a", "b", "c"].map((zone) => region + zone) },
    ...more,
  };
}

/** A Google region of the API, in a project of its own, that nobody objects to. */
export function gcpRegion(region: string, cidrBlock: string, more: Partial<ExchangeRegion> = {}): ExchangeRegion {
  const project = `exchange-${region}`;
  return {
    region,
    cidrBlock,
    image: `${region}-docker.pkg.dev/${project}/exchange/exchange@${DIGEST}`,
    gcp: { project },
    ...more,
  };
}

/** Arguments of an API in four regions that nobody objects to; tests break one thing at a time. */
export function exchangeArgs(more: Partial<ExchangeApiArgs> = {}): ExchangeApiArgs {
  return {
    hostname: "api.example.com",
    edge: {
      accountId: "0123456789abcdef0123456789abcdef",
      zoneId: "fedcba9876543210fedcba9876543210",
      zoneName: "example.com",
      plan: CloudflarePlan.Enterprise,
      checkRegions: ["ENAM", "WEU", "WNAM"],
    },
    regions: [
      awsRegion("us-east-2", "10.16.0.0/16"),
      gcpRegion("us-central1", "10.32.0.0/16"),
      awsRegion("us-west-2", "10.17.0.0/16"),
      gcpRegion("us-east4", "10.33.0.0/16"),
    ],
    capacity: { peakRequestsPerSecond: 4_000, requestsPerSecondPerReplica: 200 },
    journal: {
      kind: JournalKind.Nats,
      credentials: "a credential for tests",
      voters: [
        { provider: "aws", region: "us-east-2", address: "tls://a1.example.net:4222" },
        { provider: "aws", region: "us-west-2", address: "tls://a2.example.net:4222" },
        { provider: "gcp", region: "us-central1", address: "tls://g1.example.net:4222" },
        { provider: "gcp", region: "us-east4", address: "tls://g2.example.net:4222" },
        { provider: "witness", region: "ashburn", address: "tls://w1.example.net:4222" },
      ],
    },
    ...more,
  };
}
