import { closureOf, type Design } from "../resilience/design";
import { known, Reason, unknown, valueOr, type Fact, type Unknown } from "../resilience/fact";
import {
  GLOBAL,
  type Compute,
  type Data,
  type Dependency,
  type Entry,
  type PartOf,
  type Place,
  type Role,
} from "../resilience/model";
import { tagOf } from "../resilience/tags";
import { undecided, type RuleFinding } from "./rule";

/** The parts of one role that stand in a serving path, by id. */
export function servingParts<R extends Role>(design: Design, role: R): PartOf<R>[] {
  return design.of(role).filter(({ id }) => design.serving.has(id));
}

/** `aws:us-east-2`; `aws` alone for what the cloud runs everywhere, and for what stands in a region that is not known. */
export function placeName({ cloud, region }: Place): string {
  const name = valueOr(region, GLOBAL);
  return name === GLOBAL ? cloud : `${cloud}:${name}`;
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

/** A machine by itself: it is what it is, and neither grows nor shrinks. */
export function isMachine({ unit, minimum, maximum }: Compute): boolean {
  return unit === "machine" && valueOr(minimum, 0) === 1 && valueOr(maximum, 0) === undefined;
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
      .map((dependency) => ({
        compute,
        dependency: { ...dependency, property: pathOf(design, dependency) },
        far: farPlaceOf(compute, dependency),
      })),
  );
}

/** The part of the input that leads there, where the recorder can tell it and it is one; otherwise the property that the kind names. */
function pathOf({ index, parts }: Design, { urn, property, parts: ids }: Dependency): string {
  const targets = new Set(ids.map((id) => parts.get(id)?.urn ?? id));
  const paths = Object.entries(index.byUrn.get(urn)?.references ?? {})
    .filter(([path, urns]) => isWithin(path, property) && urns.some((target) => targets.has(target)))
    .map(([path]) => path);
  const [only] = paths;
  return only !== undefined && paths.length === 1 ? only : property;
}

function isWithin(path: string, property: string): boolean {
  return path === property || path.startsWith(`${property}.`) || path.startsWith(`${property}[`);
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

/** Whether a path leads to one value, and not to an input that holds several: that of `containerDefinitions` is the whole text. */
export function isOneValue(path: string): boolean {
  return /[.[]/.test(path);
}

/**
 * Uses in which the own region's stands beside another one's in the same property. In one value that is a list of peers, and the far ones are
 * left out; an input that is not known as a whole may hold two values, so that nobody can tell.
 */
export function withoutPeers(uses: readonly Use[]): Use[] {
  const keyOf = ({ compute, dependency: { urn, property } }: Use): string => `${compute.id} ${urn} ${property}`;
  const near = new Set(uses.filter(({ far }) => far.known && far.value === undefined).map(keyOf));
  return uses.flatMap((use): Use[] => {
    const { urn, property } = use.dependency;
    const isBeside = use.far.known && use.far.value !== undefined && near.has(keyOf(use));
    if (!isBeside) return [use];
    return isOneValue(property) ? [] : [{ ...use, far: unknown(urn, property, Reason.Later) }];
  });
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

/**
 * Ids of the data that what serves works with: what it needs, what it is given the address of, and what stands in a secret that it reads.
 * A copy in another region (`URN#us-west-2`) counts for its store.
 */
function usedData(design: Design): ReadonlySet<string> {
  const computes = servingParts(design, "compute");
  const read = computes.flatMap(({ dependencies }) => dependencies.flatMap(({ parts }) => parts));
  const told = read.flatMap((id) => addressesIn(design, design.parts.get(id)?.urn ?? ""));
  const ids = closureOf(design.parts, [...design.serving, ...read, ...told]);
  return new Set([...ids].flatMap((id) => [id, id.split("#")[0] ?? id]));
}

const SECRET_VERSIONS = new Set([
  "aws:secretsmanager/secretVersion:SecretVersion",
  "gcp:secretmanager/secretVersion:SecretVersion",
  "gcp:secretmanager/regionalSecretVersion:RegionalSecretVersion",
]);

/** What the content of a secret was made from. */
function addressesIn({ index }: Design, secretUrn: string): string[] {
  const versions = index.dependants(secretUrn).filter(({ type }) => SECRET_VERSIONS.has(type));
  return versions.flatMap(({ propertyDependencies }) => Object.values(propertyDependencies).flat());
}

/** Data that the data rules judge, and how it comes that they do. */
export interface Store {
  data: Data;
  /** Whether it may not be lost. */
  isRecord: boolean;
  /** Whether somebody wrote that down. */
  isTagged: boolean;
  /** Whether something that serves works with it. */
  isUsed: boolean;
}

/** The stores of a design, without the copies of others, and those of which it is not known whether they may be lost. */
export function storesOf(design: Design): { stores: Store[]; undecided: Unknown[] } {
  const used = usedData(design);
  const stores: Store[] = [];
  const open: Unknown[] = [];
  for (const data of design.of("data")) {
    // A copy in another region stands for nothing by itself: its store tells of it.
    if (data.id !== data.urn) continue;
    const resource = design.index.byUrn.get(data.urn);
    const tag = resource === undefined ? known(undefined) : tagOf(resource, "data");
    const isTagged = valueOr(tag, undefined) === "system-of-record";
    const isUsed = used.has(data.id);
    if (!data.isSystemOfRecord.known && (isUsed || !tag.known)) open.push(data.isSystemOfRecord);
    stores.push({ data, isTagged, isUsed, isRecord: isTagged || (isUsed && valueOr(data.isSystemOfRecord, false)) });
  }
  return { stores, undecided: open };
}

/**
 * What a rule about records finds: for each store that may not be lost what `judge` says, and that it cannot tell where it is not known
 * whether a store is one. Undefined where there is none.
 */
export function judgeRecords(design: Design, judge: (store: Store) => RuleFinding[]): RuleFinding[] | undefined {
  const { stores, undecided: open } = storesOf(design);
  const records = stores.filter(({ isRecord }) => isRecord);
  if (records.length === 0 && open.length === 0) return undefined;
  return [
    ...records.flatMap(judge),
    ...open.map((fact) => undecided(fact, "so nobody can say whether what it holds may be lost")),
  ];
}
