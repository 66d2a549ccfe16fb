import type { CheckResult, ResultPair, ResultRow } from "../../../policies/result";
import { capacityText, domainKind, windowText } from "../words";
import type { Picture } from "./picture";

/** One choice of the page: a failure domain that is taken away, with all that the page then shows. */
export interface Loss {
  row: ResultRow;
  /** Heading under which it is offered: `Regions`. */
  group: string;
  mark: Mark;
  /** What happens, in a sentence. */
  headline: string;
  /** What the headline leaves open, as terms and their values. */
  facts: [string, string][];
  /** Why it does not survive, or why that is not known; null where it survives. */
  because: string | null;
  /** Everything in one text, for a screen reader. */
  status: string;
  /** Places of things that are gone, and of regions that serve, in the picture. */
  gone: number[];
  served: number[];
  /** Captions that change, by the place of a thing. */
  notes: Record<string, string>;
}

/** How a row ends: by sign, by word, and by the name of its style. */
export interface Mark {
  sign: "✓" | "✗" | "?";
  word: "survives" | "stops it" | "not known";
  tone: "good" | "bad" | "open";
}

const GROUPS = {
  cloud: "Clouds",
  account: "Accounts",
  geography: "Geographies",
  region: "Regions",
  zone: "Zones",
  edge: "Edge",
} as const;

/** The group of pairs of domains. */
export const TOGETHER = "Together, as has happened";

/** Every loss that was judged: single domains, then pairs, in the result's order. */
export function lossesOf({ survival, pairs }: CheckResult, picture: Picture | undefined): Loss[] {
  const index = indexOf(picture);
  return [...survival, ...pairs].map((row) => lossOf(row, index));
}

/** The heading under which a row stands. */
export function groupOf(row: ResultRow | ResultPair): string {
  return "domains" in row ? TOGETHER : GROUPS[domainKind(row.domain)];
}

/** How a row ends. */
export function markOf({ survives, undecided }: ResultRow): Mark {
  if (survives) return { sign: "✓", word: "survives", tone: "good" };
  if (undecided === null) return { sign: "✗", word: "stops it", tone: "bad" };
  return { sign: "?", word: "not known", tone: "open" };
}

/** What the places of a picture are called. */
interface Index {
  things: Map<string, number>;
  regions: Map<string, number>;
  /** Things by the zones in which they stand, `aws:us-east-2a`. */
  zones: Map<string, number[]>;
}

function indexOf(picture: Picture | undefined): Index {
  const things = (picture?.things ?? []).map(({ part }, place) => [part.id, place] as const);
  const zones = new Map<string, number[]>();
  for (const [place, { part }] of (picture?.things ?? []).entries()) {
    for (const zone of part.zones ?? []) {
      const id = `${part.cloud}:${zone}`;
      zones.set(id, [...(zones.get(id) ?? []), place]);
    }
  }
  return {
    things: new Map(things),
    regions: new Map((picture?.regions ?? []).map(({ id }, place) => [id, place])),
    zones,
  };
}

function lossOf(row: ResultRow | ResultPair, index: Index): Loss {
  const mark = markOf(row);
  const gone = row.lost.flatMap((id) => index.things.get(id) ?? []).sort((a, b) => a - b);
  const facts = factsOf(row, gone.length);
  const because = row.because ?? row.undecided;
  const headline = headlineOf(row, mark);
  const told = [
    headline,
    ...facts.map(([term, value]) => `${term}: ${value}.`),
    ...(because === null ? [] : [because]),
  ];
  return {
    row,
    group: groupOf(row),
    mark,
    headline,
    facts,
    because,
    status: told.join(" "),
    gone,
    served: row.servedBy.flatMap((id) => index.regions.get(id) ?? []),
    notes: notesOf(row, gone, index),
  };
}

function headlineOf({ domain }: ResultRow, { tone }: Mark): string {
  if (tone === "good") return `The design survives the loss of ${domain}.`;
  if (tone === "bad") return `The loss of ${domain} stops the design.`;
  return `It is not known whether the design survives the loss of ${domain}.`;
}

function factsOf(row: ResultRow | ResultPair, gone: number): [string, string][] {
  const { survives, undecided, servedBy, capacityPercent, detectionSeconds, lost } = row;
  const isOpen = (of: string): boolean => row.unknowns.some((unknown) => unknown.of === of);
  const serving = servedBy.length > 0 ? servedBy.join(", ") : undecided === null ? "nobody" : "not known";
  const capacity =
    capacityPercent !== null
      ? `${capacityText(capacityPercent)} of what then comes`
      : isOpen("capacity")
        ? "not known"
        : survives
          ? "no peak is declared"
          : "-";
  const seen =
    detectionSeconds !== null
      ? windowText(detectionSeconds)
      : isOpen("detection")
        ? "not known"
        : survives
          ? "the edge need not act"
          : "-";
  const rest = lost.length - gone;
  const beyond = rest > 0 ? `, and ${String(rest)} outside of the picture` : "";
  return [
    [survives ? "Still serves" : "Still answers", serving],
    ["Capacity", capacity],
    ["Seen by the edge after", seen],
    ["Gone", `${String(gone)} in the picture${beyond}`],
    ...("outage" in row ? ([["Happened", row.outage]] satisfies [string, string][]) : []),
  ];
}

/** What loses a zone, and the word for what is gone. */
function notesOf({ domain }: ResultRow, gone: readonly number[], index: Index): Record<string, string> {
  const zone = domain.split(":")[1] ?? "";
  const notes = new Map((index.zones.get(domain) ?? []).map((place) => [place, `loses ${zone}`]));
  for (const place of gone) notes.set(place, "gone");
  return Object.fromEntries([...notes].sort(([a], [b]) => a - b));
}
