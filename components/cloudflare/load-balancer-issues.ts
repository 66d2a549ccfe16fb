import { duplicateIssues, wholeNumberIssues } from "../checks";
import { ALL_CHECK_REGIONS, CHECK_REGIONS } from "../sizing/check-regions";
import { shown, type Issue } from "../sizing/issues";
import { checkSecondsMax, CloudflarePlan, cloudflarePlanLimits } from "../sizing/monitor-timing";
import { SteeringPolicy } from "../sizing/steering";
import { hostnameInZoneIssues, idIssues, wordIssues, zoneNameIssues } from "./checks";
import type { CloudflareLoadBalancerArgs } from "./load-balancer-args";
import {
  plannedCheckRegions,
  planMonitor,
  poolCoordinates,
  servingPools,
  type MonitorPlan,
} from "./load-balancer-plan";
import { notificationIssues } from "./notifications";
import { originAddressIssues } from "./origin-address";

/**
 * Every reason why Cloudflare would refuse, or quietly not do, what these arguments ask for, as far as it is known while planning.
 * The provider itself checks words and a few ranges before `up`; the rest would fail when half of the stack stands.
 */
export function cloudflareLoadBalancerIssues(args: CloudflareLoadBalancerArgs): Issue[] {
  const planWords = wordIssues("plan", args.plan, Object.values(CloudflarePlan));
  if (planWords.length > 0) return planWords;
  return [
    ...idIssues("accountId", args.accountId, "account"),
    ...idIssues("zoneId", args.zoneId, "zone"),
    ...zoneNameIssues("zoneName", args.zoneName),
    ...hostnameInZoneIssues("hostname", args.hostname, args.zoneName),
    ...poolListIssues(args),
    ...args.pools.flatMap((pool, index) => [
      ...poolIssues(args, index),
      ...originAddressIssues(`pools[${String(index)}].originAddress`, pool.originAddress, args.hostname),
    ]),
    ...steeringIssues(args),
    ...fallbackIssues(args),
    ...monitorIssues(args.plan, planMonitor(args.plan, args.monitor)),
    ...checkRegionIssues(args),
    ...notificationIssues(args, args.plan),
  ];
}

function poolListIssues({ pools, plan }: CloudflareLoadBalancerArgs): Issue[] {
  const issues: Issue[] = [];
  const max = cloudflarePlanLimits(plan).pools;
  if (servingPools(pools).length === 0)
    issues.push({
      path: "pools",
      expected: "at least one pool that serves",
      got: pools.length === 0 ? "an empty list" : "none that serves",
      fix: "add a pool for each region, or let one serve",
    });
  if (max !== null && pools.length > max)
    issues.push({
      path: "pools",
      expected: `at most ${String(max)} pools on this plan`,
      got: String(pools.length),
      fix: "use fewer regions, or an Enterprise contract",
    });
  const paths = (key: "name" | "originAddress") =>
    pools.map((pool, index) => ({ path: `pools[${String(index)}].${key}`, value: pool[key] }));
  issues.push(
    ...duplicateIssues(paths("name"), "a name that no other pool has", "give each pool its region's name"),
    ...duplicateIssues(
      paths("originAddress"),
      "an address that no other pool has",
      "give each pool its own region's entry: two pools at one address fail together",
    ),
  );
  return issues;
}

function poolIssues({ pools, steeringPolicy }: CloudflareLoadBalancerArgs, index: number): Issue[] {
  const pool = pools[index];
  if (pool === undefined) return [];
  const path = `pools[${String(index)}]`;
  const issues: Issue[] = [];
  if (!/^[A-Za-z0-9_-]+$/.test(pool.name))
    issues.push({
      path: `${path}.name`,
      expected: "letters, digits, - and _",
      got: shown(pool.name),
      fix: 'use the region\'s name, such as "us-east-2"',
    });
  const weight = pool.weight ?? 1;
  if (!(weight >= 0.01 && weight <= 1) || Math.abs(weight * 100 - Math.round(weight * 100)) > 1e-9)
    issues.push({
      path: `${path}.weight`,
      expected: "a weight from 0.01 to 1 in hundredths",
      got: shown(pool.weight),
      fix: "round it to two places; to send a pool nothing, set serving to false",
    });
  issues.push(...coordinateIssues(path, pool.latitude, pool.longitude));
  if (steeringPolicy === SteeringPolicy.Proximity && pool.serving !== false && poolCoordinates(pool) === undefined)
    issues.push({
      path: `${path}.latitude`,
      expected: 'coordinates, which "proximity" compares',
      got: shown(pool.latitude),
      fix: "give latitude and longitude: the region table has no place for this pool",
    });
  return issues;
}

function coordinateIssues(path: string, latitude: number | undefined, longitude: number | undefined): Issue[] {
  const issues: Issue[] = [];
  if (latitude === undefined && longitude !== undefined)
    issues.push({
      path: `${path}.latitude`,
      expected: "a latitude beside the longitude",
      got: "nothing",
      fix: "give both",
    });
  if (latitude !== undefined && longitude === undefined)
    issues.push({
      path: `${path}.longitude`,
      expected: "a longitude beside the latitude",
      got: "nothing",
      fix: "give both",
    });
  if (latitude !== undefined && !(Math.abs(latitude) <= 90))
    issues.push({
      path: `${path}.latitude`,
      expected: "degrees north from -90 to 90",
      got: shown(latitude),
      fix: "correct it; south is negative",
    });
  if (longitude !== undefined && !(Math.abs(longitude) <= 180))
    issues.push({
      path: `${path}.longitude`,
      expected: "degrees east from -180 to 180",
      got: shown(longitude),
      fix: "correct it; west is negative",
    });
  return issues;
}

function steeringIssues({ steeringPolicy, plan, trafficSteeringEntitled }: CloudflareLoadBalancerArgs): Issue[] {
  if (steeringPolicy === undefined) return [];
  const words = wordIssues("steeringPolicy", steeringPolicy, Object.values(SteeringPolicy));
  if (words.length > 0) return words;
  const included = steeringPolicy === SteeringPolicy.Off || steeringPolicy === SteeringPolicy.Random;
  if (included || plan === CloudflarePlan.Enterprise || trafficSteeringEntitled === true) return [];
  return [
    {
      path: "steeringPolicy",
      expected: `"off" or "random" on the ${plan} plan without the Traffic Steering add-on`,
      got: shown(steeringPolicy),
      fix: "buy the add-on and set trafficSteeringEntitled to true, or use another policy",
    },
  ];
}

function fallbackIssues({ fallbackPool, pools }: CloudflareLoadBalancerArgs): Issue[] {
  if (fallbackPool === undefined || servingPools(pools).some(({ name }) => name === fallbackPool)) return [];
  return [
    {
      path: "fallbackPool",
      expected: "the name of a pool that serves",
      got: shown(fallbackPool),
      fix: "name another pool, or leave it out: a serving pool of another cloud is then taken",
    },
  ];
}

function monitorIssues(plan: CloudflarePlan, monitor: MonitorPlan): Issue[] {
  const { minimumIntervalSeconds, maximumIntervalSeconds } = cloudflarePlanLimits(plan);
  const issues = [
    ...wholeNumberIssues(
      "monitor.intervalSeconds",
      monitor.intervalSeconds,
      { min: minimumIntervalSeconds, max: maximumIntervalSeconds, unit: "seconds" },
      `raise it: the ${plan} plan probes no more often than every ${String(minimumIntervalSeconds)} seconds`,
    ),
    ...wholeNumberIssues(
      "monitor.timeoutSeconds",
      monitor.timeoutSeconds,
      { min: 1, max: 10, unit: "seconds" },
      "choose a value that Cloudflare takes",
    ),
    ...wholeNumberIssues(
      "monitor.retries",
      monitor.retries,
      { min: 1, max: 5 },
      "choose a value that Cloudflare takes",
    ),
    // 0 means the same as 1 at Cloudflare and has shown up as a difference on every preview (cloudflare/terraform-provider-cloudflare issue 5676).
    ...wholeNumberIssues("monitor.consecutiveDown", monitor.consecutiveDown, { min: 1 }, "use 1 for the first failure"),
    ...wholeNumberIssues("monitor.consecutiveUp", monitor.consecutiveUp, { min: 1 }, "use 1 for the first success"),
  ];
  if (!(monitor.propagationSeconds >= 0 && monitor.propagationSeconds <= 10))
    issues.push({
      path: "monitor.propagationSeconds",
      expected: "seconds from 0 to 10",
      got: shown(monitor.propagationSeconds),
      fix: "declare what you have measured, or leave it out",
    });
  return [...issues, ...attemptIssues(monitor), ...probeContentIssues(monitor)];
}

function attemptIssues(monitor: MonitorPlan): Issue[] {
  const seconds = checkSecondsMax(monitor);
  if (!(seconds >= monitor.intervalSeconds)) return [];
  return [
    {
      path: "monitor.timeoutSeconds",
      expected: `attempts that end before the next check, in less than ${String(monitor.intervalSeconds)} seconds`,
      got: `${String(monitor.retries + 1)} attempts of ${String(monitor.timeoutSeconds)} seconds`,
      fix: "shorten the timeout, lower the retries or raise the interval",
    },
  ];
}

function probeContentIssues(monitor: MonitorPlan): Issue[] {
  const issues: Issue[] = [];
  if (!/^\/[^\s?#]*$/.test(monitor.path))
    issues.push({
      path: "monitor.path",
      expected: "a path that begins with /",
      got: shown(monitor.path),
      fix: 'write it without host and query, such as "/healthz/region"',
    });
  if (monitor.expectedBody.trim() === "")
    issues.push({
      path: "monitor.expectedBody",
      expected: "text that only a healthy region answers",
      got: shown(monitor.expectedBody),
      fix: "name a word of the health answer: any other server's 200 would count as healthy",
    });
  return issues;
}

function checkRegionIssues(args: CloudflareLoadBalancerArgs): Issue[] {
  const regions = plannedCheckRegions(args);
  // A balancer without pools is told so already; nothing can be near to them.
  if (args.checkRegions === undefined && args.pools.length === 0) return [];
  if (regions.length === 1 && regions[0] === ALL_CHECK_REGIONS)
    return cloudflarePlanLimits(args.plan).allRegionsAllowed ? [] : [allRegionsIssue(args.plan)];
  const unknown = regions.flatMap((region, index) =>
    wordIssues(`checkRegions[${String(index)}]`, region, CHECK_REGIONS),
  );
  const entries = regions.map((value, index) => ({ path: `checkRegions[${String(index)}]`, value }));
  const repeated = duplicateIssues(entries, "a region that is not in the list yet", "name each region once");
  if (regions.length >= 3 && regions.length % 2 === 1) return [...unknown, ...repeated];
  const count: Issue = {
    path: "checkRegions",
    expected: "an odd number of regions, at least 3",
    got: regions.length === 0 ? "none: no pool is in the region table" : String(regions.length),
    fix: "name three or five regions near the pools: a tie would count as down",
  };
  return [...unknown, ...repeated, count];
}

function allRegionsIssue(plan: CloudflarePlan): Issue {
  return {
    path: "checkRegions",
    expected: `an odd number of named regions on the ${plan} plan`,
    got: shown(ALL_CHECK_REGIONS),
    fix: "name three or five regions near the pools",
  };
}
