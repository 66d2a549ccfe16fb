/**
 * Proves that the repository keeps its shape: which room imports which, how long files and functions are, what may not be written,
 * that each component is exported, shown and tested, and that there is one copy of the SDK. Each judge is tried on a planted
 * mistake. Does not prove that anything works.
 */
import { describe, expect, it } from "vitest";
import { ROOT, componentSources, filesUnder, parsed, textOf, treeOf } from "./support/sources";
import {
  bannedWords,
  forbiddenImports,
  hollowAssertions,
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
    ["stacks/a.ts", `import { main } from "../cli/main";`, "cli/main"],
    ["cli/a.ts", `import { record } from "../test/support/mocks";`, "test/support/mocks"],
  ])("sees that %s may not: %s", (path, text, target) => {
    expect(forbiddenImports(parsed(path, text))).toEqual([`${path} imports ${target}`]);
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
    expect(sources.flatMap((path) => wideningCasts(path, textOf(path)))).toEqual([]);
  });

  it("is searched for casts that widen", () => {
    expect(wideningCasts("a.ts", "const x = y as unknown as Z;\nconst q = z as any;")).toEqual([
      "a.ts:1: as unknown as",
      "a.ts:2: as any",
    ]);
    expect(wideningCasts("a.ts", "// eslint-disable-next-line no-console")).toEqual([
      "a.ts:1: eslint-disable without reason",
    ]);
    expect(wideningCasts("a.ts", "// eslint-disable-next-line no-console -- it prints")).toEqual([]);
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
  const reexports = (path: string): string[] => {
    const folder = path.split("/").slice(0, -1).join("/");
    return [`components/index.ts`, `${folder}/index.ts`].filter((index) => filesUnder("components").includes(index));
  };

  it.each(components)(
    "$name has a file of its own with its token, is exported, shown and tested",
    ({ name, path, declaration }) => {
      const kebab = name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase();
      const file = path.split("/").at(-1) ?? "";
      const folder = path.split("/").at(-2) ?? "";
      expect([`${kebab}.ts`, `${kebab.replace(`${folder}-`, "")}.ts`]).toContain(file);
      expect(declaration.getText()).toContain(`static readonly __pulumiType = "twodoor:index:${name}";`);
      const indexes = reexports(path).map(textOf).join("\n");
      expect(
        indexes.includes(`/${file.replace(/\.ts$/, "")}"`),
        `${name} is exported from ${reexports(path).join(" or ")}`,
      ).toBe(true);
      const made = new RegExp(`new (?:\\w+\\.)?${name}\\(`);
      expect(
        filesUnder("examples").some((example) => made.test(textOf(example))),
        `an example makes a ${name}`,
      ).toBe(true);
      const testsOfComponents = filesUnder("test/components").filter(typescript);
      expect(
        testsOfComponents.some((test) => made.test(textOf(test))),
        `a test of test/components makes a ${name}`,
      ).toBe(true);
    },
  );

  it("of every cloud are re-exported by the package's entry", () => {
    const folders = [...new Set(components.map(({ path }) => path.split("/").slice(0, -1).join("/")))].sort();
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

  it("are pinned exactly", () => {
    const { dependencies, devDependencies } = JSON.parse(textOf("package.json")) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
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
