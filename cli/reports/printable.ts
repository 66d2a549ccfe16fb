// Controls (C0, DEL, C1), signs that turn the direction of a line or show nothing, line separators, halves of a character.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A text of a stranger's program as one line that a terminal or the log of a CI job only shows: nothing in it moves the cursor, changes
 * a colour, hides or turns what follows, or is taken for a command of the runner. GitHub's reads `::` at the start of a line, spaces before it
 * left out, and `##[` anywhere
 * (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs); Azure's and TeamCity's begin with `##` too.
 */
export function printable(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(UNPRINTABLE, "\uFFFD")
    .replace(/(^|[ \uFFFD])::/g, "$1: :")
    .replace(/#(?=#)/g, "# ");
}

/** A value with every text in it made printable. What is one object in several places stays one object. */
export function printed<T>(value: T): T {
  return copyOf(value, new Map()) as T;
}

function copyOf(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value === "string") return printable(value);
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy: unknown = Array.isArray(value)
    ? value.map((item) => copyOf(item, copies))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item, copies)]));
  copies.set(value, copy);
  return copy;
}

/** JSON that a terminal or the log of a CI job only shows as well: what `printable` takes away is written as JSON's own escapes, so no value changes. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(/[\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}]|#(?=#)/gu, escape)}\n`;
}

function escape(sign: string): string {
  const units = Array.from({ length: sign.length }, (_, at) => sign.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
