import { known, Reason, unknown, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import { count, text } from "../../reader";
import { isObject, own, type Json } from "../../values";
import type { Handed, Mention } from "./dependencies";

const DEFINITIONS = "containerDefinitions";

/**
 * What a task definition hands to its tasks. `containerDefinitions` is one JSON text, unknown as a whole as soon as one value in it is: then
 * what it depends on has to tell.
 */
export function handedByTask(task: Resource): Handed[] {
  return [handedByContainers(task), ...handedByVolumes(task)];
}

function handedByContainers(task: Resource): Handed {
  const containers = parsed(task);
  const handed: Handed = { resource: task, path: DEFINITIONS, images: [], secrets: [], texts: [], runsImage: true };
  if (!containers.known) return { ...handed, missing: containers };
  containers.value.forEach((container, place) => {
    const path = `${DEFINITIONS}[${String(place)}]`;
    handed.images.push(...mention(task, container, `${path}.image`, "image"));
    handed.secrets.push(...secretsOf(task, container, path));
    handed.texts.push(...textsOf(task, container, path));
  });
  return handed;
}

/** The containers of a task definition, as they are written. */
function parsed(task: Resource): Fact<Json[]> {
  const definitions = text(task, DEFINITIONS);
  if (!definitions.known) return definitions;
  try {
    const value = JSON.parse(definitions.value ?? "[]") as Json;
    if (Array.isArray(value)) return known(value);
  } catch {
    // Not JSON: said below, as for JSON of another shape.
  }
  return unknown(task.urn, DEFINITIONS, Reason.Malformed);
}

/** docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html: every field by which a container is given a secret. */
function secretsOf(task: Resource, container: Json, path: string): Mention[] {
  const log = at(container, "logConfiguration");
  return [
    ...elements(container, "secrets").flatMap((secret, place) =>
      mention(task, secret, `${path}.secrets[${nameOf(secret, place)}]`, "valueFrom"),
    ),
    ...elements(log, "secretOptions").flatMap((secret, place) =>
      mention(task, secret, `${path}.logConfiguration.secretOptions[${nameOf(secret, place)}]`, "valueFrom"),
    ),
    ...mention(
      task,
      at(container, "repositoryCredentials"),
      `${path}.repositoryCredentials.credentialsParameter`,
      "credentialsParameter",
    ),
  ];
}

function textsOf(task: Resource, container: Json, path: string): Mention[] {
  const words = ["command", "entryPoint"].flatMap((list) =>
    elements(container, list).flatMap((word, place) =>
      typeof word === "string" ? [{ property: `${path}.${list}[${String(place)}]`, text: known(word) }] : [],
    ),
  );
  return [
    ...elements(container, "environment").flatMap((variable, place) =>
      mention(task, variable, `${path}.environment[${nameOf(variable, place)}]`, "value"),
    ),
    ...elements(container, "environmentFiles").flatMap((file, place) =>
      mention(task, file, `${path}.environmentFiles[${String(place)}]`, "value"),
    ),
    ...words,
  ];
}

/** A volume of EFS is data that tasks work on. */
function handedByVolumes(task: Resource): Handed[] {
  const length = count(task, "volumes");
  if (!length.known || length.value === 0) return [];
  const texts = Array.from({ length: length.value }, (_, place) => {
    const property = `volumes[${String(place)}].efsVolumeConfiguration.fileSystemId`;
    return { property, id: text(task, property) };
  }).flatMap(({ property, id }): Mention[] =>
    id.known && id.value !== undefined ? [{ property, text: known(id.value) }] : [],
  );
  return [{ resource: task, path: "volumes", images: [], secrets: [], texts, runsImage: false }];
}

function at(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? own(value, key) : undefined;
}

function elements(value: Json | undefined, key: string): Json[] {
  const list = at(value, key);
  return Array.isArray(list) ? list : [];
}

function nameOf(value: Json, place: number): string {
  const name = at(value, "name");
  return typeof name === "string" ? name : String(place);
}

/** The text under a key, where there is one; of another type it is malformed. */
function mention(task: Resource, value: Json | undefined, property: string, key: string): Mention[] {
  const found = at(value, key);
  if (found === undefined || found === null) return [];
  return [{ property, text: typeof found === "string" ? known(found) : unknown(task.urn, property, Reason.Malformed) }];
}
