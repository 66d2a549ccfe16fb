import { runningCapacity } from "./capacity";
import { detectionOf, envelope, type Window } from "./detection";
import type { Design } from "./design";
import type { Domain } from "./domains";
import { valueOr, type Unknown } from "./fact";
import { chainOf, livenessWithout, type Liveness, type Stance } from "./liveness";
import { GLOBAL, type Door, type Pool } from "./model";
import { sharesOf } from "./traffic";

/** What becomes of a design when one failure domain is lost. */
export interface SurvivalRow {
  /** The domain: `aws`, `aws:us-east-2`, `aws:us-east-2a`, `geography:ohio`, `account:gcp:PROJECT`, `edge`. */
  domain: string;
  /** Whether every hostname still has a complete serving path. False where it is not known. */
  survives: boolean;
  /** Why it is not known; null where it is. */
  undecided: string | null;
  /** Cloud and region of what then answers requests. */
  servedBy: string[];
  /** Smallest, over the pools that then get traffic, of running minimum over traffic, in percent; null without a declared peak, or where it is not known. */
  capacityPercent: number | null;
  /** From the loss to no new request there, at best and at worst; null where the edge need not act, or where it is not known. */
  detectionSeconds: Window | null;
  /** Parts that are gone: those that stood there, and those that needed them; ids, sorted. */
  lost: string[];
  /** Why it does not survive, as a chain from the hostname to what stood in the domain; null where it does. */
  because: string | null;
}

/** Takes a domain away and tells what is left. `undefined` takes nothing away: the state in which all is well. */
export function survivalOf(design: Design, domain: Domain | undefined): SurvivalRow {
  const outcomes = (["hopeful", "fearful"] as const).map((stance) => outcomeOf(design, domain, stance));
  const [hopeful, fearful] = outcomes;
  if (hopeful === undefined || fearful === undefined) throw new Error("there are two stances");
  const isUndecided = hopeful.because === null && fearful.because !== null;
  return {
    domain: domain?.id ?? "nothing",
    survives: fearful.because === null && hopeful.because === null,
    undecided: isUndecided ? fearful.because : null,
    servedBy: hopeful.because === null ? fearful.servedBy : [],
    capacityPercent: fearful.because === null ? fearful.capacityPercent : null,
    detectionSeconds: fearful.because === null ? fearful.detectionSeconds : null,
    lost: hopeful.lost,
    because: isUndecided ? null : hopeful.because,
  };
}

interface Outcome {
  because: string | null;
  servedBy: string[];
  capacityPercent: number | null;
  detectionSeconds: Window | null;
  lost: string[];
}

function outcomeOf(design: Design, domain: Domain | undefined, stance: Stance): Outcome {
  const liveness = livenessWithout(design.parts, domain?.lost ?? (() => 0), stance);
  const doors = design.of("door").map((door) => afterLoss(design, door, liveness, domain, stance));
  const capacities = doors.map(({ capacityPercent }) => capacityPercent);
  return {
    because: doors.find(({ because }) => because !== null)?.because ?? null,
    servedBy: [...new Set(doors.flatMap(({ servedBy }) => servedBy))].sort(),
    capacityPercent:
      capacities.includes(null) || capacities.length === 0 ? null : Math.min(...(capacities as number[])),
    detectionSeconds: doors.reduce((all: Window | null, { detectionSeconds }) => envelope(all, detectionSeconds), null),
    lost: [...liveness.causes.keys()].sort(),
  };
}

type DoorOutcome = Omit<Outcome, "lost">;

function afterLoss(
  design: Design,
  door: Door,
  liveness: Liveness,
  domain: Domain | undefined,
  stance: Stance,
): DoorOutcome {
  if (!liveness.alive.has(door.id)) return gone(chainText(design, door, liveness));
  const pools = poolsOf(design, door, stance);
  // A door that leads straight to an entry has no pools, and lives as long as it.
  if (pools.length === 0)
    return {
      because: null,
      servedBy: servedByOf(design, [door.id], liveness),
      capacityPercent: null,
      detectionSeconds: null,
    };
  const { capacity } = design.declared;
  const working = pools.filter(({ id }) => liveness.alive.has(id));
  const before = sharesOf(
    door,
    pools.map(({ id }) => id),
    capacity,
  );
  const trapped = pools.find(
    (pool) => !working.includes(pool) && (before.get(pool.id) ?? 0) > 0 && isUnwatched(pool, stance),
  );
  if (trapped !== undefined)
    return gone(
      `${hostnameOf(door)} keeps sending requests to the pool ${trapped.label}, whose health nothing watches`,
    );
  const after = sharesOf(
    door,
    working.map(({ id }) => id),
    capacity,
  );
  const serving = working.filter(({ id }) => (after.get(id) ?? 0) > 0);
  const lostPools = pools.filter((pool) => !working.includes(pool) && (before.get(pool.id) ?? 0) > 0);
  return {
    because: null,
    servedBy: servedByOf(
      design,
      serving.map(({ id }) => id),
      liveness,
    ),
    capacityPercent: capacityPercentOf(design, serving, after, liveness, domain),
    detectionSeconds: detectionAfter(design, door, lostPools),
  };
}

function gone(because: string): DoorOutcome {
  return { because, servedBy: [], capacityPercent: null, detectionSeconds: null };
}

/** The pools that a door may use, in its order: the default ones that are enabled, and the fallback where it is another. */
export function poolsOf(design: Design, door: Door, stance: Stance = "fearful"): Pool[] {
  const ids = valueOr(door.pools, []);
  const fallback = valueOr(door.fallback, undefined);
  return [...new Set(fallback === undefined ? ids : [...ids, fallback])].flatMap((id) => {
    const pool = design.parts.get(id);
    return pool?.role === "pool" && valueOr(pool.isEnabled, stance === "hopeful") ? [pool] : [];
  });
}

function isUnwatched(pool: Pool, stance: Stance): boolean {
  return pool.monitor.known ? pool.monitor.value === undefined : stance === "fearful";
}

function capacityPercentOf(
  design: Design,
  serving: readonly Pool[],
  shares: ReadonlyMap<string, number>,
  { alive }: Liveness,
  domain: Domain | undefined,
): number | null {
  const { capacity } = design.declared;
  if (capacity === undefined) return null;
  const percents = serving.map((pool) => {
    const running = runningCapacity(design, pool, alive, domain);
    const traffic = (shares.get(pool.id) ?? 0) * capacity.peakRequestsPerSecond;
    return running.known && traffic > 0 ? Math.floor((running.value / traffic) * 100 + 1e-9) : undefined;
  });
  const sure = percents.filter((percent) => percent !== undefined);
  return sure.length === percents.length && sure.length > 0 ? Math.min(...sure) : null;
}

function detectionAfter(design: Design, door: Door, lostPools: readonly Pool[]): Window | null {
  let all: Window | null = null;
  for (const { monitor } of lostPools) {
    if (!monitor.known || monitor.value === undefined) return null;
    const window = detectionOf(door, monitor.value, design.declared);
    if (!window.known) return null;
    all = envelope(all, window.value);
  }
  return all;
}

function servedByOf(design: Design, ids: readonly string[], { alive }: Liveness): string[] {
  const open = [...ids];
  const seen = new Set<string>();
  const places = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const part = design.parts.get(id);
    if (part === undefined || seen.has(id) || !alive.has(id)) continue;
    seen.add(id);
    // What a compute needs is not what answers.
    if (part.role === "compute") places.add(`${part.place.cloud}:${valueOr(part.place.region, "unknown")}`);
    else open.push(...part.needs.flatMap((need) => need.of));
  }
  return [...places].sort();
}

/** The hostname of a door as a person knows it. */
export function hostnameOf(door: Door): string {
  return valueOr(door.hostname, door.label);
}

function chainText(design: Design, door: Door, { causes }: Liveness): string {
  const chain = chainOf(causes, door.id);
  const steps = chain.map(({ id, what }) => {
    const part = design.parts.get(id);
    const where =
      part === undefined || valueOr(part.place.region, GLOBAL) === GLOBAL
        ? ""
        : ` in ${part.place.cloud}:${valueOr(part.place.region, "")}`;
    return `${part?.label ?? id}${where}${what === null ? "" : ` needs ${what}`}`;
  });
  return steps.join(" -> ");
}

/** Everything about a fact that is not known, for a person: which property of what, and why. */
export function notKnown({ urn, property, why }: Unknown): string {
  return `${property} of ${urn.split("::").at(-1) ?? urn} ${why}`;
}
