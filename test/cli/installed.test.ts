/**
 * Proves what the command says to somebody who installed it: how to start it again, which SDK it needs beside it, what it says of files that cannot be
 * written, and next steps that can be typed. Does not prove the packed package (`test/package.test.ts`).
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ownCommand } from "../../cli/own-command";
import { oldestSdk, requireOwnSdk } from "../../cli/own-sdk";
import { shellText } from "../../cli/shell-text";
import { UnansweredError } from "../../planner/answers/unanswered-error";
import { requireFreeNames } from "../../planner/project/environment-variables";
import { unknownValue } from "../../planner";
import { planOf } from "../support/planned";
import { ROOT, textOf } from "../support/sources";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-installed-")));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A place in which the SDK has this version, or in which there is none. */
function beside(version: string | undefined): string {
  const place = join(directory, `sdk-${version ?? "none"}`);
  const sdk = join(place, "node_modules", "@pulumi", "pulumi");
  mkdirSync(version === undefined ? place : sdk, { recursive: true });
  if (version !== undefined) writeFileSync(join(sdk, "package.json"), JSON.stringify({ version }));
  return join(place, "main.js");
}

describe("the SDK beside the command", () => {
  it("is what the peer range asks for", () => {
    const { peerDependencies } = JSON.parse(textOf("package.json")) as { peerDependencies: Record<string, string> };
    expect(peerDependencies["@pulumi/pulumi"]).toBe(`^${oldestSdk}`);
  });

  it.each(["3.248.0", "3.248.1", "3.259.0-alpha.1", "3.1000.0", "4.0.0"])("may be %s", (version) => {
    expect(() => {
      requireOwnSdk(beside(version));
    }).not.toThrow();
  });

  it.each(["3.247.9", "3.139.0", "2.999.999", undefined])("is refused when it is %s, with a way out", (version) => {
    expect(() => {
      requireOwnSdk(beside(version));
    }).toThrow(
      `The program cannot be planned: 1 problem
  @pulumi/pulumi   expected 3.248.0 or newer beside twodoor, got ${version ?? "none"}; give twodoor a directory of its own, and run it from there; the program keeps its own version: npm install --prefix ../twodoor-tool twodoor && ../twodoor-tool/node_modules/.bin/twodoor`,
    );
  });
});

describe("how to start the command again", () => {
  it.each([
    ["/code/twodoor/cli/main.ts", "npm run twodoor --"],
    ["/code/shop/node_modules/.bin/twodoor", "npx twodoor"],
    ["/code/node_modules/.bin/twodoor", "npx twodoor"],
    ["/code/tool/node_modules/.bin/twodoor", "../tool/node_modules/.bin/twodoor"],
    ["/code/a tool/node_modules/.bin/twodoor", "'../a tool/node_modules/.bin/twodoor'"],
    ["/home/me/.npm/_npx/0123abcd/node_modules/.bin/twodoor", "npx twodoor"],
    ["/usr/local/bin/twodoor", "npx twodoor"],
    ["/code/shop/node_modules/.pnpm/twodoor@0.1.0/node_modules/twodoor/dist/cli/main.js", "npx twodoor"],
  ])("%s", (script, command) => {
    expect(ownCommand(script, "/code/shop")).toBe(command);
  });

  it("has quotes where a shell needs them", () => {
    expect(["../shop-1/a_b", "my shop", "it's", "$HOME", ""].map(shellText)).toEqual([
      "../shop-1/a_b",
      "'my shop'",
      `'it'\\''s'`,
      "'$HOME'",
      "''",
    ]);
  });
});

describe("twodoor plan in a directory with a blank", () => {
  const repository = join(directory, "repository");
  const program = join(repository, "my shop");
  mkdirSync(program, { recursive: true });
  cpSync(join(ROOT, "test/planner/programs/asks"), program, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(repository, "node_modules"));
  writeFileSync(join(repository, "an swers.json"), "{}");
  writeFileSync(join(program, "package.json"), "{}");
  const twodoor = (...args: string[]) => {
    const command = ["--import", join(ROOT, "node_modules/tsx/dist/loader.mjs"), join(ROOT, "cli/main.ts"), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: repository, encoding: "utf8" });
    return { status, stdout, stderr };
  };

  it("ends with steps that can be typed, with the same answers and without values that were given by hand", () => {
    const given = ["--answers", "an swers.json", "--config", "asks:token=hush-hush", "--env", "KEY=hush-hush"];
    const { status, stdout } = twodoor("plan", "my shop", ...given);
    expect(status).toBe(0);
    expect(stdout.slice(stdout.indexOf("Next\n"))).toBe(`Next
  npm run twodoor -- plan 'my shop' --stack dev --answers 'an swers.json' --json
      every resource with every input, and the line of the program that makes it (with the same --config and --env)
  npm run twodoor -- check 'my shop' --stack dev --answers 'an swers.json'
      whether one outage would stop it, which one, and what to change (with the same --config and --env)
  npm run twodoor -- twin -- pulumi -C 'my shop' up --stack dev
      a real pulumi creates it, on this machine and in no cloud
  pulumi -C 'my shop' up --stack dev
      makes it real: with your credentials of these clouds
`);
  });

  it("is judged with a note of what nobody answered, beside the report", () => {
    const { status, stdout, stderr } = twodoor("check", "my shop", "--config", "asks:mode=requires", "--json");
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `note: nobody answers 1 data source of the program: pulumi:pulumi:StackReference.
  What comes from there counts as not known. --save-questions FILE writes what to fill in, --answers FILE takes it.
`,
    });
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, verdict: "pass" });
  });

  it("is 2, and no mistake of ours, when the graph cannot be written", () => {
    const graph = join(directory, "nowhere", "plan.json");
    expect(twodoor("plan", "my shop", "--graph", graph)).toEqual({
      status: 2,
      stdout: "",
      stderr: `The plan cannot be kept: 1 problem
  --graph ${graph}   expected a file that can be written, got ENOENT; name one in a directory that exists
`,
    });
    expect(existsSync(graph)).toBe(false);
  });
});

describe("environment variables given by hand", () => {
  it("may have any name of the program's own", () => {
    expect(() => {
      requireFreeNames({ AWS_REGION: "", pulumi_stack: "a", PULUMI_BACKEND: "b", _x: "c" });
    }).not.toThrow();
  });

  it("are refused, all at once and without their values, where the program is started with them", async () => {
    const names = ["NODE_OPTIONS", "PATH", "PULUMI_CONFIG", "PULUMI_NODEJS_TYPESCRIPT", "TWODOOR_RUN"];
    const rule =
      "expected a variable of the program's own, got one that starts it; leave it out: paths are your own, and settings of the stack are given with --config KEY=VALUE";
    const given = Object.fromEntries([...names, "A-B"].map((name) => [name, "hush-hush"]));
    const refused = planOf("asks", { environmentVariables: given });
    await expect(refused).rejects.toThrow(
      [
        "The program cannot be planned: 6 problems",
        "  --env A-B   expected letters, digits and underscores, got other characters; write --env NAME=VALUE",
        ...names.map((name) => `  --env ${name}   ${rule}`),
      ].join("\n"),
    );
  });
});

it("shows an unknown argument of a data source as a person reads it", () => {
  const call = {
    token: "aws:ec2/getSubnets:getSubnets",
    args: { ids: [unknownValue] },
    provider: null,
    location: null,
  };
  expect(new UnansweredError([call]).message).toContain('  aws:ec2/getSubnets:getSubnets {"ids":["(unknown)"]}\n');
});
