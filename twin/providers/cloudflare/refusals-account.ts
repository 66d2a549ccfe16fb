import { isObject, type JsonObject } from "../../../resilience/values";
import { objects, text } from "../../values";
import { refusal, type Refusal } from "../model";
import { apiError } from "./errors";

const POLICY = "cloudflare:index/notificationPolicy:NotificationPolicy";
const WEBHOOK = "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks";
/** Alerts that are about zones or objects and have to say which. */
const FILTERED = [
  "load_balancing_health_alert",
  "load_balancing_pool_enablement_alert",
  "http_alert_origin_error",
  "http_alert_edge_error",
];
const write = ["create", "update"] as const;

/** What Cloudflare's notifications refuse. */
export const accountRefusals: readonly Refusal[] = [
  refusal("cloudflare C79", [POLICY], write, "a notification that goes nowhere", ({ inputs }) => {
    const mechanisms = isObject(inputs["mechanisms"]) ? inputs["mechanisms"] : {};
    const entries = ["emails", "webhooks", "pagerduties"].flatMap((name) => objects(mechanisms, name));
    return entries.length === 0 ? apiError(17102, "At least one mechanism must be provided") : undefined;
  }),
  refusal("cloudflare C80", [POLICY], write, "an alert about objects without filters", ({ inputs }) =>
    FILTERED.includes(text(inputs, "alertType") ?? "") && filters(inputs) === 0
      ? apiError(17103, "Filters selection must be provided to create a policy")
      : undefined,
  ),
  refusal("cloudflare C82", [POLICY], write, "a webhook that is not there", ({ inputs }, around) => {
    const missing = objects(inputs, "mechanisms.webhooks")
      .map((entry) => text(entry, "id") ?? "")
      .find((id) => around.world.ofType(WEBHOOK).length > 0 && around.world.find(WEBHOOK, id) === undefined);
    return missing === undefined ? undefined : apiError(0, "invalid Webhook ID");
  }),
  refusal("cloudflare C82 plan", [POLICY], write, "PagerDuty below Business", ({ inputs }, { settings }) =>
    objects(inputs, "mechanisms.pagerduties").length > 0 &&
    !["business", "enterprise"].includes(settings.cloudflarePlan)
      ? apiError(17109, "PagerDuty is not available on this plan")
      : undefined,
  ),
];

function filters(inputs: JsonObject): number {
  return isObject(inputs["filters"])
    ? Object.values(inputs["filters"]).filter((value) => Array.isArray(value) && value.length > 0).length
    : 0;
}
