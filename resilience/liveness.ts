import type { Loss } from "./domains";
import type { Need, Part, Place } from "./model";

/** How to take what is not known: as being there, or as being gone. What differs between the two is undecided. */
export type Stance = "hopeful" | "fearful";

/** What is left when a place is lost. */
export interface Liveness {
  stance: Stance;
  /** Whether it is known of every part whether it stood in the lost domain. Then both stances come to the same, as far as places decide. */
  isSure: boolean;
  /** Whether a part is there and works. */
  isAlive: (id: string) => boolean;
  /** Why a part does not work; undefined for one that does. */
  causeOf: (id: string) => Cause | undefined;
  /** Ids of the parts that worked before and do not now, sorted. */
  lost: () => string[];
}

/** Why a part is gone: it stood there, or too few are left of what it needs. */
export type Cause = { kind: "stood-there" } | { kind: "needs"; need: Need };

/**
 * Takes a failure domain away, with everything that needs it by any number of steps. Parts in a circle of needs hold one another up.
 * The web of needs is made once for each map of parts; each call is linear in the parts, and then in what is lost.
 */
export function livenessWithout(
  parts: ReadonlyMap<string, Part>,
  lost: (place: Place) => Loss,
  stance: Stance,
): Liveness {
  const web = webOf(parts);
  const before = wholeOf(web, stance);
  const spread = new Spread(web, before, stance);
  let isSure = true;
  web.parts.forEach((part, place) => {
    const loss = lost(part.place);
    if (loss === "unknown") isSure = false;
    if (isLost(loss, stance)) spread.kill(place, { kind: "stood-there" });
  });
  const causes = spread.run();
  const { dead } = spread;
  return {
    stance,
    isSure,
    isAlive: (id) => {
      const place = web.places.get(id);
      return place !== undefined && dead[place] === 0;
    },
    causeOf: (id) => {
      const place = web.places.get(id);
      return place === undefined ? undefined : (before.causes.get(place) ?? causes.get(place));
    },
    lost: () => [...causes.keys()].flatMap((place) => web.parts[place]?.id ?? []).sort(),
  };
}

function isLost(loss: Loss, stance: Stance): boolean {
  return loss === "unknown" ? stance === "fearful" : loss >= 1 - 1e-9;
}

/** Whether enough is there of what is needed; where it is not known what that is, a hopeful view takes it for enough. */
export function isMet(need: Need, { isAlive, stance }: Liveness): boolean {
  if (need.unknown !== undefined && stance === "hopeful") return true;
  return need.of.filter(isAlive).length >= need.atLeast;
}

/** Parts and needs by number, so that taking something away touches only what needs it. */
interface Web {
  parts: readonly Part[];
  places: ReadonlyMap<string, number>;
  needs: readonly { part: number; need: Need }[];
  /** Numbers of the needs that name a part, once for each time that they do. */
  users: readonly (readonly number[])[];
  /** The state in which nothing is lost, by stance. */
  whole: Map<Stance, State>;
}

/** What does not work, why, and how many of each need's parts still do. */
interface State {
  /** 1 for each part that does not work. */
  dead: Uint8Array;
  causes: ReadonlyMap<number, Cause>;
  counts: Int32Array;
}

const webs = new WeakMap<ReadonlyMap<string, Part>, Web>();

function webOf(parts: ReadonlyMap<string, Part>): Web {
  const made = webs.get(parts);
  if (made !== undefined) return made;
  const list = [...parts.values()];
  const places = new Map(list.map(({ id }, place) => [id, place]));
  const needs = list.flatMap((part, place) => part.needs.map((need) => ({ part: place, need })));
  const users: number[][] = list.map(() => []);
  needs.forEach(({ need }, number) => {
    for (const id of need.of) users[places.get(id) ?? -1]?.push(number);
  });
  const web: Web = { parts: list, places, needs, users, whole: new Map() };
  webs.set(parts, web);
  return web;
}

/** The state in which nothing is lost. Even then a part may not work: a pool without origins, a need of something that is not there. */
function wholeOf(web: Web, stance: Stance): State {
  const made = web.whole.get(stance);
  if (made !== undefined) return made;
  const counts = Int32Array.from(web.needs, ({ need }) => need.of.filter((id) => web.places.has(id)).length);
  const spread = new Spread(web, { dead: new Uint8Array(web.parts.length), causes: new Map(), counts }, stance);
  web.needs.forEach((_, number) => {
    spread.check(number);
  });
  const state: State = { causes: spread.run(), counts: spread.counts, dead: spread.dead };
  web.whole.set(stance, state);
  return state;
}

/** A loss on its way through the web. */
class Spread {
  readonly counts: Int32Array;
  readonly dead: Uint8Array;
  private readonly causes = new Map<number, Cause>();
  private readonly open: number[] = [];
  private readonly web: Web;
  private readonly stance: Stance;

  constructor(web: Web, { dead, counts }: State, stance: Stance) {
    this.web = web;
    this.dead = dead.slice();
    this.counts = counts.slice();
    this.stance = stance;
  }

  kill(place: number, cause: Cause): void {
    if (this.dead[place] === 1) return;
    this.dead[place] = 1;
    this.causes.set(place, cause);
    this.open.push(place);
  }

  /** Takes the part away that has a need, where too few are left of what it names. */
  check(number: number): void {
    const { part, need } = this.web.needs[number] ?? {};
    if (part === undefined || need === undefined || this.dead[part] === 1) return;
    if (need.unknown !== undefined && this.stance === "hopeful") return;
    if ((this.counts[number] ?? 0) < need.atLeast) this.kill(part, { kind: "needs", need });
  }

  /** Follows what was taken away to everything that needs it. */
  run(): ReadonlyMap<number, Cause> {
    for (let place = this.open.pop(); place !== undefined; place = this.open.pop()) {
      for (const number of this.web.users[place] ?? []) {
        this.counts[number] = (this.counts[number] ?? 0) - 1;
        this.check(number);
      }
    }
    return this.causes;
  }
}

/** One step of a chain of reasons. */
export interface Step {
  id: string;
  cause: Cause | undefined;
}

/**
 * The chain of reasons for which a part is gone, from the part to what stood in the lost domain. Ends where it would repeat.
 *
 * @param isPreferred - which of several missing things is followed; the first where none is preferred.
 */
export function chainOf({ causeOf, isAlive }: Liveness, id: string, isPreferred: (id: string) => boolean): Step[] {
  const chain: Step[] = [];
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined && !seen.has(at);) {
    seen.add(at);
    const cause = causeOf(at);
    chain.push({ id: at, cause });
    const missing: string[] = cause?.kind === "needs" ? cause.need.of.filter((other) => !isAlive(other)) : [];
    at = missing.find(isPreferred) ?? missing[0];
  }
  return chain;
}

/** The part of its units (0 to 1) that a compute keeps when a domain is lost and it is still there. */
export function keptFraction(place: Place, lost: (place: Place) => Loss, stance: Stance): number {
  const loss = lost(place);
  if (loss === "unknown") return stance === "hopeful" ? 1 : 0;
  return Math.max(0, 1 - loss);
}
