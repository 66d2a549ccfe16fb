/** Reads of JSON that a test was handed: what is not of the kind counts as empty. */
import { isObject, type Json, type JsonObject } from "../../planner";

/** The value where it is an object, else an empty one. */
export function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value where it is a list, else an empty one. */
export function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The members of a list as texts. */
export function texts(value: Json | undefined): string[] {
  return list(value).map(text);
}

/** The value where it is a text, else an empty one. */
export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
