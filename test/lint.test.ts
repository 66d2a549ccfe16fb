/**
 * Proves that each of the project's own lint rules finds the mistake that it is for, and is silent where the code is right.
 * Does not prove that published rules work, nor that the sources are clean: `npm run lint` says that.
 */
import { ESLint } from "eslint";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./support/sources";

// The rule about parents asks the compiler for types, which reads the SDKs once: seconds, then milliseconds a case.
const SECONDS = 1000;
const PLANTED = "components/planted.ts";

let eslint: ESLint;

beforeAll(() => {
  eslint = new ESLint({
    cwd: ROOT,
    overrideConfig: [
      {
        languageOptions: {
          // Planted files are in no project on disk.
          parserOptions: {
            project: null,
            projectService: { allowDefaultProject: [PLANTED, "components/sizing/planted.ts"] },
          },
        },
      },
    ],
  });
});

/** Rules that speak about a text as if it stood in that file, without typescript-eslint's own. */
async function rulesBroken(text: string, file = PLANTED): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: file });
  return (result?.messages ?? [])
    .map(({ ruleId, message }) => ruleId ?? message)
    .filter((rule) => !rule.startsWith("@typescript-eslint/"));
}

const aws = `import * as pulumi from "@pulumi/pulumi";\nimport * as aws from "@pulumi/aws";\n`;
const child = (options: string): string =>
  `${aws}/** Makes it. */\nexport function make(this: void, parent: { parent: pulumi.Resource }, loose: pulumi.CustomResourceOptions): void {\n` +
  `  new aws.ec2.Vpc("a", { cidrBlock: "10.0.0.0/16" }${options});\n}\n`;
const component = (ending: string): string =>
  `import * as pulumi from "@pulumi/pulumi";\n/** A thing. */\nexport class Thing extends pulumi.ComponentResource {\n` +
  `  /** An output. */\n  readonly size: pulumi.Output<number>;\n` +
  `  constructor(name: string, args: object, opts?: pulumi.ComponentResourceOptions) {\n    super("a:index:Thing", name, {}, opts);\n` +
  `    this.size = pulumi.output(1);\n    ${ending}\n  }\n}\n`;

describe("child-has-parent", () => {
  it.each([
    ["no options", ""],
    ["options without parent", ", { protect: true }"],
    ["options whose parent may be missing", ", loose"],
    ["a spread of options whose parent may be missing", ", { ...loose, protect: true }"],
  ])(
    "refuses %s",
    async (_, options) => {
      expect(await rulesBroken(child(options))).toEqual(["twodoor/child-has-parent"]);
    },
    120 * SECONDS,
  );

  it.each([
    ["a parent", ", { parent: parent.parent }"],
    ["options that have one", ", parent"],
    ["a spread of options that have one", ", { ...parent, protect: true }"],
    ["options that may lack one, with one", ", { ...loose, parent: parent.parent }"],
  ])(
    "takes %s",
    async (_, options) => {
      expect(await rulesBroken(child(options))).toEqual([]);
    },
    120 * SECONDS,
  );
});

describe("register-outputs-last", () => {
  it.each([
    ["nothing registered", ""],
    ["something after it", "this.registerOutputs({ size: this.size }); name.trim();"],
    ["too little", "this.registerOutputs({});"],
    ["too much", "this.registerOutputs({ size: this.size, weight: 1 });"],
    ["an object made elsewhere", "const outputs = { size: this.size }; this.registerOutputs(outputs);"],
  ])("refuses %s", async (_, ending) => {
    expect(await rulesBroken(component(ending))).toEqual(["twodoor/register-outputs-last"]);
  });

  it("takes exactly the outputs, last", async () => {
    expect(await rulesBroken(component("this.registerOutputs({ size: this.size });"))).toEqual([]);
  });
});

describe("no-link-in-component-docs", () => {
  const link = (comment: string): string =>
    `/** Arguments. */\nexport interface ThingArgs {\n  /** ${comment} */\n  size: number;\n}\n`;

  it("refuses an inline link on an argument", async () => {
    expect(await rulesBroken(link("See {@link Other}."))).toEqual(["twodoor/no-link-in-component-docs"]);
  });

  it("refuses one on a member of a const object that stands for an enum", async () => {
    const text = `/** Modes. */\nexport const Mode = {\n  /** Not {@link On}. */\n  Off: "off",\n} as const;\n`;
    expect(await rulesBroken(text)).toEqual(["twodoor/no-link-in-component-docs"]);
  });

  it("takes a name in backticks, and a link on a function", async () => {
    expect(await rulesBroken(link("See `Other`."))).toEqual([]);
    expect(await rulesBroken(`/** See {@link Other}. */\nexport function f(): void {}\n`)).toEqual([]);
  });
});

describe("exports-are-documented", () => {
  it.each([
    ["a function", "export function f(): void {}\n"],
    ["a constant", "// not documentation\nexport const size = 1;\n"],
    ["an argument", "/** Arguments. */\nexport interface ThingArgs {\n  size: number;\n}\n"],
  ])("refuses %s without a comment", async (_, text) => {
    expect(await rulesBroken(text)).toEqual(["twodoor/exports-are-documented"]);
  });

  it("refuses an output of a component without a comment", async () => {
    const bare = component("this.registerOutputs({ size: this.size });").replace("  /** An output. */\n", "");
    expect(await rulesBroken(bare)).toEqual(["twodoor/exports-are-documented"]);
  });

  it("asks for one comment for all overloads", async () => {
    const text =
      "/** Does it. */\nexport function f(a: string): void;\nexport function f(a: number): void;\nexport function f(): void {}\n";
    expect(await rulesBroken(text)).toEqual([]);
  });
});

describe("pure files", () => {
  it.each([
    ["the time", "Date.now()", "no-restricted-globals"],
    ["chance", "Math.random()", "no-restricted-properties"],
    ["a timer", "setTimeout(String, 1)", "no-restricted-globals"],
  ])("may not use %s", async (_, expression, rule) => {
    const text = `/** A value. */\nexport const value = ${expression};\n`;
    expect(await rulesBroken(text, "components/sizing/planted.ts")).toEqual([rule]);
  });
});
