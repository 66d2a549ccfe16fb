import type { Design } from "../resilience/design";
import { closureOf } from "../resilience/design";
import { known, unknown, valueOr, type Fact, type Unknown } from "../resilience/fact";
import {
  GLOBAL,
  type Compute,
  type Data,
  type Dependency,
  type Entry,
  type Part,
  type PartOf,
  type Place,
  type Role,
} from "../resilience/model";

/** The parts of one role that stand in a serving path, by id. */
export function servingParts<R extends Role>(design: Design, role: R): PartOf<R>[] {
  return design.of(role).filter(({ id }) => design.serving.has(id));
}

/** `aws:us-east-2`; `aws` alone for what the cloud runs everywhere, and for what stands in a region that is not known. */
export function placeName({ cloud, region }: Place): string {
  const name = valueOr(region, GLOBAL);
  return name === GLOBAL ? cloud : `${cloud}:${name}`;
}

/** A number with its noun: `1 zone`, `3 zones`. */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`; past `most` the number of the others. */
export function listed(items: readonly string[], most = 4): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${String(items.length - most + 1)} more`] : items;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

/** Computes of which any one answers in the place of another: those behind one target group, backend service or single address. */
export interface ReplicaSet {
  /** The resource that a finding names: the compute where it is one, otherwise what stands before them. */
  urn: string | null;
  label: string;
  place: Place;
  computes: Compute[];
}

/**
 * The sets of interchangeable computes of all serving paths. What an entry needs is one set for each need, since a balancer does not fail
 * over between target groups; a compute that no entry leads to is a set of its own.
 */
export function replicaSets(design: Design): ReplicaSet[] {
  const sets = new Map<string, ReplicaSet>();
  for (const entry of servingParts(design, "entry")) {
    for (const need of entry.needs) {
      const computes = need.of.flatMap((id) => design.parts.get(id) ?? []).filter((part) => part.role === "compute");
      if (computes.length > 0) sets.set(computes.map(({ id }) => id).join(" "), setOf(computes, entry));
    }
  }
  const covered = new Set([...sets.values()].flatMap(({ computes }) => computes.map(({ id }) => id)));
  for (const compute of servingParts(design, "compute")) {
    if (!covered.has(compute.id)) sets.set(compute.id, setOf([compute], compute));
  }
  return [...sets.values()];
}

function setOf(computes: Compute[], front: Entry | Compute): ReplicaSet {
  const [first, ...others] = computes;
  const one = first !== undefined && others.length === 0 ? first : front;
  return { urn: one.urn, label: one.label, place: one.place, computes };
}

/** What a compute reads, from the place in which it runs. */
export interface Use {
  compute: Compute;
  dependency: Dependency;
  /** Where it is read, when that is neither the compute's own region nor several: `aws:us-east-1`. Undefined: near enough. */
  far: Fact<string | undefined>;
}

/** What the serving computes read of one kind. */
export function usesOf(design: Design, kind: Dependency["kind"]): Use[] {
  return servingParts(design, "compute").flatMap((compute) =>
    compute.dependencies
      .filter((dependency) => dependency.kind === kind)
      .map((dependency) => ({ compute, dependency, far: farPlaceOf(compute, dependency) })),
  );
}

/**
 * Where a dependency stands, if one outage outside of the compute's own region can take it away: one other region, another cloud, or
 * somebody else. What can be read in several regions of the same cloud, or everywhere in it, is near.
 */
function farPlaceOf(compute: Compute, { cloud, regions }: Dependency): Fact<string | undefined> {
  if (!cloud.known) return cloud;
  if (!regions.known) return regions;
  const names = [...new Set(regions.value)].sort();
  if (cloud.value === "other") return known("somebody else's registry or service");
  if (cloud.value !== compute.place.cloud) {
    return known(
      names.length === 0 || names.includes(GLOBAL)
        ? cloud.value
        : names.map((name) => `${cloud.value}:${name}`).join(", "),
    );
  }
  if (names.includes(GLOBAL) || names.length > 1) return known(undefined);
  if (!compute.place.region.known) return compute.place.region;
  const [only] = names;
  if (only === undefined)
    return unknown(compute.urn ?? compute.id, "region", "of what it reads is nowhere in the design");
  return known(
    only === compute.place.region.value || compute.place.region.value === GLOBAL ? undefined : `${cloud.value}:${only}`,
  );
}

/** Uses that a finding can name together: of one compute, from one place. */
export interface FarUse {
  compute: Compute;
  from: string;
  dependencies: Dependency[];
}

/** The far uses, together by compute and place; and those of which it is not known, each property once. */
export function farUses(uses: readonly Use[]): { far: FarUse[]; undecided: { compute: Compute; fact: Unknown }[] } {
  const far = new Map<string, FarUse>();
  const open = new Map<string, { compute: Compute; fact: Unknown }>();
  for (const { compute, dependency, far: fact } of uses) {
    if (!fact.known) open.set(`${compute.id} ${fact.urn} ${fact.property}`, { compute, fact });
    else if (fact.value !== undefined) {
      const key = `${compute.id} ${fact.value}`;
      const group = far.get(key) ?? { compute, from: fact.value, dependencies: [] };
      far.set(key, { ...group, dependencies: [...group.dependencies, dependency] });
    }
  }
  return { far: [...far.values()], undecided: [...open.values()] };
}

/** Ids of everything that serves, and of what it reads: parts of dependencies count as used. */
export function usedBySomethingServing(design: Design): ReadonlySet<string> {
  const read = servingParts(design, "compute").flatMap(({ dependencies }) =>
    dependencies.flatMap(({ parts }) => parts),
  );
  return closureOf(design.parts, [...design.serving, ...read]);
}

/** Data that stands for itself: not the copy of another store in another region, which its source already tells of. */
export function isOwnStore({ id, urn }: Data): boolean {
  return id === urn;
}
