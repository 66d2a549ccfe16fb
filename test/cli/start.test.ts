// Proves that the command loads nothing but its options before it knows what it is asked for: no SDK, no schema library, no provider of the twin.
// Seconds are `npm run bench`'s business.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(__dirname, "..", "..");
/** Tells what was loaded once the command has ended, on the error stream. */
const tells = `process.on("exit", () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));`;

it("loads only the parser of options for --help", () => {
  const hook = `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(join(root, "index.js"))}); ${tells}`)}`;
  const args = ["--import", "tsx", "--import", hook, join(root, "cli", "main.ts"), "check", "--help"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect(status).toBe(0);
  const loaded = (JSON.parse(stderr) as string[]).map((file) => file.slice(root.length + 1));
  const packages = loaded.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  expect([...new Set(packages)].filter((name) => !["tsx", "esbuild", "@esbuild"].includes(name)).sort()).toEqual([
    "commander",
    "picocolors",
  ]);
  // The form of a refusal, a file without imports but its words: an option may be refused while it is parsed.
  expect(loaded.filter((file) => /^(planner|policies|resilience|twin)\//.test(file))).toEqual([
    "planner/project/settings-error.ts",
  ]);
});
