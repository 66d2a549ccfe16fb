/** A person's decision that a finding may stand for a while. */
export interface Waiver {
  /** Id of the rule: `EDG-06`. */
  rule: string;
  /** Pattern of URNs, in which `*` is any text. A finding about the whole design has the URN of the stack. */
  urn: string;
  /** Why it may stand. */
  reason: string;
  /** Who answers for it. */
  owner: string;
  /** Last day on which it holds: `2026-12-31`. */
  expires: string;
}

/** What became of a waiver. */
export interface WaiverUse extends Waiver {
  /** Findings of its rule that its pattern matches. */
  matches: number;
  /** Whether its last day is over. */
  isExpired: boolean;
  /** Days for which it still holds; 0 on the last one, below 0 when that is over. */
  daysLeft: number;
}

/** The waivers as nobody has used them yet. */
export function usesOf(waivers: readonly Waiver[], today: string): WaiverUse[] {
  return waivers.map((waiver) => {
    const daysLeft = dayNumber(waiver.expires) - dayNumber(today);
    return { ...waiver, matches: 0, isExpired: daysLeft < 0, daysLeft };
  });
}

/**
 * The waiver under which a finding stands; undefined where none holds. Counts the finding for every waiver that means it, expired ones too,
 * so that an expired waiver is not called useless besides.
 *
 * @param urn - the finding's; that of the stack where it is about the whole design.
 */
export function waiverOf(uses: readonly WaiverUse[], rule: string, urn: string): WaiverUse | undefined {
  const meant = uses.filter((use) => use.rule === rule && matchesPattern(use.urn, urn));
  for (const use of meant) use.matches += 1;
  return meant.find(({ isExpired }) => !isExpired);
}

/** Whether a text fits a pattern in which `*` is any text. Never slower than the product of both lengths, whatever the pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (place < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = place;
    } else if (pattern[at] === text[place]) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      place = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

const MILLISECONDS_PER_DAY = 86_400_000;

function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_PER_DAY);
}
