import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { ArgumentsError, refuse } from "../errors";
import type { RegionOutputs } from "../region";
import { buildAlarmTopic, buildCapacityAlarms, buildEntryAlarms } from "./alarms";
import { AwsNetwork } from "./aws-network";
import type { AwsRegionArgs } from "./aws-region-args";
import { awsRegionIssues, imageIssues } from "./aws-region-issues";
import { buildEntry, type Entry } from "./entry";
import { buildTaskEgress } from "./entry-groups";
import { arnOf, logGroupName, type Place } from "./names";
import { nameIssues } from "./checks";
import { buildRegionKey } from "./region-key";
import { planAwsRegion, type AwsRegionPlan, type NetworkSite } from "./region-plan";
import { buildSecrets, type RegionSecret } from "./secrets";
import { buildCompute, type Compute } from "./service";
import { buildTaskRoles, type TaskRoles } from "./task-roles";

/** The resources of an `AwsRegion`. */
export interface AwsRegionNodes {
  /** Nothing where a network was brought. */
  network: AwsNetwork | undefined;
  key: aws.kms.Key;
  entry: Entry;
  roles: TaskRoles;
  /** Keyed by the variable's name. */
  secrets: Record<string, RegionSecret>;
  logGroup: aws.cloudwatch.LogGroup;
  compute: Compute;
  alarmTopic: aws.sns.Topic;
  /** Keyed by the alarm's name in `docs/guides/alarms.md`. */
  alarms: Record<string, aws.cloudwatch.MetricAlarm>;
}

const allNodes = new WeakMap<AwsRegion, AwsRegionNodes>();

/**
 * One region of the API on AWS: an Application Load Balancer that only Cloudflare can reach, before an ECS service on Fargate in three
 * zones.
 *
 * It makes a network (unless one is brought), a load balancer with HTTPS alone, access logs and, for origin pulls, a trust store; a
 * service whose image is pinned by digest and comes from this region's registry; its roles, secrets, logs and key; autoscaling whose
 * floor is `minimumReplicas`; alarms and a topic for them. Nothing of it needs another region or cloud to keep running.
 *
 * What happens in a change: a new image makes a task definition and updates the service, and no task leaves before its successor is
 * healthy; a task that leaves keeps its WebSockets for 300 s. A deployment that does not become healthy, or that makes the API fail, is
 * rolled back and fails the `up`. After a zone has come back, deploy once: ECS is told not to move tasks by itself.
 *
 * To delete it: first an `up` with `deletionProtected: false`, then one without the region. Secrets, logs and the key's data are then
 * gone for good.
 *
 * The API behind it has to keep idle connections longer than 930 s, or a request can meet a socket that is being closed.
 *
 * To leave running, in us-east-2 and without traffic: load balancer 16 USD a month and its public addresses 11, endpoints 88, each
 * replica of 1 virtual CPU and 2 GiB 36, key 1, alarms 1 (autoscaling's own included), each secret 0.40; NAT and its addresses 110 with
 * `internetEgress`. Two replicas: about 190 USD a month.
 */
export class AwsRegion extends pulumi.ComponentResource implements RegionOutputs {
  static readonly __pulumiType = "twodoor:index:AwsRegion";

  /** `aws`. */
  readonly cloud: pulumi.Output<string>;
  /** The vendor's name of the region. */
  readonly region: pulumi.Output<string>;
  /** DNS name at which Cloudflare reaches the region. It serves HTTPS on 443 with the certificate for `hostname`. */
  readonly originAddress: pulumi.Output<string>;
  /** The image that the region runs. */
  readonly image: pulumi.Output<string>;
  /** Replicas that run at all times. */
  readonly minimumReplicas: pulumi.Output<number>;
  /** Addresses from which replicas reach the Internet. Empty without `internetEgress`. */
  readonly egressAddresses: pulumi.Output<string[]>;
  /** ARN of the load balancer. */
  readonly loadBalancerArn: pulumi.Output<string>;
  /** Name of the ECS cluster. */
  readonly clusterName: pulumi.Output<string>;
  /** Name of the ECS service. */
  readonly serviceName: pulumi.Output<string>;
  /** Name of the log group of the replicas. */
  readonly logGroupName: pulumi.Output<string>;
  /** ARN of the topic that every alarm of the region speaks to. */
  readonly alarmTopicArn: pulumi.Output<string>;

  /**
   * @param name - logical name; every child's name begins with it. Let it hold the region, since IAM knows no regions.
   * @param args - see `AwsRegionArgs`.
   * @param opts - the standard options.
   */
  constructor(name: string, args: AwsRegionArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`AwsRegion "${name}"`, [...nameIssues(name), ...awsRegionIssues(args)]);
    super(AwsRegion.__pulumiType, name, {}, opts);
    const { nodes, image, egressAddresses } = buildRegion(name, args, { parent: this });
    const { entry, compute } = nodes;

    this.cloud = pulumi.output("aws");
    this.region = pulumi.output(args.region);
    this.originAddress = entry.loadBalancer.dnsName;
    this.image = image;
    this.minimumReplicas = pulumi.output(args.minimumReplicas);
    this.egressAddresses = egressAddresses;
    this.loadBalancerArn = entry.loadBalancer.arn;
    this.clusterName = compute.cluster.name;
    this.serviceName = compute.service.name;
    this.logGroupName = nodes.logGroup.name;
    this.alarmTopicArn = nodes.alarmTopic.arn;
    allNodes.set(this, nodes);
    this.registerOutputs({
      cloud: this.cloud,
      region: this.region,
      originAddress: this.originAddress,
      image: this.image,
      minimumReplicas: this.minimumReplicas,
      egressAddresses: this.egressAddresses,
      loadBalancerArn: this.loadBalancerArn,
      clusterName: this.clusterName,
      serviceName: this.serviceName,
      logGroupName: this.logGroupName,
      alarmTopicArn: this.alarmTopicArn,
    });
  }

  /** The resources themselves, for what no argument covers. */
  get nodes(): AwsRegionNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Everything of the region in the order in which it depends on one another: network, entry, rights, what runs, what watches. */
function buildRegion(
  name: string,
  args: AwsRegionArgs,
  child: Child,
): { nodes: AwsRegionNodes; image: pulumi.Output<string>; egressAddresses: pulumi.Output<string[]> } {
  const plan = planAwsRegion(args);
  const place = { region: args.region, accountId: args.accountId, tags: args.tags ?? {} };
  const image = checkedImage(name, args);

  const key = buildRegionKey(name, place, plan.deletionProtected, child);
  const network = args.network === undefined ? buildNetwork(name, args, key, child) : undefined;
  const site = network === undefined ? broughtSite(args) : madeSite(network);
  const entry = buildEntry(name, place, plan, site, child);
  const egress = buildTaskEgress(name, place, plan, { site, taskGroup: entry.taskGroup }, child);
  const alarmTopic = buildAlarmTopic(name, place, plan, key, child);
  const entryAlarms = buildEntryAlarms(name, place, { plan, entry, topic: alarmTopic }, child);
  const secrets = buildSecrets(name, place, { ...plan, key }, child);
  const logs = buildLogGroup(name, place, plan, key, child);
  const roles = buildTaskRoles(name, place, plan, { image, logGroupArn: logs.arn, secrets, key }, child);
  const compute = buildCompute(
    name,
    place,
    plan,
    {
      site,
      entry,
      roles,
      secrets,
      image,
      logGroup: logs.group,
      rollbackAlarm: alarmName(entryAlarms["target-errors"]),
      ready: egress,
    },
    child,
  );
  const capacityAlarms = buildCapacityAlarms(name, place, { plan, entry, compute, topic: alarmTopic }, child);
  const nodes = {
    network,
    key,
    entry,
    roles,
    secrets,
    logGroup: logs.group,
    compute,
    alarmTopic,
    alarms: { ...entryAlarms, ...capacityAlarms },
  };
  return { nodes, image, egressAddresses: pulumi.output(site.egressAddresses) };
}

/** The image, refused as soon as it is known when it is not one by digest in this region. */
function checkedImage(name: string, args: AwsRegionArgs): pulumi.Output<string> {
  return pulumi.output(args.image).apply((image) => {
    const issues = imageIssues(image, args);
    if (issues.length > 0) throw new ArgumentsError(`AwsRegion "${name}"`, issues);
    return image;
  });
}

function buildNetwork(name: string, args: AwsRegionArgs, key: aws.kms.Key, child: Child): AwsNetwork {
  const { region, accountId, availabilityZones, cidrBlock, permissionsBoundaryArn } = args;
  return new AwsNetwork(
    `${name}-network`,
    {
      region,
      accountId,
      availabilityZones,
      cidrBlock,
      internetEgress: args.internetEgress ?? false,
      logRetentionDays: args.logRetentionDays ?? 90,
      deletionProtected: args.deletionProtected ?? true,
      logKeyArn: key.arn,
      ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn }),
      tags: args.tags ?? {},
    },
    child,
  );
}

function madeSite(network: AwsNetwork): NetworkSite {
  return {
    vpcId: network.vpcId,
    publicSubnetIds: network.publicSubnetIds,
    privateSubnetIds: network.privateSubnetIds,
    endpointTarget: { referencedSecurityGroupId: network.endpointSecurityGroupId },
    s3PrefixListId: network.s3PrefixListId,
    egressAddresses: network.egressAddresses,
    ready: [network],
  };
}

function broughtSite({ network, cidrBlock }: AwsRegionArgs): NetworkSite {
  if (network === undefined) throw new Error("a network is brought or made");
  return {
    vpcId: network.vpcId,
    publicSubnetIds: network.publicSubnetIds,
    privateSubnetIds: network.privateSubnetIds,
    endpointTarget: { cidrIpv4: cidrBlock },
    s3PrefixListId: network.s3PrefixListId,
    egressAddresses: network.egressAddresses ?? [],
    ready: [],
  };
}

function buildLogGroup(
  name: string,
  place: Place,
  plan: AwsRegionPlan,
  key: aws.kms.Key,
  child: Child,
): { group: aws.cloudwatch.LogGroup; arn: string } {
  const groupName = logGroupName(name, "replicas");
  const group = new aws.cloudwatch.LogGroup(
    `${name}-replicas`,
    {
      region: place.region,
      name: groupName,
      retentionInDays: plan.logRetentionDays,
      kmsKeyId: key.arn,
      deletionProtectionEnabled: plan.deletionProtected,
      tags: place.tags,
    },
    child,
  );
  return { group, arn: arnOf(place, "logs", `log-group:${groupName}`) };
}

function alarmName(alarm: aws.cloudwatch.MetricAlarm | undefined): pulumi.Output<string> {
  if (alarm === undefined) throw new Error("the alarm that ends a deployment was built before the service");
  return alarm.name;
}
