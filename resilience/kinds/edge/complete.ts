import type { GraphIndex } from "../../index-of";
import type { Door, Entry, Part, Pool } from "../../model";
import { known } from "../../fact";
import { property } from "../../reader";
import { externalEntries } from "../origins";
import { CLOUDFLARE_POOL } from "./types";

/** Doors that are no hostname of their own while something else leads to them. A Cloudflare load balancer always is one. */
const STEPS_ON_THE_WAY: ReadonlySet<Door["kind"]> = new Set(["dns", "route53", "cloudfront", "global-accelerator"]);

/**
 * What can be told about the edge only when all parts are there: the entries outside the design that something needs, and names,
 * distributions and accelerators that stand behind a pool. These are ways in, like a balancer: what must survive is the hostname that clients
 * call, and the name of one region's origin is right to die with its region.
 */
export function completeEdges(parts: Map<string, Part>, index: GraphIndex): void {
  const outside = externalEntries(index);
  const open: Part[] = [];
  for (const part of [...parts.values()]) {
    for (const id of neededBy(part)) {
      const external = outside.get(id);
      if (external !== undefined) parts.set(id, external);
    }
    if (part.role !== "door") open.push(part);
  }
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    for (const id of neededBy(part)) {
      const door = parts.get(id);
      if (door?.role !== "door" || !STEPS_ON_THE_WAY.has(door.kind)) continue;
      const entry = asEntry(door);
      parts.set(id, entry);
      open.push(entry);
    }
  }
  for (const part of [...parts.values()]) if (part.role === "pool") closeToTheEdge(part, parts, index);
}

/**
 * Cloudflare's load balancing reaches public addresses alone, and private ones through a tunnel's virtual network
 * (developers.cloudflare.com/load-balancing/private-network): what a pool leads to inside of a cloud's network gets no request from it.
 */
function closeToTheEdge({ urn, origins }: Pool, parts: Map<string, Part>, index: GraphIndex): void {
  const resource = index.byUrn.get(urn ?? "");
  if (resource?.type !== CLOUDFLARE_POOL || !origins.known) return;
  for (const origin of origins.value) {
    const network = property(resource, `${origin.property}.virtualNetworkId`);
    if (!network.known || network.value !== undefined) continue;
    for (const id of origin.entries) {
      const entry = parts.get(id);
      if (entry?.role !== "entry" || (entry.isPublic.known && entry.isPublic.value)) continue;
      const unclear = entry.isPublic.known ? {} : { unknown: entry.isPublic };
      const need = { what: "an address that the edge reaches, and it is internal", atLeast: 1, of: [], ...unclear };
      parts.set(id, { ...entry, needs: [...entry.needs, need] });
    }
  }
}

function neededBy({ needs }: Part): string[] {
  return needs.flatMap(({ of }) => of);
}

function asEntry({ id, urn, label, place, needs }: Door): Entry {
  return { role: "entry", id, urn, label, place, needs, isPublic: known(true), checks: [] };
}
