/** Where the tools that come from Python's package index are: `test/exchange/get-python` installs what `requirements.txt` pins. */
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const REQUIREMENTS = join(__dirname, "..", "requirements.txt");

/** A program's path, or why there is none: a test then skips with that reason. */
export type Tool = { path: string; reason?: undefined } | { path?: undefined; reason: string };

/** The folder of the pinned tools, whether it is there or not. The same rule as in `get-python`. */
export function pythonFolder(): string {
  const home = process.env["TWODOOR_PYTHON_HOME"] ?? join(homedir(), ".cache", "twodoor-python");
  return join(home, createHash("sha256").update(readFileSync(REQUIREMENTS, "utf8")).digest("hex").slice(0, 16));
}

/**
 * Finds a program: the pinned one first, then one on PATH. `python` is the pinned one alone, since another would lack the packages.
 *
 * @param name - `nats-server`, `schemathesis`, `hadolint` or `python`.
 */
export function pythonTool(name: string): Tool {
  const folder = pythonFolder();
  const pinned = existsSync(join(folder, "whole")) ? [join(folder, "bin")] : [];
  const onPath = name === "python" ? [] : (process.env["PATH"] ?? "").split(delimiter).filter((part) => part !== "");
  const path = [...pinned, ...onPath].map((part) => join(part, name)).find(isProgram);
  if (path !== undefined) return { path };
  return { reason: `there is no ${name}: \`test/exchange/get-python\` installs it` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
