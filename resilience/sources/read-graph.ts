import type { z } from "zod";
import { type Issue, pathText, shown, sortIssues } from "../../components/sizing/issues";
import type { Graph } from "../graph";
import { graphOfPlan, planForm } from "./from-plan";
import { graphOfPreview, previewForm, previewIssues, type PreviewForm } from "./from-preview";
import { graphOfState, stateForm } from "./from-state";

/** A recorded design, or everything for which it cannot be read, sorted by path. No issue shows a value of the file. */
export type ReadGraph = { graph: Graph; issues?: undefined } | { graph?: undefined; issues: Issue[] };

/** The longest text that is read, in characters: ten times what 10,000 resources with their outputs take. */
export const GRAPH_TEXT_MAX = 400_000_000;

/** How deep values may be nested. Pulumi's own protocol stops at 100 (protocol buffers' limit); a state's frame adds some. */
const DEPTH_MAX = 150;

/** How many issues are told: whoever gets more has given the wrong file. */
const ISSUES_MAX = 100;

/**
 * Reads a recorded design, whichever of these wrote it: `twodoor plan --graph`, `pulumi stack export` or `pulumi preview --json`.
 *
 * @param projectPath - directory of `Pulumi.yaml` from the repository's root, with `/`. Defaults to the root itself. A plan knows it already.
 */
export function readGraph(text: string, projectPath = ""): ReadGraph {
  if (text.length > GRAPH_TEXT_MAX) {
    const expected = `at most ${String(GRAPH_TEXT_MAX)} characters`;
    return failed([issue("", expected, String(text.length), "judge one stack at a time")]);
  }
  if (isDeeperThan(text, DEPTH_MAX)) {
    const expected = `values nested at most ${String(DEPTH_MAX)} deep`;
    return failed([issue("", expected, "deeper ones", "give the file as the command wrote it")]);
  }
  const value = parsedJson(text);
  if (isEvent(value) || isEvent(parsedJson(text.slice(0, text.indexOf("\n"))))) return failed([STREAMED]);
  if (value === undefined) return failed([issue("", "JSON", "something else", HOW)]);
  if (has(value, "deployment")) return read(stateForm, value, (state) => checked(graphOfState(state, projectPath)));
  if (has(value, "steps")) return read(previewForm, value, (preview) => readPreview(preview, projectPath));
  if (has(value, "resources")) return read(planForm, value, (plan) => checked(graphOfPlan(plan)));
  return failed([issue("", "a plan, a state or a preview", "none of them", HOW)]);
}

const HOW =
  "write it with `twodoor plan --graph FILE`, `pulumi stack export --file FILE` or `pulumi preview --json --show-sames > FILE`";

/** `--event-log`, and `pulumi preview --json` under that variable (apitype.EngineEvent of pulumi/pulumi): without dependencies nothing leads to anything. */
const STREAMED: Issue = {
  path: "",
  expected: "one document",
  got: "streamed events, which tell no dependencies",
  fix: "unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW and write `pulumi preview --json --show-sames` anew",
};

function readPreview(preview: PreviewForm, projectPath: string): ReadGraph {
  const issues = previewIssues(preview);
  return issues.length > 0 ? failed(issues) : checked(graphOfPreview(preview, projectPath));
}

function read<T>(form: z.ZodType<T>, value: unknown, next: (value: T) => ReadGraph): ReadGraph {
  const parsed = form.safeParse(value, { reportInput: true });
  if (parsed.success) return next(parsed.data);
  return failed(
    parsed.error.issues.map(({ path, message, input }) => issue(pathText(path), message, kindOf(input), HOW)),
  );
}

/** What holds for every graph: there is something, and nothing twice. */
function checked(graph: Graph): ReadGraph {
  if (graph.resources.length === 0) {
    return failed([issue("resources", "a stack with resources", "an empty one", "name the stack that serves")]);
  }
  const seen = new Set<string>();
  const issues = graph.resources.flatMap(({ urn }) => {
    const isNew = !seen.has(urn);
    seen.add(urn);
    return isNew ? [] : [issue("resources", "each URN once", urn, "give the file as the command wrote it")];
  });
  return issues.length > 0 ? failed(issues) : { graph };
}

function failed(issues: Issue[]): ReadGraph {
  const told = sortIssues(issues);
  if (told.length <= ISSUES_MAX) return { issues: told };
  const rest = issue("", "a file of one of the known forms", `${String(told.length - ISSUES_MAX)} more problems`, HOW);
  return { issues: [rest, ...told.slice(0, ISSUES_MAX)] };
}

function issue(path: string, expected: string, got: string, fix: string): Issue {
  return { path, expected, got, fix };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message would quote the text.
    return undefined;
  }
}

function isEvent(value: unknown): boolean {
  return has(value, "sequence") && has(value, "timestamp");
}

function has(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

/** Whether brackets are nested deeper than `depthMax`: the parser would take them, and every walk through the values would not. */
function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (inString) {
      if (letter === "\\") at += 1;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === "{" || letter === "[") {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (letter === "}" || letter === "]") depth -= 1;
  }
  return false;
}

function kindOf(value: unknown): string {
  // Numbers and booleans are no secrets where a form has a place of its own for them.
  return typeof value === "string" ? "a text" : shown(value);
}
