import { JournalKind, type ExchangeApiArgs, type ExchangeJournal, type ExchangeRegion } from "./exchange-args";
import { cloudOf, demandOf, planRegions, poolShapes, steeringOf } from "./exchange-plan";
import { CLOUD_RUN_INSTANCES_MAX, SERVERLESS_REQUESTS_PER_SECOND_MAX } from "./gcp/quotas";
import { leastWorstShare, quotaGroupPeaks } from "./sizing/capacity";
import { cidrsOverlap, parseCidr } from "./sizing/cidr";
import { shown, type Issue } from "./sizing/issues";
import { Cloud, regionFacts, regionsOf } from "./sizing/regions";
import { SteeringPolicy } from "./sizing/steering";

/**
 * Everything about the API as a whole that cannot work, as far as it is known while planning: regions, addresses, capacity, quotas and
 * journal. What one region or the edge alone can judge is judged by their own components' checks.
 */
export function exchangeIssues(args: ExchangeApiArgs): Issue[] {
  const shape = [...regionShapeIssues(args.regions), ...capacityShapeIssues(args), ...journalIssues(args.journal)];
  // Sizes computed from nonsense would only add misleading problems to the list.
  const sizes = shape.length === 0 ? [...quotaIssues(args), ...fargateIssues(args), ...sandboxIssues(args)] : [];
  return [...shape, ...servingIssues(args.regions), ...addressIssues(args.regions), ...sizes];
}

function regionShapeIssues(regions: ExchangeRegion[]): Issue[] {
  const seen = new Set<string>();
  return regions.flatMap((region, index) => {
    const path = `regions[${String(index)}]`;
    const cloud = cloudOf(region);
    if (cloud === undefined) {
      const got = region.aws === undefined ? "neither" : "both";
      return [
        { path, expected: "exactly one of `aws` and `gcp`", got, fix: "keep the one that names the region's cloud" },
      ];
    }
    const issues = [...nameIssues(path, cloud, region.region), ...weightIssues(path, region.weight)];
    if (seen.has(region.region)) {
      issues.push({
        path: `${path}.region`,
        expected: "a region that is listed once",
        got: shown(region.region),
        fix: "remove one of the two",
      });
    }
    seen.add(region.region);
    return issues;
  });
}

function nameIssues(path: string, cloud: Cloud, region: string): Issue[] {
  const facts = regionFacts(cloud, region);
  const vendor = cloud === Cloud.Aws ? "AWS" : "Google Cloud";
  if (facts === undefined) {
    const fix = `use one such as ${regionsOf(cloud)[0]?.region ?? "another"}, or move it to the other cloud's entry`;
    return [{ path: `${path}.region`, expected: `a region of ${vendor}`, got: shown(region), fix }];
  }
  if (facts.status === "public") return [];
  const got = `${shown(region)}, which is ${facts.status}`;
  return [{ path: `${path}.region`, expected: "a region that is open to all", got, fix: "choose another region" }];
}

function weightIssues(path: string, weight: number | undefined): Issue[] {
  if (weight === undefined) return [];
  const hundredths = Math.round(weight * 100);
  if (hundredths >= 1 && hundredths <= 100 && Math.abs(weight * 100 - hundredths) < 1e-6) return [];
  const fix = "use hundredths; to send a region nothing, set `serving` to false";
  return [{ path: `${path}.weight`, expected: "a weight from 0.01 to 1 in hundredths", got: shown(weight), fix }];
}

/** Somebody has to answer. What one outage can stop is warned of (`exchangeWarnings`) and refused by `twodoor check`, not here. */
function servingIssues(regions: ExchangeRegion[]): Issue[] {
  if (regions.some(({ serving }) => serving !== false)) return [];
  const got = regions.length === 0 ? "an empty list" : "none that serves";
  return [{ path: "regions", expected: "at least one region that serves", got, fix: "add a region, or let one serve" }];
}

/** Ranges that parse and do not overlap: networks that may one day be joined, and journals that see addresses of both. */
function addressIssues(regions: ExchangeRegion[]): Issue[] {
  return regions.flatMap((region, index) => {
    if (parseCidr(region.cidrBlock) === undefined) return [];
    const other = regions.slice(0, index).findIndex((each) => {
      return parseCidr(each.cidrBlock) !== undefined && cidrsOverlap(each.cidrBlock, region.cidrBlock);
    });
    if (other < 0) return [];
    return [
      {
        path: `regions[${String(index)}].cidrBlock`,
        expected: `a range apart from regions[${String(other)}]'s ${shown(regions[other]?.cidrBlock)}`,
        got: shown(region.cidrBlock),
        fix: "give each region a range of its own",
      },
    ];
  });
}

function capacityShapeIssues(args: ExchangeApiArgs): Issue[] {
  const { capacity } = args;
  const steeringPolicy = steeringOf(args);
  const declared = capacity.worstSharePercent;
  const clientsDecide =
    steeringPolicy === SteeringPolicy.Proximity || steeringPolicy === SteeringPolicy.LeastOutstandingRequests;
  const issues = [
    ...wholeNumberIssues("capacity.peakRequestsPerSecond", capacity.peakRequestsPerSecond, 1_000_000),
    ...wholeNumberIssues("capacity.requestsPerSecondPerReplica", capacity.requestsPerSecondPerReplica, 100_000),
  ];
  if (declared !== undefined && !(declared > 0 && declared <= 100)) {
    const fix = "declare the largest share that one region can get";
    issues.push({
      path: "capacity.worstSharePercent",
      expected: "a share above 0 and up to 100",
      got: shown(declared),
      fix,
    });
  }
  if (clientsDecide && declared === undefined) {
    issues.push({
      path: "capacity.worstSharePercent",
      expected: `a declared share, since under "${steeringPolicy}" clients decide it`,
      got: "nothing",
      fix: "declare the largest share of the peak that one region can get after a loss, or steer by off or random",
    });
  }
  const least = Math.ceil(leastWorstShare(poolShapes(args.regions.filter(({ serving }) => serving !== false))) * 100);
  if (clientsDecide && declared !== undefined && declared > 0 && declared < least) {
    issues.push({
      path: "capacity.worstSharePercent",
      expected: `at least ${String(least)}, which one region gets after a single loss even where all that are left get the same`,
      got: shown(declared),
      fix: "declare the largest share that one region can get, that loss included",
    });
  }
  return issues;
}

function wholeNumberIssues(path: string, value: number, maximum: number): Issue[] {
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return [];
  const expected = `a whole number from 1 to ${maximum.toLocaleString("en-US")}`;
  return [{ path, expected, got: shown(value), fix: "declare what was measured" }];
}

/** Requests per project and instances per region, where the vendor sets a limit that no autoscaling can pass. */
function quotaIssues(args: ExchangeApiArgs): Issue[] {
  const requestsMax = args.capacity.serverlessRequestsPerSecondMax ?? SERVERLESS_REQUESTS_PER_SECOND_MAX;
  const instancesMax = args.capacity.cloudRunInstancesMax ?? CLOUD_RUN_INSTANCES_MAX;
  const pools = poolShapes(args.regions.filter((region) => region.serving !== false));
  const projects = quotaGroupPeaks(pools, steeringOf(args), demandOf(args));
  const minimums = new Map(planRegions(args).map((planned) => [planned.args, planned.minimumReplicas]));
  return args.regions.flatMap((region, index) => {
    if (region.gcp === undefined) return [];
    const path = `regions[${String(index)}]`;
    const sent = projects.get(region.gcp.project) ?? 0;
    const minimum = minimums.get(region) ?? 0;
    const issues: Issue[] = [];
    if (sent > requestsMax) {
      issues.push({
        path: `${path}.gcp.project`,
        expected: `a project that gets at most ${String(requestsMax)} requests per second after any single loss`,
        got: `${String(sent)} in ${shown(region.gcp.project)}`,
        fix: "give each Google region its own project, spread the peak over more regions, or set capacity.serverlessRequestsPerSecondMax to what Google granted",
      });
    }
    if (minimum > instancesMax) {
      issues.push({
        path: `${path}.region`,
        expected: `at most ${String(instancesMax)} Cloud Run instances`,
        got: `a running minimum of ${String(minimum)}`,
        fix: "use stronger replicas or more regions, or set capacity.cloudRunInstancesMax to what Google granted",
      });
    }
    return issues;
  });
}

/** While a deployment goes on, the old tasks run beside the new ones: a region at its ceiling then needs twice its virtual CPUs. */
function fargateIssues(args: ExchangeApiArgs): Issue[] {
  const { fargateVcpusMax } = args.capacity;
  if (fargateVcpusMax === undefined) return [];
  const vcpus = args.container?.vcpus ?? 1;
  return planRegions(args).flatMap((planned) => {
    const needed = 2 * planned.maximumReplicas * vcpus;
    if (planned.cloud !== Cloud.Aws || needed <= fargateVcpusMax) return [];
    return [
      {
        path: `regions[${String(args.regions.indexOf(planned.args))}].region`,
        expected: `at most ${String(fargateVcpusMax)} virtual CPUs on Fargate, deployments included`,
        got: `${String(needed)} at the ceiling of ${String(planned.maximumReplicas)} replicas`,
        fix: "ask AWS for more and set capacity.fargateVcpusMax to it, or spread the peak over more regions",
      },
    ];
  });
}

/** One replica of a sandbox has to carry what its region gets, since there can be no second one. */
function sandboxIssues(args: ExchangeApiArgs): Issue[] {
  const { peakRequestsPerSecond, requestsPerSecondPerReplica } = args.capacity;
  if (args.journal.kind !== JournalKind.Sandbox || peakRequestsPerSecond <= requestsPerSecondPerReplica) return [];
  return [
    {
      path: "capacity.peakRequestsPerSecond",
      expected: `at most what one replica answers (${String(requestsPerSecondPerReplica)}), since a sandbox book lives in one process`,
      got: shown(peakRequestsPerSecond),
      fix: "lower the peak, or name a journal",
    },
  ];
}

function journalIssues(journal: ExchangeJournal): Issue[] {
  const voters = journal.voters ?? [];
  const kinds = Object.values<string>(JournalKind);
  if (!kinds.includes(journal.kind)) {
    const expected = `one of ${kinds.map((kind) => shown(kind)).join(", ")}`;
    return [{ path: "journal.kind", expected, got: shown(journal.kind), fix: "use one of these words" }];
  }
  if (journal.kind === JournalKind.Sandbox) {
    if (voters.length === 0) return [];
    const fix = 'set journal.kind to "nats", or remove the voters';
    return [{ path: "journal.voters", expected: "none for a sandbox", got: shown(voters), fix }];
  }
  const issues: Issue[] = voters.flatMap(({ address }, index) => {
    if (/^tls:\/\/[a-z0-9.-]+:\d{1,5}$/.test(address)) return [];
    const path = `journal.voters[${String(index)}].address`;
    return [
      {
        path,
        expected: "`tls://HOST:PORT`",
        got: shown(address),
        fix: "name host and port; orders cross the Internet encrypted",
      },
    ];
  });
  if (journal.credentials === undefined) {
    const fix = "run `pulumi config set --secret` with the contents of the credentials file";
    issues.push({ path: "journal.credentials", expected: "the NATS credentials", got: "nothing", fix });
  }
  const spread = [...countBy(voters.map((voter) => voter.provider)).values()].sort((a, b) => b - a).join(" + ");
  if (spread !== "1 + 1 + 1" && spread !== "2 + 2 + 1") {
    issues.push({
      path: "journal.voters",
      expected:
        "voters spread over three providers as 1 + 1 + 1 or 2 + 2 + 1, so that the loss of any one leaves a majority",
      got: spread === "" ? "none" : spread,
      fix: "add a witness at a third provider: two clouds cannot hold an automatic majority",
    });
  }
  return issues;
}

function countBy(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
