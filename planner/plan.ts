import { attempt } from "./attempts";
import type { Deployment, RecordedResource } from "./deployment";
import { refusedConnections } from "./program/failure";
import { invokesOf, shownObject, unansweredIn } from "./engine/invokes";
import { locate, repositoryRoot } from "./location";
import type { Plan, PlannedResource, PlanOptions } from "./plan-types";
import type { Ending } from "./program/ending";
import { withoutSecretIds, withoutSecretNames } from "./plan-secrets";
import { readProject } from "./project/project";
import { answerWarnings } from "./answers/answer-warnings";
import { questionsOf } from "./answers/questions";
import { hideSecretsIn, withoutSecrets } from "./secret-texts";
import { chooseStack } from "./project/stack-choice";
import { UnansweredError } from "./answers/unanswered-error";
import { sortedByUrn } from "../resilience/graph";

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
  const { timeoutSeconds = defaultTimeoutSeconds, strict = false, onOutput } = options;
  const project = readProject(options.directory);
  const stack = chooseStack(project, options.stack);
  const { deployment, ending, failure } = await attempt(project, stack, { ...options, timeoutSeconds });
  try {
    options.onQuestions?.(questionsOf(deployment, ending.outputs));
    if (failure !== undefined) throw failure;
    for (const warning of answerWarnings(deployment, ending.outputs)) options.onWarning?.(warning);
    onOutput?.(spoken(deployment, ending));
    const result = planOf(deployment);
    if (strict && result.unanswered.length > 0) throw new UnansweredError(result.unanswered);
    return result;
  } catch (error) {
    // A mistake of ours is reported with its stack, to whoever reads the report.
    hideSecretsIn(error, deployment.secrets);
    throw error;
  }
}

/** What the program printed and warned, and which connections it wanted. */
function spoken({ secrets, programDirectory }: Deployment, ending: Ending): string {
  const printed = ending.printed.replace(/^(info|warning): \[runtime\] /gm, "$1: ");
  return withoutSecrets(printed + refusedConnections(ending, programDirectory), secrets);
}

function planOf(deployment: Deployment): Plan {
  const { project, stack, resources, outputs = {}, configuration, madeUp, givenSecrets } = deployment;
  const root = repositoryRoot(deployment.programDirectory);
  const invokes = invokesOf(deployment, root);
  const shown: Plan = {
    version: 1,
    project,
    stack,
    resources: sortedByUrn([...resources.values()].map((resource) => planned(deployment, resource, root))),
    outputs: shownObject(outputs, madeUp, givenSecrets),
    invokes,
    unanswered: unansweredIn(invokes),
    placeholders: configuration.placeholders,
    environments: configuration.environments,
  };
  return withoutSecretNames(shown, givenSecrets);
}

function planned(
  { madeUp, givenSecrets, secrets }: Deployment,
  resource: RecordedResource,
  root: string,
): PlannedResource {
  const { urn, type, name, parent, provider, inputs, outputs, frames } = resource;
  return {
    urn,
    type,
    name,
    parent: parent === "" ? null : parent,
    provider: provider === "" ? null : provider,
    inputs: shownObject(inputs, madeUp, givenSecrets),
    ...(outputs === undefined ? {} : { outputs: shownObject(outputs, madeUp, givenSecrets) }),
    dependencies: resource.dependencies,
    propertyDependencies: resource.propertyDependencies,
    references: resource.references,
    options: withoutSecretIds(resource.options, secrets),
    location: locate(frames, root),
  };
}
