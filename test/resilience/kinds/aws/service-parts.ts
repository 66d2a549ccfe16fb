/** What the tests of ECS services share. */
import { awsKinds } from "../../../../resilience/kinds/aws";
import type { Compute, Dependency } from "../../../../resilience/model";
import { goodDesign, json, urnOf, withChange, withMore, type DraftGraph, type Literal } from "../../../support/designs";
import { partOf } from "../../../support/kinds";

export const SERVICE = "us-east-2-service";
export const TASK = "us-east-2-task";
export const region = "us-east-2";
export const known = <T>(value: T) => ({ known: true, value });
export const computeOf = (graph: DraftGraph, name = SERVICE): Compute => partOf(awsKinds, graph, name, "compute");
export const later_ = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});
export const inAws = (
  graph: DraftGraph,
  kind: Dependency["kind"],
  of: string,
  property: string,
  part: string,
  where = region,
) => ({
  kind,
  urn: urnOf(graph, of),
  property,
  parts: [urnOf(graph, part)],
  cloud: known("aws"),
  regions: known([where]),
});
export const container = (more: Literal["inputs"]) => json([{ name: "api", ...more }]);
export const withContainer = (more: Literal["inputs"], ...literals: Literal[]): DraftGraph =>
  withChange(withMore(goodDesign(), ...literals), TASK, "containerDefinitions", container(more));
export const dependenciesOf = (graph: DraftGraph, kind: Dependency["kind"]): Dependency[] =>
  computeOf(graph).dependencies.filter((each) => each.kind === kind);
