/** Something that was read from a design: known, or not known and then with the reason. Absent is known: its value is undefined. */
export type Fact<T> = Known<T> | Unknown;

/** A fact whose value is known. */
export interface Known<T> {
  known: true;
  value: T;
}

/** A fact whose value is not known. It is never taken for a pass. */
export interface Unknown {
  known: false;
  /** URN of the resource whose property it is. */
  urn: string;
  /** Path of the property: `healthCheck.path`. */
  property: string;
  /** Why it is not known, as the end of a sentence that begins with the property: `is known only after an update`. */
  why: string;
}

/** The reasons for which something is not known. */
export const Reason = {
  /** The cloud works it out, or it depends on what the cloud works out. */
  Later: "is known only after an update",
  /** A secret's value is never looked at. */
  Secret: "is a secret",
  /** It is there and has another shape than its type allows. */
  Malformed: "has a form that is not understood",
  /** It belongs to somebody else, is only read, and was not answered. */
  Read: "is read from the cloud, which this plan did not ask",
  /** Zones are known of subnets of the design alone. */
  Subnets: "names subnets that are looked up or made elsewhere, so that their zones are not known",
  /** It points to nothing in this design. */
  Elsewhere: "points to something outside this design",
} as const;
/** See the members of `Reason`. */
export type Reason = (typeof Reason)[keyof typeof Reason];

/** A fact that is known. */
export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

/** A fact that is not known. */
export function unknown(urn: string, property: string, why: string): Unknown {
  return { known: false, urn, property, why };
}

/** The fact under a function; an unknown stays what it is. */
export function mapFact<T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> {
  return fact.known ? known(change(fact.value)) : fact;
}

/** The fact that a known value leads to; an unknown stays what it is. */
export function chainFact<T, U>(fact: Fact<T>, next: (value: T) => Fact<U>): Fact<U> {
  return fact.known ? next(fact.value) : fact;
}

/** The value, or something else where it is not known. */
export function valueOr<T, U>(fact: Fact<T>, otherwise: U): T | U {
  return fact.known ? fact.value : otherwise;
}

/** The value where it is there and known, otherwise a default: for what a provider fills in when nothing is written. */
export function withDefault<T>(fact: Fact<T | undefined>, whenAbsent: T): Fact<T> {
  return mapFact(fact, (value) => value ?? whenAbsent);
}

/** All values, or the first that is not known. */
export function allFacts<T>(facts: readonly Fact<T>[]): Fact<T[]> {
  const values: T[] = [];
  for (const fact of facts) {
    if (!fact.known) return fact;
    values.push(fact.value);
  }
  return known(values);
}
