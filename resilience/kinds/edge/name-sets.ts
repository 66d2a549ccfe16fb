import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { oncePerGraph, push } from "../once";
import { cloudflareNames } from "./cloudflare-names";
import { googleNames } from "./google-names";
import type { NameSet } from "./name-set";
import { route53Names } from "./route53-names";

/** The set that a record belongs to; undefined for a record that leads no client anywhere (TXT, MX, …). */
export function setOf(index: GraphIndex, record: Resource): NameSet | undefined {
  return nameSets(index).ofRecord.get(record.urn);
}

/**
 * The set that answers for a hostname, if one of the design does: of several the first that is no `AAAA`.
 *
 * @param provider - how the types of its records begin: `cloudflare:`; empty for any.
 */
export function setAt(index: GraphIndex, host: string, provider = ""): NameSet | undefined {
  const all = nameSets(index).ofHost.get(host) ?? [];
  const sets = all.filter(({ records }) => records[0]?.type.startsWith(provider));
  return sets.find(({ type }) => type !== "AAAA") ?? sets[0];
}

/** Every set of a design, by id. */
export function allSets(index: GraphIndex): readonly NameSet[] {
  return nameSets(index).all;
}

/** Whether another set of the same provider answers for the same name with addresses that clients take first. */
export function isSecondFamily(index: GraphIndex, set: NameSet): boolean {
  if (set.type !== "AAAA" || !set.hostname.known) return false;
  const others = nameSets(index).ofHost.get(set.hostname.value) ?? [];
  return others.some((other) => other.kind === set.kind && other.type !== "AAAA");
}

const nameSets = oncePerGraph((index) => {
  const all = [...cloudflareNames(index), ...route53Names(index), ...googleNames(index)];
  all.sort((a, b) => (a.id < b.id ? -1 : 1));
  const ofRecord = new Map<string, NameSet>();
  const ofHost = new Map<string, NameSet[]>();
  for (const set of all) {
    for (const { urn } of set.records) ofRecord.set(urn, set);
    if (set.hostname.known) push(ofHost, set.hostname.value, set);
  }
  return { all, ofRecord, ofHost };
});
