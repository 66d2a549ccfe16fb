import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { deferred } from "./callbacks";
import { closedEnvironment, killGroup } from "./child";
import type { Configuration } from "./deployment";
import { errorDescriptor, preloadFlag } from "./preload";
import { ProgramError } from "./program-error";
import type { Project } from "./project";

/** How a program ended. */
export interface Ending {
  /** The exit status; `null` when it was stopped. */
  status: number | null;
  /** The signal that ended it, if one did. */
  signal: NodeJS.Signals | null;
  /** Why we stopped it, if we did. */
  stopped: "timeout" | "aborted" | undefined;
  /** What it wrote to standard output and standard error, in the order of arrival. */
  printed: string;
  /** What it wrote to standard error alone. */
  stderr: string;
  /** Stacks of the errors that ended it, in the order in which they occurred. */
  stacks: string[];
}

type Written = Pick<Ending, "printed" | "stderr" | "stacks">;

/** What a program is started with. */
export interface ProgramRun {
  /** The project. */
  project: Project;
  /** The stack's name. */
  stack: string;
  /** Its configuration. */
  configuration: Configuration;
  /** Address of the resource monitor. */
  address: string;
  /** Seconds after which it is stopped. */
  timeoutSeconds: number;
  /** Stops it when aborted. */
  signal: AbortSignal | undefined;
}

/** Resource operations that the SDK has under way at once; the engine's own default for a preview is 16. */
const parallelOperations = 16;

/**
 * Runs a program as Pulumi's language host does (`cmd/run` of the SDK that the program itself has installed), in an environment of
 * which it sees nothing but the paths. It never outlives this call, nor does any process that it starts.
 */
export async function runProgram(run: ProgramRun): Promise<Ending> {
  const { project, signal } = run;
  const args = [preloadFlag, ...project.nodeArguments, sdkRunner(project), ...flags(run), project.entryPoint];
  const child = spawn(process.execPath, args, {
    cwd: project.programDirectory,
    env: environment(run),
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // A process group of its own, so that what it starts can be stopped with it.
    detached: true,
  });
  let stopped: Ending["stopped"];
  const stop = (reason: "timeout" | "aborted") => {
    stopped ??= reason;
    killGroup(child);
  };
  const onAbort = () => {
    stop("aborted");
  };
  const onExit = () => {
    killGroup(child);
  };
  const timer = setTimeout(() => {
    stop("timeout");
  }, run.timeoutSeconds * 1000);
  signal?.addEventListener("abort", onAbort);
  process.once("exit", onExit);
  try {
    if (signal?.aborted === true) stop("aborted");
    const printed = collect(child);
    const [status, ended] = await exited(child);
    killGroup(child);
    return { status, signal: ended, stopped, ...(await printed) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    process.removeListener("exit", onExit);
  }
}

function sdkRunner({ programDirectory }: Project): string {
  try {
    return createRequire(join(programDirectory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new ProgramError(
      `Cannot find @pulumi/pulumi from ${programDirectory}. Install the program's packages first: npm install`,
    );
  }
}

/** No `--engine`: the SDK then prints its messages, and spares a call for each of its debug messages, which is half of a run's time. */
function flags({ project, stack, address }: ProgramRun): string[] {
  const values = {
    monitor: address,
    organization: "organization",
    project: project.name,
    "root-directory": project.root,
    stack,
    pwd: project.programDirectory,
    parallel: String(parallelOperations),
  };
  return [...Object.entries(values).flatMap(([flag, value]) => [`--${flag}`, value]), "--dry-run"];
}

function environment({ project, configuration }: ProgramRun): NodeJS.ProcessEnv {
  return {
    ...closedEnvironment(),
    PULUMI_CONFIG: JSON.stringify(configuration.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(configuration.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(project.typescript),
    // Type checking takes seconds and a gigabyte, and is the business of the project's own check.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...(project.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: project.tsconfig }),
  };
}

function exited(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  const { promise, resolve, reject } = deferred<[number | null, NodeJS.Signals | null]>();
  child.once("exit", (status, signal) => {
    resolve([status, signal]);
  });
  child.once("error", reject);
  return promise;
}

/** Everything that the child and what it started write until the last of them has ended. */
function collect(child: ChildProcess): Promise<Written> {
  const { promise, resolve } = deferred<Written>();
  const written = { printed: "", stderr: "" };
  let told = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    written.printed += chunk;
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    written.printed += chunk;
    written.stderr += chunk;
  });
  const errors = child.stdio[errorDescriptor];
  if (errors instanceof Readable) {
    errors.setEncoding("utf8").on("data", (chunk: string) => {
      told += chunk;
    });
  }
  child.once("close", () => {
    resolve({ ...written, stacks: told.split("\n").flatMap(stackOf) });
  });
  return promise;
}

/** One line of the error channel; a program that writes there itself is not listened to. */
function stackOf(line: string): string[] {
  try {
    const stack: unknown = JSON.parse(line);
    return typeof stack === "string" ? [stack] : [];
  } catch {
    return [];
  }
}
