import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Terraform that asks for the kinds of resources of the prod stack, written by hand: what Checkov can read. */
export const terraformDirectory = "bench/terraform";

const ROOT = join(__dirname, "..");
const VERSION = "3.3.30";

/** Checkov (PyPI) in an environment of its own in the cache directory, made on the first call; a text says why there is none. */
export function checkov(): { run: () => Promise<void> } | string {
  const home = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "twodoor", "checkov");
  const command = join(home, "bin", "checkov");
  if (!existsSync(command)) {
    if (spawnSync("python3", ["--version"]).status !== 0) return "not run: there is no python3 on PATH";
    const made = spawnSync("python3", ["-m", "venv", home], { encoding: "utf8" });
    if (made.status !== 0) return `not run: python3 -m venv ended with ${String(made.status)}`;
    const pip = spawnSync(join(home, "bin", "pip"), ["install", "--quiet", `checkov==${VERSION}`], {
      encoding: "utf8",
    });
    if (pip.status !== 0) return `not run: pip install checkov==${VERSION} ended with ${String(pip.status)}`;
  }
  return { run: () => run(command) };
}

function run(command: string): Promise<void> {
  // Quiet and without a download, so that what is measured is the judging.
  const args = ["--directory", terraformDirectory, "--framework", "terraform", "--compact", "--skip-download"];
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1e9 });
  // 1: some of its checks failed, as they do on anything that is written by hand.
  if (status !== 0 && status !== 1) throw new Error(`checkov ended with ${String(status)}: ${stderr}`);
  if (!/Passed checks: [1-9]/.test(stdout)) throw new Error("checkov has judged nothing");
  return Promise.resolve();
}
