import { known, valueOr, withDefault, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { BackendCheck, Monitor, Need, Surroundings } from "../../model";
import { count, list, number, property, text } from "../../reader";
import { GROUPS, membersOf, type Members } from "./groups";
import { linked, linkedByEach } from "./links";
import { MACHINES } from "./machines";
import { elements } from "./paths";
import { BUCKET_BACKENDS, SERVICES, TARGET_INSTANCE, TARGET_POOL } from "./routes";
import { bucketsBehind } from "./stores/files";

const CHECKS: readonly string[] = [
  "gcp:compute/healthCheck:HealthCheck",
  "gcp:compute/regionHealthCheck:RegionHealthCheck",
  "gcp:compute/httpHealthCheck:HttpHealthCheck",
  "gcp:compute/httpsHealthCheck:HttpsHealthCheck",
];

/** Types that are read where a backend service is. */
export const CHECK_TYPES: readonly string[] = CHECKS;

/** What stands behind a backend service. */
export interface Backing {
  service: Resource;
  /** One for each group that gets requests. */
  groups: Members[];
  missing: Unknown | undefined;
  /** Whether a group that fails gets no more requests. */
  isWatched: boolean;
}

/** What stands behind the destination of a route. */
export function backingOf(destination: Resource, around: Surroundings): Backing {
  if (SERVICES.includes(destination.type)) return serviceBacking(destination, around);
  if (BUCKET_BACKENDS.includes(destination.type)) {
    const ids = bucketsBehind(destination, around).map(({ urn }) => urn);
    return backing(destination, ids, ids.length === 0 ? notHere(destination, "bucketName") : undefined);
  }
  const links =
    destination.type === TARGET_POOL
      ? linkedByEach(destination, "instances", "", MACHINES, around)
      : linkedByTarget(destination, around);
  const members = links.resources.map(({ urn }) => urn);
  const joined = destination.type === TARGET_POOL ? groupsOfPool(destination, around) : [];
  const ids = [...members, ...joined];
  return backing(destination, ids, links.missing ?? (ids.length === 0 ? notHere(destination, "instances") : undefined));
}

function linkedByTarget(
  target: Resource,
  around: Surroundings,
): { resources: Resource[]; missing: Unknown | undefined } {
  if (target.type !== TARGET_INSTANCE) return { resources: [], missing: notHere(target, "targetService") };
  const found = linked(target, "instance", MACHINES, around);
  return found.known ? { resources: found.value, missing: undefined } : { resources: [], missing: found };
}

/** Managed groups enter a target pool by naming it. */
function groupsOfPool(pool: Resource, around: Surroundings): string[] {
  return around.index
    .dependants(pool.urn)
    .filter(
      (each) =>
        GROUPS.includes(each.type) &&
        linkedByEach(each, "targetPools", "", [pool.type], around).resources.includes(pool),
    )
    .map(({ urn }) => urn);
}

function notHere({ urn }: Resource, property_: string): Unknown {
  return { known: false, urn, property: property_, why: "names nothing of this design" };
}

function backing(service: Resource, ids: readonly string[], missing: Unknown | undefined): Backing {
  const group = { ids: [...new Set(ids)].sort(), missing, isServerless: false, reportsHealth: false };
  return { service, groups: [group], missing: undefined, isWatched: true };
}

function serviceBacking(service: Resource, around: Surroundings): Backing {
  const listed = list(service, "backends");
  // Where the scaler is not known, the group counts as missing: it may be drained.
  const drained = (path: string): boolean => valueOr(number(service, `${path}.capacityScaler`), 0) === 0;
  const links = listed.known
    ? elements(service, "backends").flatMap((path) =>
        drained(path) ? [] : [linked(service, `${path}.group`, GROUPS, around)],
      )
    : [linked(service, "backends", GROUPS, around)];
  const groups = [...new Set(links.flatMap((link) => valueOr(link, [])))].map((group) => membersOf(group, around));
  const scalers = elements(service, "backends").map((path) => number(service, `${path}.capacityScaler`));
  const missing = [...scalers, ...links].find((fact): fact is Unknown => !fact.known);
  const isEmpty = listed.known && listed.value.length === 0;
  return {
    service,
    groups,
    missing:
      missing ?? (isEmpty ? { ...notHere(service, "backends"), why: "lists no group in this design" } : undefined),
    isWatched: isWatched(service, groups),
  };
}

/**
 * A health check, the balancer's own eye for failing answers, or groups that report their health: one of them takes a failing group out. Serverless groups
 * have no health check, and without the others go on getting requests (docs.cloud.google.com/load-balancing/docs/negs/serverless-neg-concepts).
 */
function isWatched(service: Resource, groups: readonly Members[]): boolean {
  const checks = property(service, "healthChecks");
  const outliers = property(service, "outlierDetection");
  const isSet = (fact: Fact<unknown>): boolean => !fact.known || fact.value !== undefined;
  if (isSet(checks) || isSet(outliers)) return true;
  return groups.length > 0 && groups.every(({ reportsHealth }) => reportsHealth);
}

/**
 * What has to be there for a route: any of a service's groups where somebody notices a failing one, otherwise each of them, since requests go
 * on to it.
 */
export function needsOf({ service, groups, missing, isWatched }: Backing): Need[] {
  const what = `a backend of ${service.name}`;
  const together = isWatched || groups.length < 2 ? [groups] : groups.map((group) => [group]);
  return together.map((some): Need => {
    const unclear = missing ?? some.find((group) => group.missing !== undefined)?.missing;
    const of = [...new Set(some.flatMap(({ ids }) => ids))].sort();
    return { what, atLeast: 1, of, ...(unclear === undefined ? {} : { unknown: unclear }) };
  });
}

/** The health checks of a backend service; one that is not in the design is not known. */
export function checksOf(service: Resource, around: Surroundings): BackendCheck[] {
  const { checks, missing } = healthChecks(service, around);
  const found = checks.map(checkOf);
  return missing === undefined
    ? found
    : [...found, { urn: service.urn, property: "healthChecks", path: missing, matcher: missing }];
}

function healthChecks(service: Resource, around: Surroundings): { checks: Resource[]; missing: Unknown | undefined } {
  const amount = count(service, "healthChecks");
  // The provider takes one check, as a text; a state of older versions holds a list of one.
  if (amount.known) {
    const { resources, missing } = linkedByEach(service, "healthChecks", "", CHECKS, around);
    return { checks: resources, missing };
  }
  const found = linked(service, "healthChecks", CHECKS, around);
  return found.known ? { checks: found.value, missing: undefined } : { checks: [], missing: found };
}

/** A healthy answer is 200 and nothing else, at `/` unless a path is set (docs.cloud.google.com/load-balancing/docs/health-check-concepts). */
function checkOf(check: Resource): BackendCheck {
  const form = ["httpsHealthCheck", "httpHealthCheck", "http2HealthCheck"].find((path) => isThere(check, path));
  const isOld = check.type === CHECKS[2] || check.type === CHECKS[3];
  const prefix = isOld ? "" : `${form ?? ""}.`;
  if (!isOld && form === undefined) {
    return { urn: check.urn, property: "type", path: known(undefined), matcher: known(undefined) };
  }
  return {
    urn: check.urn,
    property: `${prefix}requestPath`,
    path: withDefault<string | undefined>(text(check, `${prefix}requestPath`), "/"),
    matcher: known("200"),
  };
}

function isThere(resource: Resource, path: string): boolean {
  const found = property(resource, path);
  return !found.known || found.value !== undefined;
}

/** What watches over the groups of a service, in the words of an edge's monitor. Times default to 5 s, 5 s and two failures (the provider's page). */
export function monitorOf(service: Resource, around: Surroundings): Fact<Monitor | undefined> {
  const { checks, missing } = healthChecks(service, around);
  const [check] = checks;
  if (check === undefined) return missing ?? known(undefined);
  const { path, matcher } = checkOf(check);
  return known({
    urn: check.urn,
    type: known(path.known && path.value === undefined ? "tcp" : "http"),
    path: withDefault(path, ""),
    expectedCodes: withDefault(matcher, ""),
    expectedBody: known(""),
    followsRedirects: known(false),
    allowsInsecure: known(true),
    intervalSeconds: withDefault(number(check, "checkIntervalSec"), 5),
    timeoutSeconds: withDefault(number(check, "timeoutSec"), 5),
    retries: known(0),
    consecutiveDown: withDefault(number(check, "unhealthyThreshold"), 2),
  });
}
