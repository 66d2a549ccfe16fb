import type { Outage } from "./rule";

/** Outages that rules point to as their reason. Days are those of the beginning, in UTC. */
export const outages = {
  /** The bucket service of one region, and with it launches and the provider's own status page. */
  s3: {
    name: "AWS us-east-1, S3 removed by a mistyped command; launches and the status page went with it",
    date: "2017-02-28",
    source: "https://aws.amazon.com/message/41926/",
  },
  /** One zone, and what was said to be spread over several. */
  tokyoCooling: {
    name: "AWS Tokyo, one zone overheated; balancers over several zones returned errors",
    date: "2019-08-23",
    source: "https://aws.amazon.com/message/56489/",
  },
  /** Google's log-in, everywhere. */
  googleAuth: {
    name: "Google Cloud, the User ID Service lost its quota; log-in failed everywhere",
    date: "2020-12-14",
    source: "https://status.cloud.google.com/incident/zall/20013",
  },
  /** A change that reached all of Google's global load balancing. */
  googleBalancing: {
    name: "Google Cloud, corrupt configuration of the global load balancer; answers were 404, then nothing could be changed",
    date: "2021-11-16",
    source: "https://status.cloud.google.com/incidents/6PM5mNd43NbMqjCZ5REh",
  },
  /** Europe's front ends. */
  googleFrontEnds: {
    name: "Google Cloud, front ends of load balancing failed in Europe",
    date: "2021-11-12",
    source: "https://status.cloud.google.com/incidents/1xkAB1KmLrh5g3v9ZEZ7",
  },
  /** The control planes of one region. */
  awsNetwork: {
    name: "AWS us-east-1, congested internal network; control planes and Route 53 changes failed for hours",
    date: "2021-12-07",
    source: "https://aws.amazon.com/message/12721/",
  },
  /** One zone. */
  londonCooling: {
    name: "Google europe-west2-a, cooling lost in the heat",
    date: "2022-07-19",
    source: "https://status.cloud.google.com/incidents/fmEL9i2fArADKawkZAa2",
  },
  /** A whole region, by fire and water in one of its buildings. */
  parisFlood: {
    name: "Google europe-west9, water and fire in one building shut the region",
    date: "2023-04-26",
    source: "https://www.theregister.com/2023/05/10/google_cloud_paris_outage_persists/",
  },
  /** Cloudflare's API. */
  cloudflareControlPlane: {
    name: "Cloudflare, its control plane lost its data centre; nobody could change a load balancer",
    date: "2023-11-02",
    source: "https://blog.cloudflare.com/post-mortem-on-cloudflare-control-plane-and-analytics-outage/",
  },
  /** Logs that blocked what wrote them. */
  kinesis: {
    name: "AWS us-east-1, Kinesis; CloudWatch logs failed and tasks with blocking log drivers stood still",
    date: "2024-07-30",
    source: "https://aws.amazon.com/message/073024/",
  },
  /** Google's API authorisation, in every region at once. */
  serviceControl: {
    name: "Google Cloud, Service Control crashed in every region",
    date: "2025-06-12",
    source: "https://status.cloud.google.com/incidents/ow5i3PPK96RduMcb1SsW",
  },
  /** The way between the edge and one region, not the region. */
  edgeLink: {
    name: "Cloudflare and AWS us-east-1, the links between them were full; the region itself worked",
    date: "2025-08-21",
    source: "https://blog.cloudflare.com/cloudflare-incident-on-august-21-2025",
  },
  /** DynamoDB's address, and launches for hours after. */
  dynamoDb: {
    name: "AWS us-east-1, DynamoDB's DNS record was empty; launches failed for eight hours more",
    date: "2025-10-20",
    source: "https://aws.amazon.com/message/101925/",
  },
  /** Cloudflare's proxy and API. */
  cloudflareProxy: {
    name: "Cloudflare, an oversized file crashed the proxy; the dashboard was impaired as well",
    date: "2025-11-18",
    source: "https://blog.cloudflare.com/18-november-2025-outage/",
  },
  /** Two regions near one another. */
  middleEast: {
    name: "AWS UAE and Bahrain, strikes on three data centres; customers were told to leave both regions",
    date: "2026-03-01",
    source: "https://health.aws.amazon.com/health/status",
  },
  /** A quorum in one room. */
  coinbase: {
    name: "AWS use1-az4, one hall overheated; Coinbase's engine lost three of five voters in one placement group",
    date: "2026-05-07",
    source: "https://www.infoq.com/news/2026/06/coinbase-aws-failure-postmortem",
  },
  /** An account, closed by mistake. */
  railway: {
    name: "Google Cloud suspended Railway's account by mistake",
    date: "2026-05-19",
    source: "https://blog.railway.com/p/incident-report-may-19-2026-gcp-account-outage",
  },
} as const satisfies Record<string, Outage>;
