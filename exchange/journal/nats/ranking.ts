/** In which order the connections to the voters are used. Pure. */

/** A voter that has not answered for so long is not trusted with an entry while another has: pings go out each 250 ms, and come back within some 100 ms between clouds. */
export const QUIET_MS = 900;

/** What the order depends on. */
export interface Rankable {
  /** Whether it has not answered for `QUIET_MS`. */
  readonly isQuiet: boolean;
  /** When an append over it last failed; `undefined` when it works. */
  readonly demotedAtMs: number | undefined;
}

/**
 * The links in the order in which to use them: as listed; those over which an append failed after the others, the longest ago first; those that
 * are quiet last of all, since they are most likely gone, and each would cost a try's whole patience. Where all are quiet, the order is as if none were.
 */
export function ranked<T extends Rankable>(links: readonly T[]): T[] {
  const rank = ({ isQuiet, demotedAtMs }: Rankable): number => (isQuiet ? 2 : 0) + (demotedAtMs === undefined ? 0 : 1);
  return [...links].sort((a, b) => rank(a) - rank(b) || (a.demotedAtMs ?? 0) - (b.demotedAtMs ?? 0));
}
