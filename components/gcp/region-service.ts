import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { protectedIf, type Child } from "../child";
import { ArgumentsError } from "../errors";
import { Cloud } from "../sizing/regions";
import { ACCOUNT_ID_LENGTH_MAX, projectScopedId } from "./ids";
import type { GcpRegionArgs } from "./gcp-region-args";
import { imageIssues } from "./region-issues";
import type { GcpRegionPlan } from "./region-plan";

/** The longest that Cloud Run lets one request, and so one WebSocket, live: an hour. Its default of five minutes would cut every stream. */
const REQUEST_TIMEOUT = "3600s";
/** A replica is given up when it is not ready after 240 s, the most that Cloud Run allows a startup probe. */
const STARTUP_PERIOD_SECONDS = 5;
const STARTUP_FAILURES = 48;

/** One secret variable: where it is kept, its value, and the right to read it. */
export interface SecretParts {
  secret: gcp.secretmanager.Secret;
  version: gcp.secretmanager.SecretVersion;
  reader: gcp.secretmanager.SecretIamMember;
}

/** The service account that replicas run as. It can read its own secrets and nothing else. */
export function buildAccount(
  name: string,
  { names, project, region }: GcpRegionPlan,
  child: Child,
): gcp.serviceaccount.Account {
  return new gcp.serviceaccount.Account(
    names.account,
    {
      project,
      accountId: projectScopedId(name, "run", ACCOUNT_ID_LENGTH_MAX),
      displayName: `Replicas of ${names.service} in ${region}`,
    },
    child,
  );
}

/** The secret variables by name, each kept in this region alone. */
export function buildSecrets(
  name: string,
  plan: GcpRegionPlan,
  values: Record<string, pulumi.Input<string>>,
  account: gcp.serviceaccount.Account,
  child: Child,
): Record<string, SecretParts> {
  return Object.fromEntries(
    plan.secretNames.map((key) => [key, buildSecret(name, key, plan, values[key] ?? "", account, child)]),
  );
}

function buildSecret(
  name: string,
  key: string,
  { project, region, labels, deletionProtected }: GcpRegionPlan,
  value: pulumi.Input<string>,
  account: gcp.serviceaccount.Account,
  child: Child,
): SecretParts {
  const secret = new gcp.secretmanager.Secret(
    `${name}-secret-${key}`,
    {
      project,
      secretId: secretId(name, key),
      labels,
      // Cloud Run cannot read regional secrets; one replica in this region keeps the value here all the same
      // (docs.cloud.google.com/run/docs/configuring/services/secrets).
      replication: { userManaged: { replicas: [{ location: region }] } },
    },
    // The id is not auto-named, so a new secret of the same id can only follow the old one.
    { ...child, deleteBeforeReplace: true, ...protectedIf(deletionProtected) },
  );
  const version = new gcp.secretmanager.SecretVersion(
    `${name}-secret-${key}-version`,
    {
      secret: secret.id,
      secretData: value,
      // The revision before still names the old version: while it exists, its instances can start and a rollback works.
      deletionPolicy: "ABANDON",
    },
    child,
  );
  const reader = new gcp.secretmanager.SecretIamMember(
    `${name}-secret-${key}-reader`,
    {
      project,
      secretId: secret.secretId,
      role: "roles/secretmanager.secretAccessor",
      member: pulumi.interpolate`serviceAccount:${account.email}`,
    },
    child,
  );
  return { secret, version, reader };
}

/** Secret ids belong to the project: the stack's name keeps two stacks of one project apart. */
function secretId(name: string, key: string): string {
  return `${pulumi.getStack()}-${name}-${key}`.replace(/[^A-Za-z0-9_-]/g, "-");
}

/** What a Cloud Run service needs to be there before it. */
export interface ServiceNeeds {
  account: gcp.serviceaccount.Account;
  secrets: Record<string, SecretParts>;
  networkId: pulumi.Input<string>;
  subnetworkId: pulumi.Input<string>;
  /** The network component with its NAT gateway, where it is ours. */
  dependsOn: pulumi.Resource[];
}

/** The Cloud Run service: reached through the load balancer alone, with its minimum always running. */
export function buildService(
  plan: GcpRegionPlan,
  args: GcpRegionArgs,
  needs: ServiceNeeds,
  child: Child,
): gcp.cloudrunv2.Service {
  const { names, project, region, labels, deletionProtected } = plan;
  const readers = Object.values(needs.secrets).map((parts) => parts.reader);
  return new gcp.cloudrunv2.Service(
    names.service,
    {
      project,
      location: region,
      labels,
      // Ingress is the lock: with it closed and the default address off, no token is asked of the load balancer, which has
      // none to show. A grant to allUsers would be refused under domain-restricted sharing
      // (docs.cloud.google.com/run/docs/securing/ingress and …/run/docs/authenticating/public).
      ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      defaultUriDisabled: true,
      invokerIamDisabled: true,
      deletionProtection: deletionProtected,
      // On the service, so that a new floor acts at once and needs no new revision
      // (docs.cloud.google.com/run/docs/configuring/min-instances).
      scaling: { minInstanceCount: plan.minimumReplicas, maxInstanceCount: plan.maximumReplicas },
      // Said explicitly, so that a split made by hand in the console does not outlive the next change.
      traffics: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }],
      template: {
        serviceAccount: needs.account.email,
        timeout: REQUEST_TIMEOUT,
        executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2",
        maxInstanceRequestConcurrency: plan.maximumConcurrency,
        // The revision has a ceiling of its own, whose default differs between projects and may lie below the floor
        // (docs.cloud.google.com/run/docs/configuring/max-instances).
        scaling: { maxInstanceCount: plan.maximumReplicas },
        vpcAccess: {
          egress: "ALL_TRAFFIC",
          networkInterfaces: [{ network: needs.networkId, subnetwork: needs.subnetworkId }],
        },
        containers: [container(plan, args, needs.secrets)],
      },
    },
    { ...child, dependsOn: [...needs.dependsOn, ...readers], ...protectedIf(deletionProtected) },
  );
}

function container(
  plan: GcpRegionPlan,
  args: GcpRegionArgs,
  secrets: Record<string, SecretParts>,
): gcp.types.input.cloudrunv2.ServiceTemplateContainer {
  return {
    image: gatedImage(plan, args),
    ports: { containerPort: plan.containerPort, name: "http1" },
    envs: environment(plan, args, secrets),
    resources: {
      limits: { cpu: String(plan.vcpus), memory: `${String(plan.memoryMib)}Mi` },
      // CPU outside requests too: streams and the journal work between them (instance-based billing).
      cpuIdle: false,
      startupCpuBoost: true,
    },
    startupProbe: {
      httpGet: { path: plan.readinessPath },
      periodSeconds: STARTUP_PERIOD_SECONDS,
      timeoutSeconds: 3,
      failureThreshold: STARTUP_FAILURES,
    },
    livenessProbe: {
      httpGet: { path: plan.livenessPath },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
  };
}

/** The image, judged as soon as it is known. */
function gatedImage({ names }: GcpRegionPlan, args: GcpRegionArgs): pulumi.Output<string> {
  return pulumi.output(args.image).apply((image) => {
    const issues = imageIssues({ ...args, image });
    if (issues.length > 0) throw new ArgumentsError(`GcpRegion service "${names.service}"`, issues);
    return image;
  });
}

/** Environment variables, sorted by name so that their order never looks like a change. */
function environment(
  { region }: GcpRegionPlan,
  args: GcpRegionArgs,
  secrets: Record<string, SecretParts>,
): gcp.types.input.cloudrunv2.ServiceTemplateContainerEnv[] {
  const plain = Object.entries({ ...args.environment, CLOUD: Cloud.Gcp, REGION: region }).map(([name, value]) => ({
    name,
    value,
  }));
  const secret = Object.entries(secrets).map(([name, parts]) => ({
    name,
    // By number, never "latest": a changed value makes a new revision, and an instance can start only with a value that was meant for it.
    valueSource: { secretKeyRef: { secret: parts.secret.secretId, version: parts.version.version } },
  }));
  return [...plain, ...secret].sort((a, b) => (a.name < b.name ? -1 : 1));
}
