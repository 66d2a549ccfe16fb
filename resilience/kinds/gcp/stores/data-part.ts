import { chainFact, known, mapFact, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { BackupCopy, Data, Place } from "../../../model";

/** What a kind of store says about itself beyond where it stands; the rest is what holds for all of Google's. */
export type DataFacts = Pick<Data, "kind" | "isSystemOfRecord" | "isMultiZone"> & Partial<Data>;

/**
 * A store. Google encrypts everything at rest, asked or not (docs.cloud.google.com/docs/security/encryption/default-encryption). What a kind does not
 * say: not public, no point-in-time recovery in the engine, no backups, protected only by the engine's own `protect`.
 */
export function dataOf(resource: Resource, place: Place, facts: DataFacts): Data {
  return {
    role: "data",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs: [],
    regions: mapFact(place.region, (region) => [region]),
    pointInTimeDays: known(undefined),
    backups: known([]),
    isDeletionProtected: known(resource.isProtected),
    isEncrypted: known(true),
    isPublic: known(false),
    ...facts,
  };
}

/** Whether any of these guards is set: deleting then takes two steps. The engine's own `protect` counts. */
export function guardedBy(resource: Resource, guards: readonly Fact<boolean>[]): Fact<boolean> {
  if (resource.isProtected || guards.some((guard) => guard.known && guard.value)) return known(true);
  return guards.find((guard) => !guard.known) ?? known(false);
}

/** One backup copy in the store's own project. */
export function backupAt(region: Fact<string>, { account }: Place): BackupCopy {
  return { cloud: "gcp", region, account };
}

/** Whole days of a duration as Google writes it: `86400s`, `1d`, `24h`, `1440m`. Undefined for another form. */
export function daysOf(duration: string): number | undefined {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(duration) ?? [];
  const secondsPerUnit: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
  const seconds = secondsPerUnit[unit];
  return amount === undefined || seconds === undefined ? undefined : Math.floor((Number(amount) * seconds) / 86_400);
}

/** The copies that a switch turns on: none where it is off. */
export function copiesIf(isOn: Fact<boolean>, copy: BackupCopy): Fact<BackupCopy[]> {
  return mapFact(isOn, (on) => (on ? [copy] : []));
}

/** A number that a switch turns on: 0 where it is off. */
export function daysIf(isOn: Fact<boolean>, days: Fact<number>): Fact<number> {
  return chainFact(isOn, (on) => (on ? days : known(0)));
}
