import table from "../components/sizing/region-table.json";
import { GLOBAL, type Place } from "../resilience/model";
import { geographyOf } from "../resilience/places";

/** Groups of places that share ground, grid and weather, so that one event strikes all of a group. */
export interface Grounds {
  /** Groups of `aws:us-east-1` and the like, as far as it is published; each sorted, and the groups too. */
  apart: string[][];
  /** The same where everything that nobody has published is taken to be near. */
  atWorst: string[][];
  /** Why the two differ, as sentences; empty where they are the same. */
  doubts: string[];
}

interface Pair {
  kind: string;
  members: string[];
  failedTogether: boolean;
  reason: string;
}

const PAIRS: readonly Pair[] = table.correlatedPairs;
/** Regions that one event on the ground has struck together, although they are apart. */
const STRUCK = PAIRS.filter(({ kind, failedTogether }) => kind === "physical" && failedTogether);
/** Regions whose distance nobody has published. */
const UNPLACED = PAIRS.filter(({ kind }) => kind === "unknown-distance");

/**
 * The grounds of places. Regions of one geography are one ground (`components/sizing/region-table.json`, with sources in
 * `docs/regions.md`); so are regions further apart that one physical event has struck together, as in the UAE and Bahrain. A software
 * fault that struck several regions of one cloud joins no ground: that is what a second cloud is for.
 */
export function groundsOf(places: readonly Place[]): Grounds {
  const regions = new Map<string, string | undefined>();
  for (const { cloud, region } of places) {
    if (region.known && region.value !== GLOBAL)
      regions.set(`${cloud}:${region.value}`, geographyOf(cloud, region.value));
  }
  const names = [...regions.keys()].sort();
  const nearby = ({ members }: Pair, a: string, b: string): boolean =>
    members.some((one) => isAt(one, a, regions)) && members.some((one) => isAt(one, b, regions)) && a !== b;
  const isOne = (a: string, b: string): boolean => {
    const [left, right] = [regions.get(a), regions.get(b)];
    return (left !== undefined && left === right) || STRUCK.some((pair) => nearby(pair, a, b));
  };
  const mayBeOne = (a: string, b: string): boolean =>
    isOne(a, b) ||
    regions.get(a) === undefined ||
    regions.get(b) === undefined ||
    UNPLACED.some((pair) => nearby(pair, a, b));
  return {
    apart: grouped(names, isOne),
    atWorst: grouped(names, mayBeOne),
    doubts: doubtsOf(names, regions),
  };
}

function isAt(member: string, name: string, regions: ReadonlyMap<string, string | undefined>): boolean {
  return member === name || member === `geography:${regions.get(name) ?? ""}`;
}

function doubtsOf(names: readonly string[], regions: ReadonlyMap<string, string | undefined>): string[] {
  const unheard = names
    .filter((name) => regions.get(name) === undefined)
    .map((name) => `nothing is published about the ground of ${name}`);
  const near = UNPLACED.filter(({ members }) =>
    members.every((member) => names.some((name) => isAt(member, name, regions))),
  ).map(({ members }) => `nobody has published how far ${members.join(" is from ")}`);
  return [...unheard, ...near];
}

/** Groups in which each is one with another, by any number of steps. */
function grouped(names: readonly string[], isOne: (a: string, b: string) => boolean): string[][] {
  const groups: string[][] = [];
  const left = new Set(names);
  for (const name of names) {
    if (!left.delete(name)) continue;
    const group = [name];
    for (const member of group) {
      for (const other of left) {
        if (!isOne(member, other)) continue;
        left.delete(other);
        group.push(other);
      }
    }
    groups.push(group.sort());
  }
  return groups;
}
