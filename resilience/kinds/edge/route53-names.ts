import { allFacts, known, mapFact, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { PoolOverride } from "../../model";
import { count, list, number, property, text } from "../../reader";
import { simpleSet, type Answer, type NameSet } from "./name-set";
import { unwatched, watchOf } from "./route53-health";
import { groupedByName, hostnameIn, zoneOf } from "./zones";

/** A record of Route 53: with a routing policy one answer of several, without one all of them. */
export const ROUTE53_RECORD = "aws:route53/record:Record";
const ZONE = "aws:route53/zone:Zone";
const LEADING = new Set(["A", "AAAA", "CNAME"]);
/** How long resolvers keep an alias to a balancer (docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html). */
const ALIAS_TTL_SECONDS = 60;

/** How Route 53 chooses, in Cloudflare's words where it has one (docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html). */
const POLICIES = [
  ["failoverRoutingPolicies", "off"],
  ["weightedRoutingPolicies", "random"],
  ["latencyRoutingPolicies", "dynamic_latency"],
  ["geolocationRoutingPolicies", "geo"],
  ["geoproximityRoutingPolicy", "proximity"],
  ["cidrRoutingPolicy", "geo"],
  ["multivalueAnswerRoutingPolicy", "random"],
] as const;
type Policy = (typeof POLICIES)[number][0];

/** Hostnames that Route 53 answers for. */
export function route53Names(index: GraphIndex): NameSet[] {
  const rows = index.ofType(ROUTE53_RECORD).flatMap((record) => {
    const type = withDefault(text(record, "type"), "");
    if (type.known && !LEADING.has(type.value.toUpperCase())) return [];
    const zone = zoneOf(index, record, "zoneId", [ZONE]);
    return [
      { record, zone, hostname: hostnameIn(record, zone, "name"), type: type.known ? type.value.toUpperCase() : "" },
    ];
  });
  return groupedByName(rows).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { record, hostname, type, zone } = first;
    const isPrivate = zone.zone !== undefined && valueOr(count(zone.zone, "vpcs"), 0) > 0;
    const records = group.map((row) => row.record);
    const base = { kind: "route53" as const, records, hostname, type, isPrivate, isProxied: known(false) };
    const policy = policyOf(record);
    return [policy === undefined ? simple(base, record) : steered(index, base, policy)];
  });
}

type Base = Pick<NameSet, "kind" | "records" | "hostname" | "type" | "isPrivate" | "isProxied">;

/** The policy of a record that is one of several. One that is not known yet counts: the record has it in any case. */
function policyOf(record: Resource): Policy | undefined {
  return POLICIES.map(([policy]) => policy).find((policy) => {
    const fact = property(record, policy);
    if (!fact.known) return true;
    return Array.isArray(fact.value) ? fact.value.length > 0 : fact.value !== undefined && fact.value !== false;
  });
}

function simple(base: Base, record: Resource): NameSet {
  // Without a policy a name has one record; a second one would be refused.
  const answers = addressesOf(record).map((address): Answer => ({
    id: `${record.urn}#${address}`,
    record,
    label: `${address} of ${record.name}`,
    addresses: [address],
    ...unwatched,
  }));
  return simpleSet({ ...base, ttlSeconds: ttlOf(record), answers });
}

function steered(index: GraphIndex, base: Base, policy: Policy): NameSet {
  const answers = base.records.map((record): Answer => ({
    id: `${record.urn}#answer`,
    record,
    label: valueOr(text(record, "setIdentifier"), undefined) ?? record.name,
    addresses: addressesOf(record),
    ...watchOf(index, record),
  }));
  const [first] = base.records;
  const set: NameSet = {
    ...base,
    id: first?.urn ?? "",
    isSteered: true,
    ttlSeconds: first === undefined ? known(ALIAS_TTL_SECONDS) : slowestTtl(base.records),
    answers,
    steering: known(POLICIES.find(([name]) => name === policy)?.[1] ?? ""),
    pools: known(answers.map(({ id }) => id)),
    isOrdered: false,
    weights: known({}),
    overrides: [],
  };
  if (policy === "failoverRoutingPolicies") return { ...set, ...failover(answers) };
  if (policy === "weightedRoutingPolicies") return { ...set, ...weighted(answers) };
  if (policy === "geolocationRoutingPolicies") return { ...set, ...located(answers, placesOf) };
  if (policy === "cidrRoutingPolicy") return { ...set, ...located(answers, networksOf) };
  return set;
}

/** The primary answers while it is healthy, then the secondary. */
function failover(answers: readonly Answer[]): Partial<NameSet> {
  const types = answers.map(({ record }) => withDefault(text(record, "failoverRoutingPolicies[0].type"), ""));
  const isPrimary = (place: number): boolean => valueOr(types[place] ?? known(""), "").toUpperCase() === "PRIMARY";
  const ids = answers.map(({ id }) => id);
  const ordered = [...ids.filter((_, place) => isPrimary(place)), ...ids.filter((_, place) => !isPrimary(place))];
  return { pools: known(ordered), isOrdered: types.every(({ known: isKnown }) => isKnown) };
}

/**
 * Shares by weight. Answers of weight 0 are used only when no other is healthy
 * (docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html): beside a single other one that is
 * a failover order.
 */
function weighted(answers: readonly Answer[]): Partial<NameSet> {
  const all = answers.map(({ record }) => withDefault(number(record, "weightedRoutingPolicies[0].weight"), 0));
  const weights = allFacts(all);
  const ids = answers.map(({ id }) => id);
  if (weights.known) {
    const used = ids.filter((_, place) => (weights.value[place] ?? 0) > 0);
    const spare = ids.filter((id) => !used.includes(id));
    if (used.length === 1 && spare.length > 0)
      return { steering: known("off"), isOrdered: true, pools: known([...used, ...spare]) };
  }
  const isEven = weights.known && weights.value.every((weight) => weight === 0);
  return {
    weights: mapFact(weights, (values) =>
      Object.fromEntries(ids.map((id, place) => [id, isEven ? 1 : (values[place] ?? 0)])),
    ),
  };
}

interface Location {
  kind: PoolOverride["kind"];
  property: string;
  /** From the closest to the widest; `*` is everybody. */
  keys: string[];
}

/**
 * Each client is sent to the answer of its place, and where that is not healthy to the next wider one
 * (docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html). Clients of no place that is named get the answer for `*`;
 * where there is none, they get nothing, and the design is taken to be meant for the others alone.
 */
function located(answers: readonly Answer[], locationOf: (record: Resource) => Fact<Location>): Partial<NameSet> {
  const found = answers.map(({ id, record }) => ({ id, location: locationOf(record) }));
  const byKey = new Map(
    found.flatMap(({ id, location }) => (location.known ? [[location.value.keys[0] ?? "*", id] as const] : [])),
  );
  const everybody = byKey.get("*");
  const overrides = found.flatMap(({ id, location }): PoolOverride[] => {
    if (!location.known)
      return [{ kind: "rule", key: "?", property: location.property, pools: location, isOrdered: false }];
    const { kind, property: path, keys } = location.value;
    if (keys[0] === "*") return [];
    const wider = [...keys.slice(1), "*"].flatMap((key) => byKey.get(key) ?? []);
    return [{ kind, key: keys[0] ?? "", property: path, pools: known([id, ...wider]), isOrdered: true }];
  });
  return { overrides, ...(everybody === undefined ? {} : { pools: known([everybody]) }) };
}

function placesOf(record: Resource): Fact<Location> {
  const path = "geolocationRoutingPolicies[0]";
  const parts = ["subdivision", "country", "continent"].map((part) => text(record, `${path}.${part}`));
  return mapFact(allFacts(parts), ([subdivision, country, continent]): Location => {
    const wide = country === undefined || country === "*" ? [] : [country];
    if (subdivision !== undefined && wide[0] !== undefined)
      return { kind: "region", property: path, keys: [`${wide[0]}-${subdivision}`, ...wide] };
    if (wide[0] !== undefined) return { kind: "country", property: path, keys: wide };
    return continent === undefined
      ? { kind: "region", property: path, keys: ["*"] }
      : { kind: "region", property: path, keys: [continent] };
  });
}

function networksOf(record: Resource): Fact<Location> {
  const path = "cidrRoutingPolicy.locationName";
  return mapFact(withDefault(text(record, path), "*"), (name) => ({ kind: "rule", property: path, keys: [name] }));
}

function addressesOf(record: Resource): string[] {
  const aliases = list(record, "aliases");
  if (!aliases.known || aliases.value.length > 0) return ["aliases[0].name"];
  const records = list(record, "records");
  return records.known ? records.value.map((_, place) => `records[${String(place)}]`) : ["records"];
}

function ttlOf(record: Resource): Fact<number> {
  return withDefault(number(record, "ttl"), ALIAS_TTL_SECONDS);
}

function slowestTtl(records: readonly Resource[]): Fact<number> {
  return mapFact(allFacts(records.map(ttlOf)), (all) => Math.max(...all));
}
