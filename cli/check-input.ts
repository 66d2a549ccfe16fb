import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { shown, type Issue } from "../components/sizing/issues";
import { counted } from "../components/sizing/words";
import type { Plan } from "../planner";
import { answersOptions, type AnswersFlags } from "./answers-flags";
import { requireOwnSdk } from "./own-sdk";
import { repositoryRoot } from "../planner/location";
import { readProject } from "../planner/project/project";
import { SettingsError } from "../planner/project/settings-error";
import { defaultSettings, type Settings } from "../policies/settings-form";
import { readSettings, settingsFileName } from "../policies/settings-file";
import type { Graph } from "../resilience/graph";
import { graphOfPlan } from "../resilience/sources/from-plan";
import { readGraph } from "../resilience/sources/read-graph";

/** What is to be judged, as the command line says it. */
export interface CheckSource extends AnswersFlags {
  directory: string;
  stack?: string;
  /** A recorded plan or preview, in place of a program. */
  graph?: string;
  /** A recorded state, in place of a program. */
  state?: string;
  timeoutSeconds: number;
  signal: AbortSignal;
  onOutput: (text: string) => void;
}

/** Plans the program, or reads what was recorded. */
export async function graphFor(source: CheckSource): Promise<Graph> {
  const { directory, stack, graph, state, timeoutSeconds, signal, onOutput } = source;
  const file = graph ?? state;
  if (file !== undefined) return ofStack(graphIn(file, projectPathOf(directory)), stack, file);
  // The engine is loaded where a program runs, and not for a recorded design.
  requireOwnSdk();
  const { plan } = await import("../planner/index.js");
  const options = { directory, timeoutSeconds, signal, onOutput, ...(stack === undefined ? {} : { stack }) };
  const planned = await plan({ ...options, ...(await answersOptions(source, onOutput)) });
  onOutput(openText(planned));
  return graphOfPlan(planned);
}

/** Which data sources nobody answered: what hangs on them is not known, and the report names only the values. */
function openText({ unanswered }: Plan): string {
  if (unanswered.length === 0) return "";
  const tokens = [...new Set(unanswered.map(({ token }) => token))].join(", ");
  return (
    `note: nobody answers ${counted(unanswered.length, "data source")} of the program: ${tokens}.\n` +
    "  What comes from there counts as not known. --save-questions FILE writes what to fill in, --answers FILE takes it.\n"
  );
}

/** The graph in a file: a plan, a state, or a preview, whichever it is. */
export function graphIn(file: string, projectPath: string): Graph {
  const { graph, issues } = readGraph(contentOf(file), projectPath);
  if (graph !== undefined) return graph;
  throw unusable(issues.map((issue) => ({ ...issue, path: issue.path === "" ? file : `${file}: ${issue.path}` })));
}

/** A recorded design, if it is of the stack that was asked for. */
function ofStack(graph: Graph, stack: string | undefined, file: string): Graph {
  if (stack === undefined || stack === graph.stack) return graph;
  const expected = `the stack of ${file}, ${shown(graph.stack)}`;
  throw unusable([{ path: "--stack", expected, got: shown(stack), fix: "leave it out, or name the other file" }]);
}

/** The settings that count: the named file, else the one beside the stack's own settings, else none. */
export function settingsFor(source: CheckSource, stack: string, named: string | undefined): Settings {
  if (named !== undefined) return readSettings(named);
  // A recorded design may be judged far from its program: then there is nothing beside it.
  const isRecorded = source.graph !== undefined || source.state !== undefined;
  if (isRecorded && !isProject(source.directory)) return defaultSettings();
  // A name in a recorded design is a stranger's: it leads to no other directory.
  const name = settingsFileName(stack);
  if (name !== basename(name)) return defaultSettings();
  const file = join(readProject(source.directory).stackDirectory, name);
  return existsSync(file) ? readSettings(file) : defaultSettings();
}

/** Pulumi.yaml of a program, from the repository's root. */
export function projectFileOf(directory: string): string {
  const path = projectPathOf(directory);
  return path === "" ? "Pulumi.yaml" : `${path}/Pulumi.yaml`;
}

/** The directory of Pulumi.yaml at or above `directory`, from the repository's root, with `/`; the directory itself where there is none. */
function projectPathOf(directory: string): string {
  const start = resolve(directory);
  for (let at = start; ; at = dirname(at)) {
    if (isProject(at)) return relative(repositoryRoot(at), at).split(sep).join("/");
    if (at === dirname(at)) return relative(repositoryRoot(start), start).split(sep).join("/");
  }
}

function isProject(directory: string): boolean {
  return ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].some((name) => existsSync(join(directory, name)));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const got = error instanceof Error && "code" in error ? String(error.code) : "none";
    throw unusable([{ path: file, expected: "a file that can be read", got, fix: "name a recorded design" }]);
  }
}

/** Why the command cannot do what it was asked. */
export function unusable(issues: Issue[]): SettingsError {
  return new SettingsError(issues, "The design cannot be judged");
}
