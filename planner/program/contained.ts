import { spawn, type ChildProcess } from "node:child_process";
import { Readable } from "node:stream";
import { deferred } from "../engine/callbacks";
import { killGroup, killMarked, newRunMark, runVariable, watchOver, withoutCoreFiles } from "./child";
import { toldIn, type Ending, type Standing } from "./ending";
import { KeptOutput } from "./kept-output";
import { errorDescriptor, tellVariable } from "./preload";
import { inspectorLine, standingOf } from "./standing";

/** What is run, and how long. */
export interface ContainedRun {
  /** Arguments of `node`, the preloaded code's flag among them. */
  args: string[];
  /** The working directory. */
  directory: string;
  /** The environment. */
  environment: Record<string, string>;
  /** Seconds after which it is stopped. */
  timeoutSeconds: number;
  /** Stops it when aborted. */
  signal: AbortSignal | undefined;
}

/** How long somebody may still hold the program's output open when all its processes have been ended, in milliseconds. */
const drainPatience = 2000;

/**
 * Runs a Node.js program that may do whatever it likes: print without end, never end, start processes that leave it. Neither it nor any of
 * them outlives this call, nor this process. Resolves with how it ended; rejects only when it cannot be started.
 */
export async function runContained(run: ContainedRun): Promise<Ending> {
  const mark = newRunMark();
  const [file, args] = withoutCoreFiles(process.execPath, run.args);
  const child = spawn(file, args, {
    cwd: run.directory,
    env: { ...run.environment, [runVariable]: mark, [tellVariable]: "1" },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // A process group of its own, so that what it starts can be stopped with it.
    detached: true,
  });
  const callOff = watchOver(child, mark);
  const endAll = () => {
    killGroup(child);
    killMarked(mark);
  };
  process.once("exit", endAll);
  const listener = new Listener(child);
  try {
    const stopped = stopper(run, child, listener);
    const [status, signal] = await exited(child).finally(stopped.forget);
    endAll();
    await listener.closed();
    return { status, signal, stopped: stopped.why(), standing: stopped.standing(), ...listener.heard() };
  } finally {
    callOff();
    process.removeListener("exit", endAll);
  }
}

/** Stops the program when its time is up, after it was asked where it stands, or when the caller wants it. */
function stopper({ timeoutSeconds, signal }: ContainedRun, child: ChildProcess, listener: Listener) {
  let why: Ending["stopped"];
  let standing: Standing | undefined;
  const onAbort = () => {
    why ??= "aborted";
    killGroup(child);
  };
  const onTimeout = async () => {
    why ??= "timeout";
    standing = await standingOf(child, listener.inspector).catch(() => undefined);
    killGroup(child);
  };
  const timer = setTimeout(() => void onTimeout(), timeoutSeconds * 1000);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted === true) onAbort();
  return {
    why: () => why,
    standing: () => standing,
    forget: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** Hears what the program prints and what the preloaded code tells. */
class Listener {
  /** Resolves with the inspector's address once Node.js says it. */
  readonly inspector: Promise<string>;
  readonly #child: ChildProcess;
  readonly #closed = deferred<undefined>();
  readonly #printed = new KeptOutput();
  readonly #stderr = new KeptOutput();
  readonly #told = new KeptOutput();

  constructor(child: ChildProcess) {
    this.#child = child;
    const { promise, resolve } = deferred<string>();
    this.inspector = promise;
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#printed.add(chunk);
    });
    let line = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#printed.add(chunk);
      this.#stderr.add(chunk);
      line = (line + chunk).slice(-4096);
      const address = inspectorLine.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    const errors = child.stdio[errorDescriptor];
    if (errors instanceof Readable) {
      errors.setEncoding("utf8").on("data", (chunk: string) => {
        this.#told.add(chunk);
      });
    }
    child.once("close", () => {
      this.#closed.resolve(undefined);
    });
  }

  /** Waits for the last of what was written. Somebody whom we may not end could hold it open: then what is there counts. */
  async closed(): Promise<void> {
    const timer = setTimeout(() => {
      this.#closed.resolve(undefined);
    }, drainPatience);
    await this.#closed.promise;
    clearTimeout(timer);
    for (const stream of this.#child.stdio) stream?.destroy();
  }

  heard() {
    const printed = withoutInspector(this.#printed.text());
    const stderr = withoutInspector(this.#stderr.text());
    return { printed, stderr, ...toldIn(this.#told.text().split("\n")) };
  }
}

/** Without what Node.js says when it is asked where the program stands. */
function withoutInspector(text: string): string {
  return text.replace(
    /^(?:Debugger (?:listening|ending) on ws:.*|For help, see: https:\/\/nodejs\.org\/.*|Debugger attached\.|Waiting for the debugger to disconnect\.\.\.)\n/gm,
    "",
  );
}

function exited(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  const { promise, resolve, reject } = deferred<[number | null, NodeJS.Signals | null]>();
  child.once("exit", (status, signal) => {
    resolve([status, signal]);
  });
  child.once("error", reject);
  return promise;
}
