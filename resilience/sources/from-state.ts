import { z } from "zod";
import { GraphSource, sortedByUrn, type Graph } from "../graph";
import { resourceForm, resourceOf } from "./resource-form";
import { STACK_TYPE, stackOfUrn } from "./urns";

/** What `pulumi stack export` writes, as far as it is judged. An empty stack has no list of resources. */
export const stateForm = z.object({
  version: z.union([z.literal(3), z.literal(4)], "3 or 4, the versions that are understood"),
  deployment: z.object({ resources: z.array(resourceForm, "a list of resources").nullish() }, "an object"),
});

/** See `stateForm`. */
export type StateForm = z.output<typeof stateForm>;

/**
 * The graph of a stack's state: what stands in the clouds, with what they answered. References are texts there, and the ids, ARNs and names
 * of what they name are known.
 *
 * @param projectPath - see `locationOf`.
 */
export function graphOfState({ deployment }: StateForm, projectPath: string): Graph {
  // What was replaced and not yet deleted stands beside its successor under the same URN; what waits for its successor is gone already.
  const standing = (deployment.resources ?? []).filter(
    (form) => form.delete !== true && form.pendingReplacement !== true,
  );
  const resources = sortedByUrn(standing.map((form) => resourceOf(form, projectPath)));
  return {
    source: GraphSource.State,
    ...stackOfUrn(resources[0]?.urn ?? ""),
    resources,
    outputs: resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {},
  };
}
