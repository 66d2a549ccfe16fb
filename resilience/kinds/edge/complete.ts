import type { GraphIndex } from "../../index-of";
import type { Door, Entry, Part } from "../../model";
import { known } from "../../fact";
import { externalEntries } from "../origins";

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
}

function neededBy({ needs }: Part): string[] {
  return needs.flatMap(({ of }) => of);
}

function asEntry({ id, urn, label, place, needs }: Door): Entry {
  return { role: "entry", id, urn, label, place, needs, isPublic: known(true), checks: [] };
}
