import { closureOf, nextOf } from "../design";
import { known } from "../fact";
import type { Door, Entry, Part } from "../model";

/**
 * Makes a door of each public entry that no door leads to: whoever knows its address calls it, so a design without an edge is judged too.
 * Each is a hostname of its own, since nothing moves clients from one to another. Where it is not known whether anybody outside reaches the
 * entry, it is not known whether the door matters.
 *
 * To be called when all kinds and all other doors have spoken. What redirects, or its owner keeps out of the serving path, is no entry
 * then.
 */
export function addAddressDoors(parts: Map<string, Part>): void {
  const doors = [...parts.values()].filter(({ role }) => role === "door");
  const ledTo = closureOf(
    parts,
    doors.map(({ id }) => id),
  );
  const naked = [...parts.values()].filter(
    (part): part is Entry => part.role === "entry" && part.urn !== null && !ledTo.has(part.id) && mayBePublic(part),
  );
  // An entry behind another one is reached through it; of a circle the first stands for all.
  const behind = closureOf(
    parts,
    naked.flatMap((entry) => nextOf(entry)),
  );
  const outer = naked.filter(({ id }) => !behind.has(id));
  const covered = closureOf(
    parts,
    outer.map(({ id }) => id),
  );
  for (const entry of naked) {
    if (covered.has(entry.id)) continue;
    outer.push(entry);
    for (const id of closureOf(parts, [entry.id])) covered.add(id);
  }
  for (const entry of outer) parts.set(doorId(entry), doorOf(entry));
}

function mayBePublic({ isPublic }: Entry): boolean {
  return !isPublic.known || isPublic.value;
}

function doorId({ id }: Entry): string {
  return `${id}#door`;
}

function doorOf(entry: Entry): Door {
  const { urn, label, place, isPublic } = entry;
  return {
    role: "door",
    kind: "address",
    id: doorId(entry),
    urn,
    label,
    place,
    needs: [{ what: "an origin", atLeast: 1, of: [entry.id], ...(isPublic.known ? {} : { unknown: isPublic }) }],
    hostname: known(label),
    isProxied: known(false),
    ttlSeconds: known(0),
    steering: known("off"),
    pools: known([]),
    isOrdered: true,
    fallback: known(undefined),
    weights: known({}),
    overrides: [],
    triesOtherPools: known(false),
    sessionAffinity: known("none"),
    zeroDowntimeFailover: known("none"),
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
