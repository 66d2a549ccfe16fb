import { z } from "zod";
import type { Issue } from "../../components/sizing/issues";
import { GraphSource, sortedByUrn, type Graph, type Resource } from "../graph";
import { resourceForm, resourceOf, text, urn, type ResourceForm } from "./resource-form";
import { STACK_TYPE, stackOfUrn } from "./urns";

const count = z.number("a number");

/** What `pulumi preview --json` writes: one document (`previewDigest` of pulumi/pulumi, pkg/backend/display/json.go). */
export const previewForm = z.object({
  steps: z.array(
    z.object({ op: text, urn, oldState: resourceForm.nullish(), newState: resourceForm.nullish() }, "a step"),
    "a list of steps",
  ),
  diagnostics: z.array(z.object({ severity: text.nullish() }, "an object"), "a list").nullish(),
  changeSummary: z.record(z.string(), count, "an object of numbers").nullish(),
});

/** See `previewForm`. */
export type PreviewForm = z.output<typeof previewForm>;

const metadata = z.object(
  { op: text, urn, old: resourceForm.nullish(), new: resourceForm.nullish() },
  "what is done to which resource",
);
const step = z.object({ metadata }, "an object").optional();

/** One line of what the engine streams (`apitype.EngineEvent`), where `PULUMI_ENABLE_STREAMING_JSON_PREVIEW` is set, or `--event-log`. */
export const eventForm = z.object(
  {
    sequence: count,
    resourcePreEvent: step,
    resOutputsEvent: step,
    diagnosticEvent: z.object({ severity: text.nullish() }, "an object").optional(),
    summaryEvent: z.object({ resourceChanges: z.record(z.string(), count).nullish() }, "an object").optional(),
  },
  "an event of the engine",
);

/** See `eventForm`. */
export type EventForm = z.output<typeof eventForm>;

/** A preview, whichever of the two wrote it. */
export interface Preview {
  steps: { op: string; urn: string; resource: ResourceForm | undefined }[];
  /** Whether it ended with an error, so that steps are missing. */
  isFailed: boolean;
  /** How many resources stay as they are; undefined where it is not said. */
  sames: number | undefined;
}

/**
 * The preview of the one document. It lacks every output that is not there before the update; for what stays as it is, the old ones
 * hold. What a component or the stack gave before says nothing of what it gives now, so their outputs are not known.
 */
export function previewOf({ steps, diagnostics, changeSummary }: PreviewForm): Preview {
  return {
    steps: steps.map(({ op, urn: of, oldState, newState }) => {
      const { id, outputs } = op === "same" && oldState?.custom === true ? oldState : {};
      const resource = newState ? { ...newState, id: newState.id ?? id, outputs } : undefined;
      return { op, urn: of, resource };
    }),
    isFailed: (diagnostics ?? []).some(({ severity }) => severity === "error"),
    sames: changeSummary?.["same"],
  };
}

/** The preview of streamed events. It lacks all dependencies and lines. Of a resource's events the last tells the most. */
export function previewOfEvents(events: readonly EventForm[]): Preview {
  const summary = events.flatMap(({ summaryEvent }) => summaryEvent ?? []).at(-1);
  return {
    steps: events.flatMap(({ resourcePreEvent, resOutputsEvent }) => {
      const told = (resOutputsEvent ?? resourcePreEvent)?.metadata;
      return told === undefined ? [] : [{ op: told.op, urn: told.urn, resource: told.new ?? undefined }];
    }),
    isFailed: summary === undefined || events.some(({ diagnosticEvent }) => diagnosticEvent?.severity === "error"),
    sames: summary?.resourceChanges?.["same"],
  };
}

/** Why a preview does not tell of the whole design. */
export function previewIssues({ steps, isFailed, sames = 0 }: Preview): Issue[] {
  const told = new Set(steps.filter(({ op }) => op === "same").map((step) => step.urn)).size;
  const issues: Issue[] = [];
  if (isFailed) {
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
 * @param projectPath - see `locationOf`.
 */
export function graphOfPreview({ steps }: Preview, projectPath: string): Graph {
  const byUrn = new Map<string, Resource>();
  for (const { op, urn: of, resource } of steps) {
    if (resource !== undefined && !/^(?:delete|discard|remove)/.test(op))
      byUrn.set(of, resourceOf(resource, projectPath));
  }
  const resources = sortedByUrn([...byUrn.values()]);
  return {
    source: GraphSource.Preview,
    ...stackOfUrn(resources[0]?.urn ?? ""),
    resources,
    outputs: resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {},
  };
}
