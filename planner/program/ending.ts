/** How a program ended. */
export interface Ending extends Told {
  /** The exit status; `null` when it was stopped. */
  status: number | null;
  /** The signal that ended it, if one did. */
  signal: NodeJS.Signals | null;
  /** Why we stopped it, if we did. */
  stopped: "timeout" | "aborted" | undefined;
  /** What it wrote to standard output and standard error, in the order of arrival; of very much the beginning and the end. */
  printed: string;
  /** What it wrote to standard error alone; of very much the beginning and the end. */
  stderr: string;
  /** What it did when its time was up, as far as it could be asked. */
  standing: Standing | undefined;
}

/** What the code that runs in the program's process told about it. */
export interface Told {
  /** Stacks of the errors that ended it, in the order in which they occurred, causes before what they caused. */
  stacks: string[];
  /** Codes of these errors: `ERR_REQUIRE_ESM`. */
  codes: string[];
  /** What was thrown, if it was no error, as Node.js shows it. */
  thrown: string | undefined;
  /** The call with which it ended itself, if it did. */
  exit: { call: string; stack: string } | undefined;
  /** Whether it ended because nothing was left to run. */
  emptied: boolean;
  /** Connections that were refused, each once, in the order in which they were wanted. */
  connections: Connection[];
  /** Resources that were made and not registered when it ended, as `name[type]`. */
  waiting: string[];
  /** Outputs of other stacks that it read, each once. */
  outputs: OutputRead[];
  /** Texts that the program marked as secret, whether anybody was sent them or not. */
  secrets: string[];
}

/** An output of another stack that a program read. */
export interface OutputRead {
  /** The stack as the program names it. */
  stack: string;
  /** The output's name. */
  name: string;
}

/** A connection that was refused. */
export interface Connection {
  /** `HOST:PORT`, the name that was looked up, or the path of a local socket. */
  what: string;
  /** The stack of the call. */
  stack: string;
}

/** Where a program stands. */
export interface Standing {
  /** The stack of what it runs; frames of Node.js alone when it waits. */
  stack: string;
  /** What keeps it from ending, the newest first: `setInterval`, `server`, `process sleep`, with the stack of its making. */
  open: { what: string; stack: string }[];
}

/** Of more than this many refused connections nobody wants to read. */
const connectionsMost = 50;

/** Puts together what was told, one JSON text a line. What the program itself writes there is not listened to. */
export function toldIn(lines: readonly string[]): Told {
  const told: Told = {
    stacks: [],
    codes: [],
    thrown: undefined,
    exit: undefined,
    emptied: false,
    connections: [],
    waiting: [],
    outputs: [],
    secrets: [],
  };
  const known = new Set<string>();
  for (const line of lines) {
    const event = eventOf(line);
    if (event?.["kind"] === "error") {
      told.stacks.push(...textsIn(event["stacks"]));
      told.codes.push(...textsIn([event["code"]]));
      if (typeof event["thrown"] === "string") told.thrown ??= event["thrown"];
    } else if (event?.["kind"] === "exit") {
      told.exit ??= { call: textOf(event["call"]), stack: textOf(event["stack"]) };
    } else if (event?.["kind"] === "emptied") {
      told.emptied = true;
    } else if (event?.["kind"] === "waiting") {
      told.waiting.push(...textsIn(event["resources"]));
    } else if (event?.["kind"] === "output") {
      told.outputs.push({ stack: textOf(event["stack"]), name: textOf(event["name"]) });
    } else if (event?.["kind"] === "secret") {
      told.secrets.push(...textsIn([event["text"]]));
    } else if (event?.["kind"] === "network") {
      const what = textOf(event["what"]);
      if (known.has(what) || known.size >= connectionsMost) continue;
      known.add(what);
      told.connections.push({ what, stack: textOf(event["stack"]) });
    }
  }
  return told;
}

function eventOf(line: string): Record<string, unknown> | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === "object" && event !== null ? (event as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsIn(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
}
