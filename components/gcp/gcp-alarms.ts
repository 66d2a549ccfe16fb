import { createHash } from "node:crypto";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { emailIssues, tagIssues, wholeNumberIssues } from "../checks";
import type { Child } from "../child";
import { refuse } from "../errors";
import type { Issue } from "../sizing/issues";
import { alarmPlans, type AlarmPlan } from "./alarm-plans";
import type { GcpAlarmsArgs } from "./gcp-alarms-args";
import { projectIssues, regionIssues } from "./checks";

/** The resources that `GcpAlarms` is made of. */
export interface GcpAlarmsNodes {
  /** Channels by e-mail address. */
  channels: Record<string, gcp.monitoring.NotificationChannel>;
  /** Alert policies by key: `error-ratio`, `below-floor`, `near-ceiling`, `request-ceiling`, `certificate-expiry`. */
  policies: Record<string, gcp.monitoring.AlertPolicy>;
}

const allNodes = new WeakMap<GcpAlarms, GcpAlarmsNodes>();

/**
 * What an operator hears about one Google region, from Google alone: nothing here depends on another cloud.
 *
 * Makes a channel for each e-mail address and five alert policies: too many 5xx, fewer replicas than the floor, replicas near the
 * ceiling, requests near the project's ceiling, and a certificate of the project that was not renewed. Each says what to do first.
 * Google bills each policy by condition and by what it reads; a dollar or two a month. It fails with Cloud Monitoring of the project.
 */
export class GcpAlarms extends pulumi.ComponentResource {
  /** Type token of the component. */
  static readonly __pulumiType = "twodoor:index:GcpAlarms";

  /** Ids of the alert policies, by key. */
  readonly policyIds: pulumi.Output<Record<string, string>>;

  /**
   * @param name - prefix of every child's name.
   * @param args - what to watch.
   * @param opts - the standard options.
   */
  constructor(name: string, args: GcpAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(`GcpAlarms "${name}"`, gcpAlarmsIssues(args));
    super(GcpAlarms.__pulumiType, name, {}, opts);
    const child = { parent: this };

    const channels = Object.fromEntries(
      (args.alarmEmails ?? []).map((email) => [email, buildChannel(name, email, args, child)]),
    );
    const policies = Object.fromEntries(
      alarmPlans(args).map((plan) => [plan.key, buildPolicy(name, plan, args, Object.values(channels), child)]),
    );
    allNodes.set(this, { channels, policies });

    this.policyIds = pulumi.all(Object.fromEntries(Object.entries(policies).map(([key, policy]) => [key, policy.id])));
    this.registerOutputs({ policyIds: this.policyIds });
  }

  /** The resources inside, for settings that have no argument. */
  get nodes(): GcpAlarmsNodes {
    const nodes = allNodes.get(this);
    if (nodes === undefined) throw new Error("nodes are there once the constructor has returned");
    return nodes;
  }
}

/** Every problem of the arguments of `GcpAlarms`. */
export function gcpAlarmsIssues(args: GcpAlarmsArgs): Issue[] {
  const { minimumReplicas, maximumReplicas } = args;
  return [
    ...projectIssues("project", args.project),
    ...regionIssues("region", args.region),
    ...wholeNumberIssues("minimumReplicas", minimumReplicas, { min: 1, max: 1000 }, "set it to the region's floor"),
    ...wholeNumberIssues(
      "maximumReplicas",
      maximumReplicas,
      { min: Math.max(1, minimumReplicas), max: 1000 },
      "set it to the region's ceiling, not below minimumReplicas",
    ),
    ...emailIssues("alarmEmails", args.alarmEmails ?? []),
    ...tagIssues("tags", args.tags ?? {}),
  ];
}

function buildChannel(
  name: string,
  email: string,
  { project, tags }: GcpAlarmsArgs,
  child: Child,
): gcp.monitoring.NotificationChannel {
  return new gcp.monitoring.NotificationChannel(
    `${name}-email-${emailKey(email)}`,
    {
      project,
      type: "email",
      displayName: `${name}: ${email}`,
      labels: { email_address: email },
      userLabels: tags ?? {},
    },
    child,
  );
}

/** A key for the address that belongs to it alone, so that removing one address renames no other channel. */
function emailKey(email: string): string {
  const hash = createHash("sha256").update(email).digest("hex").slice(0, 6);
  return `${email.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${hash}`;
}

function buildPolicy(
  name: string,
  plan: AlarmPlan,
  { project, region, tags }: GcpAlarmsArgs,
  channels: gcp.monitoring.NotificationChannel[],
  child: Child,
): gcp.monitoring.AlertPolicy {
  const { key, title, severity, condition, strategy, content } = plan;
  return new gcp.monitoring.AlertPolicy(
    `${name}-${key}`,
    {
      project,
      displayName: `${name} (${region}): ${title}`,
      combiner: "OR",
      severity,
      conditions: [{ displayName: title, ...condition }],
      alertStrategy: strategy,
      notificationChannels: channels.map((channel) => channel.id),
      documentation: { mimeType: "text/markdown", content },
      userLabels: tags ?? {},
    },
    child,
  );
}
