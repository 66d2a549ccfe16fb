import { computesBehind, loadsOf, type Lane, type Load, type Loads, type ServedLane } from "./capacity";
import { detectionOf, envelope, type Window } from "./detection";
import type { Design } from "./design";
import type { Domain } from "./domains";
import { known, valueOr, type Fact, type Unknown } from "./fact";
import { livenessWithout, type Liveness, type Stance } from "./liveness";
import type { Place } from "./model";
import { hasDoubts } from "./doubts";
import { outcomeAt, type DoorOutcome, type Failure } from "./outcome";
import { doubtsOf, explain } from "./reasons";

export { hostnameOf } from "./outcome";

/** What becomes of a design when one failure domain is lost. */
export interface SurvivalRow {
  /** The domain: `aws`, `aws:us-east-2`, `aws:us-east-2a`, `geography:ohio`, `account:gcp:PROJECT`, `edge`; `nothing` for the whole design. */
  domain: string;
  /** Whether every hostname still has a complete serving path. False where it is not known. */
  survives: boolean;
  /** Why it is not known; null where it is. */
  undecided: string | null;
  /** Cloud and region of what then answers requests, of any hostname; sorted. */
  servedBy: string[];
  /** Smallest, over the pools that then get traffic, of running minimum over traffic, in percent; null without a declared peak, or where it is not known. */
  capacityPercent: number | null;
  /** From the loss to no new request there, at best and at worst; null where the edge need not act, or where it is not known. */
  detectionSeconds: Window | null;
  /** Parts that are gone: those that stood there, and those that needed them; ids, sorted. */
  lost: string[];
  /** Why it does not survive, as a chain from the hostname to what stood in the domain; null where it does. */
  because: string | null;
  /** Ids of the parts of the chain that `because` or `undecided` tells, from the door on. Empty where it survives. */
  chain: string[];
  /** Ids of the doors by which some get no answer any more, sorted. */
  doors: string[];
  /** What then comes to each pool and what is there to answer it, of the hostnames with a declared peak; sorted. */
  loads: Load[];
  /** What would have to be known for what is null or undecided, sorted. */
  unknowns: RowUnknown[];
}

/** Something that is not known, and what of a row hangs on it. */
export interface RowUnknown extends Unknown {
  of: "survival" | "capacity" | "detection";
}

/** Takes a domain away and tells what is left. `undefined` takes nothing away: the state in which all is well. */
export function survivalOf(design: Design, domain: Domain | undefined): SurvivalRow {
  const hopeful = viewOf(design, domain, "hopeful");
  // Where all is known there is nothing to be afraid of: the other view would be the same.
  const fearful = hopeful.liveness.isSure && !hasDoubts(design) ? hopeful : viewOf(design, domain, "fearful");
  const [failure] = hopeful.failures.length > 0 ? hopeful.failures : fearful.failures;
  const base = {
    domain: domain?.id ?? "nothing",
    servedBy: fearful.servedBy,
    lost: hopeful.liveness.lost(),
    doors: hopeful.failures.map(({ door }) => door.id).sort(),
    loads: hopeful.loads.loads,
  };
  if (failure === undefined) {
    const unknowns = [...doubtsOfCapacity(design, domain, hopeful, fearful), ...doubtsOfDetection(fearful)];
    return {
      ...base,
      survives: true,
      undecided: null,
      because: null,
      chain: [],
      capacityPercent: hopeful.loads.percent === fearful.loads.percent ? fearful.loads.percent : null,
      detectionSeconds: fearful.detection.known
        ? envelope(valueOr(hopeful.detection, null), fearful.detection.value)
        : null,
      unknowns: sortedUnknowns(unknowns),
    };
  }
  const isSure = hopeful.failures.length > 0;
  const liveness = isSure ? hopeful.liveness : fearful.liveness;
  const { text, chain, unknown } = explain(design, failure, liveness, domain, isSure ? undefined : hopeful.liveness);
  const roots = isSure ? [] : doubtsOf(design, hopeful.liveness, fearful.liveness, domain);
  return {
    ...base,
    survives: false,
    undecided: isSure ? null : text,
    because: isSure ? text : null,
    chain,
    capacityPercent: null,
    detectionSeconds: null,
    unknowns: sortedUnknowns(
      [...(unknown === undefined ? [] : [unknown]), ...roots].map((one) => ({ ...one, of: "survival" })),
    ),
  };
}

/** One view of a loss: hopeful or fearful about what is not known. */
interface View {
  liveness: Liveness;
  failures: Failure[];
  servedBy: string[];
  loads: Loads;
  detection: Fact<Window | null>;
}

function viewOf(design: Design, domain: Domain | undefined, stance: Stance): View {
  const liveness = livenessWithout(design.parts, domain?.lost ?? (() => 0), stance);
  const outcomes = design.doors.map((door) => outcomeAt(design, door, liveness));
  const lanes: ServedLane[] = [];
  for (const outcome of outcomes) {
    for (const lane of outcome.lanes) {
      const { door, pool, property, entries, share, unknown } = lane;
      const computes = computesBehind(design.parts, entries, liveness.isAlive);
      lanes.push({ door, pool, property, entries, share, unknown, computes });
    }
  }
  return {
    liveness,
    failures: outcomes.flatMap(({ failure }) => failure ?? []),
    servedBy: servedBy(design, lanes),
    loads: loadsOf(design, lanes, liveness, domain),
    detection: detectionAfter(design, wholeLanes(design, stance), liveness, outcomes),
  };
}

const wholes = new WeakMap<Design, Map<Stance, Lane[]>>();

/** Where requests go while nothing is lost; worked out once for each design. */
function wholeLanes(design: Design, stance: Stance): Lane[] {
  const made = wholes.get(design) ?? new Map<Stance, Lane[]>();
  wholes.set(design, made);
  const lanes = made.get(stance) ?? lanesBefore(design, stance);
  made.set(stance, lanes);
  return lanes;
}

function lanesBefore(design: Design, stance: Stance): Lane[] {
  const liveness = livenessWithout(design.parts, () => 0, stance);
  return design.doors.flatMap((door) => outcomeAt(design, door, liveness).lanes);
}

/** How long the edge goes on sending requests to origins that are dead now, over all doors that still answer. */
function detectionAfter(
  design: Design,
  before: readonly Lane[],
  { isAlive }: Liveness,
  outcomes: readonly DoorOutcome[],
): Fact<Window | null> {
  const answering = new Set(outcomes.flatMap(({ door, failure }) => (failure === undefined ? [door.id] : [])));
  let all: Window | null = null;
  for (const { door, pool: id, entries } of before) {
    const pool = design.parts.get(id);
    if (pool?.role !== "pool" || !answering.has(door.id) || entries.every(isAlive) || !isAlive(door.id)) continue;
    if (!pool.monitor.known) return pool.monitor;
    if (pool.monitor.value === undefined) continue;
    const window = detectionOf(door, pool.monitor.value, design.declared);
    if (!window.known) return window;
    all = envelope(all, window.value);
  }
  return known(all);
}

/** Where what answers stands. Behind an address outside the design nobody sees, so that is where it is. */
function servedBy(design: Design, lanes: readonly ServedLane[]): string[] {
  const places = new Set<Place>();
  for (const { computes, entries } of lanes) {
    for (const { place } of computes) places.add(place);
    for (const id of computes.length === 0 ? entries : []) {
      const part = design.parts.get(id);
      if (part !== undefined) places.add(part.place);
    }
  }
  return [...new Set([...places].map(({ cloud, region }) => `${cloud}:${valueOr(region, "unknown")}`))].sort();
}

function doubtsOfCapacity(design: Design, domain: Domain | undefined, hopeful: View, fearful: View): RowUnknown[] {
  const own = [...hopeful.loads.unknowns, ...fearful.loads.unknowns];
  const isAgreed = hopeful.loads.percent === fearful.loads.percent;
  const roots = isAgreed ? [] : doubtsOf(design, hopeful.liveness, fearful.liveness, domain);
  return [...own, ...roots].map((one) => ({ ...one, of: "capacity" }));
}

function doubtsOfDetection({ detection }: View): RowUnknown[] {
  return detection.known ? [] : [{ ...detection, of: "detection" }];
}

function sortedUnknowns(unknowns: readonly RowUnknown[]): RowUnknown[] {
  const found = new Map(unknowns.map((one) => [`${one.of} ${one.urn} ${one.property}`, one]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
