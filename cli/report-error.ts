import { PolicyPackError } from "../planner/policy-pack/error";
import { ProgramError } from "../planner/program/program-error";
import { SettingsError } from "../planner/project/settings-error";
import { UnansweredError } from "../planner/answers/unanswered-error";
import { PolicySettingsError } from "../policies/settings-form";
import { ExitCode } from "./exit-codes";

/** What a command says when it cannot do what it was asked, and how it ends then. */
export interface ErrorReport {
  /** Text for standard error, ending with a line break. */
  text: string;
  /** The exit status. */
  exitCode: ExitCode;
}

/** Tells whose mistake an error is: the person's, the program's or ours. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof SettingsError) return { text: `${error.message}\n`, exitCode: ExitCode.Usage };
  if (error instanceof PolicySettingsError) return { text: `${error.message}\n`, exitCode: ExitCode.Usage };
  if (error instanceof PolicyPackError) return { text: `${error.message}\n`, exitCode: ExitCode.NotJudged };
  if (error instanceof UnansweredError) return { text: `${error.message}\n`, exitCode: ExitCode.NotJudged };
  if (error instanceof ProgramError) {
    const { message, location, fix } = error;
    const where = location === null ? "" : `\n  in ${location.file}:${String(location.line)}`;
    const next = fix === null ? "" : `\nTo go on: ${fix}`;
    return { text: `The program could not be planned.\n${message}${where}${next}\n`, exitCode: ExitCode.NotJudged };
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const sentence = "This is a mistake of twodoor's own, not of your program. Please report it with the lines above.";
  return { text: `${details}\n${sentence}\n`, exitCode: ExitCode.Bug };
}
