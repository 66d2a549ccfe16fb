import { writeFileSync } from "node:fs";
import { SettingsError } from "../planner/project/settings-error";

/**
 * Writes a file that the command line names. Throws `SettingsError` where it cannot be written.
 *
 * @param flag - the option that names it, for the message.
 * @param headline - what cannot be done then.
 */
export function writeOutput(flag: string, file: string, text: string, headline?: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const got = error instanceof Error && "code" in error ? String(error.code) : "none";
    const fix = "name one in a directory that exists";
    throw new SettingsError([{ path: `${flag} ${file}`, expected: "a file that can be written", got, fix }], headline);
  }
}
