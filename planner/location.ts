import type { SourcePosition, StackTrace } from "@pulumi/pulumi/proto/source_pb";
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Location } from "../resilience/graph";
import { preloadDirectory } from "./program/preload";

/** A place as a stack trace or the SDK names it. */
export interface Frame {
  /** A `file:` address or an absolute path. */
  file: string;
  /** Line, from 1. */
  line: number;
}

/** The directory above (or at) `directory` that holds `.git`; without one, `directory` itself. */
export function repositoryRoot(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return directory;
  }
}

/**
 * The first of the frames that somebody can edit: inside `root` and not installed by npm. `null` when there is none.
 *
 * @param frames - innermost call first.
 */
export function locate(frames: readonly Frame[], root: string): Location | null {
  for (const { file, line } of frames) {
    const path = pathOf(file);
    const inside = relative(root, path);
    // What we load into the program's process has frames of its own in its stacks.
    if (path.startsWith(preloadDirectory + sep)) continue;
    if (inside === "" || inside.startsWith("..") || inside.split(sep).includes("node_modules")) continue;
    return { file: inside.split(sep).join("/"), line };
  }
  return null;
}

/**
 * A frame of an ES module is an address already, which the SDK takes for a path below the working directory:
 * `file:///PROGRAM/file:/PROGRAM/index.js`.
 */
function pathOf(file: string): string {
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  const inner = /[\\/](file:[\\/].*)$/.exec(path)?.[1];
  return inner === undefined ? path : fileURLToPath(inner);
}

/**
 * The frames in the text of an error, innermost first: `at f (FILE:12:3)`, and `FILE:12` as compilers print it. A path has blanks only where its
 * beginning is sure.
 */
export function framesInText(text: string): Frame[] {
  const pattern =
    /(file:\/\/)?((?:\/|[A-Za-z]:\\)(?:[^\s():]|(?<=(?:\(|\bat |\basync |^)(?:file:)?[^():\n]*) )+?\.[cm]?[jt]sx?):(\d+)/gm;
  return [...text.matchAll(pattern)].map(([, scheme, path = "", line = "0"]) => ({
    // An address is encoded; whoever locates the frame takes it apart.
    file: scheme !== undefined && path.includes("%") ? `file://${path}` : path,
    line: Number(line),
  }));
}

/** A request that says where it was made. */
export interface Positioned {
  /** The innermost call outside of the SDK. */
  getSourceposition(): SourcePosition | undefined;
  /** All calls, the innermost first. */
  getStacktrace(): StackTrace | undefined;
}

/** Where a request was made, innermost call first. */
export function framesOf(request: Positioned): Frame[] {
  const frames = request.getStacktrace()?.getFramesList() ?? [];
  const positions = [request.getSourceposition(), ...frames.map((frame) => frame.getPc())];
  return positions.flatMap((at) => (at === undefined ? [] : [{ file: at.getUri(), line: at.getLine() }]));
}
