/**
 * Proves that a program runs whichever way it is written: TypeScript or JavaScript, CommonJS or ES modules, by each loader and entry point
 * that Pulumi.yaml and package.json can name, and that each resource is placed on the line that makes it, compiled or not (not with tsx).
 * Does not prove ts-node's own ES module mode, for which a program has to bring ts-node.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { plan, ProgramError, type Plan, type PlanOptions } from "../../planner";
import { named, rejection } from "../support/planned";
import { newWorkspace, type Workspace } from "../support/workspaces";

let workspace: Workspace;
beforeAll(() => {
  workspace = newWorkspace();
});
afterAll(() => {
  workspace.close();
});

/** A way of writing a program that makes one resource, `made`, and says how it came to run. */
interface Way {
  name: string;
  files: Record<string, string>;
  /** Where `made` is made. Left out for tsx, which compiles in memory: the SDK finds no source map and names a wrong line, or none. */
  location?: { file: string; line: number };
  outputs: Record<string, unknown>;
}

const make = `class Made extends pulumi.ComponentResource { constructor(name) { super("test:index:Made", name); } } new Made("made");`;
const required = `const pulumi = require("@pulumi/pulumi");\n`;
const imported = `import * as pulumi from "@pulumi/pulumi";\n`;
const yaml = (options: string, more = ""): string =>
  `name: shop\nruntime: { name: nodejs, options: { ${options} } }\n${more}`;

const ways: Way[] = [
  {
    name: "a JavaScript function that promises its outputs",
    files: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "index.js": `${required}module.exports = async () => {\n  await null;\n  ${make}\n  return { way: pulumi.output("function") };\n};\n`,
    },
    location: { file: "index.js", line: 4 },
    outputs: { way: "function" },
  },
  {
    name: "TypeScript without settings, with promises as exports",
    files: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "index.ts": `${imported}interface Way { way: string }\nconst way: Way = { way: "typed" };\n${make}\nexport const later = Promise.resolve(way);\nexport default 1 as number;\n`,
    },
    location: { file: "index.ts", line: 4 },
    outputs: { later: { way: "typed" }, default: 1 },
  },
  {
    name: "TypeScript in a directory of its own, under settings that extend others",
    files: {
      "Pulumi.yaml": yaml("packagemanager: pnpm, tsconfig: tsconfig.pulumi.json", "main: program\n"),
      "program/tsconfig.pulumi.json": `{ "extends": "../base.json", "compilerOptions": { "experimentalDecorators": true } }`,
      "base.json": `{ "compilerOptions": { "target": "es2020", "module": "commonjs", "moduleResolution": "node10", "ignoreDeprecations": "6.0" } }`,
      "program/index.ts": `${imported}function noted(kind: Function): void { (kind as { noted?: boolean }).noted = true; }\n@noted class Kind {}\n${make}\nexport = { way: (Kind as { noted?: boolean }).noted, at: process.cwd().split("/").pop() };\n`,
    },
    location: { file: "program/index.ts", line: 4 },
    outputs: { way: true, at: "program" },
  },
  {
    name: "a file that main names",
    files: {
      "Pulumi.yaml": yaml("typescript: true", "main: ./src/app.ts\n"),
      "src/app.ts": `${imported}import { made } from "./made";\nexport const way = made();\n`,
      "src/made.ts": `${imported}export function made(): string {\n  ${make}\n  return __filename.split("/").pop() ?? "";\n}\n`,
    },
    location: { file: "src/made.ts", line: 3 },
    outputs: { way: "made.ts" },
  },
  {
    name: "compiled output with its source map, named by package.json",
    files: {
      "Pulumi.yaml": yaml("typescript: false"),
      "package.json": `{ "name": "compiled", "main": "build/index.js" }`,
      "src/index.ts": `${imported}\n\n${make}\nexport const way = "compiled";\n`,
      "build/index.js": `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.way = void 0;\nconst pulumi = require("@pulumi/pulumi");\n${make}\nexports.way = "compiled";\n//# sourceMappingURL=index.js.map\n`,
      // Line 4 of the output is line 1 of the source, line 5 is line 4, line 6 is line 5.
      "build/index.js.map": `{ "version": 3, "file": "index.js", "sources": ["../src/index.ts"], "names": [], "mappings": ";;;AAAA;AAGA;AACA" }`,
    },
    location: { file: "src/index.ts", line: 4 },
    outputs: { way: "compiled" },
  },
  {
    name: "an ES module named by package.json's exports, with await at its top",
    files: {
      "Pulumi.yaml": yaml("typescript: false"),
      "package.json": `{ "type": "module", "exports": { ".": { "import": "./entry.js" } } }`,
      "entry.js": `${imported}const way = await Promise.resolve("module");\n${make}\nexport default async () => ({ way });\n`,
    },
    location: { file: "entry.js", line: 3 },
    outputs: { way: "module" },
  },
  {
    name: "an .mjs in a package without a type",
    files: {
      "Pulumi.yaml": yaml("typescript: false", "main: index.mjs\n"),
      "index.mjs": `${imported}${make}\nexport const way = import.meta.url.split("/").pop();\n`,
    },
    location: { file: "index.mjs", line: 2 },
    outputs: { way: "index.mjs" },
  },
  {
    name: "TypeScript as ES modules, by tsx",
    files: {
      "Pulumi.yaml": yaml(`typescript: false, nodeargs: "--import tsx --max-old-space-size=1000"`, "main: index.ts\n"),
      "package.json": `{ "type": "module" }`,
      "tsconfig.json": `{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }`,
      "index.ts": `${imported}import { way } from "@lib/way.mjs";\nimport { older } from "./older.cjs";\nconst flags: string[] = await Promise.resolve(process.execArgv.slice(-3));\n${make}\nexport { way, older, flags };\n`,
      "lib/way.mts": `export const way: string = "tsx";\n`,
      "older.cts": `export const older: number = 1;\n`,
    },
    outputs: { way: "tsx", older: 1, flags: ["--import", "tsx", "--max-old-space-size=1000"] },
  },
  {
    name: "TypeScript as CommonJS, by a loader that node requires, and a file with a blank in its name",
    files: {
      "Pulumi.yaml": yaml(`typescript: false, nodeargs: "--require tsx/cjs -r './be fore.js'"`, "main: index.ts\n"),
      "be fore.js": `globalThis.before = "required";\n`,
      "index.ts": `${imported}${make}\nexport const way: string = (globalThis as { before?: string }).before ?? "";\n`,
    },
    outputs: { way: "required" },
  },
  {
    name: "a loader in the old way",
    files: {
      "Pulumi.yaml": yaml(`typescript: false, nodeargs: "--no-warnings --loader ./loader.mjs"`, "main: index.mjs\n"),
      "loader.mjs": `export const load = async (url, context, next) =>\n  url.endsWith(".txt") ? { format: "module", source: 'export default "loaded";', shortCircuit: true } : next(url, context);\n`,
      "text.txt": "not a module",
      "package.json": `{ "type": "module" }`,
      "index.mjs": `${imported}import way from "./text.txt";\n${make}\nexport { way };\n`,
    },
    location: { file: "index.mjs", line: 3 },
    outputs: { way: "loaded" },
  },
];

function directoryOf(name: string): string {
  return name.replace(/[^a-z]+/gi, "-");
}

function planned(name: string, files: Record<string, string>, options: Partial<PlanOptions> = {}): Promise<Plan> {
  const directory = directoryOf(name);
  // A package.json of its own, or the one above is its own.
  const all = { "package.json": "{}", ".git/HEAD": "", ...files };
  workspace.write(Object.fromEntries(Object.entries(all).map(([file, text]) => [join(directory, file), text])));
  return plan({ directory: join(workspace.root, directory), ...options });
}

describe("a program runs as", () => {
  it.concurrent.each(ways)("$name", async ({ name, files, location, outputs }) => {
    const result = await planned(name, files);
    const made = named(result, "made");
    if (location !== undefined) expect(made.location).toEqual(location);
    expect(result.outputs).toEqual(outputs);
  });
});

describe("a program is told", () => {
  it.concurrent("whose stack it is, and the environment that it was given by name", async () => {
    const program = `${required}module.exports = {
  stack: [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()],
  given: [process.env.IMAGE_TAG, process.env.PULUMI_CONFIG],
};\n`;
    const files = { "Pulumi.yaml": yaml("typescript: false"), "index.js": program, "Pulumi.dev.yaml": "" };
    const environmentVariables = { IMAGE_TAG: "v1" };
    const result = await planned("told", files, { stack: "acme/shop/dev", environmentVariables });
    expect(result.stack).toBe("dev");
    expect(result.outputs).toEqual({ stack: ["acme", "shop", "dev"], given: ["v1", "{}"] });
  });

  const reads = `${required}const config = new pulumi.Config();
const secrets = [config.requireSecretNumber("size"), config.requireSecretBoolean("open"), config.requireSecretObject("table")];
class Made extends pulumi.ComponentResource {}
new Made("test:index:Made", "made", {
  size: config.requireNumber("size"), open: config.requireBoolean("open"), table: config.requireObject("table"),
  text: "a-" + config.require("text"), secrets, count: Array(config.requireNumber("size")).fill("x").length,
});
`;

  it.concurrent("placeholders of the types that it asks for, for encrypted settings that nobody declares", async () => {
    const keys = ["size", "open", "table", "text"];
    const settings = `config:\n${keys.map((key) => `  ${key}: { secure: v1:x:y }\n`).join("")}`;
    const files = { "Pulumi.yaml": yaml("typescript: false"), "Pulumi.dev.yaml": settings, "index.js": reads };
    const result = await planned("encrypted", files);
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(result.placeholders).toEqual(["shop:open", "shop:size", "shop:table", "shop:text"]);
    const { secrets, ...inputs } = named(result, "made").inputs;
    expect(inputs).toEqual({ size: unknown, open: false, table: {}, text: unknown, count: unknown });
    expect(secrets).toMatchObject([{ value: "[secret]" }, { value: "[secret]" }, { value: "[secret]" }]);
  });

  it.concurrent("placeholders for what only a Pulumi ESC environment has", async () => {
    const files = {
      "Pulumi.yaml": yaml("typescript: false"),
      "Pulumi.dev.yaml": "environment: [shop/dev]\nconfig: { shop:size: 3 }\n",
      "index.js": reads.replace("Secret", "").replace("Secret", "").replace("Secret", ""),
    };
    const result = await planned("environment", files);
    expect(result.environments).toEqual(["shop/dev"]);
    expect(result.placeholders).toEqual(["shop:open", "shop:table", "shop:text"]);
    expect(named(result, "made").inputs).toMatchObject({ size: 3, open: false, table: {}, count: 3 });
  });

  it.concurrent("nothing for a setting that is not encrypted and of another type, or is not there at all", async () => {
    const files = { "Pulumi.yaml": yaml("typescript: false"), "index.js": reads };
    const wrong = await rejection(planned("wrong", { ...files, "Pulumi.dev.yaml": "config: { size: many }\n" }));
    expect(wrong).toBeInstanceOf(ProgramError);
    expect(wrong).toMatchObject({
      message: expect.stringContaining("Configuration 'shop:size' value 'many' is not a valid number") as string,
      location: { file: "index.js", line: 3 },
    });
    const absent = await rejection(planned("absent", files));
    expect(absent).toMatchObject({
      message: expect.stringContaining("Missing required configuration variable 'shop:size'") as string,
      location: { file: "index.js", line: 3 },
    });
  });
});
