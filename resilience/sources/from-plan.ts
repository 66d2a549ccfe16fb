import { GraphSource, sortedByUrn, type Graph, type Location, type Resource } from "../graph";
import type { JsonObject } from "../values";
import { recorded } from "./recorded";
import { withoutId } from "./urns";

/** A plan as `docs/plan.schema.json` describes it, as far as it is judged. */
export interface PlanForm {
  project: string;
  stack: string;
  resources: PlannedForm[];
  outputs: JsonObject;
}

/** One resource of a plan. */
export interface PlannedForm {
  urn: string;
  type: string;
  name: string;
  parent: string | null;
  provider: string | null;
  inputs: JsonObject;
  /** What a component gave as its own outputs. */
  outputs?: JsonObject;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** What parts of inputs depend on, by path. */
  references?: Record<string, string[]>;
  options: { protect?: boolean; external?: boolean; id?: string };
  location: Location | null;
}

/** The graph of an offline plan. */
export function graphOfPlan(plan: PlanForm): Graph {
  return {
    source: GraphSource.Plan,
    project: plan.project,
    stack: plan.stack,
    resources: sortedByUrn(plan.resources.map(resourceOf)),
    outputs: recorded("", plan.outputs),
  };
}

function resourceOf(planned: PlannedForm): Resource {
  const { urn, type, name, parent, inputs, dependencies, propertyDependencies, options, location } = planned;
  return {
    urn,
    type,
    name,
    parent,
    provider: planned.provider === null ? null : withoutId(planned.provider),
    id: options.id ?? null,
    inputs: recorded(type, inputs),
    outputs: recorded(type, planned.outputs ?? {}),
    dependencies,
    propertyDependencies,
    references: planned.references ?? {},
    isProtected: options.protect === true,
    isExternal: options.external === true,
    location,
  };
}
