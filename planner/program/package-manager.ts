import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How a program's packages are installed and how one is added to them. */
export interface PackageCommands {
  /** Installs what the lock file names: `npm ci`. */
  install: string;
  /** Adds a package, whose name follows: `npm install`. */
  add: string;
  /** Builds native parts anew: `npm rebuild`. */
  rebuild: string;
  /** Runs the script `build`. */
  build: string;
}

const npm = { add: "npm install", rebuild: "npm rebuild", build: "npm run build" };
const yarn = { add: "yarn add", rebuild: "yarn install --force", build: "yarn build" };
const pnpm = { add: "pnpm add", rebuild: "pnpm rebuild", build: "pnpm run build" };
const bun = { add: "bun add", rebuild: "bun install --force", build: "bun run build" };

/** Commands by the lock file that a package manager writes. */
const byLockFile: [string, PackageCommands][] = [
  ["pnpm-lock.yaml", { install: "pnpm install --frozen-lockfile", ...pnpm }],
  ["bun.lock", { install: "bun install --frozen-lockfile", ...bun }],
  ["bun.lockb", { install: "bun install --frozen-lockfile", ...bun }],
  ["yarn.lock", { install: "yarn install", ...yarn }],
  ["package-lock.json", { install: "npm ci", ...npm }],
  ["npm-shrinkwrap.json", { install: "npm ci", ...npm }],
];

/** The commands of the package manager whose lock file is nearest, at or above a directory; npm's without one. */
export function packageCommands(directory: string): PackageCommands {
  for (const at of upwards(directory)) {
    const found = byLockFile.find(([file]) => existsSync(join(at, file)));
    if (found !== undefined) return found[1];
  }
  return { install: "npm install", ...npm };
}

/** What the package.json at or above a directory says. */
export interface Manifest {
  /** Whether it names the package under any kind of dependency. */
  names(wanted: string): boolean;
  /** Whether it has a script `build`. */
  builds: boolean;
}

/** Reads the nearest package.json; without one that can be read, nothing is named. */
export function manifestOf(directory: string): Manifest {
  for (const at of upwards(directory)) {
    const content = readJson(join(at, "package.json"));
    if (content === undefined) continue;
    const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
    return {
      names: (wanted) => kinds.some((kind) => hasKey(content[kind], wanted)),
      builds: hasKey(content["scripts"], "build"),
    };
  }
  return { names: () => false, builds: false };
}

function* upwards(directory: string): Generator<string> {
  for (let at = directory; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

function readJson(file: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null ? (content as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}
