import { known, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Compute } from "../../model";
import { list, object, text } from "../../reader";

/** Texts handed to a compute. */
export type Texts = Compute["texts"];

/** Where a text stands, and how its place is told: by the variable's name instead of its number. */
export interface TextPath {
  path: string;
  shown: string;
}

/** The texts of each element of a list. Unknown where the list is; one text that is not known hides no other. */
export function textsAt(resource: Resource, path: string, within: (element: string) => TextPath[]): Texts {
  const found = list(resource, path);
  if (!found.known) return found;
  return known(found.value.flatMap((_, place) => within(`${path}[${String(place)}]`)).flatMap(readAt(resource)));
}

/** The texts of a map of variables. */
export function textsOfMap(resource: Resource, path: string): Texts {
  const found = object(resource, path);
  if (!found.known) return found;
  const names = Object.keys(found.value).sort();
  return known(names.flatMap((name) => readValue(`${path}[${name}]`, variable(resource, path, name))));
}

function variable(resource: Resource, path: string, name: string): Fact<string | undefined> {
  return text(resource, `${path}.${name}`);
}

function readAt(resource: Resource): (place: TextPath) => { property: string; text: Fact<string> }[] {
  return ({ path, shown }) => readValue(shown, text(resource, path));
}

function readValue(property: string, value: Fact<string | undefined>): { property: string; text: Fact<string> }[] {
  if (!value.known) return [{ property, text: value }];
  return value.value === undefined ? [] : [{ property, text: known(value.value) }];
}
