/**
 * Proves that the repository keeps its shape: which room imports which, how long files and functions are, what may not be written,
 * that each component is exported, shown and tested, and that there is one copy of the SDK. Each judge is tried on a planted
 * mistake. Does not prove that anything works.
 */
import { describe, expect, it } from "vitest";
import { ROOT, componentSources, filesUnder, parsed, textOf, treeOf } from "./support/sources";
import {
  bannedWords,
  exchangeDetours,
  forbiddenImports,
  hollowAssertions,
  importCircles,
  importedFiles,
  indexedNames,
  longFunctions,
  providersReached,
  wideningCasts,
} from "./support/shape";

const ROOMS = ["components", "resilience", "planner", "policies", "twin", "stacks", "cli", "exchange", "examples"];
const typescript = (path: string): boolean => path.endsWith(".ts") && !path.endsWith(".d.ts");
const sources = ROOMS.flatMap(filesUnder).filter(typescript);
const tests = filesUnder("test").filter(typescript);
const texts = filesUnder(".").filter((path) =>
  /\.(ts|mts|mjs|js|md|json|ya?ml|sh)$|^\.ci\/run$|Dockerfile$/.test(path),
);
const written = texts.filter((path) => path !== "package-lock.json");

describe("imports", () => {
  it("point one way", () => {
    expect(sources.flatMap((path) => forbiddenImports(treeOf(path)))).toEqual([]);
  });

  it.each([
    ["components/sizing/a.ts", `import * as pulumi from "@pulumi/pulumi";`, "@pulumi/pulumi"],
    ["components/sizing/a.ts", `import { x } from "../region";`, "components/region"],
    ["components/aws/a.ts", `import { plan } from "../../planner/plan";`, "planner/plan"],
    ["components/aws/a.ts", `export * from "../../stacks/config";`, "stacks/config"],
    ["resilience/a.ts", `import type { Output } from "@pulumi/pulumi";`, "@pulumi/pulumi"],
    ["planner/a.ts", `import { Vpc } from "@pulumi/aws/ec2";`, "@pulumi/aws/ec2"],
    ["policies/rules/a.ts", `const aws = require("@pulumi/aws");`, "@pulumi/aws"],
    ["planner/a.ts", `import { runTwin } from "../twin/attach";`, "twin/attach"],
    ["twin/a.ts", `import { settings } from "../stacks/config";`, "stacks/config"],
    ["exchange/a.ts", `import { shown } from "../components/sizing/issues";`, "components/sizing/issues"],
    ["exchange/a.ts", `import { startCluster } from "../test/exchange/support/nats";`, "test/exchange/support/nats"],
    ["exchange/node/a.ts", `import { rate } from "../bench/measure";`, "exchange/bench/measure"],
    ["exchange/bench/a.ts", `import { plan } from "../../planner/plan";`, "planner/plan"],
    ["stacks/a.ts", `import { main } from "../cli/main";`, "cli/main"],
    ["cli/a.ts", `import { record } from "../test/support/mocks";`, "test/support/mocks"],
  ])("sees that %s may not: %s", (path, text, target) => {
    expect(forbiddenImports(parsed(path, text))).toEqual([`${path} imports ${target}`]);
  });

  it("inside the exchange keep to its contracts", () => {
    expect(sources.flatMap((path) => exchangeDetours(treeOf(path)))).toEqual([]);
  });

  it.each([
    ["exchange/machine/a.ts", `import { readFileSync } from "node:fs";`, "node:fs"],
    ["exchange/machine/a.ts", `import type { Settings } from "../node/settings";`, "exchange/node/settings"],
    ["exchange/machine/a.ts", `import { z } from "zod";`, "zod"],
    ["exchange/journal/a.ts", `import { decodeFrame } from "../machine/frame";`, "exchange/machine/frame"],
    ["exchange/journal/nats/a.ts", `import type { Frame } from "../../machine/commands";`, "exchange/machine/commands"],
    ["exchange/http/a.ts", `import { Machine } from "../machine/machine";`, "exchange/machine/machine"],
    ["exchange/http/a.ts", `import { openJournal } from "../journal/open";`, "exchange/journal/open"],
    ["exchange/feed/a.ts", `import { OutcomeUnknown } from "../journal/journal";`, "exchange/journal/journal"],
    ["exchange/operators/a.ts", `import { attachFeed } from "../feed/feed";`, "exchange/feed/feed"],
  ])("sees that %s goes around them: %s", (path, text, target) => {
    expect(exchangeDetours(parsed(path, text))).toEqual([`${path} imports ${target}`]);
  });

  it.each([
    ["exchange/machine/a.ts", `import { createHash } from "node:crypto"; import { levelAt } from "./book";`],
    ["exchange/journal/a.ts", `import { open } from "node:fs/promises"; import { x } from "exchange-rates";`],
    ["exchange/http/a.ts", `import type { Command } from "../machine/commands"; import fastify from "fastify";`],
    ["exchange/feed/a.ts", `import { formatDecimal } from "../machine/money"; import { Time } from "../node/time";`],
    ["exchange/node/a.ts", `import { Machine } from "../machine/machine";`],
  ])("lets %s import: %s", (path, text) => {
    expect(exchangeDetours(parsed(path, text))).toEqual([]);
  });

  it("close no circle", () => {
    const files = new Set(sources);
    expect(importCircles(new Map(sources.map((path) => [path, importedFiles(treeOf(path), files)])))).toEqual([]);
  });

  it("are followed for circles", () => {
    const imports = new Map([
      ["a.ts", ["b.ts"]],
      ["b.ts", ["c.ts", "d.ts"]],
      ["c.ts", ["b.ts"]],
      ["d.ts", []],
    ]);
    expect(importCircles(imports)).toEqual(["b.ts -> c.ts -> b.ts"]);
  });

  it("lets planner and policies name a provider's types", () => {
    expect(forbiddenImports(parsed("planner/a.ts", `import type { Vpc } from "@pulumi/aws/ec2";`))).toEqual([]);
  });

  it("lead from planner and policies to no provider's SDK at run time, by no detour either", () => {
    expect([...providersReached("planner"), ...providersReached("policies")]).toEqual([]);
  });

  it("from components do lead to the providers, so that the search for detours can find them", () => {
    expect(providersReached("components").length).toBeGreaterThan(0);
  });
});

describe("size", () => {
  it("is at most 500 lines a file", () => {
    const long = [...sources, ...tests]
      .map((path) => `${path}: ${String(textOf(path).trimEnd().split("\n").length)}`)
      .filter((line) => Number(line.split(": ")[1]) > 500);
    expect(long).toEqual([]);
  });

  it("is at most 70 lines a function", () => {
    expect(sources.flatMap((path) => longFunctions(treeOf(path)))).toEqual([]);
  });

  it("is counted from the first line of a function to its last", () => {
    const body = (lines: number): string => `function f() {\n${"  g();\n".repeat(lines)}}`;
    expect(longFunctions(parsed("a.ts", body(68)))).toEqual([]);
    expect(longFunctions(parsed("a.ts", body(69)))).toEqual(["a.ts:1: 71 lines"]);
  });
});

describe("what is written", () => {
  it("has no banned word", () => {
    expect(written.flatMap((path) => bannedWords(path, textOf(path)))).toEqual([]);
  });

  it.each([
    ["TO" + "DO: later", "a.ts:1: TO" + "DO"],
    ["one\ntwo FIX" + "ME", "a.ts:2: FIX" + "ME"],
    ["You sim" + "ply run it", "a.ts:1: sim" + "ply"],
    ["see /wo" + "rk/main", "a.ts:1: /wo" + "rk/"],
    ["https://registry.npm" + "js.org/zod", "a.ts:1: registry.npm" + "js.org"],
  ])("is searched: %s", (text, found) => {
    expect(bannedWords("a.ts", text)).toEqual([found]);
  });

  it("widens no type and silences no rule without a reason", () => {
    expect(sources.flatMap((path) => wideningCasts(treeOf(path)))).toEqual([]);
  });

  it("is searched for casts that widen", () => {
    expect(wideningCasts(parsed("a.ts", "// as any other\nconst x = y as unknown as Z;\nconst q = z as any;"))).toEqual(
      ["a.ts:2: as unknown as", "a.ts:3: as any"],
    );
    expect(wideningCasts(parsed("a.ts", "// eslint-disable-next-line no-console"))).toEqual([
      "a.ts:1: eslint-disable without reason",
    ]);
    expect(wideningCasts(parsed("a.ts", "// eslint-disable-next-line no-console -- it prints"))).toEqual([]);
  });

  it("asserts something in every test", () => {
    expect(tests.flatMap((path) => hollowAssertions(path, textOf(path)))).toEqual([]);
  });

  it("is searched for assertions that cannot fail", () => {
    const hollow = ["expect(x).toBeDefi" + "ned();", "expect(x).toBeTru" + "thy();", "expect(tr" + "ue).toBe(x);"].join(
      "\n",
    );
    expect(hollowAssertions("a.test.ts", hollow)).toHaveLength(3);
  });

  it("opens every test file with what it proves and what it does not", () => {
    expect(tests.filter((path) => path.endsWith(".test.ts") && !/^\/[/*]/.test(textOf(path)))).toEqual([]);
  });

  it("names files in kebab-case", () => {
    const odd = [...sources, ...tests].filter(
      (path) => !/^(?:[a-z0-9.-]+\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/.test(path),
    );
    expect(odd).toEqual([]);
  });
});

describe("components", () => {
  const components = componentSources();
  const entry = textOf("components/index.ts");
  const kebab = (name: string): string => name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
  const fileOf = (path: string): string => path.split("/").at(-1) ?? "";
  const folderOf = (path: string): string => path.split("/").slice(0, -1).join("/");
  const makes = (name: string, paths: string[]): boolean =>
    paths.some((path) => new RegExp(`new (?:\\w+\\.)?${name}\\(`).test(textOf(path)));
  const namesOf = (some: typeof components): string[] => some.map(({ name }) => name);

  it("have each a file of their own, named after them", () => {
    const paths = components.map(({ path }) => path);
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
    const misnamed = components.filter(({ name, path }) => {
      const short = kebab(name).replace(`${folderOf(path).split("/").at(-1) ?? ""}-`, "");
      return ![`${kebab(name)}.ts`, `${short}.ts`].includes(fileOf(path));
    });
    expect(misnamed.map(({ path }) => path)).toEqual([]);
  });

  it("say their type token", () => {
    const silent = components.filter(
      ({ name, declaration }) =>
        !declaration.getText().includes(`static readonly __pulumiType = "twodoor:index:${name}";`),
    );
    expect(namesOf(silent)).toEqual([]);
  });

  it("are exported", () => {
    const missing = components.filter(({ path }) => {
      const index = `${folderOf(path)}/index.ts`;
      return !filesUnder("components").includes(index) || !textOf(index).includes(`/${fileOf(path).slice(0, -3)}"`);
    });
    expect(namesOf(missing)).toEqual([]);
  });

  it("are shown in an example or in our own stacks", () => {
    const programs = [...filesUnder("examples"), ...filesUnder("stacks")].filter(typescript);
    expect(namesOf(components.filter(({ name }) => !makes(name, programs)))).toEqual([]);
  });

  it("are tested", () => {
    const testsOfComponents = filesUnder("test/components").filter(typescript);
    expect(namesOf(components.filter(({ name }) => !makes(name, testsOfComponents)))).toEqual([]);
  });

  it("of every cloud are re-exported by the package's entry", () => {
    const folders = [...new Set(components.map(({ path }) => folderOf(path)))].sort();
    const missing = folders.filter(
      (folder) => folder !== "components" && !entry.includes(`"./${folder.slice("components/".length)}"`),
    );
    expect(missing).toEqual([]);
  });

  it("name their children by a stable key, never by an index", () => {
    expect(
      sources.filter((path) => path.startsWith("components/")).flatMap((path) => indexedNames(treeOf(path))),
    ).toEqual([]);
  });

  it("are searched for names with an index", () => {
    const planted =
      "new aws.ec2.Subnet(`${name}-${String(i)}`, {});\nnew aws.ec2.Subnet(`${name}-${index}`, {});\nnew aws.ec2.Subnet(`${name}-${zone}`, {});";
    expect(indexedNames(parsed("components/a.ts", planted))).toEqual(["components/a.ts:1", "components/a.ts:2"]);
  });
});

describe("dependencies", () => {
  it("hold one copy of the Pulumi SDK, the last that accepts Node 20", () => {
    const lock = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, { version: string }> };
    const copies = Object.entries(lock.packages)
      .filter(([path]) => path.endsWith("node_modules/@pulumi/pulumi"))
      .map(([path, { version }]) => `${path} ${version}`);
    expect(copies).toEqual(["node_modules/@pulumi/pulumi 3.248.0"]);
  });

  // `npm ci` refuses a lock file that lacks the entry of another platform's optional package, and npm writes one when the registry
  // did not serve that package on the day.
  it("are locked for every platform", () => {
    const { packages } = JSON.parse(textOf("package-lock.json")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const wanted = Object.values(packages).flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}),
    );
    const locked = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
    expect([...new Set(wanted)].filter((name) => !locked.has(name))).toEqual([]);
  });

  it("are pinned exactly", () => {
    const { dependencies, devDependencies } = JSON.parse(textOf("package.json")) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range),
    );
    expect(loose).toEqual([]);
  });
});

describe("decisions", () => {
  it("are each listed in docs/decisions/README.md", () => {
    const index = textOf("docs/decisions/README.md");
    const pages = filesUnder("docs/decisions").filter((path) => /\/\d{4}-[a-z0-9-]+\.md$/.test(path));
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((path) => !index.includes(`(${path.split("/").at(-1) ?? ""})`))).toEqual([]);
  });
});

it("is judged from the repository's root", () => {
  expect(ROOT.endsWith("test")).toBe(false);
  expect(filesUnder(".")).toContain("package.json");
});
