/**
 * Proves that a program sees nothing of the caller's environment but paths, that its output is kept apart, that what it starts
 * ends with it and that nothing is written beside it. Does not prove that it cannot reach the network: it only has no credential.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { isObject, type JsonObject, type Plan } from "../../planner";
import { planOf, programDirectory } from "../support/planned";

const status = (): string =>
  execFileSync("git", ["status", "--porcelain", "--ignored", "."], {
    cwd: programDirectory("failures"),
    encoding: "utf8",
  });

/** A process that has ended may stay in the table until its parent has noticed (state Z). */
const isRunning = (pid: number): boolean => {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
};

let plan: Plan;
let result: JsonObject;
let printed = "";
let before: string;
beforeAll(async () => {
  vi.stubEnv("AWS_REGION", "eu-west-3");
  vi.stubEnv("GOOGLE_PROJECT", "somebody-elses");
  vi.stubEnv("CLOUDFLARE_API_TOKEN", "token");
  vi.stubEnv("PULUMI_ACCESS_TOKEN", "token");
  vi.stubEnv("NODE_OPTIONS", "--no-warnings");
  before = status();
  plan = await planOf("failures", {
    stack: "prints",
    onOutput: (text) => {
      printed += text;
    },
  });
  vi.unstubAllEnvs();
  const output = plan.outputs["result"];
  result = isObject(output) ? output : {};
});

describe("a program", () => {
  it("sees paths and what the SDK needs, and nothing else", () => {
    const names = Array.isArray(result["environment"]) ? result["environment"].map(String) : [];
    expect(names.filter((name) => name !== "TMPDIR")).toEqual([
      "HOME",
      "NODE_OPTIONS",
      "PATH",
      "PULUMI_CONFIG",
      "PULUMI_CONFIG_SECRET_KEYS",
      "PULUMI_NODEJS_DRY_RUN",
      "PULUMI_NODEJS_MONITOR",
      "PULUMI_NODEJS_ORGANIZATION",
      "PULUMI_NODEJS_PARALLEL",
      "PULUMI_NODEJS_PROJECT",
      "PULUMI_NODEJS_ROOT_DIRECTORY",
      "PULUMI_NODEJS_STACK",
      "PULUMI_NODEJS_TRANSPILE_ONLY",
      "PULUMI_NODEJS_TYPESCRIPT",
      "TS_NODE_TRANSPILE_ONLY",
      "TWODOOR_RUN",
    ]);
  });

  it("gives providers no region or project of the caller's", () => {
    const inputs = plan.resources
      .filter(({ type }) => type === "pulumi:providers:aws")
      .map((provider) => provider.inputs);
    expect(inputs).toEqual([{ version: "7.48.0" }]);
  });

  it("may print and warn, which reaches the caller and not the plan", () => {
    expect(printed).toBe("a line on standard output\nwarning: a warning\n");
  });

  it("takes the processes that it started with it", () => {
    expect(isRunning(Number(result["left"]))).toBe(false);
    expect(isRunning(process.pid)).toBe(true);
  });

  it("finds its directory as it was", () => {
    expect(status()).toBe(before);
  });
});
