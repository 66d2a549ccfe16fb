import type { Outcome } from "./engine";

/** The kinds of change in a command's outcome, each once, sorted: `["create", "update"]`. */
export function allOps({ changes }: Outcome): string[] {
  return [...new Set(changes.map((change) => change.split(" ")[0] ?? ""))].sort();
}

/** The changes that name none of `words`. */
export function changesBeside({ changes }: Outcome, ...words: string[]): string[] {
  return changes.filter((change) => !words.some((word) => change.includes(word)));
}
