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

/** Who gets to an origin besides the edge. Closed where nothing is opened and nothing unknown. */
export interface Access {
  openings: Opening[];
  /** What would be an opening if the other guard, addresses or certificate, were not there. */
  weaknesses: Opening[];
  /** What is not known, and may be a further opening. */
  unknowns: Unknown[];
}

/** Nobody but the edge gets in. */
export const CLOSED: Access = { openings: [], weaknesses: [], unknowns: [] };

/** It is open in this way. */
export function opened(urn: string, what: string, fix: string): Access {
  return { ...CLOSED, openings: [{ urn, what, fix }] };
}

/** It is not known whether it is open. */
export function doubted(...unknowns: Unknown[]): Access {
  return { ...CLOSED, unknowns };
}

/** Several ways in as one, each opening and unknown once. */
export function together(all: readonly Access[]): Access {
  const distinct = (openings: readonly Opening[]): Opening[] => [
    ...new Map(openings.map((one) => [`${one.urn} ${one.what}`, one])).values(),
  ];
  const unknowns = new Map(all.flatMap((one) => one.unknowns).map((one) => [`${one.urn} ${one.property}`, one]));
  return {
    openings: distinct(all.flatMap((one) => one.openings)),
    weaknesses: distinct(all.flatMap((one) => one.weaknesses)),
    unknowns: [...unknowns.values()],
  };
}

/**
 * A way that is guarded twice: by whom it asks for (a certificate, a header) and by addresses. It is open where neither guard stands; one
 * guard that is missing is a weakness, and what is not known of one matters only where the other does not stand.
 */
export function guarded(byCaller: Access, byAddress: Access): Access {
  const isClosed = ({ openings, unknowns }: Access): boolean => openings.length === 0 && unknowns.length === 0;
  if (isClosed(byCaller) || isClosed(byAddress)) {
    const byOne = (openings: readonly Opening[], rest: string): Opening[] =>
      openings.map((one) => ({ ...one, what: `${one.what}, ${rest}` }));
    const weaknesses = [
      ...byOne(
        byCaller.openings,
        "so lists of addresses alone guard it, and every customer of the edge comes from these",
      ),
      ...byOne(byAddress.openings, "so a certificate or header alone guards it, and everybody may knock"),
    ];
    return { openings: [], weaknesses, unknowns: [] };
  }
  const unknowns = [...byCaller.unknowns, ...byAddress.unknowns];
  if (unknowns.length > 0) return doubted(...unknowns);
  // The fix that closes it at once is the one of the addresses: it needs no change at the edge.
  return byAddress;
}
