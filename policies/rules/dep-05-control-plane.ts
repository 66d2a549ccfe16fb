import { Cloud, regionFacts } from "../../components/sizing/regions";
import { closureOf, type Design } from "../../resilience/design";
import { valueOr } from "../../resilience/fact";
import { GLOBAL, type Compute, type Door, type Pool } from "../../resilience/model";
import { text } from "../../resilience/reader";
import { hostnameOf } from "../../resilience/survival";
import { outages } from "../outages";
import { placeName, servingParts } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { listed } from "../../components/sizing/words";

/**
 * DEP-05. What recovery would have to ask of an interface that stands in one place: changing a DNS record (Route 53: us-east-1) or an
 * origin, switching a disabled pool on (Cloudflare's API), fetching credentials from another region's STS.
 *
 * `sts.amazonaws.com` is answered in the caller's region since 2025, but for regions that an account has to opt in to; only there it is a
 * finding. The provider's `s3UsEast1RegionalEndpoint` is not judged: it only decides by which name us-east-1 itself is called.
 */
export const dep05: Rule = {
  id: "DEP-05",
  title: "Recovery needs no control plane that stands in one region",
  level: Level.Advisory,
  severity: "medium",
  why: "Answering goes on while control planes are down; changing does not. A failover that begins with an API call waits for the very outage that it is for.",
  outages: [outages.awsNetwork, outages.cloudflareControlPlane, outages.dynamoDb, outages.cloudflareProxy],
  fix: "Let health checks that are already installed move the traffic, and keep what takes over switched on.",
  references: [
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html",
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html",
  ],
  otherTools: ["Checkov CKV_AWS_310 and Prowler ask CloudFront distributions alone for a second origin"],
  subsumedBy: [
    { id: "TOP-05", stays: "it says what somebody would have to do, and why that does not work on the day" },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const { doors } = design;
  if (doors.length === 0) return undefined;
  return [
    ...doors.flatMap((door) => [...judgeRecords(design, door), ...judgeDisabled(design, door)]),
    ...servingParts(design, "compute").flatMap(judgeTexts),
    ...judgeProviders(design),
  ];
}

/** Doors whose answer stays what it is until somebody changes it, and whose interface that then is. */
const CHANGED_BY: Partial<Record<Door["kind"], string>> = {
  route53: "Route 53's records, which are changed through us-east-1",
  cloudfront: "the distribution, which is changed through us-east-1",
  "global-accelerator": "the accelerator, which is changed through us-west-2",
  dns: "a DNS record, through its provider's API",
};

function judgeRecords(design: Design, door: Door): RuleFinding[] {
  const interface_ = CHANGED_BY[door.kind];
  const pools = valueOr(door.pools, undefined);
  if (interface_ === undefined || pools === undefined) return [];
  const movesByItself =
    pools.length === 0
      ? regionsBehind(design, [door.id]).length > 1
      : pools.length > 1 && isWatched(design, door, pools);
  if (movesByItself) return [];
  const behind = regionsBehind(design, [door.id]);
  const hostname = hostnameOf(door);
  return [
    violation(
      door.urn,
      `to send clients of ${hostname} away from ${behind.length === 0 ? "where it leads" : listed(behind)}, somebody has to change ${interface_}, while that may be what is down`,
      `let health checks decide where ${hostname} leads: a load balancer with monitored pools, or failover records with health checks`,
    ),
  ];
}

/** Whether each pool's health is known to its door; one that fails over with each request needs no watching. */
function isWatched(design: Design, door: Door, pools: readonly string[]): boolean {
  if (valueOr(door.triesOtherPools, false)) return true;
  return pools.every((id) => {
    const pool = design.parts.get(id);
    return pool?.role !== "pool" || !pool.monitor.known || pool.monitor.value !== undefined;
  });
}

function regionsBehind({ parts }: Design, ids: readonly string[]): string[] {
  const places = [...closureOf(parts, ids)].flatMap((id) => {
    const part = parts.get(id);
    return part?.role === "compute" ? [placeName(part.place)] : [];
  });
  return [...new Set(places)].sort();
}

function judgeDisabled(design: Design, door: Door): RuleFinding[] {
  const ids = [...valueOr(door.pools, []), valueOr(door.fallback, undefined) ?? ""];
  const disabled = [...new Set(ids)].flatMap((id): Pool[] => {
    const pool = design.parts.get(id);
    return pool?.role === "pool" && !valueOr(pool.isEnabled, true) ? [pool] : [];
  });
  return disabled.map((pool) =>
    violation(
      pool.urn,
      `the pool ${pool.label} of ${hostnameOf(door)} is switched off: to use it, somebody has to reach the API of the load balancer during the outage`,
      `enable ${pool.label} and give it no traffic by its place in the order or a weight of 0, or take it out of ${hostnameOf(door)}`,
    ),
  );
}

/** Hosts of AWS that one region answers: docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html. */
const ONE_REGION_HOST =
  /(?:^|[/@\s,;"'=])((?:iam|route53|cloudfront|organizations|account)\.amazonaws\.com)(?![a-z.-])/i;
const GLOBAL_STS = /(?:^|[/@\s,;"'=])sts\.amazonaws\.com(?![a-z.-])/i;

function judgeTexts(compute: Compute): RuleFinding[] {
  return valueOr(compute.texts, []).flatMap(({ property, text: fact }) => {
    const written = valueOr(fact, "");
    const host = ONE_REGION_HOST.exec(written)?.[1]?.toLowerCase();
    if (host !== undefined) return [oneRegionHost(compute, property, host)];
    return isOptIn(compute) && (GLOBAL_STS.test(written) || isLegacySts(property, written))
      ? [globalSts(compute, property)]
      : [];
  });
}

function oneRegionHost({ urn, label, place }: Compute, property: string, host: string): RuleFinding {
  const message = `${label} in ${placeName(place)} is told ${host} in ${property}: that is a control plane, and it stands in us-east-1`;
  return violation(urn, message, `let ${label} work without changing anything at ${host} while it serves`);
}

function globalSts({ urn, label, place }: Compute, property: string): RuleFinding {
  const region = valueOr(place.region, "");
  const message = `${label} fetches credentials from the global STS (${property}): in ${region}, a region to opt in to, that is answered by us-east-1`;
  return violation(urn, message, `use sts.${region}.amazonaws.com, or AWS_STS_REGIONAL_ENDPOINTS=regional`);
}

function isLegacySts(property: string, value: string): boolean {
  return /AWS_STS_REGIONAL_ENDPOINTS\b/.test(property) && value === "legacy";
}

function isOptIn({ place }: Compute): boolean {
  return place.cloud === "aws" && regionFacts(Cloud.Aws, valueOr(place.region, GLOBAL))?.optIn === true;
}

/** An update of one region that has to ask another region's STS for its credentials waits for that region. */
function judgeProviders({ index }: Design): RuleFinding[] {
  return index.ofType("pulumi:providers:aws").flatMap((provider) => {
    const sts = text(provider, "stsRegion");
    const region = text(provider, "region");
    if (!sts.known) return [undecided(sts, "so nobody can say from which region an update fetches its credentials")];
    if (sts.value === undefined || sts.value === "" || !region.known || region.value === undefined) return [];
    if (sts.value === region.value) return [];
    const message = `the provider ${provider.name} works in ${region.value} with credentials from the STS of ${sts.value}: while ${sts.value} is down, nothing in ${region.value} can be changed`;
    return [violation(provider.urn, message, `leave stsRegion out, or set it to ${region.value}`)];
  });
}
