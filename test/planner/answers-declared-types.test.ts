/**
 * Proves how results of functions are read from the declarations of SDKs: every form of type that Pulumi's generator writes, names of
 * modules old and new, SDKs under any npm name, compiled or as source; and what is made up from them. The installed SDKs are read whole:
 * each of their functions has a result that is understood. Does not prove that a provider keeps to its SDK's declarations.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fieldsIn, interfacesIn, type DeclaredField } from "../../planner/answers/declared-types";
import { Declarations } from "../../planner/answers/declarations";
import { placeholderAnswer } from "../../planner/answers/placeholder-answers";
import type { Json } from "../../resilience/values";

const directory = mkdtempSync(join(tmpdir(), "twodoor-sdks-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function write(path: string, text: string): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const typeOf = (type: string): DeclaredField["type"] | undefined => fieldsIn(`    readonly x: ${type};`)[0]?.type;

describe("a declared type", () => {
  it.each<[string, DeclaredField["type"]]>([
    ["string", { kind: "string" }],
    ["number", { kind: "number" }],
    ["boolean", { kind: "boolean" }],
    ["any", { kind: "any" }],
    ["string[]", { kind: "list", item: { kind: "string" } }],
    ["string[][]", { kind: "list", item: { kind: "list", item: { kind: "string" } } }],
    ["Array<number>", { kind: "list", item: { kind: "number" } }],
    ["(string | undefined)[]", { kind: "list", item: { kind: "string" } }],
    ["string | undefined", { kind: "string" }],
    ["undefined | null", { kind: "any" }],
    ['"a" | "b"', { kind: "string" }],
    ["string | enums.ec2.Tenancy", { kind: "string" }],
    ["enums.ec2.Tenancy", { kind: "string" }],
    ["1 | 2", { kind: "number" }],
    ["true", { kind: "boolean" }],
    ["outputs.ec2.GetAmiFilter[]", { kind: "list", item: { kind: "named", path: ["ec2", "GetAmiFilter"] } }],
    ["{\n        [key: string]: string[];\n    }", { kind: "map", item: { kind: "list", item: { kind: "string" } } }],
    ["Record<string, outputs.Thing>", { kind: "map", item: { kind: "named", path: ["Thing"] } }],
    ["pulumi.Output<string | undefined>", { kind: "string" }],
    [
      "{\n a?: string;\n b: number }",
      {
        kind: "object",
        fields: [
          { name: "a", optional: true, type: { kind: "string" } },
          { name: "b", optional: false, type: { kind: "number" } },
        ],
      },
    ],
    ["pulumi.asset.Archive", { kind: "any" }],
  ])("%s", (text, expected) => {
    expect(typeOf(text)).toEqual(expected);
  });

  it("stands among others, remarks and names in quotes", () => {
    const text = `
    /**
     * Not this: \`}\` nor "readonly y: string;".
     */
    readonly a?: string;
    // nor this;
    "b-c": { [key: string]: any; };
    readonly d: boolean`;
    expect(fieldsIn(text).map(({ name, optional, type }) => [name, optional, type.kind])).toEqual([
      ["a", true, "string"],
      ["b-c", false, "map"],
      ["d", false, "boolean"],
    ]);
  });

  it("is found by the namespaces around it", () => {
    const text = `export interface A {\n    a: string;\n}
export declare namespace apps {
    interface A {\n        b: string;\n    }
    namespace v1 {
        interface A {\n            c: string;\n        }
    }
    interface B {\n        d: string;\n    }
}
export interface C {\n}
`;
    expect(
      [...interfacesIn(text)].map(([path, place]) => [path, fieldsIn(text.slice(...place)).map(({ name }) => name)]),
    ).toEqual([
      ["A", ["a"]],
      ["apps.A", ["b"]],
      ["apps.v1.A", ["c"]],
      ["apps.B", ["d"]],
      ["C", []],
    ]);
  });
});

const result = (fields: string): string => `export interface GetThingResult {\n${fields}\n}\n`;
const sdk = (name: string): string => JSON.stringify({ pulumi: { resource: true, name } });

describe("an SDK", () => {
  const names = (token: string): string[] =>
    new Declarations(join(directory, "program", "src")).resultFields(token).map(({ name }) => name);

  it.each<[string, string, string, string]>([
    ["of Pulumi", "@pulumi/one", "one:index/getThing:getThing", "getThing.d.ts"],
    ["of Pulumi, in a module", "@pulumi/one", "one:net/getThing:getThing", "net/getThing.d.ts"],
    ["with names of modules alone", "@pulumi/one", "one:net:getThing", "net/getThing.d.ts"],
    ["with names of modules alone, at its root", "@pulumi/one", "one:index:getThing", "getThing.d.ts"],
    ["of others, who say which", "@others/some-sdk", "two:index/getThing:getThing", "getThing.d.ts"],
    ["of others, by its name", "@pulumiverse/three", "three:index/getThing:getThing", "getThing.d.ts"],
    ["made for the program, compiled", "@pulumi/four", "four:index/getThing:getThing", "bin/getThing.d.ts"],
    ["made for the program, as source", "@pulumi/four", "four:index/getThing:getThing", "getThing.ts"],
  ])("%s", (_what, npmName, token, file) => {
    rmSync(join(directory, "program"), { recursive: true, force: true });
    const said =
      npmName === "@pulumiverse/three"
        ? JSON.stringify({ pulumi: { resource: true } })
        : sdk(token.split(":")[0] ?? "");
    write("program/package.json", JSON.stringify({ dependencies: { [npmName]: "1.0.0", "not-installed": "1.0.0" } }));
    write("program/src/index.ts", "");
    write(`program/node_modules/${npmName}/package.json`, said);
    write(`program/node_modules/${npmName}/${file}`, result("    readonly id: string;\n    readonly other?: string;"));
    expect(names(token)).toEqual(["id", "other"]);
  });

  it("is read nowhere else, whatever a token says", () => {
    write("program/node_modules/@pulumi/one/package.json", sdk("one"));
    write("program/getThing.d.ts", result("    readonly id: string;"));
    expect(names("one:../../../getThing:getThing")).toEqual([]);
    expect(names("../one:index/getThing:getThing")).toEqual([]);
    expect(names("nobody:index/getThing:getThing")).toEqual([]);
    expect(names("one")).toEqual([]);
  });
});

describe("what is made up", () => {
  it("goes down into objects and lists, and ends where types contain themselves", () => {
    rmSync(join(directory, "program"), { recursive: true, force: true });
    write("program/package.json", "{}");
    write("program/node_modules/@pulumi/one/package.json", sdk("one"));
    write(
      "program/node_modules/@pulumi/one/getThing.d.ts",
      result(`    readonly name: string;
    readonly absent?: string;
    readonly count: number;
    readonly open: boolean;
    readonly labels: {\n        [key: string]: string;\n    };
    readonly members: outputs.net.Member[];
    readonly loop: outputs.Loop;
    readonly lost: outputs.Missing;
    readonly given?: string;
    readonly choice: "a" | "b";`),
    );
    write(
      "program/node_modules/@pulumi/one/types/output.d.ts",
      `export interface Loop {\n    id: string;\n    inner: outputs.Loop;\n}
export declare namespace net {
    interface Member {\n        ports: number[];\n        site: outputs.net.Site;\n        note?: string;\n    }
    interface Site {\n        zone: string;\n    }
}
`,
    );
    const madeUp = new Set<string | number>();
    const declarations = new Declarations(join(directory, "program"));
    const call = { token: "one:index/getThing:getThing", args: {}, providerInputs: {} };
    const answer = placeholderAnswer(call, { given: "x", region: "y" }, declarations, madeUp);
    const text = "twodoor-unanswered-getThing";
    const number = 1_907_426_538;
    const member = (at: number): Json => ({
      ports: [number],
      site: { zone: `${text}-members-${String(at)}-site-zone` },
    });
    expect({ ...answer, loop: undefined }).toEqual({
      name: `${text}-name`,
      count: number,
      open: false,
      labels: {},
      members: [member(1), member(2), member(3)],
      lost: `${text}-lost`,
      choice: `${text}-choice`,
    });
    expect(JSON.stringify(answer["loop"]).match(/"id"/g)).toHaveLength(6);
    expect([...madeUp]).toEqual(["twodoor-unanswered-", number, String(number)]);
  });

  it("repeats an optional argument only where the call gave it", () => {
    const declarations = new Declarations(join(directory, "program"));
    const call = { token: "one:index/getThing:getThing", args: { given: "x" }, providerInputs: {} };
    expect(placeholderAnswer(call, { given: "x" }, declarations, new Set())["given"]).toBe("x");
  });
});

describe("the installed SDKs", () => {
  it.each([
    ["aws", 684],
    ["gcp", 500],
    ["cloudflare", 469],
  ])("%s: every function's result is understood", (name, count) => {
    const root = dirname(require.resolve(`@pulumi/${name}/package.json`));
    const declarations = new Declarations(__dirname);
    let understood = 0;
    const wrong: string[] = [];
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
      /(^|\/)get[A-Z]\w*\.d\.ts$/.test(file),
    );
    for (const file of files) {
      const path = file.replace(/\.d\.ts$/, "");
      const fn = path.split("/").at(-1) ?? "";
      if (!readFileSync(join(root, file), "utf8").includes("export interface")) continue;
      const token = `${name}:${path.includes("/") ? path : `index/${path}`}:${fn}`;
      const fields = declarations.resultFields(token);
      const unresolved = fields.filter(({ type }) => {
        const inner = type.kind === "list" ? type.item : type;
        return inner.kind === "named" && declarations.resolved(token, inner).kind === "any";
      });
      if (fields.length === 0 || unresolved.length > 0)
        wrong.push(`${token} ${unresolved.map((field) => field.name).join()}`);
      else understood += 1;
    }
    expect(wrong).toEqual([]);
    expect(understood).toBe(count);
  });
});
