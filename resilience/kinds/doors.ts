import { closureOf, nextOf } from "../design";
import { known, type Unknown } from "../fact";
import { GLOBAL, type Door, type Entry, type Part } from "../model";
import { withoutPools } from "./defaults";

/**
 * Makes a door of each public entry that no door leads to: whoever knows its address calls it, so a design without an edge is judged too.
 * Each is a hostname of its own, since nothing moves clients from one to another. Where it is not known whether anybody outside reaches the
 * entry, or where a door of the design leads, it is not known whether the new door matters.
 *
 * An entry of a pool that no door lists is a region out of use, as long as some door lists other pools; without any such door nothing but
 * the address is left.
 *
 * To be called when all kinds and all other doors have spoken. What redirects, or its owner keeps out of the serving path, is no entry
 * then.
 */
export function addAddressDoors(parts: Map<string, Part>): void {
  const all = [...parts.values()];
  const doors = all.filter((part) => part.role === "door");
  const hasPools = doors.some(({ pools }) => !pools.known || pools.value.length > 0);
  const ledTo = closureOf(parts, idsOf([...doors, ...(hasPools ? all.filter(({ role }) => role === "pool") : [])]));
  const unclear = unclearDestination(doors, parts);
  const naked = all.filter(
    (part): part is Entry =>
      part.role === "entry" &&
      part.urn !== null &&
      !ledTo.has(part.id) &&
      mayBePublic(part) &&
      !isFilesAlone(part, parts),
  );
  for (const entry of outermost(naked, parts)) parts.set(doorId(entry), doorOf(entry, unclear));
}

/** Whether an entry leads to buckets alone. Static files are no serving path: what hands out nothing else is no door, as before any edge. */
export function isFilesAlone({ needs }: Entry, parts: ReadonlyMap<string, Part>): boolean {
  const behind = needs.flatMap(({ of }) => of.map((id) => parts.get(id)));
  const isKnown = needs.every(({ unknown, of }) => unknown === undefined && of.length > 0);
  return isKnown && behind.length > 0 && behind.every((part) => part?.role === "data" && FILES.has(part.kind));
}

/** Kinds of data that are files in a bucket. */
const FILES: ReadonlySet<string> = new Set(["gcs", "s3"]);

/** Those of the entries that no other of them leads to: what stands behind another is reached through it. Of a circle the first stands for all. */
function outermost(entries: readonly Entry[], parts: ReadonlyMap<string, Part>): Entry[] {
  const behind = closureOf(
    parts,
    entries.flatMap((entry) => nextOf(entry)),
  );
  const outer = entries.filter(({ id }) => !behind.has(id));
  const covered = closureOf(parts, idsOf(outer));
  for (const entry of entries) {
    if (covered.has(entry.id)) continue;
    outer.push(entry);
    for (const id of closureOf(parts, [entry.id])) covered.add(id);
  }
  return outer;
}

function idsOf(parts: readonly Part[]): string[] {
  return parts.map(({ id }) => id);
}

/** Something that is not known about where doors lead: any entry of the design may be meant. */
function unclearDestination(doors: readonly Door[], parts: ReadonlyMap<string, Part>): Unknown | undefined {
  for (const door of doors) {
    for (const fact of [door.pools, door.fallback, ...door.overrides.map(({ pools }) => pools)])
      if (!fact.known) return fact;
  }
  for (const id of closureOf(parts, idsOf(doors))) {
    const part = parts.get(id);
    if (part?.role !== "pool") continue;
    if (!part.origins.known) return part.origins;
    for (const { address, entries } of part.origins.value) {
      const isInside = entries.some((entry) => (parts.get(entry)?.urn ?? null) !== null);
      if (!address.known && !isInside) return address;
    }
  }
  return undefined;
}

function mayBePublic({ isPublic }: Entry): boolean {
  return !isPublic.known || isPublic.value;
}

function doorId({ id }: Entry): string {
  return `${id}#door`;
}

function doorOf(entry: Entry, unclear: Unknown | undefined): Door {
  const { urn, label, isPublic } = entry;
  const doubt = isPublic.known ? unclear : isPublic;
  return {
    role: "door",
    kind: "address",
    id: doorId(entry),
    urn,
    label,
    // An address is lost with its entry, and not by itself.
    place: { cloud: "other", region: known(GLOBAL), account: known(""), zones: known([]) },
    needs: [{ what: "an origin", atLeast: 1, of: [entry.id], ...(doubt === undefined ? {} : { unknown: doubt }) }],
    hostname: known(label),
    isProxied: known(false),
    ttlSeconds: known(0),
    steering: known("off"),
    isOrdered: true,
    ...withoutPools,
  };
}

/**
 * The doors that are the name of one region of a hostname that has several: plain names and addresses whose only entry is one of those of
 * another door. What chooses between pools is a hostname of its own, and so is a plain name of an entry that nobody else leads to.
 */
export function detoursOf(doors: readonly Door[], parts: ReadonlyMap<string, Part>): Set<Door> {
  const entries = new Map(doors.map((door) => [door, entriesOf(door, parts)]));
  const shared = new Set([...entries.values()].flatMap((own) => (own.size > 1 ? [...own] : [])));
  return new Set(
    doors.filter((door) => {
      const own = entries.get(door) ?? new Set<string>();
      return PLAIN.has(door.kind) && own.size === 1 && [...own].every((id) => shared.has(id));
    }),
  );
}

const PLAIN: ReadonlySet<Door["kind"]> = new Set(["dns", "route53", "address"]);

/** Ids of the entries that a door leads to first: what stands behind an entry is its own affair. */
function entriesOf(door: Door, parts: ReadonlyMap<string, Part>): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = nextOf(door);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = parts.get(id);
    if (part === undefined || seen.has(id)) continue;
    seen.add(id);
    if (part.role === "entry") found.add(id);
    else if (part.role === "pool" || part.role === "door") for (const other of nextOf(part)) open.push(other);
  }
  return found;
}
