/** A word as a person types it into a shell: in quotes where it has blanks or what a shell would read as its own. */
export function shellText(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
