import type { Role } from "../resilience/model";
import type { PairRow } from "../resilience/pairs";
import type { SurvivalRow } from "../resilience/survival";
import type { Level } from "./rule";

/** What came of judging a design. Every report is a view of this one value; `docs/check.schema.json` describes its JSON. */
export interface CheckResult {
  /** Version of this shape: 1. Fields may be added, never removed or renamed. */
  version: 1;
  /** What was judged. */
  design: DesignSummary;
  /** From mandatory findings alone: `fail` where one is a violation, else `undecided` where one is undecided, else `pass`. */
  verdict: "pass" | "fail" | "undecided";
  /** Sorted by rule, then by URN, then by message. */
  findings: Finding[];
  /** A row for each single failure domain. Empty for a design without a serving path. */
  survival: ResultRow[];
  /** Domains that have failed together before, taken away together. They are told, and decide nothing. */
  pairs: ResultPair[];
  /** Every rule, by id. */
  rules: RuleResult[];
  /** Types that the model does not know: nothing was judged about them. */
  unknownTypes: { type: string; count: number }[];
}

/** A row of the survival table. What comes to each pool stays out of it: with thousands of pools it would be most of a result. */
export type ResultRow = Omit<SurvivalRow, "loads">;

/** The same for two domains at once. */
export type ResultPair = Omit<PairRow, "loads">;

/** The design in short: enough to name it and to draw it. */
export interface DesignSummary {
  project: string;
  stack: string;
  /** Clouds that serve, sorted. */
  clouds: string[];
  /** Regions that serve, by cloud and name. */
  regions: { cloud: string; region: string; geography: string | null }[];
  /** Everything in a serving path, and what new units of its computes have to reach; by id. */
  parts: PartSummary[];
}

/** One thing in a serving path, or one that a compute there cannot start without. */
export interface PartSummary {
  id: string;
  role: Role;
  label: string;
  cloud: string;
  /** Null where it is not known. */
  region: string | null;
  /** Null where they are not known; empty where the vendor spreads it. */
  zones: string[] | null;
  /** Ids of the parts that it needs, each group with how many of it. */
  needs: { what: string; atLeast: number; of: string[] }[];
  /** Ids of the parts that a new unit of it has to reach before it answers: its image, secrets, keys. What runs goes on without them. */
  dependencies: { what: string; of: string[] }[];
}

/** One thing that a rule has to say. */
export interface Finding {
  rule: string;
  verdict: "violation" | "undecided" | "waived";
  level: Level;
  /** Null where it is about the whole design. */
  urn: string | null;
  message: string;
  fix: string;
  /** Where in the program; null where nobody recorded it. */
  location: { file: string; line: number } | null;
  /** For a waived finding: whose decision it was, why, and until when. */
  waiver?: { reason: string; owner: string; expires: string };
}

/** What a rule came to. */
export interface RuleResult {
  id: string;
  title: string;
  level: Level | "disabled";
  /** Why the settings change its level or its parameters; absent where they give no reason. */
  reason?: string;
  /** `not-applicable` too where it is disabled. */
  verdict: "pass" | "violation" | "undecided" | "not-applicable" | "waived";
}
