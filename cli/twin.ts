import { spawn, type ChildProcess } from "node:child_process";
import { constants, homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { formatIssues, shown, type Issue } from "../components/sizing/issues";
import type { Cloud } from "../twin/settings";

interface TwinFlags {
  world?: string;
  dead?: string[];
}

/** Signals that are passed on to the command; the twin itself ends when the command has ended. */
const FORWARDED: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Adds `twodoor twin -- COMMAND` to the command line. */
export function registerTwin(program: Command): void {
  program
    .command("twin")
    .description("run a command, such as `pulumi up`, with local providers in the place of the clouds")
    .argument("<command...>", "the command and its arguments, after --")
    .option(
      "--world <dir>",
      "directory in which the local clouds are kept between commands (default: one for each working directory, below ~/.cache/twodoor/worlds)",
    )
    .option("--dead <cloud...>", "clouds whose API answers no call: aws, gcp, cloudflare")
    .addHelpText(
      "after",
      "\nExample:\n  $ twodoor twin -- pulumi up --stack dev\n  $ twodoor twin --dead aws -- pulumi up --stack dev\n",
    )
    .action(async (command: string[], flags: TwinFlags) => {
      process.exitCode = await runTwin(command, flags);
    });
}

/** Runs the command with the providers attached; answers the status with which it ended, or 2 for wrong use. */
async function runTwin(command: string[], flags: TwinFlags): Promise<number> {
  // Loaded when they are wanted: the providers are a third of what the command would load.
  const [{ withProviders }, { isCloud, settingsFromEnvironment }] = await Promise.all([
    import("../twin/attach.js"),
    import("../twin/settings.js"),
  ]);
  const { world, faults, issues } = settingsFromEnvironment(process.env);
  const dead = deadClouds(flags.dead ?? [], isCloud, issues);
  if (issues.length > 0) {
    process.stderr.write(`${formatIssues("twodoor twin", issues)}\n`);
    return 2;
  }
  const directory = flags.world === undefined ? defaultWorld(process.cwd()) : resolve(flags.world);
  const options = { world: directory, settings: world, faults: { ...faults, dead: [...(faults.dead ?? []), ...dead] } };
  return withProviders(options, ({ environment }) => runCommand(command, environment));
}

/** The world of a working directory: outside of it, so that nothing local is committed by accident. */
export function defaultWorld(directory: string): string {
  return join(homedir(), ".cache", "twodoor", "worlds", encodeURIComponent(directory));
}

function deadClouds(given: string[], isCloud: (text: string) => text is Cloud, issues: Issue[]): Cloud[] {
  return given
    .flatMap((item) => item.split(","))
    .flatMap((item) => {
      if (isCloud(item)) return [item];
      issues.push({
        path: "--dead",
        expected: "aws, gcp or cloudflare",
        got: shown(item),
        fix: "name one of these clouds",
      });
      return [];
    });
}

function runCommand([file = "", ...args]: string[], environment: Record<string, string>): Promise<number> {
  return new Promise((resolveStatus) => {
    const running: { child?: ChildProcess } = {};
    const forward = (signal: NodeJS.Signals): void => {
      // Ctrl-C on a terminal reaches the command by itself; a second one would make `pulumi` stop without tidying up.
      if (signal !== "SIGINT" || !process.stdin.isTTY) running.child?.kill(signal);
    };
    // Listened to before the command starts: a signal that comes at once must not end us and leave the command behind.
    for (const signal of FORWARDED) process.on(signal, forward);
    const child = spawn(file, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    running.child = child;
    const end = (status: number): void => {
      for (const signal of FORWARDED) process.off(signal, forward);
      resolveStatus(status);
    };
    child.on("error", (error) => {
      process.stderr.write(`twodoor twin: ${file} cannot be started: ${error.message}\n`);
      end(127); // as a shell answers for a command that is not there
    });
    // A command that a signal ended counts as a shell counts it: 128 and the signal's number.
    child.on("close", (code, signal) => {
      end(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
