/**
 * Proves, by running a program, that a secret among the arguments of a data source's call, of a read, of a method and of a packaged component
 * comes out nowhere: not in the plan, not in the questions' file, not in what is printed, not in a strict plan's error. Does not prove it
 * for what a program derives from a secret (a hash), nor for texts of fewer than six characters outside of their wrappers.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportOf } from "../../cli/report-error";
import { saveQuestions, type Plan } from "../../planner";
import { named, planOf, rejection } from "../support/planned";

const directory = mkdtempSync(join(tmpdir(), "twodoor-secrets-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "[secret]" };
const options = {
  stack: "dev",
  config: { "secrets:key": "setting-hush" },
  answers: {
    "test:index/getGiven:getGiven": { password: { "fn::secret": "given-hush" } },
    "test:index/getMarked:getMarked": [{ args: { short: "hush-hush" }, result: {} }],
  },
};

describe("the secrets of a program", () => {
  let plan: Plan;
  const said: string[] = [];
  const files = [join(directory, "questions.yaml"), join(directory, "questions.json")];
  beforeAll(async () => {
    plan = await planOf("secrets", {
      ...options,
      onOutput: (text) => said.push(text),
      onWarning: (text) => said.push(text),
      onQuestions: (questions) => {
        for (const file of files) saveQuestions(file, questions);
      },
    });
  });

  it("are hidden in the arguments of every call, in their places", () => {
    expect(Object.fromEntries(plan.invokes.map(({ token, args }) => [token.split(/[/:]/).at(-1), args]))).toEqual({
      getSetting: { tags: { key: secret, open: "o" } },
      getPlain: { url: secret, open: "o" },
      getMarked: { tags: [{ values: ["open", secret] }], pin: secret, short: ["open", secret] },
      getWhole: { all: secret, open: "o" },
      getGiven: { open: "o" },
      getNext: { by: secret, open: "o" },
      getMoved: { at: secret, moved: secret, open: "o" },
      StackReference: { id: "organization/network/prod", name: "organization/network/prod" },
      Thing: { id: secret, state: secret, open: "o" },
      method: { login: secret, pin: secret, open: "o" },
    });
  });

  it("are hidden in inputs and options", () => {
    expect(named(plan, "read").inputs).toEqual({ state: secret, open: "o" });
    expect(named(plan, "read").options.id).toBe("[secret]");
    expect(named(plan, "made").options.import).toBe("import-of-[secret]");
    expect(named(plan, "of-[secret]")).toMatchObject({
      urn: "urn:pulumi:dev::secrets::test:index:Thing::of-[secret]",
      inputs: { "[secret]": "o", open: "o" },
      options: { aliases: ["urn:pulumi:dev::secrets::test:index:Thing::[secret]"], ignoreChanges: ["tags.[secret]"] },
    });
    expect(named(plan, "remote").inputs).toEqual({ login: secret, pin: secret, open: "o" });
  });

  it("are left out of the questions, which say so", () => {
    const [yaml = "", json = ""] = files.map((file) => readFileSync(file, "utf8"));
    expect(yaml).toContain(`test:index/getMarked:getMarked:
  # Nobody answers this. Its pin, short, tags are secret and left out: the answer is for whatever they are.
  - args: {}`);
    expect(yaml).toContain(`test:index/getNext:getNext:
  # Nobody answers this. Its by is secret and left out: the answer is for whatever it is.
  - args:
      open: o`);
    expect(Object.keys(JSON.parse(json) as object)).toHaveLength(9);
    // Names of outputs are the program's own.
    expect(yaml).toContain(`        out-[secret]: "? output"`);
    expect(yaml + json).not.toMatch(/hush|abc|: [789]\b/);
  });

  it("are in no text", async () => {
    expect(JSON.stringify(plan)).not.toMatch(/hush/);
    expect(said).toEqual([
      'The answer for test:index/getMarked:getMarked with the args {"short":"[secret]"} was not asked for: the program asks with {"pin":"[secret]","short":["open","[secret]"],"tags":[{"values":["open","[secret]"]}]}.',
      "printed [secret] and [secret]\n",
    ]);
    const error = await rejection(planOf("secrets", { ...options, strict: true }));
    expect(String(error)).toContain("9 data sources have no answer");
    expect(String(error)).not.toMatch(/hush/);
  });

  it("are in no report of a mistake of ours", async () => {
    const mistake = (): never => {
      throw new TypeError("no text: setting-hush");
    };
    const { text, exitCode } = reportOf(await rejection(planOf("secrets", { ...options, onQuestions: mistake })));
    expect(exitCode).toBe(4);
    expect(text).toContain("TypeError: no text: [secret]\n    at Object.mistake");
    expect(text).not.toMatch(/hush/);
  });
});
