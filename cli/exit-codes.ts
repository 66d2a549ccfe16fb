/** How a command ends. The same for every command. */
export const ExitCode = {
  /** It holds. */
  Holds: 0,
  /** It was judged and fails, or stays undecided. */
  Fails: 1,
  /** Wrong use or settings. */
  Usage: 2,
  /** It could not be judged: the program or a tool failed. */
  NotJudged: 3,
  /** A mistake of this command's own. */
  Bug: 4,
} as const;
/** See the members of `ExitCode`. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
