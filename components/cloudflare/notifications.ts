import * as cloudflare from "@pulumi/cloudflare";
import type * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { shown, type Issue } from "../sizing/issues";
import { cloudflarePlanLimits, type CloudflarePlan } from "../sizing/monitor-timing";

/** Where Cloudflare's own notifications go. */
export interface NotificationTargets {
  notificationEmails?: string[];
  pagerdutyIds?: pulumi.Input<string>[];
  webhookIds?: pulumi.Input<string>[];
}

/** One notification as Cloudflare's API words it. */
export interface Notification {
  accountId: pulumi.Input<string>;
  alertType: string;
  displayName: string;
  description: string;
  /** What the alert is narrowed down to; left out where the alert type knows no filters. */
  filters?: pulumi.Input<cloudflare.types.input.NotificationPolicyFilters>;
}

/** A notification policy, or nothing where nobody would hear it: Cloudflare refuses a policy without any recipient (17102). */
export function buildNotification(
  name: string,
  notification: Notification,
  targets: NotificationTargets,
  child: Child,
): cloudflare.NotificationPolicy | undefined {
  const mechanisms = {
    ...idList("emails", targets.notificationEmails),
    ...idList("pagerduties", targets.pagerdutyIds),
    ...idList("webhooks", targets.webhookIds),
  };
  if (Object.keys(mechanisms).length === 0) return undefined;
  return new cloudflare.NotificationPolicy(
    name,
    {
      accountId: notification.accountId,
      alertType: notification.alertType,
      name: notification.displayName,
      description: notification.description,
      enabled: true,
      ...(notification.filters === undefined ? {} : { filters: notification.filters }),
      mechanisms,
    },
    child,
  );
}

/** Lists that are empty are left out: the provider would show an empty one as a difference on every preview. */
function idList<K extends string>(
  key: K,
  ids: pulumi.Input<string>[] | undefined,
): Partial<Record<K, { id: pulumi.Input<string> }[]>> {
  const entries: Partial<Record<K, { id: pulumi.Input<string> }[]>> = {};
  if (ids !== undefined && ids.length > 0) entries[key] = ids.map((id) => ({ id }));
  return entries;
}

/** What is wrong with the recipients on this plan, as far as it is known while planning. */
export function notificationIssues(targets: NotificationTargets, plan: CloudflarePlan): Issue[] {
  const issues = recipientIssues(targets.notificationEmails);
  if ((targets.pagerdutyIds ?? []).length > 0 && !cloudflarePlanLimits(plan).pagerdutyAllowed)
    issues.push({
      path: "pagerdutyIds",
      expected: "none on the pro plan, which has no PagerDuty notifications",
      got: shown(targets.pagerdutyIds),
      fix: "let PagerDuty take an e-mail address or a webhook instead",
    });
  return issues;
}

/** One issue for each entry that is not an e-mail address. */
export function recipientIssues(emails: string[] = []): Issue[] {
  return emails.flatMap((email, index) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
      ? []
      : [
          {
            path: `notificationEmails[${String(index)}]`,
            expected: "an e-mail address",
            got: shown(email),
            fix: 'write it bare, such as "oncall@example.com"',
          },
        ],
  );
}
