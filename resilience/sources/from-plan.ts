import { z } from "zod";
import { GraphSource, sortedByUrn, type Graph, type Resource } from "../graph";
import { currentType } from "./older-types";
import { recorded } from "./recorded";
import { object, text, texts, urn } from "./resource-form";
import { withoutId } from "./urns";

const urnsByName = z.record(z.string(), texts, "an object of lists");

const plannedForm = z.object(
  {
    urn,
    type: text,
    name: text,
    parent: text.nullable(),
    provider: text.nullable(),
    inputs: object,
    outputs: object.exactOptional(),
    dependencies: texts,
    propertyDependencies: urnsByName,
    // Plans of before lack it.
    references: urnsByName.default({}),
    options: z.object(
      {
        protect: z.boolean("true or false").exactOptional(),
        external: z.boolean("true or false").exactOptional(),
        id: text.exactOptional(),
        remote: z.boolean("true or false").exactOptional(),
      },
      "an object",
    ),
    location: z.object({ file: text, line: z.number("a number") }, "an object").nullable(),
  },
  "an object",
);

/** A plan as `docs/plan.schema.json` describes it, as far as it is judged. */
export const planForm = z.object({
  version: z.literal(1, "1, the version that is understood"),
  project: text,
  stack: text,
  resources: z.array(plannedForm, "a list of resources"),
  outputs: object,
});

/** See `planForm`. */
export type PlanForm = z.output<typeof planForm>;

/** The graph of an offline plan: what a new stack will hold. */
export function graphOfPlan({ project, stack, resources, outputs }: PlanForm): Graph {
  return {
    source: GraphSource.Plan,
    project,
    stack,
    resources: sortedByUrn(resources.map(resourceOf)),
    outputs: recorded("", outputs),
  };
}

function resourceOf(planned: PlanForm["resources"][number]): Resource {
  const { urn: of, type, name, parent, provider, options, location } = planned;
  return {
    urn: of,
    type: currentType(type),
    name,
    parent,
    provider: provider === null ? null : withoutId(provider),
    id: options.id ?? null,
    inputs: recorded(type, planned.inputs),
    outputs: recorded(type, planned.outputs ?? {}),
    dependencies: planned.dependencies,
    propertyDependencies: planned.propertyDependencies,
    references: planned.references,
    isProtected: options.protect === true,
    isExternal: options.external === true,
    ...(options.remote === true ? { isRemote: true } : {}),
    location,
  };
}
