import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import type { Entry } from "./entry";
import { arnOf, type Place } from "./names";
import { policyDocument } from "./policy";
import type { AwsRegionPlan } from "./region-plan";
import type { Compute } from "./service";

/** Answers in one minute below which a share of errors says nothing. */
const REQUESTS_MIN = 20;
/** Share of failed answers that rings. */
const ERROR_PERCENT = 5;
/** Load balancer errors in one minute that ring: these never reached a task. */
const ENTRY_ERRORS_MAX = 10;
/** Average CPU that autoscaling, which aims at less, could not bring down any more. */
const CPU_PERCENT = 80;
/** Share of the largest number of replicas that rings. */
const CEILING_SHARE = 0.9;
/** ACM renews well before this; an alarm means that it could not. */
const EXPIRY_DAYS = 30;

/** What rings, and where. */
export interface RegionAlarms {
  topic: aws.sns.Topic;
  alarms: Record<string, aws.cloudwatch.MetricAlarm>;
}

/** The topic that every alarm of the region speaks to, in the region itself: no alarm depends on another region or cloud. */
export function buildAlarmTopic(
  name: string,
  place: Place,
  plan: AwsRegionPlan,
  key: aws.kms.Key,
  child: Child,
): aws.sns.Topic {
  const { region, accountId, tags } = place;
  const topic = new aws.sns.Topic(`${name}-alarms`, { region, kmsMasterKeyId: key.id, tags }, child);
  new aws.sns.TopicPolicy(
    `${name}-alarms`,
    {
      region,
      arn: topic.arn,
      policy: policyDocument([
        {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": arnOf(place, "cloudwatch", "alarm:*") },
          },
        },
      ]),
    },
    child,
  );
  for (const email of plan.alarmEmails) {
    new aws.sns.TopicSubscription(
      `${name}-alarms-${email}`,
      { region, topic: topic.arn, protocol: "email", endpoint: email },
      child,
    );
  }
  return topic;
}

function alarmBuilder(
  name: string,
  { region, tags }: Place,
  topic: aws.sns.Topic,
  child: Child,
): (role: string, args: aws.cloudwatch.MetricAlarmArgs) => aws.cloudwatch.MetricAlarm {
  return (role, args) =>
    new aws.cloudwatch.MetricAlarm(
      `${name}-${role}`,
      {
        region,
        ...args,
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        tags,
      },
      child,
    );
}

/** Alarms about the way in. They exist before the service, whose deployments one of them can end. */
export function buildEntryAlarms(
  name: string,
  place: Place,
  { plan, entry, topic }: { plan: AwsRegionPlan; entry: Entry; topic: aws.sns.Topic },
  child: Child,
): Record<string, aws.cloudwatch.MetricAlarm> {
  const build = alarmBuilder(name, place, topic, child);
  const { loadBalancer, targetGroup } = entry;
  const entryDimensions = { LoadBalancer: loadBalancer.arnSuffix };
  const targetDimensions = { ...entryDimensions, TargetGroup: targetGroup.arnSuffix };
  const minutes = { period: 60, evaluationPeriods: 5, datapointsToAlarm: 3 };
  return {
    "target-errors": build("target-errors", {
      alarmDescription: `More than ${ERROR_PERCENT} % of answers are 5xx. First look at the newest deployment and at the log group of the replicas. See docs/guides/alarms.md#aws-target-errors`,
      metricQueries: errorShare(targetDimensions),
      comparisonOperator: "GreaterThanThreshold",
      threshold: ERROR_PERCENT,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      // Nobody asks: nothing fails. Whether anybody can ask is another alarm's business.
      treatMissingData: "notBreaching",
    }),
    "entry-errors": build("entry-errors", {
      alarmDescription:
        "The load balancer itself answers 5xx. First look whether tasks are healthy and answer within its time limits. See docs/guides/alarms.md#aws-entry-errors",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_ELB_5XX_Count",
      dimensions: entryDimensions,
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: ENTRY_ERRORS_MAX,
      ...minutes,
      // The metric is only there while there are such answers.
      treatMissingData: "notBreaching",
    }),
    "healthy-replicas": build("healthy-replicas", {
      alarmDescription: `Fewer than ${plan.minimumReplicas} replicas are healthy, so the loss of another region is not covered. First look why tasks stop or fail their checks. See docs/guides/alarms.md#aws-healthy-replicas`,
      namespace: "AWS/ApplicationELB",
      metricName: "HealthyHostCount",
      dimensions: targetDimensions,
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: plan.minimumReplicas,
      ...minutes,
      // Without targets there is no data, which is the worst case and not a good one.
      treatMissingData: "breaching",
    }),
    "certificate-expiry": build("certificate-expiry", {
      alarmDescription: `The certificate ends within ${EXPIRY_DAYS} days: ACM could not renew it. First look whether its validation record is still in the zone and DNS-only. See docs/guides/alarms.md#aws-certificate-expiry`,
      namespace: "AWS/CertificateManager",
      metricName: "DaysToExpiry",
      dimensions: { CertificateArn: plan.certificateArn },
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: EXPIRY_DAYS,
      period: 86400,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      // Published about once a day, so that a period can be without a value.
      treatMissingData: "ignore",
    }),
  };
}

/** Errors as a share of all answers of the last minute; zero while there are too few to tell. */
function errorShare(
  dimensions: Record<string, pulumi.Input<string>>,
): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const metric = (id: string, metricName: string): aws.types.input.cloudwatch.MetricAlarmMetricQuery => ({
    id,
    metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, stat: "Sum" },
    returnData: false,
  });
  return [
    metric("errors", "HTTPCode_Target_5XX_Count"),
    metric("requests", "RequestCount"),
    {
      id: "share",
      expression: `IF(requests >= ${REQUESTS_MIN}, 100 * FILL(errors, 0) / requests, 0)`,
      label: "Share of 5xx",
      returnData: true,
    },
  ];
}

/** Alarms about room to grow. */
export function buildCapacityAlarms(
  name: string,
  place: Place,
  { plan, entry, compute, topic }: { plan: AwsRegionPlan; entry: Entry; compute: Compute; topic: aws.sns.Topic },
  child: Child,
): Record<string, aws.cloudwatch.MetricAlarm> {
  const build = alarmBuilder(name, place, topic, child);
  const alarms: Record<string, aws.cloudwatch.MetricAlarm> = {
    cpu: build("cpu", {
      alarmDescription: `CPU stays above ${CPU_PERCENT} % although autoscaling aims below. First look whether the largest number of replicas is reached; raise it, or shed load at the edge. See docs/guides/alarms.md#aws-cpu`,
      namespace: "AWS/ECS",
      metricName: "CPUUtilization",
      dimensions: { ClusterName: compute.cluster.name, ServiceName: compute.service.name },
      statistic: "Average",
      comparisonOperator: "GreaterThanThreshold",
      threshold: CPU_PERCENT,
      period: 60,
      evaluationPeriods: 10,
      datapointsToAlarm: 10,
      // No task, no CPU: the alarm on healthy replicas rings then.
      treatMissingData: "notBreaching",
    }),
  };
  // A fleet of fixed size is always at its ceiling.
  if (plan.maximumReplicas > plan.minimumReplicas) {
    const { loadBalancer, targetGroup } = entry;
    alarms["replica-ceiling"] = build("replica-ceiling", {
      alarmDescription: `Nearly all of ${plan.maximumReplicas} replicas have been running for 15 minutes. First look whether traffic is real, then raise the maximum. See docs/guides/alarms.md#aws-replica-ceiling`,
      namespace: "AWS/ApplicationELB",
      metricName: "HealthyHostCount",
      dimensions: { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: targetGroup.arnSuffix },
      statistic: "Minimum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: Math.max(plan.minimumReplicas + 1, Math.ceil(plan.maximumReplicas * CEILING_SHARE)),
      period: 60,
      // Longer than a deployment, which doubles the fleet for a while.
      evaluationPeriods: 15,
      datapointsToAlarm: 15,
      treatMissingData: "notBreaching",
    });
  }
  return alarms;
}
