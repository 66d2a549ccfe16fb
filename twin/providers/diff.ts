import { isObject, type Json, type JsonObject } from "../../resilience/values";
import { at, canonical, containsUnknown, unwrap } from "../values";
import { isAutomatic } from "./auto-name";
import type { ResourceModel } from "./model";

/** How new inputs differ from old ones. */
export interface Difference {
  /** Inputs that changed, by their name at the top. */
  changed: string[];
  /** Those, as paths, whose change replaces. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** Compares new inputs with old inputs, as the type's provider would: sets without order, secrets by value, unknown as changed. */
export function difference(
  model: ResourceModel,
  oldInputs: JsonObject,
  newInputs: JsonObject,
  namedMeansDeleteFirst: boolean,
): Difference {
  const before = normalised(model, oldInputs);
  const after = normalised(model, newInputs);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !name.startsWith("__"))
    .sort();
  const changed = names.filter((name) => differs(before[name], after[name]));
  for (const drift of model.drifts ?? []) {
    if (drift.when(newInputs) && !changed.includes(drift.property)) changed.push(drift.property);
  }
  const replaces = replacing(model, changed, before, after);
  const name = model.autoName?.property;
  // The bridge deletes first where the program fixed the name, since two things cannot share it.
  const named =
    namedMeansDeleteFirst && name !== undefined && newInputs[name] !== undefined && !isAutomatic(newInputs, name);
  return {
    changed,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && (named || model.deleteBeforeReplace === true),
  };
}

function replacing(model: ResourceModel, changed: string[], before: JsonObject, after: JsonObject): string[] {
  const paths = model.replaceOn ?? [];
  if (paths.includes("*")) return changed.filter((name) => !(model.inPlace ?? []).includes(name));
  const always = paths.filter((path) => {
    const top = path.split(/[.[]/)[0] ?? path;
    return changed.includes(top) && differs(at(before, path), at(after, path));
  });
  const sometimes = Object.entries(model.replaceWhen ?? {})
    .filter(([name, replaces]) => changed.includes(name) && replaces(before[name], after[name]))
    .map(([name]) => name);
  return [...always, ...sometimes];
}

function differs(before: Json | undefined, after: Json | undefined): boolean {
  return containsUnknown(after) || canonical(before) !== canonical(after);
}

function normalised(model: ResourceModel, inputs: JsonObject): JsonObject {
  const entries = Object.entries(inputs).map(([name, value]): [string, Json] => {
    const plain = unwrap(value);
    if (typeof plain === "string" && model.trimmed?.includes(name)) return [name, plain.replace(/[\r\n]+$/, "")];
    return [name, sorted(plain, name, model.sets ?? [])];
  });
  return Object.fromEntries(entries);
}

function sorted(value: Json, path: string, sets: readonly string[]): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, `${path}[]`, sets));
    return sets.includes(path) ? items.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)) : items;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, sorted(member, `${path}.${name}`, sets)]),
  );
}
