import { compareTexts } from "./words";

/**
 * One problem in what a person wrote: where it is, what was expected there, what stands there, and how to mend it.
 * Every part of Twodoor that refuses something (components, settings, command line) speaks in this shape.
 */
export interface Issue {
  /** Path of the value as the person wrote it: `regions[1].weight`, `capacity.peakRequestsPerSecond`. */
  path: string;
  /** What would have been accepted, as a noun phrase: `a share from 0 to 1`. */
  expected: string;
  /** What stands there instead, already made safe to print: never a secret's value. See `shown`. */
  got: string;
  /** What to do, as an imperative sentence without a full stop: `lower it so that all weights add up to 1`. */
  fix: string;
}

/**
 * A value as an error message may show it: strings quoted and cut after 80 characters, objects by their kind alone.
 * Not for secrets: for those use {@link shownSecret}.
 */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${String(value.length)}`;
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A secret as an error message may show it: its type and length, nothing else. */
export function shownSecret(value: unknown): string {
  return typeof value === "string" ? `a secret of ${String(value.length)} characters` : `a secret ${typeof value}`;
}

/** The path of a value as a person writes it: `waivers[0].rule`; a key that is no plain name stands in brackets: `origins["a.example.net"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${String(part)}]`;
    const key = String(part);
    if (text === "") return key;
    return /^[\w-]+$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;
  }, "");
}

/** Issues in the order in which every message lists them: by path, then by what was expected. */
export function sortIssues(issues: Issue[]): Issue[] {
  return [...issues].sort((a, b) => compareTexts(a.path, b.path) || compareTexts(a.expected, b.expected));
}

/**
 * The text that a person reads: a headline, then one line for each issue, sorted by path.
 *
 * @param headline - what was being judged, without the count: `ExchangeApi "exchange"`.
 */
export function formatIssues(headline: string, issues: Issue[]): string {
  const count = issues.length === 1 ? "1 problem" : `${String(issues.length)} problems`;
  const lines = sortIssues(issues).map(
    ({ path, expected, got, fix }) => `  ${path}   expected ${expected}, got ${got}; ${fix}`,
  );
  return [`${headline}: ${count}`, ...lines].join("\n");
}
