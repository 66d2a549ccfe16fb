import { allFacts, chainFact, known, mapFact, valueOr, withDefault, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { Door, Kind, Monitor, Need, Part, Pool, PoolOverride, Surroundings } from "../../model";
import { boolean, count, list, number, property, text, texts } from "../../reader";
import { originsAt } from "../origins";
import { answerPool, lists, neverAlive } from "./door-parts";
import { hostOf } from "./hosts";
import { DISTRIBUTION } from "./types";
import { withoutAffinity } from "../defaults";

/** CloudFront distributions. */
export const cloudfrontKinds: readonly Kind[] = [{ types: [DISTRIBUTION], parts: distributionParts }];

/** Requests that an origin group tries at its second origin; all others, an order among them, fail with the first. */
const RETRIED_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** A behaviour of a distribution: requests of a path go to an origin, or to a group of two. */
interface Behaviour {
  property: string;
  pattern: string;
  pools: Pool[];
  /** Set where nobody knows to which of the pools. */
  missing: Unknown | undefined;
}

/**
 * The door that a distribution is, with a pool for each origin that a behaviour uses. Static files (S3) are no serving path: a distribution
 * in front of nothing else is no door. A staging distribution has no clients.
 */
export function distributionParts(resource: Resource, around: Surroundings): Part[] {
  const isStaging = boolean(resource, "staging");
  if (isStaging.known && isStaging.value === true) return [];
  const behaviours = behavioursOf(resource, around).filter(({ pools }) => pools.length > 0);
  const [main, ...others] = behaviours;
  if (main === undefined) return [];
  const hostname = hostnameOf(resource);
  const door: Door = {
    role: "door",
    kind: "cloudfront",
    id: resource.urn,
    urn: resource.urn,
    label: valueOr(hostname, resource.name),
    place: around.placeOf(resource),
    needs: [
      ...neverAlive(withDefault(boolean(resource, "enabled"), true), "a distribution that is enabled"),
      ...behaviours.flatMap(needsOf),
    ],
    hostname,
    isProxied: known(true),
    ttlSeconds: known(0),
    steering: known("off"),
    pools: poolIds(main),
    isOrdered: main.missing === undefined,
    fallback: known(undefined),
    weights: known({}),
    overrides: others.map(overrideOf),
    triesOtherPools: known(main.pools.length > 1),
    ...withoutAffinity,
  };
  const pools = new Map(behaviours.flatMap((behaviour) => behaviour.pools).map((pool) => [pool.id, pool]));
  return [door, ...pools.values()];
}

function poolIds({ pools, missing }: Behaviour): Fact<string[]> {
  return missing ?? known(pools.map(({ id }) => id));
}

function overrideOf(behaviour: Behaviour): PoolOverride {
  const { pattern, property: path, missing } = behaviour;
  return { kind: "rule", key: pattern, property: path, pools: poolIds(behaviour), isOrdered: missing === undefined };
}

function needsOf({ pools, missing }: Behaviour): Need[] {
  if (missing === undefined) return lists(pools, "off");
  return [{ what: "the origin that is meant", atLeast: pools.length, of: pools.map(({ id }) => id), unknown: missing }];
}

function hostnameOf(resource: Resource): Fact<string> {
  const [alias] = valueOr(texts(resource, "aliases"), []);
  return alias === undefined
    ? mapFact(withDefault(text(resource, "domainName"), resource.name), hostOf)
    : mapFact(alias, hostOf);
}

function behavioursOf(resource: Resource, around: Surroundings): Behaviour[] {
  const origins = originsOf(resource, around);
  const ordered = count(resource, "orderedCacheBehaviors");
  const rest = Array.from({ length: valueOr(ordered, 0) }, (_, place) => `orderedCacheBehaviors[${String(place)}]`);
  return ["defaultCacheBehavior", ...rest].map((path): Behaviour => {
    const target = text(resource, `${path}.targetOriginId`);
    const pattern = text(resource, `${path}.pathPattern`);
    const members = target.known ? membersOf(resource, target.value ?? "") : [];
    const used = members.flatMap((id) => origins.get(id) ?? []);
    // A target that is not known yet may be any of the origins, and they are all that it may be.
    const places = target.known ? used : [...origins.values()];
    return {
      property: `${path}.targetOriginId`,
      pattern: (pattern.known ? pattern.value : undefined) ?? "*",
      missing: target.known ? undefined : target,
      pools: places.map((origin) => poolOf(resource, path, origin, places.length > 1 && target.known, around)),
    };
  });
}

/** Origin ids behind a target: of a group its members, primary first. */
function membersOf(resource: Resource, target: string): string[] {
  const groups = count(resource, "originGroups");
  for (let place = 0; place < valueOr(groups, 0); place += 1) {
    const path = `originGroups[${String(place)}]`;
    const id = text(resource, `${path}.originId`);
    if (!id.known || id.value !== target) continue;
    const members = count(resource, `${path}.members`);
    return Array.from({ length: valueOr(members, 0) }, (_, member) => {
      const origin = text(resource, `${path}.members[${String(member)}].originId`);
      return valueOr(origin, undefined) ?? "";
    });
  }
  return [target];
}

interface OriginOf {
  path: string;
  entries: string[];
}

/** Origins that are no bucket, by their id within the distribution. */
function originsOf(resource: Resource, around: Surroundings): Map<string, OriginOf> {
  const written = list(resource, "origins");
  const paths = valueOr(written, []).map((_, place) => `origins[${String(place)}]`);
  const serving = paths.filter((path) => !isBucket(resource, path));
  const entries = originsAt(
    resource,
    serving.map((path) => `${path}.domainName`),
    around,
  );
  return new Map(
    serving.flatMap((path, place): [string, OriginOf][] => {
      const id = text(resource, `${path}.originId`);
      return id.known && id.value !== undefined ? [[id.value, { path, entries: entries[place] ?? [] }]] : [];
    }),
  );
}

function isBucket(resource: Resource, path: string): boolean {
  const block = property(resource, `${path}.s3OriginConfig`);
  const access = text(resource, `${path}.originAccessControlId`);
  const custom = property(resource, `${path}.customOriginConfig`);
  const host = text(resource, `${path}.domainName`);
  const isNamedLikeOne =
    host.known && host.value !== undefined && /(?:^|\.)s3[.-][a-z0-9.-]+\.amazonaws\.com$/.test(host.value);
  if ((block.known && block.value !== undefined) || isNamedLikeOne) return true;
  return (!access.known || access.value !== undefined) && custom.known && custom.value === undefined;
}

function poolOf(
  resource: Resource,
  behaviour: string,
  origin: OriginOf,
  isGrouped: boolean,
  around: Surroundings,
): Pool {
  const { path, entries } = origin;
  return answerPool(
    {
      id: `${resource.urn}#${path}`,
      urn: resource.urn,
      label: `${path} of ${resource.name}`,
      place: around.placeOf(resource),
    },
    [{ property: path, address: withDefault(text(resource, `${path}.domainName`), ""), entries }],
    {
      monitor: isGrouped ? requestsThemselves(resource, behaviour, path) : known(undefined),
      checkRegions: known([]),
      isAnnounced: known(false),
    },
  );
}

/**
 * In an origin group each request finds out by itself, after its attempts to connect to the first origin
 * (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html: 3 attempts of 10 seconds unless set
 * otherwise; only GET, HEAD and OPTIONS). Where other methods are allowed nothing watches for them.
 */
function requestsThemselves(resource: Resource, behaviour: string, path: string): Fact<Monitor | undefined> {
  const methods = chainFact(texts(resource, `${behaviour}.allowedMethods`), (all) => allFacts(all));
  return mapFact(methods, (all) =>
    all.some((method) => !RETRIED_METHODS.has(method.toUpperCase()))
      ? undefined
      : {
          urn: resource.urn,
          type: known("request"),
          path: known(""),
          expectedCodes: known(""),
          expectedBody: known(""),
          followsRedirects: known(false),
          allowsInsecure: known(false),
          intervalSeconds: known(0),
          timeoutSeconds: withDefault(number(resource, `${path}.connectionTimeout`), 10),
          retries: mapFact(withDefault(number(resource, `${path}.connectionAttempts`), 3), (attempts) => attempts - 1),
          consecutiveDown: known(1),
        },
  );
}
