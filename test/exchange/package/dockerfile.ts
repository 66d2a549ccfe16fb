/** A Dockerfile as far as the tests follow it: stages of instructions, and what the last one makes of a file system. */

/** One instruction, its lines joined. */
export interface Instruction {
  /** Upper case: `COPY`. */
  readonly name: string;
  /** `--from=build`, by name. */
  readonly flags: Readonly<Record<string, string>>;
  /** Everything behind name and flags. */
  readonly text: string;
  /** The words of `text`; those of a JSON array where it is one. */
  readonly words: readonly string[];
}

/** What stands between one `FROM` and the next. */
export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Parses what the exchange's Dockerfile uses: comments, joined lines, flags, JSON arrays. */
export function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile
    .split("\n")
    .filter((line) => !/^\s*(?:#.*)?$/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = "", flagText = "", text = ""] = /^(\w+)\s+((?:--\S+\s+)*)(.*)$/.exec(line) ?? [];
    const flags = Object.fromEntries(
      [...flagText.matchAll(/--([\w-]+)=?(\S*)/g)].map(([, flag = "", value = ""]) => [flag, value]),
    );
    const words = text.startsWith("[") ? (JSON.parse(text) as string[]) : text.split(/\s+/);
    const [base = "", , alias] = words;
    if (name === "FROM") stages.push({ base, name: alias, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, flags, text, words });
  }
  return stages;
}

/** The only instruction of that name; fails where there is none or a second one. */
export function only(stage: Stage, name: string): Instruction {
  const found = stage.instructions.filter((instruction) => instruction.name === name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${String(found.length)} x ${name}`);
  return found[0];
}

/** Variables of `ENV A=b C=d`. */
export function environmentOf(stage: Stage): Record<string, string> {
  const pairs = stage.instructions.filter(({ name }) => name === "ENV").flatMap(({ words }) => words);
  return Object.fromEntries(pairs.map((pair) => [pair.split("=")[0] ?? "", pair.split("=").slice(1).join("=")]));
}

/**
 * Whether `.dockerignore` lets a path of the context in. Patterns as this repository writes them: `*`, `**`, `!`, whole folders.
 *
 * @param ignore - the file's text; the last pattern that matches decides.
 */
export function isSent(ignore: string, path: string): boolean {
  const patterns = ignore.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  let sent = true;
  for (const pattern of patterns) {
    const negated = pattern.startsWith("!");
    const source = (negated ? pattern.slice(1) : pattern)
      .replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")
      .replaceAll("**/", "(?:.+/)?")
      .replaceAll(/(?<!\))\*/g, "[^/]*");
    if (new RegExp(`^${source}(?:/.*)?$`).test(path)) sent = negated;
  }
  return sent;
}
