import type { Design } from "./design";
import { domainsOf } from "./domains";
import { survivalOf, type SurvivalRow } from "./survival";

/** What becomes of a design when it loses each of its failure domains. */
export interface SurvivalTable {
  /** The state in which nothing is lost. */
  whole: SurvivalRow;
  /** A row for each single failure domain, the largest first, then by name; the edge last. */
  rows: SurvivalRow[];
}

/** Takes each failure domain away in turn. */
export function survivalTableOf(design: Design): SurvivalTable {
  return {
    whole: survivalOf(design, undefined),
    rows: domainsOf(design).map((domain) => survivalOf(design, domain)),
  };
}
