import type * as pulumi from "@pulumi/pulumi";

/** Arguments of `GcpAlarms`. */
export interface GcpAlarmsArgs {
  /** Project id. Changing this replaces everything. */
  project: string;
  /** Google's name of the region, for the titles: `us-central1`. */
  region: string;
  /** Name of the Cloud Run service. */
  serviceName: pulumi.Input<string>;
  /** Name of the load balancer's URL map. */
  urlMapName: pulumi.Input<string>;
  /** Replicas that must run at all times; fewer ring. At least 1. */
  minimumReplicas: number;
  /** Replicas that autoscaling may reach; more than four fifths ring. Not below `minimumReplicas`. */
  maximumReplicas: number;
  /** Requests per second that the project may send to serverless backends; more than four fifths ring. Defaults to 5000. @default 5000 */
  serverlessRequestsPerSecondMax?: number;
  /** E-mail addresses that alarms are sent to. Defaults to none: alarms then show in the console alone. @default - none */
  alarmEmails?: string[];
  /** Labels of channels and policies. Defaults to none. @default - none */
  tags?: Record<string, string>;
}
