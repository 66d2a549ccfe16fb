import { readConfiguration } from "./project/configuration";
import type { PlaceholderType } from "./project/config-placeholders";
import { newDeployment, type Configuration, type Deployment } from "./deployment";
import type { Ending } from "./program/ending";
import { failureOf } from "./program/failure";
import type { PlanOptions } from "./plan-types";
import { runProgram } from "./program/program";
import type { ProgramError } from "./program/program-error";
import type { Project } from "./project/project";
import { startEngine } from "./engine/server";
import type { StackChoice } from "./project/stack-choice";
import type { Json } from "../resilience/values";
import { isHideable, secretStrings } from "./wire";

/** A program that has come to its end, good or bad. */
export interface Attempt {
  /** What is known about it. */
  deployment: Deployment;
  /** How it ended. */
  ending: Ending;
  /** What went wrong, if anything did. */
  failure: ProgramError | undefined;
}

/** What a program is run with, in `PlanOptions`' words. */
export type AttemptOptions = Pick<PlanOptions, "answers" | "config" | "environmentVariables" | "signal"> & {
  timeoutSeconds: number;
};

/**
 * Runs a program. Nobody may declare the type of an encrypted value, and nobody knows which values a Pulumi ESC environment has: if the program
 * fails because a placeholder is of another type than it asks for, or for want of a value of such an environment, it is run again with
 * one that fits. Each repetition settles one more key, so that they come to an end.
 *
 * Rejects with `SettingsError` when the configuration is refused.
 */
export async function attempt(project: Project, stack: StackChoice, options: AttemptOptions): Promise<Attempt> {
  const types = new Map<string, PlaceholderType>();
  for (;;) {
    const configuration = readConfiguration(project, stack.name, { given: options.config ?? {}, types });
    const { deployment, ending } = await runOnce(project, stack, configuration, options);
    noteSecrets(deployment, ending);
    const failure = failureOf(deployment, ending, options.timeoutSeconds);
    const asked = failure === undefined ? undefined : askedFor(failure.message, configuration);
    if (asked === undefined || types.get(asked.key) === asked.type) return { deployment, ending, failure };
    types.set(asked.key, asked.type);
  }
}

const typeWords: Record<string, PlaceholderType> = { number: "number", boolean: "boolean", "JSON object": "object" };

/** The key and the type that the program wanted, by the words of the SDK's `config.ts`, which have been the same since 2018. */
function askedFor(
  message: string,
  { placeholders, environments, values }: Configuration,
): { key: string; type: PlaceholderType } | undefined {
  const [, key = "", word = ""] =
    /Configuration '([^'\n]+)' value '[^\n]*?' is not a valid (number|boolean|JSON object)/.exec(message) ?? [];
  const type = typeWords[word];
  if (type !== undefined) return placeholders.includes(key) ? { key, type } : undefined;
  const [, absent] = /Missing required configuration variable '([^'\n]+)'/.exec(message) ?? [];
  if (absent === undefined || environments.length === 0 || values[absent] !== undefined) return undefined;
  return { key: absent, type: "string" };
}

/** Secrets that came up while it ran, so that no message shows them. */
function noteSecrets({ resources, outputs, secrets }: Deployment, ending: Ending): void {
  for (const secret of ending.secrets) if (isHideable(secret)) secrets.add(secret);
  const own = [...resources.values()].flatMap((resource): Json[] => [resource.inputs, resource.outputs ?? {}]);
  const values: Json[] = [...own, outputs ?? {}];
  for (const value of values) for (const secret of secretStrings(value)) secrets.add(secret);
}

async function runOnce(
  project: Project,
  stack: StackChoice,
  configuration: Configuration,
  { answers = {}, environmentVariables = {}, timeoutSeconds, signal }: AttemptOptions,
): Promise<Omit<Attempt, "failure">> {
  const identity = { project: project.name, stack: stack.name, organization: stack.organization };
  const deployment = newDeployment(identity, configuration, answers, project.programDirectory);
  const engine = await startEngine(deployment);
  const stop = AbortSignal.any([deployment.refused.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    const { address } = engine;
    const ending = await runProgram({
      project,
      stack,
      configuration,
      environmentVariables,
      address,
      timeoutSeconds,
      signal: stop,
    });
    return { deployment, ending };
  } finally {
    engine.stop();
  }
}
