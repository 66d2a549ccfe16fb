import { dirname, join, relative, sep } from "node:path";
import { shellText } from "./shell-text";

/**
 * How this command is started again, as a person types it.
 *
 * @param script - what Node.js was started with (`process.argv[1]`).
 * @param directory - where the person stands.
 */
export function ownCommand(script: string, directory: string): string {
  if (script.endsWith(join("cli", "main.ts"))) return "npm run twodoor --";
  const [holder, rest] = script.split(join(sep, "node_modules", ".bin", sep));
  // npx finds it at or above the directory, and keeps what it fetched by itself under `_npx`.
  if (holder === undefined || rest === undefined || script.includes(join(sep, "_npx", sep))) return "npx twodoor";
  for (let at = directory; ; at = dirname(at)) {
    if (at === holder) return "npx twodoor";
    if (at === dirname(at)) return shellText(relative(directory, script));
  }
}
