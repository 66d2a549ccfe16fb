/** Tools of other languages as `get` makes them, and why one is missing. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A tool's path, or why it cannot be had here. */
export type Tool = { path: string; reason?: undefined } | { path?: undefined; reason: string };

/** What the tests need of other languages. */
export interface Tools {
  /** Writes SDKs: `generate SCHEMA_FILE DIRECTORY`. */
  generate: Tool;
  /** The language host of YAML. */
  yaml: Tool;
  /** The interpreter that has Pulumi's SDK. */
  python: Tool;
  /** The folder of Pulumi's jars for Java. */
  java: Tool;
}

/** Makes the tools where they are not made yet: up to some minutes the first time. */
export function findTools(): Tools {
  const { stdout, stderr } = spawnSync(join(__dirname, "get"), { encoding: "utf8" });
  const said = stderr.split("\n").filter((line) => line.startsWith("get: "));
  const tool = (...parts: string[]): Tool => {
    const path = join(stdout.trim(), ...parts);
    return existsSync(path) ? { path } : { reason: said.join(" ") };
  };
  return {
    generate: tool("bin", "generate"),
    yaml: tool("bin", "pulumi-language-yaml"),
    python: tool("python", "bin", "python"),
    java: existsSync(join(stdout.trim(), "java", "whole")) ? tool("java") : { reason: said.join(" ") },
  };
}
