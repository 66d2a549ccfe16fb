import { z } from "zod";

/**
 * Numbers that rules compare with, by the rule that reads them. Everything has a default; a name belongs to one rule alone, so that a
 * rule reads `settings.regionsMin` and a person writes it under `TOP-02`.
 */
export const parameters = {
  "TOP-02": {
    /** Fewest regions of the whole design. */
    regionsMin: z.int().min(1).default(2).describe("Fewest regions of the whole design."),
    /** Fewest regions in each cloud. 1 asks for nothing more than `regionsMin`. */
    regionsPerCloudMin: z.int().min(1).default(1).describe("Fewest regions in each cloud."),
  },
  "EDG-04": {
    /** Longest time from a fault to no new request there, at worst, in seconds. */
    detectionSecondsMax: z
      .number()
      .positive()
      .default(40)
      .describe("Longest time from a fault to no new request there, at worst, in seconds."),
  },
  "EDG-06": {
    /** Fewest places from which a pool is probed. */
    checkRegionsMin: z.int().min(1).default(3).describe("Fewest places from which a pool is probed."),
  },
  "EDG-11": {
    /** Longest time for which clients may keep a DNS answer, in seconds. */
    ttlSecondsMax: z
      .int()
      .min(0)
      .default(60)
      .describe("Longest time for which clients may keep a DNS answer, in seconds."),
  },
  "CAP-01": {
    /** Fewest zones of each origin. */
    zonesMin: z.int().min(1).default(2).describe("Fewest zones of each origin."),
  },
  "CAP-04": {
    /** Fewest units of each compute that run at all times. */
    unitsMin: z.int().min(1).default(2).describe("Fewest units of each compute that run at all times."),
  },
  "DAT-05": {
    /** Fewest days for which data can be taken back. */
    backupDaysMin: z.int().min(1).default(7).describe("Fewest days for which data can be taken back."),
  },
  "GOV-01": {
    /** Most waivers that may be in force at once. */
    waiversMax: z.int().min(0).default(10).describe("Most waivers that may be in force at once."),
    /** Longest time for which a waiver may still run, in days. */
    waiverDaysMax: z.int().min(1).default(366).describe("Longest time for which a waiver may still run, in days."),
  },
} satisfies Record<string, z.ZodRawShape>;

/** All of them under their own names, as a rule reads them. Unknown names are refused. */
export const ruleSettings = z.strictObject({
  ...parameters["TOP-02"],
  ...parameters["EDG-04"],
  ...parameters["EDG-06"],
  ...parameters["EDG-11"],
  ...parameters["CAP-01"],
  ...parameters["CAP-04"],
  ...parameters["DAT-05"],
  ...parameters["GOV-01"],
});

/** See `ruleSettings`. */
export type RuleSettings = z.output<typeof ruleSettings>;
