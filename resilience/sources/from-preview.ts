import { z } from "zod";
import type { Issue } from "../../components/sizing/issues";
import { GraphSource, sortedByUrn, type Graph, type Resource } from "../graph";
import { resourceForm, resourceOf, text, urn } from "./resource-form";
import { stackOfUrn } from "./urns";

/** What `pulumi preview --json` writes: one document (`previewDigest` of pulumi/pulumi, pkg/backend/display/json.go). */
export const previewForm = z.object({
  steps: z.array(
    z.object({ op: text, urn, oldState: resourceForm.nullish(), newState: resourceForm.nullish() }, "a step"),
    "a list of steps",
  ),
  diagnostics: z.array(z.object({ severity: text.nullish() }, "an object"), "a list").nullish(),
  changeSummary: z.record(z.string(), z.number("a number"), "an object of numbers").nullish(),
});

/** See `previewForm`. */
export type PreviewForm = z.output<typeof previewForm>;

/** Why a preview does not tell of the whole design. */
export function previewIssues({ steps, diagnostics, changeSummary }: PreviewForm): Issue[] {
  const sames = changeSummary?.["same"] ?? 0;
  const told = new Set(steps.filter(({ op }) => op === "same").map((step) => step.urn)).size;
  const issues: Issue[] = [];
  if ((diagnostics ?? []).some(({ severity }) => severity === "error")) {
    issues.push({
      path: "diagnostics",
      expected: "a preview that went through",
      got: "one that ended with an error",
      fix: "mend what it says, then write it anew",
    });
  }
  if (told < sames) {
    issues.push({
      path: "steps",
      expected: `the ${String(sames)} resources that stay as they are`,
      got: String(told),
      fix: "add --show-sames to `pulumi preview --json`",
    });
  }
  return issues;
}

/**
 * The graph of a preview: what will stand when it is carried out.
 *
 * A preview lacks every output that is not there before the update; for what stays as it is, the old ones hold. What a component or the
 * stack gave before says nothing of what it gives now, so their outputs are not known.
 *
 * @param projectPath - see `locationOf`.
 */
export function graphOfPreview({ steps }: PreviewForm, projectPath: string): Graph {
  const byUrn = new Map<string, Resource>();
  for (const { op, urn: of, oldState, newState } of steps) {
    if (!newState || /^(?:delete|discard|remove)/.test(op)) continue;
    const { id, outputs } = op === "same" && oldState?.custom === true ? oldState : {};
    byUrn.set(of, resourceOf({ ...newState, id: newState.id ?? id, outputs }, projectPath));
  }
  const resources = sortedByUrn([...byUrn.values()]);
  return {
    source: GraphSource.Preview,
    ...stackOfUrn(resources[0]?.urn ?? ""),
    resources,
    outputs: {},
  };
}
