import { newDeployment, type Deployment, type RecordedResource } from "./deployment";
import { readConfiguration } from "./configuration";
import { failureOf, withoutSecrets } from "./failure";
import { locate, repositoryRoot } from "./location";
import type { Plan, PlannedResource, PlanOptions, UnansweredCall } from "./plan-types";
import { runProgram, type Ending } from "./program";
import { chooseStack, readProject } from "./project";
import { startEngine } from "./server";
import { UnansweredError } from "./unanswered-error";
import { sortedByUrn } from "../resilience/graph";
import type { Json, JsonObject } from "../resilience/values";
import { presentable, secretStrings } from "./wire";

const defaultTimeoutSeconds = 120;

/**
 * Runs a Pulumi program offline and returns the resources that it asks for, as a preview of a new stack would see them.
 *
 * Needs no Pulumi CLI, no provider, no credential and no network. Nothing is written to the program's directory.
 *
 * Rejects with `SettingsError` (no such project, stack or file), `ProgramError` (the program failed) or, when strict,
 * `UnansweredError`.
 */
export async function plan(options: PlanOptions): Promise<Plan> {
  const { answers = {}, timeoutSeconds = defaultTimeoutSeconds, strict = false, onOutput } = options;
  const project = readProject(options.directory);
  const stack = chooseStack(project, options.stack);
  const configuration = readConfiguration(project, stack);
  const identity = { project: project.name, stack };
  const deployment = newDeployment(identity, configuration, answers, project.programDirectory);
  const engine = await startEngine(deployment);
  const signal = AbortSignal.any([
    deployment.refused.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  let ending: Ending;
  try {
    const { address } = engine;
    ending = await runProgram({ project, stack, configuration, address, timeoutSeconds, signal });
  } finally {
    engine.stop();
  }
  noteSecrets(deployment);
  const failure = failureOf(deployment, ending, timeoutSeconds);
  if (failure !== undefined) throw failure;
  onOutput?.(spoken(deployment, ending));
  const result = planOf(deployment);
  if (strict && result.unanswered.length > 0) throw new UnansweredError(result.unanswered);
  return result;
}

/** What the program printed and warned. */
function spoken({ secrets }: Deployment, { printed }: Ending): string {
  return withoutSecrets(printed.replace(/^(info|warning): \[runtime\] /gm, "$1: "), secrets);
}

function noteSecrets({ resources, outputs, secrets }: Deployment): void {
  const own = [...resources.values()].flatMap((resource): Json[] => [resource.inputs, resource.outputs ?? {}]);
  const values: Json[] = [...own, outputs ?? {}];
  for (const value of values) for (const secret of secretStrings(value)) secrets.add(secret);
}

function planOf(deployment: Deployment): Plan {
  const { project, stack, resources, outputs = {}, configuration, madeUp } = deployment;
  const root = repositoryRoot(deployment.programDirectory);
  return {
    version: 1,
    project,
    stack,
    resources: sortedByUrn([...resources.values()].map((resource) => planned(resource, root, madeUp))),
    outputs: shownObject(outputs, madeUp),
    unanswered: unansweredCalls(deployment),
    placeholders: configuration.placeholders,
  };
}

function planned(resource: RecordedResource, root: string, madeUp: ReadonlySet<string | number>): PlannedResource {
  const { urn, type, name, parent, provider, inputs, outputs, frames } = resource;
  return {
    urn,
    type,
    name,
    parent: parent === "" ? null : parent,
    provider: provider === "" ? null : provider,
    inputs: shownObject(inputs, madeUp),
    ...(outputs === undefined ? {} : { outputs: shownObject(outputs, madeUp) }),
    dependencies: resource.dependencies,
    propertyDependencies: resource.propertyDependencies,
    references: resource.references,
    options: resource.options,
    location: locate(frames, root),
  };
}

/** Sorted, since data sources are called in the order in which their arguments happen to be ready; each call once. */
function unansweredCalls({ unanswered, madeUp }: Deployment): UnansweredCall[] {
  const calls = new Map<string, UnansweredCall>();
  for (const call of unanswered) {
    const shown = { ...call, args: shownObject(call.args, madeUp) };
    calls.set(JSON.stringify(shown), shown);
  }
  return [...calls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call);
}

function shownObject(value: JsonObject, madeUp: ReadonlySet<string | number>): JsonObject {
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key): [string, Json] => [key, presentable(value[key] ?? null, madeUp)]),
  );
}
