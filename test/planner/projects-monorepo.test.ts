/**
 * Proves that programs of a monorepo run as they stand: packages above the program, linked workspace packages in TypeScript and compiled, the
 * layout of pnpm, two copies of the SDK; each resource is placed in the file of the package that makes it. Does not install anything:
 * the links are those that npm, yarn and pnpm make.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { plan } from "../../planner";
import { named } from "../support/planned";
import { ROOT } from "../support/sources";
import { newWorkspace, type Workspace } from "../support/workspaces";

let workspace: Workspace;
afterEach(() => {
  workspace.close();
});

const project = "name: shop\nruntime: nodejs\n";

/** A package with a component, in TypeScript. */
const typed = (token: string): string => `import * as pulumi from "@pulumi/pulumi";
export interface Args { size?: number }
export class Made extends pulumi.ComponentResource {
  constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    super("${token}", name, args, opts);
    new Inner(name + "-inner", this);
    this.registerOutputs({ sizes: pulumi.secret(args.size) });
  }
}
class Inner extends pulumi.ComponentResource {
  constructor(name: string, parent: pulumi.Resource) {
    super("test:index:Inner", name, {}, { parent });
  }
}
`;

it("hoisted by npm or yarn: a linked package in TypeScript and a compiled one, and the program's own settings above it", async () => {
  workspace = newWorkspace();
  const { root, write, link } = workspace;
  write({
    "package.json": `{ "private": true, "workspaces": ["packages/*", "apps/*"] }`,
    ".git/HEAD": "",
    "tsconfig.json": `{ "compilerOptions": { "module": "commonjs", "moduleResolution": "node10", "ignoreDeprecations": "6.0", "target": "es2020" } }`,
    "packages/typed/package.json": `{ "name": "@acme/typed", "main": "src/index.ts" }`,
    "packages/typed/src/index.ts": typed("acme:index:Typed"),
    "packages/built/package.json": `{ "name": "@acme/built", "main": "dist/index.js" }`,
    "packages/built/dist/index.js": `exports.zones = ["a", "b"];\n`,
    "apps/shop/package.json": `{ "name": "shop", "main": "infra/index.ts" }`,
    "apps/shop/tsconfig.json": `{ "extends": "../../tsconfig.json", "compilerOptions": { "rootDir": "../.." } }`,
    "apps/shop/Pulumi.yaml": project,
    "apps/shop/infra/index.ts": `import { Made } from "@acme/typed";
import { zones } from "@acme/built";
import { common } from "../../../common";
export const made = zones.map((zone: string) => new Made(zone, { size: common }).urn);
`,
    "common.ts": "export const common: number = 3;\n",
  });
  link("apps/shop/node_modules/@acme/typed", "packages/typed");
  link("apps/shop/node_modules/@acme/built", "packages/built");
  const result = await plan({ directory: join(root, "apps/shop") });
  expect(result.resources.map(({ urn, location }) => [urn.split("::").slice(2).join(" "), location])).toEqual([
    ["acme:index:Typed$test:index:Inner a-inner", { file: "packages/typed/src/index.ts", line: 6 }],
    ["acme:index:Typed$test:index:Inner b-inner", { file: "packages/typed/src/index.ts", line: 6 }],
    ["acme:index:Typed a", { file: "apps/shop/infra/index.ts", line: 4 }],
    ["acme:index:Typed b", { file: "apps/shop/infra/index.ts", line: 4 }],
    ["pulumi:pulumi:Stack shop-dev", null],
  ]);
  expect(named(result, "a").inputs).toEqual({ size: 3 });
});

it("laid out by pnpm: each package finds its own packages alone, by links, as CommonJS and as ES modules", async () => {
  workspace = newWorkspace(false);
  const { root, write, link } = workspace;
  const sdk = join(ROOT, "node_modules/@pulumi/pulumi");
  write({
    "pnpm-workspace.yaml": "packages: [packages/*, apps/*]\n",
    ".git/HEAD": "",
    "packages/lib/package.json": `{ "name": "@acme/lib", "main": "index.ts" }`,
    "packages/lib/index.ts": typed("acme:index:Lib"),
    "apps/shop/package.json": "{}",
    "apps/shop/Pulumi.yaml": project,
    "apps/shop/index.ts": `import { Made } from "@acme/lib";\nnew Made("made", {});\n`,
    "apps/edge/package.json": `{ "type": "module" }`,
    "apps/edge/Pulumi.yaml": "name: edge\nruntime: { name: nodejs, options: { typescript: false } }\n",
    "apps/edge/index.js": `import * as pulumi from "@pulumi/pulumi";\nclass Made extends pulumi.ComponentResource {\n  constructor(name) { super("edge:index:Made", name); }\n}\nnew Made("made");\n`,
  });
  link("packages/lib/node_modules/@pulumi/pulumi", sdk);
  link("apps/shop/node_modules/@pulumi/pulumi", sdk);
  link("apps/shop/node_modules/@acme/lib", "packages/lib");
  link("apps/edge/node_modules/@pulumi/pulumi", sdk);
  const shop = await plan({ directory: join(root, "apps/shop") });
  expect(named(shop, "made").location).toEqual({ file: "apps/shop/index.ts", line: 2 });
  expect(named(shop, "made-inner").location).toEqual({ file: "packages/lib/index.ts", line: 6 });
  const edge = await plan({ directory: join(root, "apps/edge") });
  expect(named(edge, "made").location).toEqual({ file: "apps/edge/index.js", line: 5 });
});

it("with a second copy of the SDK in a package: secrets and parents pass from one to the other", async () => {
  workspace = newWorkspace();
  const { root, write, link } = workspace;
  write({
    ".git/HEAD": "",
    "packages/lib/package.json": `{ "name": "@acme/lib", "main": "index.ts" }`,
    "packages/lib/index.ts": typed("acme:index:Lib"),
    "apps/shop/package.json": "{}",
    "apps/shop/Pulumi.yaml": project,
    "apps/shop/index.ts": `import * as pulumi from "@pulumi/pulumi";
import { Made } from "@acme/lib";
class Outer extends pulumi.ComponentResource { constructor(name: string) { super("test:index:Outer", name); } }
const outer = new Outer("outer");
const made = new Made("made", { size: pulumi.secret(3) as unknown as number }, { parent: outer as never });
export const copies = new Set([require.resolve("@pulumi/pulumi"), require.resolve("@pulumi/pulumi", { paths: [require.resolve("@acme/lib")] })]).size;
export const urn = made.urn;
`,
  });
  cpSync(join(ROOT, "node_modules/@pulumi/pulumi"), join(root, "packages/lib/node_modules/@pulumi/pulumi"), {
    recursive: true,
    filter: (path) => !path.endsWith(".map") && !path.endsWith(".d.ts"),
  });
  link("apps/shop/node_modules/@acme/lib", "packages/lib");
  const { resources, outputs } = await plan({ directory: join(root, "apps/shop") });
  expect(resources.map(({ urn }) => urn)).toEqual([
    "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
    "urn:pulumi:dev::shop::test:index:Outer$acme:index:Lib$test:index:Inner::made-inner",
    "urn:pulumi:dev::shop::test:index:Outer$acme:index:Lib::made",
    "urn:pulumi:dev::shop::test:index:Outer::outer",
  ]);
  expect(outputs["copies"]).toBe(2);
  expect(resources[2]?.inputs["size"]).toMatchObject({ value: "[secret]" });
});
