/**
 * A number with its noun: `1 alarm`, `2 alarms`, `2 repositories`.
 *
 * @param plural - the noun for every number but 1. Defaults to the regular form.
 */
export function counted(count: number, noun: string, plural = pluralOf(noun)): string {
  return `${String(count)} ${count === 1 ? noun : plural}`;
}

/**
 * Things in a sentence: `a`, `a and b`, `a, b and c`.
 *
 * @param most - past so many the last is the number of the others. Defaults to 4.
 */
export function listed(items: readonly string[], most = 4): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${String(items.length - most + 1)} more`] : items;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

/** Which of two texts comes first, as `sort` asks for it: by code units, so that the same input has the same order on every machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function pluralOf(noun: string): string {
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
