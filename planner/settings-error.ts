import { formatIssues, sortIssues, type Issue } from "../components/sizing/issues";

/** Thrown before the program starts, when what was asked for cannot be planned: no such project, stack or file, or one that cannot be read. */
export class SettingsError extends Error {
  /** The problems, sorted by path. */
  readonly issues: Issue[];

  /** @param issues - at least one problem. */
  constructor(issues: Issue[]) {
    super(formatIssues("The program cannot be planned", issues));
    this.name = "SettingsError";
    this.issues = sortIssues(issues);
  }
}
