import { createRequire } from "node:module";
import { join } from "node:path";
import { closedEnvironment } from "./child";
import { runContained } from "./contained";
import type { Configuration } from "../deployment";
import type { Ending } from "./ending";
import { requireFreeNames } from "../project/environment-variables";
import { manifestOf, packageCommands } from "./package-manager";
import { preloadFlag } from "./preload";
import { ProgramError } from "./program-error";
import type { Project } from "../project/project";
import type { StackChoice } from "../project/stack-choice";

/** What a program is started with. */
export interface ProgramRun {
  /** The project. */
  project: Project;
  /** The stack's name, and who it belongs to. */
  stack: StackChoice;
  /** Its configuration. */
  configuration: Configuration;
  /** Environment variables that the caller gives by name. */
  environmentVariables: Readonly<Record<string, string>>;
  /** Address of the resource monitor. */
  address: string;
  /** Seconds after which it is stopped. */
  timeoutSeconds: number;
  /** Stops it when aborted. */
  signal: AbortSignal | undefined;
}

/** Resource operations that the SDK has under way at once; the engine's own default for a preview is 16. */
const parallelOperations = 16;

/** Node.js lets young objects take 48 MB before it looks for dead ones; a quarter of that is as fast here. The project's own flags come later and win. */
const youngGeneration = "--max-semi-space-size=4";

/**
 * Runs a program as Pulumi's language host does (`cmd/run` of the SDK that the program itself has installed), in an environment of
 * which it sees nothing but the paths. It never outlives this call, nor does any process that it starts.
 */
export async function runProgram(run: ProgramRun): Promise<Ending> {
  const { project, timeoutSeconds, signal } = run;
  requireFreeNames(run.environmentVariables);
  return runContained({
    args: [
      preloadFlag,
      youngGeneration,
      ...project.nodeArguments,
      sdkRunner(project),
      ...flags(run),
      project.entryPoint,
    ],
    directory: project.programDirectory,
    environment: environment(run),
    timeoutSeconds,
    signal,
  });
}

function sdkRunner({ programDirectory }: Project): string {
  try {
    return createRequire(join(programDirectory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    const { add, install } = packageCommands(programDirectory);
    const isNamed = manifestOf(programDirectory).names("@pulumi/pulumi");
    throw new ProgramError(
      `Cannot find @pulumi/pulumi from ${programDirectory}.`,
      null,
      isNamed ? `install the program's packages first: ${install}` : `add it to the program: ${add} @pulumi/pulumi`,
    );
  }
}

/** No `--engine`: the SDK then prints its messages, and spares a call for each of its debug messages, which is half of a run's time. */
function flags({ project, stack, address }: ProgramRun): string[] {
  const values = {
    monitor: address,
    organization: stack.organization,
    project: project.name,
    "root-directory": project.root,
    stack: stack.name,
    pwd: project.programDirectory,
    parallel: String(parallelOperations),
  };
  return [...Object.entries(values).flatMap(([flag, value]) => [`--${flag}`, value]), "--dry-run"];
}

function environment({ project, configuration, environmentVariables }: ProgramRun): Record<string, string> {
  return {
    ...environmentVariables,
    ...closedEnvironment(),
    PULUMI_CONFIG: JSON.stringify(configuration.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(configuration.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(project.typescript),
    // Type checking takes seconds and a gigabyte, and is the business of the project's own check.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // For ES modules the SDK makes its compiler before it has read that (`makeHooks` of `cmd/run/hooks.js`), and ts-node asks for this one.
    TS_NODE_TRANSPILE_ONLY: "true",
    ...(project.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: project.tsconfig }),
  };
}
