import { choiceIssues, emailIssues, hostnameIssues, tagIssues, wholeNumberIssues } from "../checks";
import {
  containerPortIssues,
  egressPortIssues,
  isDigestImage,
  logRetentionIssues,
  originPullIssues,
  pathIssues,
  rangeIssues,
  replicaIssues,
  secretIssues,
  variableIssues,
} from "../region-checks";
import { shown, type Issue } from "../sizing/issues";
import { projectIssues, regionIssues } from "./checks";
import { GcpNetworkTier, type GcpRegionArgs } from "./gcp-region-args";
import { blockIssues } from "./network-plan";
import { SERVERLESS_REQUESTS_PER_SECOND_MAX } from "./quotas";

/** Memory in GiB that Cloud Run accepts for each number of CPUs (docs.cloud.google.com/run/docs/configuring/services/memory-limits). */
const MEMORY_GIB: Readonly<Record<number, { min: number; max: number }>> = {
  1: { min: 1, max: 4 },
  2: { min: 1, max: 8 },
  4: { min: 2, max: 16 },
  8: { min: 4, max: 32 },
};
/** Set by Cloud Run itself, which refuses them in a service (hashicorp/terraform-provider-google issue 26877). */
const CLOUD_RUN_VARIABLES: readonly string[] = ["K_SERVICE", "K_REVISION", "K_CONFIGURATION"];
/** More than the largest regional quota that Google grants without a talk; a limit for typing errors alone. */
const REPLICAS_MAX = 1000;

/** Every problem of the arguments of a `GcpRegion`, without those of its name. */
export function gcpRegionIssues(args: GcpRegionArgs): Issue[] {
  return [
    ...projectIssues("project", args.project),
    ...regionIssues("region", args.region),
    ...hostnameIssues("hostname", args.hostname),
    ...imageIssues(args),
    ...certificateIssues(args),
    ...replicaIssues(args, REPLICAS_MAX),
    ...blockSizeIssues(args),
    ...sizeIssues(args),
    ...variableIssues(args.environment ?? {}, args.secrets ?? {}),
    ...cloudRunVariableIssues(args),
    ...secretIssues(args.secrets ?? {}),
    ...pathIssues("readinessPath", args.readinessPath ?? "/"),
    ...pathIssues("livenessPath", args.livenessPath ?? "/"),
    ...rangeIssues("allowedRanges", args.allowedRanges ?? ["192.0.2.0/24"]),
    ...originPullIssues(args),
    ...egressPortIssues(args.internetEgressPorts ?? [443]),
    ...emailIssues("alarmEmails", args.alarmEmails ?? []),
    ...tagIssues("tags", args.tags ?? {}),
    ...logRetentionIssues(args.logRetentionDays ?? 90),
    ...settingIssues(args),
  ];
}

/**
 * One issue unless the image is named by digest and, where that is asked for, kept in this region's own registry.
 * An image that is not known while planning is judged once it is.
 */
export function imageIssues({
  image,
  region,
  externalImage = false,
}: Pick<GcpRegionArgs, "image" | "region" | "externalImage">): Issue[] {
  if (typeof image !== "string") return [];
  const byDigest = isDigestImage(image);
  const near = externalImage || image.startsWith(`${region}-docker.pkg.dev/`);
  if (byDigest && near) return [];
  const registry = externalImage ? "REGISTRY" : `${region}-docker.pkg.dev/PROJECT/REPOSITORY`;
  return [
    {
      path: "image",
      expected: `an image by digest: ${registry}/NAME@sha256:...`,
      got: shown(image),
      fix: byDigest
        ? "copy it to this region's registry, or set externalImage"
        : "name it by the digest that the push printed",
    },
  ];
}

function certificateIssues({ certificateId, region }: GcpRegionArgs): Issue[] {
  if (typeof certificateId !== "string") return [];
  const match =
    /^(?:\/\/certificatemanager\.googleapis\.com\/)?projects\/[^/]+\/locations\/([^/]+)\/certificates\/[^/]+$/;
  if (match.exec(certificateId)?.[1] === region) return [];
  return [
    {
      path: "certificateId",
      expected: `projects/PROJECT/locations/${region}/certificates/NAME`,
      got: shown(certificateId),
      fix: "give it the id of a certificate of this region: a global one cannot serve a regional load balancer",
    },
  ];
}

function blockSizeIssues({ network, cidrBlock, maximumReplicas }: GcpRegionArgs): Issue[] {
  if (network !== undefined) return [];
  return blockIssues("cidrBlock", cidrBlock, { path: "maximumReplicas", maximum: maximumReplicas });
}

function sizeIssues({ vcpus = 1, memoryMib = 2048, containerPort = 8080 }: GcpRegionArgs): Issue[] {
  const port = containerPortIssues(containerPort);
  const bounds = MEMORY_GIB[vcpus];
  if (bounds === undefined) {
    return [...port, ...choiceIssues("vcpus", vcpus, [1, 2, 4, 8], "take the next larger one")];
  }
  const gib = memoryMib / 1024;
  if (Number.isInteger(gib) && gib >= bounds.min && gib <= bounds.max) return port;
  return [
    ...port,
    {
      path: "memoryMib",
      expected: `whole GiB from ${String(bounds.min * 1024)} to ${String(bounds.max * 1024)} for ${String(vcpus)} virtual CPUs`,
      got: shown(memoryMib),
      fix: "take a multiple of 1024 within it, or change vcpus",
    },
  ];
}

function cloudRunVariableIssues({ environment = {}, secrets = {} }: GcpRegionArgs): Issue[] {
  const of = (kind: string, names: string[]): Issue[] =>
    names
      .filter((name) => CLOUD_RUN_VARIABLES.includes(name))
      .map((name) => ({
        path: `${kind}.${name}`,
        expected: `another name than ${CLOUD_RUN_VARIABLES.join(", ")}`,
        got: shown(name),
        fix: "leave it out: Cloud Run sets it",
      }));
  return [...of("environment", Object.keys(environment)), ...of("secrets", Object.keys(secrets))];
}

function settingIssues(args: GcpRegionArgs): Issue[] {
  const rate = args.requestLogSampleRate ?? 0;
  const badRate: Issue[] =
    rate >= 0 && rate <= 1
      ? []
      : [
          {
            path: "requestLogSampleRate",
            expected: "a share from 0 to 1",
            got: shown(rate),
            fix: "write 5 percent as 0.05",
          },
        ];
  return [
    ...badRate,
    ...choiceIssues(
      "networkTier",
      args.networkTier ?? GcpNetworkTier.Premium,
      Object.values(GcpNetworkTier),
      'leave it out for "PREMIUM"',
    ),
    ...wholeNumberIssues(
      "maximumConcurrency",
      args.maximumConcurrency ?? 1000,
      { min: 1, max: 1000 },
      "set it to what one replica can hold open",
    ),
    ...wholeNumberIssues(
      "serverlessRequestsPerSecondMax",
      args.serverlessRequestsPerSecondMax ?? SERVERLESS_REQUESTS_PER_SECOND_MAX,
      { min: 1, max: 1_000_000 },
      "set it to the limit that Google has granted",
    ),
  ];
}
