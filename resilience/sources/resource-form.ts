import { z } from "zod";
import type { Resource } from "../graph";
import { isObject, unknownValue, type JsonObject } from "../values";
import { currentType } from "./older-types";
import { locationOf } from "./position";
import { recorded, sortedUrns } from "./recorded";
import { isUrn, nameOfUrn, withoutId } from "./urns";

/** A text; the message of a problem is what was expected. */
export const text = z.string("a text");
/** A list of texts. */
export const texts = z.array(text, "a list of texts");
/** A URN. */
export const urn = text.refine(isUrn, "a URN such as urn:pulumi:STACK::PROJECT::TYPE::NAME");
/** An object of any content. */
export const object = z.custom<JsonObject>((value) => isObject(value as JsonObject), "an object");
const flag = z.boolean("true or false").nullish();
const dependencies = texts.nullish();

/** A resource as the engine writes it down (`apitype.ResourceV3` of pulumi/pulumi, https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go), as far as it is judged. */
export const resourceForm = z.object(
  {
    urn,
    type: text,
    custom: flag,
    id: text.nullish(),
    inputs: object.nullish(),
    outputs: object.nullish(),
    parent: text.nullish(),
    provider: text.nullish(),
    dependencies,
    propertyDependencies: z.record(z.string(), dependencies, "an object of lists").nullish(),
    delete: flag,
    pendingReplacement: flag,
    external: flag,
    protect: flag,
    sourcePosition: text.nullish(),
    stackTrace: z.array(z.object({ sourcePosition: text.nullish() }, "an object"), "a list of calls").nullish(),
  },
  "an object",
);

/** See `resourceForm`. */
export type ResourceForm = z.output<typeof resourceForm>;

/**
 * The resource that a form tells of.
 *
 * @param projectPath - see `locationOf`.
 */
export function resourceOf(form: ResourceForm, projectPath: string): Resource {
  const { type } = form;
  return {
    urn: form.urn,
    type: currentType(type),
    name: nameOfUrn(form.urn),
    parent: filled(form.parent),
    provider: form.provider === "" ? null : withoutId(form.provider ?? "") || null,
    id: form.id === unknownValue ? null : filled(form.id),
    inputs: recorded(type, form.inputs ?? {}),
    outputs: recorded(type, form.outputs ?? {}),
    dependencies: [...new Set(form.dependencies ?? [])].sort(),
    propertyDependencies: sortedUrns(
      Object.fromEntries(Object.entries(form.propertyDependencies ?? {}).map(([key, urns]) => [key, urns ?? []])),
    ),
    references: {},
    isProtected: form.protect === true,
    isExternal: form.external === true,
    location: locationOf(form, projectPath),
  };
}

/** Go writes an empty text where there is nothing. */
function filled(value: string | null | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}
