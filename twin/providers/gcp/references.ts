import type { Json, JsonObject } from "../../../resilience/values";
import { text } from "../../values";
import type { Thing } from "../../world";
import type { Surroundings } from "../model";

/** Whether a reference means the thing: by id, by self link, by `//service/…` name, or by its bare name. */
export function means(reference: Json | undefined, thing: Thing): boolean {
  if (typeof reference !== "string" || reference === "") return false;
  return (
    reference === thing.id ||
    reference.endsWith(`/${thing.id}`) ||
    reference === thing.state["name"] ||
    reference === thing.state["selfLink"]
  );
}

/** The thing of a type that a reference means. */
export function referred(around: Surroundings, type: string, reference: Json | undefined): Thing | undefined {
  return around.world.ofType(type).find((thing) => means(reference, thing));
}

/** Whether some thing of a type names `subject` in one of its properties. */
export function named(
  around: Surroundings,
  type: string,
  id: string,
  references: (inputs: JsonObject) => (Json | undefined)[],
): Thing | undefined {
  const self = around.world.all().find((thing) => thing.id === id);
  return self === undefined
    ? undefined
    : around.world.ofType(type).find(({ inputs }) => references(inputs).some((reference) => means(reference, self)));
}

/** The place in a path: `us-central1` of `projects/p/regions/us-central1/…` or `…/locations/…`; undefined for a bare name. */
export function placeOf(reference: string | undefined): string | undefined {
  const [, place] = /\/(?:regions|locations)\/([^/]+)\//.exec(reference ?? "") ?? [];
  return place ?? (reference?.includes("/global/") === true ? "global" : undefined);
}

/** `Invalid value for field 'FIELD': 'VALUE'`, as Compute Engine begins its refusals. */
export function invalid(field: string, inputs: JsonObject, property: string, why: string): string {
  return `Error 400: Invalid value for field '${field}': '${text(inputs, property) ?? ""}'. ${why}, invalid`;
}
