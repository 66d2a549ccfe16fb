/**
 * Makes the tree of the exchange's image without Docker: the build stage's commands run in a temporary folder that stands for its root,
 * from the files that the context would send; the last stage's COPY lines then fill an empty tree.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { RegistryUnreachable } from "../../support/consumer";
import { ROOT, filesUnder, textOf } from "../../support/sources";
import { isSent, type Instruction, type Stage } from "./dockerfile";

const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/;
/** What the base of the last stage brings for Node, and the folders that a container always has. */
const LOADER = /(\/\S+\.so\S*)/g;

/** Paths that the context would send to the build, sorted. */
export function contextFiles(): string[] {
  const ignore = textOf("exchange/Dockerfile.dockerignore");
  return filesUnder(".").filter((path) => isSent(ignore, path));
}

/**
 * Runs a build stage. Absolute paths that the Dockerfile itself makes (`/build`, `/image`) lie below `root`.
 *
 * @throws RegistryUnreachable where `npm ci` cannot reach a registry.
 */
export function runBuild(stage: Stage, root: string): void {
  const context = join(root, "context");
  for (const path of contextFiles()) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    cpSync(join(ROOT, path), join(context, path));
  }
  let directory = root;
  for (const instruction of stage.instructions) {
    if (instruction.name === "WORKDIR") directory = join(root, instruction.text);
    mkdirSync(directory, { recursive: true });
    if (instruction.name === "COPY") copyInto(instruction, context, directory);
    if (instruction.name === "RUN") runIn(directory, instruction.text.replaceAll(/ \/(?=image)/g, ` ${root}/`));
  }
}

/** As Docker copies: the contents of folders, files under their names where the target ends with a slash. */
export function copyInto({ words }: Instruction, from: string, to: string): void {
  const target = words.at(-1) ?? "";
  for (const source of words.slice(0, -1)) {
    const path = join(from, source);
    const place = join(to, target);
    if (statSync(path).isDirectory()) cpSync(path, place, { recursive: true });
    else if (target.endsWith("/")) cpSync(path, join(place, basename(path)));
    else cpSync(path, place);
  }
}

function runIn(directory: string, command: string): void {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:npm_|VITEST|NODE_)/.test(name));
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: directory,
    encoding: "utf8",
    env: Object.fromEntries(inherited),
  });
  if (status === 0) return;
  const said = `${command} ended with ${String(status)}:\n${stdout}${stderr}`;
  throw UNREACHABLE.test(said) ? new RegistryUnreachable(said) : new Error(said);
}

/**
 * Fills `tree` with what the last stage copies. The Node of this test stands for that of the build's base.
 *
 * @param root - where `runBuild` worked.
 */
export function fillTree(stage: Stage, root: string, tree: string): void {
  const copies = stage.instructions.filter(({ name }) => name === "COPY");
  for (const copy of copies) {
    const [source = ""] = copy.words;
    const from = source === "/usr/local/bin/node" ? nodeAsBuilt(root) : root;
    copyInto(copy, from, tree);
    const { chmod } = copy.flags;
    if (chmod !== undefined) chmodSync(join(tree, copy.words.at(-1) ?? ""), Number.parseInt(chmod, 8));
  }
}

function nodeAsBuilt(root: string): string {
  const base = join(root, "base");
  const place = join(base, "usr", "local", "bin");
  mkdirSync(place, { recursive: true });
  cpSync(realpathSync(process.execPath), join(place, "node"));
  return base;
}

/** Copies the shared libraries of this machine's Node into the tree, where the distroless base would have them. */
export function addLibraries(tree: string): void {
  const { stdout } = spawnSync("ldd", [realpathSync(process.execPath)], { encoding: "utf8" });
  for (const [, path = ""] of stdout.matchAll(LOADER)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    cpSync(realpathSync(path), join(tree, path));
  }
  for (const folder of ["proc", "dev", "tmp"]) mkdirSync(join(tree, folder), { recursive: true });
}

/** Files of a tree, relative, sorted. */
export function listed(tree: string, below = ""): string[] {
  if (!existsSync(join(tree, below))) return [];
  return readdirSync(join(tree, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? listed(tree, path) : [path];
    })
    .sort();
}

/** The text of a file below the tree. */
export function readBelow(tree: string, path: string): string {
  return readFileSync(join(tree, path), "utf8");
}
