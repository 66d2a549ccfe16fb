// Runs every gate but the tests, each even when one before it has failed, so that one run tells everything; ends with what failed.
import { spawnSync } from "node:child_process";

const GATES = ["typecheck", "lint", "format:check", "knip", "pack:check"];

const failed = GATES.filter((gate) => {
  console.log(`--- npm run ${gate}`);
  return spawnSync("npm", ["run", "--silent", gate], { stdio: "inherit" }).status !== 0;
});
console.log(failed.length === 0 ? `gates: all ${GATES.length} hold` : `gates: failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
