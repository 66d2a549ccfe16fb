import { wholeNumberIssues } from "../checks";
import { shown, type Issue } from "../sizing/issues";
import { CloudflarePlan, cloudflarePlanLimits } from "../sizing/monitor-timing";
import { hostnameInZoneIssues, idIssues, wordIssues, zoneNameIssues } from "./checks";
import { MinimumTlsVersion, type CloudflareZoneArgs, type EdgeRateLimit } from "./zone-args";

/** A rate limit with nothing left open. */
export type RateLimitPlan = Required<EdgeRateLimit> & { expression: string };

/** Values that Cloudflare's API takes (developers.cloudflare.com/waf/rate-limiting-rules/parameters). */
const PERIODS: readonly number[] = [10, 60, 120, 300, 600, 3600];
const TIMEOUTS: readonly number[] = [0, 10, 60, 120, 300, 600, 3600, 86_400];

/** The settings of the whole zone by Cloudflare's own ids, which are in snake case whatever the SDK's table prints. */
export function zoneSettings(args: CloudflareZoneArgs): Record<string, string> {
  return {
    // Anything less takes every certificate that an origin shows, or none at all.
    ssl: "strict",
    min_tls_version: args.minimumTlsVersion ?? MinimumTlsVersion.Tls12,
    // Early data can be sent again by whoever has recorded it: a replayed order would be a second order.
    "0rtt": "off",
    tls_1_3: "on",
    always_use_https: "on",
    websockets: "on",
    http3: "on",
  };
}

/** The rate limit that these arguments mean; nothing where no hostname is named. */
export function planRateLimit(args: CloudflareZoneArgs): RateLimitPlan | undefined {
  if (args.hostnames.length === 0) return undefined;
  const exemptPaths = args.rateLimit?.exemptPaths ?? ["/healthz/region"];
  return {
    requestsPerPeriod: args.rateLimit?.requestsPerPeriod ?? 300,
    periodSeconds: args.rateLimit?.periodSeconds ?? 10,
    mitigationTimeoutSeconds: args.rateLimit?.mitigationTimeoutSeconds ?? 10,
    exemptPaths,
    expression: rateLimitExpression(args.hostnames, exemptPaths),
  };
}

/** Which requests are counted, with the fields that every paid plan may use: host and path. */
function rateLimitExpression(hostnames: string[], exemptPaths: string[]): string {
  const list = (values: string[]) => `{${values.map((value) => JSON.stringify(value)).join(" ")}}`;
  const hosts = `http.host in ${list(hostnames)}`;
  return exemptPaths.length === 0 ? `(${hosts})` : `(${hosts} and not http.request.uri.path in ${list(exemptPaths)})`;
}

/** Every reason why Cloudflare would refuse these arguments, as far as it is known while planning. */
export function cloudflareZoneIssues(args: CloudflareZoneArgs): Issue[] {
  const planWords = wordIssues("plan", args.plan, Object.values(CloudflarePlan));
  if (planWords.length > 0) return planWords;
  const { minimumTlsVersion = MinimumTlsVersion.Tls12 } = args;
  return [
    ...idIssues("zoneId", args.zoneId, "zone"),
    ...zoneNameIssues("zoneName", args.zoneName),
    ...args.hostnames.flatMap((hostname, index) =>
      hostnameInZoneIssues(`hostnames[${String(index)}]`, hostname, args.zoneName),
    ),
    ...wordIssues("minimumTlsVersion", minimumTlsVersion, Object.values(MinimumTlsVersion)),
    ...rateLimitIssues(args.plan, planRateLimit(args)),
  ];
}

function rateLimitIssues(plan: CloudflarePlan, limit: RateLimitPlan | undefined): Issue[] {
  if (limit === undefined) return [];
  const { rateLimitPeriodMaximumSeconds, rateLimitTimeoutMaximumSeconds } = cloudflarePlanLimits(plan);
  const periods = PERIODS.filter((seconds) => seconds <= rateLimitPeriodMaximumSeconds);
  // Below Enterprise a rule that blocks has to block for a while.
  const timeouts = TIMEOUTS.filter(
    (seconds) => seconds <= rateLimitTimeoutMaximumSeconds && (seconds > 0 || plan === CloudflarePlan.Enterprise),
  );
  return [
    ...wholeNumberIssues(
      "rateLimit.requestsPerPeriod",
      limit.requestsPerPeriod,
      { min: 1 },
      "choose more than a busy client sends",
    ),
    ...secondsIssues("rateLimit.periodSeconds", limit.periodSeconds, periods, plan),
    ...secondsIssues("rateLimit.mitigationTimeoutSeconds", limit.mitigationTimeoutSeconds, timeouts, plan),
    ...limit.exemptPaths.flatMap((path, index) => exemptPathIssues(`rateLimit.exemptPaths[${String(index)}]`, path)),
  ];
}

function secondsIssues(path: string, value: number, allowed: number[], plan: CloudflarePlan): Issue[] {
  if (allowed.includes(value)) return [];
  return [
    {
      path,
      expected: `one of ${allowed.join(", ")} seconds on the ${plan} plan`,
      got: shown(value),
      fix: "choose one of these",
    },
  ];
}

function exemptPathIssues(path: string, value: string): Issue[] {
  if (/^\/[^\s"\\?#]*$/.test(value)) return [];
  return [
    {
      path,
      expected: "a path that begins with /",
      got: shown(value),
      fix: 'write it without host and query, such as "/healthz/region"',
    },
  ];
}
