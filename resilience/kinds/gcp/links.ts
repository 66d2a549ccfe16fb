import { known, Reason, unknown, valueOr, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { GLOBAL, type Surroundings } from "../../model";
import { lastSegment, placeOf } from "../../places";
import { list, text } from "../../reader";
import { referenced } from "../../references";
import { own, unknownValue } from "../../values";
import { oncePerGraph } from "../once";
import { spotOf } from "./locations";

/**
 * The resources of these types that a property means, in every form in which Google lets one be named: a self link of any API version, a
 * path (`projects/P/regions/R/…`), a bare name, or a value that is only known later, for which the dependencies tell. Nothing written is an
 * empty list; a text that names nothing here is unknown.
 */
export function linked(
  resource: Resource,
  path: string,
  types: readonly string[],
  around: Surroundings,
): Fact<Resource[]> {
  const value = text(resource, path);
  if (!value.known) return referenced(around.index, resource, path, types);
  if (value.value === undefined) return known([]);
  const named = namedBy(value.value, resource, types, around);
  if (named.length > 0) return known(named);
  const depended = valueOr(referenced(around.index, resource, path, types), []);
  return depended.length > 0 ? known(depended) : unknown(resource.urn, path, Reason.Elsewhere);
}

/** What several properties mean together: what was found, and the first of which it is not known. */
export interface Links {
  resources: Resource[];
  missing: Unknown | undefined;
}

/** The same for each element of a list: `linkedByEach(service, "backends", "group", …)`. An empty `inner` is the element itself. */
export function linkedByEach(
  resource: Resource,
  path: string,
  inner: string,
  types: readonly string[],
  around: Surroundings,
): Links {
  const elements = list(resource, path);
  if (!elements.known) return together([referenced(around.index, resource, path, types)]);
  const paths = elements.value.map((_, place) => `${path}[${String(place)}]${inner === "" ? "" : `.${inner}`}`);
  return together(paths.map((each) => linked(resource, each, types, around)));
}

/** Several answers as one, each resource once. */
export function together(answers: readonly Fact<Resource[]>[]): Links {
  const missing = answers.find((answer): answer is Unknown => !answer.known);
  return { resources: [...new Set(answers.flatMap((answer) => valueOr(answer, [])))], missing };
}

/** The resources of these types that point to another by a property, by URN: the way back, which Google's API often has alone. */
export function pointingTo(target: Resource, path: string, types: readonly string[], around: Surroundings): Resource[] {
  const wanted = (candidates: readonly Resource[]): Resource[] => candidates.filter(({ type }) => types.includes(type));
  const project = projectOf(target, around.index);
  const byText = namesOf(target).flatMap((name) => inProject(pointers(around.index), `${path} ${name}`, project));
  return [...new Set([...wanted(around.index.dependants(target.urn)), ...wanted(byText)])]
    .filter((candidate) => pointsAt(candidate, path, target, around))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function pointsAt(candidate: Resource, path: string, target: Resource, around: Surroundings): boolean {
  const found = linked(candidate, path, [target.type], around);
  return found.known && found.value.includes(target);
}

/** Properties by which one Google resource names another that does not name it back. */
const BACK = [
  "target",
  "networkEndpointGroup",
  "regionNetworkEndpointGroup",
  "globalNetworkEndpointGroup",
  "instanceGroup",
  "masterInstanceName",
  "service",
  "name",
  "cloudFunction",
  "secret",
  "cluster",
  "database",
  "instance",
  "instanceName",
] as const;

/** Resources by a key and by the project in which it holds; those whose project nobody names are under an empty one. */
type ByProject = ReadonlyMap<string, ReadonlyMap<string, Resource[]>>;

/** Names are unique in a project alone, so that looking a name up in all projects would look at every project's. */
function inProject(all: ByProject, key: string, project: string): Resource[] {
  const found = all.get(key);
  if (found === undefined) return [];
  if (project === "") return [...found.values()].flat();
  return [...(found.get(project) ?? []), ...(found.get("") ?? [])];
}

function projectOf(resource: Resource, index: GraphIndex): string {
  return valueOr(placeOf(index, resource).account, "");
}

function groupedByProject(
  index: GraphIndex,
  keysOf: (resource: Resource) => [key: string, project?: string][],
): ByProject {
  const all = new Map<string, Map<string, Resource[]>>();
  for (const resource of index.graph.resources) {
    if (!resource.type.startsWith("gcp:")) continue;
    const home = projectOf(resource, index);
    for (const [key, project = home] of keysOf(resource)) {
      const projects = all.get(key) ?? new Map<string, Resource[]>();
      all.set(key, projects);
      const list = projects.get(project);
      if (list === undefined) projects.set(project, [resource]);
      else list.push(resource);
    }
  }
  return all;
}

const pointers = oncePerGraph((index) =>
  groupedByProject(index, ({ inputs, outputs }) =>
    BACK.flatMap((property): [string, string?][] => {
      const value = own(inputs, property) ?? own(outputs, property);
      if (typeof value !== "string") return [];
      const project = projectIn(value);
      const key = `${property} ${lastSegment(value)}`;
      return [project === undefined ? [key] : [key, project]];
    }),
  ),
);

const names = oncePerGraph((index) =>
  groupedByProject(index, (resource) =>
    [...new Set([...namesOf(resource), ...(resource.id === null ? [] : [lastSegment(resource.id)])])].map(
      (name): [string] => [name],
    ),
  ),
);

/** What a resource is called by others: its name, or for a secret its short id, which no output of it repeats. */
function namesOf({ inputs, outputs }: Resource): string[] {
  const found = ["name", "secretId"].flatMap((key) => [own(inputs, key), own(outputs, key)]);
  return [...new Set(found.flatMap((name) => (typeof name === "string" ? [lastSegment(name)] : [])))];
}

function projectIn(link: string): string | undefined {
  return /(?:^|\/)projects\/([^/]+)/.exec(link)?.[1];
}

/** The resources that a text names. A bare name means one in the same place: names are unique in a project and region alone. */
function namedBy(written: string, resource: Resource, types: readonly string[], around: Surroundings): Resource[] {
  const link = stripped(written);
  const wanted = (candidates: readonly Resource[]): Resource[] => candidates.filter(({ type }) => types.includes(type));
  for (const form of new Set([written, link, link.replace("/instanceGroups/", "/instanceGroupManagers/")])) {
    const exact = form.includes("/") ? wanted(around.index.named(form)) : [];
    if (exact.length > 0) return exact;
  }
  const name = lastSegment(link);
  if (name === "" || name === unknownValue) return [];
  const project = projectIn(link) ?? projectOf(resource, around.index);
  const candidates = new Set(wanted(inProject(names(around.index), name, project)));
  return [...candidates].filter((candidate) => isInScope(candidate, link, resource, around));
}

/** `https://www.googleapis.com/compute/v1/projects/…` and `//run.googleapis.com/projects/…` as `projects/…`. */
function stripped(link: string): string {
  const at = link.indexOf("projects/");
  return /^(?:https?:)?\/\//.test(link) && at >= 0 ? link.slice(at) : link;
}

/** Whether a candidate stands in the region that a link names, or else in that of the resource that names it. */
function isInScope(candidate: Resource, link: string, resource: Resource, around: Surroundings): boolean {
  const written = /(?:^|\/)(?:regions|zones|locations)\/([^/]+)/.exec(link)?.[1];
  const region = written === undefined ? valueOr(around.placeOf(resource).region, GLOBAL) : spotOf(written).region;
  const stands = valueOr(around.placeOf(candidate).region, GLOBAL);
  return region === GLOBAL || stands === GLOBAL || region === spotOf(stands).region;
}
