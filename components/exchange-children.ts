import * as pulumi from "@pulumi/pulumi";
import { awsCertificatesIssues, awsRegionIssues, type AwsCertificatesArgs } from "./aws";
import {
  cloudflareLoadBalancerIssues,
  originPullCertificatesIssues,
  type CloudflareLoadBalancerArgs,
  type CloudflareOriginPullsArgs,
  type ClientCertificateArgs,
  type OriginPullCertificatesArgs,
} from "./cloudflare";
import { JournalKind, type ExchangeApiArgs } from "./exchange-args";
import { exchangeIssues } from "./exchange-issues";
import { commonEnvironment, planRegions, steeringOf, type PlannedRegion } from "./exchange-plan";
import { gcpCertificatesIssues, gcpRegionIssues, type GcpCertificatesArgs } from "./gcp";
import { OriginPullMode, type RegionArgs } from "./region";
import { shown, type Issue } from "./sizing/issues";

/** What stands, while arguments are judged, for what only the clouds will tell. No check looks into an Output. */
const pending = pulumi.output("");

/**
 * Everything that cannot work, of the API as a whole and of each of its parts, under the paths of `ExchangeApiArgs`.
 * Parts are judged once the whole has a shape from which their arguments can be computed.
 */
export function exchangeApiIssues(args: ExchangeApiArgs): Issue[] {
  const whole = exchangeIssues(args);
  const planned = planRegions(args);
  if (planned.length < args.regions.length) return whole;
  const parts = [...regionIssues(args, planned), ...edgeIssues(args, planned), ...originPullIssues(args)];
  const told = new Set(whole.map(({ path }) => path));
  // What every region is told (such as the container's size) is wrong once, however many regions say so.
  const once = new Map(parts.map((issue) => [`${issue.path} ${issue.expected}`, issue]));
  return [...whole, ...[...once.values()].filter(({ path }) => !told.has(path))];
}

/** What every region is told, apart from what only its cloud knows. */
export function regionArgs(
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
    environment: { ...commonEnvironment(args), ...container.environment },
    secrets: { ...journalSecrets(args), ...container.secrets },
    ...(args.journal.kind === JournalKind.Nats
      ? { internetEgress: true, internetEgressPorts: journalPorts(args) }
      : {}),
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
  const regions = planned.flatMap(({ region, args: { aws } }) =>
    aws === undefined || aws.certificateArn !== undefined ? [] : [region],
  );
  // The record is every region's, so it is protected with the whole API, not with one region.
  const deletionProtected = args.deletionProtected ?? true;
  return regions.length === 0 ? undefined : { ...certified(args), regions, deletionProtected };
}

/** What the certificates of the Google regions are told; nothing where each of them brought its own. */
export function gcpCertificatesArgs(args: ExchangeApiArgs, planned: PlannedRegion[]): GcpCertificatesArgs | undefined {
  const regions = planned.flatMap(({ region, serving, args: { gcp } }) => {
    if (gcp === undefined || gcp.certificateId !== undefined) return [];
    return [{ region, project: gcp.project, deletionProtected: isProtected(args, serving) }];
  });
  return regions.length === 0 ? undefined : { ...certified(args), regions };
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
  certificates: ClientCertificateArgs[],
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

/** Ports of the journal's voters: all that replicas have to reach on the Internet. */
function journalPorts({ journal }: ExchangeApiArgs): number[] {
  const ports = (journal.voters ?? []).map(({ address }) => Number(address.split(":").at(-1)));
  return [...new Set(ports.filter(Number.isInteger))].sort((a, b) => a - b);
}

function journalSecrets({ journal }: ExchangeApiArgs): Record<string, pulumi.Input<string>> {
  return journal.credentials === undefined ? {} : { JOURNAL_CREDENTIALS: journal.credentials };
}

function regionIssues(args: ExchangeApiArgs, planned: PlannedRegion[]): Issue[] {
  const aws = awsCertificatesArgs(args, planned);
  const gcp = gcpCertificatesArgs(args, planned);
  const certificates = [
    ...(aws === undefined ? [] : awsCertificatesIssues(aws)),
    ...(gcp === undefined ? [] : gcpCertificatesIssues(gcp)),
  ];
  // Certificates of a subset of the regions have indexes of their own: under `regions` the region is told by its name.
  const shared = certificates.map((issue) => ({
    ...issue,
    path: certificatePath(issue.path, gcp?.regions ?? [], planned),
  }));
  return [...planned.flatMap((region, index) => oneRegionIssues(args, region, index)), ...shared];
}

function certificatePath(path: string, certified: { region: string }[], planned: PlannedRegion[]): string {
  const [, index, rest] = /^regions\[(\d+)\]\.(.*)$/.exec(path) ?? [];
  const region = certified[Number(index)]?.region;
  if (region === undefined || rest === undefined) return path;
  const place = planned.findIndex((each) => each.region === region);
  return `regions[${String(place)}].${rest === "region" ? rest : `gcp.${rest}`}`;
}

function oneRegionIssues(args: ExchangeApiArgs, planned: PlannedRegion, index: number): Issue[] {
  const common = regionArgs(args, planned, pending);
  const { aws, gcp } = planned.args;
  const found: Issue[] = [];
  if (aws !== undefined) found.push(...awsRegionIssues({ ...common, certificateArn: pending, ...aws }));
  if (gcp !== undefined) found.push(...gcpRegionIssues({ ...common, certificateId: pending, ...gcp }));
  return found.map((issue) => ({ ...issue, path: regionPath(issue.path, index, aws === undefined ? "gcp" : "aws") }));
}

/** Where a person wrote what a region's argument was computed from. */
function regionPath(path: string, index: number, cloud: "aws" | "gcp"): string {
  const head = path.split(/[.[]/)[0] ?? path;
  const containerPaths: Record<string, string> = {
    containerPort: "container.port",
    vcpus: "container.vcpus",
    memoryMib: "container.memoryMib",
    environment: `container.${path}`,
    secrets: `container.${path}`,
  };
  if (head in containerPaths) return containerPaths[head] ?? path;
  if (["hostname", "alarmEmails", "tags"].includes(head)) return path;
  const ofRegion = ["region", "cidrBlock", "image"].includes(head);
  return `regions[${String(index)}].${ofRegion ? "" : `${cloud}.`}${path}`;
}

function edgeIssues(args: ExchangeApiArgs, planned: PlannedRegion[]): Issue[] {
  return cloudflareLoadBalancerIssues(loadBalancerArgs(args, planned, {})).map((issue) => ({
    ...issue,
    path: edgePath(issue.path),
  }));
}

function edgePath(path: string): string {
  if (path.startsWith("pools")) return path.replace(/^pools/, "regions").replace(/\.name$/, ".region");
  if (path.startsWith("fallbackPool")) return "edge.fallbackRegion";
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
