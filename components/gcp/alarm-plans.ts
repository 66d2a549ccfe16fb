import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { GcpAlarmsArgs } from "./gcp-alarms-args";
import { SERVERLESS_REQUESTS_PER_SECOND_MAX } from "./quotas";

/** Share of requests answered with 5xx that rings. */
const ERROR_SHARE_MAX = 0.05;
/** Share of a ceiling that rings while there is still time to raise it. */
const CEILING_SHARE = 0.8;
const ONE_MINUTE = "60s";

type Conditions = gcp.types.input.monitoring.AlertPolicyCondition;

/** One alert policy before it is made. */
export interface AlarmPlan {
  /** Last part of the policy's name and, behind `gcp-`, its anchor in `docs/guides/alarms.md`. */
  key: string;
  title: string;
  severity: "CRITICAL" | "ERROR" | "WARNING";
  condition: Omit<Conditions, "displayName">;
  strategy: gcp.types.input.monitoring.AlertPolicyAlertStrategy;
  /** What the message says to do first. */
  content: string;
}

/** The five alert policies of a region. */
export function alarmPlans(args: GcpAlarmsArgs): AlarmPlan[] {
  return [errorRatio(args), belowFloor(args), nearCeiling(args), requestCeiling(args), certificateExpiry(args)];
}

function errorRatio({ urlMapName }: GcpAlarmsArgs): AlarmPlan {
  // Metric and labels: Google's list of load balancing metrics; the class is a number, 500 for every 5xx.
  const all = pulumi.interpolate`resource.type = "http_external_regional_lb_rule" AND resource.labels.url_map_name = "${urlMapName}" AND metric.type = "loadbalancing.googleapis.com/https/external/regional/request_count"`;
  const rate = { alignmentPeriod: ONE_MINUTE, perSeriesAligner: "ALIGN_RATE", crossSeriesReducer: "REDUCE_SUM" };
  return {
    key: "error-ratio",
    title: "more than 5 % of requests fail",
    severity: "CRITICAL",
    condition: {
      conditionThreshold: {
        filter: pulumi.interpolate`${all} AND metric.labels.response_code_class = 500`,
        aggregations: [rate],
        denominatorFilter: all,
        denominatorAggregations: [rate],
        comparison: "COMPARISON_GT",
        thresholdValue: ERROR_SHARE_MAX,
        duration: "180s",
        // A region without traffic has no requests, and none that fail.
        evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
      },
    },
    strategy: { autoClose: "1800s" },
    content: advice(
      "error-ratio",
      "See whether Cloudflare has taken the region out of its pools. If not, and it began with a deployment, put the former image back; otherwise take the region's pool out by hand.",
    ),
  };
}

function instances(serviceName: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`resource.type = "cloud_run_revision" AND resource.labels.service_name = "${serviceName}" AND metric.type = "run.googleapis.com/container/instance_count"`;
}

/** Active and idle instances of all revisions, at most within each minute: a restart of one shall not ring. */
const INSTANCE_SUM = [{ alignmentPeriod: ONE_MINUTE, perSeriesAligner: "ALIGN_MAX", crossSeriesReducer: "REDUCE_SUM" }];

function belowFloor({ serviceName, minimumReplicas }: GcpAlarmsArgs): AlarmPlan {
  return {
    key: "below-floor",
    title: `fewer than ${String(minimumReplicas)} replicas run`,
    severity: "CRITICAL",
    condition: {
      conditionThreshold: {
        filter: instances(serviceName),
        aggregations: INSTANCE_SUM,
        comparison: "COMPARISON_LT",
        thresholdValue: minimumReplicas,
        duration: "300s",
        // A service without any instance reports nothing at all.
        evaluationMissingData: "EVALUATION_MISSING_DATA_ACTIVE",
      },
    },
    strategy: { autoClose: "1800s" },
    content: advice(
      "below-floor",
      "The region can no longer carry what it is there for. Read the log of the newest revision for replicas that do not start, then the status page of Cloud Run.",
    ),
  };
}

function nearCeiling({ serviceName, minimumReplicas, maximumReplicas }: GcpAlarmsArgs): AlarmPlan {
  // Where floor and ceiling are close, the floor itself must not ring.
  const threshold = Math.max(Math.floor(maximumReplicas * CEILING_SHARE), minimumReplicas);
  return {
    key: "near-ceiling",
    title: `more than ${String(threshold)} of at most ${String(maximumReplicas)} replicas run`,
    severity: "WARNING",
    condition: {
      conditionThreshold: {
        filter: instances(serviceName),
        aggregations: INSTANCE_SUM,
        comparison: "COMPARISON_GT",
        thresholdValue: threshold,
        duration: "300s",
        evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
      },
    },
    strategy: { autoClose: "1800s" },
    content: advice(
      "near-ceiling",
      "See whether another region is down and this one carries its share. If it is plain growth, raise the declared peak, so that floors and ceilings of all regions follow.",
    ),
  };
}

function requestCeiling({
  serverlessRequestsPerSecondMax = SERVERLESS_REQUESTS_PER_SECOND_MAX,
}: GcpAlarmsArgs): AlarmPlan {
  const threshold = Math.floor(serverlessRequestsPerSecondMax * CEILING_SHARE);
  return {
    key: "request-ceiling",
    title: `the project serves more than ${String(threshold)} requests per second`,
    severity: "WARNING",
    condition: {
      conditionThreshold: {
        // All load balancers of the project share the ceiling, so none is singled out
        // (docs.cloud.google.com/load-balancing/docs/negs/serverless-neg-concepts).
        filter:
          'resource.type = "http_external_regional_lb_rule" AND metric.type = "loadbalancing.googleapis.com/https/external/regional/request_count"',
        aggregations: [
          { alignmentPeriod: ONE_MINUTE, perSeriesAligner: "ALIGN_RATE", crossSeriesReducer: "REDUCE_SUM" },
        ],
        comparison: "COMPARISON_GT",
        thresholdValue: threshold,
        duration: "180s",
        evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
      },
    },
    strategy: { autoClose: "1800s" },
    content: advice(
      "request-ceiling",
      "Google limits requests to serverless backends by project. Lower this region's weight, or move another region's pool to a project of its own, or ask Google for a higher limit.",
    ),
  };
}

function certificateExpiry({ project }: GcpAlarmsArgs): AlarmPlan {
  return {
    key: "certificate-expiry",
    title: "a certificate was not renewed",
    severity: "ERROR",
    condition: {
      conditionMatchedLog: {
        // Certificate Manager has no metric for expiry. It writes this log daily from 5 to 10 days before
        // (https://cloud.google.com/certificate-manager/docs/logs-metrics).
        filter: `logName="projects/${project}/logs/certificatemanager.googleapis.com%2Fcertificates_expiry" AND (jsonPayload.state="CLOSE_TO_EXPIRY" OR jsonPayload.state="EXPIRED")`,
      },
    },
    // A policy that matches logs has to name how often it may speak.
    strategy: { autoClose: "86400s", notificationRateLimit: { period: "3600s" } },
    content: advice(
      "certificate-expiry",
      "See that the validation record (_acme-challenge…) still stands in Cloudflare as DNS only, and that no CAA record of the zone shuts out pki.goog.",
    ),
  };
}

function advice(key: string, first: string): string {
  return `${first}\n\nMore: docs/guides/alarms.md#gcp-${key}`;
}
