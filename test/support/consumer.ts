/** An empty program of somebody else's that installs the packed package: what `test/package.test.ts` drives. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ROOT, filesUnder, textOf } from "./sources";

/** How a command ended, with what it printed. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Thrown when a command failed since no registry answered: a reason to skip, not to fail. */
export class RegistryUnreachable extends Error {}

const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/;

/** The environment of a command: `node` from the given directory comes first, and npm's settings of an outer run are not inherited. */
function environment(nodeDirectory: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|VITEST|NODE_OPTIONS|NODE_ENV)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: "1",
    PATH: [nodeDirectory, process.env["PATH"] ?? ""].join(delimiter),
  };
}

/** Runs a command to its end. */
export function run(directory: string, nodeDirectory: string, command: string, ...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: directory,
    env: environment(nodeDirectory),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

/** Runs npm to its end, which has to be a good one. */
export function npm(directory: string, nodeDirectory: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(directory, nodeDirectory, "npm", ...args);
  if (status === 0) return stdout;
  const said = `npm ${args.join(" ")} ended with ${String(status)}:\n${stdout}\n${stderr}`;
  throw UNREACHABLE.test(said) ? new RegistryUnreachable(said) : new Error(said);
}

/** A new empty directory outside the repository, by its real path. */
export function newDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "twodoor-package-")));
}

/** Directory of the Node that runs this test. */
export const OWN_NODE = dirname(process.execPath);

/**
 * Directory of a Node of at least that major version: our own where it is new enough, else npm's package with the binary of
 * Node 22. Nothing where no such package exists for this platform.
 */
export function nodeDirectory(majorMin: number): string | undefined {
  if (Number(process.versions.node.split(".")[0]) >= majorMin) return OWN_NODE;
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) return undefined;
  const directory = newDirectory();
  const name = `node-linux-${process.arch}`;
  writeFileSync(join(directory, "package.json"), `{ "private": true }`);
  npm(directory, OWN_NODE, "install", "--prefer-offline", `${name}@${String(majorMin)}`);
  return join(directory, "node_modules", name, "bin");
}

/** What `npm pack` made. */
export interface Packed {
  tarball: string;
  files: string[];
}

/** Builds and packs the repository. */
export function pack(): Packed {
  const directory = newDirectory();
  const printed = npm(ROOT, OWN_NODE, "pack", "--json", "--pack-destination", directory);
  const [packed] = JSON.parse(printed.slice(printed.indexOf("[\n"))) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (packed === undefined) throw new Error(`npm pack named no file: ${printed}`);
  return { tarball: join(directory, packed.filename), files: packed.files.map(({ path }) => path).sort() };
}

/**
 * A program that depends on the tarball and on what npm installs for it, with this repository's examples as its sources.
 *
 * @param also - further packages to install: `@pulumi/pulumi@3.248.0` holds the SDK where the peer range would take a newer one.
 */
export function consumer(tarball: string, nodeDirectory: string, ...also: string[]): string {
  const directory = newDirectory();
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  npm(directory, nodeDirectory, "install", "--no-audit", "--no-fund", "--prefer-offline", tarball, ...also);
  const options = { module: "nodenext", target: "es2022", strict: true, skipLibCheck: true, types: [], outDir: "out" };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
  for (const path of filesUnder("examples").filter((name) => /^examples\/[a-z-]+\.ts$/.test(name))) {
    writeFileSync(join(directory, path.slice("examples/".length)), asConsumer(textOf(path)));
  }
  mkdirSync(join(directory, "driver"));
  cpSync(join(ROOT, "test", "support", "consumer-driver.cjs"), join(directory, "driver", "run.cjs"));
  return directory;
}

/** An example as somebody writes it who has the package from npm. */
function asConsumer(text: string): string {
  return text.replace(/"\.\.\/components"/g, `"twodoor"`);
}

/** Type-checks and compiles a consumer's sources with this repository's TypeScript. */
export function compile(directory: string, nodeDirectory: string): Ended {
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  return run(directory, nodeDirectory, "node", tsc, "-p", directory);
}

/** Version of an installed package. */
export function installedVersion(directory: string, name: string): string {
  const text = readFileSync(join(directory, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Places where a package is installed, by the consumer's lock file. */
export function copiesOf(directory: string, name: string): string[] {
  const lock = JSON.parse(readFileSync(join(directory, "package-lock.json"), "utf8")) as { packages: object };
  return Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
}
