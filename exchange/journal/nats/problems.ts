/** What is wrong with a journal's settings or with its stream, told all at once. */

/** One problem. Never holds a secret. */
export interface Problem {
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

/** The journal cannot be used as it is set up. The message lists every problem, sorted by path. */
export class JournalMisconfigured extends Error {
  override readonly name = "JournalMisconfigured";
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const sorted = [...problems].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    super(
      `the journal is not set up as it must be: ${sorted
        .map(({ path, expected, got, fix }) => `${path}: expected ${expected}, got ${got}; ${fix}`)
        .join(". ")}`,
    );
    this.problems = sorted;
  }
}
