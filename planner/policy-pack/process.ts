import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { z } from "zod";
import { shown } from "../../components/sizing/issues";
import { deferred } from "../engine/callbacks";
import { closedEnvironment, killGroup } from "../program/child";
import { PolicyPackError } from "./error";
import { SettingsError } from "../project/settings-error";
import { readSettingsFile } from "../project/settings-file";

/** A policy pack that runs. */
export interface PackProcess {
  /** `127.0.0.1:PORT` of its analyzer service. */
  address: string;
  /** Rejects as soon as the process has ended, or was stopped for the time it took. Never resolves. */
  ended: Promise<never>;
  /** Ends the process and all that it started. */
  stop: () => void;
}

/** Which stack a pack is asked about. */
export interface PackStack {
  project: string;
  stack: string;
}

const projectFile = z.looseObject({
  runtime: z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]),
  version: z.string().optional(),
});

/** More than this of what a pack prints is not kept, in characters. */
const PRINTED_MAX = 20_000;

/**
 * The directory of a policy pack that can be run here.
 *
 * @throws SettingsError where there is none; PolicyPackError where it is written in another language than JavaScript or TypeScript.
 */
export function findPack(directory: string): { directory: string; version: string | undefined } {
  const root = resolve(directory);
  const file = join(root, "PulumiPolicy.yaml");
  if (!existsSync(file)) {
    const fix = "name the directory of a policy pack";
    throw new SettingsError([
      { path: "--policy-pack", expected: "a directory with a PulumiPolicy.yaml", got: shown(directory), fix },
    ]);
  }
  const parsed = projectFile.safeParse(readSettingsFile(file).content);
  if (!parsed.success) {
    const fix = "write runtime: nodejs";
    throw new SettingsError([{ path: `${file} runtime`, expected: "the name of a language", got: "none", fix }]);
  }
  const { runtime, version } = parsed.data;
  if (runtime !== "nodejs") {
    throw new PolicyPackError(
      `The policy pack in ${directory} is written for the runtime ${shown(runtime)}, and only packs for "nodejs" run without the Pulumi CLI. With it: pulumi policy analyze --policy-pack ${directory} --file STATE`,
    );
  }
  return { directory: root, version };
}

/**
 * Starts a policy pack as Pulumi's language host does (`cmd/run-policy-pack` of the SDK that the pack itself has installed), in an
 * environment of which it sees nothing but the paths. TypeScript is not type-checked: that takes seconds and a gigabyte.
 */
export async function startPack(
  directory: string,
  stack: PackStack,
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<PackProcess> {
  // The pack loads from its own directory and knows no engine: what it logs is printed.
  const child = spawn(process.execPath, [packRunner(directory), "127.0.0.1:0", directory], {
    cwd: directory,
    env: {
      ...closedEnvironment(),
      PULUMI_NODEJS_ORGANIZATION: "organization",
      PULUMI_NODEJS_PROJECT: stack.project,
      PULUMI_NODEJS_STACK: stack.stack,
      PULUMI_NODEJS_DRY_RUN: "true",
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      PULUMI_CONFIG: "{}",
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { printed, firstLine } = listenTo(child);
  const ended = deferred<never>();
  // Whoever waits for an answer hears of it; where nobody waits any more, it is no news.
  ended.promise.catch(() => undefined);
  const end = (why: string): void => {
    killGroup(child);
    ended.reject(new PolicyPackError(`The policy pack in ${directory} ${why}.`, printed().trim()));
  };
  child.once("error", (error) => {
    end(`did not start: ${error.message}`);
  });
  child.once("close", (status, killed) => {
    end(
      status === null ? `was ended by ${String(killed)}` : `ended with status ${String(status)} before it had answered`,
    );
  });
  const timer = setTimeout(() => {
    end(`had not answered after ${String(timeoutSeconds)} s and was stopped`);
  }, timeoutSeconds * 1000);
  const onAbort = (): void => {
    end("was stopped");
  };
  const onExit = (): void => {
    killGroup(child);
  };
  signal?.addEventListener("abort", onAbort);
  process.once("exit", onExit);
  const stop = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    process.removeListener("exit", onExit);
    killGroup(child);
  };
  try {
    if (signal?.aborted === true) onAbort();
    const port = await Promise.race([firstLine, ended.promise]);
    if (/^\d+$/.test(port)) return { address: `127.0.0.1:${port}`, ended: ended.promise, stop };
    end(`printed ${shown(port)} where its port was due: nothing may be printed while it loads`);
    return await ended.promise;
  } catch (error) {
    stop();
    throw error;
  }
}

function packRunner(directory: string): string {
  try {
    return createRequire(join(directory, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  } catch {
    throw new PolicyPackError(
      `Cannot find @pulumi/pulumi from ${directory}. Install the pack's packages first: npm install`,
    );
  }
}

/** What the child writes: its first line is its port, everything else is kept for messages. */
function listenTo(child: ChildProcess): { printed: () => string; firstLine: Promise<string> } {
  const line = deferred<string>();
  let printed = "";
  let first = "";
  let isFirst = true;
  const keep = (text: string): void => {
    printed = (printed + text).slice(0, PRINTED_MAX);
  };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    if (!isFirst) {
      keep(chunk);
      return;
    }
    first = (first + chunk).slice(0, PRINTED_MAX);
    const end = first.indexOf("\n");
    if (end < 0) return;
    isFirst = false;
    line.resolve(first.slice(0, end).trim());
    keep(first.slice(end + 1));
  });
  child.stderr?.setEncoding("utf8").on("data", keep);
  return { printed: () => printed, firstLine: line.promise };
}
