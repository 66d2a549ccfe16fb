/** A text as it stands, for an element's content or a quoted attribute. */
export function escaped(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** A value for a script element that holds data: nothing in it ends the element. */
export function embedded(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text of at most `max` characters, its middle left out: both ends of a name tell things apart. */
export function shortened(text: string, max: number): string {
  const signs = Array.from(text);
  if (signs.length <= max) return text;
  const tail = Math.floor((max - 1) / 2);
  return `${signs.slice(0, max - 1 - tail).join("")}…${signs.slice(signs.length - tail).join("")}`;
}
