/** The policy pack as it is published. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/** Bundles the pack from the sources as they are now; gives its directory. */
export function builtPack(): string {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/bundle-policies.mjs"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the pack cannot be bundled: ${stderr}`);
  return resolve(ROOT, "policies");
}
