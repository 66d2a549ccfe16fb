import { Option, type Command } from "commander";
import type { PlanOptions } from "../planner";
import { SettingsError } from "../planner/project/settings-error";

/** What the command line says about data sources, settings and the program's environment. */
export interface AnswersFlags {
  answers?: string;
  saveQuestions?: string;
  config?: Record<string, string>;
  env?: Record<string, string>;
}

/**
 * Adds `--answers`, `--save-questions`, `--config` and `--env` to a command that runs a program.
 *
 * @param conflicts - options with which no program is run, in camel case.
 */
export function addAnswersFlags(command: Command, conflicts: string[] = []): Command {
  const flags = [
    new Option("--answers <file>", "answers of data sources by function token, as JSON or YAML"),
    new Option(
      "--save-questions <file>",
      "write what data sources were asked, as YAML (or .json), to fill in and hand back with --answers; keeps what is in it",
    ),
    new Option("--config <key=value>", "a setting, over the stack's file; may be repeated")
      .argParser(pairsOf("--config", "KEY=VALUE"))
      .default({}, "none"),
    new Option("--env <name=value>", "an environment variable that the program reads; may be repeated")
      .argParser(pairsOf("--env", "NAME=VALUE"))
      .default({}, "none"),
  ];
  for (const flag of flags) command.addOption(flag.conflicts(conflicts));
  return command;
}

/** What a plan is made with. Reads the file of answers; throws `SettingsError` when it is not one. */
export async function answersOptions(
  flags: AnswersFlags,
  tell: (text: string) => void,
): Promise<Pick<PlanOptions, "answers" | "config" | "environmentVariables" | "onQuestions" | "onWarning">> {
  const { readAnswers, saveQuestions } = await import("../planner/index.js");
  const file = flags.saveQuestions;
  return {
    answers: flags.answers === undefined ? {} : readAnswers(flags.answers),
    ...(flags.config === undefined ? {} : { config: flags.config }),
    ...(flags.env === undefined ? {} : { environmentVariables: flags.env }),
    onWarning: (text) => {
      tell(`warning: ${text}\n`);
    },
    ...(file === undefined
      ? {}
      : {
          onQuestions: (questions) => {
            tell(savedText(file, saveQuestions(file, questions)));
          },
        }),
  };
}

function savedText(file: string, { open, later }: { open: number; later: number }): string {
  if (open === 0) return "No data source is left to ask about: nothing was written.\n";
  const asked = open === 1 ? "1 call of a data source stands" : `${String(open)} calls of data sources stand`;
  const rest = later === 0 ? "" : ` ${String(later)} more will be asked once these are answered.`;
  return `${asked} open in ${file}. Fill in what you know and hand it back with --answers ${file}.${rest}\n`;
}

/** Collects what a flag gives. Commander would show what stands there, which may be a secret without its name. */
function pairsOf(
  flag: string,
  form: string,
): (value: string, before: Record<string, string>) => Record<string, string> {
  return (value, before) => {
    const at = value.indexOf("=");
    if (at > 0) return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
    const got = at === 0 ? "nothing before =" : "no =";
    throw new SettingsError(
      [{ path: flag, expected: form, got, fix: `write ${flag} ${form}` }],
      "The command line is wrong",
    );
  };
}
