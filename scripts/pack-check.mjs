// Packs the package as npm would publish it, and lets publint and attw judge that very file: every entry exists, and its types
// resolve from CommonJS, from ES modules and for bundlers.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const directory = mkdtempSync(join(tmpdir(), "twodoor-pack-"));
try {
  const packed = spawnSync("npm", ["pack", "--json", "--pack-destination", directory], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (packed.status !== 0) throw new Error("npm pack failed; what it said is above");
  // The build, which runs first, may print before the list.
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("[\n")));
  const tarball = join(directory, filename);
  const judges = [
    ["publint", "run", tarball, "--strict"],
    ["attw", tarball, "--profile", "node16", "--no-emoji"],
  ];
  const failed = judges.filter(
    ([name, ...args]) => spawnSync("npx", ["--no-install", name, ...args], { stdio: "inherit" }).status !== 0,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
