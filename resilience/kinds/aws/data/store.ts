import { chainFact, known, mapFact, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { Data, Surroundings } from "../../../model";
import { boolean } from "../../../reader";
import { tagOf } from "../../../tags";
import { backupsByPlan } from "./backups";

/** What a kind of store says about one of its resources; the rest is the same for all. */
export interface Store {
  kind: string;
  /** Regions besides its own in which a copy is kept up to date. */
  otherRegions?: Fact<string[]>;
  /** Zones where they are not those that the resource names itself. */
  zones?: Fact<string[]>;
  /** Whether it may not be lost where its owner does not say. */
  isRecord: boolean;
  isMultiZone: Fact<boolean>;
  /** Defaults to the engine having no such thing. */
  pointInTimeDays?: Fact<number | undefined>;
  /** Regions besides backup plans' vaults in which backups land. */
  backupRegions?: Fact<string[]>;
  /** Whether the cloud refuses to delete it; the engine's own protection counts anyway. */
  isDeletionProtected: Fact<boolean>;
  isEncrypted: Fact<boolean>;
  isPublic: Fact<boolean>;
  needs?: Data["needs"];
}

/** The part of a store. */
export function storePart(resource: Resource, around: Surroundings, store: Store): Data {
  const place = around.placeOf(resource);
  return {
    role: "data",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: store.zones === undefined ? place : { ...place, zones: store.zones },
    needs: store.needs ?? [],
    kind: store.kind,
    regions: withOwn(place.region, store.otherRegions ?? known([])),
    isSystemOfRecord: isRecord(resource, store.isRecord),
    isMultiZone: store.isMultiZone,
    pointInTimeDays: store.pointInTimeDays ?? known(undefined),
    backups: chainFact(store.backupRegions ?? known([]), (regions) =>
      mapFact(backupsByPlan(resource, around), (copies) => [
        ...regions.map((region) => ({ cloud: "aws" as const, region: known(region), account: place.account })),
        ...copies,
      ]),
    ),
    isDeletionProtected: resource.isProtected ? known(true) : store.isDeletionProtected,
    isEncrypted: store.isEncrypted,
    isPublic: store.isPublic,
  };
}

/** A store's own region with others, sorted. */
export function withOwn(own: Fact<string>, others: Fact<string[]>): Fact<string[]> {
  return chainFact(own, (region) => mapFact(others, (more) => [...new Set([region, ...more])].sort()));
}

/**
 * The same store in another region: what a compute there talks to. It tells nothing about backups and protection that its source does
 * not, and is no record besides it.
 */
export function copyIn(source: Data, region: string): Data {
  return {
    ...source,
    id: `${source.id}#${region}`,
    label: `${source.label} in ${region}`,
    place: { ...source.place, region: known(region), zones: known([]) },
    isSystemOfRecord: known(false),
  };
}

function isRecord(resource: Resource, otherwise: boolean): Fact<boolean> {
  return mapFact(tagOf(resource, "data"), (tag) => (tag === undefined ? otherwise : tag === "system-of-record"));
}

/** A boolean property with the provider's default. */
export function flag(resource: Resource, path: string, whenAbsent = false): Fact<boolean> {
  return withDefault(boolean(resource, path), whenAbsent);
}

/** Whether any of several facts is true; not known where none is and one is not known. */
export function anyOf(facts: readonly Fact<boolean>[]): Fact<boolean> {
  return facts.find((fact) => fact.known && fact.value) ?? facts.find((fact) => !fact.known) ?? known(false);
}
