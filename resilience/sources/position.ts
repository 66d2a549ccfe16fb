import { join, normalize } from "node:path/posix";
import type { Location } from "../graph";

/** Where a resource is made, as the engine writes it down: `project:///index.ts#12,5`, and the calls that led there, the innermost first. */
export interface Positioned {
  sourcePosition?: string | null | undefined;
  stackTrace?: readonly { sourcePosition?: string | null | undefined }[] | null | undefined;
}

/**
 * The innermost line that somebody can edit: in the repository, and not installed by npm. Null where there is none.
 *
 * @param projectPath - directory of `Pulumi.yaml` from the repository's root, with `/`; positions are relative to the former. Empty: the root.
 */
export function locationOf({ sourcePosition, stackTrace }: Positioned, projectPath: string): Location | null {
  for (const position of [sourcePosition, ...(stackTrace ?? []).map((frame) => frame.sourcePosition)]) {
    const [, path = "", line = ""] = /^project:\/\/\/([^#]+)#(\d+)/.exec(position ?? "") ?? [];
    if (path === "") continue;
    const file = normalize(join(projectPath, decoded(path)));
    if (file.startsWith("../") || file.startsWith("/") || file.split("/").includes("node_modules")) continue;
    return { file, line: Number(line) };
  }
  return null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A `%` that begins no escape is a letter like any other.
    return path;
  }
}
