import type { Dependency } from "../resilience/model";
import type { Design } from "../resilience/design";
import { farUses, placeName, usesOf, withoutPeers, type FarUse } from "./queries";
import { undecided, violation, type RuleFinding } from "./rule";
import { listed } from "../components/sizing/words";

/** How a rule speaks about what computes read from elsewhere. */
export interface FarWords {
  /** What it is, with its article: `its image`. */
  what: string;
  /** What no longer happens, as the rest of `while <place> is down, `; gets the compute's unit: `no new task starts`. */
  consequence: (use: FarUse) => string;
  /** The change to make. */
  fix: (use: FarUse) => string;
}

/**
 * What the serving computes read from outside of their own region: a finding for each compute and place, and one for each property that is
 * not known. Undefined where no serving compute reads anything of that kind.
 */
export function farFindings(design: Design, kind: Dependency["kind"], words: FarWords): RuleFinding[] | undefined {
  // Peers are data and services; nobody keeps a list of images or secrets to choose from.
  const all = usesOf(design, kind);
  const uses = kind === "data" ? withoutPeers(all) : all;
  if (all.length === 0) return undefined;
  const { far, undecided: open } = farUses(uses);
  return [
    ...far.map((use) => violation(use.compute.urn, messageOf(use, words), words.fix(use))),
    ...open.map(({ compute, fact }) => undecided(fact, `so nobody can say where ${compute.label} reads ${words.what}`)),
  ];
}

function messageOf(use: FarUse, { what, consequence }: FarWords): string {
  const { compute, from, dependencies } = use;
  const properties = [...new Set(dependencies.map(({ property }) => property))].sort();
  return `${compute.label} in ${placeName(compute.place)} reads ${what} (${listed(properties)}) from ${from}: while that is down, ${consequence(use)}`;
}
