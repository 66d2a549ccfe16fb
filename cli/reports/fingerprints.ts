import { createHash } from "node:crypto";
import type { Finding } from "../../policies/result";

/** What tells findings apart, and stays when a line moves or a number in the message changes. */
export type Subject = Pick<Finding, "rule" | "urn">;

/**
 * A fingerprint for each finding, in the findings' order: the same after lines moved and numbers in the message changed, and different for
 * every finding of one report. Platforms close and open alerts by it.
 */
export function fingerprintsOf(findings: readonly Subject[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, urn }) => {
    const key = JSON.stringify([rule, urn]);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return createHash("sha256")
      .update(`${key} ${String(before)}`)
      .digest("hex")
      .slice(0, 32);
  });
}
