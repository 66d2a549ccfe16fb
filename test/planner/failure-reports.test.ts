/**
 * Proves, with whole programs, what a person reads when one fails: its own message, file and line, and how to go on; each text is exact. Proves
 * with each of them that nothing is written into the program's folder. Does not prove that every way to fail is here.
 */
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { reportOf } from "../../cli/report-error";
import { plan, type PlanOptions } from "../../planner";
import { rejection } from "../support/planned";

const root = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-reports-")));
afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Program {
  /** Contents by path. Pulumi.yaml, package.json and the stack's settings have defaults. */
  files: Record<string, string>;
  options?: Omit<PlanOptions, "directory">;
}

let count = 0;
function written({ files }: Program): string {
  count += 1;
  const directory = join(root, String(count));
  const main = Object.keys(files)[0] ?? "index.js";
  const all = {
    "Pulumi.yaml": `name: shop\nruntime: nodejs\nmain: ${main}\n`,
    "Pulumi.dev.yaml": "config:\n  shop:size: small\n",
    "package.json": '{ "name": "shop", "private": true }',
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  // A repository of its own, so that lines are told from here.
  mkdirSync(join(directory, ".git"));
  symlinkSync(join(__dirname, "../../node_modules"), join(directory, "node_modules"));
  return directory;
}

/** Every file below a directory with its time and its content. */
function snapshot(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("node_modules/"))
    .sort()
    .map((path) => {
      const stats = lstatSync(join(directory, path));
      const hash = stats.isFile()
        ? createHash("sha256")
            .update(readFileSync(join(directory, path)))
            .digest("hex")
        : "";
      return `${path} ${String(stats.mtimeMs)} ${hash}`;
    });
}

/** What a person reads when the program fails; the directory is written DIR. */
async function report(program: Program): Promise<string[]> {
  const directory = written(program);
  const before = snapshot(directory);
  const { text, exitCode } = reportOf(await rejection(plan({ directory, timeoutSeconds: 60, ...program.options })));
  expect(snapshot(directory)).toEqual(before);
  expect(exitCode).toBe(3);
  const [headline, ...lines] = text.replaceAll(directory, "DIR").trimEnd().split("\n");
  expect(headline).toBe("The program could not be planned.");
  return lines;
}

const mend = (place: string): string => `To go on: mend ${place}; a preview by pulumi ends in the same way`;

describe("a program that", () => {
  it("throws in TypeScript is sent to its own line", async () => {
    const source = `interface Shelf {\n  height: number;\n}\n\nfunction build(shelf: Shelf): number {\n  throw new Error(\`no room for \${shelf.height}\`);\n}\nexport const height = build({ height: 3 });\n`;
    expect(await report({ files: { "index.ts": source } })).toEqual([
      "Error: no room for 3",
      "    at build (DIR/index.ts:6:9)",
      "    at Object.<anonymous> (DIR/index.ts:8:23)",
      "  in index.ts:6",
      mend("index.ts:6"),
    ]);
  });

  it("throws for several reasons is shown with each", async () => {
    const source = `function open() {
  throw new AggregateError([new Error("the key"), new TypeError("the lock")], "no door opens", { cause: new RangeError("rust") });
}
open();`;
    expect(await report({ files: { "index.js": source } })).toEqual([
      "AggregateError: no door opens",
      "    at open (DIR/index.js:2:9)",
      "    at Object.<anonymous> (DIR/index.js:4:1)",
      "  because of RangeError: rust",
      "  because of Error: the key",
      "  because of TypeError: the lock",
      "  in index.js:2",
      mend("index.js:2"),
    ]);
  });

  it("throws what is no error is told so", async () => {
    expect(await report({ files: { "index.js": `module.exports = Promise.reject(undefined);` } })).toEqual([
      "The program threw undefined, which is no error and does not say where it was thrown.",
      "To go on: throw an Error, which has a stack, in its place",
    ]);
  });

  it("lacks a package that it names is told to install", async () => {
    const files = {
      "index.js": `require("zod-of-somebody/lib");`,
      "package.json": '{ "dependencies": { "zod-of-somebody": "1.0.0" } }',
      "yarn.lock": "",
    };
    const lines = await report({ files });
    expect(lines[0]).toBe("Error: Cannot find module 'zod-of-somebody/lib'");
    expect(lines.slice(-2)).toEqual(["  in index.js:1", "To go on: install the program's packages: yarn install"]);
  });

  it("lacks a package that it does not name, in an ES module, is told to add it", async () => {
    const files = {
      "index.js": `import "./below/part.js";`,
      "below/part.js": `import { z } from "@somebody/zod";\nexport const a = z;`,
      "package.json": '{ "type": "module" }',
      "pnpm-lock.yaml": "",
    };
    const lines = await report({ files });
    expect(lines[0]).toBe("Error: Cannot find package '@somebody/zod' imported from DIR/below/part.js");
    expect(lines.at(-1)).toBe("To go on: add the package that it imports: pnpm add @somebody/zod");
  });

  it("was not built is told to build", async () => {
    const files = {
      "index.js": `require("./bin/index.js");`,
      "package.json": '{ "scripts": { "build": "tsc" } }',
    };
    expect((await report({ files })).at(-1)).toBe("To go on: build the program first: npm run build");
  });

  it("lacks a setting is told the file and the commands", async () => {
    const source = `const { Config } = require("@pulumi/pulumi");\nnew Config().require("color");`;
    expect((await report({ files: { "index.js": source } })).slice(-2)).toEqual([
      "  in index.js:2",
      "To go on: write shop:color under config: in Pulumi.dev.yaml (pulumi config set shop:color VALUE --stack dev; with --secret a plan uses a placeholder), or give it with --config shop:color=VALUE",
    ]);
  });

  it("asks the network is told which host, and what to do without", async () => {
    const source = `async function main() {
  const answer = await fetch("https://prices.example/today");
  return { answer: answer.status };
}
module.exports = main;`;
    expect(await report({ files: { "index.js": source } })).toEqual([
      "TypeError: fetch failed",
      "    at main (DIR/index.js:2:24)",
      "  because of Error: connect ENETUNREACH prices.example:443 (refused by twodoor: a plan has no network)",
      "  in index.js:2",
      "To go on: a plan has no network, so prices.example:443 cannot be asked: take the value from configuration or from a provider's data source (--answers FILE), or ask only if !pulumi.runtime.isDryRun()",
    ]);
  });

  it("ends itself is told the line", async () => {
    const source = `function leave() {\n  process.exit(0);\n}\nsetTimeout(leave, 1);\nmodule.exports = new Promise(() => undefined);`;
    expect(await report({ files: { "index.js": source } })).toEqual([
      "The program ended by itself with status 0, before it was complete: it called process.exit.",
      "  in index.js:2",
      "To go on: throw an error in place of process.exit at index.js:2, or let the program come to its end",
    ]);
  });

  it("waits in a circle is told which resources", async () => {
    const source = `const { CustomResource } = require("@pulumi/pulumi");
let keep;
const later = new Promise((resolve) => (keep = resolve));
class Disk extends CustomResource {
  constructor(name, props) {
    super("shop:index:Disk", name, props);
  }
}
new Disk("a", { other: later });
new Disk("b", { other: later }).urn.apply(keep);
new Disk("c", {});`;
    expect(await report({ files: { "index.js": source } })).toEqual([
      "The program waits for a promise that nobody keeps: nothing is left to run, and it is not complete. Not registered: a[shop:index:Disk], b[shop:index:Disk].",
      "To go on: look for a promise that is never resolved, and for resources that need each other's outputs",
    ]);
  });

  it("never ends its loop is told where it runs", async () => {
    const source = `export function count(): number {\n  let n = 0;\n  for (;;) n += Math.sqrt(n);\n}\nsetTimeout(count, 1);\n`;
    expect(await report({ files: { "index.ts": source }, options: { timeoutSeconds: 8 } })).toEqual([
      "The program did not end within 8 seconds and was stopped. It was running index.ts:3.",
      "  in index.ts:3",
      "To go on: mend index.ts:3, or give it longer: --timeout SECONDS",
    ]);
  });

  it("is complete and does not end is told what is open", async () => {
    const source = `const { createServer } = require("node:http");
const server = createServer().listen(0, "127.0.0.1");
const timer = setInterval(() => undefined, 60000);
clearInterval(setInterval(() => undefined, 60000));
setInterval(() => undefined, 60000).unref();`;
    expect(await report({ files: { "index.js": source }, options: { timeoutSeconds: 8 } })).toEqual([
      "The program did not end within 8 seconds and was stopped. Its resources are complete, but something keeps it from ending.",
      "  open: setInterval of index.js:3",
      "  open: server of index.js:2",
      "  in index.js:3",
      "To go on: close it (clearInterval, server.close()): pulumi waits for it too",
    ]);
  });

  it("does not compile is sent to the line", async () => {
    const lines = await report({ files: { "index.ts": `export const a = 1;\nconst b = = 2;\n` } });
    expect(lines.slice(-2)).toEqual(["  in index.ts:2", "To go on: correct index.ts:2"]);
  });

  it("takes CommonJS for an ES module is told the ways out", async () => {
    const lines = await report({ files: { "index.cjs": `import { readFileSync } from "node:fs";\n` } });
    expect(lines.slice(-2)).toEqual([
      "  in index.cjs:1",
      'To go on: index.cjs is an ES module: write "type": "module" into package.json, name it .mjs, or let tsconfig.json compile to CommonJS',
    ]);
  });

  it("takes an ES module for CommonJS is told the ways out", async () => {
    const files = { "index.js": `const fs = require("node:fs");\n`, "package.json": '{ "type": "module" }' };
    const lines = await report({ files });
    expect(lines.slice(-2)).toEqual([
      "  in index.js:1",
      'To go on: index.js is CommonJS in a package of ES modules: name it .cjs, leave "type": "module" out of package.json, or use import in place of require',
    ]);
  });

  it("runs out of memory is told how to give it more", async () => {
    const files = {
      "index.js": `const kept = [];\nfor (;;) kept.push(new Array(100_000).fill(kept.length));`,
      "Pulumi.yaml":
        "name: shop\nruntime:\n  name: nodejs\n  options:\n    nodeargs: --max-old-space-size=96\nmain: index.js\n",
    };
    const lines = await report({ files });
    expect(lines[0]).toBe("The program was ended by SIGABRT.");
    expect(lines[1]).toMatch(/^FATAL ERROR: .*JavaScript heap out of memory$/);
    expect(lines.slice(2)).toEqual([
      "To go on: give it more memory: runtime: { name: nodejs, options: { nodeargs: --max-old-space-size=8192 } } in Pulumi.yaml, or let it build less at once",
    ]);
  });

  it("throws in apply, with a secret, is shown without it", async () => {
    const source = `const { Config, secret } = require("@pulumi/pulumi");
const { Parameter } = require("@pulumi/aws/ssm");
new Parameter("login", { type: "SecureString", value: secret("swordfish-4711") }).value.apply((value) => {
  throw new Error("cannot log in with " + value);
});`;
    expect(await report({ files: { "index.js": source } })).toEqual([
      "Error: cannot log in with [secret]",
      "    at DIR/index.js:4:9",
      "  in index.js:4",
      mend("index.js:4"),
    ]);
  });

  it("runs a tool that is not there is told its name", async () => {
    const source = `require("node:child_process").execFileSync("kubectl-of-nobody", ["get"]);`;
    expect((await report({ files: { "index.js": source } })).at(-1)).toBe(
      "To go on: the program runs kubectl-of-nobody, which is not on PATH: install it, or run it only if !pulumi.runtime.isDryRun()",
    );
  });
});

describe("a program that wanted the network and went on", () => {
  it("is planned, and the hosts are told once, with their lines", async () => {
    const source = `const ask = () => fetch("http://first.example").catch(() => undefined);
module.exports = (async () => {
  await ask();
  await ask();
  await require("node:dns/promises").lookup("second.example").catch(() => undefined);
  return { done: true };
})();`;
    const directory = written({ files: { "index.js": source } });
    let said = "";
    const before = snapshot(directory);
    const { outputs } = await plan({ directory, onOutput: (text) => (said += text) });
    expect(snapshot(directory)).toEqual(before);
    expect(outputs).toEqual({ done: true });
    expect(said).toBe(
      "warning: the program wanted the network, which a plan does not have, and went on without:\n  first.example:80 in index.js:1\n  second.example in index.js:5\n",
    );
  });
});
