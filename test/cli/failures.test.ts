/**
 * Proves, with the command as a process, that a program's own output never mixes with a result, that a failure leaves standard output empty and
 * standard error exact, and that a person who stops the command gets an answer. Does not prove the texts of each kind of failure: those are
 * in `test/planner/failure-reports.test.ts`.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const root = join(__dirname, "..", "..");
const directory = realpathSync(mkdtempSync(join(tmpdir(), "twodoor-cli-failures-")));
mkdirSync(join(directory, ".git"));
symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
writeFileSync(join(directory, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: index.js\n");
writeFileSync(join(directory, "package.json"), "{}");
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

function start(source: string, ...args: string[]): { child: ChildProcess; ended: Promise<Run> } {
  writeFileSync(join(directory, "index.js"), source);
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", "plan", directory, ...args], { cwd: root });
  children.push(child);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
  const ended = new Promise<Run>((resolve) => {
    child.once("close", (status) => {
      resolve({ status, ...said });
    });
  });
  return { child, ended };
}

it("prints JSON alone, whatever the program and its children print", async () => {
  const source = `console.log("{ not the plan }");
process.stdout.write("no line end");
require("node:fs").writeSync(1, "\\nstraight to the descriptor\\n");
require("node:child_process").spawnSync("echo", ["a child"], { stdio: "inherit" });
console.error("on the other one");
module.exports = fetch("http://rates.example/").then(undefined, () => ({ rate: 1 }));`;
  const { status, stdout, stderr } = await start(source, "--json").ended;
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, project: "shop", outputs: { rate: 1 } });
  // What comes by two descriptors has no order between them.
  expect(stderr.split("\n").sort()).toEqual([
    "",
    "  rates.example:80 in index.js:6",
    "a child",
    "no line end",
    "on the other one",
    "straight to the descriptor",
    "warning: the program wanted the network, which a plan does not have, and went on without:",
    "{ not the plan }",
  ]);
});

it("prints nothing but why and how to go on when the program fails, also as JSON", async () => {
  const source = `console.log("before");\nthrow new TypeError("the door is shut");`;
  expect(await start(source, "--json").ended).toEqual({
    status: 3,
    stdout: "",
    stderr: `The program could not be planned.
TypeError: the door is shut
    at Object.<anonymous> (${directory}/index.js:2:7)
  in index.js:2
To go on: mend index.js:2; a preview by pulumi ends in the same way
`,
  });
});

it.each(["SIGINT", "SIGTERM"] as const)("answers a person who stops it by %s", async (signal) => {
  const file = join(directory, `started-${signal}`);
  const { child, ended } = start(`require("node:fs").writeFileSync(${JSON.stringify(file)}, ""); for (;;);`);
  await expect.poll(() => existsSync(file), { timeout: 50_000 }).toBe(true);
  child.kill(signal);
  expect(await ended).toEqual({
    status: 3,
    stdout: "",
    stderr: "The program could not be planned.\nThe program was stopped.\nTo go on: run it again\n",
  });
});
