import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Deployment } from "../deployment";
import type { Ending } from "./ending";
import { fixFor } from "./failure-fixes";
import type { Location } from "../../resilience/graph";
import { framesInText, locate, repositoryRoot, type Frame } from "../location";
import { preloadDirectory } from "./preload";
import { ProgramError } from "./program-error";
import { withoutCutSecret, withoutSecrets } from "../secret-texts";

/** Status with which the SDK's runner ends after an error that it has reported itself (`cmd/run/index.js`). */
const alreadyReported = 32;

/** Statuses of a program that waits in vain: Node.js's own, the SDK's, and Node.js's for an ES module. */
const waitedStatuses = new Set<number | null>([0, 1, 13]);

/** More than this of what a program said is not repeated, in characters. */
const wordsMost = 20_000;

/**
 * What went wrong with a program, in its own words where it has some, and how to go on. `undefined` when it came to its end.
 *
 * @param timeoutSeconds - the limit that it had.
 */
export function failureOf(deployment: Deployment, ending: Ending, timeoutSeconds: number): ProgramError | undefined {
  const { refusal, outputs, secrets, programDirectory } = deployment;
  const complete = outputs !== undefined;
  const failure = (message: string, location: Location | null, fix: string): ProgramError =>
    new ProgramError(withoutSecrets(message, secrets), location, withoutSecrets(fix, secrets));
  if (refusal !== undefined) {
    const location = lineIn(programDirectory, refusal.frames);
    return failure(refusal.message, location, wordedFix(deployment, ending, refusal.message, location));
  }
  const errors = loggedErrors(ending.stderr);
  if (ending.stopped === undefined && ending.status === 0 && complete && errors.length === 0) return undefined;
  const own = [...new Set(errors)].join("\n");
  // Before it is shortened, which could leave half a secret.
  const said = shortened(withoutSecrets(stripVTControlCharacters(own || ending.printed), secrets));
  const words = ending.thrown === undefined ? said : "";
  const { headline, frames, fix } = unspoken(deployment, ending, timeoutSeconds);
  const location = lineIn(programDirectory, [...frames, ...spokenFrames(ending, words, programDirectory)]);
  const message = [headline, tidied(words)].filter((part) => part !== "").join("\n");
  return failure(message, location, fix ?? wordedFix(deployment, ending, words, location));
}

/**
 * What a person is told once about connections that were refused although the program went on without them; empty when it wanted none.
 *
 * @param programDirectory - where the program begins.
 */
export function refusedConnections({ connections }: Ending, programDirectory: string): string {
  if (connections.length === 0) return "";
  const lines = connections.map(({ what, stack }) => {
    const location = lineIn(programDirectory, framesInText(stack));
    return `  ${what}${location === null ? "" : ` in ${location.file}:${String(location.line)}`}\n`;
  });
  return `warning: the program wanted the network, which a plan does not have, and went on without:\n${lines.join("")}`;
}

/** The innermost line of the program itself, else of its repository. */
function lineIn(programDirectory: string, frames: Frame[]): Location | null {
  const root = repositoryRoot(programDirectory);
  const theirs = frames.filter(({ file }) => !file.includes(preloadDirectory));
  const own = theirs.filter((frame) => locate([frame], programDirectory) !== null);
  return locate([...own, ...theirs], root);
}

/** Lines in what the program said: of its errors' stacks, and as compilers name them, relative to the program (`index.ts(3,5)`). */
function spokenFrames({ stacks }: Ending, words: string, programDirectory: string): Frame[] {
  const compiled = [...words.matchAll(/^(?:\S+ )?([^\s():]+\.[cm]?[jt]sx?)[:(](\d+)[:,]\d+\)?: error/gm)].map(
    ([, file = "", line = "0"]) => ({ file: resolve(programDirectory, file), line: Number(line) }),
  );
  return [...[...stacks, words].flatMap(framesInText), ...compiled];
}

function wordedFix(deployment: Deployment, ending: Ending, words: string, location: Location | null): string {
  return fixFor({
    words: [words, ...ending.codes, ...(ending.signal === null ? [] : [ending.stderr])].join("\n"),
    programDirectory: deployment.programDirectory,
    stack: deployment.stack,
    location,
    hosts: ending.connections.map(({ what }) => what),
    madeUpAnswers: deployment.asked.filter((call) => call.answeredBy === "nobody").map((call) => call.token),
  });
}

/** Errors as the SDK prints them, each with its stack: from its mark to the next message of the SDK. */
function loggedErrors(stderr: string): string[] {
  const [, ...errors] = stderr.split(/^error: \[runtime\] /m);
  return errors.map((error) => (error.split(/^warning: \[runtime\] /m, 1)[0] ?? "").trim());
}

/** What only we can tell of an ending. A fix of `undefined`: the program's own words tell more. */
interface Unspoken {
  headline: string;
  frames: Frame[];
  fix?: string;
}

function unspoken(deployment: Deployment, ending: Ending, timeoutSeconds: number): Unspoken {
  const { stopped, status, signal, exit, emptied } = ending;
  const complete = deployment.outputs !== undefined;
  if (stopped === "timeout") return outOfTime(deployment, ending, timeoutSeconds);
  if (stopped === "aborted") return { headline: "The program was stopped.", frames: [], fix: "run it again" };
  const exitFrames = exit === undefined ? [] : framesInText(exit.stack);
  const ownExit = lineIn(deployment.programDirectory, exitFrames);
  if (signal !== null && ownExit === null) return { ...ended(signal), frames: [] };
  if (ending.thrown === undefined && signal === null && (status === alreadyReported || (complete && status === 0)))
    return { headline: "", frames: [] };
  const before = complete ? "" : ", before it was complete";
  if (exit !== undefined && ownExit !== null) {
    const how = signal === null ? `status ${String(status)}` : signal;
    const headline = `The program ended by itself with ${how}${before}: it called ${exit.call}.`;
    const fix = `throw an error in place of ${exit.call} at ${ownExit.file}:${String(ownExit.line)}, or let the program come to its end`;
    return { headline, frames: exitFrames, fix };
  }
  if (emptied && (!complete || ending.waiting.length > 0) && waitedStatuses.has(status)) return neverKept(ending);
  if (ending.thrown !== undefined)
    return noError(withoutCutSecret(withoutSecrets(ending.thrown, deployment.secrets), deployment.secrets));
  return { headline: `The program ended by itself with status ${String(status)}${before}.`, frames: [] };
}

function ended(signal: NodeJS.Signals): Pick<Unspoken, "headline" | "fix"> {
  const headline = `The program was ended by ${signal}.`;
  // Nobody here sends it but at the time limit: what is left is the system, which does so when memory runs out.
  if (signal === "SIGKILL")
    return { headline, fix: "give the machine or the container more memory, or let the program build less at once" };
  if (!["SIGSEGV", "SIGBUS", "SIGILL"].includes(signal)) return { headline };
  return {
    headline,
    fix: "a package's native part crashed it: install the packages anew for this Node.js, or leave that package out",
  };
}

/** What was thrown is no error: it has no stack, and the SDK fails over some of them. */
function noError(thrown: string): Unspoken {
  const headline = `The program threw ${thrown}, which is no error and does not say where it was thrown.`;
  return { headline, frames: [], fix: "throw an Error, which has a stack, in its place" };
}

/** Nothing is left to run, and the program waits. The SDK says so in a page about promises; this says which resources. */
function neverKept({ waiting }: Ending): Unspoken {
  const shown = waiting.slice(0, 10).join(", ");
  const more = waiting.length > 10 ? ` and ${String(waiting.length - 10)} more` : "";
  const what = waiting.length === 0 ? "" : ` Not registered: ${shown}${more}.`;
  return {
    headline: `The program waits for a promise that nobody keeps: nothing is left to run, and it is not complete.${what}`,
    frames: [],
    fix: "look for a promise that is never resolved, and for resources that need each other's outputs",
  };
}

function outOfTime(deployment: Deployment, { standing }: Ending, timeoutSeconds: number): Unspoken {
  const { programDirectory, outputs } = deployment;
  const complete = outputs !== undefined;
  const limit = `The program did not end within ${String(timeoutSeconds)} seconds and was stopped.`;
  const frames = framesInText(standing?.stack ?? "");
  const running = lineIn(programDirectory, frames);
  if (running !== null) {
    const at = `${running.file}:${String(running.line)}`;
    return {
      headline: `${limit} It was running ${at}.`,
      frames,
      fix: `mend ${at}, or give it longer: --timeout SECONDS`,
    };
  }
  const open = (standing?.open ?? []).flatMap(({ what, stack }) => {
    const place = lineIn(programDirectory, framesInText(stack));
    return place === null ? [] : [{ what, stack, at: `${place.file}:${String(place.line)}` }];
  });
  const [first] = open;
  const lines = [...new Set(open.map(({ what, at }) => `\n  open: ${what} of ${at}`))].slice(0, 10).join("");
  const close = `close it (clearInterval, server.close()): pulumi waits for it too`;
  const longer = "give it longer: --timeout SECONDS";
  return {
    headline: `${limit}${complete ? " Its resources are complete, but something keeps it from ending." : ""}${lines}`,
    frames: framesInText(first?.stack ?? ""),
    fix: first === undefined ? longer : complete ? close : `${longer}; if it waits in vain, see what is open`,
  };
}

function shortened(text: string): string {
  if (text.length <= wordsMost) return text;
  const half = wordsMost / 2;
  return `${text.slice(0, half)}\n…\n${text.slice(-half)}`;
}

/** The causes of an error, and the errors that it stands for, among its fields as Node.js prints them. */
function causesIn(fields: string): string {
  const causes = [...fields.matchAll(/^\s+(?:\[cause\]: )?((?:[A-Z]\w*)?(?:Error|Exception)(?: \[\w+\])?: .*)$/gm)].map(
    ([, text = ""]) => text,
  );
  return [...new Set(causes)].map((text) => `\n  because of ${text}`).join("");
}

/** Without the SDK's introduction and marks, an error's further fields, Node.js's own remarks, and frames of Node.js, of installed packages and of ours. */
function tidied(text: string): string {
  const unwanted = [
    /^\s+at .*(?:node:|[/\\]node_modules[/\\]|[/\\]planner[/\\]program[/\\]preload[/\\])/,
    /^\s+\.\.\. \d+ lines matching cause stack trace \.\.\.$/,
    /^Running program '.*' failed with an unhandled exception:$/,
    /^\(node:\d+\) /,
    /^\(Use `node /,
    /^\s*\d+: 0x[0-9a-f]+ /,
    /^----- (?:Native stack trace|JS stack trace) -----$/,
  ];
  const withoutFields = text
    .replace(/ \{\n((?: {2}.*\n)+)\}$/gm, (_, fields: string) => causesIn(fields))
    .replace(/^(info|warning): \[runtime\] /gm, "$1: ")
    // V8 prints its last collections before it gives up.
    .replace(/^<--- (?:Last few GCs|JS stacktrace) --->\n(?:.*\n)*?(?=^(?:<---|FATAL ERROR))/gm, "")
    .replace(/^The Pulumi runtime detected that [^]*?about the leaked promises\.$/gm, "");
  const lines = withoutFields.split("\n").filter((line) => !unwanted.some((pattern) => pattern.test(line)));
  return lines.join("\n").trim();
}
