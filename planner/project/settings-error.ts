import { formatIssues, sortIssues, type Issue } from "../../components/sizing/issues";

/** Thrown before the program starts, when what was asked for cannot be planned: no such project, stack or file, or one that cannot be read. */
export class SettingsError extends Error {
  /** The problems, sorted by path. */
  readonly issues: Issue[];

  /**
   * @param issues - at least one problem.
   * @param headline - what cannot be done because of them.
   */
  constructor(issues: Issue[], headline = "The program cannot be planned") {
    super(formatIssues(headline, issues));
    this.name = "SettingsError";
    this.issues = sortIssues(issues);
  }
}
