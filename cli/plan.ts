import { existsSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import type { Plan } from "../planner";
import { addAnswersFlags, answersOptions, type AnswersFlags } from "./answers-flags";
import { ExitCode } from "./exit-codes";
import { ownCommand } from "./own-command";
import { shellText } from "./shell-text";
import { terminalOf } from "./terminal";

interface PlanFlags extends AnswersFlags {
  stack?: string;
  graph?: string;
  strict?: true;
  json?: true;
  timeout: number;
}

const defaultTimeoutSeconds = 120;

/** Adds `twodoor plan`. */
export function registerPlan(program: Command): void {
  const command = program
    .command("plan")
    .summary("run a Pulumi program offline and show what it would create")
    .description(
      "Runs the Pulumi program in DIR on this machine alone (no Pulumi CLI, no provider, no credential, no network) and prints its resources by cloud and region.",
    )
    .argument("[DIR]", "directory of Pulumi.yaml, or one below it", ".")
    .option("--stack <name>", "the stack (default: dev, or the only one that has a settings file)")
    .option("--json", "print the whole plan as JSON; docs/plan.schema.json of the package describes it")
    .option("--graph <file>", "also write the plan as JSON to a file");
  addAnswersFlags(command)
    .option("--strict", "fail when a data source has no answer")
    .option("--timeout <seconds>", "stop a program that has not ended by then", wholeSeconds, defaultTimeoutSeconds)
    .addHelpText("after", helpText)
    .action(async (directory: string, flags: PlanFlags) => {
      process.exitCode = await runPlan(directory, flags);
    });
}

const helpText = `
Examples:
  $ twodoor plan --stack dev
  $ twodoor plan ../shop --json | jq '.resources[].type'
  $ twodoor plan --save-questions answers.yaml
  $ twodoor plan --graph plan.json --answers answers.yaml --strict

Exit status: 0 planned; 2 wrong use or settings; 3 the program failed, or --strict and a data source has no answer.`;

async function runPlan(directory: string, flags: PlanFlags): Promise<ExitCode> {
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
  };
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    const result = await planned(directory, flags, stop.signal);
    const json = `${JSON.stringify(result, null, 2)}\n`;
    if (flags.graph !== undefined) {
      const { writeOutput } = await import("./output-file.js");
      writeOutput("--graph", flags.graph, json, "The plan cannot be kept");
    }
    const terminal = terminalOf(process.stdout, process.env);
    const { planView } = await import("./plan-view.js");
    process.stdout.write(flags.json === true ? json : planView(result, nextSteps(directory, result, flags), terminal));
    return ExitCode.Holds;
  } catch (error) {
    const { reportOf } = await import("./report-error.js");
    const { text, exitCode } = reportOf(error);
    process.stderr.write(text);
    return exitCode;
  } finally {
    process.removeListener("SIGINT", onSignal).removeListener("SIGTERM", onSignal);
  }
}

async function planned(directory: string, flags: PlanFlags, signal: AbortSignal): Promise<Plan> {
  // Loaded when it is wanted: no other command pays for it.
  const { requireOwnSdk } = await import("./own-sdk.js");
  requireOwnSdk();
  const { plan } = await import("../planner/index.js");
  const progress = process.stderr.isTTY && process.stdout.isTTY;
  const tell = (text: string): void => {
    process.stderr.write(text === "" || !progress ? text : `\n${text}`);
  };
  const given = await answersOptions(flags, tell);
  if (progress) process.stderr.write("Running the program …");
  try {
    return await plan({
      directory,
      ...(flags.stack === undefined ? {} : { stack: flags.stack }),
      ...given,
      strict: flags.strict === true,
      timeoutSeconds: flags.timeout,
      signal,
      onOutput: tell,
    });
  } finally {
    if (progress) process.stderr.write("\r\u001B[K");
  }
}

function nextSteps(directory: string, { stack }: Plan, { answers, config, env }: PlanFlags): string[] {
  const command = ownCommand(process.argv[1] ?? "", process.cwd());
  const where = directory === "." ? "" : ` ${shellText(directory)}`;
  const up = `pulumi${where === "" ? "" : ` -C${where}`} up --stack ${stack}`;
  const guide = join(directory, "docs", "guides", "from-empty-accounts.md");
  const real = existsSync(guide) ? `${guide} leads there from empty accounts` : "with your credentials of these clouds";
  const known = answers === undefined ? "" : ` --answers ${shellText(answers)}`;
  // Values given by hand may be secret: they are not repeated.
  const byHand = Object.entries({ "--config": config, "--env": env })
    .filter(([, given]) => Object.keys(given ?? {}).length > 0)
    .map(([flag]) => flag);
  const again = byHand.length === 0 ? "" : ` (with the same ${byHand.join(" and ")})`;
  return [
    `${command} plan${where} --stack ${stack}${known} --json`,
    `    every resource with every input, and the line of the program that makes it${again}`,
    `${command} check${where} --stack ${stack}${known}`,
    `    whether one outage would stop it, which one, and what to change${again}`,
    `${command} twin -- ${up}`,
    "    a real pulumi creates it, on this machine and in no cloud",
    up,
    `    makes it real: ${real}`,
  ];
}

function wholeSeconds(value: string): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError("Expected a whole number of seconds above 0.");
}
