import type * as pulumi from "@pulumi/pulumi";
import { OriginPullMode } from "../region";
import { CLOUDFLARE_RANGES } from "../sizing/cloudflare-ranges";
import type { AwsRegionArgs } from "./aws-region-args";

/** CPU units of one virtual CPU (ECS task definitions). */
const CPU_UNITS = 1024;
/** Share of what a replica can do at which autoscaling adds another: room for the minutes that a new one takes. */
export const TARGET_UTILIZATION_PERCENT = 60;

/** Everything that is decided before the first resource exists, with every default filled in. */
export interface AwsRegionPlan {
  certificateArn: pulumi.Input<string>;
  image: pulumi.Input<string>;
  externalImage: boolean;
  minimumReplicas: number;
  maximumReplicas: number;
  /** Requests per minute and replica that autoscaling aims at; `undefined` scales on CPU alone. */
  requestsPerMinuteTarget: number | undefined;
  containerPort: number;
  /** As ECS writes it: `1024` for one virtual CPU. */
  cpu: string;
  memory: string;
  userId: number;
  writablePath: string;
  healthCheckCommand: string[];
  environment: Record<string, pulumi.Input<string>>;
  secrets: Record<string, pulumi.Input<string>>;
  readinessPath: string;
  allowedRanges: readonly string[];
  originPullMode: OriginPullMode;
  originPullAuthorities: pulumi.Input<string> | undefined;
  /** TCP ports that tasks may reach on the Internet. None without `internetEgress`. */
  internetEgressPorts: number[];
  deletionProtected: boolean;
  logRetentionDays: number;
  alarmEmails: string[];
  permissionsBoundaryArn: pulumi.Input<string> | undefined;
}

/** The network as the rest of the region uses it, whether made or brought. */
export interface NetworkSite {
  vpcId: pulumi.Input<string>;
  publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  privateSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Where the endpoints of AWS services are: their security group, or the range that holds them. */
  endpointTarget: { referencedSecurityGroupId: pulumi.Input<string> } | { cidrIpv4: string };
  s3PrefixListId: pulumi.Input<string> | undefined;
  egressAddresses: pulumi.Input<pulumi.Input<string>[]>;
  /** What has to stand before anything is put into the network. */
  ready: pulumi.Resource[];
}

/** Fills in every default. The arguments must have passed `awsRegionIssues`. */
export function planAwsRegion(args: AwsRegionArgs): AwsRegionPlan {
  const containerPort = args.containerPort ?? 8080;
  const livenessPath = args.livenessPath ?? "/healthz/live";
  const perSecond = args.requestsPerSecondPerReplica;
  return {
    certificateArn: args.certificateArn,
    image: args.image,
    externalImage: args.externalImage ?? false,
    minimumReplicas: args.minimumReplicas,
    maximumReplicas: args.maximumReplicas,
    requestsPerMinuteTarget:
      perSecond === undefined
        ? undefined
        : Math.max(1, Math.floor((perSecond * 60 * TARGET_UTILIZATION_PERCENT) / 100)),
    containerPort,
    cpu: String((args.vcpus ?? 1) * CPU_UNITS),
    memory: String(args.memoryMib ?? 2048),
    userId: args.userId ?? 1000,
    writablePath: args.writablePath ?? "/tmp",
    healthCheckCommand: args.healthCheckCommand ?? nodeHealthCheck(containerPort, livenessPath),
    environment: {
      ...args.environment,
      PORT: String(containerPort),
      CLOUD: "aws",
      REGION: args.region,
    },
    secrets: args.secrets ?? {},
    readinessPath: args.readinessPath ?? "/healthz/ready",
    allowedRanges: args.allowedRanges ?? CLOUDFLARE_RANGES,
    originPullMode: args.originPullMode ?? OriginPullMode.Off,
    originPullAuthorities: args.originPullAuthorities,
    internetEgressPorts: args.internetEgress === true ? (args.internetEgressPorts ?? [443]) : [],
    deletionProtected: args.deletionProtected ?? true,
    logRetentionDays: args.logRetentionDays ?? 90,
    alarmEmails: args.alarmEmails ?? [],
    permissionsBoundaryArn: args.permissionsBoundaryArn,
  };
}

/** Asks the container itself, with the one tool that an image of a Node program surely has. */
function nodeHealthCheck(port: number, path: string): string[] {
  const url = JSON.stringify(`http://127.0.0.1:${String(port)}${path}`);
  return ["CMD", "node", "-e", `fetch(${url}).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
}
