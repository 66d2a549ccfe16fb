import { capacityOf, type DeclaredCapacity } from "./declared";
import { nextOf, type Design } from "./design";
import type { Domain } from "./domains";
import { known, Reason, unknown, type Fact, type Unknown } from "./fact";
import { keptFraction, type Liveness } from "./liveness";
import type { Compute, Door, Part } from "./model";
import { compareTexts } from "../components/sizing/words";

/** Requests on their way: what one origin of a pool gets of one door, or the only entry of a door without pools. */
export interface Lane {
  door: Door;
  /** Id of the pool; of the door itself where it has none. */
  pool: string;
  /** Path of the origin in the pool; empty where there is none. */
  property: string;
  /** Ids of the entries that the origin leads to. */
  entries: readonly string[];
  /** 0 to 1: the share of the door's requests, or the most that it may be. */
  share: number;
  /** Set where the share may be smaller, because something is not known. */
  unknown: Unknown | undefined;
}

/** A lane with the computes that answer what comes by it. */
export interface ServedLane extends Lane {
  computes: readonly Compute[];
}

/** What comes by one lane and what is there to answer it; an entry of a survival row. */
export interface Load {
  /** Ids of the door, and of its pool: the door itself where it has none. */
  door: string;
  pool: string;
  /** Path of the origin in the pool: `origins[0]`. Empty where there is none. */
  property: string;
  /** Requests in a second that steering sends there: the most that it may be where `isMost`. */
  requestsPerSecond: number;
  /** Whether less may come, because something is not known. */
  isMost: boolean;
  /** Requests in a second that what runs there at all times, and is left, answers. */
  minimumPerSecond: Fact<number>;
  /** The latter over the former in percent, as a whole number, with what others bring to the same computes; null where it is not known. */
  percent: number | null;
}

/** What all lanes come to. */
export interface Loads {
  loads: Load[];
  /** Smallest percentage of usable minimum over requests; null without a declared peak, or where it is not known. */
  percent: number | null;
  /** What would have to be known for the percentage. */
  unknowns: Unknown[];
}

/** The computes that requests reach from these parts, by id. What a compute needs in its turn does not answer. */
export function computesBehind(
  parts: ReadonlyMap<string, Part>,
  ids: readonly string[],
  isAlive: (id: string) => boolean,
): readonly Compute[] {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) {
    const way = wayFrom(parts, only);
    if (way.through.every(isAlive)) return way.computes;
  }
  return reached(parts, ids, isAlive).computes;
}

/** Everything that requests pass, and where they end. */
interface Way {
  through: readonly string[];
  computes: readonly Compute[];
}

const ways = new WeakMap<ReadonlyMap<string, Part>, Map<string, Way>>();

/** The way from one part while nothing is lost: worked out once, since most losses leave most ways as they are. */
function wayFrom(parts: ReadonlyMap<string, Part>, id: string): Way {
  const known = ways.get(parts) ?? new Map<string, Way>();
  ways.set(parts, known);
  const way = known.get(id) ?? reached(parts, [id], () => true);
  known.set(id, way);
  return way;
}

function reached(parts: ReadonlyMap<string, Part>, ids: readonly string[], isAlive: (id: string) => boolean): Way {
  const computes: Compute[] = [];
  const through = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = parts.get(id);
    if (part === undefined || through.has(id) || !isAlive(id)) continue;
    through.add(id);
    if (part.role === "compute") computes.push(part);
    else if (part.role === "door" || part.role === "pool" || part.role === "entry") {
      for (const other of nextOf(part)) open.push(other);
    }
  }
  return { through: [...through], computes: computes.sort((a, b) => compareTexts(a.id, b.id)) };
}

/** Requests in a second that one unit of a compute answers, as declared. */
export function requestsPerSecondPerUnit(capacity: DeclaredCapacity, compute: Compute): number {
  return declaredFor(capacity, compute) ?? capacity.requestsPerSecondPerUnit;
}

function declaredFor({ perUnit }: DeclaredCapacity, { urn, label }: Part): number | undefined {
  const key = [urn ?? label, label].find((name) => Object.hasOwn(perUnit, name));
  return key === undefined ? undefined : perUnit[key];
}

/** Whole units that stay when their fullest of `1 / (1 - kept)` equal places is lost: of 4 in 3 zones the fullest holds 2. */
export function keptUnits(units: number, kept: number): number {
  return Math.max(0, Math.floor(units - Math.ceil(units * (1 - kept) - 1e-9) + 1e-9));
}

/**
 * What every pool gets and carries. Where several lanes lead to one compute, its units are shared out by what each brings; loads that were
 * declared for one hostname add up, while the load of the whole design may come by any one hostname and is laid on each in turn.
 */
export function loadsOf(
  design: Design,
  lanes: readonly ServedLane[],
  liveness: Liveness,
  domain: Domain | undefined,
): Loads {
  const measured: Measured[] = [];
  for (const lane of lanes) {
    const load = capacityOf(design.declared, hostname(lane.door));
    if (load !== undefined) measured.push(measure(design, lane, load, liveness, domain));
  }
  const groups = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = one.isOwn ? "" : one.lane.door.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const loads: Load[] = [];
  const unknowns: Unknown[] = [];
  for (const group of groups.values()) {
    const units = demandedUnits(group);
    for (const one of group) {
      const load = loadOf(one, percentOf(one, units));
      loads.push(load);
      if (load.percent === null && one.unknown !== undefined) unknowns.push(one.unknown);
    }
  }
  const percents = loads.flatMap(({ percent }) => percent ?? []);
  const isKnown = loads.length > 0 && percents.length === lanes.length;
  return { loads: loads.sort(byLane), percent: isKnown ? smallest(percents) : null, unknowns };
}

interface Measured {
  lane: Lane;
  isOwn: boolean;
  requestsPerSecond: number;
  /** What is left of each compute, in units. */
  computes: { id: string; units: number; perUnit: number }[];
  /** Why it is not known what is left. */
  missing: Unknown | undefined;
  unknown: Unknown | undefined;
}

function measure(
  { parts }: Design,
  lane: ServedLane,
  { capacity, isOwn }: { capacity: DeclaredCapacity; isOwn: boolean },
  { stance }: Liveness,
  domain: Domain | undefined,
): Measured {
  const computes: Measured["computes"] = [];
  let missing: Unknown | undefined;
  for (const compute of lane.computes) {
    const { minimum, place } = compute;
    const kept = domain === undefined ? 1 : keptFraction(place, domain.lost, stance);
    if (!minimum.known) missing ??= minimum;
    else {
      const perUnit = requestsPerSecondPerUnit(capacity, compute);
      computes.push({ id: compute.id, units: keptUnits(minimum.value, kept), perUnit });
    }
  }
  // What stands outside the design is one unit, whose size the owner may declare.
  for (const id of lane.computes.length === 0 ? lane.entries : []) {
    const entry = parts.get(id);
    const declared = entry?.urn === null ? declaredFor(capacity, entry) : undefined;
    if (declared !== undefined) computes.push({ id, units: 1, perUnit: declared });
  }
  if (computes.length === 0) missing ??= unreadable(parts, lane);
  const requestsPerSecond = lane.share * capacity.peakRequestsPerSecond;
  return { lane, isOwn, requestsPerSecond, computes, missing, unknown: missing ?? lane.unknown };
}

/** Why nobody can say what a lane leads to carries: it is elsewhere, or nothing is there whose size could be read. */
function unreadable(parts: ReadonlyMap<string, Part>, { door, pool, property, entries }: Lane): Unknown {
  const part = parts.get(pool);
  const origins = part?.role === "pool" && part.origins.known ? part.origins.value : [];
  const address = origins.find((origin) => origin.property === property)?.address;
  if (address?.known === false) return address;
  const outside = entries.flatMap((id) => parts.get(id) ?? []).find(({ urn }) => urn === null);
  if (outside?.place.region.known === false) return outside.place.region;
  const why = outside === undefined ? "leads to nothing in this design whose size could be read" : Reason.Elsewhere;
  return unknown(part?.urn ?? door.urn ?? door.id, property === "" ? "address" : property, why);
}

function hostname({ hostname: fact, label }: Door): string {
  return fact.known ? fact.value : label;
}

/** Units of each compute that all lanes of a group call for, each lane spread over its computes by what they carry. */
function demandedUnits(group: readonly Measured[]): Map<string, number> {
  const demanded = new Map<string, number>();
  for (const { computes, requestsPerSecond } of group) {
    const carried = carriedBy(computes);
    for (const { id, units, perUnit } of computes) {
      const share = carried === 0 ? 0 : (units * perUnit) / carried;
      demanded.set(id, (demanded.get(id) ?? 0) + (share * requestsPerSecond) / perUnit);
    }
  }
  return demanded;
}

function carriedBy(computes: Measured["computes"]): number {
  return computes.reduce((sum, { units, perUnit }) => sum + units * perUnit, 0);
}

/** Percent of what comes that is carried; null where it is not known. A share that may be smaller is no doubt where even it is carried. */
function percentOf(one: Measured, demanded: ReadonlyMap<string, number>): number | null {
  if (one.missing !== undefined) return null;
  const carried = carriedBy(one.computes);
  const called = one.computes.reduce((sum, { id, perUnit }) => sum + (demanded.get(id) ?? 0) * perUnit, 0);
  const percent = carried === 0 ? 0 : Math.floor((carried / called) * 100 + 1e-9);
  return one.unknown !== undefined && percent < 100 ? null : percent;
}

function loadOf({ lane, requestsPerSecond, computes, missing }: Measured, percent: number | null): Load {
  return {
    door: lane.door.id,
    pool: lane.pool,
    property: lane.property,
    requestsPerSecond,
    isMost: lane.unknown !== undefined,
    minimumPerSecond: missing ?? known(carriedBy(computes)),
    percent,
  };
}

function byLane(a: Load, b: Load): number {
  return compareTexts(a.door, b.door) || compareTexts(a.pool, b.pool) || compareTexts(a.property, b.property);
}

/** Not `Math.min` of all: it takes each as an argument, and there is a limit to their number. */
function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}
