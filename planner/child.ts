import type { ChildProcess } from "node:child_process";

/**
 * What a program of somebody else's gets of the caller's environment: where to find programs and where to put temporary files.
 * Provider constructors read `AWS_REGION`, `GOOGLE_PROJECT` and many others, so nothing else is passed on.
 */
export function closedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    ["PATH", "HOME", "TMPDIR"].flatMap((name): [string, string][] => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Ends a child that was started `detached`, with every process that it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // No process of the group is left.
  }
}
