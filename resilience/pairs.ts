import type { Design } from "./design";
import { bothOf, domainsOf } from "./domains";
import table from "./struck-together.json";
import { survivalOf, type SurvivalRow } from "./survival";

/** Two domains that have failed together, taken away together. */
export interface PairRow extends SurvivalRow {
  /** Both domains, by name. */
  domains: [string, string];
  /** What happened, with its day: `Google Cloud, … (2019-06-02)`. */
  outage: string;
  /** Address of a report about it. */
  source: string;
}

/**
 * What becomes of a design when two of its domains go at once that have gone at once before: of each outage in `struck-together.json`, every two
 * regions in which the design stands. A pair that was struck twice has a row for each time. Sorted by day, then by names.
 *
 * These rows are told and decide nothing: no design survives any two losses, and none is asked to.
 */
export function pairsOf(design: Design): PairRow[] {
  const own = new Map(domainsOf(design).map((domain) => [domain.id, domain]));
  return table.outages.flatMap(({ name, day, domains, source }) => {
    const struck = [...domains].sort().flatMap((id) => own.get(id) ?? []);
    return struck.flatMap((first, place) =>
      struck.slice(place + 1).map((second): PairRow => ({
        ...survivalOf(design, bothOf(first, second)),
        domains: [first.id, second.id],
        outage: `${name} (${day})`,
        source,
      })),
    );
  });
}
