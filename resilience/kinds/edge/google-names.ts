import { allFacts, chainFact, known, mapFact, Reason, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Monitor } from "../../model";
import { count, number, property, text, texts } from "../../reader";
import { referenced } from "../../references";
import { simpleSet, type Answer, type NameSet } from "./name-set";
import { targetsOwn } from "./route53-health";
import { hostnameIn, zoneOf } from "./zones";

/** A record set of Cloud DNS: all answers for one name and type. */
export const GOOGLE_RECORDS = "gcp:dns/recordSet:RecordSet";
const ZONE = "gcp:dns/managedZone:ManagedZone";
const HEALTH_CHECK = "gcp:compute/healthCheck:HealthCheck";
const LEADING = new Set(["A", "AAAA", "CNAME", "ALIAS"]);
/** The provider's default where none is written (registry page of `gcp.dns.RecordSet`: the API's 300 seconds). */
const TTL_SECONDS = 300;

/** Hostnames that Cloud DNS answers for. */
export function googleNames(index: GraphIndex): NameSet[] {
  return index.ofType(GOOGLE_RECORDS).flatMap((record) => {
    const type = withDefault(text(record, "type"), "");
    if (type.known && !LEADING.has(type.value.toUpperCase())) return [];
    const zone = zoneOf(index, record, "managedZone", [ZONE]);
    const visibility = zone.zone === undefined ? known(undefined) : text(zone.zone, "visibility");
    const base: Base = {
      kind: "dns",
      records: [record],
      hostname: hostnameIn(record, zone, "dnsName"),
      type: type.known ? type.value.toUpperCase() : "",
      isPrivate: visibility.known && visibility.value === "private",
      isProxied: known(false),
      ttlSeconds: withDefault(number(record, "ttl"), TTL_SECONDS),
    };
    const policy = property(record, "routingPolicy");
    const isSteered = !policy.known || policy.value !== undefined;
    return [isSteered ? steered(index, base, record) : simple(base, record)];
  });
}

type Base = Pick<NameSet, "kind" | "records" | "hostname" | "type" | "isPrivate" | "isProxied" | "ttlSeconds">;

function simple(base: Base, record: Resource): NameSet {
  return simpleSet({
    ...base,
    answers: elements(record, "rrdatas").map((address) =>
      answerOf(record, address, [address], known<Monitor | undefined>(undefined)),
    ),
  });
}

/**
 * Routing policies (docs.cloud.google.com/dns/docs/routing-policies-overview): by weight, by place, or a primary with backups. Only
 * targets that are named as health-checked are taken out when they fail.
 */
function steered(index: GraphIndex, base: Base, record: Resource): NameSet {
  const set: NameSet = {
    ...base,
    id: record.urn,
    isSteered: true,
    answers: [],
    steering: unknown(record.urn, "routingPolicy", Reason.Later),
    pools: unknown(record.urn, "routingPolicy", Reason.Later),
    isOrdered: false,
    weights: known({}),
    overrides: [],
  };
  const policy = property(record, "routingPolicy");
  if (!policy.known) return { ...set, answers: [answerOf(record, "routingPolicy", ["routingPolicy"], policy)] };
  const answers = (path: string): Answer[] => elements(record, path).map((item) => watched(index, record, item));
  const ids = (of: readonly Answer[]): string[] => of.map(({ id }) => id);
  const backup = property(record, "routingPolicy.primaryBackup");
  if (!backup.known || backup.value !== undefined) {
    const primary = watched(index, record, "routingPolicy.primaryBackup.primary");
    const others = answers("routingPolicy.primaryBackup.backupGeos");
    const all = [primary, ...others];
    return { ...set, answers: all, steering: known("off"), pools: known(ids(all)), isOrdered: true };
  }
  const weighted = answers("routingPolicy.wrrs");
  if (weighted.length > 0) {
    return {
      ...set,
      answers: weighted,
      steering: known("random"),
      pools: known(ids(weighted)),
      weights: weightsOf(record, ids(weighted)),
    };
  }
  return placed(set, answers("routingPolicy.geos"), record);
}

/** Without a geofence, the next nearest place answers for one that is not healthy; with one, nobody does. */
function placed(set: NameSet, answers: readonly Answer[], record: Resource): NameSet {
  const fence = property(record, "routingPolicy.enableGeoFencing");
  const all = answers.map(({ id }) => id);
  const isFenced = !fence.known || fence.value === true;
  return {
    ...set,
    answers,
    steering: known("geo"),
    pools: known(all),
    overrides: isFenced
      ? answers.map(({ id }, place) => ({
          kind: "region",
          key: locationAt(record, place),
          property: `routingPolicy.geos[${String(place)}]`,
          pools: known([id]),
          isOrdered: true,
        }))
      : [],
  };
}

function locationAt(record: Resource, place: number): string {
  const location = text(record, `routingPolicy.geos[${String(place)}].location`);
  return location.known ? (location.value ?? "?") : "?";
}

function weightsOf(record: Resource, ids: readonly string[]): Fact<Record<string, number>> {
  const weights = ids.map((_, place) => withDefault(number(record, `routingPolicy.wrrs[${String(place)}].weight`), 0));
  return mapFact(allFacts(weights), (values) => Object.fromEntries(ids.map((id, place) => [id, values[place] ?? 0])));
}

/** One item of a policy: its checked targets, otherwise its plain addresses, which nothing watches. */
function watched(index: GraphIndex, record: Resource, item: string): Answer {
  const targets = `${item}.${item.endsWith("primary") ? "" : "healthCheckedTargets."}`;
  const external = elements(record, `${targets}externalEndpoints`);
  if (external.length > 0) {
    const check = checkOf(index, record);
    return answerOf(
      record,
      item,
      external,
      chainFact(check, (found) => known(found && monitorOf(found))),
      regionsOf(check),
    );
  }
  const internal = elements(record, `${targets}internalLoadBalancers`);
  if (internal.length > 0) {
    const own = known(targetsOwn(record.urn, `${targets}internalLoadBalancers`));
    return answerOf(
      record,
      item,
      internal.map((each) => `${each}.ipAddress`),
      own,
    );
  }
  return answerOf(record, item, elements(record, `${item}.rrdatas`), known(undefined));
}

function answerOf(
  record: Resource,
  item: string,
  addresses: readonly string[],
  monitor: Fact<Monitor | undefined>,
  checkRegions: Fact<string[]> = known([]),
): Answer {
  return {
    id: `${record.urn}#${item}`,
    record,
    label: `${item} of ${record.name}`,
    addresses,
    monitor,
    checkRegions,
    isAnnounced: known(false),
  };
}

function checkOf(index: GraphIndex, record: Resource): Fact<Resource | undefined> {
  const path = "routingPolicy.healthCheck";
  const found = referenced(index, record, path, [HEALTH_CHECK]);
  const check = found.known ? found.value[0] : undefined;
  if (check !== undefined) return known(check);
  const written = property(record, path);
  if (written.known && written.value === undefined) return known(undefined);
  return unknown(record.urn, path, written.known ? Reason.Elsewhere : Reason.Later);
}

/** The regions from which Google probes external endpoints; three of its own where none are written. */
function regionsOf(check: Fact<Resource | undefined>): Fact<string[]> {
  return chainFact(check, (found) => (found === undefined ? known([]) : allTexts(found, "sourceRegions")));
}

/** Defaults of `gcp.compute.HealthCheck` (registry page, 9.37.0): every 5 seconds, 5 seconds each, 2 failures. */
function monitorOf(check: Resource): Monitor {
  const kind = (["https", "http", "http2"] as const).find((each) => hasBlock(check, `${each}HealthCheck`));
  const block = kind === undefined ? "tcpHealthCheck" : `${kind}HealthCheck`;
  return {
    urn: check.urn,
    type: known(kind ?? "tcp"),
    path: kind === undefined ? known("") : withDefault(text(check, `${block}.requestPath`), "/"),
    expectedCodes: known(kind === undefined ? "" : "200"),
    expectedBody: withDefault(text(check, `${block}.response`), ""),
    followsRedirects: known(false),
    allowsInsecure: known(kind === "https"),
    intervalSeconds: withDefault(number(check, "checkIntervalSec"), 5),
    timeoutSeconds: withDefault(number(check, "timeoutSec"), 5),
    retries: known(0),
    consecutiveDown: withDefault(number(check, "unhealthyThreshold"), 2),
  };
}

function hasBlock(check: Resource, block: string): boolean {
  const fact = property(check, block);
  return !fact.known || fact.value !== undefined;
}

/** Paths of the elements of a list; of a list that is not known, its own path. */
function elements(record: Resource, path: string): string[] {
  const length = count(record, path);
  return length.known ? Array.from({ length: length.value }, (_, place) => `${path}[${String(place)}]`) : [path];
}

function allTexts(resource: Resource, path: string): Fact<string[]> {
  return chainFact(texts(resource, path), (all) => allFacts(all));
}
