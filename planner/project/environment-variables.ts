import type { Issue } from "../../components/sizing/issues";
import { SettingsError } from "./settings-error";

/** Names with which a program is started, or that would change how Node.js starts it: a value given for them would be lost, or open the closed environment. */
const taken =
  /^(?:PATH|HOME|TMPDIR|NODE_OPTIONS|LD_PRELOAD|TS_NODE_TRANSPILE_ONLY|PULUMI_CONFIG(?:_SECRET_KEYS)?|PULUMI_NODEJS_\w+|TWODOOR_\w+)$/;

/** What a system takes for a name (https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html), in either case. */
const name = /^[A-Za-z_]\w*$/;

/** Throws `SettingsError` for variables that cannot be given to a program. Values are never shown. */
export function requireFreeNames(environmentVariables: Readonly<Record<string, string>>): void {
  const issues = Object.keys(environmentVariables).flatMap((given): Issue[] => {
    const path = `--env ${given}`;
    if (!name.test(given)) {
      const fix = "write --env NAME=VALUE";
      return [{ path, expected: "letters, digits and underscores", got: "other characters", fix }];
    }
    if (!taken.test(given)) return [];
    const fix = "leave it out: paths are your own, and settings of the stack are given with --config KEY=VALUE";
    return [{ path, expected: "a variable of the program's own", got: "one that starts it", fix }];
  });
  if (issues.length > 0) throw new SettingsError(issues);
}
