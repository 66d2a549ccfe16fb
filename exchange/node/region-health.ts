/**
 * Whether this region takes traffic: a pure step from what was observed to a verdict, so that tests run it on virtual time.
 *
 * A region fails for what it alone lacks: a majority of the journal's voters, being caught up, acknowledged appends. Each lack is held against what
 * the other regions say of themselves. Where another region that answers has what is missing here, this one fails; where all that answer lack it
 * too, nothing is gained by sending clients elsewhere, and it stays. Where none answers (or there is none), it fails: cut off from the voters and from every
 * region, the fault is most likely here, and the edge still has its fallback when all say so.
 *
 * Appends that are not acknowledged while a majority of voters answers are another matter: that is most likely the journal itself, which all share
 * (a long election, a full stream). They are held to be shared until a peer that appends shows that they are not, such as when only this node's rights
 * are gone; without peers that is never, reads are served and orders get an honest 503.
 */
import type { JournalStatus } from "../journal/journal";
import type { HealthReport, PeerReport } from "./exchange";

/** How long appends may be unanswered before that is no election any more: NATS elects 4-9 s after the leader fell silent, however it died; 7.9 s seen; the longest hold up all regions alike, which fails none of them. */
export const ELECTION_MS = 6_000;
/** How old an entry may be that this node knows of and has not applied. */
export const BEHIND_MS = 1_500;
/** How long a lack is held against the others before it counts: voters are pinged each 250 ms, so that regions notice the same loss up to that far apart, and then ask each other each 150 ms. With the journal's 1.5 s of silence, less the ping before, the verdict comes within 2 s. */
export const GRACE_MS = 450;
/** How long this region must still lack what the others have got back: when a shared fault heals, they do not all notice in the same moment, and a publisher's next try takes up to 1.5 s. */
export const HEALING_MS = 2_000;
/** How long all must be well before a failed region takes traffic again. */
export const RECOVERY_MS = 500;
/** An older answer of a peer says nothing any more. */
export const PEER_ANSWER_MS = 3_000;

/** Looks come ten times a second: of the time between two of them at most so much counts. The rest this node stood still, and neither listened nor applied. */
const LOOK_MS_MAX = 200;

/** What a region can lack although its process is well. */
export type Lack = "voters" | "behind" | "appends";
const LACKS: readonly Lack[] = ["voters", "behind", "appends"];

/** The latest answer of one peer. Times are of this node's monotonic clock. */
export interface PeerAnswer {
  readonly url: string;
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly report: PeerReport;
}

/** What is seen at one moment. */
export interface RegionFacts {
  readonly nowMs: number;
  /** Why this process serves nothing at all (still starting, stopped for good); `undefined` while it serves. */
  readonly ownFault: string | undefined;
  readonly appliedSequence: number;
  /** This node applies nothing while its state is written down: that is bounded (`PAUSE_MS_MAX`), ends by itself, and is not being behind. */
  readonly isPausing: boolean;
  readonly journal: Pick<JournalStatus, "votersReached" | "voters" | "appending" | "sinceMs" | "lastSequence">;
  readonly peers: readonly PeerAnswer[];
}

/** What a verdict needs of the past. */
export interface RegionMemory {
  readonly lackSinceMs: Readonly<Partial<Record<Lack, number>>>;
  /** When each lack was last seen to be shared, while it lasts. */
  readonly sharedMs: Readonly<Partial<Record<Lack, number>>>;
  /** The highest sequence known at that time and not applied since. */
  readonly mark: { readonly sequence: number; readonly sinceMs: number } | undefined;
  readonly isFailing: boolean;
  /** Last moment at which something spoke against this region. */
  readonly badMs: number;
  /** When it was last looked. */
  readonly lookedMs: number;
}

/** Before anything was observed. */
export const noMemory: RegionMemory = {
  lackSinceMs: {},
  sharedMs: {},
  mark: undefined,
  isFailing: false,
  badMs: Number.NEGATIVE_INFINITY,
  lookedMs: Number.POSITIVE_INFINITY,
};

/** The lacks in an order that never changes. */
export function lacksOf(memory: RegionMemory): Lack[] {
  return LACKS.filter((lack) => memory.lackSinceMs[lack] !== undefined);
}

/** One observation further. The same memory and facts give the same verdict. */
export function judgeRegion(before: RegionMemory, facts: RegionFacts): { memory: RegionMemory; report: HealthReport } {
  const { nowMs, journal, appliedSequence } = facts;
  const memory = withoutStandstill(before, nowMs);
  const mark = markOf(memory, facts);
  const has: Record<Lack, boolean> = {
    voters: journal.votersReached >= majorityOf(journal.voters),
    behind: mark === undefined || nowMs - mark.sinceMs <= BEHIND_MS,
    appends: journal.appending || nowMs - journal.sinceMs <= ELECTION_MS,
  };
  const lackSinceMs: Partial<Record<Lack, number>> = {};
  for (const lack of LACKS) if (!has[lack]) lackSinceMs[lack] = memory.lackSinceMs[lack] ?? nowMs;

  const sharedMs: Partial<Record<Lack, number>> = {};
  const judged = LACKS.flatMap((lack) => {
    const sinceMs = lackSinceMs[lack];
    if (sinceMs === undefined) return [];
    const one = judgeLack(lack, sinceMs, facts);
    // Appends fail for all in an election, so that they begin as shared.
    const lastShared =
      one.is === "shared" ? nowMs : (memory.sharedMs[lack] ?? (lack === "appends" ? sinceMs : undefined));
    if (lastShared !== undefined) sharedMs[lack] = lastShared;
    return [{ text: one.text, isOurs: one.is === "ours" && nowMs - (lastShared ?? -Infinity) >= HEALING_MS }];
  });
  const isBad = facts.ownFault !== undefined || judged.some(({ isOurs }) => isOurs);
  const badMs = isBad ? nowMs : memory.badMs;
  const isFailing = isBad || (memory.isFailing && nowMs - badMs < RECOVERY_MS);
  const reasons = [
    ...(facts.ownFault === undefined ? [] : [facts.ownFault]),
    ...judged.map(({ text }) => text),
    ...(isFailing && !isBad ? ["well again, but not for long enough"] : []),
  ];
  const { votersReached, voters, lastSequence, appending } = journal;
  return {
    memory: { lackSinceMs, sharedMs, mark, isFailing, badMs, lookedMs: nowMs },
    report: {
      ok: !isFailing,
      reasons: isFailing ? reasons : [],
      detail: {
        ...{ votersReached, voters, appending, appliedSequence, lastSequence },
        ...{ peersAnswering: facts.peers.filter((peer) => isFresh(peer, nowMs)).length },
        ...(isFailing || reasons.length === 0 ? {} : { tolerated: reasons.join("; ") }),
      },
    },
  };
}

/** Voters that make a majority. */
export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** The memory as if the time in which this node stood still had not been. */
function withoutStandstill(memory: RegionMemory, nowMs: number): RegionMemory {
  const stoodMs = Math.max(0, nowMs - memory.lookedMs - LOOK_MS_MAX);
  if (stoodMs === 0) return memory;
  const later = (times: RegionMemory["lackSinceMs"]): RegionMemory["lackSinceMs"] =>
    Object.fromEntries(Object.entries(times).map(([lack, atMs]) => [lack, atMs + stoodMs]));
  return {
    ...memory,
    lackSinceMs: later(memory.lackSinceMs),
    sharedMs: later(memory.sharedMs),
    mark: memory.mark && { ...memory.mark, sinceMs: memory.mark.sinceMs + stoodMs },
    badMs: memory.badMs + stoodMs,
  };
}

function markOf(
  { mark }: RegionMemory,
  { nowMs, appliedSequence, isPausing, journal }: RegionFacts,
): RegionMemory["mark"] {
  if (isPausing) return undefined;
  if (mark !== undefined && appliedSequence < mark.sequence) return mark;
  return journal.lastSequence > appliedSequence ? { sequence: journal.lastSequence, sinceMs: nowMs } : undefined;
}

function isFresh(peer: PeerAnswer, nowMs: number): boolean {
  return nowMs - peer.answeredMs <= PEER_ANSWER_MS;
}

function judgeLack(
  lack: Lack,
  sinceMs: number,
  facts: RegionFacts,
): { text: string; is: "unclear" | "ours" | "shared" } {
  const what = lackText(lack, facts);
  if (facts.nowMs - sinceMs < GRACE_MS) return { text: `${what}; the other regions are being asked`, is: "unclear" };
  // What was asked before the lack began says nothing about it.
  const answers = facts.peers.filter((peer) => isFresh(peer, facts.nowMs) && peer.askedMs >= sinceMs);
  if (answers.length === 0 && lack === "appends")
    return { text: `${what}, and no other region shows better`, is: "shared" };
  if (answers.length === 0) return { text: `${what}, and no other region can be reached`, is: "ours" };
  return answers.some((peer) => isBetter(peer, lack, sinceMs))
    ? { text: `${what}, and another region does not lack it`, is: "ours" }
    : { text: `${what}, as every region that answers`, is: "shared" };
}

function isBetter({ report, askedMs }: PeerAnswer, lack: Lack, sinceMs: number): boolean {
  if (lack !== "appends") return !report.lacks.includes(lack);
  // A quiet region does not know that appends fail, and the last ones before a fault end some moments apart: only a success after an election's time
  // shows that they need not fail. Counted from when the peer was asked, it seems earlier than it was, never later.
  return report.appendedMsAgo !== null && askedMs - report.appendedMsAgo >= sinceMs;
}

function lackText(lack: Lack, { journal, appliedSequence, nowMs }: RegionFacts): string {
  switch (lack) {
    case "voters":
      return `reaches ${String(journal.votersReached)} of ${String(journal.voters)} voters of the journal`;
    case "behind":
      return `is behind: applied ${String(appliedSequence)} of ${String(journal.lastSequence)}`;
    case "appends":
      return `no append was acknowledged for ${String(Math.round((nowMs - journal.sinceMs) / 1000))} s`;
  }
}
