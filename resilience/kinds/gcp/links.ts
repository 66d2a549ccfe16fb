import { known, Reason, unknown, valueOr, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import { GLOBAL, type Surroundings } from "../../model";
import { lastSegment } from "../../places";
import { list, text } from "../../reader";
import { references, referenced } from "../../references";
import { own } from "../../values";
import { oncePerGraph, push } from "../once";
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
  const dependants = around.index.dependants(target.urn).filter(({ type }) => types.includes(type));
  const byText = namesOf(target).flatMap((name) => byProperty(around.index).get(`${path} ${name}`) ?? []);
  return [...new Set([...dependants, ...byText.filter(({ type }) => types.includes(type))])]
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
] as const;

const byProperty = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const resource of index.graph.resources) {
    if (!resource.type.startsWith("gcp:")) continue;
    for (const property of BACK) {
      const value = own(resource.inputs, property) ?? own(resource.outputs, property);
      if (typeof value === "string") push(found, `${property} ${lastSegment(value)}`, resource);
    }
  }
  return found;
});

function namesOf({ inputs, outputs }: Resource): string[] {
  const names = ["name", "secretId"].flatMap((key) => [own(inputs, key), own(outputs, key)]);
  return [...new Set(names.flatMap((name) => (typeof name === "string" ? [lastSegment(name)] : [])))];
}

/** The resources that a text names. A bare name means one in the same place: names are unique in a project and region alone. */
function namedBy(written: string, resource: Resource, types: readonly string[], around: Surroundings): Resource[] {
  const link = stripped(written);
  const wanted = (candidates: readonly Resource[]): Resource[] => candidates.filter(({ type }) => types.includes(type));
  for (const form of new Set([written, link, link.replace("/instanceGroups/", "/instanceGroupManagers/")])) {
    const exact = wanted(around.index.named(form));
    if (form.includes("/") && exact.length > 0) return exact;
  }
  const name = lastSegment(link);
  const bySecret = name === "" ? [] : (secretsById(around.index).get(name) ?? []);
  const candidates = [...new Set([...wanted(around.index.named(name)), ...wanted(bySecret)])];
  return candidates.filter((candidate) => isInScope(candidate, link, resource, around));
}

/** Secrets by their short id, which is how a container names them, and which no output of theirs repeats. */
const secretsById = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const type of ["gcp:secretmanager/secret:Secret", "gcp:secretmanager/regionalSecret:RegionalSecret"]) {
    for (const secret of index.ofType(type)) {
      const id = text(secret, "secretId");
      if (id.known && id.value !== undefined) push(found, id.value, secret);
    }
  }
  return found;
});

/** `https://www.googleapis.com/compute/v1/projects/…` and `//run.googleapis.com/projects/…` as `projects/…`. */
function stripped(link: string): string {
  const at = link.indexOf("projects/");
  return /^(?:https?:)?\/\//.test(link) && at >= 0 ? link.slice(at) : link;
}

/** Whether a candidate stands in the project and region that a link names, or else in those of the resource that names it. */
function isInScope(candidate: Resource, link: string, resource: Resource, around: Surroundings): boolean {
  const place = around.placeOf(candidate);
  const home = around.placeOf(resource);
  const project = /(?:^|\/)projects\/([^/]+)/.exec(link)?.[1] ?? valueOr(home.account, "");
  const account = valueOr(place.account, "");
  if (project !== "" && account !== "" && project !== account) return false;
  const written = /(?:^|\/)(?:regions|zones|locations)\/([^/]+)/.exec(link)?.[1];
  const region = written === undefined ? valueOr(home.region, GLOBAL) : spotOf(written).region;
  const stands = valueOr(place.region, GLOBAL);
  return region === GLOBAL || stands === GLOBAL || region === spotOf(stands).region;
}

/** The resources of these types that any part of a property depends on, with those that a text of it names. */
export function dependedOn(
  resource: Resource,
  path: string,
  types: readonly string[],
  around: Surroundings,
): Resource[] {
  const found = references(around.index, resource, path, types);
  return found.known ? [...new Set(found.value.items.flatMap(({ resources }) => resources))] : [];
}
