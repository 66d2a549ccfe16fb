import { known, mapFact, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { text } from "../../reader";
import { referenced } from "../../references";
import { hostOf } from "./hosts";

/** The zone of a record, where it is in the design, and what tells it from other zones. */
export interface ZoneOf {
  zone: Resource | undefined;
  /** The zone's URN, otherwise the text by which it is named; empty where neither is known. */
  key: string;
}

/** The zone that a record names. */
export function zoneOf(index: GraphIndex, record: Resource, property: string, types: readonly string[]): ZoneOf {
  const found = referenced(index, record, property, types);
  const zone = found.known && found.value.length === 1 ? found.value[0] : undefined;
  const written = text(record, property);
  return { zone, key: zone?.urn ?? (written.known ? (written.value ?? "") : "") };
}

/**
 * The whole hostname of a record: names may be written without their zone (Cloudflare, Route 53), as `@`, and with a closing dot (Google).
 * Where the zone's name is not known, the name is taken as it stands.
 *
 * @param zoneProperty - the zone's property that holds its name.
 */
export function hostnameIn(record: Resource, { zone }: ZoneOf, zoneProperty: string): Fact<string> {
  const zoneName = zone === undefined ? known(undefined) : text(zone, zoneProperty);
  return mapFact(text(record, "name"), (written) => {
    const name = hostOf(written ?? "");
    const parent = zoneName.known && zoneName.value !== undefined ? hostOf(zoneName.value) : "";
    if (parent === "" || name === parent || name.endsWith(`.${parent}`)) return name;
    return name === "@" || name === "" ? parent : `${name}.${parent}`;
  });
}

/** Records by what makes them one name: provider's zone, hostname and type. A record whose name or zone is not known is alone. */
export function groupedByName<T extends { record: Resource; zone: ZoneOf; hostname: Fact<string>; type: string }>(
  rows: readonly T[],
): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = row.hostname.known ? `${row.zone.key} ${row.type} ${row.hostname.value}` : row.record.urn;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
