import type { Unknown } from "../../resilience/fact";

/** A way by which others than the edge get to an origin. */
export interface Opening {
  /** The resource that leaves it open. */
  urn: string;
  /** What it does, as a sentence without a full stop: `the security group lb lets in every address`. */
  what: string;
  /** The change that closes it. */
  fix: string;
}

/** Who gets to an origin besides the edge. Closed where both lists are empty. */
export interface Access {
  openings: Opening[];
  /** What is not known, and may be a further opening. */
  unknowns: Unknown[];
}

/** Nobody but the edge gets in. */
export const CLOSED: Access = { openings: [], unknowns: [] };

/** It is open in this way. */
export function opened(urn: string, what: string, fix: string): Access {
  return { openings: [{ urn, what, fix }], unknowns: [] };
}

/** It is not known whether it is open. */
export function doubted(...unknowns: Unknown[]): Access {
  return { openings: [], unknowns };
}

/** Several ways in as one, each opening and unknown once. */
export function together(all: readonly Access[]): Access {
  const openings = new Map(all.flatMap((one) => one.openings).map((one) => [`${one.urn} ${one.what}`, one]));
  const unknowns = new Map(all.flatMap((one) => one.unknowns).map((one) => [`${one.urn} ${one.property}`, one]));
  return { openings: [...openings.values()], unknowns: [...unknowns.values()] };
}
