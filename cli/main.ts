#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, type CommanderError } from "commander";
import { ExitCode } from "./exit-codes";
import { registerCheck } from "./check";
import { registerPlan } from "./plan";
import { registerTwin } from "./twin";

/** The whole command, ready to parse. */
function twodoor(): Command {
  const program = new Command("twodoor")
    .description(
      "Plans and judges any Pulumi program for Node.js without a cloud: what it would create, and which single outage would stop it.",
    )
    .version(version(), "-v, --version")
    .showHelpAfterError("Add --help to see what is expected.")
    .addHelpText("after", "\nExample:\n  $ twodoor plan --stack dev")
    .exitOverride(endAsCommander);
  registerPlan(program);
  registerCheck(program);
  registerTwin(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** Help ends well; everything else that the parser refuses is wrong use. */
function endAsCommander(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? ExitCode.Holds : ExitCode.Usage);
}

/** From the package's own package.json, above `cli` as a source and above `dist/cli` as published. */
function version(): string {
  for (const above of ["..", join("..", "..")]) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(__dirname, above, "package.json"), "utf8")) as Package;
      if (name === "twodoor") return version;
    } catch {
      // Looked for one directory further up.
    }
  }
  return "unknown";
}

interface Package {
  name: string;
  version: string;
}

// Whoever reads the output may stop early, as `head` does: what was judged still counts.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

twodoor()
  .parseAsync()
  .catch(async (error: unknown) => {
    const { reportOf } = await import("./report-error.js");
    const { text, exitCode } = reportOf(error);
    process.stderr.write(text);
    process.exitCode = exitCode;
  });
