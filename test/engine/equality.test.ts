// Proves that the offline plan of each stack is what the real engine is asked to register while it previews a new stack: the same resources, and of
// each one parent, provider, inputs, secrets, unknowns, dependencies, options and source line (where the SDK leaves out a frame, a plan tells the inner
// line), and a component's own outputs; the same exports; no data source on either side. What differs is listed below with its reason, and nothing
// else may. Does not prove what parts of inputs depend on, which only the planner is told, nor what a program of ours does not use
// (equality-programs.test.ts), nor what real providers' `Check` adds beside names.
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { isObject, plan, unknownValue, type Json, type Plan } from "../../planner";
import { withProviders } from "../../twin/attach";
import { findEngine, openStack, skipsWithout } from "../support/engine";
import {
  described,
  isBetterLine,
  mismatches,
  readRegistrations,
  type Mismatch,
  type RegisteredResource,
  type Registrations,
} from "../support/registrations";

const ROOT = resolve(__dirname, "../..");
const engine = findEngine();

/**
 * Inputs that hold the physical name of another resource, and components' outputs that hand one on. A provider's `Check` chooses it before anything is made, so a preview knows it; a plan has
 * no provider, and says unknown. How often each occurs, by stack.
 */
const AUTOMATIC_NAMES: Record<string, Record<string, number>> = {
  dev: {
    "aws:appautoscaling/policy:Policy inputs.resourceId": 2,
    "aws:appautoscaling/target:Target inputs.resourceId": 1,
    "aws:cloudwatch/metricAlarm:MetricAlarm inputs.dimensions.ClusterName": 1,
    "aws:cloudwatch/metricAlarm:MetricAlarm inputs.dimensions.ServiceName": 1,
    "aws:ecs/service:Service inputs.alarms.alarmNames[0]": 1,
    "aws:lb/loadBalancer:LoadBalancer inputs.accessLogs.bucket": 1,
    "aws:lb/loadBalancer:LoadBalancer inputs.connectionLogs.bucket": 1,
    "aws:lb/loadBalancer:LoadBalancer inputs.healthCheckLogs.bucket": 1,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration inputs.bucket": 1,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls inputs.bucket": 1,
    "aws:s3/bucketPolicy:BucketPolicy inputs.bucket": 1,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock inputs.bucket": 1,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration inputs.bucket": 1,
    "aws:s3/bucketVersioning:BucketVersioning inputs.bucket": 1,
    "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup inputs.cloudRun.service": 1,
    "gcp:logging/projectExclusion:ProjectExclusion inputs.filter": 1,
    "gcp:logging/projectSink:ProjectSink inputs.filter": 1,
    "gcp:monitoring/alertPolicy:AlertPolicy inputs.conditions[0].conditionThreshold.denominatorFilter": 1,
    "gcp:monitoring/alertPolicy:AlertPolicy inputs.conditions[0].conditionThreshold.filter": 3,
    "twodoor:index:AwsRegion outputs.clusterName": 1,
    "twodoor:index:AwsRegion outputs.serviceName": 1,
    "twodoor:index:GcpRegion outputs.serviceName": 1,
  },
  prod: {
    "aws:appautoscaling/policy:Policy inputs.resourceId": 4,
    "aws:appautoscaling/target:Target inputs.resourceId": 2,
    "aws:cloudwatch/metricAlarm:MetricAlarm inputs.dimensions.ClusterName": 2,
    "aws:cloudwatch/metricAlarm:MetricAlarm inputs.dimensions.ServiceName": 2,
    "aws:ecs/service:Service inputs.alarms.alarmNames[0]": 2,
    "aws:lb/loadBalancer:LoadBalancer inputs.accessLogs.bucket": 2,
    "aws:lb/loadBalancer:LoadBalancer inputs.connectionLogs.bucket": 2,
    "aws:lb/loadBalancer:LoadBalancer inputs.healthCheckLogs.bucket": 2,
    "aws:lb/trustStore:TrustStore inputs.caCertificatesBundleS3Bucket": 2,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration inputs.bucket": 4,
    "aws:s3/bucketObjectv2:BucketObjectv2 inputs.bucket": 2,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls inputs.bucket": 4,
    "aws:s3/bucketPolicy:BucketPolicy inputs.bucket": 4,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock inputs.bucket": 4,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration inputs.bucket": 4,
    "aws:s3/bucketVersioning:BucketVersioning inputs.bucket": 4,
    "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup inputs.cloudRun.service": 2,
    "gcp:compute/routerNat:RouterNat inputs.router": 2,
    "gcp:logging/projectExclusion:ProjectExclusion inputs.filter": 2,
    "gcp:logging/projectSink:ProjectSink inputs.filter": 2,
    "gcp:monitoring/alertPolicy:AlertPolicy inputs.conditions[0].conditionThreshold.denominatorFilter": 2,
    "gcp:monitoring/alertPolicy:AlertPolicy inputs.conditions[0].conditionThreshold.filter": 6,
    "twodoor:index:AwsRegion outputs.clusterName": 2,
    "twodoor:index:AwsRegion outputs.serviceName": 2,
    "twodoor:index:GcpRegion outputs.serviceName": 2,
  },
};

/** Resources that are made in the callback of a `map`, whose frame has no function's name: the SDK leaves it out. */
const UNTOLD: Record<string, number> = { dev: 13, prod: 58 };

const stacks = [
  { stack: "dev", clouds: { cloudflarePlan: "pro" } },
  { stack: "prod", clouds: { cloudflarePlan: "enterprise" } },
] as const;

describe.skipIf(skipsWithout(engine, "plans against the real engine")).each(stacks)(
  "the plan of $stack and what the real engine is asked for",
  ({ stack, clouds }) => {
    let planned: Plan;
    let registered: Registrations;
    let differences: Differences;
    beforeAll(async () => {
      planned = await plan({ directory: ROOT, stack });
      registered = await previewed(stack, clouds);
      differences = compared(planned, registered);
    }, 300_000);

    it("hold the same resources, made by the same kind of maker", () => {
      expect(registered.resources.map(({ urn }) => urn)).toEqual(planned.resources.map(({ urn }) => urn));
      const made = planned.resources.filter(
        ({ type, provider }) => provider !== null || type.startsWith("pulumi:providers:"),
      );
      expect(registered.custom).toEqual(made.map(({ urn }) => urn));
    });

    it("ask for nothing but resources", () => {
      expect(planned.unanswered).toEqual([]);
      expect(registered.methods).toEqual([
        "RegisterResource",
        "RegisterResourceOutputs",
        "SignalAndWaitForShutdown",
        "SupportsFeature",
      ]);
    });

    it("are equal in every resource and every export, but for names that a provider chooses", () => {
      expect(differences.others.map((mismatch) => described(mismatch, registered.secrets))).toEqual([]);
    });

    it("have the same line but for those that the SDK does not tell the engine", () => {
      expect(differences.untold).toBe(UNTOLD[stack]);
    });

    it("differ by those names exactly where it is known that they do", () => {
      const places = differences.fromNames.map(
        ({ urn, path }) => `${String(urn.split("::")[2]?.split("$").at(-1))} ${path}`,
      );
      const counts = Object.fromEntries(
        [...new Set(places)].map((place) => [place, places.filter((other) => other === place).length]),
      );
      expect(counts).toEqual(AUTOMATIC_NAMES[stack]);
    });
  },
);

/** Previews a new stack with the local providers. The engine's log holds secrets in clear: it is read and removed at once. */
async function previewed(stack: string, settings: { cloudflarePlan: "pro" | "enterprise" }): Promise<Registrations> {
  const opened = await openStack(engine.directory ?? "", { program: ROOT, stack });
  const log = join(opened.directory, "grpc.jsonl");
  try {
    await withProviders({ settings }, async ({ environment }) => {
      const { status, errors } = await opened.preview({ ...environment, PULUMI_DEBUG_GRPC: log });
      expect([status, errors]).toEqual([0, []]);
    });
    return readRegistrations(readFileSync(log, "utf8"), ROOT);
  } finally {
    rmSync(log, { force: true });
    opened.close();
  }
}

/** What is not the same on both sides. */
interface Differences {
  /** Lines that the SDK did not tell the engine for certain. */
  untold: number;
  /** Unknown to the plan, and to the engine a text with the automatic name of a resource on which this very input depends. */
  fromNames: Mismatch[];
  others: Mismatch[];
}

function compared(planned: Plan, registered: Registrations): Differences {
  const byUrn = new Map(registered.resources.map((resource) => [resource.urn, resource]));
  const all = planned.resources.flatMap((resource) => {
    const { urn } = resource;
    const other = byUrn.get(urn);
    const { references: _untold, ...told } = resource;
    const found = other === undefined ? [] : mismatches(urn, "", asJson(told), asJson(other));
    return found;
  });
  const exported = mismatches("exports", "", planned.outputs, registered.outputs);
  const inputsOf = new Map(planned.resources.map((resource) => [resource.urn, resource.propertyDependencies]));
  /** Names chosen for a resource and for those that its inputs hold: one may hand on what it was given. */
  const namesOf = (urn: string): string[] => [
    ...(registered.automaticNames[urn] ?? []),
    ...Object.values(inputsOf.get(urn) ?? {}).flatMap((urns) => urns.flatMap(namesOf)),
  ];
  /** Names chosen for what a component is made of: its outputs may hand one on. */
  const namesIn = (urn: string): string[] =>
    planned.resources.flatMap((resource) => (resource.parent === urn ? namesOf(resource.urn) : []));
  const isName = ({ urn, path, planned: offline, registered: online }: Mismatch): boolean => {
    const [, input = ""] = /^inputs\.([^.[]+)/.exec(path) ?? [];
    const names = path.startsWith("outputs.") ? namesIn(urn) : (inputsOf.get(urn)?.[input] ?? []).flatMap(namesOf);
    return offline === unknownValue && typeof online === "string" && names.some((name) => online.includes(name));
  };
  // Where the SDK leaves out a frame, a plan must have a line of the stacks or the components all the same.
  const isInner = (mismatch: Mismatch): boolean =>
    isBetterLine(mismatch) && /^(stacks|components|twin)\//.test(fileOf(mismatch.planned));
  return {
    untold: all.filter(isInner).length,
    fromNames: all.filter(isName),
    others: [...all.filter((mismatch) => !isName(mismatch) && !isInner(mismatch)), ...exported],
  };
}

function fileOf(location: Json | undefined): string {
  return isObject(location) && typeof location["file"] === "string" ? location["file"] : "";
}

/** A resource as its reader gets it. */
function asJson(resource: RegisteredResource): Json {
  return JSON.parse(JSON.stringify(resource)) as Json;
}
