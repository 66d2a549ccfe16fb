/**
 * Proves that the settings which the planner hands to a program are those that the real CLI hands to it: the cases of
 * `test/support/configuration-files.ts`, encrypted values (which of them count as secret), and what the CLI refuses. Does not prove what
 * Pulumi ESC adds, which only Pulumi Cloud has.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readConfiguration } from "../../planner/project/configuration";
import { readProject } from "../../planner/project/project";
import { SettingsError } from "../../planner/project/settings-error";
import { configurationCases } from "../support/configuration-files";
import { findEngine, skipsWithout } from "../support/engine";

const engine = findEngine();

/** Tells what it was configured with. */
const program = `require("node:fs").writeFileSync(require("node:path").join(__dirname, "told.json"), JSON.stringify({
  values: JSON.parse(process.env.PULUMI_CONFIG), secretKeys: JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS),
}));`;

/** What a program is configured with. */
interface Told {
  values: Record<string, string>;
  secretKeys: string[];
}

let root: string;
let home: string;
beforeAll(() => {
  if (engine.directory === undefined) return;
  home = mkdtempSync(join(tmpdir(), "twodoor-configuration-home-"));
  mkdirSync(join(home, "state"));
  root = mkdtempSync(join(tmpdir(), "twodoor-configuration-"));
  write({ "Pulumi.yaml": `name: shop\n${runtime}` });
  // One stack for all: it is known by its project's name, not by its directory.
  expect(pulumi("stack", "init", "dev")).toMatchObject({ status: 0 });
  rmSync(root, { recursive: true });
});
afterAll(() => {
  if (engine.directory !== undefined) rmSync(home, { recursive: true });
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "twodoor-configuration-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const runtime = "runtime: { name: nodejs, options: { typescript: false } }\n";

function write(files: Record<string, string>): void {
  for (const [file, text] of Object.entries({ "index.js": program, "package.json": "{}", ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  symlinkSync(resolve(__dirname, "../../node_modules"), join(root, "node_modules"));
}

function pulumi(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: root,
    encoding: "utf8",
    env: {
      PATH: [engine.directory ?? "", process.env["PATH"] ?? ""].join(delimiter),
      HOME: process.env["HOME"] ?? home,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      ...(process.env["TWODOOR_ENGINE_HOME"] === undefined
        ? {}
        : { TWODOOR_ENGINE_HOME: process.env["TWODOOR_ENGINE_HOME"] }),
    },
  });
  return { status, output: stdout + stderr };
}

/** What the real CLI hands to the program, or why it refuses to. */
function told(): Told | string {
  const { output } = pulumi("preview", "-s", "dev");
  const file = join(root, "told.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Told) : output;
}

describe.skipIf(skipsWithout(engine, "configuration"))("the real CLI", () => {
  it.each(configurationCases)("hands over $name", ({ files, values }) => {
    write(files);
    expect(told()).toEqual({ values, secretKeys: [] });
  });

  it("marks a key as secret wherever an encrypted value stands in it", () => {
    write({ "Pulumi.yaml": `name: shop\n${runtime}` });
    const secrets = ["--secret", "token=abc", "--secret", "deep.list[0].key=def"];
    const plain = ["--plaintext", "deep.plain=7", "--plaintext", "plain=text"];
    expect(pulumi("config", "set-all", "-s", "dev", "--path", ...secrets, ...plain)).toMatchObject({ status: 0 });
    const real = told();
    const { values, secretKeys, placeholders } = readConfiguration(readProject(root), "dev");
    expect(real).toMatchObject({
      values: { "shop:token": "abc", "shop:deep": '{"list":[{"key":"def"}],"plain":7}', "shop:plain": "text" },
    });
    if (typeof real === "string") return;
    expect([...secretKeys].sort()).toEqual([...real.secretKeys].sort());
    expect(placeholders).toEqual([...real.secretKeys].sort());
    expect(values).toEqual({
      "shop:token": "twodoor-placeholder-shop-token",
      "shop:deep": '{"list":[{"key":"twodoor-placeholder-shop-deep-list-0-key"}],"plain":7}',
      "shop:plain": "text",
    });
  });

  it.each([
    { why: "lacks what is declared", declared: "{ a: { type: string }, b: { description: x } }", stack: "{}" },
    { why: "has another type", declared: "{ a: { type: integer } }", stack: "{ a: 1.5 }" },
    { why: "has other items", declared: "{ a: { type: array, items: { type: string } } }", stack: "{ a: [1] }" },
    { why: "has a secret in clear", declared: "{ a: { type: string, secret: true } }", stack: "{ a: x }" },
    { why: "declares a list without items", declared: "{ a: { type: array } }", stack: "{ a: [x] }" },
    { why: "declares another default", declared: "{ a: { type: integer, default: x } }", stack: "{}" },
    {
      why: "declares the type of a provider's setting",
      declared: "{ aws:a: { type: string, value: x } }",
      stack: "{}",
    },
  ])("refuses, as the planner does, a stack that $why", ({ declared, stack }) => {
    write({ "Pulumi.yaml": `name: shop\n${runtime}config: ${declared}\n`, "Pulumi.dev.yaml": `config: ${stack}\n` });
    expect(told()).toMatch(/^error: /m);
    expect(() => readConfiguration(readProject(root), "dev")).toThrow(SettingsError);
  });
});
