import { OriginPullMode } from "../region";
import { parseCidr } from "../sizing/cidr";
import { CLOUDFLARE_RANGES } from "../sizing/cloudflare-ranges";
import { boundedName } from "../sizing/names";
import { GcpNetworkTier, type GcpRegionArgs } from "./gcp-region-args";
import { SERVERLESS_REQUESTS_PER_SECOND_MAX } from "./quotas";

/** Ranges that one basic rule of Cloud Armor takes (docs.cloud.google.com/armor/docs/security-policy-overview). */
const RANGES_PER_RULE = 10;
/** Priority of the first allow rule, and the room that is left between two for rules of the operator's own. */
const RULE_PRIORITY_STEP = 1000;
/** Longest logical name that leaves room for auto-naming's eight characters: 63 for most, 49 for Cloud Run. */
const NAME_LENGTH_MAX = 55;
const SERVICE_NAME_LENGTH_MAX = 41;

/** One allow rule of the security policy. */
export interface AllowRule {
  /** Place in the order of rules: 1000, 2000 and so on. All rules of a policy are changed at once. */
  priority: number;
  /** At most ten ranges of one address family. */
  ranges: string[];
}

/** Everything about one Google region that is known before anything exists, with every default filled in. */
export interface GcpRegionPlan {
  project: string;
  region: string;
  names: GcpRegionNames;
  minimumReplicas: number;
  maximumReplicas: number;
  maximumConcurrency: number;
  containerPort: number;
  vcpus: number;
  memoryMib: number;
  /** Names of secret variables, sorted. */
  secretNames: string[];
  readinessPath: string;
  livenessPath: string;
  allowRules: AllowRule[];
  originPullMode: OriginPullMode;
  internetEgress: boolean;
  deletionProtected: boolean;
  logRetentionDays: number;
  requestLogSampleRate: number;
  serverlessRequestsPerSecondMax: number;
  alarmEmails: string[];
  labels: Record<string, string>;
  networkTier: GcpNetworkTier;
}

/** Logical names of a region's resources: identity, so they never change once released. */
export interface GcpRegionNames {
  account: string;
  service: string;
  address: string;
  endpointGroup: string;
  securityPolicy: string;
  backend: string;
  urlMap: string;
  sslPolicy: string;
  trustConfig: string;
  clientPolicy: string;
  proxy: string;
  rule: string;
  logBucket: string;
  logSink: string;
  logExclusion: string;
}

/** Says everything that will be built for a region. The arguments have been found free of issues. */
export function planGcpRegion(name: string, args: GcpRegionArgs): GcpRegionPlan {
  return {
    project: args.project,
    region: args.region,
    names: planNames(name),
    minimumReplicas: args.minimumReplicas,
    maximumReplicas: args.maximumReplicas,
    maximumConcurrency: args.maximumConcurrency ?? 1000,
    containerPort: args.containerPort ?? 8080,
    vcpus: args.vcpus ?? 1,
    memoryMib: args.memoryMib ?? 2048,
    secretNames: Object.keys(args.secrets ?? {}).sort(),
    readinessPath: args.readinessPath ?? "/healthz/ready",
    livenessPath: args.livenessPath ?? "/healthz/live",
    allowRules: planAllowRules(args.allowedRanges ?? CLOUDFLARE_RANGES),
    originPullMode: args.originPullMode ?? OriginPullMode.Off,
    internetEgress: args.internetEgress ?? false,
    deletionProtected: args.deletionProtected ?? true,
    logRetentionDays: args.logRetentionDays ?? 90,
    requestLogSampleRate: args.requestLogSampleRate ?? 0.05,
    serverlessRequestsPerSecondMax: args.serverlessRequestsPerSecondMax ?? SERVERLESS_REQUESTS_PER_SECOND_MAX,
    alarmEmails: args.alarmEmails ?? [],
    labels: args.tags ?? {},
    networkTier: args.networkTier ?? GcpNetworkTier.Premium,
  };
}

/** Allow rules for the ranges, each with at most ten of one family, in the order of the list. */
export function planAllowRules(ranges: readonly string[]): AllowRule[] {
  const v4 = ranges.filter((range) => parseCidr(range) !== undefined);
  const v6 = ranges.filter((range) => parseCidr(range) === undefined);
  return [...chunks(v4), ...chunks(v6)].map((chunk, index) => ({
    priority: (index + 1) * RULE_PRIORITY_STEP,
    ranges: chunk,
  }));
}

/** The certificates of a PEM text, one text each, in order. */
export function splitPem(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)?.map((pem) => `${pem}\n`) ?? [];
}

function chunks(ranges: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ranges.length / RANGES_PER_RULE) }, (_, index) =>
    ranges.slice(index * RANGES_PER_RULE, (index + 1) * RANGES_PER_RULE),
  );
}

function planNames(name: string): GcpRegionNames {
  const named = (role: string) => boundedName(name, role, NAME_LENGTH_MAX);
  return {
    account: named("run"),
    service: boundedName(name, "api", SERVICE_NAME_LENGTH_MAX),
    address: named("entry"),
    endpointGroup: named("neg"),
    securityPolicy: named("armor"),
    backend: named("backend"),
    urlMap: named("routes"),
    sslPolicy: named("tls"),
    trustConfig: named("trust"),
    clientPolicy: named("clients"),
    proxy: named("proxy"),
    rule: named("https"),
    logBucket: named("logs"),
    logSink: named("sink"),
    logExclusion: named("exclusion"),
  };
}
