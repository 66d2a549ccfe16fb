import * as pulumi from "@pulumi/pulumi";
import { awsCertificatesIssues, awsRegionIssues, type AwsCertificatesArgs, type AwsRegionArgs } from "./aws";
import {
  cloudflareLoadBalancerIssues,
  originPullCertificatesIssues,
  type CloudflareLoadBalancerArgs,
  type CloudflareOriginPullsArgs,
  type ClientCertificate,
  type OriginPullCertificatesArgs,
} from "./cloudflare";
import { JournalKind, type ExchangeApiArgs, type ExchangeAwsRegion, type ExchangeGcpRegion } from "./exchange-args";
import { exchangeIssues } from "./exchange-issues";
import { planRegions, replicaEnvironment, steeringOf, type PlannedRegion } from "./exchange-plan";
import { gcpCertificatesIssues, gcpRegionIssues, type GcpCertificatesArgs, type GcpRegionArgs } from "./gcp";
import { OriginPullMode, type RegionArgs } from "./region";
import { shown, type Issue } from "./sizing/issues";
import { Cloud } from "./sizing/regions";

/** What stands, while arguments are judged, for what only the clouds will tell. No check looks into an Output. */
const pending = pulumi.output("");

/** Where sizes that a region refuses were declared. */
const SIZE_PATH = "capacity";

/**
 * Everything that cannot work, of the API as a whole and of each of its parts, under the paths of `ExchangeApiArgs`.
 * What only a whole list of regions or a sound load can tell (sizes, pools as a list) is judged once there is one.
 */
export function exchangeApiIssues(args: ExchangeApiArgs): Issue[] {
  const whole = exchangeIssues(args);
  const planned = planRegions(args);
  const parts = [...regionIssues(args, planned), ...edgeIssues(args, planned), ...originPullIssues(args)];
  const told = new Set(whole.map(({ path }) => path));
  const sized =
    planned.length === args.regions.length &&
    !whole.some(({ path }) => path.startsWith("capacity.") || path.endsWith(".weight"));
  // What every region is told (such as the container's size) is wrong once, however many regions say so.
  const once = new Map(parts.map((issue) => [`${issue.path} ${issue.expected}`, issue]));
  return [...whole, ...[...once.values()].filter(({ path }) => !told.has(path) && (sized || path !== SIZE_PATH))];
}

/**
 * What an AWS region is told.
 *
 * @param made - the certificate, for a region that brings none.
 */
export function awsRegionArgs(
  args: ExchangeApiArgs,
  planned: PlannedRegion,
  aws: ExchangeAwsRegion,
  authorities: pulumi.Output<string> | undefined,
  made: () => pulumi.Output<string>,
): AwsRegionArgs {
  const { requestsPerSecondPerReplica } = args.capacity;
  const certificateArn = aws.certificateArn ?? made();
  return { ...regionArgs(args, planned, authorities), ...aws, certificateArn, requestsPerSecondPerReplica };
}

/**
 * What a Google region is told.
 *
 * @param made - the certificate, for a region that brings none.
 */
export function gcpRegionArgs(
  args: ExchangeApiArgs,
  planned: PlannedRegion,
  gcp: ExchangeGcpRegion,
  authorities: pulumi.Output<string> | undefined,
  made: () => pulumi.Output<string>,
): GcpRegionArgs {
  const { serverlessRequestsPerSecondMax } = args.capacity;
  return {
    ...regionArgs(args, planned, authorities),
    ...gcp,
    certificateId: gcp.certificateId ?? made(),
    ...(serverlessRequestsPerSecondMax === undefined ? {} : { serverlessRequestsPerSecondMax }),
  };
}

/** What every region is told, apart from what only its cloud knows. */
function regionArgs(
  args: ExchangeApiArgs,
  planned: PlannedRegion,
  authorities: pulumi.Output<string> | undefined,
): RegionArgs {
  const { container = {}, originPulls, alarmEmails, tags } = args;
  return {
    region: planned.region,
    hostname: args.hostname,
    image: planned.args.image,
    cidrBlock: planned.args.cidrBlock,
    minimumReplicas: planned.minimumReplicas,
    maximumReplicas: planned.maximumReplicas,
    environment: { ...replicaEnvironment(args, planned), ...container.environment },
    secrets: { ...journalSecrets(args), ...container.secrets },
    ...internetEgress(args, planned),
    deletionProtected: isProtected(args, planned.serving),
    originPullMode: originPulls?.mode ?? OriginPullMode.Off,
    ...(authorities === undefined ? {} : { originPullAuthorities: authorities }),
    ...(container.port === undefined ? {} : { containerPort: container.port }),
    ...(container.vcpus === undefined ? {} : { vcpus: container.vcpus }),
    ...(container.memoryMib === undefined ? {} : { memoryMib: container.memoryMib }),
    ...(alarmEmails === undefined ? {} : { alarmEmails }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** What the load balancer is told. */
export function loadBalancerArgs(
  args: ExchangeApiArgs,
  planned: PlannedRegion[],
  addresses: Record<string, pulumi.Input<string>>,
): CloudflareLoadBalancerArgs {
  const { fallbackRegion, ...edge } = args.edge;
  return {
    ...edge,
    hostname: args.hostname,
    steeringPolicy: steeringOf(args),
    pools: planned.map(({ region, cloud, weight, serving }) => ({
      name: region,
      cloud,
      originAddress: addresses[region] ?? pending,
      weight,
      serving,
    })),
    ...(fallbackRegion === undefined ? {} : { fallbackPool: fallbackRegion }),
    ...(args.alarmEmails === undefined ? {} : { notificationEmails: args.alarmEmails }),
  };
}

/** What the certificates of the AWS regions are told; nothing where each of them brought its own. */
export function awsCertificatesArgs(args: ExchangeApiArgs, planned: PlannedRegion[]): AwsCertificatesArgs | undefined {
  const regions = certifiedAws(planned).map(({ region }) => region);
  // The record is every region's, so it is protected with the whole API, not with one region.
  const deletionProtected = args.deletionProtected ?? true;
  return regions.length === 0 ? undefined : { ...certified(args), regions, deletionProtected };
}

/** What the certificates of the Google regions are told; nothing where each of them brought its own. */
export function gcpCertificatesArgs(args: ExchangeApiArgs, planned: PlannedRegion[]): GcpCertificatesArgs | undefined {
  const regions = certifiedGcp(planned).map(({ region, serving, args: { gcp } }) => ({
    region,
    project: gcp?.project ?? "",
    deletionProtected: isProtected(args, serving),
  }));
  return regions.length === 0 ? undefined : { ...certified(args), regions };
}

/** AWS regions that bring no certificate. */
function certifiedAws(planned: PlannedRegion[]): PlannedRegion[] {
  return planned.filter(({ args: { aws } }) => aws !== undefined && aws.certificateArn === undefined);
}

/** Google regions that bring no certificate. */
function certifiedGcp(planned: PlannedRegion[]): PlannedRegion[] {
  return planned.filter(({ args: { gcp } }) => gcp !== undefined && gcp.certificateId === undefined);
}

/** What the authorities and client certificates are told; nothing where none are wanted. */
export function originPullCertificatesArgs({
  originPulls,
  hostname,
}: ExchangeApiArgs): OriginPullCertificatesArgs | undefined {
  if (originPulls === undefined || originPulls.mode === OriginPullMode.Off) return undefined;
  return { hostname, generations: originPulls.generations.map((id) => ({ id })) };
}

/** What Cloudflare is told of the client certificates. */
export function originPullsArgs(
  { originPulls, edge, hostname, alarmEmails }: ExchangeApiArgs,
  certificates: ClientCertificate[],
): CloudflareOriginPullsArgs {
  return {
    accountId: edge.accountId,
    zoneId: edge.zoneId,
    zoneName: edge.zoneName,
    hostname,
    certificates,
    activeGeneration: originPulls?.activeGeneration ?? "",
    ...(alarmEmails === undefined ? {} : { notificationEmails: alarmEmails }),
  };
}

function certified({
  hostname,
  edge,
  tags,
}: ExchangeApiArgs): Pick<GcpCertificatesArgs, "hostname" | "zoneId" | "tags"> {
  return { hostname, zoneId: edge.zoneId, ...(tags === undefined ? {} : { tags }) };
}

/** A region without traffic is on its way in or out: it has to be removable by the next `up`. */
function isProtected(args: ExchangeApiArgs, serving: boolean): boolean {
  return serving && (args.deletionProtected ?? true);
}

/** What replicas have to reach on the Internet: the journal's voters, and on AWS, where a task pulls through its own network, a registry elsewhere. */
function internetEgress(
  { journal }: ExchangeApiArgs,
  { args: { aws } }: PlannedRegion,
): Pick<RegionArgs, "internetEgress" | "internetEgressPorts"> {
  const pulls = aws?.externalImage === true;
  if (journal.kind !== JournalKind.Nats && !pulls) return {};
  const voters = journal.kind === JournalKind.Nats ? (journal.voters ?? []) : [];
  const ports = voters.map(({ address }) => Number(address.split(":").at(-1))).filter(Number.isInteger);
  const all = new Set(pulls ? [...ports, 443] : ports);
  return { internetEgress: true, internetEgressPorts: [...all].sort((a, b) => a - b) };
}

function journalSecrets({ journal }: ExchangeApiArgs): Record<string, pulumi.Input<string>> {
  return journal.credentials === undefined ? {} : { JOURNAL_CREDENTIALS: journal.credentials };
}

function regionIssues(args: ExchangeApiArgs, planned: PlannedRegion[]): Issue[] {
  const aws = awsCertificatesArgs(args, planned);
  const gcp = gcpCertificatesArgs(args, planned);
  const placed = (issues: Issue[], cloud: Cloud, certified: PlannedRegion[]): Issue[] =>
    issues.map((issue) => ({ ...issue, path: certificatePath(issue.path, cloud, placesOf(args, certified)) }));
  return [
    ...planned.flatMap((region) => oneRegionIssues(args, region)),
    ...(aws === undefined ? [] : placed(awsCertificatesIssues(aws), Cloud.Aws, certifiedAws(planned))),
    ...(gcp === undefined ? [] : placed(gcpCertificatesIssues(gcp), Cloud.Gcp, certifiedGcp(planned))),
  ];
}

/** Indexes of these regions in the list that a person wrote. */
function placesOf({ regions }: ExchangeApiArgs, planned: PlannedRegion[]): number[] {
  return planned.map(({ args }) => regions.indexOf(args));
}

/** Certificates of a subset of the regions have indexes of their own. */
function certificatePath(path: string, cloud: Cloud, places: number[]): string {
  const [, index, rest = ".region"] = /^regions\[(\d+)\](\..*)?$/.exec(path) ?? [];
  const place = places[Number(index)];
  if (place === undefined) return path;
  return `regions[${String(place)}]${rest === ".region" ? rest : `.${cloud}${rest}`}`;
}

function oneRegionIssues(args: ExchangeApiArgs, planned: PlannedRegion): Issue[] {
  const { aws, gcp } = planned.args;
  const found: Issue[] = [];
  if (aws !== undefined) found.push(...awsRegionIssues(awsRegionArgs(args, planned, aws, pending, () => pending)));
  if (gcp !== undefined) found.push(...gcpRegionIssues(gcpRegionArgs(args, planned, gcp, pending, () => pending)));
  const index = args.regions.indexOf(planned.args);
  return found.map((issue) => sizeIssue(issue, planned) ?? { ...issue, path: regionPath(issue.path, index, planned) });
}

/** A size is computed: whoever is to mend it has declared a load. */
function sizeIssue({ path, expected, got }: Issue, { region }: PlannedRegion): Issue | undefined {
  if (path !== "minimumReplicas" && path !== "maximumReplicas") return undefined;
  return {
    path: SIZE_PATH,
    expected: `a load by which ${path} of ${region} is ${expected}`,
    got,
    fix: "use stronger replicas or more regions, or declare less",
  };
}

/** Where a person wrote what a region's argument was computed from. */
function regionPath(path: string, index: number, { cloud }: PlannedRegion): string {
  const head = path.split(/[.[]/)[0] ?? path;
  const elsewhere: Record<string, string> = {
    originPullMode: "originPulls.mode",
    internetEgressPorts: "journal.voters",
    requestsPerSecondPerReplica: "capacity.requestsPerSecondPerReplica",
    serverlessRequestsPerSecondMax: "capacity.serverlessRequestsPerSecondMax",
    containerPort: "container.port",
    vcpus: "container.vcpus",
    memoryMib: "container.memoryMib",
    environment: `container.${path}`,
    secrets: `container.${path}`,
  };
  if (head in elsewhere) return elsewhere[head] ?? path;
  if (["hostname", "alarmEmails", "tags"].includes(head)) return path;
  const ofRegion = ["region", "cidrBlock", "image"].includes(head);
  return `regions[${String(index)}].${ofRegion ? "" : `${cloud}.`}${path}`;
}

function edgeIssues(args: ExchangeApiArgs, planned: PlannedRegion[]): Issue[] {
  const places = placesOf(args, planned);
  const whole = planned.length === args.regions.length;
  return cloudflareLoadBalancerIssues(loadBalancerArgs(args, planned, {}))
    .filter(({ path }) => whole || !["pools", "fallbackPool"].includes(path))
    .map((issue) => ({ ...issue, path: edgePath(issue.path, places) }));
}

function edgePath(path: string, places: number[]): string {
  const [, index, rest] = /^pools\[(\d+)\]\.(.*)$/.exec(path) ?? [];
  if (rest !== undefined) return `regions[${String(places[Number(index)])}].${rest === "name" ? "region" : rest}`;
  if (path === "pools") return "regions";
  if (path === "fallbackPool") return "edge.fallbackRegion";
  if (path.startsWith("notificationEmails")) return path.replace("notificationEmails", "alarmEmails");
  return ["hostname", "steeringPolicy"].includes(path) ? path : `edge.${path}`;
}

function originPullIssues(args: ExchangeApiArgs): Issue[] {
  const pulls = originPullCertificatesArgs(args);
  if (pulls === undefined || args.originPulls === undefined) return [];
  const { generations, activeGeneration } = args.originPulls;
  const active: Issue[] = generations.includes(activeGeneration)
    ? []
    : [
        {
          path: "originPulls.activeGeneration",
          expected: "one of `originPulls.generations`",
          got: shown(activeGeneration),
          fix: "name one that is there, or keep the last one until another is active",
        },
      ];
  const issues = originPullCertificatesIssues(pulls).filter(({ path }) => path !== "hostname");
  return [...active, ...issues.map((issue) => ({ ...issue, path: `originPulls.${issue.path.replace(/\.id$/, "")}` }))];
}
