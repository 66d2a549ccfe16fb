import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { parseSettings, PolicySettingsError, type Settings } from "./settings-form";

/** Name of the settings file that is used for a stack where nobody names another; it lies beside `Pulumi.<stack>.yaml`. */
export function settingsFileName(stack: string): string {
  return `twodoor.${stack}.json`;
}

/**
 * The settings in a file, JSON or YAML. A file that is JSON can be given to the engine too: `pulumi preview --policy-pack-config FILE`.
 *
 * @throws PolicySettingsError where it cannot be read, or holds something that cannot be used.
 */
export function readSettings(file: string): Settings {
  return parseSettings(contentOf(file), file);
}

function contentOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const got = error instanceof Error && "code" in error ? String(error.code) : "none";
    throw refused(file, "a file that can be read", got, "name a settings file");
  }
  try {
    const document = parseDocument(text, { prettyErrors: false });
    const [error] = document.errors;
    if (error === undefined) return document.toJS();
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw refused(`${file}:${String(line)}`, "JSON or YAML", error.code, "correct the line");
  } catch (error) {
    if (error instanceof PolicySettingsError) throw error;
    // Nesting beyond the stack, aliases that multiply: nothing that a person writes.
    throw refused(file, "JSON or YAML", "something that is nested too deeply", "write it flatter");
  }
}

function refused(path: string, expected: string, got: string, fix: string): PolicySettingsError {
  return new PolicySettingsError(path, [{ path: "settings", expected, got, fix }]);
}
