import { z } from "zod";

/** Numbers that rules compare with. Everything has a default; unknown keys are refused. */
export const ruleSettings = z.strictObject({
  /** TOP-02: fewest regions of the whole design. */
  regionsMin: z.int().min(1).default(2),
  /** TOP-02: fewest regions in each cloud. 1 asks for nothing more than `regionsMin`. */
  regionsPerCloudMin: z.int().min(1).default(1),
  /** EDG-04: longest time from a fault to no new request there, at worst, in seconds. */
  detectionSecondsMax: z.number().positive().default(40),
  /** EDG-06: fewest places from which a pool is probed. */
  checkRegionsMin: z.int().min(1).default(3),
  /** EDG-11: longest time for which clients may keep a DNS answer, in seconds. */
  ttlSecondsMax: z.int().min(0).default(60),
  /** CAP-01: fewest zones of each origin. */
  zonesMin: z.int().min(1).default(2),
  /** DAT-05: fewest days for which data can be taken back. */
  backupDaysMin: z.int().min(1).default(7),
  /** GOV-01: most waivers that may be in force at once. */
  waiversMax: z.int().min(0).default(10),
});

/** See `ruleSettings`. */
export type RuleSettings = z.output<typeof ruleSettings>;
