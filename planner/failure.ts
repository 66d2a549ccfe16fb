import type { Deployment } from "./deployment";
import { framesOf, locate, repositoryRoot } from "./location";
import type { Ending } from "./program";
import { ProgramError } from "./program-error";

/** Status with which the SDK's runner ends after an error that it has reported itself (`cmd/run/index.js`). */
const alreadyReported = 32;

/**
 * What went wrong with a program, in its own words where it has some. `undefined` when it came to its end.
 *
 * @param timeoutSeconds - the limit that it had.
 */
export function failureOf(deployment: Deployment, ending: Ending, timeoutSeconds: number): ProgramError | undefined {
  const complete = deployment.outputs !== undefined;
  const errors = loggedErrors(ending.stderr);
  if (ending.stopped === undefined && ending.status === 0 && complete && errors.length === 0) return undefined;
  const own = [...new Set(errors)].join("\n");
  const printed = ending.printed.trim();
  const words = withoutSecrets(own || printed, deployment.secrets);
  const location = locate(framesOf(words), repositoryRoot(deployment.programDirectory));
  const headline = headlineOf(ending, complete, timeoutSeconds);
  return new ProgramError([headline, tidied(words)].filter((part) => part !== "").join("\n"), location);
}

/** Errors as the SDK prints them, each with its stack: from its mark to the next message of the SDK. */
function loggedErrors(stderr: string): string[] {
  const [, ...errors] = stderr.split(/^error: \[runtime\] /m);
  return errors.map((error) => (error.split(/^warning: \[runtime\] /m, 1)[0] ?? "").trim());
}

/** The text with every known secret replaced. */
export function withoutSecrets(text: string, secrets: ReadonlySet<string>): string {
  let result = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) result = result.replaceAll(secret, "[secret]");
  return result;
}

function headlineOf({ stopped, status, signal }: Ending, complete: boolean, timeoutSeconds: number): string {
  if (stopped === "timeout") return `The program did not end within ${String(timeoutSeconds)} seconds and was stopped.`;
  if (stopped === "aborted") return "The program was stopped.";
  if (signal !== null) return `The program was ended by ${signal}.`;
  if (status === alreadyReported) return "";
  if (status !== 0) return `The program ended with status ${String(status)}.`;
  return complete ? "" : "The program ended by itself before it was complete: something called process.exit.";
}

/** Without the SDK's introduction and without frames of Node.js and of installed packages. */
function tidied(text: string): string {
  const foreign = /^\s+at .*(?:node:|[/\\]node_modules[/\\])/;
  const introduction = /^Running program '.*' failed with an unhandled exception:$/;
  const lines = text.split("\n").filter((line) => !foreign.test(line) && !introduction.test(line));
  return lines.join("\n").trim();
}
