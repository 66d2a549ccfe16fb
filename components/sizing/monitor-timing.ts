/** The Cloudflare plan that a zone is on. Free has no paid add-ons to build on and is not among them. */
export const CloudflarePlan = {
  /** Health checks every 60 seconds at best, 20 pools. */
  Pro: "pro",
  /** Health checks every 15 seconds at best, 20 pools, PagerDuty. */
  Business: "business",
  /** Health checks every 10 seconds at best; numbers of pools and load balancers are part of the contract. */
  Enterprise: "enterprise",
} as const;
/** See the members of `CloudflarePlan`. */
export type CloudflarePlan = (typeof CloudflarePlan)[keyof typeof CloudflarePlan];

/** What Cloudflare lets an account on one plan do. `null` where the contract decides. */
export interface CloudflarePlanLimits {
  /** Shortest interval between two health checks of one data centre, in seconds. */
  minimumIntervalSeconds: number;
  /** Longest interval, in seconds. */
  maximumIntervalSeconds: number;
  loadBalancers: number | null;
  pools: number | null;
  endpoints: number | null;
  monitors: number | null;
  /** `ALL_REGIONS` may stand for the list of check regions. */
  allRegionsAllowed: boolean;
  /** Notifications may go to PagerDuty. */
  pagerdutyAllowed: boolean;
  /** Rules in a zone's rate limiting phase. */
  rateLimitRules: number | null;
  /** Longest period over which a rate limit may count, in seconds. */
  rateLimitPeriodMaximumSeconds: number;
  /** Longest time for which a rate limit may block, in seconds. */
  rateLimitTimeoutMaximumSeconds: number;
}

/**
 * Sources: developers.cloudflare.com/load-balancing/monitors/create-monitor (intervals), /load-balancing/reference/limitations (counts; monitors
 * are 1.5 times pools), /waf/rate-limiting-rules (availability by plan). The limitations page gives 15 s for Pro where the
 * monitor page gives 60 s; an account on Pro answers `interval is not in range [60, 3600]`, so 60 stands here.
 */
const limits: Record<CloudflarePlan, CloudflarePlanLimits> = {
  pro: shared(60, {
    pagerdutyAllowed: false,
    rateLimitRules: 2,
    rateLimitPeriodMaximumSeconds: 60,
    rateLimitTimeoutMaximumSeconds: 3600,
  }),
  business: shared(15, {
    pagerdutyAllowed: true,
    rateLimitRules: 5,
    rateLimitPeriodMaximumSeconds: 600,
    rateLimitTimeoutMaximumSeconds: 86_400,
  }),
  enterprise: {
    minimumIntervalSeconds: 10,
    maximumIntervalSeconds: 3600,
    loadBalancers: null,
    pools: null,
    endpoints: null,
    monitors: null,
    allRegionsAllowed: true,
    pagerdutyAllowed: true,
    rateLimitRules: null,
    rateLimitPeriodMaximumSeconds: 65_535,
    rateLimitTimeoutMaximumSeconds: 86_400,
  },
};

function shared(
  minimumIntervalSeconds: number,
  own: Pick<
    CloudflarePlanLimits,
    "pagerdutyAllowed" | "rateLimitRules" | "rateLimitPeriodMaximumSeconds" | "rateLimitTimeoutMaximumSeconds"
  >,
): CloudflarePlanLimits {
  return {
    minimumIntervalSeconds,
    maximumIntervalSeconds: 3600,
    loadBalancers: 20,
    pools: 20,
    endpoints: 20,
    monitors: 30,
    allRegionsAllowed: false,
    ...own,
  };
}

/** What an account on `plan` may do. */
export function cloudflarePlanLimits(plan: CloudflarePlan): CloudflarePlanLimits {
  return limits[plan];
}

/** Longest that a health decision is assumed to take from Cloudflare's probes to every one of its data centres, in seconds. Cloudflare publishes no figure. */
export const DEFAULT_PROPAGATION_SECONDS = 2;

/** A health monitor's settings, as far as they decide when a dead origin stops getting requests. All in seconds or counts. */
export interface MonitorTiming {
  /** Between two checks of one data centre. */
  intervalSeconds: number;
  /** After which one attempt fails. */
  timeoutSeconds: number;
  /** Further attempts of one check after a timeout, made at once. */
  retries: number;
  /** Failed checks in a row before an origin counts as down. 0 and 1 mean the same. */
  consecutiveDown: number;
  /** Longest time from the decision to every data centre. The shortest is 0. */
  propagationSeconds: number;
}

/** From the fault to no new request there: what is possible at best and at worst. */
export interface DetectionWindow {
  bestSeconds: number;
  worstSeconds: number;
}

/**
 * How long Cloudflare goes on sending requests to an origin that has died.
 *
 * The envelope over three ways to die: refused (the check fails at once), failing (an answer that is not the expected one, at once) and silent (each attempt
 * of a check has to time out). With I the interval, c the cost of one check and D the failed checks that are needed, the time is
 * u + (D-1)*max(I, c) + c + p, where u, the wait for the check that first sees the fault, lies in 0..I, and p, the propagation, in
 * 0..`propagationSeconds`. For a refused or failing origin c is 0; for a silent one c = (retries+1)*timeout.
 * Derived from developers.cloudflare.com/load-balancing/monitors; Cloudflare itself promises no figure.
 */
export function detectionWindow(timing: MonitorTiming): DetectionWindow {
  const repeats = Math.max(1, timing.consecutiveDown) - 1;
  const silentCheckSeconds = checkSecondsMax(timing);
  const fault = (checkSeconds: number) => repeats * Math.max(timing.intervalSeconds, checkSeconds) + checkSeconds;
  return {
    bestSeconds: fault(0),
    worstSeconds: timing.intervalSeconds + fault(silentCheckSeconds) + timing.propagationSeconds,
  };
}

/** Longest time that one check of one data centre takes, in seconds: every attempt times out. It has to stay below the interval, since overlapping checks are undocumented. */
export function checkSecondsMax(timing: Pick<MonitorTiming, "timeoutSeconds" | "retries">): number {
  return (timing.retries + 1) * timing.timeoutSeconds;
}
