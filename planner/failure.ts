import { stripVTControlCharacters } from "node:util";
import type { Deployment } from "./deployment";
import type { Ending } from "./ending";
import type { Location } from "../resilience/graph";
import { framesInText, locate, repositoryRoot, type Frame } from "./location";
import { ProgramError } from "./program-error";

/** Status with which the SDK's runner ends after an error that it has reported itself (`cmd/run/index.js`). */
const alreadyReported = 32;

/**
 * What went wrong with a program, in its own words where it has some. `undefined` when it came to its end.
 *
 * @param timeoutSeconds - the limit that it had.
 */
export function failureOf(deployment: Deployment, ending: Ending, timeoutSeconds: number): ProgramError | undefined {
  const { refusal, outputs, secrets, programDirectory } = deployment;
  const complete = outputs !== undefined;
  if (refusal !== undefined) {
    return new ProgramError(withoutSecrets(refusal.message, secrets), lineIn(programDirectory, refusal.frames));
  }
  const errors = loggedErrors(ending.stderr);
  if (ending.stopped === undefined && ending.status === 0 && complete && errors.length === 0) return undefined;
  const own = [...new Set(errors)].join("\n");
  const words = withoutSecrets(stripVTControlCharacters(own || ending.printed), secrets);
  const location = lineIn(programDirectory, [...ending.stacks, words].flatMap(framesInText));
  const headline = headlineOf(ending, complete, timeoutSeconds);
  return new ProgramError([headline, tidied(words)].filter((part) => part !== "").join("\n"), location);
}

/** The text with every known secret replaced, also where it was dumped as JSON, which writes quotes and line ends in its own way. */
export function withoutSecrets(text: string, secrets: ReadonlySet<string>): string {
  const written = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  let result = text;
  for (const secret of written.sort((a, b) => b.length - a.length)) result = result.replaceAll(secret, "[secret]");
  return result;
}

/** The innermost line of the program itself, else of its repository. */
function lineIn(programDirectory: string, frames: Frame[]): Location | null {
  const root = repositoryRoot(programDirectory);
  const own = frames.filter((frame) => locate([frame], programDirectory) !== null);
  return locate([...own, ...frames], root);
}

/** Errors as the SDK prints them, each with its stack: from its mark to the next message of the SDK. */
function loggedErrors(stderr: string): string[] {
  const [, ...errors] = stderr.split(/^error: \[runtime\] /m);
  return errors.map((error) => (error.split(/^warning: \[runtime\] /m, 1)[0] ?? "").trim());
}

function headlineOf({ stopped, status, signal }: Ending, complete: boolean, timeoutSeconds: number): string {
  if (stopped === "timeout") return `The program did not end within ${String(timeoutSeconds)} seconds and was stopped.`;
  if (stopped === "aborted") return "The program was stopped.";
  if (signal !== null) return `The program was ended by ${signal}.`;
  if (status === alreadyReported || (complete && status === 0)) return "";
  return `The program ended by itself with status ${String(status)}${complete ? "" : ", before it was complete"}.`;
}

/** Without the SDK's introduction and marks, an error's further fields, Node.js's own remarks, and frames of Node.js and of installed packages. */
function tidied(text: string): string {
  const unwanted = [
    /^\s+at .*(?:node:|[/\\]node_modules[/\\])/,
    /^Running program '.*' failed with an unhandled exception:$/,
    /^\(node:\d+\) /,
    /^\(Use `node /,
  ];
  const withoutFields = text.replace(/ \{\n(?: {2}.*\n)+\}$/gm, "").replace(/^(info|warning): \[runtime\] /gm, "$1: ");
  const lines = withoutFields.split("\n").filter((line) => !unwanted.some((pattern) => pattern.test(line)));
  return lines.join("\n").trim();
}
