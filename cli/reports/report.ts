import type { Comparison } from "../../policies/compare";
import type { CheckResult } from "../../policies/result";
import type { PackReport } from "../../planner";
import type { Terminal } from "../terminal";

/** What every report is a view of. */
export interface Checked {
  result: CheckResult;
  /** What a change makes of it; undefined where nothing is compared. */
  comparison: Comparison | undefined;
  /** What other packs say. */
  packs: PackReport[];
  /** What they say of the base; undefined where nothing is compared. */
  basePacks: PackReport[] | undefined;
  /** File that stands for findings without a line: `Pulumi.yaml`, relative to the repository's root. */
  projectFile: string;
}

/** A view of a check: the same input gives the same bytes. The terminal counts for `text` alone. */
export type Report = (checked: Checked, terminal: Terminal) => string;
