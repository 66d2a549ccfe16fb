/** What is wrong with something that a person set up: the shape of a problem, here and in `node/issues.ts`, and the journal's own error of them. */

/** One problem: where it is, what was expected there, what stands there (never a secret's value), and how to mend it. */
export interface Issue {
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

/** Issues in the order in which they are told: by path. */
export function sortedByPath(issues: readonly Issue[]): Issue[] {
  return [...issues].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The journal cannot be used as it is set up. The message lists every problem, sorted by path. */
export class JournalMisconfigured extends Error {
  override readonly name = "JournalMisconfigured";
  readonly problems: readonly Issue[];
  constructor(problems: readonly Issue[]) {
    const sorted = sortedByPath(problems);
    super(
      `the journal is not set up as it must be: ${sorted
        .map(({ path, expected, got, fix }) => `${path}: expected ${expected}, got ${got}; ${fix}`)
        .join(". ")}`,
    );
    this.problems = sorted;
  }
}
