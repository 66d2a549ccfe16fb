/**
 * Proves what a program is configured with: every form of settings, types and defaults that a project declares, placeholders for what is
 * encrypted or kept in Pulumi ESC, values given by hand, and each refusal with its text. Does not prove that the CLI makes the same of
 * the same files: `test/engine/configuration.test.ts` does, with the same cases.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfiguration, type ConfigurationOptions } from "../../planner/project/configuration";
import type { Configuration } from "../../planner/deployment";
import { readProject } from "../../planner/project/project";
import { SettingsError } from "../../planner/project/settings-error";
import { configurationCases } from "../support/configuration-files";

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

const project = "name: shop\nruntime: nodejs\n";
const secure = "{ secure: v1:not:opened }";

function read(projectConfig: string, stackConfig: string, options: ConfigurationOptions = {}): Configuration {
  write({ "Pulumi.yaml": `${project}${projectConfig}`, "Pulumi.dev.yaml": stackConfig });
  return readConfiguration(readProject(root), "dev", options);
}

/** The text of the refusal, with the temporary directory as DIRECTORY. */
function refusal(...files: Parameters<typeof read>): string {
  try {
    read(...files);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.replaceAll(root, "DIRECTORY");
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a configuration is read as the CLI reads it", () => {
  it.each(configurationCases)("$name", ({ files, values }) => {
    write(files);
    expect(readConfiguration(readProject(root), "dev")).toEqual({
      values,
      secretKeys: [],
      placeholders: [],
      madeUp: [],
      environments: [],
    });
  });

  it("may be empty, or not be there", () => {
    expect(read("config:\n", "encryptionsalt: v1:x\n").values).toEqual({});
    expect(read("", "").values).toEqual({});
    rmSync(join(root, "Pulumi.dev.yaml"));
    expect(readConfiguration(readProject(root), "dev").values).toEqual({});
  });
});

describe("encrypted settings", () => {
  it("get placeholders of the declared type, which are secret", () => {
    const types = `config:
  count: { type: integer }
  open: { type: boolean }
  list: { type: array, items: { type: integer } }
  zones: { type: array, items: { type: string } }
  table: { type: object }
`;
    const keys = ["count", "open", "list", "zones", "table", "api-key"];
    const stack = `config:\n${keys.map((key) => `  shop:${key}: ${secure}\n`).join("")}`;
    const text = "twodoor-placeholder-shop";
    expect(read(types, stack)).toEqual({
      values: {
        "shop:count": "19",
        "shop:open": "false",
        "shop:list": "[]",
        "shop:zones": `["${text}-zones-1","${text}-zones-2","${text}-zones-3"]`,
        "shop:table": "{}",
        "shop:api-key": `${text}-api-key`,
      },
      secretKeys: keys.map((key) => `shop:${key}`),
      placeholders: keys.map((key) => `shop:${key}`).sort(),
      madeUp: [19, `${text}-zones-1`, `${text}-zones-2`, `${text}-zones-3`, `${text}-api-key`],
      environments: [],
    });
  });

  it("may stand anywhere in objects and lists, each with a placeholder of its own", () => {
    const stack = `config:
  shop:inside: { user: admin, password: ${secure}, more: [{ token: ${secure} }, 1] }
  shop:numbers: [1, ${secure}]
  shop:like: { secure: 1 }
  shop:alike: { secure: v1:x:y, other: 1 }
`;
    const types = "config: { numbers: { type: array, items: { type: integer } } }\n";
    expect(read(types, stack)).toEqual({
      values: {
        "shop:inside":
          '{"more":[{"token":"twodoor-placeholder-shop-inside-more-0-token"},1],' +
          '"password":"twodoor-placeholder-shop-inside-password","user":"admin"}',
        "shop:numbers": "[1,19]",
        "shop:like": '{"secure":1}',
        "shop:alike": '{"other":1,"secure":"v1:x:y"}',
      },
      secretKeys: ["shop:inside", "shop:numbers"],
      placeholders: ["shop:inside", "shop:numbers"],
      madeUp: ["twodoor-placeholder-shop-inside-password", "twodoor-placeholder-shop-inside-more-0-token", 19],
      environments: [],
    });
  });

  it("are of the type that the program has asked for, where nobody declares one", () => {
    const types = new Map([["shop:size", "number"] as const, ["shop:tags", "object"] as const]);
    const { values, placeholders } = read("", `config: { shop:size: ${secure}, shop:tags: ${secure} }\n`, { types });
    expect({ values, placeholders }).toEqual({
      values: { "shop:size": "19", "shop:tags": "{}" },
      placeholders: ["shop:size", "shop:tags"],
    });
  });

  it("are no placeholders any more when a plain value or a person's own replaces them", () => {
    const plain = { secretKeys: [], placeholders: [], madeUp: [] };
    expect(read(`config: { token: ${secure} }\n`, "config: { shop:token: plain }")).toMatchObject({
      values: { "shop:token": "plain" },
      ...plain,
    });
    expect(read("", `config: { shop:token: ${secure} }`, { given: { token: "mine=1" } })).toMatchObject({
      values: { "shop:token": "mine=1" },
      secretKeys: ["shop:token"],
      placeholders: [],
    });
  });
});

describe("settings given by hand", () => {
  it("win over the stack's, and are text unless a list or an object is declared", () => {
    const declared =
      "config: { size: { type: integer }, zones: { type: array, items: { type: string } }, key: { type: string, secret: true } }\n";
    const given = { size: "3", "shop:zones": '["a"]', key: "k", "aws:region": "us-west-2", free: "[1]" };
    expect(read(declared, "config: { shop:size: 1, aws:region: us-east-1 }\n", { given })).toEqual({
      values: {
        "shop:size": "3",
        "aws:region": "us-west-2",
        "shop:zones": '["a"]',
        "shop:key": "k",
        "shop:free": "[1]",
      },
      secretKeys: ["shop:key"],
      placeholders: [],
      madeUp: [],
      environments: [],
    });
  });
});

describe("a stack that takes settings from Pulumi ESC", () => {
  it("names the environments and has placeholders for what is declared and not here", () => {
    const declared =
      "config: { size: { type: integer }, name: { type: string }, here: { type: string }, late: { type: string, default: d } }\n";
    const stack = "environment:\n  - shop/prod\n  - shop/base: { merge: false }\nconfig: { shop:here: yes }\n";
    expect(read(declared, stack)).toEqual({
      values: { "shop:here": "yes", "shop:size": "19", "shop:name": "twodoor-placeholder-shop-name", "shop:late": "d" },
      secretKeys: [],
      placeholders: ["shop:name", "shop:size"],
      madeUp: ["twodoor-placeholder-shop-name", 19],
      environments: ["shop/prod", "shop/base"],
    });
  });

  it("has what its own file says in clear, under its config", () => {
    const stack = `environment:
  imports: [shop/prod]
  values:
    pulumiConfig:
      aws:region: us-west-2
      shop:table: { a: 1, b: { c: 2, d: 3 } }
      shop:secret: { fn::secret: x }
      shop:joined: "\${shop.name}-x"
config:
  shop:table: { b: { c: 4 }, e: 5 }
`;
    const { values, environments } = read("", stack);
    expect(values).toEqual({ "aws:region": "us-west-2", "shop:table": '{"a":1,"b":{"c":4,"d":3},"e":5}' });
    expect(environments).toEqual(["shop/prod", "(inline)"]);
    expect(read("", "environment: { values: { pulumiConfig: { aws:region: us-west-2 } } }\n").environments).toEqual([]);
    expect(read("", "environment: { values: { environmentVariables: { A: b } } }\n").environments).toEqual([
      "(inline)",
    ]);
  });

  it("has values of such an environment that the program asked for", () => {
    const types = new Map([["shop:vpc", "string"] as const]);
    expect(read("", "environment: [shop/prod]\n", { types })).toMatchObject({
      values: { "shop:vpc": "twodoor-placeholder-shop-vpc" },
      placeholders: ["shop:vpc"],
    });
  });
});

describe("a configuration is refused", () => {
  it("when it lacks what the project asks for, or has it of another type or in clear, all at once", () => {
    const declared = `config:
  zeta: { type: string }
  alpha: { description: anything }
  size: { type: integer }
  open: { type: boolean }
  zones: { type: array, items: { type: string } }
  table: { type: object }
  name: { type: string }
  names: { type: array, items: { type: string } }
  key: { type: string, secret: true }
  token: { type: string, secret: true, default: in clear }
`;
    const stack =
      "config: { size: 1.5, open: on, zones: [a, 1], table: text, name: 3, names: [3], key: in clear, aws:region: us }\n";
    expect(refusal(declared, stack)).toMatchInlineSnapshot(`
      "The program cannot be planned: 9 problems
        DIRECTORY/Pulumi.dev.yaml config alpha   expected a value (any type), which Pulumi.yaml asks for, got nothing; set it with \`pulumi config set shop:alpha VALUE --stack dev\`, or give it with --config shop:alpha=VALUE
        DIRECTORY/Pulumi.dev.yaml config key   expected an encrypted value, got a secret of 8 characters; set it anew with \`pulumi config set --secret shop:key --stack dev\`
        DIRECTORY/Pulumi.dev.yaml config names   expected a value of type array<string>, got a list of 1; correct it, or its type in Pulumi.yaml
        DIRECTORY/Pulumi.dev.yaml config open   expected a value of type boolean, got "on"; correct it, or its type in Pulumi.yaml
        DIRECTORY/Pulumi.dev.yaml config size   expected a value of type integer, got "1.5"; correct it, or its type in Pulumi.yaml
        DIRECTORY/Pulumi.dev.yaml config table   expected a value of type object, got "text"; correct it, or its type in Pulumi.yaml
        DIRECTORY/Pulumi.dev.yaml config zeta   expected a value (string), which Pulumi.yaml asks for, got nothing; set it with \`pulumi config set shop:zeta VALUE --stack dev\`, or give it with --config shop:zeta=VALUE
        DIRECTORY/Pulumi.dev.yaml config zones   expected a value of type array<string>, got a list of 2; correct it, or its type in Pulumi.yaml
        DIRECTORY/Pulumi.yaml config token   expected an encrypted value, got a secret of 8 characters; set it anew with \`pulumi config set --secret shop:token --stack dev\`"
    `);
  });

  it("when the project's declarations contradict themselves", () => {
    const declared = `config:
  zones: { type: array }
  size: { type: integer, default: many }
  aws:region: { type: string, value: us }
  gcp:project: { default: shop }
  gcp:zone: { description: nothing }
`;
    expect(refusal(declared, "")).toMatchInlineSnapshot(`
      "The program cannot be planned: 4 problems
        DIRECTORY/Pulumi.yaml config aws:region   expected a value: the setting belongs to another package, got the type string; declare types for the project's own settings alone
        DIRECTORY/Pulumi.yaml config gcp:zone   expected a value: the setting belongs to another package, got nothing; add value: …
        DIRECTORY/Pulumi.yaml config size   expected a default of type integer, got "many"; correct it
        DIRECTORY/Pulumi.yaml config zones   expected a type of the list's items, got nothing; add items: { type: string }"
    `);
  });

  it("when it is no map, or the same key stands in it twice", () => {
    expect(refusal("", "config: [a]\n")).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/Pulumi.dev.yaml config   expected keys and values, got a list of 1; write key: value"
    `);
    expect(refusal("", "config:\n  a: 1\n  a: 2\n")).toMatchInlineSnapshot(`
      "The program cannot be planned: 1 problem
        DIRECTORY/Pulumi.dev.yaml:3   expected YAML, got Map keys must be unique; correct the line"
    `);
  });
});
