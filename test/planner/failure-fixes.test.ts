/**
 * Proves which one line of advice follows from what a failing program says, one case for each kind, and which package manager's commands it
 * names. Does not prove that Node.js, the SDK and the clouds' clients use these words: for the most common ones whole programs do
 * (`failure-reports.test.ts`).
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { toldIn } from "../../planner/program/ending";
import { fixFor, type FailureFacts } from "../../planner/program/failure-fixes";
import { packageCommands } from "../../planner/program/package-manager";

const root = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-fixes-")));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const facts = (words: string, more: Partial<FailureFacts> = {}): FailureFacts => ({
  words,
  programDirectory: root,
  stack: "dev",
  location: { file: "infra/index.ts", line: 7 },
  hosts: [],
  madeUpAnswers: [],
  ...more,
});

const noDryRun = "only if !pulumi.runtime.isDryRun()";
const seesNone = "a plan sees none of your environment: give the program the variable with --env";
const cases: [string, string][] = [
  ["Error: Missing environment variable: DB_HOST", `${seesNone} DB_HOST=VALUE`],
  ["Error: DOMAIN_NAME is not set", `${seesNone} DOMAIN_NAME=VALUE`],
  ["Error: please export process.env.STAGE first", `${seesNone} STAGE=VALUE`],
  [
    "Configuration 'shop:count' value 'many' is not a valid number.",
    "correct shop:count in Pulumi.dev.yaml: it must be a number",
  ],
  [
    "Error: The module '/x/build/Release/fs.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 115.",
    "build the package's native part for this Node.js: npm rebuild",
  ],
  [
    "Error: Could not locate the bindings file. Tried:",
    "build the package's native part for this Node.js: npm rebuild",
  ],
  [
    "Error [ERR_UNSUPPORTED_DIR_IMPORT]: Directory import '/x/lib/parts' is not supported resolving ES modules",
    "import a file, with its ending: parts/index.js",
  ],
  [
    "Error [ERR_REQUIRE_ESM]: require() of ES Module /x/node_modules/got/index.js not supported.",
    'infra/index.ts requires an ES module: load it with await import(…) in an async function, or write "type": "module" into package.json',
  ],
  [
    'TypeError [ERR_UNKNOWN_FILE_EXTENSION]: Unknown file extension ".ts" for /x/index.ts',
    "Node.js does not load TypeScript as an ES module by itself: npm install ts-node typescript, or compile the program and name the result under main: in Pulumi.yaml",
  ],
  [
    "SyntaxError: The requested module 'moment' does not provide an export named 'utc'",
    "mend infra/index.ts:7: if the package is CommonJS, import its default and take utc from it",
  ],
  [
    "Your current Node version is incompatible to run /x\nExpected version: >=22 as found in package.json > engines > node\nActual Node version: v20.20.2",
    "run it with Node.js >=22",
  ],
  [
    "CredentialsProviderError: Could not load credentials from any providers",
    `the program calls a cloud by itself, and a plan has no credential: use a provider's data source in its place (--answers FILE), or call it ${noDryRun}`,
  ],
  ["Error: connect ECONNREFUSED 127.0.0.1:5432", `nothing listens on 127.0.0.1:5432: start it, or call it ${noDryRun}`],
  [
    "Error: spawn terraform ENOENT",
    `the program runs terraform, which is not on PATH: install it, or run it ${noDryRun}`,
  ],
  ["/bin/sh: 1: jq: not found", `the program runs jq, which is not on PATH: install it, or run it ${noDryRun}`],
  [
    "Duplicate resource URN 'urn:pulumi:dev::shop::t::n'; try giving it a unique name",
    "mend infra/index.ts:7: resources of one type and parent need names of their own",
  ],
  [
    "Default provider for 'aws' disabled. 'aws:ec2/vpc:Vpc' must use an explicit provider.",
    "pass one in the resource's options ({ provider: … }), or take aws out of pulumi:disable-default-providers in Pulumi.dev.yaml",
  ],
  ["SyntaxError: Unexpected token '='", "correct infra/index.ts:7"],
  [
    "RangeError: Array buffer allocation failed",
    "give it more memory: runtime: { name: nodejs, options: { nodeargs: --max-old-space-size=8192 } } in Pulumi.yaml, or let it build less at once",
  ],
  ["Error: anything else", "mend infra/index.ts:7; a preview by pulumi ends in the same way"],
];

describe("how to go on", () => {
  it.each(cases)("after %s", (words, fix) => {
    expect(fixFor(facts(words))).toBe(fix);
  });

  it("names no line where there is none", () => {
    expect(fixFor(facts("anything", { location: null }))).toBe(
      "mend the program; a preview by pulumi ends in the same way",
    );
    expect(fixFor(facts("SyntaxError: Invalid regular expression flags", { location: null }))).toBe(
      `correct the source: this Node.js is ${process.version}, a newer one may understand it`,
    );
  });

  it("names a host that was refused, also where the program says something else", () => {
    const without =
      "cannot be asked: take the value from configuration or from a provider's data source (--answers FILE), or ask only if !pulumi.runtime.isDryRun()";
    const hosts = ["sts.amazonaws.com:443", "other.example:80"];
    const fix = `a plan has no network, so sts.amazonaws.com:443 ${without}`;
    expect(fixFor(facts("Error: socket hang up", { hosts }))).toBe(fix);
    expect(fixFor(facts("Error: Could not load credentials from any providers", { hosts }))).toBe(fix);
  });

  it("names an answer that was made up, where nothing else explains the failure", () => {
    const madeUpAnswers = ["aws:ec2/getVpc:getVpc"];
    expect(fixFor(facts("TypeError: x.split is not a function", { madeUpAnswers }))).toBe(
      "mend infra/index.ts:7; if it comes from the made-up answer of aws:ec2/getVpc:getVpc, give the real one: --save-questions FILE writes what to fill in, --answers FILE takes it",
    );
  });

  it("tells a package that is named from one that is not, and a file from both", () => {
    const directory = join(root, "named");
    mkdirSync(directory);
    writeFileSync(join(directory, "package.json"), '{ "devDependencies": { "@pulumi/aws": "7" } }');
    const of = (name: string): string =>
      fixFor(facts(`Error: Cannot find module '${name}'`, { programDirectory: directory }));
    expect(of("@pulumi/aws/ec2")).toBe("install the program's packages: npm install");
    expect(of("@pulumi/gcp/compute")).toBe("add the package that it imports: npm install @pulumi/gcp");
    expect(of("lodash/fp")).toBe("add the package that it imports: npm install lodash");
    expect(of("./parts")).toBe(
      "make ./parts, or correct infra/index.ts:7; an ES module's import names the file with its ending",
    );
    expect(of(join(directory, "lib", "parts.js"))).toBe("make lib/parts.js, or correct infra/index.ts:7");
  });
});

describe("the package manager", () => {
  it.each([
    ["package-lock.json", "npm ci"],
    ["npm-shrinkwrap.json", "npm ci"],
    ["yarn.lock", "yarn install"],
    ["pnpm-lock.yaml", "pnpm install --frozen-lockfile"],
    ["bun.lock", "bun install --frozen-lockfile"],
    ["bun.lockb", "bun install --frozen-lockfile"],
  ])("of %s installs by %s, also from below", (file, install) => {
    const directory = join(root, `lock-${file}`);
    mkdirSync(join(directory, "packages", "infra"), { recursive: true });
    writeFileSync(join(directory, file), "");
    expect(packageCommands(join(directory, "packages", "infra")).install).toBe(install);
  });

  it("is npm where nobody says", () => {
    expect(packageCommands(root).install).toBe("npm install");
  });
});

describe("what is told", () => {
  it("is put together in its order, each host once, the first exit alone", () => {
    const lines = [
      { kind: "network", what: "a:1", stack: "s1" },
      { kind: "network", what: "b:2", stack: "s2" },
      { kind: "network", what: "a:1", stack: "s3" },
      { kind: "exit", call: "process.exit", stack: "e1" },
      { kind: "exit", call: "process.abort", stack: "e2" },
      { kind: "error", stacks: ["inner", "outer"], code: "E1", thrown: "text" },
      { kind: "emptied" },
      { kind: "waiting", resources: ["r[t]"] },
      { kind: "secret", text: "hush" },
      { kind: "secret", text: 7 },
      { kind: "unheard of" },
    ];
    expect(toldIn(lines.map((line) => JSON.stringify(line)))).toEqual({
      stacks: ["inner", "outer"],
      codes: ["E1"],
      thrown: "text",
      exit: { call: "process.exit", stack: "e1" },
      emptied: true,
      connections: [
        { what: "a:1", stack: "s1" },
        { what: "b:2", stack: "s2" },
      ],
      waiting: ["r[t]"],
      secrets: ["hush"],
      outputs: [],
    });
  });

  it("is not more than a person reads", () => {
    const lines = Array.from({ length: 200 }, (_, index) =>
      JSON.stringify({ kind: "network", what: `host-${String(index)}`, stack: "" }),
    );
    expect(toldIn(lines).connections).toHaveLength(50);
  });
});
