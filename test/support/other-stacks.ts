import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../planner";

/** A stack that is read. */
export interface OtherStack {
  outputs: JsonObject;
  /** Salt of the passphrase's key; left out where nothing is secret. */
  salt?: string;
}

/**
 * Puts stacks that have outputs and nothing else beside an opened one, so that the program can read them.
 *
 * @param engine - directory of the real `pulumi`.
 * @param opened - directory of the opened stack (`openStack`).
 * @param stacks - by `project/stack`; secret outputs as a state holds them, encrypted under `salt`.
 */
export function makeOtherStacks(engine: string, opened: string, stacks: Record<string, OtherStack>): void {
  for (const [name, content] of Object.entries(stacks)) {
    const [project = "", stack = ""] = name.split("/");
    const directory = join(opened, `stack-${project}`);
    mkdirSync(directory);
    writeFileSync(join(directory, "Pulumi.yaml"), JSON.stringify({ name: project, runtime: "nodejs" }));
    writeFileSync(join(directory, "state.json"), JSON.stringify(deployment(project, stack, content)));
    for (const args of [
      ["stack", "init", stack],
      ["stack", "import", "-s", stack, "--file", "state.json"],
    ]) {
      const { status, stderr } = spawnSync(join(engine, "pulumi"), [...args, "--non-interactive", "--color", "never"], {
        cwd: directory,
        encoding: "utf8",
        env: {
          PATH: process.env["PATH"],
          HOME: process.env["HOME"],
          PULUMI_HOME: join(opened, "home"),
          PULUMI_BACKEND_URL: `file://${join(opened, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "example",
        },
      });
      if (status !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(status)}: ${stderr}`);
    }
  }
}

function deployment(project: string, stack: string, { outputs, salt }: OtherStack): JsonObject {
  const type = "pulumi:pulumi:Stack";
  const urn = `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`;
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
      ...(salt === undefined ? {} : { secrets_providers: { type: "passphrase", state: { salt } } }),
      resources: [{ urn, custom: false, type, outputs }],
    },
  };
}
