/** A folder with the component package and the SDKs generated from it, and stacks of programs that use them on the real engine. */
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { buildSync } from "esbuild";
import { openStack, type OpenStack } from "../support/engine";
import { ROOT, filesUnder } from "../support/sources";

/** The programs, a folder each. */
export const PROGRAMS = join(__dirname, "programs");

/** How a command ended, with everything that it printed. */
export interface Ended {
  status: number | null;
  output: string;
}

/** The folder, until `close` takes it away. */
export interface Workshop {
  directory: string;
  /** The component package as it is published, with this repository's dependencies. */
  component: string;
  /** The generated SDKs, a folder each: `python`, `go`, `nodejs`. */
  sdks: string;
  close: () => void;
}

/** Makes the folder and lets `generate` write the SDKs. */
export function openWorkshop(generate: string): Workshop {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-languages-")));
  const workshop = {
    directory,
    component: join(directory, "twodoor"),
    sdks: join(directory, "sdks"),
    close: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
  publish(workshop.component);
  const schema = join(workshop.component, "components", "plugin", "schema.json");
  must(runToEnd(directory, {}, generate, schema, workshop.sdks));
  return workshop;
}

/** What the package publishes and Pulumi needs of it, compiled one file at a time: types are another test's. */
function publish(directory: string): void {
  mkdirSync(directory);
  for (const name of ["components", "PulumiPlugin.yaml", "package.json"]) {
    cpSync(join(ROOT, name), join(directory, name), { recursive: true });
  }
  const sources = filesUnder("components");
  buildSync({
    entryPoints: sources.filter((path) => path.endsWith(".ts")).map((path) => join(ROOT, path)),
    outbase: ROOT,
    outdir: join(directory, "dist"),
    format: "cjs",
    platform: "node",
  });
  for (const path of sources.filter((name) => name.endsWith(".json") && !name.startsWith("components/plugin/"))) {
    cpSync(join(ROOT, path), join(directory, "dist", path));
  }
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
}

/** A stack `dev` of a program, and the environment in which a program of it runs by itself. */
export interface ProgramStack {
  stack: OpenStack;
  /** Runs a program that drives the engine itself, in the stack's project. */
  run: (environment: Record<string, string>, command: string, ...args: string[]) => Promise<Ended>;
}

/** Makes the stack `dev` of `program`, with the component package where its Pulumi.yaml says: `../twodoor`. */
export async function openProgram(engine: string, workshop: Workshop, program: string): Promise<ProgramStack> {
  const folder = join(workshop.directory, program);
  cpSync(join(PROGRAMS, program), folder, { recursive: true });
  cpSync(join(PROGRAMS, "Pulumi.dev.yaml"), join(folder, "Pulumi.dev.yaml"));
  // In place before the first command: each resolves the project's packages.
  const file = join(folder, "Pulumi.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("../twodoor", workshop.component));
  const stack = await openStack(engine, { program: folder, stack: "dev" });
  const at = (name: string): string => join(stack.directory, name);
  return {
    stack,
    run: (environment, command, ...args) =>
      runWatched(
        at("project"),
        {
          PATH: [engine, process.env["PATH"] ?? ""].join(delimiter),
          HOME: process.env["HOME"] ?? stack.directory,
          TMPDIR: at("tmp"),
          PULUMI_HOME: at("home"),
          PULUMI_BACKEND_URL: `file://${at("state")}`,
          PULUMI_CONFIG_PASSPHRASE: "example",
          ...environment,
        },
        command,
        ...args,
      ),
  };
}

const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) process.kill(-pid, "SIGKILL");
});

/** Runs a command in a process group of its own, which does not outlive the test. */
function runWatched(cwd: string, env: Record<string, string>, command: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const pid = child.pid;
    if (pid !== undefined) running.add(pid);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", reject);
    child.on("close", (status) => {
      if (pid !== undefined) running.delete(pid);
      resolve({ status, output });
    });
  });
}

/** Runs a command to its end, beside this process's own environment. */
export function runToEnd(cwd: string, environment: Record<string, string>, command: string, ...args: string[]): Ended {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (error !== undefined) throw error;
  return { status, output: stdout + stderr };
}

/** What a command printed, which has to have ended well. */
export function must({ status, output }: Ended): string {
  if (status !== 0) throw new Error(`ended with ${String(status)}: ${output}`);
  return output;
}
