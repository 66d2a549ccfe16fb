import { InvalidArgumentError, Option, type Command } from "commander";
import { addAnswersFlags } from "./answers-flags";
import type { CheckFlags, Output } from "./check-run";
import { formats, isFormat, type Format } from "./reports/formats";

const defaultTimeoutSeconds = 120;

/** Adds `twodoor check`. */
export function registerCheck(program: Command): void {
  const command = program
    .command("check")
    .summary("judge a design: what one outage would stop, and what to change")
    .description(
      "Judges the Pulumi program in DIR, or a recorded design: takes every failure domain away in turn, and holds the design against every rule. Needs no cloud and no credential.",
    )
    .argument("[DIR]", "directory of Pulumi.yaml, or one below it", ".")
    .option("--stack <name>", "the stack (default: dev, or the only one that has a settings file)")
    .addOption(
      new Option("--graph <file>", "judge a recorded plan or preview in place of a program").conflicts("state"),
    )
    .addOption(new Option("--state <file>", "judge a state: what `pulumi stack export` wrote"))
    .option("--settings <file>", "levels, limits, waivers (default: twodoor.STACK.json beside the stack's settings)");
  addAnswersFlags(command, ["graph", "state"])
    .option("--base <file>", "compare with a recorded design: only what is worse than there fails")
    .option("--strict", "with --base: what fails without it fails too")
    .option("--format <format>", `how to print it: ${formats.join(", ")}`, oneOf, "text")
    .addOption(
      new Option("--json", "the same as --format json; docs/check.schema.json of the package describes it").conflicts(
        "format",
      ),
    )
    .option("--output <format=file>", "also write a report to a file; may be repeated", collectOutput, [])
    .option("--policy-pack <dir>", "also run another CrossGuard policy pack; may be repeated", collect, [])
    .option("--explain <rule>", "tell what a rule asks for, and why")
    .option("--rules", "list the rules")
    .option("--timeout <seconds>", "stop a program that has not ended by then", wholeSeconds, defaultTimeoutSeconds)
    .addHelpText("after", helpText)
    .action(async (directory: string, flags: CheckFlags) => {
      // Loaded when it is wanted: what judges and reports is most of what the command would load.
      const { runCheck } = await import("./check-run.js");
      process.exitCode = await runCheck(directory, flags);
    });
}

const helpText = `
Examples:
  $ twodoor check --stack prod
  $ twodoor check --stack prod --base main.json --output sarif=check.sarif --output markdown=comment.md
  $ pulumi stack export | twodoor check --state /dev/stdin
  $ twodoor check --explain EDG-02

Exit status: 0 it holds (with --base: nothing got worse); 1 it fails or is undecided; 2 wrong use or settings;
3 the program or a policy pack failed; 4 a mistake of twodoor's own.`;

function oneOf(value: string): Format {
  if (isFormat(value)) return value;
  throw new InvalidArgumentError(`Expected one of ${formats.join(", ")}.`);
}

function collectOutput(value: string, before: Output[]): Output[] {
  const [format = "", ...file] = value.split("=");
  if (file.join("=") === "") throw new InvalidArgumentError("Expected FORMAT=FILE.");
  return [...before, { format: oneOf(format), file: file.join("=") }];
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function wholeSeconds(value: string): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError("Expected a whole number of seconds above 0.");
}
