import type { DataSourceCall } from "./data-source-call";
import { unknownValue, type Json, type JsonObject } from "../resilience/values";

/** The account that AWS's documentation uses in examples. In a plan, whatever contains it is unknown. */
const exampleAccount = "111122223333";
/** Stands for a Google project that nobody named. In a plan, whatever contains it is unknown. */
const exampleProject = "twodoor-unnamed-project";
const exampleProjectNumber = "100000000007";

/**
 * What a few data sources answer as far as it follows from their provider's settings alone: which region, which partition,
 * the region's first three zones. Whose account it is does not, so that is made up.
 *
 * @param madeUp - receives what was invented.
 */
export function builtInAnswer(call: DataSourceCall, madeUp: Set<string | number>): JsonObject | undefined {
  switch (call.token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return callerIdentity(call, madeUp);
    case "aws:index/getRegion:getRegion":
      return awsRegion(call);
    case "aws:index/getPartition:getPartition":
      return awsPartition(call);
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return availabilityZones(call);
    case "gcp:organizations/getProject:getProject":
      return googleProject(call, madeUp);
    case "gcp:organizations/getClientConfig:getClientConfig":
      return googleClient(call, madeUp);
    default:
      return undefined;
  }
}

function callerIdentity(call: DataSourceCall, madeUp: Set<string | number>): JsonObject {
  madeUp.add(exampleAccount);
  return {
    accountId: exampleAccount,
    arn: `arn:${partitionOf(regionOf(call) ?? "")}:iam::${exampleAccount}:root`,
    id: exampleAccount,
    userId: exampleAccount,
  };
}

function awsRegion(call: DataSourceCall): JsonObject | undefined {
  const region = regionOf(call);
  if (region === undefined) return undefined;
  const endpoint = `ec2.${region}.${dnsSuffixes[partitionOf(region)]}`;
  return { id: region, name: region, region, description: region, endpoint };
}

/** Partitions and their domains as `aws_partition` of the AWS provider documents them. */
const dnsSuffixes = { aws: "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com" };

function partitionOf(region: string): keyof typeof dnsSuffixes {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function awsPartition(call: DataSourceCall): JsonObject | undefined {
  const region = regionOf(call);
  if (region === undefined) return undefined;
  const partition = partitionOf(region);
  const dnsSuffix = dnsSuffixes[partition];
  return { id: partition, partition, dnsSuffix, reverseDnsPrefix: dnsSuffix.split(".").reverse().join(".") };
}

function availabilityZones(call: DataSourceCall): JsonObject | undefined {
  const region = regionOf(call);
  if (region === undefined) return undefined;
  const names = ["a", "b", "c"].map((letter) => `${region}${letter}`);
  return { ...call.args, id: region, region, names, zoneIds: [], groupNames: [region] };
}

function googleProject(call: DataSourceCall, madeUp: Set<string | number>): JsonObject {
  const projectId = text(call.args["projectId"]) ?? text(call.providerInputs["project"]) ?? exampleProject;
  madeUp.add(exampleProjectNumber);
  if (projectId === exampleProject) madeUp.add(exampleProject);
  return { id: `projects/${projectId}`, projectId, name: projectId, number: exampleProjectNumber, labels: {} };
}

function googleClient({ providerInputs }: DataSourceCall, madeUp: Set<string | number>): JsonObject {
  const project = text(providerInputs["project"]) ?? exampleProject;
  if (project === exampleProject) madeUp.add(exampleProject);
  const [region, zone] = [text(providerInputs["region"]) ?? "", text(providerInputs["zone"]) ?? ""];
  const accessToken = "twodoor-unnamed-token";
  madeUp.add(accessToken);
  return { id: `projects/"${project}"/regions/"${region}"/zones/"${zone}"`, project, region, zone, accessToken };
}

/** The region of the call itself (provider 7 and later) or of its provider. */
function regionOf({ args, providerInputs }: DataSourceCall): string | undefined {
  return text(args["region"]) ?? text(providerInputs["region"]);
}

/** A string that is known. */
function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" && value !== unknownValue ? value : undefined;
}
