/**
 * Tells, in one line on stderr, why tests of this file are skipped, and returns whether they are: `describe.skipIf(skipped(reason))`.
 *
 * @param reason - what is missing and how to get it, or nothing when all is there.
 */
export function skipped(reason: string | undefined): boolean {
  if (reason === undefined) return false;
  process.stderr.write(`skipped: ${reason}\n`);
  return true;
}
