// Compiles what is published into dist/: components with their types, and the `twodoor` command with the planner and the twin.
// dist/ is emptied first, so that the package never carries a file whose source is gone.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

rmSync(join(root, "dist"), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [tsc, "-p", join(root, "scripts", "tsconfig.build.json")], {
  stdio: "inherit",
});
// Runs in other people's processes as it is, so it is no TypeScript.
cpSync(join(root, "planner", "program", "preload"), join(root, "dist", "planner", "program", "preload"), {
  recursive: true,
});
const command = join(root, "dist", "cli", "main.js");
if (existsSync(command)) chmodSync(command, 0o755);
process.exitCode = status ?? 1;
