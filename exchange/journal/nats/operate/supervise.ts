/** Keeps the stream's leader away from the witness: led from there, every entry costs the way to the far site twice. One step, pure. */
import { copyProblems } from "./audit";
import type { VoterReport } from "./survey";

/** What the supervisor remembers between two looks. */
export interface SuperviseState {
  /** Looks in a row that saw the leader at the witness. */
  readonly strayLooks: number;
}

/** What one look leads to. */
export interface SuperviseStep {
  readonly state: SuperviseState;
  /** The voter to hand the leadership to; `undefined`: leave it. */
  readonly moveTo: string | undefined;
  /** In one sentence. */
  readonly reason: string;
}

const LOOKS = 2;
/** A successor may be this many entries behind; the move waits for it. */
const LAG_MAX = 1_000;

/** Before the first look. */
export const SUPERVISE_START: SuperviseState = { strayLooks: 0 };

/**
 * Decides after one look. The leader is moved when it was seen at the witness, or at no preferred site, in two looks in a row, and at least two other
 * voters are current: an election with fewer could cost the quorum. It is never moved to a voter whose copy is damaged.
 *
 * @param reports - what every voter says; see `survey`.
 * @param preferredSites - sites that may lead, best first.
 */
export function superviseStep(
  state: SuperviseState,
  reports: readonly VoterReport[],
  preferredSites: readonly string[],
): SuperviseStep {
  const leader = reports.find((report) => report.stream?.cluster?.leader === report.server);
  if (leader === undefined) return { state: SUPERVISE_START, moveTo: undefined, reason: "no voter leads the stream" };
  if (preferredSites.includes(leader.site))
    return { state: SUPERVISE_START, moveTo: undefined, reason: `${leader.server} leads, at ${leader.site}` };
  const strayLooks = state.strayLooks + 1;
  if (strayLooks < LOOKS)
    return { state: { strayLooks }, moveTo: undefined, reason: `${leader.server} leads, at ${leader.site}: seen once` };
  const current = new Set(
    (leader.stream?.cluster?.replicas ?? [])
      .filter((each) => each.current && !each.offline && each.lag <= LAG_MAX)
      .map((each) => each.name),
  );
  if (current.size < 2)
    return { state: { strayLooks }, moveTo: undefined, reason: "fewer than two other voters are current" };
  const lastSequence = leader.stream?.state.last_seq ?? 0;
  const fit = reports.filter((report) => current.has(report.server) && copyProblems(report, lastSequence).length === 0);
  for (const site of preferredSites) {
    const found = fit.find((report) => report.site === site);
    if (found !== undefined)
      return {
        state: SUPERVISE_START,
        moveTo: found.server,
        reason: `${leader.server} leads, at ${leader.site}; ${found.server} takes over`,
      };
  }
  return { state: { strayLooks }, moveTo: undefined, reason: "no whole and current voter at a preferred site" };
}
