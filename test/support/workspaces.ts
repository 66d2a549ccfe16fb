/** Programs that a test writes into a temporary directory, with this repository's packages to run on. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./sources";

/** A directory of programs. */
export interface Workspace {
  /** Its real path. */
  root: string;
  /** Writes files, by their path from the root. */
  write: (files: Record<string, string>) => void;
  /** Makes `path` a link to `target`, a path from the root or an absolute one. */
  link: (path: string, target: string) => void;
  /** Takes the directory away. */
  close: () => void;
}

/**
 * A new directory.
 *
 * @param isHoisted - whether this repository's packages are found from everywhere in it. Defaults to true.
 */
export function newWorkspace(isHoisted = true): Workspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-projects-")));
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(target.startsWith("/") ? "" : root, target), join(root, path));
  };
  if (isHoisted) link("node_modules", join(ROOT, "node_modules"));
  return {
    root,
    link,
    write: (files) => {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), text);
      }
    },
    close: () => {
      rmSync(root, { recursive: true });
    },
  };
}
