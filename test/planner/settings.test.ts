/**
 * Proves how a project, its stack and its configuration are read: names, entry points, defaults, types, encrypted values, and
 * each refusal with its text. Does not prove that the CLI accepts the same files; the cases are those that Pulumi documents.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfiguration } from "../../planner/configuration";
import { chooseStack, readProject } from "../../planner/project";
import { SettingsError } from "../../planner";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "twodoor-settings-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** The text of the refusal, with the temporary directory as DIRECTORY. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error.message.replaceAll(root, "DIRECTORY");
    throw error;
  }
  throw new Error("nothing was refused");
}

const project = "name: shop\nruntime: nodejs\n";

describe("a project", () => {
  it("runs in its own directory unless it says otherwise", () => {
    write({ "Pulumi.yaml": project });
    expect(readProject(root)).toEqual({
      name: "shop",
      root,
      programDirectory: root,
      entryPoint: ".",
      stackDirectory: root,
      nodeArguments: [],
      typescript: true,
      tsconfig: undefined,
    });
  });

  it("runs the file or the directory that it names, with the options of its runtime", () => {
    write({
      "Pulumi.yaml": `name: shop
runtime:
  name: nodejs
  options: { typescript: false, nodeargs: '--import "a file"', tsconfig: tsconfig.pulumi.json }
main: program/index.js
stackConfigDir: stacks
`,
      "program/index.js": "",
    });
    expect(readProject(join(root, "program"))).toMatchObject({
      programDirectory: join(root, "program"),
      entryPoint: "index.js",
      stackDirectory: join(root, "stacks"),
      nodeArguments: ["--import", "a file"],
      typescript: false,
      tsconfig: "tsconfig.pulumi.json",
    });
    write({ "Pulumi.yaml": `${project}main: program\n` });
    expect(readProject(root)).toMatchObject({ programDirectory: join(root, "program"), entryPoint: "." });
  });

  it("is refused without a Pulumi.yaml", () => {
    expect(refusal(() => readProject("/nonexistent"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIR   expected a directory with a Pulumi.yaml, in it or above it, got "/nonexistent"; name the directory of a Pulumi program"
    `);
  });

  it("is refused in another language", () => {
    write({ "Pulumi.yaml": "name: shop\nruntime: python\n" });
    expect(refusal(() => readProject(root))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/Pulumi.yaml runtime   expected nodejs, got "python"; plan programs written in TypeScript or JavaScript"
    `);
  });

  it("is refused with all that is wrong at once", () => {
    write({ "Pulumi.yaml": "runtime: { name: go }\nmain: 4\n" });
    expect(refusal(() => readProject(root))).toMatchInlineSnapshot(`
      "The program cannot be planned: 3 problems
        DIRECTORY/Pulumi.yaml main   expected a path, got 4; name the program's file or directory
        DIRECTORY/Pulumi.yaml name   expected the project's name, got nothing; add a line such as name: exchange
        DIRECTORY/Pulumi.yaml runtime   expected nodejs, got "go"; plan programs written in TypeScript or JavaScript"
    `);
  });

  it("is refused when it is not YAML", () => {
    write({ "Pulumi.yaml": "name: shop\nruntime: [\n" });
    expect(refusal(() => readProject(root))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/Pulumi.yaml:3   expected YAML, got Flow sequence in block collection must be sufficiently indented and end with a ]; correct the line"
    `);
  });
});

describe("a stack", () => {
  const chosen = (files: string[], name?: string): string => {
    write({ "Pulumi.yaml": project, ...Object.fromEntries(files.map((file) => [file, "config: {}\n"])) });
    return chooseStack(readProject(root), name);
  };

  it("is the named one", () => {
    expect(chosen(["Pulumi.dev.yaml", "Pulumi.prod.yaml"], "prod")).toBe("prod");
  });

  it("is dev where dev has settings, else the only one that has, else dev", () => {
    expect(chosen([])).toBe("dev");
    expect(chosen(["Pulumi.prod.yaml"])).toBe("prod");
    expect(chosen(["Pulumi.dev.yaml"])).toBe("dev");
  });

  it("may be any name where no stack has settings", () => {
    expect(chosen([], "test")).toBe("test");
  });

  it("is refused when it could be several", () => {
    expect(refusal(() => chosen(["Pulumi.east.yaml", "Pulumi.west.yaml"]))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        --stack   expected one of east, west, got nothing; add --stack and one of them"
    `);
  });

  it("is refused when others have settings and it has none", () => {
    expect(refusal(() => chosen(["Pulumi.dev.yaml"], "prd"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        --stack   expected a stack with a settings file: dev, got "prd"; choose one of them or write DIRECTORY/Pulumi.prd.yaml"
    `);
  });
});

describe("configuration", () => {
  const read = (projectConfig: string, stackConfig: string): unknown => {
    write({ "Pulumi.yaml": `${project}${projectConfig}`, "Pulumi.dev.yaml": stackConfig });
    return readConfiguration(readProject(root), "dev");
  };

  it("is text, as it stands in the file; objects and lists are JSON", () => {
    const stack = `config:
  shop:count: 3
  shop:open: true
  shop:code: 0042
  shop:ratio: 1.50
  shop:regions: [us-east-2, 4, true, null]
  shop:nested: { a: { b: 1 } }
  aws:region: us-east-2
`;
    expect(read("", stack)).toEqual({
      values: {
        "shop:count": "3",
        "shop:open": "true",
        "shop:code": "0042",
        "shop:ratio": "1.50",
        "shop:regions": '["us-east-2",4,true,null]',
        "shop:nested": '{"a":{"b":1}}',
        "aws:region": "us-east-2",
      },
      secretKeys: [],
      placeholders: [],
      madeUp: [],
    });
  });

  it("takes defaults of the project, which the stack overrides", () => {
    const defaults = `config:
  owner: { type: string, default: platform }
  size: { type: integer, default: 2 }
  undecided: { type: string, description: without a default }
  plain: text
  aws:region: { value: us-west-2 }
`;
    expect(read(defaults, "config: { shop:size: 4 }")).toMatchObject({
      values: { "shop:owner": "platform", "shop:size": "4", "shop:plain": "text", "aws:region": "us-west-2" },
    });
  });

  it("has placeholders of the declared type for what is encrypted", () => {
    const types = "config:\n  count: { type: integer }\n  open: { type: boolean }\n  list: { type: array }\n";
    const secure = "{ secure: v1:not:opened }";
    const stack = `config:
  shop:count: ${secure}
  shop:open: ${secure}
  shop:list: ${secure}
  shop:api-key: ${secure}
  shop:inside: { user: admin, password: ${secure} }
`;
    expect(read(types, stack)).toEqual({
      values: {
        "shop:count": "0",
        "shop:open": "false",
        "shop:list": "[]",
        "shop:api-key": "twodoor-placeholder-shop-api-key",
        "shop:inside": '{"user":"admin","password":"twodoor-placeholder-shop-inside"}',
      },
      secretKeys: ["shop:count", "shop:open", "shop:list", "shop:api-key", "shop:inside"],
      placeholders: ["shop:api-key", "shop:count", "shop:inside", "shop:list", "shop:open"],
      madeUp: ["twodoor-placeholder-shop-api-key", "twodoor-placeholder-shop-inside"],
    });
  });

  it("forgets a placeholder that the stack overrides by a plain value", () => {
    expect(read("config: { token: { secure: v1:x:y } }\n", "config: { shop:token: plain }")).toMatchObject({
      values: { "shop:token": "plain" },
      secretKeys: [],
      placeholders: [],
    });
  });

  it("may be empty", () => {
    expect(read("config:\n", "encryptionsalt: v1:x\n")).toMatchObject({ values: {} });
  });

  it("is refused when it is a list", () => {
    expect(refusal(() => read("", "config: [a]\n"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/Pulumi.dev.yaml config   expected keys and values, got a list of 1; write key: value"
    `);
  });
});
