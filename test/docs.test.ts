/**
 * Proves that what is written for readers agrees with the code: TypeScript in Markdown compiles, YAML and JSON in it parse, npm scripts it
 * names exist, links lead somewhere, the README shows what the demo prints, every alarm points at a section of the guide, JSON schemas are schemas. Each judge is tried on a
 * planted mistake. Does not prove that what the prose says is true.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { plan } from "../planner";
import { anchorsOf, brokenLinks, codeBlocks, typeErrors, unknownScripts } from "./support/markdown";
import { ROOT, filesUnder, textOf } from "./support/sources";

const pages = filesUnder(".").filter((path) => path.endsWith(".md") && !path.startsWith("policies/node_modules/"));
const blocks = pages.flatMap((path) => codeBlocks(path, textOf(path)));
const SECONDS = 1000;

describe("code in Markdown", () => {
  it(
    "compiles where it is TypeScript",
    () => {
      expect(typeErrors(blocks.filter(({ language }) => language === "ts"))).toEqual([]);
    },
    120 * SECONDS,
  );

  it(
    "is compiled: a wrong property is found",
    () => {
      const text = 'import { OriginPullMode } from "twodoor";\nOriginPullMode.Sometimes;\n';
      const place = "README.md:1";
      expect(typeErrors([{ place, language: "ts", text }])).toEqual([
        `README.md:1: line 2: Property 'Sometimes' does not exist on type '{ readonly Off: "off"; readonly Accept: "accept"; readonly Enforce: "enforce"; }'.`,
      ]);
    },
    120 * SECONDS,
  );

  it("parses where it is YAML or JSON", () => {
    const broken = blocks.flatMap(({ place, language, text }) => {
      if (language === "yaml") return parseDocument(text).errors.map(({ message }) => `${place}: ${message}`);
      return language === "json" && !parses(text) ? [`${place}: no JSON`] : [];
    });
    expect(broken).toEqual([]);
  });

  it("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    expect(pages.flatMap((path) => unknownScripts(path, textOf(path), Object.keys(scripts)))).toEqual([]);
    expect(unknownScripts("a.md", "`npm run demo` and `npm run nothing`", ["demo"])).toEqual([
      "a.md:1: npm run nothing",
    ]);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("the README's picture", () => {
  it(
    "is what the demo prints",
    () => {
      const [picture] = blocks.filter(({ place, language }) => place.startsWith("README.md") && language === "text");
      const { stdout } = spawnSync("npm", ["run", "--silent", "demo"], { cwd: ROOT, encoding: "utf8" });
      expect(picture?.text.trimEnd()).toBe(stdout.trimEnd());
    },
    120 * SECONDS,
  );
});

describe("links", () => {
  const exists = (path: string): boolean => existsSync(join(ROOT, path));
  const anchors = (path: string): string[] => anchorsOf(textOf(path));

  it("lead to files and sections that exist", () => {
    expect(pages.flatMap((path) => brokenLinks(path, textOf(path), exists, anchors))).toEqual([]);
  });

  it("are looked up", () => {
    const text =
      "# Here\n[a](docs/nowhere.md) [b](#here) [c](#there) [d](README.md#nothing) [e](https://example.com)\n```\n[f](x)\n```\n";
    expect(
      brokenLinks(
        "a.md",
        text,
        (path) => path !== "docs/nowhere.md",
        () => ["here"],
      ),
    ).toEqual(["a.md: docs/nowhere.md", "a.md: #there", "a.md: README.md#nothing"]);
  });
});

describe("alarms", () => {
  it(
    "point at sections of the guide, and every such section has its alarm",
    async () => {
      const planned = JSON.stringify(await plan({ directory: ROOT, stack: "prod" }));
      const pointed = [...planned.matchAll(/docs\/guides\/alarms\.md#([a-z0-9-]+)/g)].map(([, anchor]) => anchor ?? "");
      const sections = anchorsOf(textOf("docs/guides/alarms.md")).filter((anchor) => /^(?:aws|gcp)-/.test(anchor));
      expect(sections.sort()).toEqual([...new Set(pointed)].sort());
    },
    120 * SECONDS,
  );
});

describe("JSON schemas in docs/", () => {
  const schemas = filesUnder("docs").filter((path) => path.endsWith(".schema.json"));

  it("cover what the command prints", () => {
    expect(schemas).toContain("docs/plan.schema.json");
  });

  it.each(schemas)("%s is a schema", (path) => {
    const ajv = new Ajv();
    expect(ajv.validateSchema(JSON.parse(textOf(path)) as object), ajv.errorsText()).toBe(true);
  });

  it("are judged: a type that does not exist is refused", () => {
    expect(new Ajv({ logger: false }).validateSchema({ type: "text" })).toBe(false);
  });
});
