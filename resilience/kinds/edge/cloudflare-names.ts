import { chainFact, known, mapFact, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { boolean, count, number, text } from "../../reader";
import { ofTypes } from "../once";
import { hostOf } from "./hosts";
import { simpleSet, type Answer, type NameSet } from "./name-set";
import { groupedByName, hostnameIn, zoneOf, type ZoneOf } from "./zones";

/** DNS records of Cloudflare; `Record` is the name of the same thing before version 6 of the provider. */
export const CLOUDFLARE_RECORDS = ["cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record"] as const;
/** A hostname of a customer of ours, served through our zone. */
export const CUSTOM_HOSTNAME = "cloudflare:index/customHostname:CustomHostname";
const FALLBACK_ORIGIN = "cloudflare:index/customHostnameFallbackOrigin:CustomHostnameFallbackOrigin";
/** Cloudflare's proxy for other protocols than HTTP. */
export const SPECTRUM = "cloudflare:index/spectrumApplication:SpectrumApplication";
/** A Cloudflare zone. */
export const CLOUDFLARE_ZONE = "cloudflare:index/zone:Zone";

/** Record types that lead a client to a machine. */
const LEADING = new Set(["A", "AAAA", "CNAME"]);

/** What TTL 1 stands for (developers.cloudflare.com/dns/manage-dns-records/reference/ttl: "Auto", 300 seconds where not proxied). */
const AUTOMATIC_TTL_SECONDS = 300;

/** Hostnames that Cloudflare answers for by records, custom hostnames and Spectrum applications. */
export function cloudflareNames(index: GraphIndex): NameSet[] {
  return [
    ...recordSets(index),
    ...index.ofType(CUSTOM_HOSTNAME).map((resource) => customHostname(index, resource)),
    ...index.ofType(SPECTRUM).map(spectrum),
  ];
}

/** Whether a thing of a zone goes through Cloudflare's proxy: not while the zone is paused (developers.cloudflare.com/fundamentals/manage-domains/pause-cloudflare). */
export function proxiedIn(index: GraphIndex, resource: Resource): Fact<boolean> {
  const { zone } = zoneOf(index, resource, "zoneId", [CLOUDFLARE_ZONE]);
  const isPaused = zone === undefined ? known(false) : withDefault(boolean(zone, "paused"), false);
  return chainFact(withDefault(boolean(resource, "proxied"), false), (isProxied) =>
    isProxied ? mapFact(isPaused, (paused) => !paused) : known(false),
  );
}

function recordSets(index: GraphIndex): NameSet[] {
  const rows = ofTypes(index, CLOUDFLARE_RECORDS).flatMap((record) => {
    const type = withDefault(text(record, "type"), "");
    if (type.known && !LEADING.has(type.value.toUpperCase())) return [];
    const zone: ZoneOf = zoneOf(index, record, "zoneId", [CLOUDFLARE_ZONE]);
    const hostname = hostnameIn(record, zone, "name");
    return [{ record, zone, hostname, type: type.known ? type.value.toUpperCase() : "" }];
  });
  return groupedByName(rows).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { record, hostname, type } = first;
    return [
      simpleSet({
        kind: "dns",
        records: group.map((row) => row.record),
        hostname,
        type,
        isProxied: proxiedIn(index, record),
        ttlSeconds: mapFact(withDefault(number(record, "ttl"), 1), (ttl) => (ttl === 1 ? AUTOMATIC_TTL_SECONDS : ttl)),
        answers: group.map(({ record: each }) => answer(each, contentOf(each))),
      }),
    ];
  });
}

/** Before version 6 of the provider the content was called `value`. */
function contentOf(record: Resource): string {
  const content = text(record, "content");
  const older = text(record, "value");
  return content.known && content.value === undefined && !(older.known && older.value === undefined)
    ? "value"
    : "content";
}

/** developers.cloudflare.com/cloudflare-for-platforms/cloudflare-for-saas: without an origin of its own it goes to the zone's fallback origin. */
function customHostname(index: GraphIndex, resource: Resource): NameSet {
  const own = text(resource, "customOriginServer");
  const zone = zoneOf(index, resource, "zoneId", [CLOUDFLARE_ZONE]).key;
  const fallback = index
    .ofType(FALLBACK_ORIGIN)
    .find((each) => zoneOf(index, each, "zoneId", [CLOUDFLARE_ZONE]).key === zone);
  const usesFallback = own.known && own.value === undefined && fallback !== undefined;
  return proxiedSet(resource, "hostname", [
    usesFallback ? answer(fallback, "origin", resource) : answer(resource, "customOriginServer"),
  ]);
}

/** developers.cloudflare.com/spectrum/reference/configuration-options: an address list, or a name (a load balancer's among them). */
function spectrum(resource: Resource): NameSet {
  const directs = count(resource, "originDirects");
  const answers =
    directs.known && directs.value === 0
      ? [answer(resource, "originDns.name")]
      : Array.from({ length: directs.known ? directs.value : 1 }, (_, place) =>
          answer(resource, directs.known ? `originDirects[${String(place)}]` : "originDirects"),
        );
  return proxiedSet(resource, "dns.name", answers);
}

function proxiedSet(resource: Resource, property: string, answers: Answer[]): NameSet {
  return simpleSet({
    kind: "dns",
    records: [resource],
    hostname: mapFact(text(resource, property), (name) => hostOf(name ?? "")),
    type: "CNAME",
    isProxied: known(true),
    ttlSeconds: known(AUTOMATIC_TTL_SECONDS),
    answers,
  });
}

/** Cloudflare takes no answer out by itself: nothing watches the addresses of a record. */
function answer(record: Resource, address: string, owner = record): Answer {
  return {
    id: `${owner.urn}#${address}`,
    record,
    label: address === "content" || address === "value" ? record.name : `${address} of ${record.name}`,
    addresses: [address],
    monitor: known(undefined),
    checkRegions: known([]),
    isAnnounced: known(false),
  };
}
