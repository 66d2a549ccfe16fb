/** Problems in what a person wrote for the exchange: settings, operators' commands. The shape is the same everywhere in Twodoor. */
import { type Issue, sortedByPath } from "../journal/issues";

export { type Issue, sortedByPath };

const SHOWN_CHARACTERS_MAX = 80;

/** A value as a message may show it: quoted and cut after 80 characters. Not for secrets. */
export function shown(value: string | undefined): string {
  if (value === undefined || value === "") return "nothing";
  return JSON.stringify(value.length > SHOWN_CHARACTERS_MAX ? `${value.slice(0, SHOWN_CHARACTERS_MAX - 3)}...` : value);
}

/** A secret as a message may show it: its length, nothing else. */
export function shownSecret(value: string | undefined): string {
  return value === undefined || value === "" ? "nothing" : `a secret of ${String(value.length)} characters`;
}

/** The text that a person reads: a headline with the count, then one line for each problem, sorted by path. */
export function formatIssues(headline: string, issues: readonly Issue[]): string {
  const count = issues.length === 1 ? "1 problem" : `${String(issues.length)} problems`;
  return [
    `${headline}: ${count}`,
    ...sortedByPath(issues).map(
      ({ path, expected, got, fix }) => `  ${path}   expected ${expected}, got ${got}; ${fix}`,
    ),
  ].join("\n");
}

/** Settings that cannot be used. The message is for a person; no stack is shown. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly issues: readonly Issue[];
  constructor(headline: string, issues: readonly Issue[]) {
    super(formatIssues(headline, issues));
    this.issues = issues;
  }
}
