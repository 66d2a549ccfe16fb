/**
 * Proves how a project and its stack are read: forms of the file, names, entry points, flags, and each refusal with its text. Does not
 * prove that the CLI accepts the same files (`test/engine/configuration.test.ts` does for settings), nor that what is read runs
 * (`projects.test.ts`).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProject } from "../../planner/project/project";
import { shellWords } from "../../planner/project/shell-words";
import { chooseStack } from "../../planner/project/stack-choice";
import { SettingsError } from "../../planner/project/settings-error";

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
    const { settings, ...read } = readProject(root);
    expect(settings.file).toBe(join(root, "Pulumi.yaml"));
    expect(read).toEqual({
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

  it("is looked for as Pulumi.json, Pulumi.yaml and Pulumi.yml, here and above", () => {
    const found = () => readProject(join(root, "a", "b")).settings.file;
    write({ "Pulumi.yml": project, "a/b/index.ts": "" });
    expect(found()).toBe(join(root, "Pulumi.yml"));
    write({ "a/Pulumi.yaml": project });
    expect(found()).toBe(join(root, "a", "Pulumi.yaml"));
    write({ "a/Pulumi.json": '{ "name": "shop", "runtime": "nodejs" }' });
    expect(found()).toBe(join(root, "a", "Pulumi.json"));
  });

  it("is refused above projects, with their names", () => {
    write({
      "apps/shop/Pulumi.yaml": project,
      "apps/edge/infra/Pulumi.yml": project,
      "node_modules/x/Pulumi.yaml": project,
    });
    expect(refusal(() => readProject(root))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIR   expected a directory with a Pulumi.yaml, in it or above it, got "DIRECTORY"; name one of the programs below it: apps/edge/infra, apps/shop"
    `);
  });

  it("is refused in every other language, and where its program is not there", () => {
    for (const runtime of [
      "python",
      "go",
      "dotnet",
      "java",
      "yaml",
      "bun",
      "{ name: python, options: { virtualenv: venv } }",
    ]) {
      write({ "Pulumi.yaml": `name: shop\nruntime: ${runtime}\n` });
      const name = /name: (\w+)/.exec(runtime)?.[1] ?? runtime;
      expect(refusal(() => readProject(root))).toContain(
        `Pulumi.yaml runtime   expected nodejs, got "${name}"; plan here`,
      );
    }
    write({ "Pulumi.yaml": `${project}main: dist/index.js\n` });
    expect(refusal(() => readProject(root))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/Pulumi.yaml main   expected a file or directory that is there, got "dist/index.js"; build the program first if it is compiled, or correct the path"
    `);
  });

  it("is refused with all that is wrong at once", () => {
    write({ "Pulumi.yaml": "runtime: { name: go }\nmain: 4\n" });
    expect(refusal(() => readProject(root))).toMatchInlineSnapshot(`
      "The program cannot be planned: 3 problems
        DIRECTORY/Pulumi.yaml main   expected a path, got 4; name the program's file or directory
        DIRECTORY/Pulumi.yaml name   expected the project's name, got nothing; add a line such as name: exchange
        DIRECTORY/Pulumi.yaml runtime   expected nodejs, got "go"; plan here what runs on Node.js; of any other program, record \`pulumi preview --json --show-sames > preview.json\` where it runs, and judge that with \`twodoor check --graph preview.json\`"
    `);
    write({ "Pulumi.yaml": "name: shop\nruntime: { name: nodejs, options: { typescript: 'false' } }\n" });
    expect(refusal(() => readProject(root))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/Pulumi.yaml runtime.options.typescript   expected true or false, got "false"; write it without quotes"
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
    return chooseStack(readProject(root), name).name;
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

  it("may be named with its organization, and with its project", () => {
    write({ "Pulumi.yaml": project, "Pulumi.dev.yaml": "config: {}\n" });
    const choose = (name?: string) => chooseStack(readProject(root), name);
    expect([choose(), choose("dev"), choose("acme/dev"), choose("acme/shop/dev")]).toEqual([
      { name: "dev", organization: "organization" },
      { name: "dev", organization: "organization" },
      { name: "dev", organization: "acme" },
      { name: "dev", organization: "acme" },
    ]);
    expect(refusal(() => choose("acme/other/dev"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        --stack   expected a stack of the project shop, got "acme/other/dev"; name the directory of that project, or another stack"
    `);
    expect(refusal(() => choose("acme/"))).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        --stack   expected STACK, ORGANIZATION/STACK or ORGANIZATION/PROJECT/STACK, got "acme/"; name the stack in one of these forms"
    `);
  });

  it("has a settings file that ends as the project's", () => {
    write({ "Pulumi.yml": project, "Pulumi.east.yml": "", "Pulumi.west.yaml": "", "Pulumi.<stack>.yml": "" });
    expect(chooseStack(readProject(root), undefined).name).toBe("east");
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

it("takes flags apart as a shell does", () => {
  expect(shellWords("")).toEqual([]);
  expect(shellWords(" --import tsx  --max-old-space-size=4096 ")).toEqual([
    "--import",
    "tsx",
    "--max-old-space-size=4096",
  ]);
  expect(shellWords(`--require="./a file.js" -r './it\\s.js' x\\ y "a \\"b\\"" ''`)).toEqual([
    "--require=./a file.js",
    "-r",
    "./it\\s.js",
    "x y",
    'a "b"',
    "",
  ]);
  expect(shellWords("--a # not\n--b c#d")).toEqual(["--a", "--b", "c#d"]);
});
