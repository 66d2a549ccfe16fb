/** Policy packs that exist for one test. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A pack in a directory of its own. */
export interface TemporaryPack {
  directory: string;
  /** Takes the directory away. */
  close: () => void;
}

/**
 * A pack of these files, which finds the packages of this repository. Without others it has a PulumiPolicy.yaml for Node.js and a
 * package.json that names `index.js`.
 */
export function temporaryPack(files: Record<string, string>, hasPackages = true): TemporaryPack {
  const directory = mkdtempSync(join(tmpdir(), "twodoor-pack-"));
  const all = {
    "PulumiPolicy.yaml": "runtime: nodejs\n",
    "package.json": JSON.stringify({ name: "tiny", version: "1.2.3", main: "index.js" }),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(directory, name), text);
  if (hasPackages) symlinkSync(resolve(__dirname, "../../node_modules"), join(directory, "node_modules"));
  return {
    directory,
    close: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
