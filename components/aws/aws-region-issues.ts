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
import { parseCidr } from "../sizing/cidr";
import { shown, type Issue } from "../sizing/issues";
import type { AwsNetworkReference } from "./aws-network-args";
import type { AwsRegionArgs } from "./aws-region-args";
import { accountIssues, cidrBlockIssues, countIssue, regionIssues, ZONE_COUNT, zoneIssues } from "./checks";
import { parseEcrImage } from "./names";
import { privateAddresses } from "./network-plan";

/** Memory in MiB that Fargate has for each number of virtual CPUs: smallest, largest, step (ECS API, `RegisterTaskDefinition`). */
const FARGATE_MEMORY: Record<number, { min: number; max: number; step: number }> = {
  1: { min: 2048, max: 8192, step: 1024 },
  2: { min: 4096, max: 16384, step: 1024 },
  4: { min: 8192, max: 30720, step: 1024 },
  8: { min: 16384, max: 61440, step: 4096 },
};
/** Rules that one security group can have for one family and direction (Amazon VPC quotas). */
const RULES_MAX = 60;
/** Authorities that one trust store can have (quotas of Application Load Balancers). */
const AUTHORITIES_MAX = 25;
/** ACM refuses a first name that is longer (`RequestCertificate`). */
const HOSTNAME_MAX = 64;
/** Endpoints that take an address of each private subnet. */
const ENDPOINT_ADDRESSES = 4;
/** Tasks that ECS runs in one service at most (Amazon ECS quotas). */
const TASKS_MAX = 5000;

/** What keeps an `AwsRegion` from being built with these arguments. Values that are not known while planning are passed over. */
export function awsRegionIssues(args: AwsRegionArgs): Issue[] {
  return [
    ...regionIssues("region", args.region),
    ...accountIssues("accountId", args.accountId),
    ...zoneIssues(args.region, args.availabilityZones),
    ...networkIssues(args),
    ...hostnameIssues("hostname", args.hostname),
    ...hostnameLengthIssues(args.hostname),
    ...certificateIssues(args),
    ...(typeof args.image === "string" ? imageIssues(args.image, args) : []),
    ...replicaIssues(args, TASKS_MAX),
    ...replicaLoadIssues(args),
    ...containerIssues(args),
    ...variableIssues(args.environment ?? {}, args.secrets ?? {}),
    ...secretIssues(args.secrets ?? {}),
    ...allowedRangeIssues(args.allowedRanges),
    ...egressPortIssues(args.internetEgressPorts ?? [443]),
    ...originPullIssues(args, AUTHORITIES_MAX),
    ...logRetentionIssues(args.logRetentionDays ?? 90),
    ...emailIssues("alarmEmails", args.alarmEmails ?? []),
    ...tagIssues("tags", args.tags ?? {}),
  ];
}

/** What is wrong with an image, now that it is known. */
export function imageIssues(image: string, { region, externalImage, internetEgress }: AwsRegionArgs): Issue[] {
  const path = "image";
  if (externalImage === true) {
    const fix = "take it from this region's registry, or turn `internetEgress` on";
    const egress =
      internetEgress === true
        ? []
        : [{ path: "externalImage", expected: "a way to that registry", got: "no `internetEgress`", fix }];
    if (isDigestImage(image)) return egress;
    return [...egress, { path, expected: "an image by digest", got: shown(image), fix: "write NAME@sha256:DIGEST" }];
  }
  const parsed = parseEcrImage(image);
  if (parsed === undefined) {
    const expected = `an image by digest in an ECR registry of ${region}`;
    const fix = `write ACCOUNT.dkr.ecr.${region}.amazonaws.com/NAME@sha256:DIGEST`;
    return [{ path, expected, got: shown(image), fix }];
  }
  if (parsed.region === region) return [];
  const fix =
    "copy the image to this region's registry by its digest, so that no other region is needed to start a task";
  return [{ path, expected: `an image in ${region}`, got: `one in ${parsed.region}`, fix }];
}

function networkIssues(args: AwsRegionArgs): Issue[] {
  const { network, cidrBlock, maximumReplicas } = args;
  const range = cidrBlockIssues(cidrBlock);
  if (network !== undefined) return [...range, ...referenceIssues(network, reachesPort443(args))];
  if (range.length > 0) return range;
  const needed = Math.ceil((2 * maximumReplicas) / (ZONE_COUNT - 1)) + ENDPOINT_ADDRESSES;
  const available = privateAddresses(cidrBlock);
  if (needed <= available || !Number.isInteger(maximumReplicas)) return [];
  return [
    {
      path: "cidrBlock",
      expected: `${String(needed)} addresses in each private subnet, for twice the tasks in two zones during a deployment`,
      got: String(available),
      fix: "take a larger range, or lower maximumReplicas",
    },
  ];
}

function reachesPort443({ internetEgress, internetEgressPorts }: AwsRegionArgs): boolean {
  return internetEgress === true && (internetEgressPorts ?? [443]).includes(443);
}

function referenceIssues(network: AwsNetworkReference, reachesS3: boolean): Issue[] {
  const lists = { publicSubnetIds: network.publicSubnetIds, privateSubnetIds: network.privateSubnetIds };
  const counts = Object.entries(lists)
    .filter(([, list]) => list.length !== ZONE_COUNT)
    .map(([key, list]) => countIssue(`network.${key}`, list, "name one subnet in each zone"));
  if (network.s3PrefixListId !== undefined || reachesS3) return counts;
  const fix = "name the prefix list of the VPC's S3 gateway endpoint, or turn `internetEgress` on";
  const path = "network.s3PrefixListId";
  return [...counts, { path, expected: "a way to the image layers in S3", got: "nothing", fix }];
}

function hostnameLengthIssues(hostname: unknown): Issue[] {
  if (typeof hostname !== "string" || hostname.length <= HOSTNAME_MAX) return [];
  const expected = `at most ${String(HOSTNAME_MAX)} characters, as ACM demands`;
  return [{ path: "hostname", expected, got: String(hostname.length), fix: "choose a shorter hostname" }];
}

function certificateIssues({ certificateArn, region }: AwsRegionArgs): Issue[] {
  if (typeof certificateArn !== "string" || certificateArn === "") return [];
  if (new RegExp(`^arn:aws[a-z-]*:acm:${region}:\\d{12}:certificate/[0-9a-f-]+$`).test(certificateArn)) return [];
  const expected = `the ARN of an ACM certificate in ${region}`;
  const fix = "request one in this region: load balancers take no other region's";
  return [{ path: "certificateArn", expected, got: shown(certificateArn), fix }];
}

function replicaLoadIssues({ requestsPerSecondPerReplica }: AwsRegionArgs): Issue[] {
  if (requestsPerSecondPerReplica === undefined || requestsPerSecondPerReplica > 0) return [];
  const got = shown(requestsPerSecondPerReplica);
  const path = "requestsPerSecondPerReplica";
  return [{ path, expected: "a number above 0", got, fix: "measure it, or leave it out" }];
}

function containerIssues(args: AwsRegionArgs): Issue[] {
  return [
    ...containerPortIssues(args.containerPort ?? 8080),
    ...wholeNumberIssues("userId", args.userId ?? 1000, { min: 1, max: 65534 }, "run as a user that is not root"),
    ...sizeIssues(args.vcpus ?? 1, args.memoryMib ?? 2048),
    ...pathIssues("readinessPath", args.readinessPath ?? "/healthz/ready"),
    ...pathIssues("livenessPath", args.livenessPath ?? "/healthz/live"),
    ...writablePathIssues(args.writablePath ?? "/tmp"),
    ...healthCheckIssues(args.healthCheckCommand),
  ];
}

function sizeIssues(vcpus: number, memoryMib: number): Issue[] {
  const memory = FARGATE_MEMORY[vcpus];
  if (memory === undefined) return choiceIssues("vcpus", vcpus, [1, 2, 4, 8], "take the next larger one");
  const { min, max, step } = memory;
  if (memoryMib >= min && memoryMib <= max && (memoryMib - min) % step === 0) return [];
  const expected = `from ${String(min)} to ${String(max)} in steps of ${String(step)} for ${String(vcpus)} virtual CPUs`;
  const fix = "take a size that Fargate has";
  return [{ path: "memoryMib", expected, got: shown(memoryMib), fix }];
}

function writablePathIssues(writablePath: string): Issue[] {
  if (/^\/[A-Za-z0-9._/-]+$/.test(writablePath)) return [];
  const fix = 'write a directory other than the root, such as "/tmp"';
  return [{ path: "writablePath", expected: "an absolute path", got: shown(writablePath), fix }];
}

function healthCheckIssues(command: string[] | undefined): Issue[] {
  if (command === undefined) return [];
  if (["CMD", "CMD-SHELL"].includes(command[0] ?? "") && command.length > 1) return [];
  const fix = 'put "CMD" in front of a program and its arguments';
  return [
    {
      path: "healthCheckCommand",
      expected: 'a list that begins with "CMD" or "CMD-SHELL"',
      got: shown(command[0]),
      fix,
    },
  ];
}

function allowedRangeIssues(ranges: string[] | undefined): Issue[] {
  const path = "allowedRanges";
  if (ranges === undefined) return [];
  const found = rangeIssues(path, ranges);
  const ipv4 = ranges.filter((range) => parseCidr(range) !== undefined).length;
  const most = Math.max(ipv4, ranges.length - ipv4);
  if (most <= RULES_MAX) return found;
  const expected = `at most ${String(RULES_MAX)} of one family, as many as a security group has rules`;
  return [...found, { path, expected, got: String(most), fix: "join ranges that lie next to each other" }];
}
